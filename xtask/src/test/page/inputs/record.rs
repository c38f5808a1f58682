//! The record of a passing run: its inputs with their states, as JSON under `target/`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::state::EVERYTHING;

/// A passing run of a test file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Digest of everything but inputs that decides results.
    pub(super) environment: String,
    /// Number of tests that passed.
    pub(super) tests: u32,
    /// States by input.
    pub(super) states: BTreeMap<String, String>,
}

impl Record {
    /// The record in a file; `None` if it is missing or cannot be used.
    pub(super) fn read(file: &Path) -> Option<Self> {
        let value: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        let states = value.get("inputs")?.as_object()?;
        let states = states.iter().map(|(input, state)| {
            let state = state.as_str()?.to_owned();
            is_inside(input).then(|| (input.clone(), state))
        });
        let states = states.collect::<Option<BTreeMap<_, _>>>()?;
        let tests = value.get("tests")?.as_u64()?.try_into().ok()?;
        let environment = value.get("environment")?.as_str()?.to_owned();
        let is_complete = tests > 0 && !states.is_empty();
        is_complete.then_some(Self {
            environment,
            tests,
            states,
        })
    }

    /// Writes it atomically, so that no reader sees a part.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write(&self, file: &Path) -> Result<()> {
        let value = json!({"environment": self.environment, "tests": self.tests, "inputs": self.states});
        let new = file.with_extension("new");
        fs::write(&new, format!("{value:#}\n"))
            .and_then(|()| fs::rename(&new, file))
            .with_context(|| format!("cannot write {}", file.display()))
    }
}

/// True for an input that a record may name: a path that does not lead out of the workspace.
fn is_inside(input: &str) -> bool {
    let is_plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    input == EVERYTHING || Path::new(input).components().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let file = workspace::target().join("xtask-tests/record.json");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let record = Record {
            environment: "node 20".into(),
            tests: 3,
            states: [
                ("www/a \"b\".js".into(), "missing".into()),
                ("(all files)".into(), "all 1".into()),
            ]
            .into(),
        };
        record.write(&file).unwrap();
        assert_eq!(Record::read(&file), Some(record));
    }

    #[test]
    fn a_damaged_or_hostile_record_is_ignored() {
        let file = workspace::target().join("xtask-tests/hostile-record.json");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let whole = r#"{"environment": "e", "tests": 3, "inputs": {"www/a.js": "missing"}}"#;
        fs::write(&file, whole).unwrap();
        assert!(Record::read(&file).is_some());
        let damaged = [
            "",
            "[]",
            "null",
            &whole[..whole.len() - 1],
            &whole.replace("\"missing\"", "7"),
            &whole.replace("www/a.js", "../a.js"),
            &whole.replace("www/a.js", "www/../../a.js"),
            &whole.replace("www/a.js", "/etc/passwd"),
            &whole.replace("\"www/a.js\": \"missing\"", ""),
            &whole.replace('3', "-3"),
            &whole.replace('3', "0"),
            &whole.replace('3', "4294967296"),
            &whole.replace("\"tests\": 3, ", ""),
            &whole.replace("inputs", "files"),
        ];
        for text in damaged {
            assert_ne!(text, whole);
            fs::write(&file, text).unwrap();
            assert_eq!(Record::read(&file), None, "{text}");
        }
        fs::write(&file, [0xff, 0xfe]).unwrap();
        assert_eq!(Record::read(&file), None);
        fs::remove_file(&file).unwrap();
        assert_eq!(Record::read(&file), None);
    }
}
