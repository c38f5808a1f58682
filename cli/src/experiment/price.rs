//! The cost of a picture for a model with a Bernoulli likelihood, in nats: KL and reconstruction, beside the entropy of gray
//! targets, which no reconstruction can go below.

use anyhow::Result;
use latent_lab::{Images, ModelFile, target_entropy};
use serde_json::{Value, json};

use super::{
    Runs,
    sheet::Sheet,
    spec::{Row, Spec},
};
use crate::{card, data::Split, engines::EngineName, measure::Measure};

/// Measures each network of the spec on the test images; `None` after Ctrl-C.
pub(super) fn measure(spec: &Spec, runs: &Runs) -> Result<Option<(Value, Sheet)>> {
    let mut rows = Vec::new();
    let mut floor = 0.0;
    for row in &spec.rows {
        let Some(model) = runs.trained(spec, row)? else {
            return Ok(None);
        };
        let test = runs.load(spec, row, Split::Test)?;
        floor = target_entropy(&test);
        rows.push(measured(row, &model, &test, floor)?);
    }
    let value = json!({"target_entropy": card::rounded(floor), "rows": rows});
    Ok(Some((value, Sheet::default())))
}

fn measured(row: &Row, model: &ModelFile, test: &Images, floor: f64) -> Result<Value> {
    let seed = model.card.seed;
    let measure = Measure {
        engine: EngineName::Cpu,
        config: &model.config,
        weights: &model.weights,
        images: test,
        seed,
    };
    let gray = measure.gray()?;
    let (reconstruction, kl) = match gray.elbo {
        Some(elbo) => (elbo.reconstruction, elbo.kl),
        None => (gray.reconstruction_of_mean, 0.0),
    };
    let mut value = json!({
        "label": row.label,
        "latent": model.config.latent,
        "test_images": test.len(),
        "seed": seed,
        "reconstruction": card::rounded(reconstruction),
        "reconstruction_above_entropy": card::rounded(reconstruction - floor),
        "total": card::rounded(reconstruction + kl),
        "total_above_entropy": card::rounded(reconstruction + kl - floor),
    });
    if gray.elbo.is_some() {
        value["kl"] = card::rounded(kl).into();
    }
    Ok(value)
}
