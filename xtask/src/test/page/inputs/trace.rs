//! Traces a test file while it runs: `xtask/trace/preload.mjs` lists what node reads, and the page's server what browsers ask for.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Relative to the workspace, in which node runs.
const PRELOAD: &str = "./xtask/trace/preload.mjs";

/// Variables that the preload reads.
pub(super) const LIST: &str = "LATENT_LAB_INPUTS";
pub(super) const PROGRAMS: &str = "LATENT_LAB_PROGRAMS";

/// One run of a test file, from before it starts.
pub(in crate::test::page) struct Trace {
    /// Written by the preload.
    list: PathBuf,
    served: Arc<Mutex<BTreeSet<PathBuf>>>,
    /// From the clock of the file system, with whose times it is compared.
    pub(super) start: SystemTime,
}

impl Trace {
    /// Starts with an empty list in this file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn start(list: PathBuf) -> Result<Self> {
        let context = || format!("cannot write {}", list.display());
        let start = File::create(&list).and_then(|file| file.metadata()?.modified());
        let start = start.with_context(context)?;
        let served = Arc::default();
        Ok(Self { list, served, start })
    }

    /// Has node list what it reads; to be called before any other argument is added. Programs that read only their arguments are
    /// given by their paths.
    pub(in crate::test::page) fn arm(&self, node: &mut Command, programs: &[&str]) {
        node.args(["--import", PRELOAD])
            .env(LIST, &self.list)
            .env(PROGRAMS, programs.join(":"));
    }

    /// For the server: adds the files that a request names.
    pub(in crate::test::page) fn watch(&self) -> impl Fn(&Path) + Send + Sync + 'static {
        let served = Arc::clone(&self.served);
        move |path| {
            served
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(path.to_owned());
        }
    }

    /// All paths that were read, after node has ended.
    ///
    /// # Errors
    /// When the test file may have read more than that; the message completes "because it …".
    pub(super) fn paths(&self) -> Result<BTreeSet<PathBuf>> {
        let list = fs::read_to_string(&self.list).context("left no list of what it read")?;
        let mut paths = self.served.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut is_traced = false;
        for line in list.lines() {
            let entry: Value = serde_json::from_str(line).context("left a damaged list of what it read")?;
            if let Some(reason) = entry.get("untraceable").and_then(Value::as_str) {
                bail!("{reason}");
            }
            paths.extend(entry.get("read").and_then(Value::as_str).map(PathBuf::from));
            is_traced |= entry.get("tracing").is_some();
        }
        if !is_traced {
            bail!("left no list of what it read");
        }
        Ok(paths)
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.list);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    /// The paths from a list with these lines, or the reason why there are none.
    fn paths(name: &str, lines: &str) -> Result<Vec<PathBuf>, String> {
        let home = workspace::target().join("xtask-tests/trace");
        fs::create_dir_all(&home).unwrap();
        let trace = Trace::start(home.join(name)).unwrap();
        trace.watch()(Path::new("/served"));
        fs::write(home.join(name), lines).unwrap();
        let paths = trace.paths().map_err(|error| error.to_string())?;
        Ok(paths.into_iter().collect())
    }

    #[test]
    fn files_read_by_node_and_by_the_server_are_combined() {
        let lines = "{\"tracing\":true}\n{\"read\":\"/a b\"}\n{\"read\":\"/a b\"}\n";
        let expected = ["/a b", "/served"].map(PathBuf::from).to_vec();
        assert_eq!(paths("both", lines), Ok(expected));
    }

    #[test]
    fn an_incomplete_list_is_an_error_that_says_why() {
        let cases = [
            ("", "left no list of what it read"),
            ("{\"read\":\"/a\"}\n", "left no list of what it read"),
            (
                "{\"tracing\":true}\n{\"read\":",
                "left a damaged list of what it read",
            ),
            (
                "{\"tracing\":true}\n{\"untraceable\":\"started python3\"}\n",
                "started python3",
            ),
        ];
        for (lines, reason) in cases {
            assert_eq!(paths("incomplete", lines), Err(reason.to_owned()), "{lines}");
        }
    }

    #[test]
    fn the_preload_exists_and_reads_the_variables() {
        assert!(workspace::path(PRELOAD).is_file());
        assert!(include_str!("../../../../trace/log.mjs").contains(LIST));
        assert!(include_str!("../../../../trace/programs.mjs").contains(PROGRAMS));
    }
}
