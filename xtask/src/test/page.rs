//! The page in real browsers. `queue` runs the files.

mod queue;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::{Context, Error, Result, bail};

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

/// All test files.
///
/// # Errors
/// When something cannot be built or installed, or a test fails.
pub(super) fn all(tally: &mut Tally) -> Result<()> {
    let files = files_with("")?;
    if files.is_empty() {
        bail!("{FOLDER} holds no .test.mjs file");
    }
    run(tally, &files)
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
pub(super) fn run(tally: &mut Tally, files: &[PathBuf]) -> Result<()> {
    let texts = files
        .iter()
        .map(|file| fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display())))
        .collect::<Result<Vec<_>>>()?;
    let is_needed = |what: &str| texts.iter().any(|text| text.contains(what));
    node::install()?;
    wasm::build(&MODULES, Profile::Release, Warnings::Deny)?;
    if is_needed(NEEDS_WEBGPU) {
        wasm::build(&WEBGPU, Profile::Release, Warnings::Deny)?;
    }
    install_browsers()?;
    let running = serve::start(site(), 0)?;
    let python = is_needed(NEEDS_PYTHON).then(python::install).transpose()?;
    let dists = workspace::target().join("page-tests");
    // Made by the first file that needs it, beside files that do not.
    let made = OnceLock::new();
    let make_dists = || {
        let make = || step(MAKE_DIST, || dist::for_tests(&dists)).map_err(|error| format!("{error:#}"));
        made.get_or_init(make).clone().map_err(Error::msg)
    };
    let command = |file: &Path| {
        if fs::read_to_string(file).is_ok_and(|text| text.contains(NEEDS_DIST)) {
            make_dists()?;
        }
        // A test that leaves a browser open keeps its file from ending.
        let mut node = crate::command("timeout");
        node.args(["--kill-after=10", LONGEST, "node", "--test-reporter=tap"])
            .arg(file)
            .env("LATENT_LAB_URL", &running.address)
            .env("LATENT_LAB_DIST", &dists);
        if let Some(python) = &python {
            node.env("LATENT_LAB_PYTHON", python);
        }
        Ok(node)
    };
    let result = step("Page in real browsers", || {
        queue::run(tally, &queue::in_order(files.to_vec()), command)
    });
    if matches!(made.get(), Some(Ok(()))) {
        tally.pass();
    }
    result
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
