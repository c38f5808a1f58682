//! `cargo xtask test`: everything that must hold before anything ships, failing at the first red.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};
use wasmparser::{ExternalKind, Operator, Payload, TypeRef, Validator, WasmFeatures};

use crate::{
    args::Part,
    debian,
    demo::site,
    dist, node,
    process::{native_cargo, output, run, step},
    profile::Profile,
    python, serve,
    tally::Tally,
    toolchain::Toolchain,
    wasm::{self, MODULES, WEBGPU, Warnings},
    workspace,
};

/// A program of the page's tests and the Debian package it is in.
pub(crate) const BROWSERS: [(&str, &str); 7] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/bin/chromium-headless-shell", "chromium-headless-shell"),
    ("/usr/bin/firefox-esr", "firefox-esr"),
    ("/usr/bin/WebKitWebDriver", "webkit2gtk-driver"),
    ("/usr/bin/xvfb-run", "xvfb"),
    // What xvfb-run calls without depending on it.
    ("/usr/bin/xauth", "xauth"),
    (
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "fonts-dejavu-core",
    ),
];

/// All parts, or one.
pub(crate) fn test(only: Option<Part>) -> Result<()> {
    let mut tally = Tally::default();
    let result = Part::ALL
        .into_iter()
        .filter(|part| only.is_none_or(|only| only == *part))
        .try_for_each(|part| step(&format!("Tests: {}", part.name()), || run_part(part, &mut tally)));
    if result.is_err() {
        // A check that failed without a runner's summary counts as one.
        tally.failed = tally.failed.max(1);
    }
    let Tally {
        passed,
        failed,
        skipped,
    } = tally;
    if skipped > 0 {
        println!("{skipped} skipped");
    }
    println!("{passed} passed, {failed} failed");
    result
}

fn run_part(part: Part, tally: &mut Tally) -> Result<()> {
    match part {
        Part::Lint => lint(tally),
        Part::Native => step("Native and documentation tests", || native(tally)),
        Part::Wasm => modules(tally),
        Part::Page => page(tally),
    }
}

fn lint(tally: &mut Tally) -> Result<()> {
    let mut check = |title: &str, command: Command| {
        step(title, || run(command))?;
        tally.pass();
        Ok::<_, anyhow::Error>(())
    };
    check("Format", native_cargo(&["fmt", "--all", "--check"]))?;
    let mut clippy = native_cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "latent-lab/burn",
    ]);
    clippy.args(["--", "-D", "warnings"]);
    check("Clippy, native", clippy)?;
    let toolchain = Toolchain::find_or_get()?;
    if toolchain == Toolchain::Active {
        for module in MODULES.iter().chain(&WEBGPU) {
            let mut clippy = toolchain.cargo("clippy");
            clippy
                .args(wasm::package_arguments(module))
                .args(["--", "-D", "warnings"]);
            check(&format!("Clippy, pkg/{}", module.name), clippy)?;
        }
    } else {
        println!(
            "    Debian's Rust for wasm32 has no clippy: the wasm part denies the compiler's own warnings instead"
        );
    }
    let mut doc = native_cargo(&["doc", "--workspace", "--no-deps", "--features", "latent-lab/burn"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    check("Documentation", doc)
}

fn native(tally: &mut Tally) -> Result<()> {
    tally.run(native_cargo(&[
        "test",
        "--workspace",
        "--exclude",
        "xtask",
        "--features",
        "latent-lab/burn",
    ]))?;
    // In the profile that the tool itself runs in, so that its dependencies are not compiled twice.
    tally.run(native_cargo(&[
        "test",
        "--package",
        "xtask",
        "--profile",
        "xtask",
    ]))
}

fn modules(tally: &mut Tally) -> Result<()> {
    wasm::build(&MODULES, Profile::Release, Warnings::Deny)?;
    wasm::build(&WEBGPU, Profile::Release, Warnings::Deny)?;
    for module in MODULES.iter().chain(&WEBGPU) {
        let file = wasm::file(module);
        step(&format!("Instructions of pkg/{}", module.name), || {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            check_instructions(&bytes, module.relaxed)?;
            check_calls(&bytes)
        })?;
        tally.pass();
    }
    Ok(())
}

/// The plain module must run where relaxed SIMD is unknown, and the relaxed one must really use it.
fn check_instructions(bytes: &[u8], relaxed: bool) -> Result<()> {
    let plain = WasmFeatures::default() - WasmFeatures::RELAXED_SIMD;
    Validator::new_with_features(WasmFeatures::default())
        .validate_all(bytes)
        .context("not a valid module")?;
    match (Validator::new_with_features(plain).validate_all(bytes), relaxed) {
        (Ok(_), false) | (Err(_), true) => Ok(()),
        (Err(error), false) => bail!("the plain module needs more than SIMD128: {error}"),
        (Ok(_), true) => bail!("the relaxed module has no relaxed SIMD instruction"),
    }
}

/// Nothing may run at the beginning of every call. The linker does that to a module with constructors that nobody runs.
fn check_calls(bytes: &[u8]) -> Result<()> {
    let mut imported = 0;
    let mut exported = Vec::new();
    let mut first = Vec::new();
    for part in wasmparser::Parser::new(0).parse_all(bytes) {
        match part? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        exported.push(export.index as usize);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => first.push(body.get_operators_reader()?.read()?),
            _ => {}
        }
    }
    let mut callers = BTreeMap::<u32, usize>::new();
    for function in &exported {
        // An import may be exported again.
        let body = function.checked_sub(imported).and_then(|at| first.get(at));
        if let Some(Operator::Call { function_index }) = body {
            *callers.entry(*function_index).or_default() += 1;
        }
    }
    match callers.into_iter().find(|(_, count)| 2 * count > exported.len()) {
        Some((function, count)) => bail!(
            "{count} of {} exported functions call function {function} before anything else",
            exported.len()
        ),
        None => Ok(()),
    }
}

fn page(tally: &mut Tally) -> Result<()> {
    node::install()?;
    wasm::build(&MODULES, Profile::Release, Warnings::Deny)?;
    wasm::build(&WEBGPU, Profile::Release, Warnings::Deny)?;
    let mut types = node::need_tool("typescript/bin/tsc")?;
    types.arg("--noEmit");
    step("Types of the page's JavaScript", || run(types))?;
    tally.pass();

    let dists = workspace::target().join("page-tests");
    step("Make dist/ twice, the same bytes, and a next release", || {
        dist::for_tests(&dists)
    })?;
    tally.pass();

    install_browsers()?;
    let python = python::install()?;
    let files = test_files(&workspace::path("tests/page"))?;
    let running = serve::start(site(), 0)?;
    let mut node = crate::command("node");
    // Much of a test is waiting: two at a time, and no more, since each has a browser and some a GPU in software.
    node.args(["--test", "--test-concurrency=2"])
        .args(files)
        .env("LATENT_LAB_URL", &running.address)
        .env("LATENT_LAB_PYTHON", python)
        .env("LATENT_LAB_DIST", dists);
    step("Page in real browsers", || tally.run(node))
}

/// Installs what the page is tested in.
///
/// # Errors
/// When that cannot be done without the user; the message says what to do.
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

/// Named one by one: what `node --test FOLDER` means has changed between versions.
fn test_files(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        bail!("{} holds no .test.mjs file", folder.display());
    }
    Ok(files)
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

    /// Three functions, the last two exported; the bodies of these.
    fn module(bodies: [&[u8]; 2]) -> Vec<u8> {
        let mut bytes =
            b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x04\x03\0\0\0\x07\x09\x02\x01a\0\x01\x01b\0\x02"
                .to_vec();
        let mut code = vec![3, 2, 0, 0x0b];
        for body in bodies {
            code.push(body.len() as u8);
            code.extend(body);
        }
        bytes.extend([0x0a, code.len() as u8]);
        bytes.extend(code);
        Validator::new().validate_all(&bytes).unwrap();
        bytes
    }

    #[test]
    fn a_call_before_every_other_is_found() {
        let calls = [0, 0x10, 0, 0x0b].as_slice();
        let does_nothing = [0, 0x0b].as_slice();
        let error = check_calls(&module([calls, calls])).unwrap_err().to_string();
        assert_eq!(
            error,
            "2 of 2 exported functions call function 0 before anything else"
        );
        check_calls(&module([calls, does_nothing])).unwrap();
        check_calls(&module([does_nothing, does_nothing])).unwrap();
    }
}
