//! Reads what `tests/fixtures/write.py` writes.

use std::{collections::BTreeMap, fs, path::Path};

use latent_lab::{ModelConfig, Tensor, Weights};
use serde_json::Value;

/// One case of the oracle.
pub(crate) struct Fixture {
    /// The name of the file without its extension.
    pub(crate) name: String,
    pub(crate) config: ModelConfig,
    pub(crate) beta: f32,
    pub(crate) free_bits: f32,
    pub(crate) learning_rate: f32,
    tensors: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
}

/// Every fixture, by name. There are eight: a missing file must be an error, not one test less.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "safetensors")
        })
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 8, "{paths:?}");
    paths.iter().map(|path| Fixture::read(path)).collect()
}

impl Fixture {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let (length, rest) = bytes.split_first_chunk::<8>().unwrap();
        let (header, values) = rest.split_at(u64::from_le_bytes(*length) as usize);
        let header: BTreeMap<String, Value> = serde_json::from_slice(header).unwrap();
        let metadata = |key: &str| header["__metadata__"][key].as_str().unwrap();
        let tensor = |entry: &Value| -> (Vec<usize>, Vec<f32>) {
            let numbers = |key: &str| -> Vec<usize> { serde_json::from_value(entry[key].clone()).unwrap() };
            let [from, to] = numbers("data_offsets")[..] else {
                panic!("two offsets")
            };
            let values = values[from..to]
                .chunks_exact(4)
                .map(|word| f32::from_le_bytes(word.try_into().unwrap()))
                .collect();
            (numbers("shape"), values)
        };
        Self {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            config: ModelConfig::from_json(metadata("config")).unwrap(),
            beta: metadata("beta").parse().unwrap(),
            free_bits: header["__metadata__"]["free_bits"]
                .as_str()
                .map_or(0.0, |text| text.parse().unwrap()),
            learning_rate: metadata("learning_rate").parse().unwrap(),
            tensors: header
                .iter()
                .filter(|(name, _)| *name != "__metadata__")
                .map(|(name, entry)| (name.clone(), tensor(entry)))
                .collect(),
        }
    }

    /// Values of the tensor called `name`. An unknown name is an error in the test.
    pub(crate) fn get(&self, name: &str) -> &[f32] {
        &self.tensors[name].1
    }

    /// Values of the tensor called `name`, if there is one.
    pub(crate) fn find(&self, name: &str) -> Option<&[f32]> {
        Some(&self.tensors.get(name)?.1)
    }

    /// The weights called `prefix` + name, where the prefix is "" (initial weights), "gradient." or "trained.".
    pub(crate) fn weights(&self, prefix: &str) -> Weights {
        let tensor = |name: String| {
            let (shape, values) = self.tensors[&format!("{prefix}{name}")].clone();
            Tensor { name, shape, values }
        };
        let tensors = self.config.tensors().into_iter().map(|spec| tensor(spec.name));
        Weights::from_tensors(&self.config, tensors.collect()).unwrap()
    }
}
