//! A lock on a run's output, held until the process ends in any way.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::files::with_suffix;

/// Held until it is dropped. The file beside the output names the process that holds it. The lock itself is the operating system's,
/// so a stale file locks nothing.
pub(crate) struct RunLock {
    path: PathBuf,
    _file: File,
}

impl RunLock {
    /// Takes the lock of the run that writes `out`.
    ///
    /// # Errors
    /// When another process holds it, or the lock file cannot be written.
    pub(crate) fn take(out: &Path) -> Result<Self> {
        let path = with_suffix(out, ".lock");
        let place = || format!("cannot write {}", path.display());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(place)?;
        }
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .with_context(place)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => bail!(
                    "another run{} is writing {}: wait for it, or choose another --out",
                    holder(&mut file),
                    out.display()
                ),
                // Some network file systems have no locks.
                Err(TryLockError::Error(error)) => {
                    say!(
                        "note: {} cannot be locked against a second run: {error}",
                        out.display()
                    );
                }
            }
            // An earlier run may have removed the file between opening and locking: then make another one.
            if is_at(&file, &path) {
                file.set_len(0).with_context(place)?;
                write!(file, "{}", std::process::id()).with_context(place)?;
                return Ok(Self { path, _file: file });
            }
        }
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // Removed while still locked. A file that is left behind is harmless.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// E.g. " (process 4711)".
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    // Unnamed if a lock forbids reading, or before anything is written.
    let read = file.take(20).read_to_string(&mut text);
    match text.parse::<u32>() {
        Ok(process) if read.is_ok() => format!(" (process {process})"),
        _ => String::new(),
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |found: std::fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), path.metadata()) {
        (Ok(open), Ok(named)) => place(open) == place(named),
        _ => false,
    }
}

/// An open file keeps its name on these systems.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_has_one_owner_at_a_time_and_a_leftover_file_is_not_a_lock() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("new/model");
        std::fs::create_dir_all(out.parent().unwrap()).unwrap();
        std::fs::write(with_suffix(&out, ".lock"), "1").unwrap();
        let lock = RunLock::take(&out).unwrap();
        let refused = RunLock::take(&out).err().unwrap().to_string();
        assert!(
            refused.contains(&format!(
                "another run (process {}) is writing",
                std::process::id()
            )),
            "{refused}"
        );
        drop(lock);
        assert!(!with_suffix(&out, ".lock").exists());
        RunLock::take(&out).unwrap();
    }
}
