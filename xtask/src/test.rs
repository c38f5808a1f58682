//! `cargo xtask test`: everything that must hold before anything ships; it stops at the first failure.
//!
//! One module for each part, `lint`, `native`, `modules` and `page`; `matching` runs tests by name.

pub(crate) mod lint;
mod matching;
mod modules;
mod native;
mod page;

use anyhow::Result;

pub(crate) use self::{
    matching::matching,
    page::{BROWSERS, Rerun, browser_version, install_browsers},
};
use crate::{args::Part, process::step, tally::Tally, wasm::Compilation};

/// Features, beside the defaults, with which the whole workspace is checked and tested: every engine that needs no graphics processor,
/// so that burn is compiled once for all of it.
const FEATURES: &str = "latent-lab/burn-ndarray";

/// Runs some parts, or all when none is named.
pub(crate) fn test(only: &[Part], rerun: Rerun) -> Result<()> {
    let is_wanted = |part: &Part| only.is_empty() || only.contains(part);
    // This compilation takes longest and ends with minutes on one core, so it starts at once, in the background.
    let has_earlier = [Part::Lint, Part::Native].iter().any(is_wanted);
    let _ahead = (has_earlier && is_wanted(&Part::Wasm))
        .then(Compilation::start_webgpu)
        .transpose()?;
    summed(|tally| {
        Part::ALL.into_iter().filter(is_wanted).try_for_each(|part| {
            step(&format!("Tests: {}", part.name()), || {
                run_part(part, rerun, tally)
            })
        })
    })
}

fn run_part(part: Part, rerun: Rerun, tally: &mut Tally) -> Result<()> {
    match part {
        Part::Lint => lint::lint(tally),
        Part::Native => native::all(tally),
        Part::Wasm => modules::modules(tally),
        Part::Page => page::all(tally, rerun),
    }
}

/// Runs tests and prints how many have passed.
fn summed(run: impl FnOnce(&mut Tally) -> Result<()>) -> Result<()> {
    let mut tally = Tally::default();
    let result = run(&mut tally);
    if result.is_err() {
        // A failed check without a runner's summary counts as one.
        tally.failed = tally.failed.max(1);
    }
    if tally.skipped > 0 {
        println!("{} skipped", tally.skipped);
    }
    if tally.flaky > 0 {
        println!(
            "{} flaky: files that passed only on their second try",
            tally.flaky
        );
    }
    if tally.unchanged > 0 {
        println!(
            "{} unchanged: not run again, since nothing that they read has changed",
            tally.unchanged
        );
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    result
}
