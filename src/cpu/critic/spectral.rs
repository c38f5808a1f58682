//! Spectral normalization (Miyato, Kataoka, Koyama and Yoshida 2018): each layer's weights, as one matrix, are divided by an
//! estimate of their largest singular value, so that no layer stretches its input. This keeps the critic's gradient bounded.
//!
//! The estimate comes from one step of power iteration for each update of the weights, which is enough because they change
//! little at a time. As in the paper, the singular vectors count as constants in the gradient.

use super::Critic;
use crate::{cpu::layer::Layer, latent::normal_draws};

/// Steps of power iteration before the first training step.
const FIRST_STEPS: usize = 20;

/// Keeps a matrix of zeros from being divided by 0.
const SMALLEST: f32 = 1e-12;

/// Singular vectors of one layer's weights, which are a matrix of `[block, input channel]` rows and output channel columns.
#[derive(Clone, Default)]
struct Spectrum {
    /// On the side of the columns, before the last step of power iteration: what a checkpoint needs.
    before: Vec<f32>,
    rows: Vec<f32>,
    columns: Vec<f32>,
    norm: f32,
}

/// The spectra of all layers.
#[derive(Clone, Default)]
pub(crate) struct Spectra(Vec<Spectrum>);

impl Spectrum {
    /// One step of power iteration from `before`.
    fn estimate(&mut self, weights: &[f32]) {
        let columns = self.before.len();
        self.rows = weights
            .chunks_exact(columns)
            .map(|row| dot(row, &self.before))
            .collect();
        normalize(&mut self.rows);
        self.columns = vec![0.0; columns];
        for (row, factor) in weights.chunks_exact(columns).zip(&self.rows) {
            for (sum, weight) in self.columns.iter_mut().zip(row) {
                *sum += factor * weight;
            }
        }
        self.norm = normalize(&mut self.columns).max(SMALLEST);
    }
}

impl Spectra {
    /// Random directions for `raw`, and some steps of power iteration.
    pub(crate) fn new(critic: &Critic, raw: &[f32], seed: u64) -> Self {
        let spectrum = |(index, layer): (usize, &Layer)| {
            // Apart from the streams of noise, which count steps.
            let mut before = normal_draws(seed, (1 << 52) | index as u64, layer.output.used);
            before.resize(layer.output.padded, 0.0);
            Spectrum {
                before,
                ..Spectrum::default()
            }
        };
        let mut spectra = Self(critic.layers().enumerate().map(spectrum).collect());
        for _ in 0..FIRST_STEPS {
            spectra.estimate(critic, raw);
            spectra.advance();
        }
        spectra.estimate(critic, raw);
        spectra
    }

    /// The vectors of [`Spectra::to_flat`]; the norms are those of `raw`.
    pub(crate) fn from_flat(critic: &Critic, raw: &[f32], mut flat: &[f32]) -> Self {
        let spectrum = |layer: &Layer| {
            let (mine, rest) = flat.split_at(layer.output.used);
            flat = rest;
            let mut before = mine.to_vec();
            before.resize(layer.output.padded, 0.0);
            Spectrum {
                before,
                ..Spectrum::default()
            }
        };
        let mut spectra = Self(critic.layers().map(spectrum).collect());
        spectra.estimate(critic, raw);
        spectra
    }

    /// State from which another process computes the same norms.
    pub(crate) fn to_flat(&self, critic: &Critic) -> Vec<f32> {
        let layers = critic.layers().zip(&self.0);
        layers
            .flat_map(|(layer, spectrum)| &spectrum.before[..layer.output.used])
            .copied()
            .collect()
    }

    /// Length of [`Spectra::to_flat`].
    pub(crate) fn flat_len(critic: &Critic) -> usize {
        critic.layers().map(|layer| layer.output.used).sum()
    }

    /// The weights have changed: one more step of power iteration.
    pub(crate) fn update(&mut self, critic: &Critic, raw: &[f32]) {
        self.advance();
        self.estimate(critic, raw);
    }

    fn advance(&mut self) {
        for spectrum in &mut self.0 {
            spectrum.before = std::mem::take(&mut spectrum.columns);
        }
    }

    fn estimate(&mut self, critic: &Critic, raw: &[f32]) {
        for (layer, spectrum) in critic.layers().zip(&mut self.0) {
            spectrum.estimate(&raw[layer.place.weight..][..layer.weight_len()]);
        }
    }

    /// `raw` with its weights divided by their norms.
    pub(crate) fn normalized(&self, critic: &Critic, raw: &[f32], normalized: &mut Vec<f32>) {
        normalized.clear();
        normalized.extend_from_slice(raw);
        for (layer, spectrum) in critic.layers().zip(&self.0) {
            let factor = 1.0 / spectrum.norm;
            for weight in &mut normalized[layer.place.weight..][..layer.weight_len()] {
                *weight *= factor;
            }
        }
    }

    /// From the gradient of the normalized weights W / s to that of W: with s = r' W c, (G - <G, W / s> r c') / s.
    pub(crate) fn gradient(&self, critic: &Critic, normalized: &[f32], gradient: &mut [f32]) {
        for (layer, spectrum) in critic.layers().zip(&self.0) {
            let range = layer.place.weight..layer.place.weight + layer.weight_len();
            let gradient = &mut gradient[range.clone()];
            let along = dot(gradient, &normalized[range]);
            let factor = 1.0 / spectrum.norm;
            let rows = gradient.chunks_exact_mut(spectrum.columns.len());
            for (row, part) in rows.zip(&spectrum.rows) {
                let part = along * part;
                for (value, column) in row.iter_mut().zip(&spectrum.columns) {
                    *value = (*value - part * column) * factor;
                }
            }
        }
    }
}

/// Divides by the length, and returns it.
fn normalize(vector: &mut [f32]) -> f32 {
    let length = dot(vector, vector).sqrt();
    let factor = 1.0 / length.max(SMALLEST);
    for value in vector {
        *value *= factor;
    }
    length
}

/// In sixteen sums, so that it runs in lanes; plain Rust never fuses, so the bits are the same everywhere.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 16];
    let (a, rest_a) = a.as_chunks::<16>();
    let (b, rest_b) = b.as_chunks::<16>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..16 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ImageShape;

    fn critic() -> Critic {
        let image = ImageShape {
            channels: 3,
            height: 13,
            width: 12,
        };
        Critic::new(image, (super::super::FILTERS, 1.0), 8)
    }

    /// W / (r' W c) of every layer, with the vectors of `spectra`.
    fn divided(critic: &Critic, spectra: &Spectra, raw: &[f32]) -> Vec<f32> {
        let mut spectra = spectra.clone();
        for (layer, spectrum) in critic.layers().zip(&mut spectra.0) {
            let weights = &raw[layer.place.weight..][..layer.weight_len()];
            let rows = weights.chunks_exact(spectrum.columns.len());
            let products = rows.zip(&spectrum.rows);
            spectrum.norm = products.map(|(row, r)| r * dot(row, &spectrum.columns)).sum();
        }
        let mut normalized = Vec::new();
        spectra.normalized(critic, raw, &mut normalized);
        normalized
    }

    #[test]
    fn no_layer_increases_the_norm_of_an_input() {
        let critic = critic();
        let raw = critic.initial(3);
        let mut spectra = Spectra::new(&critic, &raw, 3);
        for _ in 0..300 {
            spectra.update(&critic, &raw);
        }
        let mut normalized = Vec::new();
        spectra.normalized(&critic, &raw, &mut normalized);
        for layer in critic.layers() {
            let columns = layer.output.padded;
            let weights = &normalized[layer.place.weight..][..layer.weight_len()];
            for seed in 0..20 {
                let mut input = normal_draws(seed, 0, columns);
                normalize(&mut input);
                // Power iteration from another start finds no larger factor.
                for _ in 0..30 {
                    let there: Vec<f32> = weights
                        .chunks_exact(columns)
                        .map(|row| dot(row, &input))
                        .collect();
                    assert!(dot(&there, &there) < 1.001);
                    let mut back = vec![0.0; columns];
                    for (row, factor) in weights.chunks_exact(columns).zip(&there) {
                        back.iter_mut()
                            .zip(row)
                            .for_each(|(sum, weight)| *sum += factor * weight);
                    }
                    normalize(&mut back);
                    input = back;
                }
            }
        }
    }

    #[test]
    fn the_gradient_through_the_division_agrees_with_finite_differences() {
        let critic = critic();
        let raw = critic.initial(5);
        let spectra = Spectra::new(&critic, &raw, 5);
        let normalized = divided(&critic, &spectra, &raw);
        for layer in critic.layers() {
            let range = layer.place.weight..layer.place.weight + layer.weight_len();
            // The loss is any linear one, and the direction has a component along the weights.
            let slopes = normal_draws(1, 0, raw.len());
            let mut gradient = slopes.clone();
            spectra.gradient(&critic, &normalized, &mut gradient);
            let direction: Vec<f32> = (normal_draws(2, 0, raw.len()).iter().zip(&raw))
                .map(|(draw, weight)| 0.05 * draw + 2.0 * weight)
                .collect();
            let side = |step: f32| -> f64 {
                let mut moved = raw.clone();
                for at in range.clone() {
                    moved[at] += step * direction[at];
                }
                let moved = divided(&critic, &spectra, &moved);
                let range = range.clone();
                range.map(|at| f64::from(moved[at]) * f64::from(slopes[at])).sum()
            };
            let difference = (side(1e-2) - side(-1e-2)) / 2e-2;
            let expected: f64 = range
                .clone()
                .map(|at| f64::from(gradient[at]) * f64::from(direction[at]))
                .sum();
            let scale: f64 = range.map(|at| f64::from(gradient[at] * gradient[at])).sum();
            // The tolerance is for f32 sums of up to a few hundred thousand weights, and for the third derivative.
            assert!(
                (difference - expected).abs()
                    < 2e-3 * scale.sqrt() * 0.1 * (layer.weight_len() as f64).sqrt(),
                "{difference} against {expected}"
            );
        }
    }
}
