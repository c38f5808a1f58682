//! Stepping stones: draws of a prior where it is dense, and the distances between their pictures.

use super::{Decode, Density, distance};
use crate::{error::Result, prior::Prior};

/// Number of draws, of which the dense ones become stones, and the share of its deviation from the mean of its component that each
/// keeps.
const DRAWS: usize = 600;
const TEMPERATURE: f32 = 0.85;
const SEED: u64 = 1;

/// Values of all their pictures: larger pictures, which take longer to decode and to compare, are fewer.
const MOST_VALUES: usize = 1 << 19;

pub(super) struct Stones {
    /// `[n, latent]`.
    pub(super) latents: Vec<f32>,
    /// `[n, size]`.
    pub(super) pictures: Vec<f32>,
    /// How dense the prior is at each: see [`Density::at`].
    pub(super) densities: Vec<f64>,
    /// `[n, n]`.
    distances: Vec<f32>,
}

impl Stones {
    /// The draws that are at least as dense as is typical. Under a single component every arc is dense, and there are none. A picture has `size` values.
    pub(super) fn new(prior: &Prior, density: Density, size: usize, decode: Decode<'_>) -> Result<Self> {
        let count = match prior.components() {
            1 => 0,
            _ => DRAWS.min(MOST_VALUES / size),
        };
        let draws = prior.draws(SEED, 0, count, TEMPERATURE);
        let (mut latents, mut densities) = (Vec::new(), Vec::new());
        for (latent, dense) in draws.chunks(prior.latent()).zip(density.at(prior, &draws)) {
            if dense >= 0.0 {
                latents.extend_from_slice(latent);
                densities.push(dense);
            }
        }
        let pictures = if latents.is_empty() {
            Vec::new()
        } else {
            decode(&latents)?
        };
        Ok(Self {
            distances: distances(&pictures, densities.len()),
            latents,
            pictures,
            densities,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.densities.len()
    }

    pub(super) fn distance(&self, a: usize, b: usize) -> f32 {
        self.distances[a * self.len() + b]
    }
}

/// Distances of each of `count` pictures from each.
fn distances(pictures: &[f32], count: usize) -> Vec<f32> {
    let size = pictures.len().checked_div(count).unwrap_or(0);
    let picture = |at: usize| &pictures[at * size..][..size];
    let mut distances = vec![0.0; count * count];
    for a in 0..count {
        for b in 0..a {
            let apart = distance(picture(a), picture(b)) as f32;
            distances[a * count + b] = apart;
            distances[b * count + a] = apart;
        }
    }
    distances
}
