//! The page in real browsers. `queue` runs the files, and `inputs` tells which of them need not run again.

mod inputs;
mod queue;

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::{Context, Error, Result, bail};

use self::{
    inputs::{Records, Sorted, Trace, environment},
    queue::Outcome,
};
use crate::{
    debian,
    demo::site,
    dist, node,
    process::{output, step},
    profile::Profile,
    python, serve,
    tally::Tally,
    wasm::{self, MODULES, WEBGPU, Warnings},
    workspace,
};

/// A program or file that the page's tests use, and the Debian package it is in.
pub(crate) const BROWSERS: [(&str, &str); 8] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/bin/chromium-headless-shell", "chromium-headless-shell"),
    ("/usr/bin/firefox-esr", "firefox-esr"),
    ("/usr/bin/WebKitWebDriver", "webkit2gtk-driver"),
    ("/usr/bin/xvfb-run", "xvfb"),
    // Called by xvfb-run, whose package does not depend on it.
    ("/usr/bin/xauth", "xauth"),
    (
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "fonts-dejavu-core",
    ),
    // Draws printed pages, so that tests see them.
    ("/usr/bin/pdftoppm", "poppler-utils"),
];

/// Programs that read nothing of the workspace but what their arguments name: what a test that starts them reads is known.
const TRACED: [&str; 8] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/firefox-esr",
    "/usr/bin/WebKitWebDriver",
    "/usr/bin/xvfb-run",
    "/usr/bin/pdftoppm",
    "/usr/bin/pdftotext",
    "/usr/bin/sha256sum",
];

/// Folder of the test files.
const FOLDER: &str = "tests/page";

/// Seconds after which a test file is ended, and has failed.
const LONGEST: &str = "900";

/// Heading of what is made for the files with [`NEEDS_DIST`].
const MAKE_DIST: &str = "Make dist/ twice, the same bytes, and a next release";

/// Texts in a test file that tell what it needs.
const NEEDS_DIST: &str = "support/dist.mjs";
const NEEDS_PYTHON: &str = "LATENT_LAB_PYTHON";
const NEEDS_WEBGPU: &str = "WebGpu";

/// Which test files run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rerun {
    /// All of them.
    All,
    /// Those that have read something that is not as it was in their last passing run.
    Changed,
}

impl Rerun {
    /// As the command line wants it, but all where a change is judged.
    pub(crate) fn chosen(all: bool) -> Self {
        let is_judged = env::var_os("CI").is_some_and(|value| !value.is_empty());
        match all || is_judged {
            true => Self::All,
            false => Self::Changed,
        }
    }
}

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

/// Test files with `name` in theirs. Named one by one: what `node --test FOLDER` means has changed between versions.
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

/// `map` of `map.test.mjs`; nothing for other files.
fn stem(file: &Path) -> Option<&str> {
    file.file_name()?.to_str()?.strip_suffix(".test.mjs")
}

/// Runs test files, after building and installing what they need.
///
/// # Errors
/// As [`all`].
pub(super) fn run(tally: &mut Tally, files: Vec<PathBuf>, rerun: Rerun) -> Result<()> {
    node::install()?;
    wasm::build(&MODULES, Profile::Release, Warnings::Deny)?;
    if needed(NEEDS_WEBGPU, &files)? {
        wasm::build(&WEBGPU, Profile::Release, Warnings::Deny)?;
    }
    install_browsers()?;
    let dists = workspace::target().join("page-tests");
    let records = Records::open(workspace::root(), workspace::target(), &dists, environment())?;
    let files = match rerun {
        Rerun::All => files,
        Rerun::Changed => changed(tally, records.sort(files)),
    };
    let python = needed(NEEDS_PYTHON, &files)?.then(python::install).transpose()?;
    // Made by the first file that needs it, beside files that do not.
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

/// True if the text of one of these files has `what` in it.
fn needed(what: &str, files: &[impl AsRef<Path>]) -> Result<bool> {
    for file in files.iter().map(AsRef::as_ref) {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        if text.contains(what) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The files that have to run; says and counts which others there are.
fn changed(tally: &mut Tally, sorted: Sorted) -> Vec<PathBuf> {
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

/// Installs what the page is tested in.
///
/// # Errors
/// When that needs the user; the message says what to do.
pub(crate) fn install_browsers() -> Result<()> {
    let missing: Vec<&str> = BROWSERS
        .into_iter()
        .filter(|(file, _)| !Path::new(file).exists())
        .map(|(_, package)| package)
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        debian::install("browsers for the page's tests", &missing)
    }
}

/// For the doctor: the version of a browser, or that its file is there.
pub(crate) fn browser_version(file: &str) -> Option<String> {
    if !Path::new(file).exists() {
        return None;
    }
    let version = file
        .starts_with("/usr/bin/")
        .then(|| output(file, &["--version"]))
        .flatten();
    Some(
        version
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| file.to_owned()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_files_are_found_by_a_part_of_their_name() {
        let names = |name: &str| -> Vec<String> {
            let files = files_with(name).unwrap();
            files.iter().map(|file| stem(file).unwrap().to_owned()).collect()
        };
        assert_eq!(names("single-f"), ["single-file"]);
        assert_eq!(names("no-such-test"), [""; 0]);
        assert!(names("").len() > 20);
    }
}
