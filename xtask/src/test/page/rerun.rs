//! Decides whether test files run again if nothing they read has changed.

use std::{ffi::OsStr, path::PathBuf};

use super::inputs::Records;
use crate::tally::Tally;

/// Which test files run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rerun {
    /// All of them.
    All,
    /// Those that read something that has changed since their last passing run.
    Changed,
}

impl Rerun {
    /// As the command line says, but all of them in continuous integration, where the variable `CI` is set.
    pub(crate) fn chosen(all: bool, ci: Option<&OsStr>) -> Self {
        match all || ci.is_some_and(|value| !value.is_empty()) {
            true => Self::All,
            false => Self::Changed,
        }
    }

    /// The files that have to run. Prints how many others there are, and counts their tests.
    pub(super) fn choose(self, tally: &mut Tally, records: &Records, files: Vec<PathBuf>) -> Vec<PathBuf> {
        if self == Self::All {
            return files;
        }
        let sorted = records.sort(files);
        if !sorted.unchanged.is_empty() {
            println!(
                "not run again, since nothing they read has changed: {} files, {} tests (cargo xtask test --all runs them)",
                sorted.unchanged.len(),
                sorted.tests
            );
        }
        tally.unchanged += sorted.tests;
        sorted.changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unchanged_files_run_on_request_and_in_continuous_integration() {
        let ci = |value: &'static str| Some(OsStr::new(value));
        assert_eq!(Rerun::chosen(false, None), Rerun::Changed);
        assert_eq!(Rerun::chosen(false, ci("")), Rerun::Changed);
        assert_eq!(Rerun::chosen(false, ci("true")), Rerun::All);
        assert_eq!(Rerun::chosen(true, None), Rerun::All);
    }
}
