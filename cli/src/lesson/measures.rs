//! Measures that a question can ask of a network, as in `distance digits 3:2 8:4`: a measure, a shipped network and the pictures
//! that it is about. A slash between two measures means their ratio.

use super::{fields::number_of, problems::short};

/// The kind of a measure's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    Number,
    Class,
    Point,
}

/// The measures: name, number of pictures, and kind of result.
const MEASURES: [(&str, usize, Gives); 9] = [
    ("brightness", 1, Gives::Number),
    ("detail", 1, Gives::Number),
    ("norm", 1, Gives::Number),
    ("distance", 2, Gives::Number),
    ("difference", 2, Gives::Number),
    ("redraw", 1, Gives::Number),
    ("used", 0, Gives::Number),
    ("class", 1, Gives::Class),
    ("place", 1, Gives::Point),
];

/// A shipped network.
struct Network {
    name: &'static str,
    latent: usize,
    is_labeled: bool,
}

const fn network(name: &'static str, latent: usize, is_labeled: bool) -> Network {
    Network {
        name,
        latent,
        is_labeled,
    }
}

const NETWORKS: [Network; 7] = [
    network("cats", 128, false),
    network("cats-blurred", 128, false),
    network("digits", 16, true),
    network("digits-plain", 16, true),
    network("emoji", 64, false),
    network("fashion", 16, false),
    network("map", 2, true),
];

/// True for the name of a shipped network.
pub(crate) fn is_shipped(name: &str) -> bool {
    find(name).is_ok()
}

fn find(name: &str) -> Result<&'static Network, String> {
    let found = NETWORKS.iter().find(|network| network.name == name);
    found.ok_or_else(|| format!("there is no network {}", short(name)))
}

/// Reads one measure, or two with a slash between them: their names and kinds of results. All problems are refused.
pub(crate) fn read(text: &str, refuse: &mut impl FnMut(String)) -> Option<Vec<(&'static str, Gives)>> {
    let words: Vec<&str> = text
        .split([' ', '\t', '\n'])
        .filter(|word| !word.is_empty())
        .collect();
    let parts: Vec<&[&str]> = words.splitn(2, |&word| word == "/").collect();
    let read: Vec<_> = parts.into_iter().map(|part| read_one(part, refuse)).collect();
    read.into_iter().collect()
}

fn read_one(words: &[&str], refuse: &mut impl FnMut(String)) -> Option<(&'static str, Gives)> {
    match named(words) {
        Ok((measure, network)) => {
            let spots = words[2..].iter().map(|word| check_spot(word, network.name));
            let problems: Vec<String> = spots.filter_map(Result::err).collect();
            let is_valid = problems.is_empty();
            problems.into_iter().for_each(refuse);
            is_valid.then_some(measure)
        }
        Err(problem) => {
            refuse(problem);
            None
        }
    }
}

/// Measure and network of its first words.
fn named(words: &[&str]) -> Result<((&'static str, Gives), &'static Network), String> {
    let name = words.first().copied().unwrap_or_default();
    let found = MEASURES.iter().find(|(known, ..)| *known == name);
    let &(name, count, gives) = found.ok_or_else(|| format!("there is no measure named {}", short(name)))?;
    if words.len() != count + 2 {
        return Err(format!("{name} needs a network followed by pictures: {count}"));
    }
    let network = find(words[1])?;
    let (model, latent) = (network.name, network.latent);
    match gives {
        Gives::Class if !network.is_labeled => {
            Err(format!("the network {model} has no labels, so there is no class"))
        }
        Gives::Point if latent != 2 => Err(format!(
            "the network {model} has no plane: its codes are {latent} numbers"
        )),
        _ => Ok(((name, gives), network)),
    }
}

/// Checks a picture: `3:2`, `3:2-8:4@0.5`, `(0.5,-1)` or `random:7`, after the name of a network and a slash if it is not `home`.
pub(crate) fn check_spot(text: &str, home: &str) -> Result<(), String> {
    let (model, place) = text.split_once('/').unwrap_or((home, text));
    if model.is_empty() {
        let text = short(text);
        return Err(format!(
            "{text} needs the name of its network and a slash before the picture, as in digits/3:2"
        ));
    }
    let network = find(model)?;
    let Some(count) = numbers_of(place, network.latent) else {
        let text = short(text);
        return Err(format!(
            "{text} is not a picture, such as 3:2, 3:2-8:4@0.5, (0.5,-1) or random:7"
        ));
    };
    let latent = network.latent;
    if count == latent {
        Ok(())
    } else {
        Err(format!(
            "the network {model} has codes of {latent} numbers, not {count}"
        ))
    }
}

/// The number of values in a picture's code, which is `latent` if they are not written out; `None` if it is not a picture.
fn numbers_of(text: &str, latent: usize) -> Option<usize> {
    if is_stored(text) || is_path(text) {
        return Some(latent);
    }
    if let Some(numbers) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let numbers: Option<Vec<f64>> = numbers.split(',').map(number_of).collect();
        return numbers.map(|numbers| numbers.len());
    }
    let seed = text.strip_prefix("random:")?;
    let is_seed = (1..=10).contains(&seed.len()) && seed.bytes().all(|byte| byte.is_ascii_digit());
    (is_seed && seed.parse::<u32>().is_ok()).then_some(latent)
}

fn is_path(text: &str) -> bool {
    let parts = || {
        let (ends, t) = text.split_once('@')?;
        let (from, to) = ends.split_once('-')?;
        Some((from, to, number_of(t)?))
    };
    parts().is_some_and(|(from, to, t)| is_stored(from) && is_stored(to) && !text.contains("@-") && t <= 1.0)
}

/// True for `7`, the first stored 7, or `7:4`, the fifth.
pub(crate) fn is_stored(text: &str) -> bool {
    let (digit, nth) = text.split_once(':').unwrap_or((text, "0"));
    let is_number = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    is_number(digit, 1) && is_number(nth, 4)
}
