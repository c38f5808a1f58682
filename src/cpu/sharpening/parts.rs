//! A step that is taken in parts, so that a page can answer in between; and verdicts between steps.

use super::{Contest, LARGEST_SHARD, SharpenBatch, SharpenLosses};
use crate::{
    cpu::critic::{Judge, Opinion, view::View},
    error::Result,
};

/// A step under way.
pub(crate) struct Begun {
    /// Latents of the fakes other than reconstructions.
    drawn: Vec<f32>,
    /// Finished shards, of the critic's round and then of the network's.
    done: usize,
}

impl Contest {
    /// Begins a step on a batch, which all its parts must have.
    pub(crate) fn begin(&mut self, batch: SharpenBatch<'_>) -> Begun {
        let config = &self.network.config;
        let n = batch.pixels.len() / config.image.len();
        let drawn = batch.along.len() + batch.random.len() / config.latent;
        self.cut(n, drawn);
        self.settle_encoder();
        self.encode_round(batch);
        Begun {
            drawn: self.drawn_latents(batch),
            done: 0,
        }
    }

    /// The next part: as many shards as there are threads. Returns losses after the last one, with the bits of
    /// [`Contest::step`].
    ///
    /// # Errors
    /// As [`Contest::step`].
    pub(crate) fn step_part(
        &mut self,
        batch: SharpenBatch<'_>,
        begun: &mut Begun,
    ) -> Result<Option<SharpenLosses>> {
        let shards = self.shards.len();
        let is_critics = begun.done < shards;
        let first = begun.done % shards;
        let end = shards.min(first + self.workers.len());
        begun.done += end - first;
        if is_critics {
            self.critic_round_over(batch, &begun.drawn, first..end);
        } else {
            self.network_round_over(batch, first..end);
        }
        if end < shards {
            return Ok(None);
        }
        if is_critics {
            self.step_critic()?;
            if self.network_learns() {
                return Ok(None);
            }
        }
        self.finish(batch.pixels.len() / self.network.config.image.len())
            .map(Some)
    }

    /// The critic's verdicts on pictures `[n, channels, height, width]` as they are, without a random view: above 0 says "real".
    pub(crate) fn verdicts(&self, pixels: &[f32]) -> Vec<f32> {
        let image = self.critic.image;
        let judge = Judge {
            critic: &self.critic,
            kernels: self.kernels,
            parameters: &self.normalized,
            panels: &self.critic_panels,
        };
        let as_it_is = View::unchanged(image);
        let (mut opinion, mut shown) = (Opinion::default(), Vec::new());
        let mut verdicts = Vec::with_capacity(pixels.len() / image.len());
        for pictures in pixels.chunks(LARGEST_SHARD * image.len()) {
            shown.resize(pictures.len(), 0.0);
            let pairs = pictures.chunks_exact(image.len());
            for (picture, shown) in pairs.zip(shown.chunks_exact_mut(image.len())) {
                as_it_is.show(image, picture, shown);
            }
            judge.see(&shown, &mut opinion);
            judge.judge(pictures.len() / image.len(), &mut opinion);
            verdicts.extend_from_slice(&opinion.verdicts);
        }
        verdicts
    }

    /// Number of the critic's parameters.
    pub(crate) fn critic_parameters(&self) -> usize {
        self.critic.len()
    }
}
