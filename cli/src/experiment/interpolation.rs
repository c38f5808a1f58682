//! Paths between two held-out pictures: how even their steps are, and how real their pictures look.

use anyhow::{Result, ensure};
use latent_lab::{Images, Path, latent_path, mse, pixels_from_bytes, shuffled};
use serde_json::{Value, json};

use super::{
    Runs,
    sheet::Sheet,
    spec::{BATCH, Spec},
    subject::{Judge, Subject},
};
use crate::{
    card,
    realism::{largest_steps, step_lengths},
};

/// Number of pictures on a path, both ends included.
const FRAMES: usize = 11;

/// Most paths.
const PAIRS: usize = 1000;

/// Number of paths that the sheet shows.
const SHOWN: usize = 2;

const SEED: u64 = 7;

/// For each network of the spec its paths by lerp and by slerp, geodesics where it has a prior, and a cross-fade of the pixels beside them;
/// `None` after Ctrl-C. The sheet leaves out the lines of networks without a prior, which were trained for the comparison: with them it
/// would be nearly half as large again.
pub(super) fn measure(spec: &Spec, runs: &Runs) -> Result<Option<(Value, Sheet)>> {
    let Some(Subject {
        networks,
        training,
        test,
        judge,
    }) = Subject::new(spec, runs)?
    else {
        return Ok(None);
    };
    let image = training.shape();
    let pairs = pairs(&test);
    ensure!(pairs.len() > 1, "too few held-out pictures: {}", test.len());
    let ends: Vec<f32> = pairs
        .iter()
        .flatten()
        .flat_map(|&at| pixels_from_bytes(test.picture(at)))
        .collect();
    let mut sheet = Sheet::default();
    let mut rows = Vec::new();
    let mut add = |about: Value, name: &str, frames: &[f32], is_shown: bool| -> Result<()> {
        let shown = if is_shown { SHOWN } else { 0 };
        for one in frames.chunks(FRAMES * image.len()).take(shown) {
            sheet.add(image, one)?;
        }
        let mut value = about;
        value["way"] = name.into();
        measured(&mut value, &judge, frames, image.len());
        value["mse_of_ends"] = card::rounded(mse(&ends_of(frames, image.len()), &ends)).into();
        rows.push(value);
        Ok(())
    };
    add(
        json!({"label": "pixels"}),
        "lerp",
        &paths(Path::Lerp, &ends, image.len()),
        true,
    )?;
    for (row, mut network) in spec.rows.iter().zip(networks) {
        let limit = runs.command(spec, row)?.limit;
        describe_training(&mut network.about, training.len(), limit);
        let codes = network.encode(&ends, image.len())?;
        describe_codes(&mut network.about, &codes, network.latent);
        let geodesics = network.geodesics(&codes, FRAMES)?;
        let line = ("lerp", Path::Lerp, geodesics.is_some());
        for (name, path, is_shown) in [line, ("slerp", Path::Slerp, true)] {
            let frames = network.decode(&paths(path, &codes, network.latent))?;
            add(network.about.clone(), name, &frames, is_shown)?;
        }
        if let Some(latents) = geodesics {
            let frames = network.decode(&latents)?;
            add(network.about.clone(), "geodesic", &frames, true)?;
        }
    }
    let value = json!({
        "pairs": pairs.len(),
        "frames": FRAMES,
        "classifier": judge.describe(),
        "seed": SEED,
        "rows": rows,
    });
    Ok(Some((value, sheet)))
}

/// Adds how many pictures a network was trained on, and for how many steps.
fn describe_training(about: &mut Value, all: usize, limit: Option<u32>) {
    let images = limit.map_or(all, |limit| all.min(limit as usize));
    let epochs = about["epochs"].as_u64().unwrap_or(0);
    about["training_images"] = images.into();
    about["steps"] = (epochs * images.div_ceil(BATCH) as u64).into();
}

/// Adds how far codes are from the origin: mean and deviation of their norms, and the norm of their mean.
fn describe_codes(about: &mut Value, codes: &[f32], latent: usize) {
    let norm = |code: &[f64]| code.iter().map(|value| value * value).sum::<f64>().sqrt();
    let codes: Vec<f64> = codes.iter().map(|&value| f64::from(value)).collect();
    let norms: Vec<f64> = codes.chunks(latent).map(norm).collect();
    let center: Vec<f64> = (0..latent)
        .map(|at| mean(&codes[at..].iter().step_by(latent).copied().collect::<Vec<_>>()))
        .collect();
    about["code_norm"] = card::rounded(mean(&norms)).into();
    about["code_norm_deviation"] = card::rounded(deviation(&norms)).into();
    about["code_center"] = card::rounded(norm(&center)).into();
}

/// Indices of test pictures in pairs, of different labels if there are labels.
fn pairs(test: &Images) -> Vec<[usize; 2]> {
    let order = shuffled(test.len(), SEED, 0);
    let differ =
        |a: usize, b: usize| test.labels().get(a) != test.labels().get(b) || test.labels().is_empty();
    order
        .chunks_exact(2)
        .map(|pair| [pair[0] as usize, pair[1] as usize])
        .filter(|&[a, b]| differ(a, b))
        .take(PAIRS)
        .collect()
}

/// Paths between `[pairs, 2, size]`: `[pairs, FRAMES, size]`.
fn paths(path: Path, ends: &[f32], size: usize) -> Vec<f32> {
    ends.chunks(2 * size)
        .flat_map(|pair| latent_path(path, &pair[..size], &pair[size..], FRAMES))
        .collect()
}

/// First and last frames of paths: `[pairs, 2, size]`.
fn ends_of(frames: &[f32], size: usize) -> Vec<f32> {
    let ends = |path: &[f32]| [&path[..size], &path[path.len() - size..]].concat();
    frames.chunks(FRAMES * size).flat_map(ends).collect()
}

/// Adds what is measured on `[pairs, FRAMES, size]`.
fn measured(value: &mut Value, judge: &Judge, frames: &[f32], size: usize) {
    let paths = || frames.chunks(FRAMES * size);
    let unevenness: Vec<f64> = paths().map(|path| unevenness(path, size)).collect();
    value["unevenness"] = card::rounded(mean(&unevenness)).into();
    value["largest_step"] = card::rounded(largest_steps(frames, FRAMES, size)).into();
    let inner: Vec<f32> = paths()
        .flat_map(|path| &path[size..(FRAMES - 1) * size])
        .copied()
        .collect();
    if let Some(clear) = judge.clear(&inner) {
        value["clear"] = card::rounded(clear).into();
    }
    let middles: Vec<f32> = paths()
        .flat_map(|path| &path[FRAMES / 2 * size..][..size])
        .copied()
        .collect();
    // Only one end: only distances of equally large sets compare.
    let first_ends: Vec<f32> = paths().flat_map(|path| &path[..size]).copied().collect();
    value["frechet_of_ends"] = judge.judge(&first_ends)["frechet"].clone();
    value["frechet_of_middles"] = judge.judge(&middles)["frechet"].clone();
}

/// Standard deviation of the distances between neighboring frames, as a share of their mean: 0 for even steps.
fn unevenness(path: &[f32], size: usize) -> f64 {
    let steps = step_lengths(path, size);
    let average = mean(&steps);
    // Between equal pictures all steps are 0, so even.
    if average == 0.0 {
        0.0
    } else {
        deviation(&steps) / average
    }
}

fn deviation(values: &[f64]) -> f64 {
    let average = mean(values);
    let squares: Vec<f64> = values.iter().map(|value| (value - average).powi(2)).collect();
    mean(&squares).sqrt()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unevenness_is_the_relative_deviation_of_the_steps() {
        assert!(unevenness(&[0.0, 1.0, 1.0, 1.0, 1.0, 2.0], 2) < 1e-9);
        assert_eq!(unevenness(&[0.5; 6], 2), 0.0);
        // Steps of 1 and 3 have a mean of 2 and a deviation of 1.
        assert!((unevenness(&[0.0, 1.0, 4.0], 1) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn training_is_described_by_its_numbers_of_pictures_and_steps() {
        let mut about = json!({"epochs": 300});
        describe_training(&mut about, 4333, Some(150));
        assert_eq!(
            (&about["training_images"], &about["steps"]),
            (&json!(150), &json!(900))
        );
        describe_training(&mut about, 4333, None);
        assert_eq!(
            (&about["training_images"], &about["steps"]),
            (&json!(4333), &json!(20_400))
        );
    }

    #[test]
    fn codes_are_described_by_their_distances_from_the_origin() {
        let mut about = json!({});
        describe_codes(&mut about, &[3.0, 4.0, 0.0, 7.0], 2);
        assert_eq!(about["code_norm"], 6.0);
        assert_eq!(about["code_norm_deviation"], 1.0);
        // The mean code is (1.5, 5.5).
        assert_eq!(about["code_center"], card::rounded(32.5_f64.sqrt()));
    }

    #[test]
    fn a_cross_fade_is_even_and_keeps_its_ends() {
        let path = paths(Path::Lerp, &[0.0, 1.0, 1.0, 0.0], 2);
        assert_eq!(path.len(), 2 * FRAMES);
        assert_eq!(
            (&path[..2], &path[2 * FRAMES - 2..]),
            (&[0.0, 1.0][..], &[1.0, 0.0][..])
        );
        assert_eq!(ends_of(&path, 2), [0.0, 1.0, 1.0, 0.0]);
        assert!(unevenness(&path, 2) < 1e-6);
    }
}
