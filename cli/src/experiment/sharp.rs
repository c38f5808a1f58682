//! How sharp and how real pictures look before and after training with a critic, compared with the same number of principal
//! components.

use anyhow::Result;
use latent_lab::{CpuEngine, Engine, Images, Prior, mse, pixels_from_bytes, sharpness};
use serde_json::{Value, json};

use super::{Runs, pca::Components, sheet::Sheet, spec::Spec};
use crate::{
    card,
    classifier::Classifier,
    data::Split,
    realism::{self, Realism},
    sharpness as sets,
};

/// Number of pictures of each set on the sheet.
const SHOWN: usize = 8;

/// Number of sets from each network: those of [`sets::SETS`], and the middles of geodesics.
const DRAWN: usize = sets::SETS.len() + 1;

/// Seed of the pairs and of the random latents.
const SEED: u64 = 7;

/// Factors of the deviations of random latents from their mean, in the prior of the file. The larger they are, the farther pictures are from
/// the mean and from each other (the truncation of Brock, Donahue and Simonyan 2019). The prior of the shipped cats has 0.9 of the codes'
/// deviations, so at 1.1 draws are as far from the mean as codes are.
const TEMPERATURES: [f64; 6] = [1.3, 1.2, 1.1, 1.0, 0.9, 0.8];

/// Measures three sets of pictures of each network of the spec: reconstructions of held-out pictures, middles between two of them,
/// and random pictures from the prior in its file; the middles of arcs beside those of geodesics; and random pictures of the last network
/// at several temperatures. `None` after Ctrl-C. The sheet has the originals, then for each set one row per network, with the middles of
/// geodesics last.
pub(super) fn measure(spec: &Spec, runs: &Runs) -> Result<Option<(Value, Sheet)>> {
    let mut models = Vec::new();
    for row in &spec.rows {
        let Some(model) = runs.trained(spec, row)? else {
            return Ok(None);
        };
        models.push((row, model));
    }
    let training = runs.load(spec, &spec.rows[0], Split::Train)?;
    let test = runs.load(spec, &spec.rows[0], Split::Test)?;
    let originals = pixels_from_bytes(test.pixels());
    let features = realism::classifier(&training);
    let components = spec.components.first().copied();
    let components = components.unwrap_or(models[0].1.config.latent);
    let mut rows = vec![of_components(components, &training, &test)?];
    let mut drawn_by_all = Vec::new();
    let mut temperatures = Vec::new();
    for (row, model) in &models {
        say!("{}: judged", row.label);
        let mut engine = CpuEngine::new(&model.config, &model.weights)?;
        let drawn = sets::drawn(&mut engine, model.prior.as_ref(), &test, SEED)?;
        let mut value = Realism::measure(&mut engine, &test, &drawn, &features, SEED)?.json();
        value["label"] = row.label.clone().into();
        value["command"] = model.card.command.clone().into();
        value["mse"] = card::rounded(mse(&drawn[0], &originals)).into();
        for (set, percent) in sets::percents(&test, &drawn)? {
            value["sharpness_percent"][set] = sets::json(percent);
        }
        let [reconstructions, arcs, random] = drawn;
        let geodesics = sets::middles_of_geodesics(&mut engine, model.prior.as_ref(), &test, SEED)?;
        value["middles"] = json!({
            "arc": of_middles(&test, &originals, &arcs)?,
            "geodesic": of_middles(&test, &originals, &geodesics)?,
        });
        rows.push(value);
        drawn_by_all.push([reconstructions, arcs, random, geodesics]);
        if drawn_by_all.len() == models.len() {
            temperatures = by_temperature(&mut engine, model.prior.as_ref(), &test, &features)?;
        }
    }
    let value = json!({
        "network": card::network(&models[0].1.config),
        "training_images": training.len(),
        "test_images": test.len(),
        "seed": SEED,
        "sharpness_of_originals": sets::json(sharpness(test.shape(), &originals)?),
        "rows": rows,
        "temperatures": temperatures,
    });
    Ok(Some((value, sheet(&test, &originals, &drawn_by_all)?)))
}

/// Squared error and sharpness of held-out pictures that are projected on principal components.
fn of_components(count: usize, training: &Images, test: &Images) -> Result<Value> {
    say!("{count} principal components");
    let originals = pixels_from_bytes(test.pixels());
    let projected = Components::of(training, count).project(test);
    let reference = sharpness(test.shape(), &originals)?;
    let percent = sharpness(test.shape(), &projected)?.percent_of(reference);
    Ok(json!({
        "label": "components",
        "components": count,
        "mse": card::rounded(mse(&projected, &originals)),
        "sharpness_percent": {"reconstructions": sets::json(percent)},
    }))
}

/// How sharp and how real the middles of a kind of path are.
fn of_middles(test: &Images, originals: &[f32], middles: &[f32]) -> Result<Value> {
    let reference = sharpness(test.shape(), originals)?;
    let mut value = sets::json(sharpness(test.shape(), middles)?.percent_of(reference));
    let told_apart = realism::told_apart(test.shape(), originals, middles)?;
    value["told_apart"] = card::rounded(told_apart).into();
    Ok(value)
}

/// The measures of random pictures, drawn with the same seed at each temperature.
fn by_temperature(
    engine: &mut dyn Engine,
    prior: Option<&Prior>,
    test: &Images,
    features: &Classifier,
) -> Result<Vec<Value>> {
    let originals = pixels_from_bytes(test.pixels());
    let of_originals = features.features(&originals);
    let reference = sharpness(test.shape(), &originals)?;
    TEMPERATURES
        .into_iter()
        .map(|temperature| {
            say!("random pictures at temperature {temperature}");
            let pictures = sets::random(engine, prior, test.len(), SEED, temperature as f32)?;
            let percent = sharpness(test.shape(), &pictures)?.percent_of(reference);
            let neighbors = realism::neighbors(&of_originals, &features.features(&pictures));
            Ok(json!({
                "temperature": temperature,
                "laplacian_variance": card::rounded(percent.laplacian_variance),
                "told_apart": card::rounded(realism::told_apart(test.shape(), &originals, &pictures)?),
                "precision": card::rounded(neighbors.precision),
                "recall": card::rounded(neighbors.recall),
            }))
        })
        .collect()
}

fn sheet(test: &Images, originals: &[f32], drawn: &[[Vec<f32>; DRAWN]]) -> Result<Sheet> {
    let shown = SHOWN.min(test.len()) * test.shape().len();
    let mut sheet = Sheet::default();
    sheet.add(test.shape(), &originals[..shown])?;
    for set in 0..DRAWN {
        for pictures in drawn {
            sheet.add(test.shape(), &pictures[set][..shown])?;
        }
    }
    Ok(sheet)
}
