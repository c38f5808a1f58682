//! Tests in Rust.

use anyhow::Result;

use super::FEATURES;
use crate::{
    process::{native_cargo, step},
    tally::Tally,
};

/// All unit, integration and documentation tests.
///
/// # Errors
/// When one fails or does not compile.
pub(super) fn all(tally: &mut Tally) -> Result<()> {
    step("Native and documentation tests", || workspace(tally, &[]))?;
    step("Tests of xtask", || xtask(tally, &[]))
}

/// Tests of all packages but this one; `arguments` may choose some.
///
/// # Errors
/// As [`all`].
pub(super) fn workspace(tally: &mut Tally, arguments: &[&str]) -> Result<()> {
    let mut cargo = native_cargo(&[
        "test",
        "--workspace",
        "--exclude",
        "xtask",
        "--features",
        FEATURES,
    ]);
    cargo.args(arguments);
    tally.run(cargo)
}

/// Tests of this package, in the profile of the tool itself, so that its dependencies are not compiled twice.
///
/// # Errors
/// As [`all`].
pub(super) fn xtask(tally: &mut Tally, arguments: &[&str]) -> Result<()> {
    let mut cargo = native_cargo(&["test", "--package", "xtask", "--profile", "xtask"]);
    cargo.args(arguments);
    tally.run(cargo)
}
