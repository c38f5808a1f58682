//! `train`: the loop around the core's `Trainer`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use latent_lab::{
    Card, ErrorKind, Images, Kind, ModelConfig, ModelFile, StepOptions, Trainer, TrainerOptions, Weights,
};

use crate::{
    args::{Interval, TrainArgs},
    average, card, convert,
    data::{Source, Split, md5},
    engines, files, interrupt,
    measure::Measure,
    progress::{LossSums, TrainProgress},
    run::{self, Progress, Settings},
    say, schedule,
};

/// How a call of [`train`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The model is written.
    Done,
    /// By Ctrl-C: there is a checkpoint to go on from.
    Interrupted,
}

/// `train` as it was typed. An interrupted run ends with the exit code of one.
pub(crate) fn command(args: &TrainArgs) -> Result<ExitCode> {
    Ok(match train(args, &card::typed_command(std::env::args_os()))? {
        Outcome::Done => ExitCode::SUCCESS,
        Outcome::Interrupted => ExitCode::from(interrupt::EXIT_CODE),
    })
}

/// Trains, and writes the model. `typed` is the command that does it, for the card and for going on.
pub(crate) fn train(args: &TrainArgs, typed: &[String]) -> Result<Outcome> {
    files::check_output(&args.out, args.config.as_deref())?;
    let config = network(args)?;
    let source = Source::find(&args.data)?;
    let training = source.load(Split::Train, config.image, args.limit)?;
    let test = source.load(Split::Test, config.image, args.limit)?;
    for note in training.notes.iter().chain(&test.notes) {
        say!("note: {note}");
    }
    let mut run = Run::start(args, typed, &config, training.images)?;
    interrupt::listen()?;
    if !run.finish_steps(args, &test.images)? {
        let mut again = typed.to_vec();
        again.retain(|argument| argument != "--restart" && argument != "--resume");
        again.push("--resume".into());
        say!(
            "stopped after step {} of {}; to go on:\n  {}",
            run.step,
            run.total,
            card::join(&again)
        );
        return Ok(Outcome::Interrupted);
    }

    let notes = [vec![args.notes.clone()], training.notes, test.notes].concat();
    let unknown = || "not stated".into();
    let model = ModelFile {
        card: Card {
            name: args.name.clone().unwrap_or_else(|| stem(&args.out)),
            data: source.name(),
            license: args
                .license
                .clone()
                .or(source.license().map(str::to_owned))
                .unwrap_or_else(unknown),
            command: run.progress.command.clone(),
            seed: args.seed,
            epochs: args.epochs,
            losses: BTreeMap::new(),
            notes: notes
                .into_iter()
                .filter(|note| !note.is_empty())
                .collect::<Vec<_>>()
                .join("; "),
        },
        weights: run.result()?,
        config,
    };
    let card = finish(args, model, &run.progress.last_epoch, &test.images)?;
    // The model is safe; a checkpoint left behind would only stop the next run.
    std::fs::remove_file(&run.checkpoint)
        .with_context(|| format!("cannot remove {}", run.checkpoint.display()))?;
    say::result(card)?;
    Ok(Outcome::Done)
}

fn network(args: &TrainArgs) -> Result<ModelConfig> {
    match (&args.preset, &args.config) {
        (Some(preset), _) => Ok(ModelConfig::preset(preset)?),
        (_, Some(path)) => {
            let place = || path.display().to_string();
            let text = files::read_limited(path, 1 << 20).with_context(place)?;
            ModelConfig::from_json(&String::from_utf8_lossy(&text)).with_context(place)
        }
        _ => bail!("--preset or --config is needed"),
    }
}

/// Measures the model as it is stored, fills the card and writes the file. Returns what is printed.
fn finish(args: &TrainArgs, mut model: ModelFile, last: &LossSums, test: &Images) -> Result<String> {
    let [reconstruction, kl, total] = last.means();
    let mut losses = vec![("train_reconstruction", reconstruction)];
    if model.config.kind == Kind::Variational {
        losses.extend([("train_kl", kl), ("train_total", total)]);
    }
    model.card.losses = losses
        .into_iter()
        .map(|(name, value)| (name.into(), card::rounded(value)))
        .collect();
    let bytes = convert::measured_bytes(&mut model, args.precision, test, args.engine)?;
    files::write_whole(&args.out, &bytes)?;
    say!("wrote {} ({} bytes)", args.out.display(), bytes.len());
    Ok(card::text(&model.card, &model.config))
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// A run under way.
struct Run {
    config: ModelConfig,
    trainer: Trainer,
    average: Option<Weights>,
    progress: Progress,
    checkpoint: PathBuf,
    /// Training images.
    images: usize,
    /// Steps done.
    step: u64,
    /// Steps of the whole run.
    total: u64,
}

impl Run {
    /// A new run, or the one that the checkpoint holds. In either case there is a checkpoint then: a place that cannot be
    /// written to is found out now and not after hours.
    fn start(args: &TrainArgs, typed: &[String], config: &ModelConfig, images: Images) -> Result<Self> {
        let settings = Settings::new(args, config, md5(images.pixels()));
        let checkpoint = files::with_suffix(&args.out, ".checkpoint");
        ensure!(
            args.resume || args.restart || !checkpoint.exists(),
            "{} is of an unfinished run: --resume goes on, --restart starts again",
            checkpoint.display()
        );
        let weights = Weights::init(config, args.seed);
        let engine = engines::open(args.engine, config, &weights)?;
        let options = TrainerOptions {
            seed: args.seed,
            batch: args.batch as usize,
            augment: args.augment,
        };
        let mut trainer = Trainer::new(engine, options)?;
        let count = images.len();
        trainer.set_images(images)?;
        let mut step = 0;
        let mut average = (args.average > 0.0).then_some(weights);
        let progress = if args.resume {
            let (state, stored_average, progress) = run::load(&checkpoint, &settings)?;
            step = state.step;
            average = stored_average;
            trainer.restore(&state)?;
            progress
        } else {
            let command = card::portable_command(typed);
            Progress {
                settings,
                command,
                sums: LossSums::default(),
                last_epoch: LossSums::default(),
            }
        };
        let total = trainer.steps_per_epoch() as u64 * u64::from(args.epochs);
        ensure!(
            step <= total,
            "{} cannot be resumed: it is after step {step} of a run of {total}",
            checkpoint.display()
        );
        let mut run = Self {
            config: config.clone(),
            trainer,
            average,
            progress,
            checkpoint,
            images: count,
            step,
            total,
        };
        run.save()?;
        Ok(run)
    }

    /// Trains until the last step (true) or until Ctrl-C (false).
    fn finish_steps(&mut self, args: &TrainArgs, test: &Images) -> Result<bool> {
        let per_epoch = self.trainer.steps_per_epoch() as u64;
        let shown = TrainProgress::new(args.epochs, per_epoch, self.step);
        self.greet(&shown, test);
        let kl_warmup = (f64::from(args.kl_warmup) * per_epoch as f64).round() as u64;
        let warmup = schedule::warmup(args.warmup_steps.into(), self.total);
        let mut saved = Instant::now();
        let mut epoch_began = (Instant::now(), self.step);
        while self.step < self.total && !interrupt::asked() {
            let rate = args
                .schedule
                .learning_rate(args.learning_rate, warmup, self.step, self.total);
            self.take_step(schedule::beta(args.beta, kl_warmup, self.step), rate)?;
            shown.step(self.step, &self.progress.sums);
            let whole_epochs = self
                .step
                .is_multiple_of(per_epoch)
                .then(|| (self.step / per_epoch) as u32);
            if let Some(epochs) = whole_epochs {
                let images = (self.step - epoch_began.1) as f64 / per_epoch as f64 * self.images as f64;
                let speed = images / epoch_began.0.elapsed().as_secs_f64();
                self.progress.last_epoch = std::mem::take(&mut self.progress.sums);
                let due = args.eval_every > 0 && epochs % args.eval_every == 0 && epochs < args.epochs;
                let tested = if due { Some(self.test(args, test)?) } else { None };
                shown.epoch(self.step, &self.progress.last_epoch, speed, tested);
                epoch_began = (Instant::now(), self.step);
            }
            let due = match args.checkpoint_every {
                Interval::Epochs(every) => whole_epochs.is_some_and(|epochs| epochs % every == 0),
                Interval::Minutes(minutes) => saved.elapsed().as_secs_f64() >= 60.0 * minutes,
            };
            if due {
                self.save()?;
                saved = Instant::now();
            }
        }
        shown.finish();
        self.save()?;
        Ok(self.step == self.total)
    }

    fn greet(&self, shown: &TrainProgress, test: &Images) {
        shown.line(&format!(
            "{}, {} parameters; {} training and {} test images; {} steps, {} done",
            card::network(&self.config),
            self.config.parameters(),
            self.images,
            test.len(),
            self.total,
            self.step
        ));
    }

    fn take_step(&mut self, beta: f32, learning_rate: f32) -> Result<()> {
        let losses = match self.trainer.step(StepOptions { beta, learning_rate }) {
            Err(error) if error.kind() == ErrorKind::NotFinite => bail!(
                "training broke down at step {} of {}: {error}. The last checkpoint is {}; a smaller --learning-rate or \
                 a longer --warmup-steps may help (with --restart)",
                self.step + 1,
                self.total,
                self.checkpoint.display()
            ),
            losses => losses?,
        };
        self.progress.sums.add(losses);
        self.step += 1;
        if let (Some(average), Some(steps)) = (&mut self.average, average::is_due(self.step, self.total)) {
            let weights = self.trainer.engine_mut().weights()?;
            average::update(
                average,
                &weights,
                self.progress.settings.average,
                self.step,
                steps,
            );
        }
        Ok(())
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

    /// What is shipped: the average, or the last weights where there is none.
    fn result(&mut self) -> Result<Weights> {
        match &self.average {
            Some(average) => Ok(average.clone()),
            None => Ok(self.trainer.engine_mut().weights()?),
        }
    }

    fn test(&mut self, args: &TrainArgs, test: &Images) -> Result<String> {
        let weights = self.result()?;
        let config = &self.config;
        let measure = Measure {
            engine: args.engine,
            config,
            weights: &weights,
            images: test,
            seed: args.seed,
        };
        let measured = measure.gray()?;
        Ok(match measured.elbo {
            Some(elbo) => format!("test -ELBO {:.3}", elbo.negative_elbo()),
            None => format!(
                "test reconstruction {:.3} MSE {:.5}",
                measured.reconstruction_of_mean, measured.mse
            ),
        })
    }
}
