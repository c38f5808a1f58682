//! Compares networks by how well they reconstruct held-out pictures.

use anyhow::Result;
use latent_lab::{CpuEngine, Engine, Images, ModelFile, psnr, ssim};
use serde_json::{Value, json};

use super::{
    Runs,
    pca::Components,
    sheet::Sheet,
    spec::{Row, Spec},
};
use crate::{card, data::Split, engines::EngineName, measure::Measure};

/// Number of pictures of each row on a sheet.
const SHOWN: usize = 8;

/// Trains missing models and measures all; `None` after Ctrl-C.
pub(super) fn compare(spec: &Spec, runs: &Runs) -> Result<Option<(Value, Sheet)>> {
    let mut rows = Vec::new();
    let mut sheet = Sheet::default();
    for seeds in spec.rows.chunk_by(|a, b| a.label == b.label) {
        let mut of_seeds = Vec::new();
        for row in seeds {
            let Some(model) = runs.trained(spec, row)? else {
                return Ok(None);
            };
            let test = runs.load(spec, row, Split::Test)?;
            let pictures = reconstructions(&model, &test)?;
            if of_seeds.is_empty() {
                sheet.compare(&test, &pictures, SHOWN)?;
            }
            of_seeds.push(measured(row, &model, &test, &pictures, runs.seconds(spec, row))?);
        }
        rows.push(together(of_seeds));
    }
    let mut result = json!({ "rows": rows });
    if !spec.components.is_empty() {
        say!("principal components");
        let row = &spec.rows[0];
        let (training, test) = (
            runs.load(spec, row, Split::Train)?,
            runs.load(spec, row, Split::Test)?,
        );
        let most = spec.components.iter().copied().max().unwrap_or(0);
        result["principal_components"] = Components::of(&training, most)
            .errors(&test, &spec.components)
            .into_iter()
            .map(|(components, mse)| json!({"components": components, "mse": card::rounded(mse)}))
            .collect();
    }
    Ok(Some((result, sheet)))
}

/// The decoded mean, or code, of each picture.
pub(super) fn reconstructions(model: &ModelFile, images: &Images) -> Result<Vec<f32>> {
    const AT_ONCE: usize = 100;
    let mut engine = CpuEngine::new(&model.config, &model.weights)?;
    let mut pictures = Vec::new();
    for bytes in images.pixels().chunks(AT_ONCE * images.shape().len()) {
        let codes = engine.encode(&latent_lab::pixels_from_bytes(bytes))?;
        pictures.extend(engine.decode(&codes.mean)?);
    }
    Ok(pictures)
}

/// One row for the seeds of a network: means, and the spread of the error if there is more than one seed.
fn together(of_seeds: Vec<Value>) -> Value {
    let numbers = |key: &str| {
        of_seeds
            .iter()
            .filter_map(|row| row[key].as_f64())
            .collect::<Vec<_>>()
    };
    let mut row = of_seeds[0].clone();
    if of_seeds.len() == 1 {
        return row;
    }
    for key in ["mse", "ssim", "train_reconstruction", "seconds"] {
        let values = numbers(key);
        row[key] = card::rounded(values.iter().sum::<f64>() / values.len() as f64).into();
    }
    let errors = numbers("mse");
    row["psnr"] = card::rounded(psnr(row["mse"].as_f64().expect("it was measured"))).into();
    row["mse_lowest"] = errors.iter().copied().fold(f64::INFINITY, f64::min).into();
    row["mse_highest"] = errors.iter().copied().fold(0.0, f64::max).into();
    row["seeds"] = of_seeds.iter().map(|row| row["seed"].clone()).collect();
    row.as_object_mut().expect("a row is an object").remove("seed");
    row
}

fn measured(row: &Row, model: &ModelFile, test: &Images, pictures: &[f32], seconds: f64) -> Result<Value> {
    let measure = Measure {
        engine: EngineName::Cpu,
        config: &model.config,
        weights: &model.weights,
        images: test,
        seed: model.card.seed,
    };
    let gray = measure.gray()?;
    let originals = latent_lab::pixels_from_bytes(test.pixels());
    let similarity = ssim(test.shape(), &originals, pictures)?;
    let mut value = json!({
        "label": row.label,
        "network": card::network(&model.config),
        "latent": model.config.latent,
        "parameters": model.weights.tensors().iter().map(|tensor| tensor.values.len()).sum::<usize>(),
        "seed": model.card.seed,
        "epochs": model.card.epochs,
        "seconds": seconds.round(),
        "test_images": test.len(),
        "mse": card::rounded(gray.mse),
        "psnr": card::rounded(gray.psnr),
        "ssim": card::rounded(similarity),
        "train_reconstruction": model.card.losses.get("train_reconstruction"),
    });
    if let Some(elbo) = gray.elbo {
        value["negative_elbo"] = card::rounded(elbo.negative_elbo()).into();
    }
    Ok(value)
}
