//! Tells which paths are inputs.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::state::EVERYTHING;

/// Folders that decide about a path.
pub(super) struct Places {
    /// The workspace.
    pub(super) root: PathBuf,
    /// Holds the releases that tests read.
    pub(super) releases: PathBuf,
    /// Cargo's folder; the releases may be in it.
    pub(super) target: PathBuf,
}

impl Places {
    /// The input that a path stands for; `None` for what is outside the workspace, and for npm's packages, which the lockfile decides.
    ///
    /// # Errors
    /// When it was built in an unknown way; the message completes "because it …".
    pub(super) fn input(&self, path: &Path) -> Result<Option<String>> {
        if path.starts_with(&self.releases) {
            return Ok(Some(EVERYTHING.into()));
        }
        let Some(inside) = self.inside(path) else {
            return Ok(None);
        };
        if inside.iter().any(|part| part == "node_modules") {
            return Ok(None);
        }
        match inside.to_str() {
            _ if path.starts_with(&self.target) => bail!("read {}", path.display()),
            None => bail!("read {}", path.display()),
            Some("") => Ok(Some(".".into())),
            Some(input) => Ok(Some(input.to_owned())),
        }
    }

    /// The path relative to the workspace, which node knows without symbolic links.
    fn inside<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        let real = self.root.canonicalize().ok()?;
        path.strip_prefix(&self.root)
            .or_else(|_| path.strip_prefix(real))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_workspace_are_inputs_and_a_release_counts_as_all_of_them() {
        let places = Places {
            root: "/".into(),
            releases: "/target/page-tests".into(),
            target: "/target".into(),
        };
        let input = |path: &str| places.input(Path::new(path)).map_err(|error| error.to_string());
        let is = |input: &str| Ok(Some(input.to_owned()));
        assert_eq!(input("/www/a.js"), is("www/a.js"));
        assert_eq!(input("/"), is("."));
        assert_eq!(input("/target/page-tests/one/site/index.html"), is("(all files)"));
        assert_eq!(input("/node_modules/axe-core/axe.js"), Ok(None));
        assert_eq!(input("/www/node_modules/a.js"), Ok(None));
        assert_eq!(
            input("/target/debug/latent-lab"),
            Err("read /target/debug/latent-lab".into())
        );
    }

    #[test]
    fn files_outside_the_workspace_are_not_inputs() {
        let places = Places {
            root: crate::workspace::root(),
            releases: "/nowhere".into(),
            target: "/nowhere".into(),
        };
        assert_eq!(places.input(Path::new("/etc/hosts")).unwrap(), None);
        let here = places.root.canonicalize().unwrap().join("Cargo.toml");
        assert_eq!(places.input(&here).unwrap(), Some("Cargo.toml".into()));
    }
}
