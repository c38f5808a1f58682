//! A workshop for tests of the command: a temporary folder with tiny datasets, in which the command runs. No test uses the network or
//! the machine's own data.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use latent_lab::ModelFile;
use tempfile::TempDir;

/// The smallest valid network: 8x8 pixels, one layer.
pub(crate) const NETWORK: &str = r#"{"image":{"channels":1,"height":8,"width":8},
    "layers":[{"filters":4,"kernel":3,"stride":2}],"latent":2,"kind":"variational","likelihood":"bernoulli"}"#;

/// Training images of [`Workshop::with_mnist`].
pub(crate) const TRAINING: usize = 100;
/// Test images.
pub(crate) const TEST: usize = 40;

pub(crate) struct Workshop {
    folder: TempDir,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        let workshop = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::write(workshop.path("network.json"), NETWORK).unwrap();
        workshop
    }

    /// A workshop with 8x8 pictures of bars instead of MNIST.
    pub(crate) fn with_mnist() -> Self {
        let workshop = Self::new();
        workshop.write_mnist("data");
        workshop
    }

    /// Writes four IDX files to `folder`/mnist.
    pub(crate) fn write_mnist(&self, folder: &str) {
        for (name, count, from) in [("train", TRAINING, 0), ("t10k", TEST, TRAINING)] {
            let pictures: Vec<u8> = (from..from + count).flat_map(|n| bar(n, 8)).collect();
            let labels: Vec<u8> = (from..from + count).map(|n| (n % 4) as u8).collect();
            let images = idx(&[count, 8, 8], &pictures);
            self.write(&format!("{folder}/mnist/{name}-images-idx3-ubyte"), &images);
            self.write(
                &format!("{folder}/mnist/{name}-labels-idx1-ubyte"),
                &idx(&[count], &labels),
            );
        }
    }

    /// Writes the same pictures with bright and dark exchanged instead of Fashion-MNIST.
    pub(crate) fn write_fashion(&self) {
        for (name, count) in [("train", TRAINING), ("t10k", TEST)] {
            let pictures: Vec<u8> = (0..count)
                .flat_map(|n| bar(n, 8))
                .map(|value| 255 - value)
                .collect();
            let folder = format!("data/fashion-mnist/{name}");
            self.write(
                &format!("{folder}-images-idx3-ubyte"),
                &idx(&[count, 8, 8], &pictures),
            );
            self.write(
                &format!("{folder}-labels-idx1-ubyte"),
                &idx(&[count], &vec![0; count]),
            );
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    /// The command with data/ and cache/ in this folder and a mirror that does not answer.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latent-lab"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .env("LATENT_LAB_DATA", self.path("data"))
            .env("LATENT_LAB_CACHE", self.path("cache"))
            .env("LATENT_LAB_MIRROR", "http://127.0.0.1:9")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed; returns what it wrote to stdout and stderr.
    pub(crate) fn succeed(&self, arguments: &str) -> (String, String) {
        let output = self.run(arguments);
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert!(
            output.status.success(),
            "latent-lab {arguments}\n{stdout}\n{stderr}"
        );
        (stdout, stderr)
    }

    /// Runs a command that must fail; returns its message.
    pub(crate) fn fail(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let stderr = text(&output.stderr);
        assert!(
            !output.status.success(),
            "latent-lab {arguments} succeeded\n{stderr}"
        );
        assert!(!stderr.contains("panicked"), "{stderr}");
        stderr
    }

    pub(crate) fn model(&self, name: &str) -> ModelFile {
        ModelFile::from_bytes(&fs::read(self.path(name)).unwrap()).unwrap()
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An IDX file of bytes.
pub(crate) fn idx(sides: &[usize], values: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, sides.len() as u8];
    file.extend(sides.iter().flat_map(|&side| (side as u32).to_be_bytes()));
    file.extend(values);
    file
}

/// Picture number `n`: a blurred bar, vertical or horizontal depending on its class, at a position that depends on `n`.
pub(crate) fn bar(n: usize, side: usize) -> Vec<u8> {
    let (class, middle) = (n % 4, 1 + (n / 4) % (side - 2));
    let value = |y: usize, x: usize| {
        let place = if class % 2 == 0 { x } else { y };
        let brightest: u32 = if class < 2 { 255 } else { 160 };
        match place.abs_diff(middle) {
            0 => brightest as u8,
            1 => (brightest / 3) as u8,
            _ => 0,
        }
    };
    (0..side * side).map(|at| value(at / side, at % side)).collect()
}

/// Writes `count` pictures of `width` x `height` pixels: picture0.png, picture1.jpg, picture2.png ...
pub(crate) fn write_pictures(folder: &Path, count: usize, width: u32, height: u32) {
    fs::create_dir_all(folder).unwrap();
    for n in 0..count {
        let picture = image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([(x * 9 + n as u32) as u8, (y * 9) as u8, (n * 20) as u8])
        });
        let ending = if n % 2 == 0 { "png" } else { "jpg" };
        picture.save(folder.join(format!("picture{n}.{ending}"))).unwrap();
    }
}
