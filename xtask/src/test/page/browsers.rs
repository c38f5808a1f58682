//! Programs that the page is tested with.

use std::path::Path;

use anyhow::Result;

use crate::{debian, process::output};

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
    // Renders printed pages, so that tests can see them.
    ("/usr/bin/pdftoppm", "poppler-utils"),
];

/// Programs that read only the files of the workspace that their arguments name, so that the inputs of a test that starts them are
/// known.
pub(super) const TRACED: [&str; 8] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/firefox-esr",
    "/usr/bin/WebKitWebDriver",
    "/usr/bin/xvfb-run",
    "/usr/bin/pdftoppm",
    "/usr/bin/pdftotext",
    "/usr/bin/sha256sum",
];

/// Installs the browsers for the page's tests.
///
/// # Errors
/// When the user has to do it; the message says what to do.
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
