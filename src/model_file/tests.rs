//! Example files that are read or refused; `tests/model_files/` tests random ones.

use super::*;
use crate::{config::TensorSpec, prior::Prior};

fn model() -> ModelFile {
    let config = ModelConfig::preset("map").unwrap();
    ModelFile {
        card: Card {
            name: "a \"map\"\n".into(),
            losses: [("kl".into(), 6.25), ("lost".into(), f64::NAN)].into(),
            ..Card::default()
        },
        weights: Weights::init(&config, 3),
        prior: None,
        config,
    }
}

/// The file with `from` in its header replaced by `to`, and the length of the header corrected.
fn edited(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header = std::str::from_utf8(&bytes[8..8 + length]).unwrap();
    assert!(header.contains(from), "{header}");
    let header = header.replacen(from, to, 1);
    [
        &(header.len() as u64).to_le_bytes(),
        header.as_bytes(),
        &bytes[8 + length..],
    ]
    .concat()
}

fn error_of(bytes: &[u8]) -> (ErrorKind, String) {
    let error = ModelFile::from_bytes(bytes).unwrap_err();
    (error.kind(), error.to_string())
}

#[test]
fn a_model_in_f32_is_read_back_bit_for_bit_except_for_losses_that_are_not_finite() {
    let mut model = model();
    let bytes = model.to_bytes(Precision::F32);
    assert_eq!(bytes, model.to_bytes(Precision::F32));
    model.card.losses.remove("lost");
    assert_eq!(ModelFile::from_bytes(&bytes).unwrap(), model);
}

#[test]
fn a_file_names_its_activation_and_is_refused_if_it_names_another() {
    let bytes = model().to_bytes(Precision::F32);
    let named = r#"{\"name\":\"leaky_relu\",\"negative_slope\":0.2}"#;
    let (kind, message) = error_of(&edited(&bytes, named, r#"{\"name\":\"relu\"}"#));
    assert_eq!(kind, ErrorKind::ModelFile);
    assert!(
        message.contains("leaky_relu") && message.contains("0.2") && message.contains(r#"\"relu\""#),
        "{message}"
    );
    // Older files do not have the key.
    let older = edited(&bytes, "\"activation\"", "\"something else\"");
    ModelFile::from_bytes(&older).unwrap();
}

#[test]
fn the_activation_named_in_files_is_the_one_that_is_computed() {
    use crate::cpu::{Arithmetic, CpuEngine};
    let activation: serde_json::Value = serde_json::from_str(ACTIVATION).unwrap();
    let slope = activation["negative_slope"].as_f64().unwrap() as f32;
    let config = ModelConfig::preset("map").unwrap();
    // All weights are zero except a bias of -1 before the first activation of the decoder.
    let mut weights = Weights::zeros(&config);
    let bias = weights
        .tensors_mut()
        .iter_mut()
        .find(|tensor| tensor.name == "decoder.linear.bias")
        .unwrap();
    bias.values.fill(-1.0);
    let mut engine = CpuEngine::with_arithmetic(&config, &weights, Arithmetic::Reproducible).unwrap();
    let maps = engine.decoder_maps(&[0.0; 2]).unwrap();
    assert_eq!(maps[..config.flat()], vec![-slope; config.flat()]);
}

#[test]
fn tensors_are_aligned_to_their_values() {
    for precision in [Precision::F32, Precision::F16, Precision::I8, Precision::I7] {
        let bytes = model().to_bytes(precision);
        let start = bytes.as_ptr() as usize;
        let container = Container::read("model file", FORMAT, &bytes).unwrap();
        for tensor in &container.tensors {
            let offset = tensor.bytes.as_ptr() as usize - start;
            assert!(offset.is_multiple_of(tensor.bytes.len() / tensor.shape.iter().product::<usize>()));
        }
    }
}

#[test]
fn scales_belong_to_output_channels_even_if_those_are_the_second_axis() {
    let spec = TensorSpec {
        name: String::new(),
        shape: vec![2, 2, 1, 1],
        fan_in: 1,
        output_axis: 1,
    };
    let (scales, bytes) = quantize(&spec, &[127.0, 0.0, -63.5, 0.0], 127.0);
    assert_eq!(scales, [1.0, 0.0]);
    assert_eq!(
        bytes.iter().map(|&byte| byte as i8).collect::<Vec<_>>(),
        [127, 0, -64, 0]
    );
    // The largest and the smallest f32 are stored as finite values.
    let (scales, bytes) = quantize(&spec, &[f32::MAX, f32::from_bits(1), -f32::MAX, 0.0], 127.0);
    assert!((127.0 * scales[0]).is_finite());
    assert_eq!((bytes[0] as i8, bytes[2] as i8, bytes[1]), (127, -127, 0));
}

#[test]
fn i7_uses_seven_bits() {
    let bytes = model().to_bytes(Precision::I7);
    let container = Container::read("model file", FORMAT, &bytes).unwrap();
    let largest = |stored: &Stored<'_>| stored.bytes.iter().map(|&byte| (byte as i8).unsigned_abs()).max();
    let integers = container
        .tensors
        .iter()
        .filter(|stored| stored.dtype == Dtype::I8);
    assert!(integers.clone().count() > 0 && integers.map(largest).all(|largest| largest == Some(63)));
}

#[test]
fn errors_tell_truncated_model_files_from_other_files() {
    let bytes = model().to_bytes(Precision::I8);
    assert_eq!(
        error_of(&bytes[..3]).1,
        "the model file is cut off: it has 3 bytes"
    );
    let message = error_of(&bytes[..53]).1;
    assert!(message.ends_with("bytes, but 45 are there"), "{message}");
    let (kind, message) = error_of(&bytes[..bytes.len() - 1]);
    assert_eq!(kind, ErrorKind::ModelFile);
    assert!(
        message.starts_with("the model file is cut off: its tensors take"),
        "{message}"
    );
    assert!(
        error_of(b"<!DOCTYPE html><title>404")
            .1
            .starts_with("this is not a model file")
    );
    let (_, message) = error_of(&[&bytes[..], b"x"].concat());
    assert!(
        message.contains("1 extra bytes after its last tensor"),
        "{message}"
    );
}

#[test]
fn a_header_that_contradicts_itself_or_the_file_or_the_config_is_refused() {
    let bytes = model().to_bytes(Precision::I8);
    let kind_after = |from: &str, to: &str| error_of(&edited(&bytes, from, to)).0;
    assert_eq!(kind_after("latent-lab/1", "latent-lab/9"), ErrorKind::ModelFile);
    assert_eq!(kind_after("\"I8\"", "\"I4\""), ErrorKind::ModelFile);
    assert_eq!(kind_after("\"I8\"", "\"U8\""), ErrorKind::ModelFile);
    assert_eq!(kind_after("[0,", "[4,"), ErrorKind::ModelFile);
    assert_eq!(
        kind_after("[32,1,3,3]", "[9,9,9,9,9,9,9,9,9999999999,9999999999]"),
        ErrorKind::ModelFile
    );
    assert_eq!(kind_after("[32,1,3,3]", "[1,32,3,3]"), ErrorKind::Weights);
    assert_eq!(
        kind_after("encoder.mean.bias", "encoder.mean.b"),
        ErrorKind::Weights
    );
    assert_eq!(
        kind_after("encoder.mean.bias", "encoder.log_var.bias"),
        ErrorKind::ModelFile
    );
    assert_eq!(
        kind_after("encoder.mean.weight.scale", "encoder.mean.weight.scales"),
        ErrorKind::ModelFile
    );
    assert_eq!(
        kind_after(r#"\"latent\":2"#, r#"\"latent\":3"#),
        ErrorKind::Weights
    );
    assert_eq!(
        kind_after(r#"\"latent\":2"#, r#"\"latent\":-2"#),
        ErrorKind::Config
    );
    assert_eq!(
        kind_after(r#"\"filters\":32"#, r#"\"filters\":1024"#),
        ErrorKind::Weights
    );
}

#[test]
fn weights_and_scales_that_are_not_finite_are_refused() {
    for (precision, value) in [
        (Precision::F32, f32::NAN),
        (Precision::I8, f32::INFINITY),
        (Precision::I8, -1.0),
    ] {
        let mut bytes = model().to_bytes(precision);
        // The first tensor is a weight in f32, and its scales in i8.
        let first = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        bytes[first..first + 4].copy_from_slice(&value.to_le_bytes());
        assert_eq!(error_of(&bytes).0, ErrorKind::NotFinite);
    }
}

#[test]
fn a_tensor_of_an_unsupported_type_is_named_with_its_type() {
    let bytes = model().to_bytes(Precision::F32);
    for dtype in ["BF16", "F64", "I64", "F8_E4M3"] {
        let (kind, message) = error_of(&edited(
            &bytes,
            r#""dtype":"F32""#,
            &format!(r#""dtype":"{dtype}""#),
        ));
        assert_eq!(kind, ErrorKind::ModelFile);
        assert_eq!(
            message,
            format!(
                "the header of the model file cannot be used: tensor encoder.conv.0.weight: its type is {dtype}; F32, F16, I8 and \
                 U8 can be read"
            )
        );
    }
    let endless = "x".repeat(100_000);
    for (from, to) in [
        (r#""dtype":"F32""#, format!(r#""dtype":"{endless}""#)),
        (r#""dtype":"F32""#, format!(r#""{endless}":"F32""#)),
    ] {
        let (_, message) = error_of(&edited(&bytes, from, &to));
        assert!(message.len() < 400, "{} bytes", message.len());
    }
}

/// A prior of two dimensions whose values are stored exactly: multiples of 1/127 of the largest value in their row.
fn prior() -> Prior {
    let factors = vec![1.984375, -31.0, 127.0, 0.49609375, 15.875, 0.125];
    Prior::new(2, vec![0.25, 0.75], vec![0.5, -1.5, 3.0, 0.0], factors).unwrap()
}

#[test]
fn a_prior_is_read_back_in_every_precision_and_unchanged_when_written_again() {
    for precision in [Precision::F32, Precision::F16, Precision::I8, Precision::I7] {
        let model = ModelFile {
            prior: Some(prior()),
            ..model()
        };
        let bytes = model.to_bytes(precision);
        assert_eq!(ModelFile::from_bytes(&bytes).unwrap().prior, Some(prior()));
        assert_eq!(RawModelFile::from_bytes(&bytes).unwrap().prior, Some(prior()));
    }
}

#[test]
fn a_prior_is_rounded_only_once_and_its_factors_within_half_a_step_of_their_row() {
    let draws = crate::latent::normal_draws(5, 0, 3 * 6);
    let mut factors: Vec<f32> = draws.iter().map(|z| z * 1e3).collect();
    for factor in factors.chunks_mut(3) {
        // The second factor is tiny compared with the others in its row, and must stay positive.
        (factor[0], factor[2]) = (0.1, 1e-3);
    }
    let means = draws[..12].to_vec();
    let prior = Prior::new(2, vec![1.0 / 6.0; 6], means, factors.clone()).unwrap();
    let mut model = ModelFile {
        prior: Some(prior.clone()),
        ..model()
    };
    let once = ModelFile::from_bytes(&model.to_bytes(Precision::F32))
        .unwrap()
        .prior
        .unwrap();
    assert_eq!(once.weights(), prior.weights());
    for (got, mean) in once.means().iter().zip(prior.means()) {
        // f16 keeps 11 bits.
        assert!((got - mean).abs() <= mean.abs() / 2048.0, "{got}, {mean}");
    }
    for (got, factor) in once.factors().chunks(3).zip(factors.chunks(3)) {
        let step = factor[1].abs() / 127.0;
        assert!((got[0] - factor[0]).abs() <= 0.1 / 2048.0);
        // Half a step, with a scale of 11 bits.
        assert!((got[1] - factor[1]).abs() <= step * 0.6, "{got:?}, {factor:?}");
        assert!(got[2] > 0.0 && got[2] <= step * 1.001, "{got:?}, {factor:?}");
    }
    model.prior = Some(once.clone());
    let twice = ModelFile::from_bytes(&model.to_bytes(Precision::I8))
        .unwrap()
        .prior;
    assert_eq!(twice, Some(once));
}

#[test]
fn the_largest_and_the_smallest_prior_are_read_back() {
    for size in [65504.0, 1.0 / 16_777_216.0] {
        let prior = Prior::new(2, vec![1.0], vec![size; 2], vec![size, size, size]).unwrap();
        let model = ModelFile {
            prior: Some(prior),
            ..model()
        };
        let back = ModelFile::from_bytes(&model.to_bytes(Precision::F16))
            .unwrap()
            .prior
            .unwrap();
        assert!(back.factors().iter().all(|&value| value > 0.0), "{size}");
    }
}

#[test]
fn card_and_prior_of_a_model_can_be_replaced_without_changing_its_stored_weights() {
    let stored = |bytes: &[u8]| -> Vec<(String, Vec<u8>)> {
        let container = Container::read("model file", FORMAT, bytes).unwrap();
        let tensors = container
            .tensors
            .iter()
            .filter(|stored| !is_of_prior(&stored.name));
        tensors
            .map(|stored| (stored.name.clone(), stored.bytes.to_vec()))
            .collect()
    };
    for precision in [Precision::F32, Precision::F16, Precision::I8, Precision::I7] {
        let bytes = model().to_bytes(precision);
        let card = Card {
            name: "other".into(),
            losses: [("lost".into(), f64::NAN)].into(),
            ..Card::default()
        };
        let amended = ModelFile::amended(&bytes, &card, &prior()).unwrap();
        assert_eq!(stored(&amended), stored(&bytes));
        let model = ModelFile::from_bytes(&amended).unwrap();
        assert_eq!((model.card.name.as_str(), model.prior), ("other", Some(prior())));
        // The new prior replaces the old one.
        assert_eq!(ModelFile::amended(&amended, &card, &prior()).unwrap(), amended);
    }
    assert!(ModelFile::amended(b"no model", &Card::default(), &prior()).is_err());
}

#[test]
fn a_prior_that_is_incomplete_or_for_another_network_is_refused() {
    let model = ModelFile {
        prior: Some(prior()),
        ..model()
    };
    let bytes = model.to_bytes(Precision::F32);
    let missing = "the file has a prior, but no tensor prior.means";
    for (from, to, words) in [
        (
            r#""prior.means""#,
            r#""prior.other""#,
            "tensor prior.other does not belong to this config",
        ),
        (
            r#""prior.means":{"dtype":"F16","shape":[2,2]"#,
            r#""prior.means":{"dtype":"F16","shape":[4,1]"#,
            "tensor prior.means must have shape [2, 2], got [4, 1]",
        ),
        (
            r#""prior.weights":{"dtype":"F32","shape":[2]"#,
            r#""prior.weights":{"dtype":"F32","shape":[2,1]"#,
            "tensor prior.weights must have shape [0], got [2, 1]",
        ),
        (
            r#""prior.factors":{"dtype":"I8","shape":[2,3]"#,
            r#""prior.factors":{"dtype":"I8","shape":[6]"#,
            "tensor prior.factors must have shape [2, 3], got [6]",
        ),
        (
            r#""prior.factors":{"dtype":"I8""#,
            r#""prior.factors":{"dtype":"U8""#,
            "tensor prior.factors must be F32 or F16, got U8",
        ),
        (
            r#""prior.factors.scale":{"dtype":"F16","shape":[2,2]"#,
            r#""prior.factors.scale":{"dtype":"F16","shape":[4]"#,
            "tensor prior.factors.scale must have shape [2, 2], got [4]",
        ),
        (
            r#""prior.factors.scale""#,
            r#""prior.factors.other""#,
            "tensor prior.factors.other does not belong",
        ),
    ] {
        let (_, message) = error_of(&edited(&bytes, from, to));
        assert!(message.contains(words), "{message}");
    }
    let container = Container::read("model file", FORMAT, &bytes).unwrap();
    let metadata: Vec<_> = container.metadata().collect();
    let mut tensors = container.tensors.clone();
    tensors.retain(|stored| stored.name != "prior.means");
    let (kind, message) = error_of(&container::write(&metadata, tensors));
    assert_eq!((kind, message.as_str()), (ErrorKind::Weights, missing));
}
