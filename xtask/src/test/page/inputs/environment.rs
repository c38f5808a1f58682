//! The environment of tests, which decides their results beside their inputs: programs, npm's packages, variables, and the runner itself.

use std::{env, fs, path::Path};

use super::trace;
use crate::{
    dist::sums::{hex, sha256},
    process::output,
    test::page::{BROWSERS, browser_version},
    workspace,
};

/// To be increased with each change of the records, or of the way tests are run.
const FORMAT: &str = "1";

/// The server that tests ask.
const SERVER: [&str; 2] = [
    include_str!("../../../serve.rs"),
    include_str!("../../../http.rs"),
];

/// npm's packages, the names by which they are imported, and the crates that the server is made of.
const PACKAGES: [&str; 3] = ["package-lock.json", "package.json", "Cargo.lock"];

/// Folder of the preload.
const TRACE: &str = "xtask/trace";

/// Variables, beside those of [`PREFIXES`], that change what programs do.
const VARIABLES: [&str; 5] = ["LANG", "LANGUAGE", "LC_ALL", "NODE_OPTIONS", "TZ"];

/// Begin the names of variables that tests may read, and of those that change what browsers and their libraries do.
const PREFIXES: [&str; 9] = [
    "LATENT_LAB_",
    "CHROMIUM_",
    "MOZ_",
    "WEBKIT_",
    "GTK_",
    "GDK_",
    "LIBGL_",
    "MESA_",
    "LD_",
];

/// Variables that the runner sets anew for each run.
const SET: [&str; 5] = [
    "LATENT_LAB_URL",
    "LATENT_LAB_DIST",
    "LATENT_LAB_PYTHON",
    trace::LIST,
    trace::PROGRAMS,
];

/// Digest of this process's environment.
pub(in crate::test::page) fn environment() -> String {
    let mut programs = vec![output("node", &["-p", "process.execPath + process.version"])];
    programs.extend(BROWSERS.iter().map(|(file, _)| program(file)));
    let variables = env::vars_os().map(|(name, value)| {
        let text = |part: std::ffi::OsString| part.to_string_lossy().into_owned();
        (text(name), text(value))
    });
    digest(&workspace::root(), &programs, variables.collect())
}

/// A program's path, version, size and date.
fn program(file: &str) -> Option<String> {
    let data = fs::metadata(file).ok()?;
    let version = browser_version(file)?;
    Some(format!(
        "{file} {version} {} {:?}",
        data.len(),
        data.modified().ok()?
    ))
}

fn digest(root: &Path, programs: &[Option<String>], mut variables: Vec<(String, String)>) -> String {
    variables.retain(|(name, _)| is_read(name));
    variables.sort();
    let packages = PACKAGES.map(|file| fs::read(root.join(file)).ok());
    let all = format!(
        "{FORMAT} {} {SERVER:?} {packages:?} {:?} {programs:?} {variables:?}",
        env::consts::ARCH,
        preload(root)
    );
    hex(&sha256(all.as_bytes()))
}

/// True for a variable that tests, or programs that they start, may read.
fn is_read(name: &str) -> bool {
    let is_named_so = PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    (is_named_so && !SET.contains(&name)) || VARIABLES.contains(&name)
}

/// The sources of the preload, by name.
fn preload(root: &Path) -> Option<Vec<(String, String)>> {
    let entries = fs::read_dir(root.join(TRACE)).ok()?;
    let mut sources = entries
        .map(|entry| {
            let path = entry.ok()?.path();
            Some((path.display().to_string(), fs::read_to_string(path).ok()?))
        })
        .collect::<Option<Vec<_>>>()?;
    sources.sort();
    Some(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lockfile_preload_programs_and_variables_are_part_of_the_environment() {
        let root = workspace::target().join("xtask-tests/environment");
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join(TRACE)).unwrap();
        fs::write(root.join("package-lock.json"), "{}").unwrap();
        let with = |version: &str, variables: &[(&str, &str)]| {
            let variables = variables.iter().map(|&(name, value)| (name.into(), value.into()));
            digest(&root, &[Some(version.into())], variables.collect())
        };
        let first = with("1", &[]);
        assert_eq!(
            with("1", &[("HOME", "/root"), ("LATENT_LAB_URL", "http://[::1]/")]),
            first
        );
        assert_ne!(with("2", &[]), first);
        assert_ne!(with("1", &[("LATENT_LAB_DATA", "/data")]), first);
        assert_ne!(with("1", &[("TZ", "UTC")]), first);
        assert_ne!(with("1", &[("MOZ_WEBRENDER", "0")]), first);
        fs::write(root.join("package-lock.json"), "{ }").unwrap();
        let second = with("1", &[]);
        assert_ne!(second, first);
        fs::write(root.join(TRACE).join("preload.mjs"), "").unwrap();
        assert_ne!(with("1", &[]), second);
    }
}
