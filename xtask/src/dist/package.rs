//! The npm package: the element's modules as they are written, its files, and types.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use tar::{Builder, Header};

use super::{
    ENTRIES, Folders, SERVICE_WORKER,
    compress::gzip,
    tree::{self, Tree},
};
use crate::{node, process::run, workspace};

/// Files of `pkg/` beside the modules.
pub(crate) const OWN_FILES: [&str; 2] = ["package.json", "README.md"];

/// The time that npm gives every file, which is not that of a package's making.
const TIME: u64 = 499_162_500;

/// `latent-lab-VERSION.tgz`.
///
/// # Errors
/// When a file is missing, or the types cannot be made.
pub(crate) fn package(files: &Tree, folders: &Folders) -> Result<Tree> {
    let mut package = Tree::new();
    for name in OWN_FILES {
        package.insert(name.to_owned(), tree::read_file(&folders.pkg.join(name))?);
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        package.insert(name.to_owned(), tree::read_file(&workspace::path(name))?);
    }
    let description: Value =
        serde_json::from_str(tree::text(&package, "package.json")?).context("package.json is invalid")?;
    let chosen = files
        .iter()
        .filter(|(path, _)| is_listed(path, &description["files"]));
    package.extend(chosen.map(|(path, bytes)| (path.clone(), bytes.clone())));
    package.extend(types(&folders.scratch)?);
    let version = description["version"]
        .as_str()
        .context("package.json has no version")?;
    Ok(Tree::from([(
        format!("latent-lab-{version}.tgz"),
        tarball(&package)?,
    )]))
}

/// True if `files` of `package.json` includes a file: by its folder, or as `*.js`.
fn is_listed(path: &str, list: &Value) -> bool {
    let mut names = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    let is_named = |name: &str| match name.strip_prefix('*') {
        Some(end) => !path.contains('/') && path.ends_with(end),
        None => path.strip_prefix(name).is_some_and(|rest| rest.starts_with('/')),
    };
    names.any(is_named) && path != SERVICE_WORKER
}

/// Type declarations, made from the comments of the sources.
fn types(scratch: &Path) -> Result<Tree> {
    let folder = scratch.join("types");
    let mut tsc = node::need_tool("typescript/bin/tsc")?;
    // From the package's files alone, so without the workspace's settings.
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
    tree::read_declarations(&folder, "", &mut types)?;
    // Handwritten declarations replace generated ones.
    tree::read_declarations(&workspace::path("www"), "", &mut types)?;
    Ok(types)
}

/// The tarball that `npm pack` would make, but the same bytes each time.
fn tarball(package: &Tree) -> Result<Vec<u8>> {
    let mut tar = Builder::new(Vec::new());
    for (path, bytes) in package {
        let mut header = Header::new_ustar();
        header.set_mode(0o644);
        header.set_mtime(TIME);
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, format!("package/{path}"), &bytes[..])
            .with_context(|| format!("cannot pack {path}"))?;
    }
    gzip(&tar.into_inner()?)
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::*;

    #[test]
    fn tar_can_unpack_the_archive() {
        let home = workspace::target().join("xtask-tests/npm");
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        let package = Tree::from([
            ("a/b.js".to_owned(), b"export {};".to_vec()),
            ("empty".to_owned(), Vec::new()),
            (format!("{}/long.bin", "a".repeat(90)), vec![7; 3 * 512 + 1]),
        ]);
        let bytes = tarball(&package).unwrap();
        assert_eq!(tarball(&package).unwrap(), bytes);
        fs::write(home.join("p.tgz"), bytes).unwrap();
        let mut tar = Command::new("tar");
        let unpacked = tar.args(["-xzf", "p.tgz"]).current_dir(&home).status().unwrap();
        assert!(unpacked.success());
        for (path, bytes) in &package {
            assert_eq!(
                &fs::read(home.join("package").join(path)).unwrap(),
                bytes,
                "{path}"
            );
        }
    }

    #[test]
    fn the_package_has_the_version_of_the_crate() {
        let package = fs::read_to_string(workspace::path("pkg/package.json")).unwrap();
        let package: Value = serde_json::from_str(&package).unwrap();
        assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    }

    #[test]
    fn the_package_contains_the_files_of_the_element_and_none_of_the_page() {
        let list = serde_json::json!(["*.js", "models", "views"]);
        for path in ["element.js", "models/digits.safetensors", "views/train/figure.js"] {
            assert!(is_listed(path, &list), "{path}");
        }
        for path in [
            "page/embed.js",
            "service-worker.js",
            "variants/frame.js",
            "index.html",
            "modelsx/a.js",
        ] {
            assert!(!is_listed(path, &list), "{path}");
        }
    }
}
