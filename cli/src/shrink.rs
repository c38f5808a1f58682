//! `shrink`: codes of a trained and whitened model, nearer to their mean, the origin, in the directions that say little about a picture.
//!
//! In a latent space with many dimensions most directions hardly change the picture. An encoder is least certain of
//! them, and all of them together take a code far from where the decoder draws well.

use anyhow::{Context, Result, ensure};
use latent_lab::{CpuEngine, Engine, Kind, ModelConfig, Precision, Weights, normal_draws};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

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

/// Least variance of a posterior, where a factor is 0 or 1.
const LEAST_VARIANCE: f64 = 1e-6;

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
    if args.posteriors {
        ensure!(
            model.config.kind == Kind::Variational,
            "--posteriors needs a variational model, and a plain autoencoder has no posteriors"
        );
    }
    let Filter { directions, factors } = change(&model.config, &mut model.weights, args.strength, args.seed)?;
    if args.posteriors {
        set_posteriors(&mut model.weights, &directions, &factors)?;
    }
    // A second shrinking is noted as well: `add_notes` would leave out an equal note.
    model.card.notes = card::joined_notes(&[
        std::mem::take(&mut model.card.notes),
        format!(
            "codes shrunk by {}{}",
            args.strength,
            if args.posteriors { ", with posteriors" } else { "" }
        ),
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

/// Orthonormal directions of the latent space, `[latent, latent]` in columns, and the factor of codes in each.
struct Filter {
    directions: DMatrix<f64>,
    factors: DVector<f64>,
}

/// Multiplies the encoder's means by e / (e + `strength`) in each eigenvector of the decoder's mean squared Jacobian, with e its
/// eigenvalue: a Wiener filter, for noise of the same size in every value.
fn change(config: &ModelConfig, weights: &mut Weights, strength: f64, seed: u64) -> Result<Filter> {
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
    Ok(Filter {
        directions: eigenvectors,
        factors,
    })
}

/// Turns the latent space so that its axes are the directions of the filter, and gives every picture the posterior variances f (1 - f) on
/// them, with f a factor: for whitened codes, noise of this size is what makes a Wiener filter's output the best that a decoder can do
/// with, so that a decoder which learns from such posteriors has nothing to gain from undoing the filter.
fn set_posteriors(weights: &mut Weights, directions: &DMatrix<f64>, factors: &DVector<f64>) -> Result<()> {
    edit(weights, "encoder.mean", |weight, bias| {
        (directions.tr_mul(&weight), directions.tr_mul(&bias))
    })?;
    edit(weights, "decoder.linear", |weight, bias| {
        (weight * directions, bias)
    })?;
    let log_var = factors.map(|factor| (factor * (1.0 - factor)).max(LEAST_VARIANCE).ln());
    edit(weights, "encoder.log_var", |weight, _| (weight * 0.0, log_var))
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
        let factors = change(&config, &mut weights, 0.0, 1).unwrap().factors;
        assert!(factors.iter().all(|&factor| factor > 0.999), "{factors:?}");
        assert!((codes(&config, &weights) - &before).norm() < 1e-4 * before.norm());
    }

    #[test]
    fn posteriors_lie_along_the_directions_and_pictures_of_means_stay() {
        let (config, mut weights) = network();
        let strength = squared_jacobian(&config, &weights, 1).unwrap()[(1, 1)];
        let filter = change(&config, &mut weights, strength, 1).unwrap();
        let redraw = |weights: &Weights| {
            let mut engine = CpuEngine::new(&config, weights).unwrap();
            let pixels = vec![0.3; config.image.len()];
            let posterior = engine.encode(&pixels).unwrap();
            (
                engine.decode(&posterior.mean).unwrap(),
                posterior.log_var.unwrap(),
            )
        };
        let (before, _) = redraw(&weights);
        set_posteriors(&mut weights, &filter.directions, &filter.factors).unwrap();
        let (after, log_var) = redraw(&weights);
        let far = before.iter().zip(&after).map(|(a, b)| (a - b).abs());
        assert!(far.fold(0.0, f32::max) < 1e-4);
        // One factor is near 1, one near one half, and one near 0: the variance is largest where half is left.
        for (&log_var, &factor) in log_var.iter().zip(&filter.factors) {
            let variance = f64::from(log_var).exp();
            assert!(
                (variance - factor * (1.0 - factor)).abs() < 2e-6,
                "{variance} {factor}"
            );
        }
        // The axes are the directions: the mean squared Jacobian has no other entries there.
        let turned = squared_jacobian(&config, &weights, 1).unwrap();
        let effects = turned.diagonal();
        let rest = &turned - DMatrix::from_diagonal(&effects);
        assert!(rest.norm() < 0.05 * effects.norm(), "{turned}");
    }
}
