//! Python in its own environment: with NumPy and safetensors, which must open a saved network, and with notebooks, for the tests of
//! the package for Python.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    debian,
    process::{on_path, run, step},
    workspace,
};

/// Packages to install; as ranges, so that each version of Python finds one that is built for it.
const PACKAGES: [&str; 5] = [
    "numpy>=1.26,<3",
    "safetensors>=0.5,<1",
    "anywidget>=0.9,<1",
    "nbclient>=0.10,<1",
    "ipykernel>=6.29,<8",
];

/// The interpreter, after installing what is missing.
///
/// # Errors
/// When Python or the packages cannot be installed.
pub(crate) fn install() -> Result<PathBuf> {
    let folder = workspace::target().join("python");
    let interpreter = folder.join("bin/python");
    let (stamp, wanted) = (folder.join("packages"), PACKAGES.join("\n"));
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) && interpreter.is_file() {
        return Ok(interpreter);
    }
    step("Install NumPy and notebooks for Python (target/python)", || {
        if !on_path("python3") {
            debian::install("Python", &["python3", "python3-venv"])?;
        }
        let create = || {
            let mut venv = crate::command("python3");
            venv.args(["-m", "venv"]).arg(&folder);
            run(venv)
        };
        // Debian has Python's module for environments in a separate package.
        create().or_else(|_| {
            debian::install("Python's environments", &["python3-venv"])?;
            create()
        })?;
        let mut pip = crate::command(&interpreter.to_string_lossy());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(PACKAGES);
        run(pip)?;
        fs::write(&stamp, wanted).context("cannot write to target/python")
    })?;
    Ok(interpreter)
}
