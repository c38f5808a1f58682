//! `SharpenOptions`: every number that a step of adversarial training depends on, and its source.

use serde::Serialize;

use crate::{
    cpu::critic::{FILTERS, MOST_FILTERS, view::Limits},
    error::{Error, ErrorKind, Result},
};

/// Settings of adversarial training, fixed for a run.
///
/// The method: a variational autoencoder whose reconstructions are compared in the features of a critic, as well as in pixels, and
/// whose decoder is trained against the critic's verdict (Larsen et al. 2016, VAE/GAN). The critic learns with the hinge loss (Lim
/// and Ye 2017) under spectral normalization (Miyato et al. 2018), on pictures that pass through a differentiable augmentation (Zhao
/// et al. 2020, DiffAugment).
///
/// The decoder minimizes, with means over pictures and values,
///
/// `pixels * |x' - x| + features * sum over layers |f(x') - f(x)| - verdict * critic(fakes)`
///
/// for reconstructions x' of x, where the fakes are the reconstructions, pictures decoded from between two real ones,
/// and pictures of random latents. The encoder minimizes the same, and `kl` for each nat of KL.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SharpenOptions {
    /// Weight of the absolute difference of pixels. 10 was found by trial: with less, reconstructions show a different
    /// cat.
    pub pixels: f32,
    /// Weight of the middle of a picture in the difference of pixels, relative to its edge. Below 1 the critic has more to say about
    /// the middle, where a face is; 1 weighs all alike.
    pub middle: f32,
    /// Weight of the absolute difference of the critic's features (Larsen et al. 2016 use the squared difference, of
    /// one layer).
    pub features: f32,
    /// Weight of the critic's verdict on fakes. Above about 1 the decoder forgets the pictures.
    pub verdict: f32,
    /// Weight of one nat of KL. 1.5e-4 made the encoder forget a third of what it knew.
    pub kl: f32,
    /// Share of the posterior's deviation that the noise of reconstructions has. The full deviation blurs them: where the noise decides, the
    /// best picture in pixels is an average. But only noise keeps a decoder from undoing a filter of its codes.
    pub noise: f32,
    /// Adam's step size for the encoder. Half of the decoder's, so that codes move more slowly than the pictures drawn
    /// from them.
    pub encoder_rate: f32,
    /// Adam's step size for the decoder.
    pub decoder_rate: f32,
    /// Adam's step size for the critic: larger than the decoder's (Heusel et al. 2017, "two time-scale update rule").
    pub critic_rate: f32,
    /// Adam's decay of both moments. Little momentum, since the target moves (Radford et al. 2016 take 0.5 for the first).
    pub betas: [f32; 2],
    /// Steps during which the encoder is frozen, while the critic learns to say something useful.
    pub encoder_waits: u64,
    /// Number of steps after which the encoder is its moving average and no longer learns. While codes move, random latents are a
    /// moving target; once they stay, the decoder can learn to make pictures of them.
    pub encoder_stops: u64,
    /// Steps during which only the critic learns.
    pub network_waits: u64,
    /// Steps of the critic for one of the network, at least 1: the network learns in the last of so many (Goodfellow et al. 2014;
    /// Miyato et al. 2018 take 5). With more of them the critic's loss stays farther from 2, where it knows nothing.
    pub critic_steps: u64,
    /// Factor of the critic's verdict, above 0: spectral normalization limits how far verdicts can differ, and the margin of the hinge
    /// loss is 1. It matters little: against cats that did not change, a critic's loss after 600 steps was 1.34, 1.25 and 1.24 with
    /// the factors 1, 5 and 20.
    pub critic_gain: f32,
    /// Filters of the critic's convolutions, from the picture on.
    pub critic_filters: [usize; 4],
    /// Decay of the moving average of the network's weights, for one step; after t steps at most (1 + t) / (10 + t).
    pub average: f32,
    /// Largest change of brightness in what the critic sees, either way; pixels are 0 to 1.
    pub brightness: f32,
    /// Largest relative change of contrast, either way.
    pub contrast: f32,
    /// Largest shift, either way, as a part of the side.
    pub shift: f32,
    /// Factor of the deviations of random latents from the mean of the codes. Below 1 the decoder learns to make pictures of codes
    /// nearer to the mean, which is easier and gives fewer kinds (truncation; Brock, Donahue and Simonyan 2019).
    pub temperature: f32,
    /// Share of what the critic sees that is the middle of a picture at twice its size, 0 to 1. There it has more layers for what is
    /// small, and the features that reconstructions are compared in describe a face.
    pub closeups: f32,
}

impl Default for SharpenOptions {
    fn default() -> Self {
        Self {
            pixels: 10.0,
            middle: 1.0,
            features: 4.0,
            verdict: 0.3,
            kl: 3e-5,
            noise: 0.3,
            encoder_rate: 1e-4,
            decoder_rate: 2e-4,
            critic_rate: 4e-4,
            betas: [0.5, 0.99],
            encoder_waits: 2000,
            encoder_stops: u64::MAX,
            network_waits: 0,
            critic_steps: 1,
            critic_gain: 1.0,
            critic_filters: FILTERS,
            average: 0.998,
            brightness: 0.15,
            contrast: 0.25,
            shift: 1.0 / 16.0,
            temperature: 1.0,
            closeups: 0.0,
        }
    }
}

impl SharpenOptions {
    /// For a small network and few pictures, in a few hundred steps: larger steps, an encoder that is frozen for less
    /// time, and a shorter average. With 100 pictures of 32 x 32 pixels and a network of 30,000 parameters, 800 of
    /// these steps did what some thousands of smaller ones do; the critic needs the larger weight of its verdict to
    /// matter in so few.
    pub fn quick() -> Self {
        Self {
            verdict: 1.0,
            encoder_rate: 1e-3,
            decoder_rate: 2e-3,
            critic_rate: 2e-3,
            encoder_waits: 200,
            average: 0.99,
            ..Self::default()
        }
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// `Argument` when a value is negative or not finite, when a decay, a limit of augmentation or a number of filters is too large,
    /// or when there are no filters, no steps of the critic or no gain.
    pub fn validate(&self) -> Result<()> {
        let weights = [
            self.pixels,
            self.middle,
            self.features,
            self.verdict,
            self.kl,
            self.noise,
            self.critic_gain,
            self.temperature,
        ];
        let rates = [self.encoder_rate, self.decoder_rate, self.critic_rate];
        let parts = [self.betas[0], self.betas[1], self.average];
        let limits = [self.brightness, self.contrast];
        let good = |values: &[f32], most: f32| values.iter().all(|value| (0.0..most).contains(value));
        let shares = (0.0..=0.5).contains(&self.shift) && (0.0..=1.0).contains(&self.closeups);
        if good(&weights, f32::INFINITY)
            && good(&rates, f32::INFINITY)
            && good(&parts, 1.0)
            && good(&limits, 1.0)
            && shares
            && self.critic_gain > 0.0
            && self.critic_steps > 0
            && self
                .critic_filters
                .iter()
                .all(|filters| (1..=MOST_FILTERS).contains(filters))
        {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Argument,
            "weights and step sizes must be finite and at least 0; decays, brightness and contrast below 1; the shift at most 0.5, \
             close-ups at most 1; the critic's gain above 0, its steps at least 1, its filters 1 to 1024",
        ))
    }

    pub(crate) fn limits(&self) -> Limits {
        Limits {
            brightness: self.brightness,
            contrast: self.contrast,
            shift: self.shift,
            closeups: self.closeups,
        }
    }

    /// Share of the way that the average moves toward the weights in step `step`, from 1.
    pub(super) fn average_rate(&self, step: u64) -> f32 {
        let early = (1 + step) as f64 / (10 + step) as f64;
        (1.0 - f64::from(self.average).min(early)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_out_of_range_are_refused() {
        SharpenOptions::default().validate().unwrap();
        let bad = [
            SharpenOptions {
                pixels: -1.0,
                ..SharpenOptions::default()
            },
            SharpenOptions {
                critic_rate: f32::NAN,
                ..SharpenOptions::default()
            },
            SharpenOptions {
                average: 1.0,
                ..SharpenOptions::default()
            },
            SharpenOptions {
                shift: 0.6,
                ..SharpenOptions::default()
            },
            SharpenOptions {
                closeups: 1.1,
                ..SharpenOptions::default()
            },
            SharpenOptions {
                temperature: f32::INFINITY,
                ..SharpenOptions::default()
            },
            SharpenOptions {
                critic_steps: 0,
                ..SharpenOptions::default()
            },
            SharpenOptions {
                critic_gain: 0.0,
                ..SharpenOptions::default()
            },
            SharpenOptions {
                critic_filters: [8, 8, 8, 1025],
                ..SharpenOptions::default()
            },
        ];
        for options in bad {
            assert_eq!(options.validate().unwrap_err().kind(), ErrorKind::Argument);
        }
    }
}
