//! The start of a run: the network, its first weights, and a check of the place for the result.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use latent_lab::{ModelConfig, ModelFile, Weights};

use crate::{
    args::TrainArgs,
    files::{self, Kind, check_output},
    resume, run,
};

/// Network and first weights.
pub(super) struct Start {
    pub(super) config: ModelConfig,
    /// The model of `--start-from`.
    from: Option<ModelFile>,
}

impl Start {
    /// # Errors
    /// When the network is not valid, or a file cannot be read.
    pub(super) fn new(args: &TrainArgs) -> Result<Self> {
        if let Some(path) = &args.start_from {
            let model = files::read_model(path)?;
            return Ok(Self {
                config: model.config.clone(),
                from: Some(model),
            });
        }
        let mut config = network(args)?;
        if let Some(latent) = args.latent {
            config.latent = latent as usize;
            config.validate()?;
        }
        Ok(Self { config, from: None })
    }

    /// The first weights.
    pub(super) fn weights(&self, seed: u64) -> Weights {
        match &self.from {
            Some(model) => model.weights.clone(),
            None => Weights::init(&self.config, seed),
        }
    }

    /// MD5 of the weights of `--start-from`; empty without it.
    pub(super) fn fingerprint(&self) -> String {
        self.from
            .as_ref()
            .map_or(String::new(), |model| files::fingerprint(&model.weights))
    }

    /// For the card: where the weights come from.
    pub(super) fn note(&self) -> Option<String> {
        let card = &self.from.as_ref()?.card;
        let or = |text: &str, other: &str| {
            if text.is_empty() {
                other.to_owned()
            } else {
                text.to_owned()
            }
        };
        Some(format!(
            "started from the weights of {}, trained on {}",
            or(&card.name, "a model without a name"),
            or(&card.data, "data that it does not name")
        ))
    }

    /// The license of the data, with that of the data that the first weights were trained on.
    pub(super) fn license(&self, of_data: &str) -> String {
        match &self.from {
            Some(model) if !model.card.license.is_empty() && model.card.license != of_data => {
                format!("{of_data}; of what it started from: {}", model.card.license)
            }
            _ => of_data.into(),
        }
    }
}

fn network(args: &TrainArgs) -> Result<ModelConfig> {
    match (&args.preset, &args.config) {
        (Some(preset), _) => Ok(ModelConfig::preset(preset)?),
        (_, Some(path)) => {
            let place = || path.display().to_string();
            let text = files::read_limited(path, 1 << 20).with_context(place)?;
            ModelConfig::from_json(&String::from_utf8_lossy(&text)).with_context(place)
        }
        _ => bail!("--preset, --config or --start-from is needed"),
    }
}

/// Checks that the run may write its model and its checkpoint.
///
/// # Errors
/// When it would replace a finished model without `--force`, or an unfinished run without `--restart`.
pub(super) fn check_place(args: &TrainArgs) -> Result<()> {
    let checkpoint = resume::checkpoint(&args.out);
    ensure!(
        args.log
            .as_ref()
            .is_none_or(|log| *log != args.out && *log != checkpoint),
        "--log and --out name one file"
    );
    if args.checkpoint.resume {
        return check_output(&args.out, Kind::Model, &[], true);
    }
    if checkpoint.exists() {
        // A checkpoint that cannot be read counts as unfinished.
        let finished = run::load(&checkpoint)
            .ok()
            .filter(run::Loaded::is_finished)
            .map(|loaded| loaded.progress.settings.epochs);
        match finished {
            Some(epochs) => ensure!(
                args.force || !args.out.exists(),
                "{} already exists, from a finished run (--epochs {epochs}): --resume with more --epochs continues it, \
                 --force starts over",
                args.out.display()
            ),
            None => ensure!(
                args.checkpoint.restart,
                "{} is of an unfinished run: --resume continues it, --restart starts over",
                checkpoint.display()
            ),
        }
    }
    let inputs: Vec<&Path> = [&args.config, &args.start_from]
        .into_iter()
        .flatten()
        .map(std::path::PathBuf::as_path)
        .collect();
    check_output(&args.out, Kind::Model, &inputs, args.force)
}
