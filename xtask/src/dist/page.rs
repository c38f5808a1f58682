//! The page's files, and Vite, which builds them.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use super::{
    Folders, Options,
    tree::{self, Tree},
};
use crate::{
    process::run,
    wasm::{MODULES, WEBGPU},
    workspace,
};

/// The results of Vite.
pub(crate) struct Page {
    /// Files by their address.
    pub(crate) site: Tree,
    /// The sources as the npm package has them: without the addresses of absent modules, and with the worker as one script.
    pub(crate) source: Tree,
    /// The page of figures in notebooks, and their attributes with their defaults; empty unless asked for.
    pub(crate) notebook: Tree,
    /// The page as one file.
    pub(crate) single_file: Option<Vec<u8>>,
}

/// The page as it is served while developing: `www/`, and the modules below `pkg/`.
///
/// # Errors
/// When a file cannot be read, or names a folder of this machine.
pub(crate) fn files(folders: &Folders, options: Options) -> Result<Tree> {
    let mut files = Tree::new();
    tree::read(&folders.www, "", &mut files)?;
    for module in MODULES.iter().chain(WEBGPU.iter().filter(|_| options.webgpu)) {
        let folder = folders.pkg.join(module.name);
        tree::read(&folder, &format!("pkg/{}/", module.name), &mut files)?;
    }
    check_no_paths(&files)?;
    Ok(files)
}

/// The other builds of Vite beside the site.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extras {
    /// The page of figures in notebooks.
    pub(crate) notebook: bool,
    /// The page as one file.
    pub(crate) single_file: bool,
}

/// Lets Vite build `files`.
///
/// # Errors
/// When it fails or has a warning.
pub(crate) fn build(files: &Tree, scratch: &Path, extras: Extras) -> Result<Page> {
    let (source, out) = (scratch.join("source"), scratch.join("out"));
    let _ = fs::remove_dir_all(scratch);
    tree::write(files, &source)?;
    fs::create_dir_all(&out)?;
    let mut node = crate::command("node");
    node.arg("xtask/vite/build.mjs").arg(&source).arg(&out);
    if extras.notebook {
        node.arg("--notebook");
    }
    if extras.single_file {
        node.arg("--single-file");
    }
    run(node)?;
    let (mut site, mut changed) = (Tree::new(), Tree::new());
    tree::read(&out.join("site"), "", &mut site)?;
    tree::read(&source, "", &mut changed)?;
    let notebook = ["notebook.html", "attributes.json"]
        .into_iter()
        .filter(|_| extras.notebook)
        .map(|name| Ok((name.to_owned(), tree::read_file(&out.join(name))?)))
        .collect::<Result<Tree>>()?;
    let page = out.join("latent-lab.html");
    Ok(Page {
        site,
        source: changed,
        notebook,
        single_file: extras.single_file.then(|| tree::read_file(&page)).transpose()?,
    })
}

/// No file may name a folder of this machine: it would differ on another one, and is private.
fn check_no_paths(files: &Tree) -> Result<()> {
    let folders: Vec<String> = [
        Some(workspace::root()),
        env::home_dir(),
        env::var_os("CARGO_HOME").map(PathBuf::from),
    ]
    .into_iter()
    .flatten()
    .map(|folder| format!("{}/", folder.display()))
    // `/` alone occurs everywhere.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_names_a_folder_of_this_machine_is_refused() {
        let line = format!("// {}/www", workspace::root().display());
        let error = check_no_paths(&Tree::from([("a.js".to_owned(), line.into_bytes())])).unwrap_err();
        assert!(error.to_string().starts_with("a.js names "), "{error}");
    }
}
