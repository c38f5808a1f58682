//! Problems of a lesson, with the texts of www/page/lesson/problems.js.

/// Longest value in a message, in characters.
const LONGEST: usize = 80;

/// A line, from 1, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    pub(crate) line: usize,
    pub(crate) text: String,
}

impl Problem {
    pub(crate) fn new(line: usize, text: String) -> Self {
        Self { line, text }
    }
}

/// Collects the problems of one lesson.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn report(&mut self, line: usize, text: impl Into<String>) {
        self.0.push(Problem::new(line, text.into()));
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Sorted by line, each once.
    pub(crate) fn sorted(mut self) -> Vec<Problem> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// A value for a message, shortened if it is long.
pub(crate) fn short(value: &str) -> String {
    let mut letters = value.chars();
    let start: String = letters.by_ref().take(LONGEST).collect();
    if letters.next().is_some() {
        start + "…"
    } else {
        start
    }
}
