//! `Stamp`: a hash of an input and a recipe, left beside an output that was made from them.
//!
//! Called by `wasm`, whose steps after cargo take seconds to minutes. Reads only its own file.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// A file that records the input of an output.
pub(crate) struct Stamp {
    file: PathBuf,
    text: String,
}

impl Stamp {
    /// The stamp that making an output from `input` by `recipe` would leave in `file`.
    pub(crate) fn of(file: &Path, recipe: &str, input: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        (recipe, input).hash(&mut hasher);
        Self {
            file: file.to_owned(),
            text: format!("{:016x}\n", hasher.finish()),
        }
    }

    /// True if the file has the same stamp.
    pub(crate) fn holds(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|found| found == self.text)
    }

    /// Removes it before the output changes: an interrupted build leaves no stamp.
    pub(crate) fn remove(&self) {
        let _ = fs::remove_file(&self.file);
    }

    /// Writes it after the output is complete.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(&self) -> Result<()> {
        fs::write(&self.file, &self.text).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn a_stamp_is_valid_until_the_input_or_the_recipe_changes() {
        let home = workspace::target().join("xtask-tests/stamp");
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        let file = home.join("stamp");
        let stamp = |recipe: &str, input: &str| Stamp::of(&file, recipe, input.as_bytes());

        assert!(!stamp("demo", "one").holds(), "nothing was built yet");
        stamp("demo", "one").write().unwrap();
        assert!(stamp("demo", "one").holds());
        assert!(!stamp("release", "one").holds());
        assert!(!stamp("demo", "two").holds());
        stamp("demo", "one").remove();
        assert!(!file.exists());
    }
}
