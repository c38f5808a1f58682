//! Images for training and testing, by the name given with `--data`.

mod download;
mod folder;
mod picture;
mod profile;
mod published;
mod split;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use latent_lab::{ImageShape, Images};

use crate::{args::DataArgs, suggest};
use folder::TestPart;
use published::{PUBLISHED, Published};

pub(crate) use split::DEFAULT_SHARE;

/// Names the folder of the user's own data.
const OWN_DATA: &str = "LATENT_LAB_DATA";
/// Names the folder for downloads, in place of the platform's cache folder.
const CACHE: &str = "LATENT_LAB_CACHE";
/// The address of a mirror that has NAME/FILE.gz, in place of the well-known ones.
const MIRROR: &str = "LATENT_LAB_MIRROR";

/// One of the two disjoint parts of a data set.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Split {
    /// Images for training
    #[value(name = "training")]
    Train,
    /// Images that are held out of training
    Test,
}

/// A data set that was found by its name but not read yet.
#[derive(Debug)]
pub(crate) struct Source {
    kind: SourceKind,
    places: Places,
}

#[derive(Debug)]
enum SourceKind {
    Published(&'static Published),
    Folder { path: PathBuf, test: TestPart },
}

/// Where to look for files, and whether they may be fetched.
#[derive(Clone, Debug, Default)]
struct Places {
    own: Option<PathBuf>,
    cache: Option<PathBuf>,
    mirror: Option<String>,
    offline: bool,
}

/// One part of a data set.
pub(crate) struct Loaded {
    pub(crate) images: Images,
    /// Notes on results made with them, e.g. that files differ from the published ones.
    pub(crate) notes: Vec<String>,
    /// The rule that chose the test images of a folder; empty for published sets and for training images.
    pub(crate) rule: String,
}

impl Places {
    fn from_env(offline: bool) -> Self {
        let folder = |name| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        Self {
            own: folder(OWN_DATA),
            cache: folder(CACHE).or_else(|| Some(dirs::cache_dir()?.join("latent-lab"))),
            mirror: std::env::var(MIRROR).ok().filter(|value| !value.is_empty()),
            offline,
        }
    }

    /// A folder here or below that of the user's own data.
    fn folder(&self, path: &Path) -> Option<PathBuf> {
        let own = self.own.as_ref().map(|own| own.join(path));
        std::iter::once(path.to_owned())
            .chain(own)
            .find(|path| path.is_dir())
    }
}

impl Source {
    /// Finds what `--data` names, and `--test`.
    ///
    /// # Errors
    /// When it is neither a known data set nor a folder, or `--test` is given for a known one.
    pub(crate) fn find(args: &DataArgs) -> Result<Self> {
        let places = Places::from_env(args.offline);
        if let Some(set) = PUBLISHED.iter().find(|set| set.name == args.data) {
            ensure!(
                args.test.is_none() && args.test_share.is_none(),
                "{} has test images of its own; --test and --test-share are for folders",
                set.name
            );
            return Ok(Self {
                kind: SourceKind::Published(set),
                places,
            });
        }
        let path = places.folder(Path::new(&args.data)).with_context(|| {
            let known = PUBLISHED.iter().map(|set| set.name);
            let meant = suggest::nearest(&args.data, known);
            format!(
                "unknown data {:?}{meant}: expected mnist, fashion-mnist, or a folder of pictures",
                args.data
            )
        })?;
        let share = args.test_share.unwrap_or(DEFAULT_SHARE);
        let test = match &args.test {
            None => TestPart::Share(share),
            Some(test) => TestPart::Folder(
                places
                    .folder(test)
                    .with_context(|| format!("no folder {} for --test", test.display()))?,
            ),
        };
        Ok(Self {
            kind: SourceKind::Folder { path, test },
            places,
        })
    }

    /// The name for a model card: of the data set, or of the folder without its place on this machine.
    pub(crate) fn name(&self) -> String {
        match &self.kind {
            SourceKind::Published(set) => set.title.into(),
            SourceKind::Folder { path, .. } => format!("folder {}", portable(path)),
        }
    }

    /// The choice of test images, for a model card; empty for the default of the data set.
    pub(crate) fn test_images(&self) -> String {
        match &self.kind {
            SourceKind::Published(_) => String::new(),
            SourceKind::Folder { test, .. } => test.name(),
        }
    }

    /// The license of the data, if it is known.
    pub(crate) fn license(&self) -> Option<&'static str> {
        match &self.kind {
            SourceKind::Published(set) => Some(set.license),
            SourceKind::Folder { .. } => None,
        }
    }

    /// Reads one part: its first `limit` images, of the size `shape`.
    ///
    /// # Errors
    /// When files are missing, damaged, or not of this size, or nothing is left.
    pub(crate) fn load(&self, split: Split, shape: ImageShape, limit: Option<u32>) -> Result<Loaded> {
        let mut loaded = match &self.kind {
            SourceKind::Published(set) => set.load(split, &self.places)?,
            SourceKind::Folder { path, test } => folder::load(path, test, split, shape)?,
        };
        let got = loaded.images.shape();
        ensure!(
            got == shape,
            "the model is for {}, the images of {} are {}",
            size(shape),
            self.name(),
            size(got)
        );
        if let Some(limit) = limit {
            loaded.images = loaded.images.first(limit as usize);
        }
        Ok(loaded)
    }
}

/// A path as a card may show it: as typed if relative, below $LATENT_LAB_DATA if it is there, else its last part.
pub(crate) fn portable(path: &Path) -> String {
    let own = std::env::var_os(OWN_DATA);
    let below = own
        .filter(|own| !own.is_empty())
        .and_then(|own| Some(path.strip_prefix(own).ok()?.to_owned()));
    match below {
        Some(below) if !below.as_os_str().is_empty() => below.display().to_string(),
        _ if path.is_relative() => path.display().to_string(),
        _ => path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned(),
    }
}

/// E.g. "28x28 pixels with 1 channel".
pub(crate) fn size(shape: ImageShape) -> String {
    let plural = if shape.channels == 1 { "" } else { "s" };
    format!(
        "{}x{} pixels with {} channel{plural}",
        shape.width, shape.height, shape.channels
    )
}

/// MD5 as lower-case hexadecimal digits.
pub(crate) fn md5(bytes: &[u8]) -> String {
    use md5::Digest;
    md5::Md5::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Uncompressed bytes of a gzip file, at most `limit`.
fn unzip(bytes: &[u8], limit: u64) -> Result<Vec<u8>> {
    use std::io::Read;
    let mut content = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .take(limit + 1)
        .read_to_end(&mut content)
        .context("it is not a whole gzip file")?;
    ensure!(content.len() as u64 <= limit, "it holds more than {limit} bytes");
    Ok(content)
}
