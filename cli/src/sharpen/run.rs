//! A run that can be stopped and resumed: its settings and its checkpoint.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use latent_lab::{Images, ModelConfig, ModelFile, SharpenCheckpoint, SharpenOptions, Sharpener};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::core_run;
use crate::{
    args::SharpenArgs,
    card,
    data::md5,
    files::{self, Kind, check_output},
    resume,
};

/// A run under way.
pub(super) struct Run {
    pub(super) config: ModelConfig,
    pub(super) sharpener: Sharpener,
    pub(super) checkpoint: PathBuf,
    /// For the card: as typed when the run began.
    pub(super) command: String,
    settings: Settings,
}

/// Everything that a run's result depends on, except the number of steps.
#[derive(Debug, Serialize, Deserialize)]
struct Settings {
    config: Value,
    /// MD5 of the training images' pixels.
    images: String,
    /// MD5 of the weights that it started with.
    model: String,
    batch: u32,
    seed: u64,
    /// Empty when the images are taken as they are.
    augment: String,
    /// Checksum of the state that the critic is from; empty for a new critic.
    #[serde(default)]
    critic: String,
    engine: String,
    /// Weights, step sizes and so on, each by its name.
    #[serde(flatten)]
    options: Value,
}

/// The caller's part of a checkpoint.
#[derive(Debug, Serialize, Deserialize)]
struct Progress {
    settings: Settings,
    command: String,
}

impl Settings {
    fn new(args: &SharpenArgs, model: &ModelFile, images: &Images, critic: Option<&[f32]>) -> Self {
        Self {
            config: resume::as_json(&model.config.to_json()),
            images: md5(images.pixels()),
            model: files::fingerprint(&model.weights),
            batch: args.batch,
            seed: args.seed,
            augment: resume::augment_name(args.augment.as_ref()),
            critic: critic.map_or_else(String::new, |state| {
                md5(&state
                    .iter()
                    .flat_map(|value| value.to_le_bytes())
                    .collect::<Vec<u8>>())
            }),
            engine: resume::engine_name(args.engine),
            options: as_json(&args.weights.options()),
        }
    }

    /// Adds the options that an earlier version did not have, and which then had no effect.
    fn complete(&mut self) {
        if let (Value::Object(options), Value::Object(defaults)) =
            (&mut self.options, as_json(&SharpenOptions::default()))
        {
            for (name, value) in defaults {
                options.entry(name).or_insert(value);
            }
        }
    }
}

impl Settings {
    /// Takes the options of another run, all but those that belong to the critic.
    fn retune(&mut self, other: &Self) {
        let own = CRITICS_OWN.map(|name| self.options[name].take());
        self.options = other.options.clone();
        for (name, value) in CRITICS_OWN.into_iter().zip(own) {
            self.options[name] = value;
        }
    }
}

/// The run whose critic is wanted.
fn run_of_critic(path: &Path) -> Result<SharpenCheckpoint> {
    let bytes = files::read_model_bytes(path)?;
    SharpenCheckpoint::from_bytes(&bytes).with_context(|| format!("{} has no critic", path.display()))
}

/// Options that fix the size of a critic and the range of its verdicts, so that both runs must have the same.
const CRITICS_OWN: [&str; 2] = ["critic_filters", "critic_gain"];

/// Lets a new run begin with the critic of another.
fn take_critic(sharpener: &mut Sharpener, settings: &Settings, other: &SharpenCheckpoint) -> Result<()> {
    let mut progress: Progress = serde_json::from_str(&other.progress)?;
    progress.settings.complete();
    for name in CRITICS_OWN {
        let [theirs, own] = [&progress.settings, settings].map(|settings| &settings.options[name]);
        ensure!(theirs == own, "its {name} is {theirs}, this run's {own}");
    }
    Ok(sharpener.take_critic(&other.config, &other.state)?)
}

fn as_json(options: &SharpenOptions) -> Value {
    resume::as_json(&serde_json::to_string(options).expect("numbers"))
}

/// Checks that the run may write its model and its checkpoint.
///
/// # Errors
/// When it would replace a model without `--force`, or the checkpoint of a run without `--restart`.
pub(super) fn check_place(args: &SharpenArgs) -> Result<()> {
    let checkpoint = resume::checkpoint(&args.out);
    if args.checkpoint.resume {
        return check_output(&args.out, Kind::Model, &[&args.model], true);
    }
    ensure!(
        args.checkpoint.restart || !checkpoint.exists(),
        "{} already exists: --resume continues its run, --restart starts over",
        checkpoint.display()
    );
    check_output(&args.out, Kind::Model, &[&args.model], args.force)
}

impl Run {
    /// A new run, or the one that the checkpoint holds. In either case there is a checkpoint then.
    pub(super) fn start(
        args: &SharpenArgs,
        typed: &[String],
        model: &ModelFile,
        images: Images,
    ) -> Result<Self> {
        let critic = args.critic.as_deref().map(run_of_critic).transpose()?;
        let of_critic = critic.as_ref().map(|other| &other.state[..]);
        let settings = Settings::new(args, model, &images, of_critic);
        let count = images.len();
        let mut sharpener = Sharpener::new(&model.config, &model.weights, images, core_run(args)?)?;
        if let (Some(path), Some(other)) = (&args.critic, &critic) {
            take_critic(&mut sharpener, &settings, other)
                .with_context(|| format!("{} has no critic for this run", path.display()))?;
        }
        let mut run = Self {
            config: model.config.clone(),
            sharpener,
            checkpoint: resume::checkpoint(&args.out),
            command: card::portable_command(typed),
            settings,
        };
        if args.checkpoint.resume {
            run.resume(args, typed)?;
        }
        say!(
            "{}; {count} training images; {} steps, {} done",
            card::network(&run.config),
            args.steps,
            run.sharpener.steps()
        );
        run.save()?;
        Ok(run)
    }

    fn resume(&mut self, args: &SharpenArgs, typed: &[String]) -> Result<()> {
        let path = &self.checkpoint;
        let place = || format!("{} cannot be resumed", path.display());
        resume::check_exists(path)?;
        let checkpoint =
            SharpenCheckpoint::from_bytes(&files::read_model_bytes(path)?).with_context(place)?;
        let mut progress: Progress = serde_json::from_str(&checkpoint.progress).with_context(place)?;
        progress.settings.complete();
        if args.retune {
            progress.settings.retune(&self.settings);
        }
        resume::check_settings(path, &progress.settings, &self.settings)?;
        ensure!(
            checkpoint.step <= args.steps,
            "{}: it is after step {} of a run of {}",
            place(),
            checkpoint.step,
            args.steps
        );
        let finished = checkpoint.step == args.steps && args.out.exists();
        ensure!(
            !finished,
            "{} is of a finished run (--steps {}): continue it with more --steps",
            args.out.display(),
            args.steps
        );
        self.sharpener
            .restore(&checkpoint.state, checkpoint.step)
            .with_context(place)?;
        self.command = match args.out.exists() || args.retune {
            // The run had finished, or changes, and continues.
            true => resume::continued(&progress.command, typed),
            false => progress.command,
        };
        Ok(())
    }

    /// Writes the checkpoint, whole or not at all.
    pub(super) fn save(&self) -> Result<()> {
        let progress = serde_json::json!({ "settings": self.settings, "command": self.command });
        let checkpoint = SharpenCheckpoint {
            config: self.config.clone(),
            step: self.sharpener.steps(),
            state: self.sharpener.state(),
            progress: progress.to_string(),
        };
        files::write_whole(&self.checkpoint, &checkpoint.to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_of_an_earlier_version_has_the_defaults_of_newer_options() {
        let written = r#"{"config": {}, "images": "", "model": "", "batch": 4, "seed": 1, "augment": "", "engine": "cpu", "pixels": 3.0}"#;
        let mut settings: Settings = serde_json::from_str(written).unwrap();
        settings.complete();
        let expected = SharpenOptions {
            pixels: 3.0,
            ..SharpenOptions::default()
        };
        assert_eq!(settings.options, as_json(&expected));
    }
}
