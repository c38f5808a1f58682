//! How real a model's pictures look to judges that its training never used. `eval --sharpness`
//! prints it; the experiment on sharp cats uses the same measures.
//!
//! Functions: `told_apart` asks a fresh critic which pictures are photographs · `neighbors` compares sets by the neighbors of
//! their features · `largest_steps` measures how evenly pictures change along a path.

use anyhow::{Result, ensure};
use latent_lab::{
    Arithmetic, Engine, ImageShape, Images, Path, Referee, latent_path, pixels_from_bytes, shuffled,
};
use nalgebra::DMatrix;
use serde_json::{Value, json};

use crate::{card::rounded, classifier::Classifier};

/// Steps and batch of the critic of [`told_apart`], and the seed of its weights and of its batches.
const STEPS: u64 = 400;
const BATCH: usize = 16;
const SEED: u64 = 1;

/// Number of times that the classifier whose features are compared sees each picture.
const EPOCHS: u64 = 12;

/// Paths whose steps are measured, and pictures on each.
const PATHS: usize = 200;
const FRAMES: usize = 11;

/// Neighbors that make the radius of a ball, k of the paper.
const NEIGHBORS: usize = 3;

/// Precision and recall of a set of drawn pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Neighbors {
    /// Share of the drawn pictures that lie where real ones do.
    pub(crate) precision: f64,
    /// Share of the real pictures that lie where drawn ones do.
    pub(crate) recall: f64,
}

/// Verdicts of all judges on one model.
pub(crate) struct Realism {
    /// Accuracy of [`told_apart`] on reconstructions and on random pictures.
    told_apart: [f64; 2],
    /// Precision and recall of random pictures.
    neighbors: Neighbors,
    largest_step: f64,
}

impl Realism {
    /// Measures a model's paths between test images, and its pictures for them from
    /// [`crate::sharpness::drawn`]. The classifier of [`classifier`] gives the features that are
    /// compared.
    pub(crate) fn measure(
        engine: &mut dyn Engine,
        test: &Images,
        [redrawn, _, random]: &[Vec<f32>; 3],
        features: &Classifier,
        seed: u64,
    ) -> Result<Self> {
        let shape = test.shape();
        let originals = pixels_from_bytes(test.pixels());
        Ok(Self {
            told_apart: [
                told_apart(shape, &originals, redrawn)?,
                told_apart(shape, &originals, random)?,
            ],
            neighbors: neighbors(&features.features(&originals), &features.features(random)),
            largest_step: largest_steps(&paths(engine, test, seed)?, FRAMES, shape.len()),
        })
    }

    /// Labels and values of the lines that people read.
    pub(crate) fn rows(&self) -> Vec<(String, String)> {
        let [redrawn, random] = self.told_apart;
        let Neighbors { precision, recall } = self.neighbors;
        vec![
            ("realism".into(), String::new()),
            (
                "  told from real".into(),
                format!("reconstructions {redrawn:.3}, random {random:.3}"),
            ),
            (
                "  random".into(),
                format!("precision {precision:.3}, recall {recall:.3}"),
            ),
            (
                "  largest step of a path".into(),
                format!("{:.2} of the mean", self.largest_step),
            ),
        ]
    }

    /// The same as JSON.
    pub(crate) fn json(&self) -> Value {
        let [redrawn, random] = self.told_apart.map(rounded);
        json!({
            "told_apart": {"reconstructions": redrawn, "random": random},
            "precision": rounded(self.neighbors.precision),
            "recall": rounded(self.neighbors.recall),
            "largest_step": rounded(self.largest_step),
        })
    }
}

/// The classifier whose features [`Realism::measure`] compares.
pub(crate) fn classifier(training: &Images) -> Classifier {
    Classifier::train(training, EPOCHS)
}

/// Decoded arcs from test images to the next ones in a seeded order: `[paths, FRAMES, size]`.
fn paths(engine: &mut dyn Engine, test: &Images, seed: u64) -> Result<Vec<f32>> {
    let latent = engine.config().latent;
    let order = shuffled(test.len(), seed, 0);
    let mut pictures = Vec::new();
    for pair in order.windows(2).take(PATHS) {
        let pixels: Vec<f32> = pair
            .iter()
            .flat_map(|&at| pixels_from_bytes(test.picture(at as usize)))
            .collect();
        let codes = engine.encode(&pixels)?.mean;
        pictures.extend(engine.decode(&latent_path(
            Path::Slerp,
            &codes[..latent],
            &codes[latent..],
            FRAMES,
        ))?);
    }
    Ok(pictures)
}

/// Accuracy of a fresh critic that learns to tell `real` pictures from `drawn` ones on the first half of both, measured on the
/// second half: from about 0.5 if it sees no difference, up to 1. Both have the same number of pictures, image after image, values
/// 0 to 1.
///
/// # Errors
/// Fewer than four of each, or different numbers of both.
pub(crate) fn told_apart(shape: ImageShape, real: &[f32], drawn: &[f32]) -> Result<f64> {
    let count = real.len() / shape.len();
    ensure!(
        count >= 4 && drawn.len() == real.len(),
        "to tell pictures apart, as many drawn ones as real ones are needed, at least four of each"
    );
    let half = count / 2;
    let (size, batch) = (shape.len(), BATCH.min(half));
    let mut referee = Referee::new(shape, SEED, Arithmetic::Fastest)?;
    for step in 0..STEPS {
        // Different pictures of each kind: with both versions of a picture, the critic could compare them.
        let [real, drawn] = [(real, 0), (drawn, 1)].map(|(pictures, side)| {
            let order = shuffled(half, SEED, 2 * step + side);
            let chosen = order[..batch]
                .iter()
                .map(|&at| &pictures[at as usize * size..][..size]);
            chosen.collect::<Vec<_>>().concat()
        });
        referee.learn(&real, &drawn)?;
    }
    let of_real = referee.verdicts(&real[half * size..])?;
    let of_drawn = referee.verdicts(&drawn[half * size..])?;
    let right = of_real.iter().filter(|&&verdict| verdict > 0.0).count()
        + of_drawn.iter().filter(|&&verdict| verdict <= 0.0).count();
    Ok(right as f64 / (of_real.len() + of_drawn.len()) as f64)
}

/// Precision and recall by the three nearest neighbors in feature space (Kynkäänniemi et al. 2019) of features `[size, n]`.
pub(crate) fn neighbors(real: &DMatrix<f64>, drawn: &DMatrix<f64>) -> Neighbors {
    Neighbors {
        precision: covered(drawn, real),
        recall: covered(real, drawn),
    }
}

/// Share of the points that lie in a ball around one of the others, whose radius reaches to that point's third neighbor in its own
/// set.
fn covered(points: &DMatrix<f64>, others: &DMatrix<f64>) -> f64 {
    let radii: Vec<f64> = others
        .column_iter()
        .map(|one| {
            let mut distances: Vec<f64> = others
                .column_iter()
                .map(|other| (other - one).norm_squared())
                .collect();
            distances.sort_by(f64::total_cmp);
            // The first distance is to itself, 0.
            distances[NEIGHBORS.min(distances.len() - 1)]
        })
        .collect();
    let inside = |point: nalgebra::DVectorView<'_, f64>| {
        others
            .column_iter()
            .zip(&radii)
            .any(|(other, &radius)| (other - point).norm_squared() <= radius)
    };
    let count = points.column_iter().filter(|&point| inside(point)).count();
    count as f64 / points.ncols() as f64
}

/// The largest step between neighboring frames as a multiple of the mean step, averaged over paths of `frames` pictures of `size`
/// values: 1 where all steps are equal, and where nothing changes at all.
pub(crate) fn largest_steps(pictures: &[f32], frames: usize, size: usize) -> f64 {
    let paths = pictures.chunks_exact(frames * size);
    let count = paths.len() as f64;
    paths.map(|path| largest_step(path, size)).sum::<f64>() / count
}

fn largest_step(path: &[f32], size: usize) -> f64 {
    let steps = step_lengths(path, size);
    let mean = steps.iter().sum::<f64>() / steps.len() as f64;
    if mean == 0.0 {
        1.0
    } else {
        steps.iter().copied().fold(0.0, f64::max) / mean
    }
}

/// Euclidean distances between neighboring pictures.
pub(crate) fn step_lengths(path: &[f32], size: usize) -> Vec<f64> {
    let frames: Vec<&[f32]> = path.chunks_exact(size).collect();
    frames
        .windows(2)
        .map(|pair| {
            let squares = pair[0].iter().zip(pair[1]).map(|(a, b)| f64::from(a - b).powi(2));
            squares.sum::<f64>().sqrt()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use latent_lab::normal_draws;

    use super::*;

    fn points(coordinates: &[f64]) -> DMatrix<f64> {
        DMatrix::from_row_slice(1, coordinates.len(), coordinates)
    }

    #[test]
    fn precision_counts_drawn_points_among_real_ones_and_recall_the_reverse() {
        // There are two groups of real points. The drawn points cover one of them, and one drawn point is far from both.
        let real = points(&[0.0, 1.0, 2.0, 3.0, 100.0, 101.0, 102.0, 103.0]);
        let drawn = points(&[0.5, 1.5, 2.5, 50.0]);
        let found = neighbors(&real, &drawn);
        assert_eq!(found.precision, 0.75);
        // Recall is tested without the far point: the ball around it would reach to 0.5 and so contain 1, 2 and 3, and those around the
        // other points would reach up to it.
        assert_eq!(neighbors(&real, &points(&[0.5, 1.5, 2.5, 3.5])).recall, 0.5);
        let same = neighbors(&real, &real);
        assert_eq!((same.precision, same.recall), (1.0, 1.0));
    }

    #[test]
    fn pictures_of_the_same_kind_cannot_be_told_apart_but_brighter_detail_can() {
        let shape = ImageShape {
            channels: 1,
            height: 16,
            width: 16,
        };
        let noise = |seed, spread: f32| -> Vec<f32> {
            let draws = normal_draws(seed, 0, 40 * shape.len());
            draws
                .iter()
                .map(|draw| (0.5 + spread * draw).clamp(0.0, 1.0))
                .collect()
        };
        let real = noise(1, 0.2);
        assert!(told_apart(shape, &real, &noise(2, 0.05)).unwrap() > 0.9);
        assert!(told_apart(shape, &real, &noise(2, 0.2)).unwrap() < 0.8);
        assert!(told_apart(shape, &real, &real[..16 * 16 * 8]).is_err());
        assert!(told_apart(shape, &real[..256], &real[..256]).is_err());
    }

    #[test]
    fn the_largest_step_is_given_as_a_multiple_of_the_mean() {
        // Steps of 1 and 3, then 2 and 2, then 0.
        let paths = [0.0, 1.0, 4.0, 0.0, 2.0, 4.0, 5.0, 5.0, 5.0];
        assert!((largest_steps(&paths[..3], 3, 1) - 1.5).abs() < 1e-9);
        assert!((largest_steps(&paths, 3, 1) - (1.5 + 1.0 + 1.0) / 3.0).abs() < 1e-9);
        assert_eq!(step_lengths(&[0.0, 0.0, 3.0, 4.0], 2), [5.0]);
    }
}
