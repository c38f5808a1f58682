//! Every model that is shipped: a file that has gone stale fails here, not in a visitor's tab.

use std::{fs, path::PathBuf};

use latent_lab::{CpuEngine, Engine, LatentsFile, ModelConfig, ModelFile};
use pollster::block_on;

/// Name, and the measurement on its card that must not exceed the bound (nats, or squared error per pixel).
const SHIPPED: [(&str, &str, f64); 3] = [
    ("digits", "test_negative_elbo", 101.0),
    ("map", "test_negative_elbo", 150.0),
    ("digits-plain", "test_mse", 0.009),
];

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "www", "models", name]
        .iter()
        .collect()
}

fn model(name: &str) -> ModelFile {
    ModelFile::from_bytes(&fs::read(file(&format!("{name}.safetensors"))).unwrap()).unwrap()
}

#[test]
fn every_shipped_model_loads_is_its_preset_and_says_where_it_comes_from() {
    for (name, measure, bound) in SHIPPED {
        let ModelFile { config, card, .. } = model(name);
        assert_eq!(config, ModelConfig::preset(name).unwrap());
        assert_eq!(card.name, name);
        assert!(card.license.contains("CC BY-SA 3.0"), "{name}: {}", card.license);
        assert!(
            card.command.starts_with("latent-lab train --data mnist"),
            "{name}: {}",
            card.command
        );
        assert!(
            card.losses[measure] <= bound,
            "{name}: {measure} {}",
            card.losses[measure]
        );
        let page = fs::read_to_string(file(&format!("{name}.md"))).unwrap();
        assert!(
            page.contains(&card.command),
            "{name}: the card beside the model has another command"
        );
    }
}

#[test]
fn stored_latents_belong_to_their_models_and_decode_to_what_was_encoded() {
    for (name, ..) in SHIPPED {
        let bytes = fs::read(file(&format!("{name}.latents.safetensors"))).unwrap();
        let stored = LatentsFile::from_bytes(&bytes).unwrap();
        assert_eq!((stored.model.as_str(), stored.labels.len()), (name, 500));
        let model = model(name);
        assert_eq!(stored.latent, model.config.latent);
        let mut engine = CpuEngine::new(&model.config, &model.weights).unwrap();
        let some = &stored.mean[..50 * stored.latent];
        let pictures = block_on(engine.decode(some)).unwrap();
        let again = block_on(engine.encode(&pictures)).unwrap().mean;
        let squares: f32 = again.iter().zip(some).map(|(a, b)| (a - b) * (a - b)).sum();
        let spread: f32 = some.iter().map(|z| z * z).sum();
        // A code that is decoded and encoded again stays near itself; latents of another model would not.
        assert!(
            squares < 0.1 * spread,
            "{name}: moved by {} of the codes' own spread",
            squares / spread
        );
    }
}

#[test]
fn nothing_else_is_in_the_folder_of_models() {
    let mut names: Vec<String> = fs::read_dir(file(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut expected: Vec<String> = SHIPPED
        .iter()
        .flat_map(|(name, ..)| {
            ["latents.safetensors", "md", "safetensors"].map(|end| format!("{name}.{end}"))
        })
        .collect();
    expected.sort();
    assert_eq!(names, expected);
}
