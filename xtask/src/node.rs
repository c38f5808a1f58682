//! Node.js and the lockfile's packages: wasm-opt, TypeScript, the browsers' drivers. A demo works without them.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    debian,
    process::{on_path, output, run, step},
    toolchain::minor_version,
    workspace,
};

/// Oldest Node.js that the tools of the lockfile run on.
const OLDEST: u32 = 18;

/// Beside npm's packages: the lockfile that they were installed from.
const STAMP: &str = "node_modules/.installed-from";

/// Version of Node.js, `v20.20.2`, if it is here and new enough.
pub(crate) fn version() -> Option<String> {
    let version = output("node", &["--version"])?;
    (minor_version(&version)?.0 >= OLDEST).then_some(version)
}

/// True if `node_modules` is what the lockfile says.
pub(crate) fn is_installed() -> bool {
    let (stamp, lock) = (
        fs::read(workspace::path(STAMP)),
        fs::read(workspace::path("package-lock.json")),
    );
    matches!((stamp, lock), (Ok(stamp), Ok(lock)) if stamp == lock)
}

/// Installs Node.js if possible, and the tools of the lockfile.
///
/// # Errors
/// When either cannot be had; the message says what to do.
pub(crate) fn install() -> Result<()> {
    if version().is_none() || !on_path("npm") {
        debian::install("Node.js", &["nodejs", "npm"])?;
        if version().is_none() {
            bail!("Node.js {OLDEST} or newer is needed; see https://nodejs.org");
        }
    }
    if is_installed() {
        return Ok(());
    }
    step("Install the npm tools (npm ci)", || {
        let mut npm = crate::command("npm");
        npm.args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]);
        run(npm)?;
        fs::copy(workspace::path("package-lock.json"), workspace::path(STAMP))
            .context("cannot write to node_modules")?;
        Ok(())
    })
}

/// One of the lockfile's tools, run by node; `None` before `install`.
pub(crate) fn tool(package_file: &str) -> Option<Command> {
    let file = tool_file(package_file);
    if !file.is_file() || version().is_none() {
        return None;
    }
    let mut node = crate::command("node");
    node.arg(file);
    Some(node)
}

/// As [`tool`], but an error when it is missing.
pub(crate) fn need_tool(package_file: &str) -> Result<Command> {
    tool(package_file).with_context(|| format!("node_modules/{package_file} is missing; run `npm ci`"))
}

fn tool_file(package_file: &str) -> PathBuf {
    workspace::path("node_modules").join(package_file)
}
