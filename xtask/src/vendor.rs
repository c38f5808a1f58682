//! Other people's JavaScript: copied from `node_modules`, where the lockfile decides what is there, to `www/vendor/`.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    node,
    process::{on_path, step},
    profile::Profile,
    workspace,
};

/// The chart of the figure `train`: file in the package, and its name on the page.
const FILES: [(&str, &str); 4] = [
    ("dist/uPlot.esm.js", "uPlot.js"),
    ("dist/uPlot.d.ts", "uPlot.d.ts"),
    ("dist/uPlot.min.css", "uPlot.css"),
    ("LICENSE", "LICENSE"),
];

/// Copies changed files. A demo without Node.js has none: the figure with charts says so in their place.
///
/// # Errors
/// When a file cannot be copied, or npm fails.
pub(crate) fn place(profile: Profile) -> Result<()> {
    if !from("package.json").is_file() {
        if profile == Profile::Demo && (node::version().is_none() || !on_path("npm")) {
            println!("==> No Node.js: the figure `train` shows its losses as numbers, without a chart");
            return Ok(());
        }
        node::install()?;
    }
    let stale: Vec<_> = FILES
        .into_iter()
        .filter(|(source, name)| fs::read(from(source)).ok() != fs::read(to(name)).ok())
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    step("Copy www/vendor/uplot", || {
        fs::create_dir_all(to(""))?;
        stale.iter().try_for_each(|(source, name)| {
            fs::copy(from(source), to(name)).with_context(|| format!("cannot copy uplot's {source}"))?;
            Ok(())
        })
    })
}

fn from(file: &str) -> PathBuf {
    workspace::path("node_modules/uplot").join(file)
}

fn to(file: &str) -> PathBuf {
    workspace::path("www/vendor/uplot").join(file)
}
