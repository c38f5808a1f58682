//! Blocks that are questions.

use super::{
    fields::{Field, Fields, Range, checked_text},
    measures::{self, Gives},
    problems::Problems,
};

const COMMON: [&str; 5] = ["kind", "ask", "answer", "because", "show"];
const KINDS: [&str; 3] = ["choice", "number", "point"];
const LONGEST: usize = 2000;
const LARGEST: f64 = 1_000_000.0;
const MOST_SHOWN: usize = 8;

/// Fields of each kind, beside those of all kinds.
fn own(kind: &str) -> &'static [&'static str] {
    match kind {
        "choice" => &["choice"],
        "number" => &["low", "high", "step", "unit", "within"],
        _ => &["extent", "within"],
    }
}

/// Checks a question; true if it can be asked.
pub(crate) fn check(fields: &Fields<'_>, problems: &mut Problems) -> bool {
    let before = problems.len();
    let is_known = |name: &str| COMMON.contains(&name) || KINDS.iter().any(|kind| own(kind).contains(&name));
    fields.limit(is_known, &["choice", "show"], problems);
    let kind = fields.word("kind", &KINDS, problems);
    check_common(fields, problems);
    let answer = fields.needed("answer", LONGEST, problems);
    let Some(kind) = kind else { return false };
    for Field { name, line, .. } in fields.fields {
        let name = name.as_str();
        if is_known(name) && !COMMON.contains(&name) && !own(kind).contains(&name) {
            problems.report(
                *line,
                format!("the field {name} is not for questions of the kind {kind}"),
            );
        }
    }
    match kind {
        "choice" => check_choices(fields, answer, problems),
        "number" => check_number(fields, answer, problems),
        _ => check_point(fields, answer, problems),
    }
    problems.len() == before
}

fn check_common(fields: &Fields<'_>, problems: &mut Problems) {
    fields.needed("ask", LONGEST, problems);
    fields.text("because", LONGEST, problems);
    if let Some(field) = fields.all("show").nth(MOST_SHOWN) {
        problems.report(
            field.line,
            format!("a lesson has at most {MOST_SHOWN} blocks of the kind show"),
        );
    }
    for field in fields.all("show") {
        let shown = checked_text(field, LONGEST, problems).map(|text| measures::check_spot(text, ""));
        if let Some(Err(problem)) = shown {
            problems.report(field.line, problem);
        }
    }
}

fn check_choices(fields: &Fields<'_>, answer: Option<&str>, problems: &mut Problems) {
    let is_order = matches!(answer, Some("greatest" | "smallest"));
    if !(2..=8).contains(&fields.all("choice").count()) {
        problems.report(fields.start, "a question has 2 to 8 choices");
    }
    for field in fields.all("choice") {
        check_choice(field, is_order, problems);
    }
    if let Some(answer) = answer.filter(|_| !is_order) {
        check_answer(fields, answer, "choice", Gives::Class, problems);
    }
}

/// A choice: its text and, after an equals sign, its measure or the digit of its class.
fn check_choice(field: &Field, is_measured: bool, problems: &mut Problems) {
    let Some(text) = checked_text(field, LONGEST, problems) else {
        return;
    };
    let (shown, value) = text.rsplit_once(" = ").unwrap_or((text, ""));
    let value = value.trim_matches(super::fields::BLANKS);
    let shown = shown.trim_matches(super::fields::BLANKS);
    if !is_measured {
        let digit = if value.is_empty() { shown } else { value };
        if digit.len() != 1 || !digit.bytes().all(|byte| byte.is_ascii_digit()) {
            problems.report(field.line, "the choice stands for no class: a digit is missing");
        }
    } else if value.is_empty() {
        problems.report(field.line, "the choice has no measure after an equals sign");
    } else {
        check_measures(value, Gives::Number, "choice", field.line, problems);
    }
}

fn check_number(fields: &Fields<'_>, answer: Option<&str>, problems: &mut Problems) {
    for name in ["low", "high"] {
        if fields.first(name).is_none() {
            problems.report(fields.start, format!("the field {name} is missing"));
        }
    }
    let all = Range::new(-LARGEST, LARGEST);
    let low = fields.number("low", all, problems).unwrap_or(0.0);
    let high = fields.number("high", all, problems).unwrap_or(LARGEST);
    if low >= high {
        problems.report(fields.line_of("low"), "low is not less than high");
    }
    fields.number("step", Range::new(0.000_001, LARGEST), problems);
    fields.number("within", Range::new(0.0, LARGEST), problems);
    fields.text("unit", 40, problems);
    if let Some(answer) = answer {
        check_answer(fields, answer, "number", Gives::Number, problems);
    }
}

fn check_point(fields: &Fields<'_>, answer: Option<&str>, problems: &mut Problems) {
    fields.number("extent", Range::new(0.5, 10.0), problems);
    fields.number("within", Range::new(0.0, 10.0), problems);
    if let Some(answer) = answer {
        check_answer(fields, answer, "point", Gives::Point, problems);
    }
}

fn check_answer(fields: &Fields<'_>, answer: &str, kind: &str, wanted: Gives, problems: &mut Problems) {
    check_measures(answer, wanted, kind, fields.line_of("answer"), problems);
}

fn check_measures(text: &str, wanted: Gives, kind: &str, line: usize, problems: &mut Problems) {
    let read = measures::read(text, &mut |problem| problems.report(line, problem));
    let Some(read) = read else { return };
    let wrong = read
        .iter()
        .find(|(_, gives)| *gives != wanted)
        .map(|(name, _)| *name)
        .or_else(|| (read.len() > 1 && wanted != Gives::Number).then_some("/"));
    if let Some(name) = wrong {
        problems.report(
            line,
            format!("a question of the kind {kind} cannot have the answer {name}"),
        );
    }
}
