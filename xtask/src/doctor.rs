//! `cargo xtask doctor`: lists what is installed, what is missing, and the command that installs it. Changes nothing.

use std::env;

use anyhow::Result;

use crate::{
    debian, node,
    process::output,
    test::{self, BROWSERS},
    toolchain::{DEBIAN_PACKAGES, TARGET, Toolchain},
};

/// A tool that the commands use.
struct Finding {
    name: &'static str,
    /// The installed version, or the part that is installed.
    found: Option<String>,
    /// The command that needs it, and how to install it.
    remedy: String,
}

/// Prints a line for each tool.
pub(crate) fn doctor() -> Result<()> {
    let findings = findings();
    for Finding { name, found, remedy } in &findings {
        match found {
            Some(version) => println!(
                "ok       {name:<18} {}",
                version.lines().next().unwrap_or_default()
            ),
            None => println!("missing  {name:<18} {remedy}"),
        }
    }
    let missing = findings.iter().filter(|finding| finding.found.is_none()).count();
    let who = if !debian::is_debian() {
        "nothing is installed by itself here"
    } else if debian::is_root() {
        "you are root: demo and test install what they miss"
    } else {
        "you are not root: the commands above need it once"
    };
    println!("{missing} missing; {who}");
    Ok(())
}

fn findings() -> Vec<Finding> {
    let package = |names: &[&str]| debian::install_line(names);
    let lld: Vec<&str> = DEBIAN_PACKAGES
        .iter()
        .map(|names| debian::first_name(names))
        .collect();
    let mut findings = vec![
        Finding {
            name: "Rust",
            found: output("rustc", &["--version"]),
            remedy: "everything needs it: https://rustup.rs".into(),
        },
        Finding {
            name: "Rust for wasm32",
            found: Toolchain::find().map(|toolchain| toolchain.describe()),
            remedy: format!(
                "demo, test and bench: rustup target add {TARGET}, or on Debian {}",
                package(&lld)
            ),
        },
        Finding {
            name: "rustfmt",
            found: output("cargo", &["fmt", "--version"]),
            remedy: "test: rustup component add rustfmt".into(),
        },
        Finding {
            name: "clippy",
            found: output("cargo", &["clippy", "--version"]),
            remedy: "test: rustup component add clippy".into(),
        },
        Finding {
            name: "Node.js",
            found: node::version(),
            remedy: format!(
                "test, bench, dist, and the lessons of the demo: {}",
                package(&["nodejs", "npm"])
            ),
        },
        Finding {
            name: "npm",
            found: output("npm", &["--version"]),
            remedy: format!("test and bench: {}", package(&["npm"])),
        },
        Finding {
            name: "npm tools",
            found: node::is_installed().then(|| "node_modules is what package-lock.json says".into()),
            // Not `npm ci`, after which the stamp would still be missing.
            remedy: "demo, test, bench and dist install them, by npm".into(),
        },
    ];
    findings.extend(BROWSERS.iter().map(|(file, name)| Finding {
        name,
        found: test::browser_version(file),
        remedy: format!("test and bench: {}", package(&[name])),
    }));
    findings.push(Finding {
        name: "data",
        found: Some(
            env::var("LATENT_LAB_DATA")
                .unwrap_or_else(|_| "LATENT_LAB_DATA is not set: training downloads it".into()),
        ),
        remedy: String::new(),
    });
    findings
}
