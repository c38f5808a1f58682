//! The golden numbers of the page's tests, computed with this crate's reproducible arithmetic: browsers must give the same bits.
//!
//! This test writes `tests/fixtures/golden/`, from the shipped model `digits` and from a short training run on synthetic pictures. If the
//! model, the network's arithmetic or the seeded draws were changed on purpose, write it again:
//! `LATENT_LAB_WRITE_GOLDEN=1 cargo test --test golden`.

use std::{env, fs, path::PathBuf};

use latent_lab::{
    Arithmetic, Card, CpuEngine, Engine, ImageShape, Images, LatentsFile, ModelConfig, ModelFile, Path,
    Precision, StepOptions, Trainer, TrainerOptions, Weights, latent_path, normal_draws,
};
use serde_json::{Value, json};

/// The first stored codes of the shipped model, decoded one by one.
const STORED: usize = 8;

/// The number of frames on the morph figure's path, and the number shown on its strip.
const FRAMES: usize = 241;
const STRIP: usize = 11;

/// The two digits at which the page's path starts and ends: (class, index within the class).
const ENDS: [(u8, usize); 2] = [(3, 2), (8, 4)];

const SEED: u64 = 7;
const STEPS: usize = 3;
/// Four shards of unequal sizes; the second step takes the rest of the epoch.
const BATCH: usize = 35;
const PICTURES: usize = 40;
const OPTIONS: StepOptions = StepOptions {
    beta: 0.5,
    free_bits: 0.0,
    learning_rate: 0.001,
};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Compares `bytes` with the stored file, or writes them first if requested.
fn check(name: &str, bytes: &[u8]) {
    let name = format!("tests/fixtures/golden/{name}");
    if env::var_os("LATENT_LAB_WRITE_GOLDEN").is_some() {
        fs::create_dir_all(path(&name).parent().unwrap()).unwrap();
        fs::write(path(&name), bytes).unwrap();
    }
    assert!(
        read(&name) == bytes,
        "{name} is stale; if the change is intended: LATENT_LAB_WRITE_GOLDEN=1 cargo test --test golden"
    );
}

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// The 64-bit FNV-1a hash over little-endian words of 32 bits, the last of which may be short, in hexadecimal digits.
fn fingerprint(bytes: &[u8]) -> String {
    let hash = bytes.chunks(4).fold(0xcbf2_9ce4_8422_2325_u64, |hash, word| {
        let mut four = [0; 4];
        four[..word.len()].copy_from_slice(word);
        (hash ^ u64::from(u32::from_le_bytes(four))).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Codes `[STORED + STRIP, latent]`: the first stored ones, then those of the morph figure's initial strip.
fn codes(stored: &LatentsFile) -> Vec<f32> {
    let row = |index: usize| &stored.mean[index * stored.latent..][..stored.latent];
    let end = |(digit, nth): (u8, usize)| {
        let of_digit: Vec<usize> = (0..stored.labels.len())
            .filter(|&index| stored.labels[index] == digit)
            .collect();
        row(of_digit[nth % of_digit.len()])
    };
    let way = latent_path(Path::Slerp, end(ENDS[0]), end(ENDS[1]), FRAMES);
    let stops = way
        .chunks(stored.latent)
        .step_by((FRAMES - 1) / (STRIP - 1))
        .flatten();
    stored.mean[..STORED * stored.latent]
        .iter()
        .chain(stops)
        .copied()
        .collect()
}

/// Bytes that any language can reproduce: the upper bytes of a Weyl sequence.
fn made_up_pictures(image: ImageShape) -> Vec<u8> {
    let len = u32::try_from(PICTURES * image.len()).unwrap();
    (0..len)
        .map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}

#[test]
fn golden_pictures_are_decoded_by_the_shipped_model() {
    let model = ModelFile::from_bytes(&read("www/models/digits.safetensors")).unwrap();
    let stored = LatentsFile::from_bytes(&read("www/models/digits.latents.safetensors")).unwrap();
    let codes = codes(&stored);
    let mut engine =
        CpuEngine::with_arithmetic(&model.config, &model.weights, Arithmetic::Reproducible).unwrap();
    let pixels = engine.decode(&codes).unwrap();
    assert_eq!(pixels.len(), (STORED + STRIP) * model.config.image.len());
    check("codes.f32", &bytes_of(&codes));
    check("pixels.f32", &bytes_of(&pixels));
}

#[test]
fn golden_training_is_reproduced_from_its_seed() {
    let config = ModelConfig::preset("digits").unwrap();
    let weights = Weights::init(&config, SEED);
    let engine = CpuEngine::with_arithmetic(&config, &weights, Arithmetic::Reproducible).unwrap();
    let options = TrainerOptions {
        seed: SEED,
        batch: BATCH,
        augment: None,
    };
    let mut trainer = Trainer::new(Box::new(engine), options).unwrap();
    let images = Images::new(config.image, made_up_pictures(config.image), Vec::new()).unwrap();
    trainer.set_images(images).unwrap();
    let losses: Vec<Value> = (0..STEPS)
        .map(|_| {
            let losses = trainer.step(OPTIONS).unwrap();
            json!([losses.reconstruction, losses.kl, losses.total].map(f64::from))
        })
        .collect();
    let engine = trainer.engine_mut();
    let codes = normal_draws(SEED, 0, 4 * config.latent);
    let pixels = engine.decode(&codes).unwrap();
    let model = ModelFile {
        weights: engine.weights().unwrap(),
        config: config.clone(),
        card: Card::default(),
        prior: None,
    };
    let golden = json!({
        "config": serde_json::from_str::<Value>(&config.to_json()).unwrap(),
        "seed": SEED,
        "batch": BATCH,
        "pictures": PICTURES,
        "beta": f64::from(OPTIONS.beta),
        "learningRate": f64::from(OPTIONS.learning_rate),
        "losses": losses,
        "weights": fingerprint(&weights_of(&model)),
        "draws": fingerprint(&bytes_of(&codes)),
        "decoded": fingerprint(&bytes_of(&pixels)),
    });
    let mut text = serde_json::to_vec_pretty(&golden).unwrap();
    text.push(b'\n');
    check("training.json", &text);
}

/// The tensors of a model file in f32: the bytes after its header, which contains the card.
fn weights_of(model: &ModelFile) -> Vec<u8> {
    let bytes = model.to_bytes(Precision::F32);
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap());
    bytes[8 + usize::try_from(header).unwrap()..].to_vec()
}
