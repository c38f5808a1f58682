//! `cargo xtask test NAME`: the tests of the developer's loop.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use super::{native, page, summed};
use crate::{process::step, workspace};

/// Folders with Rust tests, beside those of this package.
const NATIVE: [&str; 4] = ["src", "crates", "cli", "tests"];

/// Folders with a file for each integration test.
const INTEGRATION: [&str; 2] = ["tests", "cli/tests"];

/// Where the tests of this package are.
const XTASK: &str = "xtask";

/// Runs native tests with `name` in their path, and files of tests, native and of the page, with it in their names.
///
/// # Errors
/// When there is none, or one fails.
pub(crate) fn matching(name: &str) -> Result<()> {
    let is_native = has_test(&NATIVE, name)?;
    let is_file = has_integration_file(name)?;
    let is_ours = has_test(&[XTASK], name)?;
    let files = page::files_with(name)?;
    if !(is_native || is_file || is_ours) && files.is_empty() {
        bail!("no test has {name:?} in its name, and no file of tests");
    }
    summed(|tally| {
        if is_native {
            step("Native tests", || native::workspace(tally, &[name]))?;
        }
        if is_file {
            let files = format!("*{name}*");
            step("Native test files", || {
                native::workspace(tally, &["--test", &files])
            })?;
        }
        if is_ours {
            step("Tests of xtask", || native::xtask(tally, &[name]))?;
        }
        if !files.is_empty() {
            page::run(tally, files, page::Rerun::All)?;
        }
        Ok(())
    })
}

/// True if the name of a file of integration tests has `name` in it.
fn has_integration_file(name: &str) -> Result<bool> {
    for folder in INTEGRATION
        .iter()
        .map(|folder| workspace::path(folder))
        .filter(|folder| folder.is_dir())
    {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            if path.extension().is_some_and(|extension| extension == "rs") && stem.contains(name) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// True if a test in these folders may have `name` in its path: looked up in the sources, since compiling everything takes longer
/// than most tests.
fn has_test(folders: &[&str], name: &str) -> Result<bool> {
    for folder in folders.iter().map(|folder| workspace::path(folder)) {
        if folder.is_dir() && has_test_below(&folder, name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_test_below(folder: &Path, name: &str) -> Result<bool> {
    let context = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            has_test_below(&path, name)?
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            tests_of(&text, &stem).any(|test| test.contains(name))
        } else {
            false
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Names of the tests in a source file, each with the module before it as far as it can be told.
fn tests_of<'a>(text: &'a str, stem: &'a str) -> impl Iterator<Item = String> + 'a {
    let bodies = text.split("#[test]").skip(1);
    bodies.filter_map(move |body| {
        let function = body.split("fn ").nth(1)?.split('(').next()?;
        Some(format!("{stem}::tests::{function}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tests_are_found_in_a_source() {
        let source = "fn helper() {}\n#[test]\nfn ends_are_exact() { let fn_x = 1; }\n#[test]\n#[ignore]\nfn slow() {}";
        let names: Vec<String> = tests_of(source, "latent").collect();
        assert_eq!(names, ["latent::tests::ends_are_exact", "latent::tests::slow"]);
    }

    #[test]
    fn a_name_that_no_test_has_is_an_error() {
        let name = ["no", "test", "has", "this"].join("-");
        let error = matching(&name).unwrap_err().to_string();
        assert!(error.starts_with("no test has \"no-test-has-this\""), "{error}");
    }
}
