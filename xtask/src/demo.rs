//! `cargo xtask demo`.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::{
    args::Demo,
    profile::Profile,
    serve::{self, Running, Site},
    wasm::{self, MODULES, Module, WEBGPU, Warnings},
    workspace,
};

/// The folders of this workspace.
pub(crate) fn site() -> Site {
    Site {
        pkg: workspace::path("pkg"),
        www: workspace::path("www"),
    }
}

/// Builds what has changed and serves until it is stopped. The module for WebGPU is built after the page is served, because it
/// takes minutes, or before if `webgpu` is set; until then the page works without it.
pub(crate) fn demo(&Demo { port, open, webgpu }: &Demo) -> Result<()> {
    let build = |modules: &[Module]| wasm::build(modules, Profile::Demo, Warnings::Allow);
    let served = |address: &str| {
        println!("Serving {address}");
        println!("(stop with Ctrl-C)");
        if open {
            open_browser(address);
        }
    };
    show(site(), port, webgpu, build, served)?.wait();
    Ok(())
}

/// Builds the modules that the page always has, serves them, says so, and builds the module for WebGPU after that, or before if
/// `webgpu` is set.
fn show(
    site: Site,
    port: u16,
    webgpu: bool,
    build: impl Fn(&[Module]) -> Result<()>,
    served: impl FnOnce(&str),
) -> Result<Running> {
    build(&MODULES)?;
    if webgpu {
        build(&WEBGPU)?;
    }
    let running = serve::start(site, port)?;
    served(&running.address);
    if !webgpu {
        // With the address once more: the compiler has printed hundreds of lines since.
        let address = &running.address;
        match build(&WEBGPU) {
            Ok(()) => println!("WebGPU is ready, reload the page: {address}"),
            Err(error) => {
                println!("WebGPU could not be built ({error:#}), the page computes on the CPU: {address}")
            }
        }
    }
    Ok(running)
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

#[cfg(test)]
mod tests {
    use std::{
        cell::RefCell,
        fs,
        io::{Read, Write},
        net::TcpStream,
    };

    use anyhow::bail;

    use super::*;

    /// The order of events, with a fake build that checks whether the page is already served. With `fails`, building the module for WebGPU
    /// fails.
    fn order(name: &str, webgpu: bool, fails: bool) -> (Vec<String>, Running) {
        let home = workspace::target().join("xtask-tests").join(name);
        fs::create_dir_all(home.join("www")).unwrap();
        fs::create_dir_all(home.join("pkg")).unwrap();
        fs::write(home.join("www/index.html"), "<p>start").unwrap();
        let site = Site {
            pkg: home.join("pkg"),
            www: home.join("www"),
        };
        let address = RefCell::new(None);
        let events = RefCell::new(Vec::new());
        let build = |modules: &[Module]| {
            let names: Vec<&str> = modules.iter().map(|module| module.name).collect();
            let served = address.borrow().as_deref().is_some_and(is_served);
            let when = if served { "while served" } else { "before" };
            events.borrow_mut().push(format!("{} {when}", names.join(" ")));
            if fails && names == ["webgpu"] {
                bail!("no compiler");
            }
            Ok(())
        };
        let served = |at: &str| {
            address.replace(Some(at.to_owned()));
            events.borrow_mut().push("served".to_owned());
        };
        let running = show(site, 0, webgpu, build, served).unwrap();
        (events.into_inner(), running)
    }

    fn is_served(address: &str) -> bool {
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("<p>start")
    }

    #[test]
    fn the_page_is_served_before_the_module_for_webgpu_is_built() {
        let (events, running) = order("demo-after", false, false);
        assert_eq!(
            events,
            [
                "cpu cpu-relaxed training training-relaxed media before",
                "served",
                "webgpu while served"
            ]
        );
        assert!(is_served(&running.address));
    }

    #[test]
    fn with_the_option_webgpu_its_module_is_built_before_the_page_is_served() {
        let (events, _) = order("demo-before", true, false);
        assert_eq!(
            events,
            [
                "cpu cpu-relaxed training training-relaxed media before",
                "webgpu before",
                "served"
            ]
        );
    }

    #[test]
    fn the_page_is_still_served_if_the_module_for_webgpu_cannot_be_built() {
        let (_, running) = order("demo-without", false, true);
        assert!(is_served(&running.address));
    }
}
