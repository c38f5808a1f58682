//! Times the cpu engine natively and prints one JSON object a line; `benches/bench.mjs` makes the table.
//!
//! `cargo bench --bench native`, or with `-- --seconds S` for S seconds a row (default 0.3). Each row is asserted before
//! it is timed. docs/speed.md says what the numbers mean.

mod limit;

use std::time::{Duration, Instant};

use latent_lab::{
    Arithmetic, CpuEngine, Engine, Images, Losses, ModelConfig, StepOptions, Trainer, TrainerOptions,
    Weights, normal_draws,
};
use serde_json::{Value, json};

const PRESETS: [&str; 2] = ["digits", "cats"];
const BATCH: usize = 64;
const MOST_LATENTS: usize = 400;
const SEED: u64 = 1;
const OPTIONS: StepOptions = StepOptions {
    beta: 1.0,
    free_bits: 0.0,
    learning_rate: 1e-3,
};

/// Both arithmetics compute the same network: their pixels differ only by rounding (up to 6e-7 was seen).
const LARGEST_DIFFERENCE: f32 = 1e-4;

/// A sample repeats its call for this long, a thousand times the clock's resolution.
const SAMPLE: Duration = Duration::from_millis(2);

fn main() {
    let per_row = seconds();
    let variants = [Arithmetic::Fastest, Arithmetic::Reproducible];
    let mut contenders = Vec::new();
    for preset in PRESETS {
        let config = ModelConfig::preset(preset).expect("a preset");
        let config_json: Value = serde_json::from_str(&config.to_json()).expect("a config is JSON");
        print(json!({ "kind": "config", "preset": preset, "config": config_json }));
        let mut pair = variants.map(|arithmetic| Contender::new(preset, &config, arithmetic));
        assert_alike(&mut pair);
        contenders.extend(pair);
        // On a machine with nothing faster, both are the same.
        contenders.dedup_by_key(|contender| (contender.preset, contender.variant()));
    }
    for contender in &mut contenders {
        let (decoded, losses) = contender.fingerprints();
        print(
            json!({ "kind": "check", "preset": contender.preset, "variant": contender.variant(),
            "decoded": decoded, "losses": losses }),
        );
    }
    for limit in limit::all() {
        print(json!({ "kind": "limit", "form": "fed", "variant": limit.variant, "gflops": limit.gflops }));
    }
    for work in Work::ALL {
        for contender in &mut contenders {
            let milliseconds = samples(per_row, || contender.run(work));
            print(
                json!({ "kind": "row", "preset": contender.preset, "variant": contender.variant(),
                "work": work.name(), "count": work.count(), "threads": work.threads(), "milliseconds": milliseconds }),
            );
        }
    }
}

/// The work that is timed.
#[derive(Clone, Copy)]
enum Work {
    Decode(usize),
    Encode,
    /// Steps on this many threads.
    Train(usize),
}

impl Work {
    const ALL: [Self; 7] = [
        Self::Decode(1),
        Self::Decode(BATCH),
        Self::Decode(MOST_LATENTS),
        Self::Encode,
        Self::Train(1),
        Self::Train(2),
        Self::Train(4),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Decode(_) => "decode",
            Self::Encode => "encode",
            Self::Train(_) => "train",
        }
    }

    fn count(self) -> usize {
        match self {
            Self::Decode(count) => count,
            Self::Encode | Self::Train(_) => BATCH,
        }
    }

    fn threads(self) -> usize {
        match self {
            Self::Train(threads) => threads,
            _ => 1,
        }
    }
}

/// One preset with one arithmetic: an engine that keeps its weights, and a trainer that changes its own.
struct Contender {
    preset: &'static str,
    engine: CpuEngine,
    trainer: Trainer,
    pixels: Vec<f32>,
    latents: Vec<f32>,
}

impl Contender {
    fn new(preset: &'static str, config: &ModelConfig, arithmetic: Arithmetic) -> Self {
        let weights = Weights::init(config, SEED);
        let engine =
            || CpuEngine::with_arithmetic(config, &weights, arithmetic).expect("weights of this config");
        let options = TrainerOptions {
            seed: SEED,
            batch: BATCH,
            augment: None,
        };
        let mut trainer = Trainer::new(Box::new(engine()), options).expect("a batch that is not empty");
        let bytes = pictures(config);
        let pixels = latent_lab::pixels_from_bytes(&bytes);
        let images = Images::new(config.image, bytes, Vec::new()).expect("whole pictures");
        trainer.set_images(images).expect("pictures of this config");
        Self {
            preset,
            engine: engine(),
            trainer,
            pixels,
            latents: normal_draws(SEED, 0, MOST_LATENTS * config.latent),
        }
    }

    fn variant(&self) -> &'static str {
        self.engine.instructions()
    }

    fn decode(&mut self, count: usize) -> Vec<f32> {
        let latent = self.engine.config().latent;
        self.engine
            .decode(&self.latents[..count * latent])
            .expect("whole latents")
    }

    fn train(&mut self) -> Losses {
        self.trainer.step(OPTIONS).expect("a step with finite losses")
    }

    fn run(&mut self, work: Work) {
        match work {
            Work::Decode(count) => drop(std::hint::black_box(self.decode(count))),
            Work::Encode => drop(std::hint::black_box(self.engine.encode(&self.pixels))),
            Work::Train(threads) => {
                self.trainer.engine_mut().set_threads(threads);
                std::hint::black_box(self.train());
            }
        }
    }

    /// A hash of decoded pixels, and the losses of the first steps. For the reproducible arithmetic they are the same
    /// bits in the plain wasm build, which `bench.mjs` asserts.
    fn fingerprints(&mut self) -> (String, [f32; 5]) {
        let hash = fnv(&self.decode(BATCH));
        let losses = [(); 5].map(|()| self.train().total);
        assert!(
            losses[4] < losses[0],
            "training does not lower the loss: {losses:?}"
        );
        (format!("{hash:08x}"), losses)
    }
}

fn assert_alike([fastest, reproducible]: &mut [Contender; 2]) {
    let pairs = fastest.decode(BATCH).into_iter().zip(reproducible.decode(BATCH));
    let difference = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(
        difference <= LARGEST_DIFFERENCE,
        "{}: {} and {} decode pixels that are {difference} apart",
        fastest.preset,
        fastest.variant(),
        reproducible.variant()
    );
}

/// Pictures with something to learn: a light disc on dark ground, at a different place in each; by a formula simple enough for
/// `worker.js` to repeat.
fn pictures(config: &ModelConfig) -> Vec<u8> {
    let image = config.image;
    let mut bytes = Vec::with_capacity(BATCH * image.len());
    for n in 0..BATCH {
        for _ in 0..image.channels {
            for y in 0..image.height {
                for x in 0..image.width {
                    let (dy, dx) = (
                        (y * 8 / image.height).abs_diff(n / 8),
                        (x * 8 / image.width).abs_diff(n % 8),
                    );
                    bytes.push(if dy * dy + dx * dx <= 4 { 230 } else { 10 });
                }
            }
        }
    }
    bytes
}

/// FNV-1a, 32 bits, over the bits of the values, low byte first.
fn fnv(values: &[f32]) -> u32 {
    let bytes = values.iter().flat_map(|value| value.to_bits().to_le_bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// Milliseconds of one call, sample after sample, at least one, for about `budget`.
fn samples(budget: Duration, mut call: impl FnMut()) -> Vec<f64> {
    let mut time = |calls: u32| {
        let start = Instant::now();
        (0..calls).for_each(|_| call());
        start.elapsed() / calls
    };
    // The first call also brings everything into the caches.
    let calls = (SAMPLE.as_secs_f64() / time(1).as_secs_f64()).ceil() as u32;
    let start = Instant::now();
    let mut found = Vec::new();
    while found.is_empty() || start.elapsed() < budget {
        found.push(time(calls).as_secs_f64() * 1e3);
    }
    found
}

/// The value of `--seconds`. Cargo adds `--bench`, which means nothing here.
fn seconds() -> Duration {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--seconds");
    let value = arguments.nth(1);
    let seconds = value.map_or(0.3, |text| {
        text.parse().expect("--seconds is followed by a number")
    });
    Duration::from_secs_f64(seconds)
}

fn print(object: Value) {
    println!("{object}");
}
