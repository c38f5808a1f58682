//! MNIST and Fashion-MNIST: four IDX files each, found or fetched, checked by the MD5 of their content.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use latent_lab::{images_from_idx, labels_from_idx};

use super::{CACHE, Loaded, Places, Split, download, md5, unzip};
use crate::files::{read_limited, write_whole};

/// A data set known by name.
#[derive(Debug)]
pub(super) struct Published {
    /// The name given with `--data`, and that of its folder.
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) license: &'static str,
    /// Addresses that end with a slash, before the file's name.
    mirrors: &'static [&'static str],
    /// Images and labels for training, then for testing.
    files: [File; 4],
}

/// An IDX file, published as `NAME.gz`.
#[derive(Debug)]
struct File {
    name: &'static str,
    /// MD5 of the uncompressed content: archives of the same content differ in their timestamps.
    md5: &'static str,
}

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

const fn files(md5: [&'static str; 4]) -> [File; 4] {
    [
        File {
            name: NAMES[0],
            md5: md5[0],
        },
        File {
            name: NAMES[1],
            md5: md5[1],
        },
        File {
            name: NAMES[2],
            md5: md5[2],
        },
        File {
            name: NAMES[3],
            md5: md5[3],
        },
    ]
}

pub(super) static PUBLISHED: [Published; 2] = [
    Published {
        name: "mnist",
        title: "MNIST",
        license: "commonly listed as CC BY-SA 3.0 (Yann LeCun, Corinna Cortes, Christopher J. C. Burges)",
        mirrors: &[
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ],
        files: files([
            "6bbc9ace898e44ae57da46a324031adb",
            "a25bea736e30d166cdddb491f175f624",
            "2646ac647ad5339dbf082846283269ea",
            "27ae3e4e09519cfbb04c329615203637",
        ]),
    },
    Published {
        name: "fashion-mnist",
        title: "Fashion-MNIST",
        license: "MIT, Copyright 2017 Zalando SE",
        mirrors: &["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
        files: files([
            "f4a8712d7a061bf5bd6d2ca38dc4d50a",
            "9018921c3c673c538a1fc5bad174d6f9",
            "8181f5470baa50b63fa0f6fddb340f0a",
            "15d484375f8d13e6eb1aabb0c3f46965",
        ]),
    },
];

/// Largest content that is unpacked from a user's own file.
const MAX_CONTENT: u64 = 1 << 30;

impl Published {
    /// Reads images and labels of one part.
    pub(super) fn load(&self, split: Split, places: &Places) -> Result<Loaded> {
        let [images, labels] = match split {
            Split::Train => [&self.files[0], &self.files[1]],
            Split::Test => [&self.files[2], &self.files[3]],
        };
        let mut notes = Vec::new();
        let (at, content) = self.content(images, places, &mut notes)?;
        let images = images_from_idx(&content).with_context(|| at.display().to_string())?;
        let (at, content) = self.content(labels, places, &mut notes)?;
        let labels = labels_from_idx(&content).with_context(|| at.display().to_string())?;
        let images = images
            .with_labels(labels)
            .with_context(|| at.display().to_string())?;
        Ok(Loaded {
            images,
            notes,
            rule: String::new(),
        })
    }

    /// The uncompressed content of `file`, and its path.
    fn content(&self, file: &File, places: &Places, notes: &mut Vec<String>) -> Result<(PathBuf, Vec<u8>)> {
        if let Some(at) = places
            .own
            .as_ref()
            .and_then(|own| look(&own.join(self.name), file))
        {
            let content = read(&at)?;
            if md5(&content) != file.md5 {
                notes.push(format!(
                    "{} of {} is not the published file",
                    file.name, self.name
                ));
            }
            return Ok((at, content));
        }
        let cache = places.cache.as_ref().map(|cache| cache.join(self.name));
        if let Some(at) = cache.as_ref().and_then(|cache| look(cache, file)) {
            let content = read(&at)?;
            self.check(file, &content)
                .with_context(|| format!("{} is damaged; delete it to fetch it again", at.display()))?;
            return Ok((at, content));
        }
        let Some(cache) = cache else {
            bail!(
                "there is no cache folder; {CACHE} can name one\n{}",
                self.where_to_put_it(None)
            );
        };
        if places.offline {
            bail!(
                "{}.gz is not here\n{}",
                file.name,
                self.where_to_put_it(Some(&cache))
            );
        }
        self.fetch(file, places, &cache)
    }

    fn fetch(&self, file: &File, places: &Places, cache: &Path) -> Result<(PathBuf, Vec<u8>)> {
        let name = format!("{}.gz", file.name);
        let addresses: Vec<String> = match &places.mirror {
            Some(mirror) => vec![format!("{}/{}/{name}", mirror.trim_end_matches('/'), self.name)],
            None => self
                .mirrors
                .iter()
                .map(|mirror| format!("{mirror}{name}"))
                .collect(),
        };
        let mut failures = Vec::new();
        for address in addresses {
            let fetched = download::download(&address).and_then(|bytes| {
                let content = unzip(&bytes, MAX_CONTENT)?;
                self.check(file, &content)?;
                Ok((bytes, content))
            });
            match fetched {
                Ok((bytes, content)) => {
                    let at = cache.join(&name);
                    write_whole(&at, &bytes)?;
                    return Ok((at, content));
                }
                Err(error) => failures.push(format!("{address}: {error:#}")),
            }
        }
        bail!(
            "cannot fetch {name}: {}\n{}",
            failures.join("; "),
            self.where_to_put_it(Some(cache))
        )
    }

    fn check(&self, file: &File, content: &[u8]) -> Result<()> {
        let got = md5(content);
        ensure!(
            got == file.md5,
            "the content of {} has MD5 {got}, expected {}",
            file.name,
            file.md5
        );
        Ok(())
    }

    /// Instructions for placing the files by hand.
    fn where_to_put_it(&self, cache: Option<&Path>) -> String {
        let folder = cache.map_or("a folder".into(), |cache| cache.display().to_string());
        let names: Vec<String> = self
            .files
            .iter()
            .map(|file| format!("  {}.gz", file.name))
            .collect();
        format!(
            "{} needs these four files in {folder}, or in {name}/ below a folder that $LATENT_LAB_DATA names:\n{}",
            self.title,
            names.join("\n"),
            name = self.name,
        )
    }
}

/// The file as published or uncompressed.
fn look(folder: &Path, file: &File) -> Option<PathBuf> {
    [folder.join(format!("{}.gz", file.name)), folder.join(file.name)]
        .into_iter()
        .find(|path| path.is_file())
}

fn read(at: &Path) -> Result<Vec<u8>> {
    let bytes = read_limited(at, MAX_CONTENT).with_context(|| format!("cannot read {}", at.display()))?;
    if at.extension().is_some_and(|extension| extension == "gz") {
        return unzip(&bytes, MAX_CONTENT).with_context(|| format!("cannot read {}", at.display()));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        sync::mpsc::{Receiver, channel},
    };

    use super::*;

    const PICTURES: &[u8] = &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 255];
    const LABELS: &[u8] = &[0, 0, 8, 1, 0, 0, 0, 2, 7, 9];

    /// A dataset whose checksums are those of the small files above.
    fn small() -> Published {
        let md5 = |content| &*super::super::md5(content).leak();
        let (pictures, labels) = (md5(PICTURES), md5(LABELS));
        Published {
            name: "small",
            title: "Small",
            license: "",
            mirrors: &[],
            files: files([pictures, labels, pictures, labels]),
        }
    }

    fn zip(content: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    /// A mirror that sends `answers` in order and records its requests.
    fn mirror(answers: Vec<Vec<u8>>) -> (String, Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/sets/", listener.local_addr().unwrap());
        let (sender, asked) = channel();
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 1024];
                let length = stream.read(&mut request).unwrap();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                sender.send(request.lines().next().unwrap().to_owned()).unwrap();
                stream.write_all(&answer).unwrap();
            }
        });
        (address, asked)
    }

    fn answer(body: &[u8], length: usize) -> Vec<u8> {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        [head.as_bytes(), body].concat()
    }

    fn whole(content: &[u8]) -> Vec<u8> {
        let body = zip(content);
        answer(&body, body.len())
    }

    #[test]
    fn files_are_downloaded_once_and_then_found_in_the_cache() {
        let cache = tempfile::tempdir().unwrap();
        let (address, asked) = mirror(vec![whole(PICTURES), whole(LABELS)]);
        let places = Places {
            cache: Some(cache.path().into()),
            mirror: Some(address),
            ..Places::default()
        };
        let loaded = small().load(Split::Test, &places).unwrap();
        assert_eq!((loaded.images.len(), loaded.images.labels()), (2, &[7, 9][..]));
        assert!(loaded.notes.is_empty());
        let asked: Vec<_> = asked.iter().collect();
        assert_eq!(
            asked,
            [
                "GET /sets/small/t10k-images-idx3-ubyte.gz HTTP/1.1",
                "GET /sets/small/t10k-labels-idx1-ubyte.gz HTTP/1.1"
            ]
        );
        // The mirror no longer exists.
        let offline = Places {
            offline: true,
            ..places
        };
        assert_eq!(small().load(Split::Test, &offline).unwrap().images, loaded.images);
    }

    #[test]
    fn an_interrupted_or_missing_download_is_not_kept() {
        let refused = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec();
        let half = &zip(PICTURES)[..12];
        for (first, expected) in [(answer(half, 40), "the connection was lost"), (refused, "404")] {
            let cache = tempfile::tempdir().unwrap();
            let (address, _asked) = mirror(vec![first]);
            let places = Places {
                cache: Some(cache.path().into()),
                mirror: Some(address),
                ..Places::default()
            };
            let message = format!("{:#}", small().load(Split::Train, &places).err().unwrap());
            assert!(message.contains(expected), "{message}");
            assert!(message.contains("needs these four files"), "{message}");
            assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
        }
    }

    #[test]
    fn local_files_take_precedence_and_may_differ_from_the_published_ones() {
        let own = tempfile::tempdir().unwrap();
        let labels = [&LABELS[..9], &[3]].concat();
        write_whole(
            &own.path().join("small/train-images-idx3-ubyte.gz"),
            &zip(PICTURES),
        )
        .unwrap();
        write_whole(&own.path().join("small/train-labels-idx1-ubyte"), &labels).unwrap();
        let places = Places {
            own: Some(own.path().into()),
            offline: true,
            ..Places::default()
        };
        let loaded = small().load(Split::Train, &places).unwrap();
        assert_eq!(loaded.images.labels(), [7, 3]);
        assert_eq!(
            loaded.notes,
            ["train-labels-idx1-ubyte of small is not the published file"]
        );
    }
}
