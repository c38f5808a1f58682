//! The network guided from outside: something other than the likelihood judges the decoder's output, and its gradient
//! enters at the logits.

use super::{Existing, Maps, Pass};

impl Pass<'_> {
    /// Pictures `[n, channels, height, width]` to latents in `maps`, drawn with `noise`, `[n, latent]`, as in training. Returns the
    /// KL divergence summed over the pictures. `maps.codes` holds the codes.
    pub(in crate::cpu) fn encode_and_sample(&self, pictures: &[f32], noise: &[f32], maps: &mut Maps) -> f64 {
        self.encode(pictures, maps);
        let n = pictures.len() / self.network.config.image.len();
        self.sample(&[n], noise, maps)[0]
    }

    /// The n latents of [`Pass::encode_and_sample`] to logits.
    pub(in crate::cpu) fn decode_sampled(&self, n: usize, logits: &mut [f32], maps: &mut Maps) {
        self.decode_rows(n, logits, maps);
    }

    /// Adds the gradient of a loss to `gradient`, given its gradient `logits` with respect to the logits that were decoded last. With
    /// `kl_scales`, the weight of each latent dimension's KL, it continues through the latents into the encoder.
    pub(in crate::cpu) fn gradient_of_logits(
        &self,
        logits: &[f32],
        kl_scales: Option<&[f32]>,
        maps: &mut Maps,
        gradient: &mut [f32],
    ) {
        let n = logits.len() / self.network.config.image.len();
        let side = self.decoder_gradient(&[n], logits, maps, (&mut *gradient, Existing::Continued));
        if let Some(kl_scales) = kl_scales {
            self.latent_gradient(n, kl_scales, maps);
            self.encoder_gradient((&[n], side), maps, (gradient, Existing::Continued));
        }
    }
}
