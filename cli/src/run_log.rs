//! `--log`: one line of JSON for each epoch, for programs that draw curves.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use latent_lab::Evaluation;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    card::rounded,
    files::{Kind, check_output, read_limited, write_whole},
    objective::Objective,
};

/// Largest log that is read to continue it.
const MAX_LOG: u64 = 256 << 20;

/// The open log of a run.
pub(crate) struct RunLog {
    path: PathBuf,
    file: File,
}

/// A finished epoch; the losses are means over its steps.
#[derive(Debug, Serialize)]
pub(crate) struct Epoch {
    pub(crate) epoch: u64,
    pub(crate) epochs: u32,
    /// Steps done.
    pub(crate) step: u64,
    pub(crate) reconstruction: f64,
    pub(crate) kl: f64,
    pub(crate) total: f64,
    /// Of the last step.
    pub(crate) beta: f32,
    pub(crate) learning_rate: f32,
    /// Since the command began.
    pub(crate) seconds: f64,
    pub(crate) images_per_second: f64,
    /// Measured on the test images; null if it was not.
    pub(crate) test: Option<Value>,
}

impl RunLog {
    /// A new log, or for a run that resumes after `step` steps the existing one without later lines: a run may have gone beyond its
    /// last checkpoint.
    ///
    /// # Errors
    /// When it cannot be written, or would replace another file without `force`.
    pub(crate) fn open(path: &Path, resumed: Option<u64>, force: bool) -> Result<Self> {
        let older = match resumed {
            Some(_) if path.is_file() => read_limited(path, MAX_LOG)?,
            _ => Vec::new(),
        };
        if !is_log(&older) {
            check_output(path, Kind::Log, &[], force)?;
        }
        write_whole(path, kept(&older, resumed.unwrap_or(0)).as_bytes())?;
        let file = OpenOptions::new().append(true).open(path);
        Ok(Self {
            file: file.with_context(|| format!("cannot write {}", path.display()))?,
            path: path.to_owned(),
        })
    }

    /// Adds a line. A full disk does not end the run.
    pub(crate) fn add(&mut self, epoch: &Epoch) {
        let line = serde_json::to_string(epoch).expect("numbers and text are written as JSON") + "\n";
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            say!(
                "note: {} lacks epoch {}: {error}",
                self.path.display(),
                epoch.epoch
            );
        }
    }
}

/// The step of a line; `None` when it is not a line of a log.
fn step_of(line: &str) -> Option<u64> {
    serde_json::from_str::<Value>(line).ok()?["step"].as_u64()
}

fn is_log(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.lines().next().is_some_and(|line| step_of(line).is_some())
}

/// The lines of an older log up to `step`.
fn kept(log: &[u8], step: u64) -> String {
    let log = String::from_utf8_lossy(log);
    log.lines()
        .filter(|line| step_of(line).is_some_and(|at| at <= step))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// The test numbers of a line.
pub(crate) fn test(measured: &Evaluation, objective: Option<Objective>) -> Value {
    let mut parts = json!({
        "images": measured.images,
        "mse": rounded(measured.mse),
        "reconstruction_of_mean": rounded(measured.reconstruction_of_mean),
    });
    if let (Some(elbo), Some(latents)) = (measured.elbo, &measured.latents) {
        parts["reconstruction"] = rounded(elbo.reconstruction).into();
        parts["kl"] = rounded(elbo.kl).into();
        parts["negative_elbo"] = rounded(elbo.negative_elbo()).into();
        parts["active_units"] = latents.active_units().into();
    }
    if let Some(objective) = objective.and_then(|objective| objective.value(measured)) {
        parts["total"] = rounded(objective).into();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_continued_log_drops_lines_after_the_checkpoint_and_incomplete_lines() {
        let log =
            "{\"step\":7,\"epoch\":1}\n{\"step\":14,\"epoch\":2}\n{\"step\":21,\"epoch\":3}\n{\"step\":2";
        assert_eq!(
            kept(log.as_bytes(), 14),
            "{\"step\":7,\"epoch\":1}\n{\"step\":14,\"epoch\":2}\n"
        );
    }

    #[test]
    fn a_file_that_is_not_a_log_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("thesis");
        std::fs::write(&path, "a thesis\n").unwrap();
        for resumed in [None, Some(7)] {
            assert!(RunLog::open(&path, resumed, false).is_err());
            assert_eq!(std::fs::read(&path).unwrap(), b"a thesis\n");
        }
        std::fs::write(&path, "{\"step\":7}\n").unwrap();
        assert!(RunLog::open(&path, None, false).is_err());
        RunLog::open(&path, Some(7), false).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"{\"step\":7}\n");
        RunLog::open(&path, None, true).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"");
    }
}
