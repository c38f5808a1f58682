//! `shrink`: codes of a trained and whitened model, nearer to their mean, the origin, in the directions that say little about a picture.
//!
//! In a latent space with many dimensions most directions hardly change the picture. An encoder is least certain of
//! them, and all of them together take a code far from where the decoder draws well.

use anyhow::{Context, Result};
use latent_lab::{CpuEngine, Engine, ModelConfig, Precision, Weights, normal_draws};
use nalgebra::{DMatrix, SymmetricEigen};

use crate::{
    args::ShrinkArgs,
    card,
    convert::{self, Opened},
    prior,
    whiten::{edit, posteriors},
};

/// Latents at which the effect of a step is measured.
const PLACES: usize = 48;

/// Largest distance of the mean of whitened codes from the origin, relative to that of a code.
const FARTHEST: f64 = 0.3;

/// Length of a step, either way.
const STEP: f32 = 0.25;

/// Reads, changes the encoder, measures, and writes in f32.
pub(crate) fn shrink(args: &ShrinkArgs, typed: &[String]) -> Result<()> {
    let Opened { mut model, test, .. } = convert::open(&args.change)?;
    let codes = posteriors(&model.config, &model.weights, &test)?.mean;
    let center = codes.column_mean().norm();
    if center > FARTHEST * (model.config.latent as f64).sqrt() {
        say!(
            "note: the mean of the codes is {center:.2} from the origin, toward which they shrink; `latent-lab whiten` moves it there"
        );
    }
    let factors = change(&model.config, &mut model.weights, args.strength, args.seed)?;
    // A second shrinking is noted as well: `add_notes` would leave out an equal note.
    model.card.notes = card::joined_notes(&[
        std::mem::take(&mut model.card.notes),
        format!("codes shrunk by {}", args.strength),
    ]);
    say!(
        "factors of {} directions: {:.2} to {:.2}, mean {:.2}",
        factors.len(),
        factors.iter().copied().fold(f64::INFINITY, f64::min),
        factors.iter().copied().fold(0.0, f64::max),
        factors.iter().sum::<f64>() / factors.len() as f64,
    );
    prior::discard(&mut model);
    model.card.command = format!("{} && {}", model.card.command, card::portable_command(typed));
    convert::write(&args.change, &mut model, Precision::F32, &test)
}

/// Multiplies the encoder's means by e / (e + `strength`) in each eigenvector of the decoder's mean squared Jacobian, with e its
/// eigenvalue: a Wiener filter, for noise of the same size in every value. Returns the factors.
fn change(config: &ModelConfig, weights: &mut Weights, strength: f64, seed: u64) -> Result<Vec<f64>> {
    let SymmetricEigen {
        eigenvalues,
        eigenvectors,
    } = SymmetricEigen::new(squared_jacobian(config, weights, seed)?);
    let factors = eigenvalues.map(|effect| {
        let effect = effect.max(0.0);
        // Without any effect of any direction, nothing says what to shrink.
        if effect + strength > 0.0 {
            effect / (effect + strength)
        } else {
            1.0
        }
    });
    let filter = &eigenvectors * DMatrix::from_diagonal(&factors) * eigenvectors.transpose();
    edit(weights, "encoder.mean", |weight, bias| {
        (&filter * weight, &filter * bias)
    })
    .context("codes cannot be shrunk")?;
    Ok(factors.iter().copied().collect())
}

/// The mean of J^T J, `[latent, latent]`, over standard normal latents, where J are the derivatives of all values of the decoded
/// picture: how much a step in each direction changes a picture, as a sum of squares.
fn squared_jacobian(config: &ModelConfig, weights: &Weights, seed: u64) -> Result<DMatrix<f64>> {
    let (latent, values) = (config.latent, config.image.len());
    let mut engine = CpuEngine::new(config, weights)?;
    let mut sum = DMatrix::zeros(latent, latent);
    for place in normal_draws(seed, 0, PLACES * latent).chunks(latent) {
        let steps = (0..latent).flat_map(|at| {
            [STEP, -STEP].into_iter().flat_map(move |step| {
                let mut stepped = place.to_vec();
                stepped[at] += step;
                stepped
            })
        });
        let pictures = engine.decode(&steps.collect::<Vec<f32>>())?;
        let pairs: Vec<&[f32]> = pictures.chunks(2 * values).collect();
        let jacobian = DMatrix::from_fn(values, latent, |value, at| {
            f64::from(pairs[at][value] - pairs[at][values + value]) / f64::from(2.0 * STEP)
        });
        sum += jacobian.tr_mul(&jacobian);
    }
    Ok(sum / PLACES as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Statistics;

    /// A network whose decoder reads only the first of three numbers, and so does hardly anything with the others.
    fn network() -> (ModelConfig, Weights) {
        let config = ModelConfig {
            latent: 3,
            ..ModelConfig::preset("digits").unwrap()
        };
        let mut weights = Weights::init(&config, 3);
        edit(&mut weights, "decoder.linear", |mut weight, bias| {
            weight.column_mut(1).scale_mut(0.1);
            weight.column_mut(2).fill(0.0);
            (weight * 4.0, bias)
        })
        .unwrap();
        (config, weights)
    }

    fn codes(config: &ModelConfig, weights: &Weights) -> DMatrix<f64> {
        let mut engine = CpuEngine::new(config, weights).unwrap();
        let pixels: Vec<f32> = normal_draws(5, 0, 40 * config.image.len())
            .iter()
            .map(|draw| (0.5 + 0.2 * draw).clamp(0.0, 1.0))
            .collect();
        let means = engine.encode(&pixels).unwrap().mean;
        DMatrix::from_vec(config.latent, 40, means).map(f64::from)
    }

    #[test]
    fn directions_shrink_more_the_less_they_change_a_picture() {
        let (config, mut weights) = network();
        let before = codes(&config, &weights);
        let effects = squared_jacobian(&config, &weights, 1).unwrap();
        let strength = effects[(1, 1)];
        assert!(effects[(0, 0)] > 10.0 * strength && effects[(2, 2)] < 1e-3 * strength);
        change(&config, &mut weights, strength, 1).unwrap();
        let after = codes(&config, &weights);
        let ratio = |at: usize| (after.row(at).norm() / before.row(at).norm(), at);
        assert!(ratio(0).0 > 0.9 && ratio(0).0 < 1.0, "{:?}", ratio(0));
        assert!(after.row(2).norm() < 1e-3 * before.row(2).norm());
        // The second direction is nearly an axis, with a factor of one half.
        let second = Statistics::of(&after).covariance[(1, 1)] / Statistics::of(&before).covariance[(1, 1)];
        assert!((0.15..0.4).contains(&second), "{second}");
    }

    #[test]
    fn no_strength_leaves_codes_as_they_are() {
        let (config, mut weights) = network();
        let before = codes(&config, &weights);
        let factors = change(&config, &mut weights, 0.0, 1).unwrap();
        assert!(factors.iter().all(|&factor| factor > 0.999), "{factors:?}");
        assert!((codes(&config, &weights) - &before).norm() < 1e-4 * before.norm());
    }
}
