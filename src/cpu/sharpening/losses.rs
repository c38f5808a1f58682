//! Losses and verdicts of a step: sums over the pictures of each shard, and their means over the batch.

use super::{Contest, Shard};
use crate::config::Likelihood;

/// How far one step moves the running share of sure verdicts.
const SURENESS_RATE: f32 = 0.005;

/// Above this the critic has won: it takes about 560 steps in a row without any doubt, from the start.
const WON: f32 = 0.97;

/// Losses and verdicts of one step, before it: means over pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SharpenLosses {
    /// False in a step that is the critic's alone. Then the next four are 0.
    pub network_learns: bool,
    /// Absolute difference of a pixel of a reconstruction.
    pub pixels: f32,
    /// Squared difference of a pixel of a reconstruction.
    pub mse: f32,
    /// Reconstruction loss of a picture by the network's likelihood, as in training without a critic.
    pub reconstruction: f32,
    /// Absolute difference of the critic's features, summed over its layers.
    pub features: f32,
    /// Nats; 0 for a plain autoencoder.
    pub kl: f32,
    /// The critic's verdict on real pictures: above 0 says "real".
    pub real: f32,
    /// The critic's verdict on fakes.
    pub fake: f32,
    /// Share of the fakes that the critic recognizes beyond doubt, with a verdict below -1.
    pub clear_fakes: f32,
    /// The critic's hinge loss: 0 when it is sure and right everywhere, 2 when it knows nothing.
    pub critic: f32,
    /// Running share, over some hundred steps, of verdicts that are right and beyond doubt.
    pub sureness: f32,
}

impl SharpenLosses {
    /// True when the critic has been sure of nearly everything for hundreds of steps. Then its verdicts no longer say
    /// how to improve, and the pictures will not get better.
    pub fn critic_has_won(&self) -> bool {
        self.sureness > WON
    }
}

/// Sums over a shard's pictures.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) pixels: f64,
    pub(super) squares: f64,
    pub(super) nats: f64,
    pub(super) features: f64,
    pub(super) kl: f64,
    pub(super) real: f64,
    pub(super) fake: f64,
    pub(super) hinge_real: f64,
    pub(super) hinge_fake: f64,
    pub(super) clear_real: u32,
    pub(super) clear_fake: u32,
}

impl Contest {
    /// Means over the batch.
    pub(super) fn losses(&self, n: usize) -> SharpenLosses {
        let mut all = Sums::default();
        let mut fakes = 0;
        for Shard { sums, count, .. } in &self.shards {
            all.pixels += sums.pixels;
            all.squares += sums.squares;
            all.nats += sums.nats;
            all.features += sums.features;
            all.kl += sums.kl;
            all.real += sums.real;
            all.fake += sums.fake;
            all.hinge_real += sums.hinge_real;
            all.hinge_fake += sums.hinge_fake;
            all.clear_real += sums.clear_real;
            all.clear_fake += sums.clear_fake;
            fakes += count;
        }
        let (n, fakes) = (n as f64, fakes as f64);
        let values = n * self.network.config.image.len() as f64;
        let reconstruction = match self.network.config.likelihood {
            Likelihood::Bernoulli => all.nats,
            Likelihood::Gaussian => all.squares,
        };
        let sure = f64::from(all.clear_real + all.clear_fake) / (n + fakes);
        SharpenLosses {
            network_learns: self.network_learns(),
            pixels: (all.pixels / values) as f32,
            mse: (all.squares / values) as f32,
            reconstruction: (reconstruction / n) as f32,
            features: (all.features / n) as f32,
            kl: (all.kl / n) as f32,
            real: (all.real / n) as f32,
            fake: (all.fake / fakes) as f32,
            clear_fakes: (f64::from(all.clear_fake) / fakes) as f32,
            critic: (all.hinge_real / n + all.hinge_fake / fakes) as f32,
            sureness: self.sureness + SURENESS_RATE * (sure as f32 - self.sureness),
        }
    }
}
