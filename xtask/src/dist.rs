//! `cargo xtask dist`: the hosted site, the packages for npm and for Python, and the page as one file.
//!
//! Vite bundles the page (`page`, and `xtask/vite`). Added here: `headers` the `_headers` of static hosts, `compress` the
//! compressed copies, `package` the npm package, `wheel` that for Python in a `zip`, `sums` the digests. `tree` holds files in
//! memory.
//!
//! The same sources give the same bytes: everything is sorted, and nothing depends on the time, or on paths and orders of this
//! machine.

mod compress;
mod headers;
mod package;
mod page;
pub(crate) mod sums;
mod tree;
mod wheel;
mod zip;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use self::{
    page::{Extras, Page},
    tree::Tree,
};
use crate::{
    process::step,
    profile::Profile,
    wasm::{self, MODULES, Warnings},
    workspace,
};

/// Scripts that other people's pages include: they keep their names and import the hashed ones. `xtask/vite/entries.mjs` writes
/// them.
const ENTRIES: [&str; 2] = ["latent-lab.js", "element.js"];

/// Folder of hashed files.
const ASSETS: &str = "assets/";

/// The script that makes the site work offline.
const SERVICE_WORKER: &str = "service-worker.js";

/// Options of a release.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// With the module for WebGPU, which takes minutes to build.
    pub(crate) webgpu: bool,
    /// Also the page as one file.
    pub(crate) single_file: bool,
}

/// Folders that `dist` reads, and its work folder.
pub(crate) struct Folders {
    /// The page.
    pub(crate) www: PathBuf,
    /// The modules, and the npm package's own files.
    pub(crate) pkg: PathBuf,
    /// Emptied before use.
    pub(crate) scratch: PathBuf,
}

impl Folders {
    /// The folders of the workspace.
    pub(crate) fn of_workspace() -> Self {
        Self {
            www: workspace::path("www"),
            pkg: workspace::path("pkg"),
            scratch: workspace::target().join("dist"),
        }
    }
}

/// Builds the modules and makes `dist/`.
///
/// # Errors
/// When a tool is missing or fails, or a file refers to a missing one.
pub(crate) fn dist(options: Options) -> Result<()> {
    if options.webgpu {
        wasm::build(wasm::all(), Profile::Release, Warnings::Allow)?;
    } else {
        wasm::build(&MODULES, Profile::Release, Warnings::Allow)?;
        println!("==> Without the module for WebGPU: the page computes on the CPU; --webgpu includes it");
    }
    let folder = workspace::path("dist");
    let files = step("Make dist/", || make(&Folders::of_workspace(), &folder, options))?;
    report(&files);
    Ok(())
}

fn report(files: &Tree) {
    let kilobytes = |start: &str| -> usize {
        let chosen = files.iter().filter(|(path, _)| path.starts_with(start));
        chosen.map(|(_, bytes)| bytes.len()).sum::<usize>() / 1000
    };
    let lines = [
        (
            "site/",
            "dist/site              ",
            "static files with their compressed copies, and _headers",
        ),
        ("latent-lab-", "dist/latent-lab-*.tgz  ", "for npm install"),
        (
            "latent_lab-",
            "dist/latent_lab-*.whl  ",
            "for pip install: figures in notebooks",
        ),
        ("latent-lab.html", "dist/latent-lab.html   ", "runs from a file"),
    ];
    for (start, name, what) in lines {
        if kilobytes(start) > 0 {
            println!("{name}{} kB, {what}", kilobytes(start));
        }
    }
    println!("dist/SHA256SUMS        of all of them; sha256sum --check reads it");
}

/// Makes everything in a folder, replacing its contents; returns what was written.
///
/// # Errors
/// As [`dist`].
pub(crate) fn make(folders: &Folders, folder: &Path, options: Options) -> Result<Tree> {
    let files = page::files(folders, options)?;
    let extras = Extras {
        notebook: true,
        single_file: options.single_file,
    };
    let Page {
        site,
        source,
        notebook,
        single_file,
    } = page::build(&files, &folders.scratch, extras)?;
    let mut all = Tree::new();
    let mut add = |prefix: &str, tree: Tree| {
        all.extend(
            tree.into_iter()
                .map(|(path, bytes)| (format!("{prefix}{path}"), bytes)),
        );
    };
    let site = with_headers(site);
    add("site/", compress::copies(&site)?);
    add("site/", site);
    add("", package::package(&source, folders)?);
    add("", wheel::wheel(&source, notebook)?);
    if let Some(page) = single_file {
        all.insert("latent-lab.html".to_owned(), page);
    }
    let sums = sums::list(&all);
    all.insert("SHA256SUMS".to_owned(), sums.into_bytes());

    // Complete or unchanged: an error above has changed nothing.
    let fresh = folder.with_extension("new");
    let _ = fs::remove_dir_all(&fresh);
    tree::write(&all, &fresh)?;
    let _ = fs::remove_dir_all(folder);
    fs::rename(&fresh, folder)
        .with_context(|| format!("cannot move {} to {}", fresh.display(), folder.display()))?;
    Ok(all)
}

fn with_headers(mut site: Tree) -> Tree {
    let headers = headers::headers(&site);
    site.insert("_headers".to_owned(), headers.into_bytes());
    site
}

/// Makes the page tests' inputs in a folder: `one/`, as `dist` makes it, without the module for
/// WebGPU; and `next/`, the site again, with every script, style sheet and page changed.
///
/// # Errors
/// As [`dist`], and when the same files in another place do not give the same bytes.
pub(crate) fn for_tests(folder: &Path) -> Result<()> {
    let options = Options {
        single_file: true,
        ..Default::default()
    };
    let here = Folders::of_workspace();
    let one = make(&here, &folder.join("one"), options)?;
    let twin = make(&moved(folder, options)?, &folder.join("twin"), options)?;
    let paths = one.keys().chain(twin.keys());
    if let Some(path) = paths.into_iter().find(|path| one.get(*path) != twin.get(*path)) {
        bail!("{path} is not the same when it is made again, from the same files in another place");
    }

    let mut files = page::files(&here, options)?;
    for (path, bytes) in &mut files {
        match tree::extension(path) {
            // Formatted as a license comment, so that minifiers keep it.
            "js" | "css" => bytes.extend(b"\n/*! the next release */\n"),
            "html" => bytes.extend(b"<!-- the next release -->\n"),
            _ => {}
        }
    }
    let next = folder.join("next");
    let _ = fs::remove_dir_all(&next);
    let site = page::build(&files, &here.scratch, Extras::default())?.site;
    tree::write(&with_headers(site), &next.join("site"))
}

/// A copy of what `dist` reads, in a folder with a space in its name.
fn moved(folder: &Path, options: Options) -> Result<Folders> {
    let home = folder.join("moved");
    let _ = fs::remove_dir_all(&home);
    let home = home.join("to another place");
    let there = Folders {
        www: home.join("www"),
        pkg: home.join("pkg"),
        scratch: home.join("scratch"),
    };
    let here = Folders::of_workspace();
    let mut files = page::files(&here, options)?;
    for name in package::OWN_FILES {
        files.insert(format!("pkg/{name}"), tree::read_file(&here.pkg.join(name))?);
    }
    let (pkg, www) = files.into_iter().partition(|(path, _)| path.starts_with("pkg/"));
    tree::write(&pkg, &home)?;
    tree::write(&www, &there.www)?;
    Ok(there)
}
