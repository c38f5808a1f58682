//! The npm package as the tarball that `npm pack` would make, but the same bytes each time.

use anyhow::{Context, Result, bail};

use super::{compress::gzip, tree::Tree};

/// Bytes of a block of a tarball.
const BLOCK: usize = 512;

/// npm's own choice for every file: a time that a package was not made at.
const TIME: u64 = 499_162_500;

/// `latent-lab-VERSION.tgz` of what lies in `package`.
///
/// # Errors
/// When a path does not fit.
pub(crate) fn tarball(package: &Tree) -> Result<Vec<u8>> {
    let mut tar = Vec::new();
    for (path, bytes) in package {
        tar.extend(head(&format!("package/{path}"), bytes.len())?);
        tar.extend(bytes);
        tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    gzip(&tar)
}

/// The version that `package.json` states.
///
/// # Errors
/// When it states none.
pub(crate) fn version(package_json: &str) -> Result<String> {
    let package: serde_json::Value = serde_json::from_str(package_json).context("package.json is no JSON")?;
    Ok(package["version"]
        .as_str()
        .context("package.json has no version")?
        .to_owned())
}

/// One file's block as POSIX.1-1988 has it ("ustar").
fn head(path: &str, length: usize) -> Result<[u8; BLOCK]> {
    let mut head = [0; BLOCK];
    let mut put = |at: usize, text: &str| head[at..at + text.len()].copy_from_slice(text.as_bytes());
    if path.len() > 100 {
        bail!("{path} is too long a name for a tarball");
    }
    put(0, path);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{length:011o}\0"));
    put(136, &format!("{TIME:011o}\0"));
    put(156, "0");
    put(257, "ustar\x0000");
    // The sum is over the block with spaces in the sum's place.
    put(148, "        ");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(head)
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::*;
    use crate::workspace;

    #[test]
    fn tar_unpacks_what_was_packed() {
        let home = workspace::target().join("xtask-tests/npm");
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        let package = Tree::from([
            ("a/b.js".to_owned(), b"export {};".to_vec()),
            ("empty".to_owned(), Vec::new()),
            ("long.bin".to_owned(), vec![7; 3 * BLOCK + 1]),
        ]);
        fs::write(home.join("p.tgz"), tarball(&package).unwrap()).unwrap();
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
        assert_eq!(version(&package).unwrap(), env!("CARGO_PKG_VERSION"));
    }

    #[test]
    fn a_name_that_does_not_fit_is_an_error() {
        assert!(head(&"a".repeat(101), 1).is_err());
    }
}
