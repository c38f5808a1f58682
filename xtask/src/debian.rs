//! Packages on Debian: the only system on which missing tools are installed without asking the user.

use std::{fs, path::Path, process::Command};

use anyhow::{Result, bail};

use crate::process::{on_path, output, run, step};

/// True if this system uses Debian's packages.
pub(crate) fn is_debian() -> bool {
    on_path("apt-get") && Path::new("/etc/debian_version").exists()
}

/// True if we may install packages.
pub(crate) fn is_root() -> bool {
    // The second number is the effective user.
    fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("Uid:"))?.to_owned();
            Some(line.split_whitespace().nth(2)? == "0")
        })
        .unwrap_or(false)
}

/// The command that installs `packages`, for people.
pub(crate) fn install_line(packages: &[&str]) -> String {
    format!(
        "sudo apt-get install --no-install-recommends {}",
        packages.join(" ")
    )
}

/// Installs packages, as root on Debian. A package may be several names with `|` between them: the first that this
/// Debian has is taken.
///
/// # Errors
/// On other systems, and for other users: the message is then the command to run.
pub(crate) fn install(what_for: &str, packages: &[&str]) -> Result<()> {
    let names: Vec<&str> = packages.iter().map(|names| first_name(names)).collect();
    if !is_debian() {
        bail!(
            "{what_for}: please install what Debian calls {}",
            names.join(", ")
        );
    }
    if !is_root() {
        bail!(
            "{what_for}: this needs root once:\n    sudo apt-get update && {}",
            install_line(&names)
        );
    }
    step(&format!("Install {} ({what_for})", names.join(", ")), || {
        // One unreachable source must not stop the rest: if the lists are too old, the installation says so.
        if let Err(error) = run(apt_get(&["-qq", "update"])) {
            eprintln!("warning: {error:#}");
        }
        let mut install = apt_get(&[
            "-qq",
            "-y",
            "--no-install-recommends",
            "-o",
            "DPkg::Lock::Timeout=300",
        ]);
        // Rust's source is 46,000 small files: syncing the disk after each of them takes minutes.
        install
            .args(["-o", "DPkg::Options::=--force-unsafe-io", "install"])
            .args(packages.iter().map(|names| offered(names)));
        run(install)
    })
}

/// The preferred name.
pub(crate) fn first_name(names: &str) -> &str {
    names.split('|').next().unwrap_or(names)
}

fn offered(names: &str) -> &str {
    let exists = |name: &&str| output("apt-cache", &["show", "--no-all-versions", name]).is_some();
    names.split('|').find(exists).unwrap_or(first_name(names))
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = crate::command("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
