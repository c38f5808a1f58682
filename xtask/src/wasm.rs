//! From crates to `pkg/`: cargo, wasm-bindgen, and wasm-opt for what is shipped.
//!
//! Called by every command that needs modules. Each module is a crate of its own, so cargo decides what is compiled.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    node,
    process::{line, run, step},
    profile::Profile,
    stamp::Stamp,
    toolchain::{TARGET, Toolchain},
    vendor, workspace,
};

/// The treatment of compiler warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Warnings {
    /// Show them.
    Allow,
    /// Show them and fail.
    Deny,
}

/// One crate that becomes a WebAssembly module.
pub(crate) struct Module {
    /// Its folder in `pkg/`.
    pub(crate) name: &'static str,
    /// The crate.
    package: &'static str,
    /// True if it may use relaxed SIMD.
    pub(crate) relaxed: bool,
    /// The profile in `Cargo.toml` for development builds.
    shown: &'static str,
    /// The profile of the shipped build.
    shipped: &'static str,
    /// The optimization level for wasm-opt.
    aim: &'static str,
}

impl Module {
    /// The profile in `Cargo.toml`.
    pub(crate) fn section(&self, profile: Profile) -> &'static str {
        match profile {
            Profile::Demo => self.shown,
            Profile::Release => self.shipped,
        }
    }
}

/// The modules that the page always has: for drawing and for training, two builds of each to choose from, and the one for images.
pub(crate) const MODULES: [Module; 5] = [
    Module {
        name: "cpu",
        package: "latent-lab-web-cpu",
        relaxed: false,
        shown: "demo",
        shipped: "wasm",
        aim: "-O3",
    },
    Module {
        name: "cpu-relaxed",
        package: "latent-lab-web-cpu-relaxed",
        relaxed: true,
        shown: "demo",
        shipped: "wasm",
        aim: "-O3",
    },
    Module {
        name: "training",
        package: "latent-lab-web-training",
        relaxed: false,
        shown: "demo",
        shipped: "wasm",
        aim: "-O3",
    },
    Module {
        name: "training-relaxed",
        package: "latent-lab-web-training-relaxed",
        relaxed: true,
        shown: "demo",
        shipped: "wasm",
        aim: "-O3",
    },
    Module {
        name: "media",
        package: "latent-lab-media",
        relaxed: false,
        shown: "demo",
        shipped: "wasm",
        aim: "-Oz",
    },
];

/// The module that the page also fetches if the browser has a GPU for it. burn takes minutes to compile.
pub(crate) const WEBGPU: [Module; 1] = [Module {
    name: "webgpu",
    package: "latent-lab-web-gpu",
    relaxed: false,
    // The same for both: with link-time optimization nothing is compiled twice, and only wasm-opt is left out.
    shown: "webgpu",
    shipped: "webgpu",
    aim: "-Oz",
}];

/// Files that wasm-bindgen writes and the page or its types need.
const OUTPUTS: [&str; 3] = ["latent_lab.js", "latent_lab_bg.wasm", "latent_lab.d.ts"];

/// wasm-opt inside `node_modules`.
const WASM_OPT: &str = "binaryen/bin/wasm-opt";

/// Options of wasm-opt, beside the features that Rust's wasm32 target has by default and the two sets of SIMD instructions.
const WASM_OPT_ARGUMENTS: [&str; 11] = [
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    "--enable-simd",
    "--enable-relaxed-simd",
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// All modules, the one for WebGPU first: wasm-opt takes longer on it than on all others together, and runs while they are compiled.
pub(crate) fn all() -> impl Iterator<Item = &'static Module> {
    WEBGPU.iter().chain(&MODULES)
}

/// Builds changed modules into `pkg/`, and places the page's third-party files.
///
/// # Errors
/// When a tool is missing or fails.
pub(crate) fn build<'a>(
    modules: impl IntoIterator<Item = &'a Module>,
    profile: Profile,
    warnings: Warnings,
) -> Result<()> {
    let toolchain = Toolchain::find_or_get()?;
    if profile == Profile::Release {
        node::install()?;
    }
    fs::create_dir_all(folder())?;
    // Two builds at once would overwrite each other's files.
    let lock = File::create(folder().join("lock"))?;
    lock.lock().context("cannot lock the build folder")?;
    // Binding and shrinking use one core each, so the next module is compiled meanwhile.
    thread::scope(|scope| {
        let mut finishing = Vec::new();
        for module in modules {
            let compiled = compile(&toolchain, module, profile, warnings)?;
            finishing.push(scope.spawn(move || finish(module, profile, &compiled)));
        }
        finishing
            .into_iter()
            .try_for_each(|thread| thread.join().expect("no panic in a build"))
    })?;
    vendor::place(profile)
}

/// A compilation in the background. Dropping it ends it.
pub(crate) struct Compilation(Child);

impl Compilation {
    /// Starts to compile the module for WebGPU as [`build`] does, silently: `build`, which waits for it at cargo's lock, shows the
    /// compiler's messages.
    ///
    /// # Errors
    /// When a tool is missing.
    pub(crate) fn start_webgpu() -> Result<Self> {
        let [module] = &WEBGPU;
        let mut cargo = cargo_build(&Toolchain::find_or_get()?, module, Profile::Release);
        cargo.stdout(Stdio::null()).stderr(Stdio::null());
        let child = cargo
            .spawn()
            .with_context(|| format!("cannot start `{}`", line(&cargo)))?;
        Ok(Self(child))
    }
}

impl Drop for Compilation {
    fn drop(&mut self) {
        // An error says that it has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The WebAssembly file of a module in `pkg/`.
pub(crate) fn file(module: &Module) -> PathBuf {
    package(module.name).join(OUTPUTS[1])
}

/// The arguments of cargo that name a module's crate.
pub(crate) fn package_arguments(module: &Module) -> [&'static str; 3] {
    ["--package", module.package, "--lib"]
}

/// Binds and shrinks a compiled module, unless `pkg/` has it: cargo decides whether a crate is compiled again, and the stamp decides
/// that for these steps.
fn finish(module: &Module, profile: Profile, compiled: &Path) -> Result<()> {
    let recipe = format!("{profile:?} {} {WASM_OPT_ARGUMENTS:?}", module.aim);
    let stamp = Stamp::of(
        &folder().join(format!("{}.stamp", module.name)),
        &recipe,
        &fs::read(compiled)?,
    );
    let outputs_exist = OUTPUTS
        .iter()
        .all(|name| package(module.name).join(name).is_file());
    if outputs_exist && stamp.holds() {
        println!("==> pkg/{} is up to date", module.name);
        return Ok(());
    }
    stamp.remove();
    let fresh = folder().join(format!("{}.new", module.name));
    let _ = fs::remove_dir_all(&fresh);
    step(&format!("Bind pkg/{}", module.name), || bind(compiled, &fresh))?;
    if profile == Profile::Release {
        step(&format!("Shrink pkg/{}", module.name), || {
            shrink(&fresh.join(OUTPUTS[1]), module.aim)?;
            strip_comments(&fresh.join(OUTPUTS[0]))
        })?;
    }
    let _ = fs::remove_dir_all(package(module.name));
    fs::create_dir_all(workspace::path("pkg"))?;
    fs::rename(&fresh, package(module.name))
        .with_context(|| format!("cannot move {} to pkg/{}", fresh.display(), module.name))?;
    stamp.write()
}

/// Runs cargo; returns the module as linked. Cargo repeats the warnings of crates that it does not compile again.
/// The file that cargo makes of a module.
fn compile(toolchain: &Toolchain, module: &Module, profile: Profile, warnings: Warnings) -> Result<PathBuf> {
    let title = format!(
        "Compile pkg/{} (profile {})",
        module.name,
        module.section(profile)
    );
    let cargo = cargo_build(toolchain, module, profile);
    step(&title, || linked(cargo, warnings))
}

fn cargo_build(toolchain: &Toolchain, module: &Module, profile: Profile) -> Command {
    let mut cargo = toolchain.cargo("build");
    cargo
        .args(package_arguments(module))
        .args([
            "--profile",
            module.section(profile),
            "--message-format",
            "json-render-diagnostics",
        ])
        .env("CARGO_TARGET_DIR", folder());
    cargo
}

/// Runs cargo, and returns the module that it names.
fn linked(mut cargo: Command, warnings: Warnings) -> Result<PathBuf> {
    cargo.stdout(Stdio::piped());
    let mut child = cargo
        .spawn()
        .with_context(|| format!("cannot start `{}`", line(&cargo)))?;
    let messages = child.stdout.take().context("cargo's output was not captured")?;
    let (mut warned, mut linked) = (false, None);
    for message in BufReader::new(messages).lines() {
        let message: Value = serde_json::from_str(&message?).context("cargo's messages are not JSON")?;
        match message["reason"].as_str() {
            Some("compiler-message") => warned |= message["message"]["level"] == "warning",
            Some("compiler-artifact") => linked = wasm_file(&message).or(linked),
            _ => {}
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the WebAssembly module does not compile ({status})");
    }
    if warned && warnings == Warnings::Deny {
        bail!("the compiler has warnings for {TARGET}");
    }
    linked.context("cargo names no .wasm file")
}

fn wasm_file(message: &Value) -> Option<PathBuf> {
    let names = message["filenames"].as_array()?.iter().filter_map(Value::as_str);
    names
        .map(PathBuf::from)
        .find(|name| name.extension().is_some_and(|extension| extension == "wasm"))
}

fn bind(compiled: &Path, into: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .out_name("latent_lab")
        .web(true)?
        .typescript(true)
        // Names are half of the module with burn.
        .remove_name_section(true)
        .generate(into)
        .context("wasm-bindgen failed")
}

fn shrink(file: &Path, aim: &str) -> Result<()> {
    let mut optimizer: Command = node::need_tool(WASM_OPT)?;
    optimizer
        .arg(aim)
        .args(WASM_OPT_ARGUMENTS)
        .arg(file)
        .arg("-o")
        .arg(file);
    run(optimizer)
}

/// Removes the comments from the glue: they are a quarter of it, and the `.d.ts` beside it has them.
fn strip_comments(file: &Path) -> Result<()> {
    let glue = fs::read_to_string(file)?;
    fs::write(file, without_comments(&glue)).with_context(|| format!("cannot write {}", file.display()))
}

/// The text without lines that are only comments. wasm-bindgen writes no other line that starts like one.
fn without_comments(glue: &str) -> String {
    let mut inside = false;
    let lines = glue.lines().filter(|line| {
        let text = line.trim_start();
        inside |= text.starts_with("/**");
        let is_comment = inside || text.starts_with("//");
        inside &= !text.ends_with("*/");
        !is_comment
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Cargo's folder for wasm: apart from the native one, so that neither waits for the other's lock.
pub(crate) fn folder() -> PathBuf {
    workspace::target().join("wasm")
}

fn package(name: &str) -> PathBuf {
    workspace::path("pkg").join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_bindgen_and_its_cli_support_have_the_same_version() {
        let lock = fs::read_to_string(workspace::path("Cargo.lock")).unwrap();
        let version = |package: &str| {
            let entry = lock
                .split("[[package]]")
                .find(|entry| entry.contains(&format!("name = \"{package}\"\n")));
            entry
                .unwrap()
                .lines()
                .find(|line| line.starts_with("version"))
                .unwrap()
        };
        assert_eq!(version("wasm-bindgen"), version("wasm-bindgen-cli-support"));
    }

    #[test]
    fn only_comments_are_removed_from_the_glue() {
        let glue = "/* @ts-self-types */\n/**\n * A model.\n */\nclass A {\n  /** one line */\n  b() { return 1; } // kept\n  // gone\n}\n";
        let stripped = "/* @ts-self-types */\nclass A {\n  b() { return 1; } // kept\n}\n";
        assert_eq!(without_comments(glue), stripped);
    }

    #[test]
    fn the_module_is_found_among_the_artifacts_reported_by_cargo() {
        let message = serde_json::json!({"filenames": ["/t/liblatent_lab.rlib", "/t/latent_lab.wasm"]});
        assert_eq!(wasm_file(&message), Some("/t/latent_lab.wasm".into()));
        assert_eq!(
            wasm_file(&serde_json::json!({"filenames": ["/t/libserde.rlib"]})),
            None
        );
    }
}
