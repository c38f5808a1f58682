//! `Toolchain`: the compiler for wasm32-unknown-unknown. The active toolchain if it has the target, else Debian's.

use std::{env, path::Path, process::Command, time::Duration};

use anyhow::{Result, bail};

use crate::{
    debian,
    process::{on_path, output, quiet_input, step, succeeds_within},
};

/// The target's name.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Oldest compiler that the workspace's `rust-version` allows, as (major, minor).
const OLDEST: (u32, u32) = (1, 95);

/// Debian's toolchain: a compiler with the wasm32 back end, but no compiled standard library for it, so the library's source is
/// installed and built with the module.
pub(crate) const DEBIAN_PACKAGES: [&str; 4] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "lld-22|lld-21|lld-20|lld-19|lld",
];

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const LINKERS: [&str; 5] = ["wasm-ld-22", "wasm-ld-21", "wasm-ld-20", "wasm-ld-19", "wasm-ld"];

/// Compiler flags of all modules: only stable ones, so that anyone's build is the same as ours. Without
/// loop-strength reduction LLVM keeps the kernels' load offsets as immediates; with it they become
/// additions, and the kernels lose up to 28 %.
const RUSTFLAGS: &str = "-C target-feature=+simd128 -C llvm-args=-disable-lsr";

/// A toolchain that can build for wasm32.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The one that runs us, with the target installed.
    Active,
    /// Debian's toolchain, with the name of the linker.
    Debian(&'static str),
}

impl Toolchain {
    /// The installed toolchain, if any.
    pub(crate) fn find() -> Option<Self> {
        if active_has_target() {
            return Some(Self::Active);
        }
        debian_linker().map(Self::Debian)
    }

    /// The installed toolchain, or a newly installed one.
    ///
    /// # Errors
    /// When none can be installed without the user; the message says how.
    pub(crate) fn find_or_get() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        if on_path("rustup") {
            let added = step(&format!("Ask rustup for {TARGET}"), || {
                let mut rustup = crate::command("rustup");
                rustup
                    .args(["target", "add", TARGET])
                    .env("RUSTUP_MAX_RETRIES", "0");
                Ok(succeeds_within(Duration::from_secs(120), rustup) && active_has_target())
            })?;
            if added {
                return Ok(Self::Active);
            }
            println!("    rustup could not install it; trying other toolchains");
        }
        if !debian::is_debian() {
            bail!("the Rust target {TARGET} is missing; get it with `rustup target add {TARGET}`");
        }
        debian::install(&format!("Rust for {TARGET}"), &DEBIAN_PACKAGES)?;
        match debian_linker() {
            Some(linker) => Ok(Self::Debian(linker)),
            None => bail!(
                "Debian's Rust for {TARGET} is missing or older than {}.{}; \
                 get the target with `rustup target add {TARGET}`",
                OLDEST.0,
                OLDEST.1
            ),
        }
    }

    /// For people.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Active => format!(
                "{} with {TARGET}",
                output("rustc", &["--version"]).unwrap_or_default()
            ),
            Self::Debian(linker) => {
                let version = output(DEBIAN_RUSTC, &["--version"]).unwrap_or_default();
                format!("{version}, Debian's, with its source and {linker}")
            }
        }
    }

    /// `cargo COMMAND` for wasm32, with the flags of our modules.
    pub(crate) fn cargo(&self, command: &str) -> Command {
        let mut cargo = quiet_input(Command::new(match self {
            Self::Active => env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            Self::Debian(_) => DEBIAN_CARGO.into(),
        }));
        forget_outer_cargo(&mut cargo, *self == Self::Active);
        let flags = format!("{RUSTFLAGS}{}", without_home());
        cargo
            .args([command, "--target", TARGET])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", &flags);
        if let Self::Debian(linker) = self {
            cargo
                // It has no compiled standard library for wasm32, so it needs the only flag that a stable compiler would reject.
                .args(["-Zbuild-std=std,panic_abort"])
                .env("RUSTC", DEBIAN_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        cargo
    }
}

/// A flag that keeps the path of third-party crates, which differs between machines, out of the modules. None for a path with a
/// space, which no list of flags can hold.
fn without_home() -> String {
    let home = env::var_os("CARGO_HOME").or_else(|| Some(env::home_dir()?.join(".cargo").into()));
    match home.as_ref().and_then(|home| home.to_str()) {
        Some(home) if !home.contains(char::is_whitespace) => format!(" --remap-path-prefix={home}=cargo"),
        _ => String::new(),
    }
}

/// The cargo that runs us sets its toolchain in the environment; another toolchain must not inherit that.
fn forget_outer_cargo(command: &mut Command, same_toolchain: bool) {
    // A user's settings for folders and network still apply.
    const KEPT: [&str; 7] = [
        "CARGO_HOME",
        "CARGO_NET_",
        "CARGO_HTTP_",
        "CARGO_REGISTR",
        "CARGO_SOURCE_",
        "CARGO_TERM_",
        "CARGO_BUILD_JOBS",
    ];
    const OTHERS: [&str; 6] = [
        "RUSTFLAGS",
        "RUSTDOCFLAGS",
        "RUSTC",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTDOC",
    ];
    for (name, _) in env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        if name.starts_with("CARGO") && !KEPT.iter().any(|kept| name.starts_with(kept)) {
            command.env_remove(name);
        }
    }
    for name in OTHERS {
        command.env_remove(name);
    }
    if !same_toolchain {
        command
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("RUST_RECURSION_COUNT");
        // `cargo run` puts the folder of its compiler's libraries here.
        command.env_remove("LD_LIBRARY_PATH");
    }
}

fn active_has_target() -> bool {
    let folder = output("rustc", &["--print", "target-libdir", "--target", TARGET]).unwrap_or_default();
    let Ok(mut files) = Path::new(&folder).read_dir() else {
        return false;
    };
    files.any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

fn debian_linker() -> Option<&'static str> {
    if !debian::is_debian() {
        return None;
    }
    let version = output(DEBIAN_RUSTC, &["--version"])?;
    let sysroot = output(DEBIAN_RUSTC, &["--print", "sysroot"])?;
    let source = Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    let complete = minor_version(&version)? >= OLDEST && Path::new(DEBIAN_CARGO).exists() && source.exists();
    if !complete {
        return None;
    }
    LINKERS.into_iter().find(|linker| on_path(linker))
}

/// `rustc 1.96.0 (...)` or `v20.20.2` to (1, 96) or (20, 20).
pub(crate) fn minor_version(text: &str) -> Option<(u32, u32)> {
    let number = text.split_whitespace().find(|word| word.contains('.'))?;
    let mut parts = number.trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_output_of_compilers_and_node() {
        assert_eq!(
            minor_version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"),
            Some((1, 96))
        );
        assert_eq!(minor_version("v20.20.2"), Some((20, 20)));
        assert_eq!(minor_version("no number here"), None);
    }

    #[test]
    fn debians_cargo_gets_no_variables_of_the_current_toolchain() {
        let cargo = Toolchain::Debian("wasm-ld-22").cargo("build");
        let value = |name: &str| {
            cargo
                .get_envs()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        assert_eq!(value("RUSTC"), Some(Some(DEBIAN_RUSTC.as_ref())));
        // Every cargo sets these variables for its child processes, including this test.
        assert_eq!(value("CARGO"), Some(None));
        assert_eq!(value("CARGO_PKG_NAME"), Some(None));
        for removed in [
            "RUSTUP_TOOLCHAIN",
            "RUSTFLAGS",
            "LD_LIBRARY_PATH",
            "RUSTC_WRAPPER",
        ] {
            assert_eq!(value(removed), Some(None), "{removed}");
        }
    }
}
