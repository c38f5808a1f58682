//! Blocks that are figures: attributes of `<latent-lab>`.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::{
    fields::{Field, Fields, Range, checked_text, number_of, word_problem},
    measures,
    problems::{Problems, short},
    rules,
};

/// Attributes that a lesson can set. A test of the page compares the file with the element's own attributes.
static ATTRIBUTES: LazyLock<BTreeMap<String, Kind>> =
    LazyLock::new(|| serde_json::from_str(include_str!("attributes.json")).expect("our own file is valid"));

/// Values of an attribute.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Kind {
    Words(Vec<String>),
    #[serde(rename_all = "camelCase")]
    Number {
        low: f64,
        high: f64,
        is_whole: bool,
    },
    /// Indices of stored pictures.
    Pictures {
        least: usize,
        most: usize,
    },
    Form(Form),
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Form {
    Flag,
    Stored,
    Codes,
    Classes,
    Controls,
    Day,
    Letters,
    Network,
    Text,
}

const LONGEST: usize = 2000;
const LONGEST_CODE: usize = 20_000;
const MOST_NUMBERS: usize = 1024;
const MOST_NAMES: usize = 120;
const LONGEST_NAME: usize = 40;

/// Checks a figure; returns addresses of its networks with their lines.
pub(crate) fn check(fields: &Fields<'_>, problems: &mut Problems) -> Vec<(usize, String)> {
    let is_known = |name: &str| ATTRIBUTES.contains_key(name) || name == "caption";
    fields.limit(is_known, &[], problems);
    fields.needed("figure", LONGEST, problems);
    fields.text("caption", LONGEST, problems);
    let given = ATTRIBUTES
        .iter()
        .filter_map(|(name, kind)| Some((fields.first(name)?, kind)));
    let mut files = Vec::new();
    for (field, kind) in given {
        if field.value.is_empty() {
            problems.report(field.line, format!("the field {} has no value", field.name));
        } else {
            check_attribute(field, kind, problems);
            if matches!(kind, Kind::Form(Form::Network))
                && !is_name(&field.value)
                && rules::is_local(&field.value)
            {
                files.push((field.line, field.value.clone()));
            }
        }
    }
    files
}

fn check_attribute(field: &Field, kind: &Kind, problems: &mut Problems) {
    let Field { name, value, line } = field;
    let mut among = |words: &[&str]| {
        if !words.contains(&value.as_str()) {
            word_problem(name, words, *line, problems);
        }
    };
    match kind {
        Kind::Words(words) => among(&words.iter().map(String::as_str).collect::<Vec<_>>()),
        Kind::Form(Form::Flag) => among(&["yes", "no"]),
        &Kind::Number { low, high, is_whole } => {
            Range { low, high, is_whole }.check(field, problems);
        }
        Kind::Form(Form::Network) => check_network(field, problems),
        &Kind::Pictures { least, most } => {
            let text = checked_text(field, LONGEST, problems);
            check_valid(
                field,
                text.is_none_or(|text| is_pictures(text, least, most)),
                problems,
            );
        }
        &Kind::Form(form) => check_form(field, form, problems),
    }
}

fn check_network(Field { value, line, .. }: &Field, problems: &mut Problems) {
    let text = short(value);
    if is_name(value) {
        if !measures::is_shipped(value) {
            problems.report(*line, format!("there is no network {text}"));
        }
    } else if !rules::is_local(value) {
        problems.report(
            *line,
            format!("a network must be a shipped one or a file on this site, not {text}"),
        );
    }
}

/// True for a name, false for an address.
fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.bytes().next().is_some_and(is_letter) && text.bytes().all(|byte| is_letter(byte) || byte == b'-')
}

fn check_form(field: &Field, form: Form, problems: &mut Problems) {
    let most = if form == Form::Codes {
        LONGEST_CODE
    } else {
        LONGEST
    };
    let Some(text) = checked_text(field, most, problems) else {
        return;
    };
    let is_valid = match form {
        Form::Stored => measures::is_stored(text),
        Form::Codes => is_codes(text),
        Form::Classes => {
            text == "none" || (text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit()))
        }
        Form::Controls => is_controls(text),
        Form::Day => is_day(text),
        Form::Letters => text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase()),
        Form::Flag | Form::Network | Form::Text => true,
    };
    check_valid(field, is_valid, problems);
}

fn check_valid(field: &Field, is_valid: bool, problems: &mut Problems) {
    if !is_valid {
        problems.report(
            field.line,
            format!("{} is not a value of {}", short(&field.value), field.name),
        );
    }
}

/// Indices of stored pictures with commas or blanks between them, or `none`.
fn is_pictures(text: &str, least: usize, most: usize) -> bool {
    let words: Vec<&str> = if text == "none" {
        Vec::new()
    } else {
        text.split([' ', ',']).filter(|word| !word.is_empty()).collect()
    };
    let is_index = |word: &&str| word.len() <= 5 && word.bytes().all(|byte| byte.is_ascii_digit());
    (least..=most).contains(&words.len())
        && words.iter().all(is_index)
        && !text.starts_with(',')
        && !text.ends_with(',')
}

/// One or two codes with a semicolon between them.
fn is_codes(text: &str) -> bool {
    let is_code = |part: &str| {
        let mut numbers = part
            .split([' ', '\t', '\n', ','])
            .filter(|number| !number.is_empty());
        numbers.clone().count() <= MOST_NUMBERS && numbers.all(|number| number_of(number).is_some())
    };
    text.split(';').count() <= 2 && text.split(';').all(is_code)
}

/// A date of the calendar, as in 2026-11-29.
fn is_day(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    if parts.iter().map(|part| part.len()).ne([4, 2, 2]) || !parts.iter().all(|part| digits(part)) {
        return false;
    }
    let numbers: Vec<usize> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let &[year, month, day] = numbers.as_slice() else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + usize::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Names of controls, or `all`, or `none`.
fn is_controls(text: &str) -> bool {
    let names: Vec<&str> = text.split([' ', ',']).filter(|name| !name.is_empty()).collect();
    let is_name = |name: &&str| {
        name.len() <= LONGEST_NAME
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    (1..=MOST_NAMES).contains(&names.len()) && names.iter().all(is_name)
}
