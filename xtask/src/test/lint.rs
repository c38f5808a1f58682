//! Checks that run none of our code, and `cargo xtask fmt`.

use std::{path::Path, process::Command};

use anyhow::{Context, Result};

use super::FEATURES;
use crate::{
    node,
    process::{native_cargo, output, run, step},
    profile::Profile,
    tally::Tally,
    toolchain::Toolchain,
    vendor,
    wasm::{self, MODULES, Module},
};

/// Files that Prettier formats, without those in `.prettierignore`.
const FORMATTED: &str = "**/*.{js,mjs,css,html}";

/// Other builds that README, docs and `--help` name: package and features. Each is compiled as named, since a feature that only
/// works beside another one fails alone.
const COMBINATIONS: [(&str, &str); 4] = [
    ("latent-lab-cli", ""),
    ("latent-lab-cli", "burn"),
    ("latent-lab-cli", "gpu"),
    ("latent-lab", "burn-ndarray"),
];

/// Format, lints and documentation, and all combinations of features.
///
/// # Errors
/// When a check fails.
pub(super) fn lint(tally: &mut Tally) -> Result<()> {
    let mut check = |title: &str, command: Command| {
        step(title, || run(command))?;
        tally.pass();
        Ok::<_, anyhow::Error>(())
    };
    check("Format, Rust", native_cargo(&["fmt", "--all", "--check"]))?;
    node::install()?;
    vendor::place(Profile::Release)?;
    check("Format, JavaScript, CSS and HTML", prettier("--check")?)?;
    check("ESLint", eslint()?)?;
    check("Clippy, native", denying(clippy(native_cargo(&["clippy"]))))?;
    for (package, features) in COMBINATIONS {
        let title = format!(
            "Clippy, {package} with {}",
            if features.is_empty() { "nothing" } else { features }
        );
        let arguments = ["clippy", "--package", package, "--features", features];
        check(&title, denying(native_cargo(&arguments)))?;
    }
    let toolchain = Toolchain::find_or_get()?;
    if toolchain == Toolchain::Active {
        // That for WebGPU is linted where it is built; see `clippy_as_built`.
        for module in &MODULES {
            let mut clippy = toolchain.cargo("clippy");
            clippy.args(wasm::package_arguments(module));
            check(&format!("Clippy, pkg/{}", module.name), denying(clippy))?;
        }
    } else {
        println!(
            "    Debian's Rust for wasm32 has no clippy: the wasm part denies the compiler's own warnings instead"
        );
    }
    // One after the other: the core and the command are documented in the same folder, and at once they can remove each other's files.
    let command = "latent-lab-cli";
    let workspace = native_cargo(&[
        "doc",
        "--workspace",
        "--exclude",
        command,
        "--no-deps",
        "--features",
        FEATURES,
    ]);
    let command = native_cargo(&["doc", "--package", command, "--no-deps", "--features", FEATURES]);
    for (name, mut doc) in [
        ("Documentation", workspace),
        ("Documentation of the command", command),
    ] {
        doc.env("RUSTDOCFLAGS", "-D warnings");
        check(name, doc)?;
    }
    Ok(())
}

/// Clippy on a module in the profile that it is built in, after that: what it depends on is compiled already. `cargo clippy` would
/// check all of it once more, and checking burn takes longer than most of the tests.
///
/// # Errors
/// When clippy is missing.
pub(super) fn clippy_as_built(toolchain: &Toolchain, module: &Module) -> Result<Command> {
    let sysroot = output("rustc", &["--print", "sysroot"]).context("rustc is missing")?;
    let mut cargo = toolchain.cargo("rustc");
    cargo
        .args(wasm::package_arguments(module))
        .args(["--profile", module.section(Profile::Release)])
        // Nothing is linked, and speed does not matter.
        .args(["--crate-type", "rlib", "--", "-C", "opt-level=0"])
        .env("CARGO_TARGET_DIR", wasm::folder())
        // As `cargo clippy` sets it, which also makes cargo only check.
        .env(
            "RUSTC_WORKSPACE_WRAPPER",
            Path::new(&sysroot).join("bin/clippy-driver"),
        )
        .env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    Ok(cargo)
}

/// Formats everything.
///
/// # Errors
/// When a tool is missing or fails.
pub(crate) fn format() -> Result<()> {
    run(native_cargo(&["fmt", "--all"]))?;
    node::install()?;
    // Braces that ESLint adds are laid out by Prettier.
    let mut eslint = eslint()?;
    eslint.arg("--fix");
    run(eslint)?;
    run(prettier("--write")?)
}

fn clippy(mut cargo: Command) -> Command {
    cargo.args(["--workspace", "--all-targets", "--features", FEATURES]);
    cargo
}

fn denying(mut clippy: Command) -> Command {
    clippy.args(["--", "-D", "warnings"]);
    clippy
}

fn prettier(mode: &str) -> Result<Command> {
    let mut prettier = node::need_tool("prettier/bin/prettier.cjs")?;
    // Only changed files are checked again.
    prettier.args([mode, "--cache", "--log-level", "warn", FORMATTED]);
    Ok(prettier)
}

fn eslint() -> Result<Command> {
    let mut eslint = node::need_tool("eslint/bin/eslint.js")?;
    eslint.args(["--max-warnings", "0", "."]);
    Ok(eslint)
}

/// Checks the types of the page's JavaScript, against those that wasm-bindgen writes beside the modules.
///
/// # Errors
/// When a tool is missing.
pub(super) fn types() -> Result<Command> {
    let mut tsc = node::need_tool("typescript/bin/tsc")?;
    tsc.arg("--noEmit");
    Ok(tsc)
}
