//! The core's metrics over many images: in chunks, on all cores. The chunks and their seeds are fixed, so the numbers are the same
//! on every machine.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use indicatif::ProgressBar;
use latent_lab::{
    Bounds, ElboParts, Engine, Evaluation, Images, LatentUse, ModelConfig, Weights, evaluate,
    importance_weighted_bound, psnr, round_trips,
};

use crate::engines::{self, EngineName};

/// Images in one chunk: enough to hide the time to start an engine, few enough for a progress bar to move.
const CHUNK: usize = 500;

/// A network, the images that it is measured on, and the engine that does it.
pub(crate) struct Measure<'a> {
    pub(crate) engine: EngineName,
    pub(crate) config: &'a ModelConfig,
    pub(crate) weights: &'a Weights,
    pub(crate) images: &'a Images,
    pub(crate) seed: u64,
}

impl Measure<'_> {
    /// [`evaluate`]: on gray targets.
    pub(crate) fn gray(&self) -> Result<Evaluation> {
        let hidden = ProgressBar::hidden();
        let parts = self.chunks(&hidden, evaluate)?;
        let mean = |value: &dyn Fn(&Evaluation) -> f64| weighted(&parts, |part| part.images, value);
        let elbo = parts.iter().all(|part| part.elbo.is_some()).then(|| ElboParts {
            reconstruction: mean(&|part| part.elbo.map_or(0.0, |elbo| elbo.reconstruction)),
            kl: mean(&|part| part.elbo.map_or(0.0, |elbo| elbo.kl)),
        });
        let mse = mean(&|part| part.mse);
        let latents = elbo.is_some().then(|| {
            let mut all = LatentUse::default();
            for part in parts.iter().filter_map(|part| part.latents.as_ref()) {
                all.merge(part);
            }
            all
        });
        Ok(Evaluation {
            images: self.images.len(),
            mse,
            psnr: psnr(mse),
            reconstruction_of_mean: mean(&|part| part.reconstruction_of_mean),
            elbo,
            latents,
        })
    }

    /// [`round_trips`] of every image, in order.
    pub(crate) fn round_trips(&self) -> Result<Vec<f64>> {
        let hidden = ProgressBar::hidden();
        let parts = self.chunks(&hidden, |engine, images, _| round_trips(engine, images))?;
        Ok(parts.concat())
    }

    /// [`importance_weighted_bound`]: on binarized targets.
    pub(crate) fn binarized(&self, samples: usize, bar: &ProgressBar) -> Result<Bounds> {
        let parts = self.chunks(bar, |engine, images, seed| {
            importance_weighted_bound(engine, images, samples, seed)
        })?;
        let mean = |value: &dyn Fn(&Bounds) -> f64| weighted(&parts, |part| part.images, value);
        Ok(Bounds {
            images: self.images.len(),
            samples,
            elbo: ElboParts {
                reconstruction: mean(&|part| part.elbo.reconstruction),
                kl: mean(&|part| part.elbo.kl),
            },
            importance_weighted: mean(&|part| part.importance_weighted),
        })
    }

    /// `measure` of every chunk, in the order of the images. Each chunk has a seed of its own: with the same seed, the n-th image
    /// of every chunk would get the same noise.
    fn chunks<T: Send>(
        &self,
        bar: &ProgressBar,
        measure: impl Fn(&mut dyn Engine, &Images, u64) -> latent_lab::Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let size = self.images.shape().len();
        let chunks: Vec<&[u8]> = self.images.pixels().chunks(CHUNK * size).collect();
        let next = AtomicUsize::new(0);
        let work = || -> Result<Vec<(usize, T)>> {
            let mut engine = engines::open(self.engine, self.config, self.weights)?;
            let mut done = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let Some(pixels) = chunks.get(n) else {
                    return Ok(done);
                };
                let images = Images::new(self.images.shape(), pixels.to_vec(), Vec::new())?;
                let seed = self.seed.wrapping_add((n as u64) << 32);
                done.push((n, measure(&mut *engine, &images, seed)?));
                bar.inc(images.len() as u64);
            }
        };
        let cores = self.engine.threads().min(chunks.len());
        let mut done = std::thread::scope(|scope| -> Result<Vec<(usize, T)>> {
            let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
            let mut done = Vec::new();
            for worker in workers {
                done.extend(
                    worker
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?,
                );
            }
            Ok(done)
        })?;
        done.sort_by_key(|(n, _)| *n);
        Ok(done.into_iter().map(|(_, part)| part).collect())
    }
}

/// The mean over all images of a mean over each chunk.
fn weighted<T>(parts: &[T], images: impl Fn(&T) -> usize, value: impl Fn(&T) -> f64) -> f64 {
    let count: usize = parts.iter().map(&images).sum();
    parts
        .iter()
        .map(|part| value(part) * images(part) as f64)
        .sum::<f64>()
        / count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_last_chunk_counts_less() {
        let parts = [(500, 1.0), (100, 7.0)];
        assert_eq!(weighted(&parts, |part| part.0, |part| part.1), 2.0);
    }
}
