//! Model files, checkpoints and latents files are read back as written, and no input makes the readers panic or allocate much more than
//! the file's size.

mod allocations;
mod damage;

use allocations::most_held;
use damage::{damage, inflict, with_header};
use latent_lab::{
    Card, Checkpoint, Error, ErrorKind, ImageShape, Kind, LatentsFile, LayerConfig, Likelihood, ModelConfig,
    ModelFile, Precision, Prior, Tensor, TrainingState, Weights, normal_draws,
};
use proptest::{collection::vec, prelude::*, sample::Index};

/// Bytes that a reader may hold at a time, for each byte of its file: weights take 4 when converted from i8 to f32, text and names are
/// copied once, and a growing list exists twice while it is moved.
const HELD_PER_BYTE: usize = 8;
/// Bytes that a reader may hold for any file: the config's list of tensors, and an error's message.
const HELD_ALWAYS: usize = 16 << 10;

/// Reads `bytes` as each of the three kinds of file and checks that none panics or holds too much. Returns true if any of them succeeded.
fn survives(bytes: &[u8]) -> bool {
    let limit = HELD_PER_BYTE * bytes.len() + HELD_ALWAYS;
    let finite = |weights: &Weights| {
        let mut values = weights.tensors().iter().flat_map(|tensor| &tensor.values);
        values.all(|value| value.is_finite())
    };
    let (held_by_model, model) = most_held(|| ModelFile::from_bytes(bytes));
    let (held_by_checkpoint, checkpoint) = most_held(|| Checkpoint::from_bytes(bytes));
    let (held_by_latents, latents) = most_held(|| LatentsFile::from_bytes(bytes));
    for held in [held_by_model, held_by_checkpoint, held_by_latents] {
        assert!(held <= limit, "held {held} bytes while reading {}", bytes.len());
    }
    if let Ok(model) = &model {
        assert!(model.config.validate().is_ok() && finite(&model.weights));
        assert_eq!(
            Weights::from_tensors(&model.config, model.weights.tensors().to_vec()),
            Ok(model.weights.clone())
        );
        if let Some(prior) = &model.prior {
            assert_eq!(prior.latent(), model.config.latent);
            for prior in [prior, &prior.gaussian()] {
                let draws = prior.draws(1, 0, 3, 2.0);
                assert!(draws.iter().all(|value| value.is_finite()));
                assert!(prior.log_density(&draws).iter().all(|log| !log.is_nan()));
            }
        }
    }
    if let Ok(checkpoint) = &checkpoint {
        assert!(checkpoint.config.validate().is_ok() && finite(&checkpoint.state.weights));
    }
    if let Ok(latents) = &latents {
        assert!(latents.mean.iter().all(|value| value.is_finite()));
        assert!(latents.labels.is_empty() || latents.labels.len() * latents.latent == latents.mean.len());
    }
    for error in [
        model.as_ref().err(),
        checkpoint.as_ref().err(),
        latents.as_ref().err(),
    ]
    .into_iter()
    .flatten()
    {
        assert!(!error.to_string().is_empty());
    }
    model.is_ok() || checkpoint.is_ok() || latents.is_ok()
}

/// Valid configs of every kind, small enough to try many.
fn config() -> impl Strategy<Value = ModelConfig> {
    let layer =
        (1..10_usize, prop_oneof![Just(3), Just(5)], 1..=2_usize).prop_map(|(filters, kernel, stride)| {
            LayerConfig {
                filters,
                kernel,
                stride,
            }
        });
    let image =
        (prop_oneof![Just(1), Just(3)], 8..14_usize, 8..14_usize).prop_map(|(channels, height, width)| {
            ImageShape {
                channels,
                height,
                width,
            }
        });
    let kind = prop_oneof![Just(Kind::Variational), Just(Kind::Autoencoder)];
    let likelihood = prop_oneof![Just(Likelihood::Bernoulli), Just(Likelihood::Gaussian)];
    (image, vec(layer, 1..=6), 1..20_usize, kind, likelihood).prop_map(
        |(image, layers, latent, kind, likelihood)| ModelConfig {
            image,
            layers,
            latent,
            kind,
            likelihood,
        },
    )
}

/// Weights of all magnitudes, including biases.
fn weights(config: &ModelConfig, seed: u64) -> Weights {
    let specs = config.tensors().into_iter().enumerate();
    let tensors = specs.map(|(n, spec)| {
        let size = 10.0_f32.powi((seed % 8) as i32 - 4);
        let values = normal_draws(seed, n as u64, spec.len());
        Tensor {
            values: values.iter().map(|value| value * size).collect(),
            name: spec.name,
            shape: spec.shape,
        }
    });
    Weights::from_tensors(config, tensors.collect()).unwrap()
}

/// No prior, or one of up to four components whose values are stored exactly: f16, and factors in whole 127ths.
fn prior(config: &ModelConfig, seed: u64) -> Option<Prior> {
    let (count, latent) = (seed as usize % 5, config.latent);
    let exact = |stream: u64, len: usize| -> Vec<f32> {
        let draws = normal_draws(seed, stream, len);
        draws.iter().map(|z| (z * 64.0).round() / 64.0).collect()
    };
    let mut factors = Vec::new();
    for _ in 0..count {
        for row in 0..latent {
            factors.extend(
                exact(row as u64 + 1, row)
                    .iter()
                    .map(|value| value.clamp(-1.0, 1.0) / 4.0),
            );
            factors.push(127.0 / 256.0);
        }
    }
    let weights = vec![1.0 / count as f32; count];
    (count > 0).then(|| Prior::new(latent, weights, exact(0, count * latent), factors).unwrap())
}

fn card() -> impl Strategy<Value = Card> {
    (
        any::<String>(),
        any::<String>(),
        any::<u64>(),
        any::<u32>(),
        -1e6..1e6_f64,
    )
        .prop_map(|(name, notes, seed, epochs, loss)| Card {
            // Decimals with few digits are read back exactly.
            losses: [(name.clone(), (loss * 64.0).round() / 64.0)].into(),
            name,
            notes,
            seed,
            epochs,
            beta: Some(0.03),
            free_bits: (epochs % 2 == 0).then_some(0.1),
            test_images: "folder others".into(),
            ..Card::default()
        })
}

fn precision() -> impl Strategy<Value = Precision> {
    prop_oneof![Just(Precision::F32), Just(Precision::F16), Just(Precision::I8)]
}

/// A model file, a checkpoint or a latents file.
fn file() -> impl Strategy<Value = Vec<u8>> {
    (config(), card(), precision(), any::<u64>(), 0..5).prop_map(|(config, card, precision, seed, kind)| {
        let weights = weights(&config, seed);
        match kind {
            0 => LatentsFile {
                latent: config.latent,
                mean: normal_draws(seed, 0, 9 * config.latent),
                labels: (0..9).collect(),
                model: card.name,
            }
            .to_bytes(),
            1 => Checkpoint {
                state: TrainingState::new(&config, weights.clone()),
                average: (seed % 2 == 0).then_some(weights),
                progress: card.notes,
                config,
            }
            .to_bytes(),
            _ => ModelFile {
                prior: prior(&config, seed),
                config,
                card,
                weights,
            }
            .to_bytes(precision),
        }
    })
}

proptest! {
    #[test]
    fn f32_weights_are_read_back_bit_for_bit_with_the_card(config in config(), card in card(), seed: u64) {
        let model = ModelFile { weights: weights(&config, seed), prior: prior(&config, seed), config, card };
        let bytes = model.to_bytes(Precision::F32);
        prop_assert_eq!(&bytes, &model.clone().to_bytes(Precision::F32));
        prop_assert_eq!(ModelFile::from_bytes(&bytes).unwrap(), model);
    }

    #[test]
    fn f16_weights_are_read_back_within_half_a_unit_in_the_last_place(config in config(), seed: u64) {
        let model = ModelFile { weights: weights(&config, seed), prior: None, config, card: Card::default() };
        let back = ModelFile::from_bytes(&model.to_bytes(Precision::F16)).unwrap();
        for (tensor, back) in model.weights.tensors().iter().zip(back.weights.tensors()) {
            for (value, back) in tensor.values.iter().zip(&back.values) {
                // Rounding to 11 bits, or by half of the smallest subnormal, 2^-24; no weight exceeds 65504.
                let tolerance = value.abs().max(f32::powi(2.0, -14)) * f32::powi(2.0, -11);
                let expected = value.clamp(-65504.0, 65504.0);
                prop_assert!((back - expected).abs() <= tolerance, "{value} became {back}");
            }
        }
    }

    #[test]
    fn i8_weights_are_read_back_within_half_a_step_of_their_output_channel_and_biases_exactly(config in config(), seed: u64) {
        let model = ModelFile { weights: weights(&config, seed), prior: None, config, card: Card::default() };
        let bytes = model.to_bytes(Precision::I8);
        prop_assert_eq!(&bytes, &model.to_bytes(Precision::I8));
        let back = ModelFile::from_bytes(&bytes).unwrap();
        let tensors = model.weights.tensors().iter().zip(back.weights.tensors());
        for (spec, (tensor, back)) in model.config.tensors().iter().zip(tensors) {
            if spec.shape.len() == 1 {
                prop_assert_eq!(tensor, back);
                continue;
            }
            let inner: usize = spec.shape[spec.output_axis + 1..].iter().product();
            let outputs = spec.shape[spec.output_axis];
            for output in 0..outputs {
                let of_output = |at: &usize| at / inner % outputs == output;
                let places: Vec<usize> = (0..spec.len()).filter(of_output).collect();
                let largest = places.iter().map(|&at| tensor.values[at].abs()).fold(0.0, f32::max);
                // Half a step of largest / 127, and the rounding of scale, quotient and product.
                let tolerance = largest / 127.0 * 0.5 * (1.0 + 1e-4);
                for at in places {
                    let (value, back) = (tensor.values[at], back.values[at]);
                    prop_assert!((value - back).abs() <= tolerance, "{value} became {back}, largest {largest}");
                }
            }
        }
    }

    #[test]
    fn checkpoints_and_latents_are_read_back(config in config(), seed: u64, progress: String, labels in vec(any::<u8>(), 1..20)) {
        let checkpoint = Checkpoint {
            state: TrainingState {
                weights: weights(&config, seed),
                first_moment: weights(&config, seed ^ 1),
                second_moment: weights(&config, seed ^ 2),
                step: seed,
            },
            average: Some(weights(&config, seed ^ 3)),
            progress: progress.clone(),
            config,
        };
        prop_assert_eq!(&Checkpoint::from_bytes(&checkpoint.to_bytes()).unwrap(), &checkpoint);
        let latents = LatentsFile {
            latent: checkpoint.config.latent,
            // Whole numbers up to 5 are exact in f16.
            mean: normal_draws(seed, 0, labels.len() * checkpoint.config.latent).iter().map(|z| z.round()).collect(),
            labels,
            model: progress,
        };
        prop_assert_eq!(LatentsFile::from_bytes(&latents.to_bytes()).unwrap(), latents);
    }

    #[test]
    fn files_of_every_kind_are_read_within_the_memory_limit(file in file()) {
        prop_assert!(survives(&file));
    }

    #[test]
    fn damaged_files_are_read_or_refused_within_the_memory_limit(mut file in file(), damages in vec(damage(), 1..4)) {
        for damage in &damages {
            inflict(&mut file, damage);
        }
        survives(&file);
    }

    #[test]
    fn a_truncated_or_extended_file_is_refused(mut file in file(), cut in any::<Index>()) {
        prop_assert!(!survives(&file[..cut.index(file.len())]));
        file.push(b' ');
        prop_assert!(!survives(&file));
    }

    #[test]
    fn any_json_like_header_is_read_or_refused_within_the_memory_limit(
        pieces in vec(
            prop_oneof![
                Just("{"), Just("}"), Just("["), Just("]"), Just(":"), Just(","), Just("0"), Just("18446744073709551615"),
                Just("\"__metadata__\":{\"format\":\"latent-lab/1\"}"), Just("\"mean\":"), Just("\"label\":"), Just("\"F32\""),
                Just("{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"), Just("\"shape\""), Just("\\ud800"), Just("\""),
            ],
            0..60,
        ),
        data in 0..64_usize,
    ) {
        let header = format!("{{{}", pieces.concat());
        prop_assert!(!survives(&with_header(&header, data)));
    }
}

#[test]
fn headers_that_claim_large_sizes_do_not_cause_large_allocations() {
    let numbers = "0,".repeat(300_000);
    let names: String = (0..20_000)
        .map(|n| format!(r#","{n}":{{"dtype":"U8","shape":[],"data_offsets":[0,0]}}"#))
        .collect();
    let texts: String = (0..50_000).map(|n| format!(r#""{n}":"","#)).collect();
    for header in [
        format!(r#"{{"a":{{"dtype":"U8","shape":[{numbers}0],"data_offsets":[0,0]}}}}"#),
        format!(r#"{{"__metadata__":{{}}{names}}}"#),
        format!(r#"{{"__metadata__":{{{texts}"z":""}}}}"#),
        format!(r#"{{"a":{}"#, "[".repeat(500_000)),
        format!("{{{}", " ".repeat(900_000)),
        r#"{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}}"#.to_string(),
        r#"{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}"#.to_string(),
    ] {
        assert!(!survives(&with_header(&header, 0)));
    }
    assert!(!survives(&u64::MAX.to_le_bytes()));
    assert!(!survives(&(1_u64 << 40).to_le_bytes()));
}

#[test]
fn a_large_config_in_a_small_file_allocates_no_weights() {
    let layer = r#"{"filters":750,"kernel":3,"stride":2}"#;
    let config = format!(
        r#"{{"image":{{"channels":3,"height":128,"width":128}},"layers":[{}],"latent":1024,"kind":"variational","likelihood":"gaussian"}}"#,
        [layer; 6].join(",")
    );
    let parameters = ModelConfig::from_json(&config).unwrap().parameters();
    assert!(parameters > 50_000_000, "{parameters}");
    let quoted = config.replace('"', "\\\"");
    let header = format!(r#"{{"__metadata__":{{"format":"latent-lab/1","config":"{quoted}"}}}}"#);
    let file = with_header(&header, 0);
    assert!(!survives(&file));
    let error: Error = ModelFile::from_bytes(&file).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Weights);
    assert_eq!(error.to_string(), "tensor encoder.conv.0.weight is missing");
}
