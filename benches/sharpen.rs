//! Times one step of adversarial training and prints one line of JSON a row.
//!
//! `cargo bench --bench sharpen`, or with `-- --steps N` for N steps a row (default 10). The network is that of the preset `cats`, 64x64
//! pixels in color. Asserted before it is timed: the number of threads does not change a bit.

use std::time::Instant;

use latent_lab::{
    Arithmetic, Images, ModelConfig, SharpenOptions, SharpenRun, Sharpener, Weights, normal_draws,
};
use serde_json::json;

fn main() {
    let steps = steps();
    let config = ModelConfig::preset("cats").expect("a preset");
    let first = |threads| sharpener(&config, 8, threads).step().expect("a step");
    assert_eq!(first(1), first(2));
    for batch in [16, 32] {
        for threads in [1, 2] {
            let mut sharpener = sharpener(&config, batch, threads);
            sharpener.step().expect("a step");
            let mut seconds: Vec<f64> = (0..steps)
                .map(|_| {
                    let began = Instant::now();
                    sharpener.step().expect("a step");
                    began.elapsed().as_secs_f64()
                })
                .collect();
            seconds.sort_by(f64::total_cmp);
            println!(
                "{}",
                json!({ "batch": batch, "threads": threads, "fastest": seconds[0], "median": seconds[steps / 2] })
            );
        }
    }
}

/// With the encoder learning too: the longest kind of step.
fn sharpener(config: &ModelConfig, batch: usize, threads: usize) -> Sharpener {
    let count = 2 * batch;
    let draws = normal_draws(1, 0, count * config.image.len());
    let pixels = draws.iter().map(|draw| (128.0 + 40.0 * draw) as u8).collect();
    let images = Images::new(config.image, pixels, Vec::new()).expect("whole pictures");
    let run = SharpenRun {
        seed: 1,
        batch,
        augment: None,
        options: SharpenOptions {
            encoder_waits: 0,
            ..SharpenOptions::default()
        },
        arithmetic: Arithmetic::Fastest,
        threads,
    };
    Sharpener::new(config, &Weights::init(config, 1), images, run).expect("a run")
}

/// After `--steps`.
fn steps() -> usize {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--steps");
    let number = arguments.nth(1).and_then(|number| number.parse().ok());
    number.unwrap_or(10).max(1)
}
