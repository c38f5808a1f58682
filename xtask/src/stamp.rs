//! Whether what was built is still what would be built.
//!
//! Cargo cannot say: it keeps one place for a path crate's cdylib, whatever its features, so that two builds with
//! different features replace each other and both look out of date.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{wasm::Warnings, workspace};

/// Everything of the workspace that goes into a module, and the tool that makes it.
const SOURCES: [&str; 7] = [
    "src",
    "crates",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "xtask/src/wasm.rs",
    "xtask/src/toolchain.rs",
];

/// A file that says from what an output was made.
pub(crate) struct Stamp {
    file: PathBuf,
    hash: u64,
}

impl Stamp {
    /// The stamp that a build now, by `recipe`, would leave in `file`. What is `unused` may change.
    ///
    /// # Errors
    /// When a source cannot be read.
    pub(crate) fn of_sources(file: &Path, recipe: &str, unused: &[&str]) -> Result<Self> {
        let unused: Vec<PathBuf> = unused.iter().map(|path| workspace::path(path)).collect();
        Self::of(file, recipe, &SOURCES.map(workspace::path), &unused)
    }

    fn of(file: &Path, recipe: &str, sources: &[PathBuf], unused: &[PathBuf]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        recipe.hash(&mut hasher);
        for source in sources {
            hash_tree(source, unused, &mut hasher)?;
        }
        Ok(Self {
            file: file.to_owned(),
            hash: hasher.finish(),
        })
    }

    /// Whether the file says the same; where warnings are denied, also that there were none.
    pub(crate) fn holds(&self, warnings: Warnings) -> bool {
        let Ok(found) = fs::read_to_string(&self.file) else {
            return false;
        };
        found == self.text(false) || (warnings == Warnings::Allow && found == self.text(true))
    }

    /// Takes it away before the output changes: a build that is broken off leaves no stamp.
    pub(crate) fn remove(&self) {
        let _ = fs::remove_file(&self.file);
    }

    /// Leaves it after the output is complete.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(&self, warned: bool) -> Result<()> {
        fs::write(&self.file, self.text(warned))
            .with_context(|| format!("cannot write {}", self.file.display()))
    }

    fn text(&self, warned: bool) -> String {
        format!(
            "{:016x} {}\n",
            self.hash,
            if warned { "with warnings" } else { "clean" }
        )
    }
}

fn hash_tree(path: &Path, unused: &[PathBuf], hasher: &mut DefaultHasher) -> Result<()> {
    if unused.iter().any(|other| other == path) {
        return Ok(());
    }
    let context = || format!("cannot read {}", path.display());
    path.hash(hasher);
    if path.is_dir() {
        let entries = fs::read_dir(path).with_context(context)?;
        let mut paths = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>>>()?;
        paths.sort();
        return paths.iter().try_for_each(|path| hash_tree(path, unused, hasher));
    }
    fs::read(path).with_context(context)?.hash(hasher);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_until_a_source_the_recipe_or_the_demand_changes() {
        let home = workspace::target().join("xtask-tests/stamp");
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(home.join("src/inner")).unwrap();
        fs::write(home.join("src/inner/a.rs"), "one").unwrap();
        let (file, sources) = (home.join("stamp"), [home.join("src")]);
        let unused = [home.join("src/other.rs")];
        let stamp = |recipe| Stamp::of(&file, recipe, &sources, &unused).unwrap();

        assert!(!stamp("demo").holds(Warnings::Allow), "nothing was built yet");
        stamp("demo").write(true).unwrap();
        assert!(stamp("demo").holds(Warnings::Allow));
        assert!(!stamp("demo").holds(Warnings::Deny), "it was built with warnings");
        stamp("demo").write(false).unwrap();
        assert!(stamp("demo").holds(Warnings::Deny));
        assert!(!stamp("release").holds(Warnings::Allow));

        fs::write(home.join("src/other.rs"), "of no use").unwrap();
        assert!(stamp("demo").holds(Warnings::Deny));
        fs::write(home.join("src/inner/a.rs"), "two").unwrap();
        assert!(!stamp("demo").holds(Warnings::Allow));
        fs::write(home.join("src/inner/a.rs"), "one").unwrap();
        assert!(stamp("demo").holds(Warnings::Allow));
        fs::rename(home.join("src/inner/a.rs"), home.join("src/inner/b.rs")).unwrap();
        assert!(!stamp("demo").holds(Warnings::Allow));
        stamp("demo").remove();
        assert!(!file.exists());
    }
}
