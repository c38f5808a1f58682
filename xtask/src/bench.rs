//! `cargo xtask bench`.

use anyhow::Result;

use crate::{
    demo::site,
    process::{native_cargo, run, step},
    profile::Profile,
    serve, test,
    wasm::{self, MODULES, WEBGPU, Warnings},
};

/// Builds what is shipped, serves it, and lets `benches/bench.mjs` time it; that script prints the table and writes
/// `target/bench.json`.
pub(crate) fn bench() -> Result<()> {
    wasm::build(&MODULES, Profile::Release, Warnings::Allow)?;
    wasm::build(&WEBGPU, Profile::Release, Warnings::Allow)?;
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
    let running = serve::start(site(), 0)?;
    let mut node = crate::command("node");
    node.args(["benches/bench.mjs", &running.address])
        .env("LATENT_LAB_URL", &running.address);
    step("Time everything", || run(node))
}
