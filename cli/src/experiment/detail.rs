//! The detail that a network keeps and invents, compared with the same number of principal components: squared error and sharpness.

use anyhow::{Context, Result};
use latent_lab::{CpuEngine, Sharpness, mse, pixels_from_bytes, sharpness};
use serde_json::{Value, json};

use super::{Runs, pca::Components, sheet::Sheet, spec::Spec};
use crate::{card, data::Split, sharpness as sets};

/// Number of pictures of each set on the sheet.
const SHOWN: usize = 8;

/// Seed of the pairs for the middles, and of the random latents.
const SEED: u64 = 7;

/// Held-out pictures as they are, projected on principal components, redrawn by the spec's network, and the network's pictures
/// halfway between them and from random latents; `None` after Ctrl-C.
pub(super) fn measure(spec: &Spec, runs: &Runs) -> Result<Option<(Value, Sheet)>> {
    let row = spec.rows.first().context("the spec has a network")?;
    let Some(model) = runs.trained(spec, row)? else {
        return Ok(None);
    };
    let training = runs.load(spec, row, Split::Train)?;
    let test = runs.load(spec, row, Split::Test)?;
    let count = spec.components.first().copied().unwrap_or(model.config.latent);
    say!("{count} principal components");
    let projected = Components::of(&training, count).project(&test);
    let mut engine = CpuEngine::new(&model.config, &model.weights)?;
    let [redrawn, middles, random] = sets::drawn(&mut engine, None, &test, SEED)?;
    let originals = pixels_from_bytes(test.pixels());
    let table = [
        ("originals", &originals, false),
        ("components", &projected, true),
        ("reconstructions", &redrawn, true),
        ("middles", &middles, false),
        ("random", &random, false),
    ];
    let mut sheet = Sheet::default();
    let mut rows = Vec::new();
    let reference = sharpness(test.shape(), &originals)?;
    for (label, pictures, compares) in table {
        sheet.add(
            test.shape(),
            &pictures[..SHOWN.min(test.len()) * test.shape().len()],
        )?;
        let percent = sharpness(test.shape(), pictures)?.percent_of(reference);
        let error = compares.then(|| mse(pictures, &originals));
        rows.push(about(label, percent, error));
    }
    let value = json!({
        "network": card::network(&model.config),
        "model_command": model.card.command,
        "latent": model.config.latent,
        "components": count,
        "training_images": training.len(),
        "test_images": test.len(),
        "seed": SEED,
        "rows": rows,
    });
    Ok(Some((value, sheet)))
}

fn about(label: &str, percent: Sharpness, error: Option<f64>) -> Value {
    let mut value = sets::json(percent);
    value["label"] = label.into();
    if let Some(error) = error {
        value["mse"] = card::rounded(error).into();
    }
    value
}
