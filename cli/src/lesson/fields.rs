//! Fields, one per line: a name, a colon and a value. An indented line continues the value; a blank
//! line between them starts a new paragraph.

use std::collections::HashSet;

use super::problems::{Problems, short};

/// Blanks that are not part of a value.
pub(crate) const BLANKS: [char; 2] = [' ', '\t'];

/// Most digits on each side of a decimal point.
const MOST_DIGITS: usize = 12;

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) line: usize,
}

/// Reads fields; `first` is the number of the first line.
pub(crate) fn read<'a>(
    lines: impl IntoIterator<Item = &'a str>,
    first: usize,
    problems: &mut Problems,
) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let mut is_after_blank = false;
    for (line, number) in lines.into_iter().zip(first..) {
        let rest = line.trim_matches(BLANKS);
        if let Some((name, value)) = split(line) {
            fields.push(Field {
                name: name.to_owned(),
                value: value.trim_matches(BLANKS).to_owned(),
                line: number,
            });
        } else if let Some(last) = fields
            .last_mut()
            .filter(|_| !rest.is_empty() && line.starts_with(BLANKS))
        {
            if !last.value.is_empty() {
                last.value.push(if is_after_blank { '\n' } else { ' ' });
            }
            last.value.push_str(rest);
        } else if !rest.is_empty() {
            problems.report(number, "expected a field: a name, a colon and a value");
        }
        is_after_blank = rest.is_empty();
    }
    fields
}

/// Name and value of a line.
fn split(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name = name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_name.then_some((name, value))
}

/// A number in plain digits.
pub(crate) fn number_of(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |text: &str| {
        (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    (is_digits(whole) && is_digits(part)).then(|| text.parse().ok())?
}

/// The text of a field; `None` where it is empty or too long, which is reported.
pub(crate) fn checked_text<'a>(field: &'a Field, most: usize, problems: &mut Problems) -> Option<&'a str> {
    let Field { name, value, line } = field;
    if value.is_empty() {
        problems.report(*line, format!("the field {name} has no value"));
        return None;
    }
    if value.chars().count() > most {
        problems.report(
            *line,
            format!("the value of {name} is longer than {most} characters"),
        );
        return None;
    }
    Some(value)
}

/// The fields of one block, which starts at a line.
pub(crate) struct Fields<'a> {
    pub(crate) fields: &'a [Field],
    pub(crate) start: usize,
}

impl<'a> Fields<'a> {
    /// Reports unknown and duplicate fields.
    pub(crate) fn limit(&self, is_known: impl Fn(&str) -> bool, repeated: &[&str], problems: &mut Problems) {
        let mut seen = HashSet::new();
        for Field { name, line, .. } in self.fields {
            if !is_known(name) {
                problems.report(*line, format!("there is no field {} here", short(name)));
            } else if !seen.insert(name) && !repeated.contains(&name.as_str()) {
                problems.report(*line, format!("the field {name} occurs twice"));
            }
        }
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a Field> {
        self.fields.iter().filter(move |field| field.name == name)
    }

    pub(crate) fn first(&self, name: &str) -> Option<&'a Field> {
        self.all(name).next()
    }

    /// The first line with a field, or that of the block.
    pub(crate) fn line_of(&self, name: &str) -> usize {
        self.first(name).map_or(self.start, |field| field.line)
    }

    /// The text of an optional field.
    pub(crate) fn text(&self, name: &str, most: usize, problems: &mut Problems) -> Option<&'a str> {
        checked_text(self.first(name)?, most, problems)
    }

    /// The text of a required field.
    pub(crate) fn needed(&self, name: &str, most: usize, problems: &mut Problems) -> Option<&'a str> {
        if self.first(name).is_none() {
            problems.report(self.start, format!("the field {name} is missing"));
        }
        self.text(name, most, problems)
    }

    /// A number in a range, both ends included.
    pub(crate) fn number(&self, name: &str, range: Range, problems: &mut Problems) -> Option<f64> {
        range.check(self.first(name)?, problems)
    }

    pub(crate) fn word(&self, name: &str, words: &[&str], problems: &mut Problems) -> Option<&'a str> {
        let value = self.needed(name, 40, problems)?;
        if words.contains(&value) {
            return Some(value);
        }
        word_problem(name, words, self.line_of(name), problems);
        None
    }
}

/// Numbers from `low` to `high`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) is_whole: bool,
}

impl Range {
    pub(crate) const fn new(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            is_whole: false,
        }
    }

    pub(crate) fn check(self, Field { name, value, line }: &Field, problems: &mut Problems) -> Option<f64> {
        let Self { low, high, is_whole } = self;
        let fits = |number: &f64| (low..=high).contains(number) && !(is_whole && number.fract() != 0.0);
        let number = number_of(value).filter(fits);
        if number.is_none() {
            let kind = if is_whole { "whole number" } else { "number" };
            problems.report(
                *line,
                format!("the value of {name} is not a {kind} from {low} to {high}"),
            );
        }
        number
    }
}

/// Reports a value that is not one of some words.
pub(crate) fn word_problem(name: &str, words: &[&str], line: usize, problems: &mut Problems) {
    let words = words.join(", ");
    problems.report(line, format!("the value of {name} is not one of {words}"));
}
