//! `cargo xtask dist`: from what is written and built to what is hosted, published and carried around.
//!
//! Rooms: `tree` files in memory · `script` and `references` where a file names others · `publish` names by content ·
//! `offline` the service worker's list · `headers` what a host says beside the files · `compress` their compressed copies ·
//! `npm` the package · `single` the page as one file · `sums` digests.
//!
//! The same sources give the same bytes: everything is sorted, nothing holds a time, a path or an order of this machine.

mod compress;
mod headers;
mod npm;
mod offline;
mod publish;
mod references;
mod script;
mod single;
mod sums;
mod tree;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use self::{
    publish::{ENTRIES, Sources},
    tree::Tree,
};
use crate::{
    node,
    process::{run, step},
    profile::Profile,
    wasm::{self, MODULES, WEBGPU, Warnings},
    workspace,
};

/// Where the module for WebGPU is among the page's files.
const WEBGPU_FOLDER: &str = "pkg/webgpu/";

/// What `pkg/` holds beside the modules.
const PACKAGE_FILES: [&str; 2] = ["package.json", "README.md"];

/// What is made.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// With the module for WebGPU, which takes minutes to build.
    pub(crate) webgpu: bool,
    /// Also the page as one file.
    pub(crate) single_file: bool,
}

/// Folders that `dist` reads.
pub(crate) struct Workshop {
    /// The page.
    pub(crate) www: PathBuf,
    /// The modules, and what is kept of the npm package.
    pub(crate) pkg: PathBuf,
}

impl Workshop {
    /// Those of the workspace.
    pub(crate) fn here() -> Self {
        Self {
            www: workspace::path("www"),
            pkg: workspace::path("pkg"),
        }
    }
}

/// Builds the modules and makes `dist/`.
///
/// # Errors
/// When a tool is missing or fails, or a file names one that is not there.
pub(crate) fn dist(options: Options) -> Result<()> {
    wasm::build(&MODULES, Profile::Release, Warnings::Allow)?;
    if options.webgpu {
        wasm::build(&WEBGPU, Profile::Release, Warnings::Allow)?;
    } else {
        println!("==> Without the module for WebGPU: the page computes on the CPU; --webgpu includes it");
    }
    let folder = workspace::path("dist");
    let files = step("Make dist/", || make(&Workshop::here(), &folder, options))?;
    let size = |start: &str, end: &str| -> usize {
        let chosen = files
            .iter()
            .filter(|(path, _)| path.starts_with(start) && path.ends_with(end));
        chosen.map(|(_, bytes)| bytes.len()).sum::<usize>() / 1000
    };
    println!(
        "dist/site              {} kB of static files with their compressed copies, and _headers",
        size("site/", "")
    );
    println!(
        "dist/latent-lab-*.tgz  {} kB, for npm install",
        size("latent-lab-", ".tgz")
    );
    if options.single_file {
        println!(
            "dist/latent-lab.html   {} kB, runs from a file",
            size("latent-lab.html", "")
        );
    }
    println!("dist/SHA256SUMS        of all of them; sha256sum --check reads it");
    Ok(())
}

/// Makes everything in a folder, in place of what was there; returns what was written.
///
/// # Errors
/// As [`dist`].
pub(crate) fn make(workshop: &Workshop, folder: &Path, options: Options) -> Result<Tree> {
    let scratch = workspace::target().join("dist");
    let files = page_files(workshop, options)?;
    check_no_paths(&files)?;
    let absent: &[&str] = if options.webgpu { &[] } else { &[WEBGPU_FOLDER] };
    let sources = Sources::read(&files, absent)?;

    let mut all = Tree::new();
    let mut add = |prefix: &str, tree: Tree| {
        all.extend(
            tree.into_iter()
                .map(|(path, bytes)| (format!("{prefix}{path}"), bytes)),
        )
    };
    let site = site(&sources)?;
    add("site/", compress::copies(&site)?);
    add("site/", site);
    let package = package(&sources, &files, workshop, &scratch)?;
    let version = npm::version(tree::text(&package, "package.json")?)?;
    add(
        "",
        Tree::from([(format!("latent-lab-{version}.tgz"), npm::tarball(&package)?)]),
    );
    if options.single_file {
        single::scratch(&scratch)?;
        let page = single::page(&sources, &files, &scratch)?;
        add(
            "",
            Tree::from([("latent-lab.html".to_owned(), page.into_bytes())]),
        );
    }
    let sums = sums::list(&all);
    all.insert("SHA256SUMS".to_owned(), sums.into_bytes());

    // Complete, or as it was: an error above has changed nothing.
    let fresh = folder.with_extension("new");
    let _ = fs::remove_dir_all(&fresh);
    tree::write(&all, &fresh)?;
    let _ = fs::remove_dir_all(folder);
    fs::rename(&fresh, folder)
        .with_context(|| format!("cannot move {} to {}", fresh.display(), folder.display()))?;
    Ok(all)
}

/// What the page's tests look at, in a folder: `one/`, made as `dist` makes it, without the module for WebGPU; and `next/`, the
/// site again, with every script, sheet and page changed.
///
/// # Errors
/// As [`dist`], and when the same files in another place do not give the same bytes.
pub(crate) fn for_tests(folder: &Path) -> Result<()> {
    let options = Options {
        single_file: true,
        ..Default::default()
    };
    let one = make(&Workshop::here(), &folder.join("one"), options)?;
    let moved = folder.join("moved/to another place");
    let _ = fs::remove_dir_all(folder.join("moved"));
    let there = Workshop {
        www: moved.join("www"),
        pkg: moved.join("pkg"),
    };
    let mut files = page_files(&Workshop::here(), options)?;
    for name in PACKAGE_FILES {
        files.insert(format!("pkg/{name}"), read(&workspace::path("pkg").join(name))?);
    }
    let (pkg, www) = files.into_iter().partition(|(path, _)| path.starts_with("pkg/"));
    tree::write(&pkg, &moved)?;
    tree::write(&www, &there.www)?;
    let twin = make(&there, &folder.join("twin"), options)?;
    if let Some(path) = one
        .keys()
        .chain(twin.keys())
        .find(|path| one.get(*path) != twin.get(*path))
    {
        bail!("{path} is not the same when it is made again, from the same files in another place");
    }

    let mut files = page_files(&Workshop::here(), options)?;
    for (path, bytes) in &mut files {
        match tree::extension(path) {
            "js" | "css" => bytes.extend(b"\n/* the next release */\n"),
            "html" => bytes.extend(b"<!-- the next release -->\n"),
            _ => {}
        }
    }
    let next = folder.join("next");
    let _ = fs::remove_dir_all(&next);
    tree::write(
        &site(&Sources::read(&files, &[WEBGPU_FOLDER])?)?,
        &next.join("site"),
    )
}

/// What the page consists of, as it is served: `www/`, and the modules below `pkg/`.
fn page_files(workshop: &Workshop, options: Options) -> Result<Tree> {
    let mut files = Tree::new();
    tree::read(&workshop.www, "", &mut files)?;
    for module in MODULES.iter().chain(WEBGPU.iter().filter(|_| options.webgpu)) {
        tree::read(
            &workshop.pkg.join(module.name),
            &format!("pkg/{}/", module.name),
            &mut files,
        )?;
    }
    Ok(files)
}

fn site(sources: &Sources) -> Result<Tree> {
    let mut site = sources.publish()?;
    offline::prepare(sources, &mut site, WEBGPU_FOLDER)?;
    let headers = headers::headers(&site);
    site.insert("_headers".to_owned(), headers.into_bytes());
    Ok(site)
}

/// What lies in the npm package: the element's modules as they are written, its files, and types.
fn package(sources: &Sources, files: &Tree, workshop: &Workshop, scratch: &Path) -> Result<Tree> {
    single::scratch(scratch)?;
    let mut package = Tree::new();
    for name in PACKAGE_FILES {
        package.insert(name.to_owned(), read(&workshop.pkg.join(name))?);
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        package.insert(name.to_owned(), read(&workspace::path(name))?);
    }
    let all = |entry: &&str| sources.reached(entry, &|_, to| tree::extension(to) != "html");
    for path in ENTRIES.iter().flat_map(all) {
        let bytes = sources.rewritten(&path, |_, _| Ok(None))?;
        package.insert(path, bytes);
    }
    package.extend(
        files
            .iter()
            .filter(|(path, _)| is_card(path))
            .map(|(path, bytes)| (path.clone(), bytes.clone())),
    );
    // One script without imports: a bundler that copies it as it is has all of it.
    let worker = bundle(&workshop.www.join("worker.js"), &scratch.join("worker.js"))?;
    package.insert("worker.js".to_owned(), worker);
    package.extend(types(scratch)?);
    // The same for every engine; the scripts' types refer to it.
    let module = "pkg/cpu/latent_lab.d.ts";
    let types = files.get(module).with_context(|| format!("{module} is missing"))?;
    package.insert(module.to_owned(), types.clone());
    Ok(package)
}

/// Cards of models, and licenses of what others wrote.
fn is_card(path: &str) -> bool {
    (path.starts_with("models/") && path.ends_with(".md"))
        || (path.starts_with("vendor/") && path.ends_with("LICENSE"))
}

/// Type declarations, made from the comments of the sources.
fn types(scratch: &Path) -> Result<Tree> {
    let folder = scratch.join("types");
    let mut tsc = node::need_tool("typescript/bin/tsc")?;
    // Of what the package has alone, so without the workspace's settings.
    tsc.args(ENTRIES.map(|entry| format!("www/{entry}")))
        .args([
            "--ignoreConfig",
            "--allowJs",
            "--declaration",
            "--emitDeclarationOnly",
        ])
        .args([
            "--target",
            "es2022",
            "--module",
            "esnext",
            "--moduleResolution",
            "bundler",
        ])
        .args(["--lib", "es2022,dom,dom.iterable", "--rootDir", "www", "--outDir"])
        .arg(&folder);
    run(tsc)?;
    let mut types = Tree::new();
    declarations(&folder, "", &mut types)?;
    // Those that are written by hand go before what is made.
    declarations(&workspace::path("www"), "", &mut types)?;
    Ok(types)
}

fn declarations(folder: &Path, prefix: &str, types: &mut Tree) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            declarations(&path, &format!("{prefix}{name}/"), types)?;
        } else if name.ends_with(".d.ts") {
            types.insert(format!("{prefix}{name}"), read(&path)?);
        }
    }
    Ok(())
}

/// One script of a module and all that it imports.
fn bundle(from: &Path, to: &Path) -> Result<Vec<u8>> {
    let mut node = crate::command("node");
    node.arg("xtask/src/dist/bundle.mjs").arg(from).arg(to);
    run(node)?;
    read(to)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// No file may name a folder of this machine: it would differ on another, and is nobody's business.
fn check_no_paths(files: &Tree) -> Result<()> {
    let folders: Vec<String> = [
        Some(workspace::root()),
        env::home_dir(),
        env::var_os("CARGO_HOME").map(PathBuf::from),
    ]
    .into_iter()
    .flatten()
    .map(|folder| format!("{}/", folder.display()))
    // `/` alone is everywhere.
    .filter(|folder| folder.len() > 2)
    .collect();
    for (path, bytes) in files {
        for folder in &folders {
            if bytes
                .windows(folder.len())
                .any(|window| window == folder.as_bytes())
            {
                bail!("{path} names {folder}, a folder of this machine");
            }
        }
    }
    Ok(())
}
