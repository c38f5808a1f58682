//! The map between a prior and a normal distribution, under which a draw of one becomes a draw of the other.
//!
//! It follows the probability flow of a prior that is blurred more and more (Song et al. 2021, arXiv 2011.13456): where noise hides the
//! components, what is left is one normal distribution. A mixture's blurred density has a closed form, so no network is needed.

use crate::prior::Prior;

/// Standard deviations of the least and the most noise: below the spread of a component, and far above that of all of them.
const LEAST: f64 = 0.03;
const MOST: f64 = 20.0;

/// Steps from one to the other, each of Heun's method. With 16, a latent of the digits comes back to within 0.1.
const STEPS: usize = 16;

/// A prior at each level of noise; none for a single component, which needs no noise.
pub(super) struct Flow {
    prior: Prior,
    levels: Vec<(f64, Prior)>,
}

impl Flow {
    pub(super) fn new(prior: Prior) -> Self {
        let count = if prior.components() == 1 { 0 } else { STEPS + 1 };
        let deviation = |level: usize| LEAST * libm::exp(level as f64 * step());
        let levels = (0..count)
            .map(|level| (deviation(level), prior.blurred(deviation(level))))
            .collect();
        Self { prior, levels }
    }

    /// Latents `[n, latent]` to those of the normal distribution.
    pub(super) fn to_normal(&self, latents: &[f32]) -> Vec<f32> {
        if self.levels.is_empty() {
            let whitened = latents
                .chunks(self.prior.latent())
                .flat_map(|z| self.prior.whitened(0, z));
            return whitened.map(|value| value as f32).collect();
        }
        let scale = 1.0 / MOST;
        let noisy = self.follow(latents.iter().map(|&value| f64::from(value)).collect(), true);
        noisy.into_iter().map(|value| (scale * value) as f32).collect()
    }

    /// The inverse of [`Flow::to_normal`], up to the error of its steps.
    pub(super) fn back_to_latents(&self, normal: &[f32]) -> Vec<f32> {
        let values = normal.iter().map(|&value| f64::from(value));
        if self.levels.is_empty() {
            let normal: Vec<f64> = values.collect();
            return normal
                .chunks(self.prior.latent())
                .flat_map(|z| self.prior.colored(0, z))
                .collect();
        }
        let latents = self.follow(values.map(|value| MOST * value).collect(), false);
        latents.into_iter().map(|value| value as f32).collect()
    }

    /// Follows the flow through all levels, to more noise or to less.
    fn follow(&self, mut latents: Vec<f64>, up: bool) -> Vec<f64> {
        let size = if up { step() } else { -step() };
        for at in 0..STEPS {
            let [from, to] = if up {
                [at, at + 1]
            } else {
                [STEPS - at, STEPS - at - 1]
            };
            let slope = self.slope(from, &latents);
            let guess: Vec<f64> = latents.iter().zip(&slope).map(|(z, s)| z + size * s).collect();
            let after = self.slope(to, &guess);
            for ((z, a), b) in latents.iter_mut().zip(slope).zip(after) {
                *z += 0.5 * size * (a + b);
            }
        }
        latents
    }

    /// Derivative of the latents by the logarithm of the noise.
    fn slope(&self, level: usize, latents: &[f64]) -> Vec<f64> {
        let (deviation, prior) = &self.levels[level];
        let latents: Vec<f32> = latents.iter().map(|&value| value as f32).collect();
        let gradient = prior.log_density_gradient(&latents);
        gradient
            .iter()
            .map(|value| -deviation * deviation * value)
            .collect()
    }
}

/// Logarithm of the factor between two levels.
fn step() -> f64 {
    libm::log(MOST / LEAST) / STEPS as f64
}
