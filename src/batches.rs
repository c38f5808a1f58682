//! `Batches`: the images and the noise of each step of a training run.
//!
//! Called by [`Trainer`](crate::Trainer), and by the page, whose engine may answer later. Computes no network.

use crate::{
    augment::{Augment, augment},
    config::{ImageShape, ModelConfig},
    data::{Images, shuffled},
    engine::{Batch, Losses, StepOptions},
    error::{Error, ErrorKind, Result},
    latent::normal_draws,
    text::list,
};

/// Options that are fixed for a whole run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainerOptions {
    /// Decides the order of the pictures and the noise.
    pub seed: u64,
    /// Pictures of a step, at least 1. An epoch's last step takes what is left.
    pub batch: usize,
    /// How each picture is changed each time it is seen, drawn by (seed, step, place in the batch).
    pub augment: Option<Augment>,
}

/// Seeded batches, one for each step.
///
/// Step s takes the next pictures of epoch s / [`Batches::steps_per_epoch`], shuffled by (seed, epoch), and noise drawn
/// by (seed, s). So a run is a function of its seed, its options and its start: to continue from a checkpoint, the
/// number of steps taken is enough.
#[derive(Debug)]
pub struct Batches {
    image: ImageShape,
    latent: usize,
    options: TrainerOptions,
    images: Option<Images>,
    step: u64,
    /// The epoch and the order of its images.
    order: (u64, Vec<u32>),
    /// Of the current step.
    pixels: Vec<f32>,
    noise: Vec<f32>,
    /// The options that the current step began with, while it is being computed part by part.
    begun: Option<StepOptions>,
}

impl Batches {
    /// Batches for a network of `config`, from step 0.
    ///
    /// # Errors
    /// `Argument` when the batch is empty or the augmentation out of range.
    pub fn new(config: &ModelConfig, options: TrainerOptions) -> Result<Self> {
        check_batch(options.batch)?;
        options.augment.as_ref().map_or(Ok(()), Augment::validate)?;
        Ok(Self {
            image: config.image,
            latent: config.latent,
            options,
            images: None,
            step: 0,
            order: (u64::MAX, Vec::new()),
            pixels: Vec::new(),
            noise: Vec::new(),
            begun: None,
        })
    }

    /// Sets the pictures to train on from the next step; the count of steps continues.
    ///
    /// # Errors
    /// `Argument` when there are none, or their shape is not the model's.
    pub fn set_images(&mut self, images: Images) -> Result<()> {
        if images.shape() != self.image || images.is_empty() {
            let sides = |image: ImageShape| list(&[image.channels, image.height, image.width]);
            let message = format!(
                "expected at least one picture of shape {}, got {} of {}",
                sides(self.image),
                images.len(),
                sides(images.shape())
            );
            return Err(Error::new(ErrorKind::Argument, message));
        }
        self.images = Some(images);
        self.order.0 = u64::MAX;
        Ok(())
    }

    /// Pictures per step, from the next step on; see [`TrainerOptions::batch`].
    ///
    /// # Errors
    /// `Argument` when it is 0.
    pub fn set_batch(&mut self, batch: usize) -> Result<()> {
        check_batch(batch)?;
        self.options.batch = batch;
        Ok(())
    }

    /// How pictures are changed from the next step on; see [`TrainerOptions::augment`].
    ///
    /// # Errors
    /// As [`Augment::validate`].
    pub fn set_augment(&mut self, augment: Option<Augment>) -> Result<()> {
        augment.as_ref().map_or(Ok(()), Augment::validate)?;
        self.options.augment = augment;
        Ok(())
    }

    /// The batch of the next step. A step that was partly computed is dropped.
    ///
    /// # Errors
    /// `Argument` without pictures.
    pub fn begin(&mut self) -> Result<Batch<'_>> {
        self.begun = None;
        self.gather()?;
        Ok(Batch {
            pixels: &self.pixels,
            noise: &self.noise,
        })
    }

    /// For the next part of a step: the batch, and the options of its first part. Begins a step with `options` if none
    /// has begun. [`Batches::after_part`] must follow.
    ///
    /// # Errors
    /// As [`Batches::begin`].
    pub fn begin_part(&mut self, options: StepOptions) -> Result<(Batch<'_>, StepOptions)> {
        let options = match self.begun.take() {
            Some(begun) => begun,
            None => {
                self.gather()?;
                options
            }
        };
        self.begun = Some(options);
        let batch = Batch {
            pixels: &self.pixels,
            noise: &self.noise,
        };
        Ok((batch, options))
    }

    /// The options of the step that is being computed part by part, if there is one.
    pub fn begun(&self) -> Option<StepOptions> {
        self.begun
    }

    /// Records the result of [`Engine::train_part`](crate::Engine::train_part): after losses the step counts as taken,
    /// after an error the next part starts it over.
    pub fn after_part(&mut self, result: &Result<Option<Losses>>) {
        match result {
            Ok(None) => {}
            Ok(Some(_)) => self.advance(),
            Err(_) => self.begun = None,
        }
    }

    /// The step has been taken.
    pub fn advance(&mut self) {
        self.begun = None;
        self.step += 1;
    }

    /// Continues after `steps` steps.
    pub fn seek(&mut self, steps: u64) {
        self.begun = None;
        self.step = steps;
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// Steps per epoch, which sees every picture once; 1 while there are no pictures.
    pub fn steps_per_epoch(&self) -> usize {
        let pictures = self.images.as_ref().map_or(0, Images::len);
        pictures.div_ceil(self.options.batch).max(1)
    }

    /// Epoch of the next step, from 0.
    pub fn epoch(&self) -> u64 {
        self.position().0
    }

    /// Epoch of the next step, and its first picture.
    fn position(&self) -> (u64, usize) {
        let steps = self.steps_per_epoch() as u64;
        (
            self.step / steps,
            (self.step % steps) as usize * self.options.batch,
        )
    }

    /// Fills in pixels and noise of the next step.
    fn gather(&mut self) -> Result<()> {
        let Some(images) = &self.images else {
            return Err(Error::new(
                ErrorKind::Argument,
                "there are no pictures to train on yet",
            ));
        };
        let (epoch, first) = self.position();
        if self.order.0 != epoch {
            self.order = (epoch, shuffled(images.len(), self.options.seed, epoch));
        }
        let indices = &self.order.1[first..images.len().min(first + self.options.batch)];
        images.gather(indices, &mut self.pixels);
        if let Some(options) = &self.options.augment {
            let image = images.shape();
            for (n, picture) in self.pixels.chunks_exact_mut(image.len()).enumerate() {
                // A batch never comes near 2^24 pictures, so no two pictures of a run share an index.
                let index = (self.step << 24) | n as u64;
                picture.copy_from_slice(&augment(image, picture, options, self.options.seed, index));
            }
        }
        self.noise = normal_draws(self.options.seed, self.step, indices.len() * self.latent);
        Ok(())
    }
}

fn check_batch(batch: usize) -> Result<()> {
    match batch {
        0 => Err(Error::new(
            ErrorKind::Argument,
            "a batch has at least 1 picture, got 0",
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: StepOptions = StepOptions {
        beta: 1.0,
        free_bits: 0.0,
        learning_rate: 0.1,
    };

    /// Ten distinct images, three per step.
    fn batches(augment: Option<Augment>) -> Batches {
        let config = ModelConfig::preset("map").unwrap();
        let options = TrainerOptions {
            seed: 3,
            batch: 3,
            augment,
        };
        let mut batches = Batches::new(&config, options).unwrap();
        let pixels = (0..10).flat_map(|n| vec![n * 20; config.image.len()]).collect();
        let images = Images::new(config.image, pixels, Vec::new()).unwrap();
        batches.set_images(images).unwrap();
        batches
    }

    /// Pixels and noise of the next step.
    fn next(batches: &mut Batches) -> (Vec<f32>, Vec<f32>) {
        let batch = batches.begin().unwrap();
        (batch.pixels.to_vec(), batch.noise.to_vec())
    }

    fn part(batches: &mut Batches, beta: f32) -> (Vec<f32>, f32) {
        let (batch, options) = batches.begin_part(StepOptions { beta, ..OPTIONS }).unwrap();
        (batch.pixels.to_vec(), options.beta)
    }

    #[test]
    fn an_epoch_has_every_image_once_and_its_last_step_takes_the_rest() {
        let mut batches = batches(None);
        assert_eq!(batches.steps_per_epoch(), 4);
        let mut seen = Vec::new();
        for step in 0..4 {
            assert_eq!((batches.steps(), batches.epoch()), (step, 0));
            let (pixels, noise) = next(&mut batches);
            assert_eq!(noise.len() / 2, if step < 3 { 3 } else { 1 });
            seen.extend(
                pixels
                    .chunks(784)
                    .map(|image| (image[0] * 255.0 / 20.0).round() as u8),
            );
            batches.advance();
        }
        assert_eq!(batches.epoch(), 1);
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..10));
    }

    #[test]
    fn a_step_is_a_function_of_its_number() {
        let augment = Augment {
            shift: 0.2,
            ..Augment::default()
        };
        let mut batches = batches(Some(augment));
        let steps: Vec<_> = (0..6)
            .map(|_| {
                let step = next(&mut batches);
                batches.advance();
                step
            })
            .collect();
        batches.seek(4);
        assert_eq!(next(&mut batches), steps[4]);
        batches.seek(1);
        assert_eq!(next(&mut batches), steps[1]);
    }

    #[test]
    fn all_parts_of_a_step_have_the_batch_and_options_of_its_first_part() {
        let mut batches = batches(None);
        let first = part(&mut batches, 1.0);
        batches.after_part(&Ok(None));
        batches.set_batch(2).unwrap();
        assert_eq!(part(&mut batches, 9.0), first);
        batches.after_part(&Ok(Some(Losses::default())));
        assert_eq!(batches.steps(), 1);

        let second = part(&mut batches, 4.0);
        assert_eq!((second.0.len(), second.1), (2 * 784, 4.0));
        let failed = Error::new(ErrorKind::NotFinite, "the loss");
        batches.after_part(&Err(failed));
        assert_eq!(
            part(&mut batches, 5.0),
            (second.0.clone(), 5.0),
            "the step is started again"
        );
        batches.after_part(&Ok(None));
        batches.begin().unwrap();
        assert_eq!(
            part(&mut batches, 6.0).1,
            6.0,
            "a whole step discards the unfinished one"
        );
        assert_eq!(batches.steps(), 1);
    }

    #[test]
    fn an_empty_batch_is_an_error() {
        let config = ModelConfig::preset("map").unwrap();
        let options = TrainerOptions {
            seed: 3,
            batch: 0,
            augment: None,
        };
        assert_eq!(
            Batches::new(&config, options).unwrap_err().kind(),
            ErrorKind::Argument
        );
        let options = TrainerOptions { batch: 1, ..options };
        let mut batches = Batches::new(&config, options).unwrap();
        assert_eq!(batches.begin().unwrap_err().kind(), ErrorKind::Argument);
        assert!(batches.set_batch(0).is_err());
    }
}
