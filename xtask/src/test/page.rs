//! The page in real browsers. `queue` runs the files, `inputs` tells which of them need not run again, and `rerun` whether to run
//! those too.

mod browsers;
mod inputs;
mod queue;
mod rerun;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::{Context, Error, Result, bail};

use self::{
    browsers::TRACED,
    inputs::{Records, Trace, environment},
    queue::Outcome,
};
pub(crate) use self::{
    browsers::{BROWSERS, browser_version, install_browsers},
    rerun::Rerun,
};
use crate::{
    demo::site,
    dist, node,
    process::step,
    profile::Profile,
    python, serve,
    tally::Tally,
    wasm::{self, MODULES, Warnings},
    workspace,
};

/// Folder of the test files.
const FOLDER: &str = "tests/page";

/// Seconds after which a test file is killed, and has failed.
const LONGEST: &str = "900";

/// Heading of the step that makes a release for the files with [`NEEDS_DIST`].
const MAKE_DIST: &str = "Make dist/ twice, the same bytes, and a next release";

/// Texts in a test file that show what it needs.
const NEEDS_DIST: &str = "support/dist.mjs";
const NEEDS_PYTHON: &str = "LATENT_LAB_PYTHON";
const NEEDS_WEBGPU: &str = "WebGpu";

/// All test files.
///
/// # Errors
/// When something cannot be built or installed, or a test fails.
pub(super) fn all(tally: &mut Tally, rerun: Rerun) -> Result<()> {
    let files = files_with("")?;
    if files.is_empty() {
        bail!("{FOLDER} holds no .test.mjs file");
    }
    run(tally, files, rerun)
}

/// Test files with `name` in theirs. Named one by one: the meaning of `node --test FOLDER` has changed between versions.
///
/// # Errors
/// When the folder cannot be read.
pub(super) fn files_with(name: &str) -> Result<Vec<PathBuf>> {
    let folder = workspace::path(FOLDER);
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.retain(|file| stem(file).is_some_and(|stem| stem.contains(name)));
    files.sort();
    Ok(files)
}

/// `map` for `map.test.mjs`; `None` for other files.
fn stem(file: &Path) -> Option<&str> {
    file.file_name()?.to_str()?.strip_suffix(".test.mjs")
}

/// Runs test files, after building and installing what they need.
///
/// # Errors
/// As [`all`].
pub(super) fn run(tally: &mut Tally, files: Vec<PathBuf>, rerun: Rerun) -> Result<()> {
    node::install()?;
    if needed(NEEDS_WEBGPU, &files)? {
        wasm::build(wasm::all(), Profile::Release, Warnings::Deny)?;
    } else {
        wasm::build(&MODULES, Profile::Release, Warnings::Deny)?;
    }
    install_browsers()?;
    let dists = workspace::target().join("page-tests");
    let records = Records::open(workspace::root(), workspace::target(), &dists, environment())?;
    let files = rerun.choose(tally, &records, files);
    let python = needed(NEEDS_PYTHON, &files)?.then(python::install).transpose()?;
    // Made by the first file that needs it, while others run.
    let made = OnceLock::new();
    let make_dists = || {
        let make = || step(MAKE_DIST, || dist::for_tests(&dists)).map_err(|error| format!("{error:#}"));
        made.get_or_init(make).clone().map_err(Error::msg)
    };
    let prepare = |file: &Path| {
        if needed(NEEDS_DIST, &[file])? {
            make_dists()?;
        }
        let trace = records.trace(file)?;
        // A server for each file, so that it is known which file asks.
        let running = serve::start_watched(site(), 0, trace.watch())?;
        // A test that leaves a browser open keeps its file from ending.
        let mut node = crate::command("timeout");
        node.args(["--kill-after=10", LONGEST, "node"]);
        trace.arm(&mut node, &TRACED);
        node.arg("--test-reporter=tap")
            .arg(file)
            .env("LATENT_LAB_URL", &running.address)
            .env("LATENT_LAB_DIST", &dists);
        if let Some(python) = &python {
            node.env("LATENT_LAB_PYTHON", python);
        }
        Ok((node, trace))
    };
    let tried = |file: &Path, trace: Trace, outcome: &Outcome| match outcome.all_passed() {
        Some(tests) => {
            if let Err(reason) = records.passed(file, &trace, tests) {
                println!("# {} will run again, because it {reason:#}", file.display());
            }
        }
        None => records.forget(file),
    };
    let result = step("Page in real browsers", || {
        queue::run(tally, &queue::in_order(files), prepare, tried)
    });
    if matches!(made.get(), Some(Ok(()))) {
        tally.pass();
    }
    result
}

/// True if the text of one of these files contains `what`.
fn needed(what: &str, files: &[impl AsRef<Path>]) -> Result<bool> {
    for file in files.iter().map(AsRef::as_ref) {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        if text.contains(what) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_files_are_found_by_part_of_their_name() {
        let names = |name: &str| -> Vec<String> {
            let files = files_with(name).unwrap();
            files.iter().map(|file| stem(file).unwrap().to_owned()).collect()
        };
        assert_eq!(names("single-f"), ["single-file"]);
        assert_eq!(names("no-such-test"), [""; 0]);
        assert!(names("").len() > 20);
    }
}
