//! A run under way: the loop around the core's `Trainer`.

use std::{path::PathBuf, time::Instant};

use anyhow::{Result, bail, ensure};
use latent_lab::{
    ErrorKind, Evaluation, Images, MOST_SHARDS, ModelConfig, StepOptions, Trainer, TrainerOptions, Weights,
};

use super::{objective, start::Start};
use crate::{
    args::{Interval, TrainArgs},
    average, card,
    data::md5,
    engines, interrupt,
    measure::Measure,
    objective::Objective,
    progress::{LossSums, TrainProgress},
    resume,
    run::{self, Progress, Settings},
    run_log::{self, Epoch, RunLog},
    schedule,
    tested::Tested,
};

/// A run with everything that its next step needs.
pub(super) struct Run {
    config: ModelConfig,
    objective: Option<Objective>,
    trainer: Trainer,
    average: Option<Weights>,
    pub(super) progress: Progress,
    pub(super) checkpoint: PathBuf,
    log: Option<RunLog>,
    /// Training images.
    images: usize,
    /// Steps done.
    pub(super) step: u64,
}

impl Run {
    /// A new run, or the one that the checkpoint holds. In either case there is a checkpoint then: an unwritable place is found now
    /// and not after hours.
    pub(super) fn start(args: &TrainArgs, typed: &[String], start: &Start, images: Images) -> Result<Self> {
        let config = &start.config;
        let settings = Settings::new(args, config, md5(images.pixels()), start.fingerprint());
        let checkpoint = resume::checkpoint(&args.out);
        let weights = start.weights(args.seed);
        let mut trainer = trainer(args, config, &weights)?;
        let count = images.len();
        trainer.set_images(images)?;
        let total = trainer.steps_per_epoch() as u64 * u64::from(args.epochs);
        let (mut step, mut average) = (0, (args.average > 0.0).then_some(weights));
        let progress = if args.checkpoint.resume {
            let loaded = run::resume(&checkpoint, &settings)?;
            step = loaded.state.step;
            ensure!(
                step <= total,
                "{} cannot be resumed: it is after step {step} of a run of {total}",
                checkpoint.display()
            );
            trainer.restore(&loaded.state)?;
            let progress = continued(args, typed, &loaded, total)?;
            average = loaded.average;
            progress
        } else {
            Progress {
                settings,
                command: card::portable_command(typed),
                sums: LossSums::default(),
                last_epoch: LossSums::default(),
                total,
            }
        };
        let resumed = args.checkpoint.resume.then_some(step);
        let log = match &args.log {
            Some(path) => Some(RunLog::open(
                path,
                resumed,
                args.force || args.checkpoint.restart,
            )?),
            None => None,
        };
        let mut run = Self {
            config: config.clone(),
            objective: objective(args, config.kind),
            trainer,
            average,
            progress,
            checkpoint,
            log,
            images: count,
            step,
        };
        run.save()?;
        Ok(run)
    }

    /// Trains until the last step (true) or until an interrupt (false). `rule` says how the test images were chosen.
    pub(super) fn finish_steps(&mut self, args: &TrainArgs, test: &Images, rule: &str) -> Result<bool> {
        let per_epoch = self.trainer.steps_per_epoch() as u64;
        let shown = TrainProgress::new(args.epochs, per_epoch, self.step);
        self.greet(&shown, test, rule);
        let began = Instant::now();
        let (mut saved, mut epoch_began) = (began, (began, self.step));
        while self.step < self.progress.total && !interrupt::asked() {
            let options = self.options(args, per_epoch);
            self.take_step(options)?;
            shown.step(self.step, &self.progress.sums);
            let whole_epochs = self
                .step
                .is_multiple_of(per_epoch)
                .then(|| (self.step / per_epoch) as u32);
            if let Some(epochs) = whole_epochs {
                let images = (self.step - epoch_began.1) as f64 / per_epoch as f64 * self.images as f64;
                let speed = images / epoch_began.0.elapsed().as_secs_f64();
                let measured = self.end_epoch(args, epochs, test)?;
                self.show_epoch(&shown, speed, measured.as_ref());
                let seconds = began.elapsed().as_secs_f64();
                self.log_epoch(args, (epochs, seconds, speed), options, measured.as_ref());
                epoch_began = (Instant::now(), self.step);
            }
            if is_checkpoint_due(args.checkpoint_every, whole_epochs, saved) {
                self.save()?;
                saved = Instant::now();
            }
        }
        shown.finish();
        self.save()?;
        Ok(self.step == self.progress.total)
    }

    /// Settings of the next step.
    fn options(&self, args: &TrainArgs, per_epoch: u64) -> StepOptions {
        let (step, total) = (self.step, self.progress.total);
        let kl_warmup = (f64::from(args.kl_warmup) * per_epoch as f64).round() as u64;
        let warmup = schedule::warmup(args.warmup_steps.into(), total);
        StepOptions {
            beta: schedule::beta(args.beta, kl_warmup, step),
            free_bits: args.free_bits,
            learning_rate: args
                .schedule
                .learning_rate(args.learning_rate, warmup, step, total),
        }
    }

    fn show_epoch(&self, shown: &TrainProgress, speed: f64, measured: Option<&Evaluation>) {
        let tested = measured.map(|measured| Tested::new(measured, self.objective));
        let means = self.progress.last_epoch.means();
        shown.epoch(self.step, means, speed, tested.as_ref());
    }

    fn greet(&self, shown: &TrainProgress, test: &Images, rule: &str) {
        let rule = match rule {
            "" => String::new(),
            rule => format!(" ({rule})"),
        };
        shown.line(&format!(
            "{}, {} parameters; {} training and {} test images{rule}; {} steps, {} done",
            card::network(&self.config),
            self.config.parameters(),
            self.images,
            test.len(),
            self.progress.total,
            self.step
        ));
    }

    fn take_step(&mut self, options: StepOptions) -> Result<()> {
        let losses = match self.trainer.step(options) {
            Err(error) if error.kind() == ErrorKind::NotFinite => bail!(
                "training broke down at step {} of {}: {error}. The last checkpoint is {}; a smaller --learning-rate or \
                 a longer --warmup-steps may help (with --restart)",
                self.step + 1,
                self.progress.total,
                self.checkpoint.display()
            ),
            losses => losses?,
        };
        self.progress.sums.add(losses);
        self.step += 1;
        if let Some(average) = self.average.as_mut().filter(|_| average::is_due(self.step)) {
            let weights = self.trainer.engine_mut().weights()?;
            let decay = self.progress.settings.average;
            average::update(average, &weights, decay, self.step, average::UPDATE_EVERY);
        }
        Ok(())
    }

    /// Closes the sums of an epoch, and measures if that is due. The last epoch is measured with the written model, and here only
    /// for a log.
    fn end_epoch(&mut self, args: &TrainArgs, epochs: u32, test: &Images) -> Result<Option<Evaluation>> {
        self.progress.last_epoch = std::mem::take(&mut self.progress.sums);
        let last = epochs == args.epochs;
        let asked = args.eval_every > 0 && epochs.is_multiple_of(args.eval_every);
        let due = if last { self.log.is_some() } else { asked };
        due.then(|| self.test(args, test)).transpose()
    }

    fn log_epoch(
        &mut self,
        args: &TrainArgs,
        (epochs, seconds, speed): (u32, f64, f64),
        options: StepOptions,
        measured: Option<&Evaluation>,
    ) {
        let [reconstruction, kl, total] = self.progress.last_epoch.means();
        let Some(log) = &mut self.log else {
            return;
        };
        log.add(&Epoch {
            epoch: epochs.into(),
            epochs: args.epochs,
            step: self.step,
            reconstruction,
            kl,
            total,
            beta: options.beta,
            learning_rate: options.learning_rate,
            seconds: card::rounded(seconds),
            images_per_second: speed.round(),
            test: measured.map(|measured| run_log::test(measured, self.objective)),
        });
    }

    fn save(&mut self) -> Result<()> {
        let state = self.trainer.state()?;
        run::save(
            &self.checkpoint,
            &self.config,
            state,
            &self.average,
            &self.progress,
        )
    }

    /// The weights to ship: the average up to the last step, or the last weights if there is no average.
    pub(super) fn result(&mut self) -> Result<Weights> {
        let weights = self.trainer.engine_mut().weights()?;
        let Some(mut average) = self.average.clone() else {
            return Ok(weights);
        };
        // The stored average stays as it is: more epochs may follow.
        let since = self.step % average::UPDATE_EVERY;
        if since > 0 {
            let decay = self.progress.settings.average;
            average::update(&mut average, &weights, decay, self.step, since);
        }
        Ok(average)
    }

    fn test(&mut self, args: &TrainArgs, test: &Images) -> Result<Evaluation> {
        let weights = self.result()?;
        let measure = Measure {
            engine: args.engine,
            config: &self.config,
            weights: &weights,
            images: test,
            seed: args.seed,
        };
        measure.gray()
    }
}

/// True when a checkpoint is due after a step, which may have ended an epoch.
fn is_checkpoint_due(every: Interval, whole_epochs: Option<u32>, saved: Instant) -> bool {
    match every {
        Interval::Epochs(every) => whole_epochs.is_some_and(|epochs| epochs.is_multiple_of(every)),
        Interval::Minutes(minutes) => saved.elapsed().as_secs_f64() >= 60.0 * minutes,
    }
}

fn trainer(args: &TrainArgs, config: &ModelConfig, weights: &Weights) -> Result<Trainer> {
    let mut engine = engines::open(args.engine, config, weights)?;
    let threads = args
        .threads
        .map_or_else(|| args.engine.threads(), |threads| threads as usize);
    engine.set_threads(threads.min(MOST_SHARDS));
    let options = TrainerOptions {
        seed: args.seed,
        batch: args.batch as usize,
        augment: args.augment,
    };
    Ok(Trainer::new(engine, options)?)
}

/// The progress of a resumed run, which now has `total` steps.
fn continued(args: &TrainArgs, typed: &[String], loaded: &run::Loaded, total: u64) -> Result<Progress> {
    let mut progress = loaded.progress.clone();
    if loaded.is_finished() {
        if total > progress.total {
            progress.command = resume::continued(&progress.command, typed);
        } else {
            // Without a model, the run ended between its last step and the writing of the model.
            ensure!(
                !args.out.exists(),
                "{} is of a finished run (--epochs {}): continue it with more --epochs",
                args.out.display(),
                args.epochs
            );
        }
    }
    progress.total = total;
    Ok(progress)
}
