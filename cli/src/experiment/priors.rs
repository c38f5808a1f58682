//! Decoded random latents by the distribution they are drawn from: standard normal, and Gaussian mixtures fitted to the codes of the
//! training pictures.

use anyhow::Result;
use latent_lab::{Images, Prior, normal_draws, pixels_from_bytes};
use nalgebra::DMatrix;
use serde_json::{Value, json};

use super::{Runs, sheet::Sheet, spec::Spec, subject::Subject};
use crate::{card, mixture};

/// Numbers of components of the mixtures.
const COMPONENTS: [usize; 3] = [1, 10, 50];

/// Number of pictures of each set on the sheet.
const SHOWN: usize = 8;

/// Pictures of a set whose nearest training picture is searched for, and training pictures that are compared at once.
const LOOKED_FOR: usize = 250;
const AT_ONCE: usize = 1000;

/// Seeds of the fits, and of the draws.
const FIT_SEED: u64 = 1;
const SEED: u64 = 7;

/// For each network of the spec its reconstructions of held-out pictures, and its pictures of random latents from each
/// distribution; `None` after Ctrl-C.
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
    let real = judge.real(&training);
    let shown = SHOWN.min(judge.count()) * image.len();
    let mut sheet = Sheet::default();
    sheet.add(image, &real[..shown])?;
    let mut rows = vec![judge.row(&json!({}), "real", &real)];
    for mut network in networks {
        let codes = network.encode(&pixels_from_bytes(training.pixels()), image.len())?;
        let held_out = network.encode(&pixels_from_bytes(test.pixels()), image.len())?;
        let redrawn = network.decode(&held_out[..network.latent * test.len().min(judge.count())])?;
        let mut row = judge.row(&network.about, "reconstructed", &redrawn);
        row["nearest"] = nearest(&redrawn, &training).into();
        rows.push(row);
        for components in [None].into_iter().chain(COMPONENTS.map(Some)) {
            let (latents, density) = match components {
                None => (normal_draws(SEED, 0, judge.count() * network.latent), None),
                Some(components) => {
                    say!("a mixture of {components}");
                    let prior = fitted(&codes, network.latent, components)?;
                    let logs = prior.log_density(&held_out);
                    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
                    (
                        prior.draws(SEED, 0, judge.count(), 1.0),
                        Some(card::rounded(mean)),
                    )
                }
            };
            let pictures = network.decode(&latents)?;
            sheet.add(image, &pictures[..shown])?;
            let kind = if components.is_some() { "mixture" } else { "normal" };
            let mut row = judge.row(&network.about, kind, &pictures);
            row["nearest"] = nearest(&pictures, &training).into();
            if let (Some(components), Some(density)) = (components, density) {
                row["components"] = components.into();
                row["log_density"] = density.into();
            }
            rows.push(row);
        }
    }
    let value = json!({
        "pictures": judge.count(),
        "classifier": judge.describe(),
        "fit_seed": FIT_SEED,
        "seed": SEED,
        "looked_for": LOOKED_FOR.min(judge.count()),
        "rows": rows,
    });
    Ok(Some((value, sheet)))
}

fn fitted(codes: &[f32], latent: usize, components: usize) -> Result<Prior> {
    let codes = DMatrix::from_vec(latent, codes.len() / latent, codes.to_vec()).map(f64::from);
    mixture::fit(&codes, components, FIT_SEED, &mut || ())?.prior()
}

/// Mean squared error per value between the first pictures of a set and the training picture that is nearest to each: a network
/// that had learned its pictures by heart would be nearer than it is on pictures that it never saw.
fn nearest(pictures: &[f32], training: &Images) -> f64 {
    let size = training.shape().len();
    let count = LOOKED_FOR.min(pictures.len() / size);
    let ours = DMatrix::from_column_slice(size, count, &pictures[..count * size]);
    let squares = |matrix: &DMatrix<f32>| -> Vec<f32> {
        matrix.column_iter().map(|column| column.norm_squared()).collect()
    };
    let of_ours = squares(&ours);
    let mut least = vec![f32::INFINITY; count];
    for bytes in training.pixels().chunks(AT_ONCE * size) {
        let theirs = DMatrix::from_vec(size, bytes.len() / size, pixels_from_bytes(bytes));
        let of_theirs = squares(&theirs);
        let products = theirs.tr_mul(&ours);
        for (at, least) in least.iter_mut().enumerate() {
            for (product, of_theirs) in products.column(at).iter().zip(&of_theirs) {
                *least = least.min(of_ours[at] + of_theirs - 2.0 * product);
            }
        }
    }
    let sum: f64 = least.iter().map(|&square| f64::from(square.max(0.0))).sum();
    card::rounded(sum / (count * size) as f64)
}

#[cfg(test)]
mod tests {
    use latent_lab::ImageShape;

    use super::*;

    #[test]
    fn the_nearest_training_picture_is_found_across_parts() {
        let shape = ImageShape {
            channels: 1,
            height: 1,
            width: 2,
        };
        let mut pixels = vec![0; 2 * (AT_ONCE + 5)];
        pixels[2 * AT_ONCE] = 255;
        let training = Images::new(shape, pixels, Vec::new()).unwrap();
        // The first picture is in the set; the second differs from (0, 0) in one value, a half.
        let distance = nearest(&[1.0, 0.0, 0.0, 0.5], &training);
        assert!((distance - 0.25 / 4.0).abs() < 1e-6, "{distance}");
    }
}
