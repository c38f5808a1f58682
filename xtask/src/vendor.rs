//! Other people's JavaScript: copied from `node_modules`, where the lockfile decides what is there, to `www/vendor/`.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    node,
    process::{on_path, step},
    profile::Profile,
    workspace,
};

/// One library of others.
struct Library {
    /// Its npm package, and its folder in `www/vendor/`.
    package: &'static str,
    /// Files in the package, and their names on the page.
    files: &'static [(&'static str, &'static str)],
}

/// The chart of the figure `train`, and Markdown for the page of lessons.
const LIBRARIES: [Library; 2] = [
    Library {
        package: "uplot",
        files: &[
            ("dist/uPlot.esm.js", "uPlot.js"),
            ("dist/uPlot.d.ts", "uPlot.d.ts"),
            ("dist/uPlot.min.css", "uPlot.css"),
            ("LICENSE", "LICENSE"),
        ],
    },
    Library {
        package: "markdown-it",
        files: &[
            ("dist/browser/markdown-it.esm.min.mjs", "markdown-it.js"),
            ("dist/markdown-it.d.mts", "markdown-it.d.ts"),
            ("LICENSE", "LICENSE"),
        ],
    },
];

/// Copies changed files. A demo without Node.js has none: the figure with charts and the page of lessons say so in their place.
///
/// # Errors
/// When a file cannot be copied, or npm fails.
pub(crate) fn place(profile: Profile) -> Result<()> {
    if !LIBRARIES
        .iter()
        .all(|library| library.from("package.json").is_file())
    {
        if profile == Profile::Demo && (node::version().is_none() || !on_path("npm")) {
            println!(
                "==> No Node.js: the figure `train` shows its losses as numbers, without a chart, and there are no lessons"
            );
            return Ok(());
        }
        node::install()?;
    }
    LIBRARIES.iter().try_for_each(Library::place)
}

impl Library {
    fn place(&self) -> Result<()> {
        let stale: Vec<_> = self
            .files
            .iter()
            .filter(|(source, name)| fs::read(self.from(source)).ok() != fs::read(self.to(name)).ok())
            .collect();
        if stale.is_empty() {
            return Ok(());
        }
        let package = self.package;
        step(&format!("Copy www/vendor/{package}"), || {
            fs::create_dir_all(self.to(""))?;
            stale.iter().try_for_each(|(source, name)| {
                fs::copy(self.from(source), self.to(name))
                    .with_context(|| format!("cannot copy {source} of {package}"))?;
                Ok(())
            })
        })
    }

    fn from(&self, file: &str) -> PathBuf {
        workspace::path("node_modules").join(self.package).join(file)
    }

    fn to(&self, file: &str) -> PathBuf {
        workspace::path("www/vendor").join(self.package).join(file)
    }
}
