//! A run of `train` that can be interrupted and resumed: its settings, its progress, and its checkpoint.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use latent_lab::{Checkpoint, ModelConfig, TrainingState, Weights};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    args::TrainArgs,
    files::{read_model_bytes, write_whole},
    progress::LossSums,
    resume,
    schedule::Schedule,
};

/// Everything that a run's result depends on. A run can only be resumed with the same settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// The network; as JSON, for people who read a checkpoint and for the comparison.
    pub(crate) config: Value,
    /// MD5 of the training images' pixels.
    pub(crate) images: String,
    pub(crate) epochs: u32,
    pub(crate) batch: u32,
    pub(crate) beta: f32,
    pub(crate) kl_warmup: f32,
    pub(crate) learning_rate: f32,
    pub(crate) schedule: Schedule,
    pub(crate) warmup_steps: u32,
    pub(crate) average: f32,
    pub(crate) seed: u64,
    /// Empty when the images are taken as they are.
    pub(crate) augment: String,
    pub(crate) engine: String,
    /// 0 where there are none, as in older checkpoints.
    #[serde(default)]
    pub(crate) free_bits: f32,
    /// MD5 of the weights of `--start-from`; empty when the run began with random ones.
    #[serde(default)]
    pub(crate) start_from: String,
}

impl Settings {
    /// `images` and `start_from` are MD5s.
    pub(crate) fn new(args: &TrainArgs, config: &ModelConfig, images: String, start_from: String) -> Self {
        Self {
            config: resume::as_json(&config.to_json()),
            images,
            epochs: args.epochs,
            batch: args.batch,
            beta: args.beta,
            kl_warmup: args.kl_warmup,
            learning_rate: args.learning_rate,
            schedule: args.schedule,
            warmup_steps: args.warmup_steps,
            average: args.average,
            seed: args.seed,
            augment: resume::augment_name(args.augment.as_ref()),
            engine: resume::engine_name(args.engine),
            free_bits: args.free_bits,
            start_from,
        }
    }
}

/// The progress of a run, in its checkpoint beside weights and optimizer state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Progress {
    pub(crate) settings: Settings,
    /// For the card: as typed when the run began.
    pub(crate) command: String,
    /// Losses of the current epoch.
    pub(crate) sums: LossSums,
    /// Losses of the last whole epoch.
    pub(crate) last_epoch: LossSums,
    /// Steps of the whole run; 0 in older checkpoints, which were removed at the end of a run.
    #[serde(default)]
    pub(crate) total: u64,
}

/// Writes a checkpoint, whole or not at all.
///
/// # Errors
/// When a value is not finite, so that a bad checkpoint never replaces a good one; when the file cannot be written.
pub(crate) fn save(
    path: &Path,
    config: &ModelConfig,
    state: TrainingState,
    average: &Option<Weights>,
    progress: &Progress,
) -> Result<()> {
    let parts = [
        Some(&state.weights),
        Some(&state.first_moment),
        Some(&state.second_moment),
        average.as_ref(),
    ];
    let finite = |weights: &Weights| {
        weights
            .tensors()
            .iter()
            .flat_map(|tensor| &tensor.values)
            .all(|value| value.is_finite())
    };
    ensure!(
        parts.into_iter().flatten().all(finite),
        "the weights are no longer finite after step {}; the last checkpoint is {}",
        state.step,
        path.display()
    );
    let checkpoint = Checkpoint {
        config: config.clone(),
        state,
        average: average.clone(),
        progress: serde_json::to_string(progress)?,
    };
    write_whole(path, &checkpoint.to_bytes())
}

/// A checkpoint from a file.
pub(crate) struct Loaded {
    pub(crate) state: TrainingState,
    pub(crate) average: Option<Weights>,
    pub(crate) progress: Progress,
}

impl Loaded {
    /// True when the run has finished: then it may continue with more epochs.
    pub(crate) fn is_finished(&self) -> bool {
        self.progress.total > 0 && self.state.step == self.progress.total
    }
}

/// Reads a checkpoint of this command.
///
/// # Errors
/// When it is damaged, or not such a checkpoint.
pub(crate) fn load(path: &Path) -> Result<Loaded> {
    let bytes = read_model_bytes(path)?;
    let damaged = || format!("{} cannot be resumed", path.display());
    let checkpoint = Checkpoint::from_bytes(&bytes).with_context(damaged)?;
    Ok(Loaded {
        progress: serde_json::from_str(&checkpoint.progress).with_context(damaged)?,
        state: checkpoint.state,
        average: checkpoint.average,
    })
}

/// Reads the checkpoint of a run with these settings; a finished run may have had fewer epochs.
///
/// # Errors
/// When the checkpoint is missing or damaged, or it belongs to a run with other settings.
pub(crate) fn resume(path: &Path, settings: &Settings) -> Result<Loaded> {
    resume::check_exists(path)?;
    let mut loaded = load(path)?;
    if loaded.is_finished() && settings.epochs > loaded.progress.settings.epochs {
        loaded.progress.settings.epochs = settings.epochs;
    }
    resume::check_settings(path, &loaded.progress.settings, settings)?;
    ensure!(
        loaded.average.is_some() == (settings.average > 0.0),
        "{} cannot be resumed: the average of the weights does not fit the settings",
        path.display()
    );
    Ok(loaded)
}
