//! Decoded random latents, judged by a classifier: the numbers behind the article's central claim.

use anyhow::Result;
use latent_lab::normal_draws;
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use super::{Runs, sheet::Sheet, spec::Spec, subject::Subject};
use crate::statistics::{Statistics, power};

/// Number of pictures of each set on the sheet.
const SHOWN: usize = 8;

const SEED: u64 = 7;

/// For each network of the spec its reconstructions, and its pictures of standard normal draws, of draws with the mean and spread
/// of its own codes, and of draws that have their covariance too; `None` after Ctrl-C.
pub(super) fn measure(spec: &Spec, runs: &Runs) -> Result<Option<(Value, Sheet)>> {
    let Some(Subject {
        networks,
        training,
        judge,
        ..
    }) = Subject::new(spec, runs)?
    else {
        return Ok(None);
    };
    let image = training.shape();
    let real = judge.real(&training);
    let mut sheet = Sheet::default();
    let shown = SHOWN.min(judge.count()) * image.len();
    sheet.add(image, &real[..shown])?;
    let mut rows = vec![judge.row(&json!({}), "real", &real)];
    for mut network in networks {
        let codes = network.encode(&real, image.len())?;
        let draws = normal_draws(SEED, 0, judge.count() * network.latent);
        let statistics = Statistics::of_rows(&codes, network.latent);
        let (fitted, correlated) = (fitted(&draws, &statistics), correlated(&draws, &statistics));
        let sets = [
            ("reconstructed", &codes),
            ("random", &draws),
            ("fitted", &fitted),
            ("correlated", &correlated),
        ];
        for (kind, latents) in sets {
            let pictures = network.decode(latents)?;
            if kind != "reconstructed" {
                sheet.add(image, &pictures[..shown])?;
            }
            rows.push(judge.row(&network.about, kind, &pictures));
        }
    }
    let value = json!({
        "pictures": judge.count(),
        "classifier": judge.describe(),
        "seed": SEED,
        "rows": rows,
    });
    Ok(Some((value, sheet)))
}

/// Draws shifted and scaled to the mean and standard deviation of the codes in each dimension.
fn fitted(draws: &[f32], codes: &Statistics) -> Vec<f32> {
    let deviations = DMatrix::from_diagonal(&codes.covariance.diagonal().map(f64::sqrt));
    moved(draws, &codes.mean, &deviations)
}

/// Draws with the mean and the whole covariance of codes.
fn correlated(draws: &[f32], codes: &Statistics) -> Vec<f32> {
    moved(draws, &codes.mean, &power(&codes.covariance, 0.5))
}

/// `mean + stretch * draw`, one after the other: `[n, latent]`.
fn moved(draws: &[f32], mean: &DVector<f64>, stretch: &DMatrix<f64>) -> Vec<f32> {
    let latent = mean.len();
    let draws = DMatrix::from_vec(latent, draws.len() / latent, draws.to_vec()).map(f64::from);
    let mut moved = stretch * draws;
    for mut column in moved.column_iter_mut() {
        column += mean;
    }
    moved.iter().map(|&value| value as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitted_draws_have_the_statistics_of_the_codes() {
        // The deviations are 1 and 2, and the correlation is 1.
        let codes = Statistics::of_rows(&[1.0, -2.0, 2.0, 0.0, 3.0, 2.0], 2);
        let draws = [0.0, 0.0, 1.0, -1.0];
        assert_eq!(fitted(&draws, &codes), [2.0, 0.0, 3.0, -2.0]);
        let correlated = correlated(&draws, &codes);
        let off = correlated[3] - 2.0 * (correlated[2] - 2.0);
        assert!(off.abs() < 1e-5, "{correlated:?}");
    }
}
