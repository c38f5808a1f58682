//! `whiten`: the latent space of a trained model in new coordinates, in which its codes have mean zero and covariance one.
//!
//! Training asks every posterior to be near the prior, and their sum ends up near it in each
//! dimension, but not in all of them together: codes of real pictures stay correlated, and a draw
//! from the prior misses them. Fitting a normal distribution to the codes afterward mends that
//! (Ghosh et al. 2020, "From variational to deterministic autoencoders"); since the encoder ends
//! and the decoder begins with a linear layer, the fit can be put into their weights.

use anyhow::{Context, Result};
use latent_lab::{CpuEngine, Engine, Images, ModelConfig, Precision, Weights, pixels_from_bytes};
use nalgebra::{DMatrix, DVector};

use crate::{
    args::WhitenArgs,
    card,
    convert::{self, Opened, add_notes},
    data::Split,
    prior,
    statistics::{Statistics, power},
};

/// Pictures that are encoded at once.
const AT_ONCE: usize = 100;

/// Reads, changes the coordinates by the training pictures, measures, and writes in f32.
pub(crate) fn whiten(args: &WhitenArgs, typed: &[String]) -> Result<()> {
    let Opened {
        mut model,
        source,
        test,
        is_other,
    } = convert::open(&args.change)?;
    let training = source.load(Split::Train, model.config.image, None)?;
    let mut notes = training.notes;
    if is_other {
        notes.push(format!("whitened by the training images of {}", source.name()));
    }
    add_notes(&mut model.card, notes);
    change(&model.config, &mut model.weights, &training.images)?;
    prior::discard(&mut model);
    model.card.command = format!("{} && {}", model.card.command, card::portable_command(typed));
    convert::write(&args.change, &mut model, Precision::F32, &test)
}

/// Posteriors of pictures: means `[latent, n]`, and log-variances of a variational model.
pub(crate) struct Posteriors {
    pub(crate) mean: DMatrix<f64>,
    log_var: Option<DMatrix<f64>>,
}

pub(crate) fn posteriors(config: &ModelConfig, weights: &Weights, images: &Images) -> Result<Posteriors> {
    let mut engine = CpuEngine::new(config, weights)?;
    let (mut mean, mut log_var) = (Vec::new(), Vec::new());
    for bytes in images.pixels().chunks(AT_ONCE * images.shape().len()) {
        let posterior = engine.encode(&pixels_from_bytes(bytes))?;
        mean.extend(posterior.mean);
        log_var.extend(posterior.log_var.into_iter().flatten());
    }
    let matrix = |values: Vec<f32>| DMatrix::from_vec(config.latent, images.len(), values).map(f64::from);
    Ok(Posteriors {
        mean: matrix(mean),
        log_var: (!log_var.is_empty()).then(|| matrix(log_var)),
    })
}

/// With m the mean and C the covariance of draws from all posteriors: z becomes C^(-1/2) (z - m). The decoder's first layer undoes
/// it, so that pictures of means stay the same. A posterior's covariance is then no longer diagonal; only its diagonal is kept,
/// with the mean logarithm over the pictures.
fn change(config: &ModelConfig, weights: &mut Weights, images: &Images) -> Result<()> {
    let Posteriors { mean, log_var } = posteriors(config, weights, images)?;
    let Statistics {
        mean: center,
        mut covariance,
    } = Statistics::of(&mean);
    let variance = log_var.as_ref().map(|log_var| log_var.map(f64::exp));
    if let Some(variance) = &variance {
        for (at, mean) in variance.column_mean().iter().enumerate() {
            covariance[(at, at)] += mean;
        }
    }
    // Even with almost no variance, `back` must still undo `there`.
    let least = 1e-6 * covariance.trace() / config.latent as f64;
    covariance += DMatrix::identity(config.latent, config.latent) * least;
    let there = power(&covariance, -0.5);
    let back = power(&covariance, 0.5);
    edit(weights, "encoder.mean", |weight, bias| {
        (&there * weight, &there * (bias - &center))
    })?;
    edit(weights, "decoder.linear", |weight, bias| {
        (&weight * &back, bias + &weight * &center)
    })?;
    if let (Some(log_var), Some(variance)) = (log_var, variance) {
        let changed = there.component_mul(&there) * variance;
        let step = changed.map(f64::ln).column_mean() - log_var.column_mean();
        edit(weights, "encoder.log_var", |weight, bias| (weight, bias + step))?;
    }
    Ok(())
}

/// Replaces weight `[out, in]` and bias of a linear layer.
pub(crate) fn edit(
    weights: &mut Weights,
    layer: &str,
    change: impl FnOnce(DMatrix<f64>, DVector<f64>) -> (DMatrix<f64>, DVector<f64>),
) -> Result<()> {
    let find = |weights: &Weights, part: &str| {
        let name = format!("{layer}.{part}");
        let at = weights.tensors().iter().position(|tensor| tensor.name == name);
        at.with_context(|| format!("the model has no {name}"))
    };
    let (weight_at, bias_at) = (find(weights, "weight")?, find(weights, "bias")?);
    let tensors = weights.tensors_mut();
    let shape = &tensors[weight_at].shape;
    let weight = DMatrix::from_row_slice(shape[0], shape[1], &tensors[weight_at].values).map(f64::from);
    let bias = DVector::from_column_slice(&tensors[bias_at].values).map(f64::from);
    let (weight, bias) = change(weight, bias);
    // nalgebra is column-major.
    tensors[weight_at].values = weight.transpose().iter().map(|&value| value as f32).collect();
    tensors[bias_at].values = bias.iter().map(|&value| value as f32).collect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use latent_lab::{ImageShape, Kind, normal_draws};

    use super::*;

    /// Pictures that vary in two correlated directions and with a little noise.
    fn images() -> Images {
        let shape = ImageShape {
            channels: 1,
            height: 28,
            width: 28,
        };
        let draws = normal_draws(5, 0, 3 * 784 * 60);
        let pixels = (0..60 * 784).map(|at| {
            let (picture, row) = (at / 784, at % 784 / 28);
            let height = 14.0 + 5.0 * draws[picture];
            let bright = if (row as f32 - height).abs() < 4.0 {
                180.0
            } else {
                40.0
            };
            (bright + 10.0 * draws[at + 100]) as u8
        });
        Images::new(shape, pixels.collect(), Vec::new()).unwrap()
    }

    #[test]
    fn codes_are_whitened_and_pictures_do_not_change() {
        for kind in [Kind::Variational, Kind::Autoencoder] {
            let config = ModelConfig {
                kind,
                latent: 5,
                ..ModelConfig::preset("digits").unwrap()
            };
            let mut weights = Weights::init(&config, 3);
            let images = images();
            let picture = |weights: &Weights, at: usize| {
                let mut engine = CpuEngine::new(&config, weights).unwrap();
                let pixels = pixels_from_bytes(images.picture(at));
                let posterior = engine.encode(&pixels).unwrap();
                engine.decode(&posterior.mean).unwrap()
            };
            let before = picture(&weights, 7);
            change(&config, &mut weights, &images).unwrap();
            let far = before
                .iter()
                .zip(picture(&weights, 7))
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(far < 1e-3, "{far}");
            let Posteriors { mean, log_var } = posteriors(&config, &weights, &images).unwrap();
            let statistics = Statistics::of(&mean);
            assert!(statistics.mean.norm() < 1e-3);
            let mut covariance = statistics.covariance;
            if let Some(log_var) = log_var {
                for (at, mean) in log_var.map(f64::exp).column_mean().iter().enumerate() {
                    covariance[(at, at)] += mean;
                }
            }
            for (at, value) in covariance.diagonal().iter().enumerate() {
                assert!((value - 1.0).abs() < 0.05, "{kind:?}: variance {value} of {at}");
            }
        }
    }
}
