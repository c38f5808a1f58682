fn main() {
    use latent_lab::*;
    use pollster::block_on;
    for preset in ["digits", "cats"] {
        let config = ModelConfig::preset(preset).unwrap();
        let weights = Weights::init(&config, 1);
        for arithmetic in [Arithmetic::Fastest, Arithmetic::Reproducible] {
            let mut engine = CpuEngine::with_arithmetic(&config, &weights, arithmetic).unwrap();
            println!("{preset} {}", engine.instructions());
            let n = 64;
            let pixels: Vec<f32> = (0..n * config.image.len())
                .map(|i| (i % 97) as f32 / 97.0)
                .collect();
            let latents = normal_draws(1, 0, 400 * config.latent);
            let noise = normal_draws(2, 0, n * config.latent);
            let time = |name: &str, f: &mut dyn FnMut()| {
                f();
                let mut best = f64::MAX;
                for _ in 0..20 {
                    let t = std::time::Instant::now();
                    f();
                    best = best.min(t.elapsed().as_secs_f64());
                }
                println!("  {name}: {:.3} ms", best * 1e3);
            };
            time("decode 1", &mut || {
                drop(block_on(engine.decode(&latents[..config.latent])))
            });
            time("decode 64", &mut || {
                drop(block_on(engine.decode(&latents[..64 * config.latent])))
            });
            time("encode 64", &mut || drop(block_on(engine.encode(&pixels))));
            let batch = Batch {
                pixels: &pixels,
                noise: &noise,
            };
            let o = StepOptions {
                beta: 1.0,
                learning_rate: 1e-3,
            };
            time("train 64", &mut || drop(block_on(engine.train_step(batch, o))));
        }
    }
}
