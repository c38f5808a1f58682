//! `Trainer`: an engine, a seed and pictures. It takes steps; loops, schedules and files are the caller's.

use crate::{
    augment::{Augment, augment},
    config::ImageShape,
    data::{Images, shuffled},
    engine::{Batch, Engine, Losses, StepOptions, TrainingState},
    error::{Error, ErrorKind, Result},
    json::list,
    latent::normal_draws,
};

/// What is fixed for a whole run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainerOptions {
    /// Decides the order of the pictures and the noise.
    pub seed: u64,
    /// Pictures of a step, at least 1. An epoch's last step takes what is left.
    pub batch: usize,
    /// How each picture is changed each time that it is seen, drawn by (seed, step, place in the batch).
    pub augment: Option<Augment>,
}

/// Takes training steps on seeded batches.
///
/// Step s takes the next pictures of epoch s / [`Trainer::steps_per_epoch`], shuffled by (seed, epoch), and noise drawn by
/// (seed, s). So a run is a function of its seed, its options and where it starts: to go on from a checkpoint, the number of
/// steps taken is all there is to know.
pub struct Trainer<E: Engine> {
    engine: E,
    options: TrainerOptions,
    images: Option<Images>,
    step: u64,
    /// Order of the epoch that it is for.
    order: (u64, Vec<u32>),
    /// Of the last step, or of the one that is under way.
    pixels: Vec<f32>,
    noise: Vec<f32>,
    /// What that one began with.
    under_way: Option<StepOptions>,
}

impl<E: Engine> Trainer<E> {
    /// A trainer that has taken no step.
    ///
    /// # Errors
    /// `Argument` when the batch is empty or the augmentation out of range.
    pub fn new(engine: E, options: TrainerOptions) -> Result<Self> {
        check_batch(options.batch)?;
        options.augment.as_ref().map_or(Ok(()), Augment::validate)?;
        Ok(Self {
            engine,
            options,
            images: None,
            step: 0,
            order: (u64::MAX, Vec::new()),
            pixels: Vec::new(),
            noise: Vec::new(),
            under_way: None,
        })
    }

    /// The pictures to train on from the next step; the count of steps goes on.
    ///
    /// # Errors
    /// `Argument` when there is none, or their shape is not the model's.
    pub fn set_images(&mut self, images: Images) -> Result<()> {
        let expected = self.engine.config().image;
        if images.shape() != expected || images.is_empty() {
            let sides = |image: ImageShape| list(&[image.channels, image.height, image.width]);
            let message = format!(
                "expected at least one picture of shape {}, got {} of {}",
                sides(expected),
                images.len(),
                sides(images.shape())
            );
            return Err(Error::new(ErrorKind::Argument, message));
        }
        self.images = Some(images);
        self.order.0 = u64::MAX;
        Ok(())
    }

    /// Pictures of the steps to come; see [`TrainerOptions::batch`].
    ///
    /// # Errors
    /// `Argument` when it is 0.
    pub fn set_batch(&mut self, batch: usize) -> Result<()> {
        check_batch(batch)?;
        self.options.batch = batch;
        Ok(())
    }

    /// How the pictures of the steps to come are changed; see [`TrainerOptions::augment`].
    ///
    /// # Errors
    /// As [`Augment::validate`].
    pub fn set_augment(&mut self, augment: Option<Augment>) -> Result<()> {
        augment.as_ref().map_or(Ok(()), Augment::validate)?;
        self.options.augment = augment;
        Ok(())
    }

    /// One step on the next batch; its losses are those before the step.
    ///
    /// # Errors
    /// `Argument` without pictures; the engine's own. After an error the step was not taken.
    pub async fn step(&mut self, options: StepOptions) -> Result<Losses> {
        self.under_way = None;
        self.gather()?;
        let batch = Batch {
            pixels: &self.pixels,
            noise: &self.noise,
        };
        let losses = self.engine.train_step(batch, options).await?;
        self.step += 1;
        Ok(losses)
    }

    /// A part of a step, and its losses once it was the last one: to be called until then, for a caller who must not be away
    /// for a whole step. The step is the one that [`Trainer::step`] would take, with the options that its first part had.
    ///
    /// # Errors
    /// As [`Trainer::step`]; the next call begins the step anew.
    pub async fn step_part(&mut self, options: StepOptions) -> Result<Option<Losses>> {
        let options = match self.under_way.take() {
            Some(begun) => begun,
            None => {
                self.gather()?;
                options
            }
        };
        let batch = Batch {
            pixels: &self.pixels,
            noise: &self.noise,
        };
        let losses = self.engine.train_part(batch, options).await?;
        match losses {
            Some(_) => self.step += 1,
            None => self.under_way = Some(options),
        }
        Ok(losses)
    }

    /// Pixels and noise of the next step.
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
        self.noise = normal_draws(
            self.options.seed,
            self.step,
            indices.len() * self.engine.config().latent,
        );
        Ok(())
    }

    /// Epoch of the next step, and its first picture.
    fn position(&self) -> (u64, usize) {
        let steps = self.steps_per_epoch() as u64;
        (
            self.step / steps,
            (self.step % steps) as usize * self.options.batch,
        )
    }

    /// Steps that see every picture once; 1 while there are none.
    pub fn steps_per_epoch(&self) -> usize {
        let pictures = self.images.as_ref().map_or(0, Images::len);
        pictures.div_ceil(self.options.batch).max(1)
    }

    /// Epoch of the next step, from 0.
    pub fn epoch(&self) -> u64 {
        self.position().0
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// The engine, to encode, decode or read its weights between steps.
    pub fn engine_mut(&mut self) -> &mut E {
        &mut self.engine
    }

    /// Everything that training changed.
    ///
    /// # Errors
    /// The engine's own.
    pub async fn state(&mut self) -> Result<TrainingState> {
        self.engine.state().await
    }

    /// Goes on from `state`: the following steps are those of a run that never stopped.
    ///
    /// # Errors
    /// The engine's own, when the state belongs to another config.
    pub async fn restore(&mut self, state: &TrainingState) -> Result<()> {
        self.under_way = None;
        self.engine.set_state(state).await?;
        self.step = state.step;
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
