//! `cargo xtask bench`.

use anyhow::Result;

use crate::{
    demo::site,
    dist::{self, Folders},
    process::{native_cargo, run, step},
    profile::Profile,
    serve, test,
    wasm::{self, Warnings},
    workspace,
};

/// Builds the shipped modules, serves the page, and lets `benches/bench.mjs` time it; that script
/// prints the table and writes `target/bench.json`.
pub(crate) fn bench() -> Result<()> {
    wasm::build(wasm::all(), Profile::Release, Warnings::Allow)?;
    test::install_browsers()?;
    step("Compile the native benches", || {
        run(native_cargo(&[
            "bench",
            "--package",
            "latent-lab",
            "--bench",
            "native",
            "--no-run",
        ]))
    })?;
    let published = workspace::target().join("bench");
    step("Publish the page", || {
        let options = dist::Options {
            webgpu: true,
            single_file: false,
        };
        dist::make(&Folders::of_workspace(), &published, options)
    })?;
    let running = serve::start(site(), 0)?;
    let mut node = crate::command("node");
    node.args(["benches/bench.mjs", &running.address])
        .arg(published.join("site"))
        .env("LATENT_LAB_URL", &running.address);
    step("Time everything", || run(node))
}
