//! Files written by version 0.1.0 can still be opened. They are in `tests/fixtures/version-0.1.0/`; their expected content is read without
//! the crate's own reader.

use std::{collections::BTreeMap, fs, path::PathBuf};

use latent_lab::{Checkpoint, LatentsFile, ModelFile, Weights};
use serde_json::Value;

/// The largest change of a weight by each precision, relative to the largest weight: half a unit in the last place of f16, and half a
/// step of 127 and of 63.
const PRECISIONS: [(&str, f32); 4] = [
    ("f32", 0.0),
    ("f16", 1.0 / 2048.0),
    ("i8", 0.5 / 127.0),
    ("i7", 0.5 / 63.0),
];

fn read(name: &str) -> Vec<u8> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/fixtures/version-0.1.0", name]
        .iter()
        .collect();
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Header and f32 tensors of a safetensors file.
fn opened(bytes: &[u8]) -> (Value, BTreeMap<String, Vec<f32>>) {
    let (length, rest) = bytes.split_first_chunk::<8>().unwrap();
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let header: Value = serde_json::from_slice(header).unwrap();
    let tensors = header.as_object().unwrap().iter().filter_map(|(name, place)| {
        let offset = |at: usize| Some(place["data_offsets"][at].as_u64()? as usize);
        let values = data[offset(0)?..offset(1)?].as_chunks::<4>().0;
        Some((
            name.clone(),
            values.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        ))
    });
    let tensors = tensors.collect();
    (header, tensors)
}

/// Asserts that `weights` are the tensors of the file whose names start with `prefix`, bit for bit.
fn assert_same(weights: &Weights, prefix: &str, tensors: &BTreeMap<String, Vec<f32>>) {
    for tensor in weights.tensors() {
        let name = format!("{prefix}{}", tensor.name);
        assert!(tensors[&name] == tensor.values, "{name}");
    }
    assert!(!weights.tensors().is_empty());
}

#[test]
fn model_files_of_version_0_1_0_can_be_opened_in_every_precision() {
    let (_, tensors) = opened(&read("f32.safetensors"));
    for (precision, share) in PRECISIONS {
        let bytes = read(&format!("{precision}.safetensors"));
        let (header, _) = opened(&bytes);
        assert!(header["__metadata__"]["activation"].is_null(), "not an old file");
        let ModelFile {
            weights,
            config,
            card,
            prior,
        } = ModelFile::from_bytes(&bytes).unwrap();
        assert_eq!((config.latent, card.epochs, card.seed), (2, 2, 1), "{precision}");
        assert!(card.losses["test_mse"] > 0.0 && prior.is_none());
        if share == 0.0 {
            assert_same(&weights, "", &tensors);
        }
        for tensor in weights.tensors() {
            let expected = &tensors[&tensor.name];
            let largest = expected.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            for (got, expected) in tensor.values.iter().zip(expected) {
                // Rounding of the scale.
                let bound = largest * share * 1.001;
                assert!(
                    (got - expected).abs() <= bound,
                    "{precision} {}: {got}, {expected}",
                    tensor.name
                );
            }
        }
    }
}

#[test]
fn a_checkpoint_of_version_0_1_0_can_be_opened_without_a_checksum() {
    let bytes = read("run.safetensors.checkpoint");
    let (header, tensors) = opened(&bytes);
    let metadata = &header["__metadata__"];
    assert!(
        metadata["checksum"].is_null() && metadata["activation"].is_null(),
        "not an old file"
    );
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    assert_eq!(checkpoint.state.step, 63);
    assert_same(&checkpoint.state.weights, "", &tensors);
    assert_same(&checkpoint.state.first_moment, "adam.first.", &tensors);
    assert_same(&checkpoint.state.second_moment, "adam.second.", &tensors);
    assert_same(&checkpoint.average.unwrap(), "average.", &tensors);
    assert_eq!(checkpoint.progress, metadata["progress"].as_str().unwrap());
}

#[test]
fn stored_latents_of_version_0_1_0_can_be_opened_with_their_labels() {
    let bytes = read("latents.safetensors");
    let file = LatentsFile::from_bytes(&bytes).unwrap();
    assert_eq!((file.latent, file.mean.len()), (2, 16));
    // Two of each of the four classes.
    let mut labels = file.labels.clone();
    labels.sort_unstable();
    assert_eq!(labels, [0, 0, 1, 1, 2, 2, 3, 3]);
    assert!(file.mean.iter().any(|&value| value != 0.0));
}
