//! `cargo xtask demo`.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::{
    serve::{self, Site},
    wasm::{self, Profile, Warnings},
    workspace,
};

/// The folders of this workspace.
pub(crate) fn site() -> Site {
    Site {
        pkg: workspace::path("pkg"),
        www: workspace::path("www"),
    }
}

/// Builds what has changed and serves until it is stopped.
pub(crate) fn demo(port: u16, open: bool) -> Result<()> {
    wasm::build(Profile::Demo, Warnings::Allow)?;
    let running = serve::start(site(), port)?;
    println!("Serving {}", running.address);
    println!("(stop with Ctrl-C)");
    if open {
        open_browser(&running.address);
    }
    running.wait();
    Ok(())
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
