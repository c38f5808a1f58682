//! Inputs of test files. A file need not run again while all its inputs are, byte for byte, those of its last passing run.
//!
//! `trace` collects the paths that a test file reads, `places` tells which of them are inputs, `state` hashes these, `record` keeps
//! the hashes under `target/`, and `environment` covers everything else that decides results.

mod environment;
mod places;
mod record;
mod state;
mod trace;

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
    process,
    time::SystemTime,
};

use anyhow::{Context, Result, bail};

pub(super) use self::{environment::environment, trace::Trace};
use self::{
    places::Places,
    record::Record,
    state::{EVERYTHING, state},
};
use super::stem;

/// The records of all test files.
pub(super) struct Records {
    folder: PathBuf,
    places: Places,
    environment: String,
    /// Time of opening, which is before any release is made.
    start: SystemTime,
}

/// Test files, sorted by whether they have to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sorted {
    pub(super) changed: Vec<PathBuf>,
    pub(super) unchanged: Vec<PathBuf>,
    /// Number of tests in the unchanged ones.
    pub(super) tests: u32,
}

impl Records {
    /// Records of the workspace `root` in a folder of `releases`, where the releases that tests read are too.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(super) fn open(root: PathBuf, target: PathBuf, releases: &Path, environment: String) -> Result<Self> {
        let folder = releases.join("inputs");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let start = Trace::start(folder.join(format!("{}.list", process::id())))?.start;
        let releases = releases.to_owned();
        let places = Places {
            root,
            releases,
            target,
        };
        Ok(Self {
            folder,
            places,
            environment,
            start,
        })
    }

    /// Sorts test files by whether an input has changed since their last passing run, if there was one.
    pub(super) fn sort(&self, files: Vec<PathBuf>) -> Sorted {
        let mut sorted = Sorted::default();
        let mut states = HashMap::new();
        let root = &self.places.root;
        let mut is_same = |input: &String, recorded: &String| {
            let now = states.entry(input.clone()).or_insert_with(|| state(root, input));
            now.as_ref() == Some(recorded)
        };
        for file in files {
            let record = Record::read(&self.file(&file, "json"));
            let record = record.filter(|record| record.environment == self.environment);
            let same =
                record.filter(|record| record.states.iter().all(|(input, state)| is_same(input, state)));
            match same {
                Some(record) => {
                    sorted.tests += record.tests;
                    sorted.unchanged.push(file);
                }
                None => sorted.changed.push(file),
            }
        }
        sorted
    }

    /// Begins to trace a test file, before it runs.
    ///
    /// # Errors
    /// When its list cannot be written.
    pub(super) fn trace(&self, file: &Path) -> Result<Trace> {
        // With the process ID in its name, since another process may run the same file.
        Trace::start(self.file(file, &format!("{}.list", process::id())))
    }

    /// Records a first try in which this number of tests passed and nothing else happened.
    ///
    /// # Errors
    /// When its inputs are not known for certain, or the record cannot be written; the message completes "because it …".
    pub(super) fn passed(&self, file: &Path, trace: &Trace, tests: u32) -> Result<()> {
        self.forget(file);
        let mut inputs: BTreeSet<String> = self.places.input(file)?.into_iter().collect();
        for path in trace.paths()? {
            inputs.extend(self.places.input(&path)?);
        }
        let root = &self.places.root;
        let states = inputs.into_iter().map(|input| {
            let state =
                state(root, &input).with_context(|| format!("read {input}, which cannot be hashed"))?;
            let start = match &input[..] {
                EVERYTHING => self.start,
                _ => trace.start,
            };
            // After hashing, so that the hash is of a file that has not changed since the start of the run.
            match state::changed(root, &input) {
                Some(time) if time < start => Ok((input, state)),
                _ => bail!("read {input}, which changed meanwhile"),
            }
        });
        let record = Record {
            environment: self.environment.clone(),
            tests,
            states: states.collect::<Result<_>>()?,
        };
        record.write(&self.file(file, "json"))
    }

    /// Forgets a test file that has failed, even if only once.
    pub(super) fn forget(&self, file: &Path) {
        let _ = fs::remove_file(self.file(file, "json"));
    }

    fn file(&self, test: &Path, extension: &str) -> PathBuf {
        let name = stem(test).unwrap_or_default();
        self.folder.join(format!("{name}.{extension}"))
    }
}

#[cfg(test)]
mod tests;
