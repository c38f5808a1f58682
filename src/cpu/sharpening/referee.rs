//! `Referee`: a critic by itself, which learns to tell real pictures from drawn ones after the training that drew them.

use latent_lab_kernels::{Arithmetic, Kernels};

use super::{Learner, SharpenOptions, Stride, View};
use crate::{
    config::ImageShape,
    cpu::{
        critic::{Critic, FILTERS, Judge, Opinion, Workspace, spectral::Spectra, view::Limits},
        layer::Panels,
    },
    engine::picture_count,
    error::{Error, ErrorKind, Result},
};

/// Number of pictures that are judged at once.
const AT_ONCE: usize = 32;

/// Views of each picture whose verdicts are averaged: the critic has learned from views, so its verdicts on pictures as they are would be
/// off to one side.
const VIEWS: u64 = 8;

/// Index of the first view that is judged. The critic learns from those below it.
const JUDGED: u64 = 1 << 62;

/// A fresh critic for pictures of one size: the network that [`crate::Sharpener`] trains against, with the same loss and the same
/// views, but with weights of its own.
pub struct Referee {
    critic: Critic,
    kernels: &'static Kernels,
    options: SharpenOptions,
    learner: Learner,
    spectra: Spectra,
    /// The weights divided by their spectral norms, and their panels.
    normalized: Vec<f32>,
    panels: Panels,
    opinion: Opinion,
    seed: u64,
    step: u64,
}

impl Referee {
    /// With seeded weights.
    ///
    /// # Errors
    /// `Engine` when the build does not have this arithmetic.
    pub fn new(image: ImageShape, seed: u64, arithmetic: Arithmetic) -> Result<Self> {
        let kernels = Kernels::pick(arithmetic)
            .ok_or_else(|| Error::new(ErrorKind::Engine, "this build has no reproducible arithmetic"))?;
        let critic = Critic::new(image, (FILTERS, 1.0), kernels.width);
        let learner = Learner::new(critic.initial(seed));
        let mut referee = Self {
            spectra: Spectra::new(&critic, &learner.weights, seed),
            options: SharpenOptions::default(),
            normalized: Vec::new(),
            panels: Panels::default(),
            opinion: Opinion::default(),
            kernels,
            learner,
            critic,
            seed,
            step: 0,
        };
        referee.pack();
        Ok(referee)
    }

    /// One step of Adam on the hinge loss of pictures `[n, channels, height, width]` with values 0 to 1, each in a random view: the
    /// mean of max(0, 1 - verdict) over `real` and of max(0, 1 + verdict) over `drawn` (Lim and Ye 2017). Returns the loss before it.
    ///
    /// # Errors
    /// `Argument` when a length is 0 or not a multiple of a picture's; `NotFinite` for NaN and infinities.
    pub fn learn(&mut self, real: &[f32], drawn: &[f32]) -> Result<f32> {
        let mut gradient = vec![0.0; self.critic.parameters];
        let mut work = Workspace::default();
        let (mut loss, mut seen) = (0.0, self.step << 32);
        for (side, pictures) in [(1.0, real), (-1.0, drawn)] {
            let share = 1.0 / picture_count(self.critic.image, pictures)? as f32;
            for pictures in pictures.chunks(AT_ONCE * self.critic.image.len()) {
                let limits = self.options.limits();
                self.look(pictures, limits, seen);
                seen += AT_ONCE as u64;
                let slopes: Vec<f32> = self
                    .opinion
                    .verdicts
                    .iter()
                    .map(|verdict| {
                        let missing = (1.0 - side * verdict).max(0.0);
                        loss += share * missing;
                        if missing > 0.0 { -side * share } else { 0.0 }
                    })
                    .collect();
                self.as_judge()
                    .add_gradient(&slopes, &self.opinion, &mut work, &mut gradient);
            }
        }
        self.update(&mut gradient);
        Ok(loss)
    }

    /// Verdicts on pictures, `[n]`, each the mean over some random views: above 0 says "real".
    ///
    /// # Errors
    /// As [`Referee::learn`].
    pub fn verdicts(&mut self, pictures: &[f32]) -> Result<Vec<f32>> {
        picture_count(self.critic.image, pictures)?;
        let mut verdicts = Vec::new();
        let limits = self.options.limits();
        for pictures in pictures.chunks(AT_ONCE * self.critic.image.len()) {
            let first = verdicts.len();
            verdicts.resize(first + pictures.len() / self.critic.image.len(), 0.0);
            for view in 0..VIEWS {
                self.look(pictures, limits, JUDGED + (view << 32) + first as u64);
                for (sum, verdict) in verdicts[first..].iter_mut().zip(&self.opinion.verdicts) {
                    *sum += verdict / VIEWS as f32;
                }
            }
        }
        Ok(verdicts)
    }

    /// Judges views of pictures; the first has the index `first`.
    fn look(&mut self, pictures: &[f32], limits: Limits, first: u64) {
        let image = self.critic.image;
        let mut views = vec![0.0; pictures.len()];
        let pairs = pictures
            .chunks_exact(image.len())
            .zip(views.chunks_exact_mut(image.len()));
        for (at, (picture, view)) in pairs.enumerate() {
            View::draw(image, limits, self.seed, first + at as u64).show(image, picture, view);
        }
        let mut opinion = std::mem::take(&mut self.opinion);
        let judge = self.as_judge();
        judge.see(&views, &mut opinion);
        judge.judge(views.len() / image.len(), &mut opinion);
        self.opinion = opinion;
    }

    fn as_judge(&self) -> Judge<'_> {
        Judge {
            critic: &self.critic,
            kernels: self.kernels,
            parameters: &self.normalized,
            panels: &self.panels,
        }
    }

    fn update(&mut self, gradient: &mut [f32]) {
        self.spectra.gradient(&self.critic, &self.normalized, gradient);
        self.step += 1;
        self.learner.step(
            self.kernels,
            gradient,
            Stride {
                range: 0..self.critic.parameters,
                rate: self.options.critic_rate,
                betas: self.options.betas,
                step: self.step,
            },
        );
        self.spectra.update(&self.critic, &self.learner.weights);
        self.pack();
    }

    fn pack(&mut self) {
        self.spectra
            .normalized(&self.critic, &self.learner.weights, &mut self.normalized);
        self.critic.pack(self.kernels, &self.normalized, &mut self.panels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latent::normal_draws;

    const IMAGE: ImageShape = ImageShape {
        channels: 1,
        height: 16,
        width: 16,
    };

    /// Pictures of noise; if `coarse`, neighboring pixels are equal in pairs.
    fn noise(seed: u64, coarse: bool) -> Vec<f32> {
        let draws = normal_draws(seed, 0, 24 * IMAGE.len());
        let place = |at: usize| if coarse { at - at % 2 } else { at };
        (0..draws.len())
            .map(|at| (0.5 + 0.15 * draws[place(at)]).clamp(0.0, 1.0))
            .collect()
    }

    #[test]
    fn the_referee_learns_a_difference_in_detail_that_holds_for_held_out_pictures() {
        let mut referee = Referee::new(IMAGE, 3, Arithmetic::Fastest).unwrap();
        let first = referee.learn(&noise(1, false), &noise(2, true)).unwrap();
        for step in 1..120 {
            referee
                .learn(&noise(2 * step + 1, false), &noise(2 * step + 2, true))
                .unwrap();
        }
        let last = referee.learn(&noise(1, false), &noise(2, true)).unwrap();
        assert!(last < 0.5 * first, "{first} to {last}");
        let right = |verdicts: Vec<f32>, real: bool| verdicts.iter().filter(|&&v| (v > 0.0) == real).count();
        let real = right(referee.verdicts(&noise(1001, false)).unwrap(), true);
        let drawn = right(referee.verdicts(&noise(1002, true)).unwrap(), false);
        assert!(real + drawn >= 46, "{real} and {drawn} of 24");
    }

    #[test]
    fn pictures_of_another_size_and_nan_are_refused() {
        let mut referee = Referee::new(IMAGE, 3, Arithmetic::Fastest).unwrap();
        assert!(referee.verdicts(&[0.5; 255]).is_err());
        assert!(referee.verdicts(&[f32::NAN; 256]).is_err());
        assert!(referee.learn(&[0.5; 256], &[]).is_err());
        assert_eq!(referee.verdicts(&[0.5; 512]).unwrap().len(), 2);
    }
}
