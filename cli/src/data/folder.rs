//! A folder of pictures as a data set.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use latent_lab::{ImageShape, Images};

use super::{
    Loaded, Split, picture, portable,
    split::{self, DEFAULT_SHARE},
};

/// Most failures that are named; the others are counted.
const TOLD: usize = 5;
/// Endings of files that are read.
const READ: [&str; 6] = ["png", "jpg", "jpeg", "jfif", "gif", "webp"];
/// Endings of pictures that are not read, but counted.
const NOT_READ: [&str; 15] = [
    "avif", "bmp", "dng", "heic", "heif", "ico", "jp2", "jxl", "pbm", "pgm", "ppm", "svg", "tga", "tif",
    "tiff",
];

/// The choice of test pictures.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TestPart {
    /// This share of the folder's own, by their names.
    Share(f64),
    /// The pictures of another folder.
    Folder(PathBuf),
}

impl TestPart {
    /// For a card; empty for the default share.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Share(DEFAULT_SHARE) => String::new(),
            Self::Share(share) => format!("a share of {share}, by name"),
            Self::Folder(path) => format!("folder {}", portable(path)),
        }
    }
}

/// Pictures below a folder.
#[derive(Default)]
struct Found {
    paths: Vec<PathBuf>,
    /// Number of files of each kind that is not read.
    others: BTreeMap<String, usize>,
}

/// The files of one part.
struct Part {
    /// The folder they are from, and its number of pictures.
    folder: PathBuf,
    count: usize,
    paths: Vec<PathBuf>,
    notes: Vec<String>,
    /// See [`Loaded::rule`].
    rule: String,
}

/// Reads the pictures of one part, in the order of their paths.
pub(super) fn load(folder: &Path, test: &TestPart, split: Split, shape: ImageShape) -> Result<Loaded> {
    let mut part = match test {
        TestPart::Folder(test) => Part::of_two_folders(folder, test, split)?,
        &TestPart::Share(share) => Part::of_one_folder(folder, share, split, shape)?,
    };
    let (images, failures) = read(&part.paths, shape);
    let Some(images) = images else {
        bail!("{}", part.nothing_left(split));
    };
    match failures {
        0 => {}
        1 => part
            .notes
            .push("1 file of the folder could not be read and was skipped".into()),
        _ => part.notes.push(format!(
            "{failures} files of the folder could not be read and were skipped"
        )),
    }
    Ok(Loaded {
        images,
        notes: part.notes,
        rule: part.rule,
    })
}

impl Part {
    /// All pictures of `test`, or all others.
    fn of_two_folders(folder: &Path, test: &Path, split: Split) -> Result<Self> {
        let asked = if split == Split::Test { test } else { folder };
        let found = Found::below(asked)?;
        let mut part = Self {
            folder: asked.to_owned(),
            count: found.paths.len(),
            notes: found.note().into_iter().collect(),
            paths: found.paths,
            rule: String::new(),
        };
        if split == Split::Test {
            part.rule = format!("all of folder {}", test.display());
            return Ok(part);
        }
        // It may be inside the other.
        let inside = test
            .canonicalize()
            .with_context(|| format!("cannot read {}", test.display()))?;
        part.paths
            .retain(|path| path.canonicalize().is_ok_and(|path| !path.starts_with(&inside)));
        Ok(part)
    }

    /// Pictures on one side of the split by name.
    fn of_one_folder(folder: &Path, share: f64, split: Split, shape: ImageShape) -> Result<Self> {
        let found = Found::below(folder)?;
        let (count, mut notes) = (found.paths.len(), Vec::from_iter(found.note()));
        let is_readable = |path: &Path| picture::read(path, shape).is_ok();
        let parts = split::parts(found.paths, share, is_readable);
        let mut rule = format!("held out by a hash of their names, --test-share {share}");
        if parts.adjusted {
            rule.push_str("; by that alone one part would be empty");
            let verb = if parts.test.len() == 1 { "was" } else { "were" };
            notes.push(format!("{} of {count} pictures {verb} {rule}", parts.test.len()));
        }
        let (paths, rule) = match split {
            Split::Train => (parts.training, String::new()),
            Split::Test => (parts.test, rule),
        };
        Ok(Self {
            folder: folder.to_owned(),
            count,
            paths,
            notes,
            rule,
        })
    }

    fn nothing_left(&self, split: Split) -> String {
        let part = if split == Split::Test { "test" } else { "training" };
        let advice = if self.count == 1 && split == Split::Train {
            "; one picture cannot be both: name others for testing with --test FOLDER"
        } else {
            ""
        };
        let plural = if self.count == 1 { "" } else { "s" };
        format!(
            "{} has no readable {part} image among its {} picture file{plural}{advice}",
            self.folder.display(),
            self.count
        )
    }
}

impl Found {
    /// Looks into subfolders too.
    fn below(folder: &Path) -> Result<Self> {
        let mut found = Self::default();
        found.collect(folder)?;
        let others = found.note().map_or(String::new(), |note| format!("; {note}"));
        ensure!(
            !found.paths.is_empty(),
            "{} has no PNG, JPEG, GIF or WebP file{others}",
            folder.display()
        );
        found.paths.sort();
        Ok(found)
    }

    /// Links to folders are not followed: they may form a cycle.
    fn collect(&mut self, folder: &Path) -> Result<()> {
        let entries =
            std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                self.collect(&path)?;
            } else if path.is_file() {
                self.sort_in(path);
            }
        }
        Ok(())
    }

    fn sort_in(&mut self, path: PathBuf) {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let ending = ending.to_ascii_lowercase();
        if READ.contains(&&ending[..]) {
            self.paths.push(path);
        } else if NOT_READ.contains(&&ending[..]) {
            *self.others.entry(ending).or_default() += 1;
        }
    }

    /// Names the kinds that were left out.
    fn note(&self) -> Option<String> {
        let kinds: Vec<String> = self
            .others
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        (!kinds.is_empty()).then(|| {
            format!(
                "pictures of unsupported formats were skipped: {}",
                kinds.join(", ")
            )
        })
    }
}

/// The pictures that can be read, and how many cannot.
fn read(paths: &[PathBuf], shape: ImageShape) -> (Option<Images>, usize) {
    let mut pixels = Vec::with_capacity(paths.len() * shape.len());
    let mut failures = Vec::new();
    for (path, picture) in paths.iter().zip(read_all(paths, shape)) {
        match picture {
            Ok(picture) => pixels.extend_from_slice(&picture),
            Err(error) => failures.push(format!("{}: {error:#}", path.display())),
        }
    }
    for failure in failures.iter().take(TOLD) {
        say!("skipped {failure}");
    }
    if !failures.is_empty() {
        say!(
            "skipped {} of {} files that cannot be read",
            failures.len(),
            paths.len()
        );
    }
    (Images::new(shape, pixels, Vec::new()).ok(), failures.len())
}

/// Reads pictures on all cores: decoding and resizing photographs takes longer than loading them.
fn read_all(paths: &[PathBuf], shape: ImageShape) -> Vec<Result<Vec<u8>>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = paths.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let read = |part: &'_ [PathBuf]| {
            part.iter()
                .map(|path| picture::read(path, shape))
                .collect::<Vec<_>>()
        };
        let readers: Vec<_> = paths
            .chunks(share)
            .map(|part| scope.spawn(move || read(part)))
            .collect();
        readers
            .into_iter()
            .flat_map(|reader| reader.join().expect("reading pictures does not panic"))
            .collect()
    })
}
