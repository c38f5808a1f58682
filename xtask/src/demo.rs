//! `cargo xtask demo`.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::{
    serve::{self, Site},
    wasm::{self, MODULES, Profile, WEBGPU, Warnings},
    workspace,
};

/// The folders of this workspace.
pub(crate) fn site() -> Site {
    Site {
        pkg: workspace::path("pkg"),
        www: workspace::path("www"),
    }
}

/// Builds what has changed and serves until it is stopped. The module for WebGPU comes after the page is served, because it
/// takes minutes, or before, when `webgpu` is asked for; the page does without it until it is there.
pub(crate) fn demo(port: u16, open: bool, webgpu: bool) -> Result<()> {
    wasm::build(&MODULES, Profile::Demo, Warnings::Allow)?;
    if webgpu {
        wasm::build(&WEBGPU, Profile::Demo, Warnings::Allow)?;
    }
    let running = serve::start(site(), port)?;
    println!("Serving {}", running.address);
    println!("(stop with Ctrl-C)");
    if open {
        open_browser(&running.address);
    }
    if !webgpu {
        build_after();
    }
    running.wait();
    Ok(())
}

/// The module for WebGPU, while the page is served already.
fn build_after() {
    match wasm::build(&WEBGPU, Profile::Demo, Warnings::Allow) {
        Ok(()) => println!("WebGPU is ready: reload the page"),
        Err(error) => println!("WebGPU could not be built, the page computes on the CPU: {error:#}"),
    }
}

fn open_browser(address: &str) {
    let (program, arguments): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[address])
    } else if cfg!(windows) {
        ("cmd", &["/c", "start", "", address])
    } else {
        ("xdg-open", &[address])
    };
    let mut command = Command::new(program);
    let quiet = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Err(error) = quiet.spawn() {
        println!("{program} cannot open a browser here ({error}); please open the address yourself");
    }
}
