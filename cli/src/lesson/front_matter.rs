//! The fields at the start of a lesson.

use super::{
    fields::{self, BLANKS, Fields, Range},
    problems::{Problems, short},
};

const NAMES: [&str; 7] = [
    "title", "lang", "minutes", "summary", "audience", "author", "license",
];

/// Reads them; returns the title and how many lines they take.
pub(crate) fn read(lines: &[&str], problems: &mut Problems) -> (String, usize) {
    if !is_mark(lines[0]) {
        problems.report(
            1,
            "a lesson begins with a line of ---, its fields, and another line of ---",
        );
        return (String::new(), 0);
    }
    let Some(end) = (1..lines.len()).find(|&line| is_mark(lines[line])) else {
        problems.report(1, "the fields have no end: a line of --- is missing");
        return (String::new(), lines.len());
    };
    let read = fields::read(lines[1..end].iter().copied(), 2, problems);
    let fields = Fields {
        fields: &read,
        start: 1,
    };
    (check(&fields, problems), end + 1)
}

/// Checks the fields; returns the title.
fn check(fields: &Fields<'_>, problems: &mut Problems) -> String {
    fields.limit(|name| NAMES.contains(&name), &[], problems);
    let title = fields.needed("title", 120, problems).unwrap_or_default();
    if let Some(lang) = fields
        .text("lang", 40, problems)
        .filter(|lang| !is_language(lang))
    {
        let text = format!("{} is not a language, such as en or de", short(lang));
        problems.report(fields.line_of("lang"), text);
    }
    let minutes = Range {
        low: 1.0,
        high: 600.0,
        is_whole: true,
    };
    fields.number("minutes", minutes, problems);
    fields.text("summary", 400, problems);
    for name in ["audience", "author", "license"] {
        fields.text(name, 200, problems);
    }
    title.to_owned()
}

fn is_mark(line: &str) -> bool {
    line.trim_end_matches(BLANKS) == "---"
}

/// True for `de` or `pt-BR`: two or three letters, and up to three further parts.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let is_first = (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let more: Vec<_> = parts.collect();
    let is_part =
        |part: &&str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_first && more.len() <= 3 && more.iter().all(is_part)
}
