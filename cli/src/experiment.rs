//! `experiment`: the runs behind the article's numbers. Each is a list of `train` commands, and a measurement of their models.
//!
//! Modules: `spec` says which networks are trained on which data · `networks` puts networks beside each other, `pca` beside
//! principal components · `random_latents`, `priors` and `interpolation` measure the space between the pictures, by a classifier
//! and by `frechet` · `detail` measures how sharp pictures are, `price` what they cost in nats · `sheet` draws the pictures.
//!
//! Models and checkpoints stay in the folder of runs, so that a stopped experiment continues where it stopped; numbers and pictures
//! go to the results.

mod detail;
mod frechet;
mod interpolation;
mod networks;
mod pca;
mod price;
mod priors;
mod random_latents;
mod sharp;
mod sheet;
mod spec;
mod subject;

use std::{fs, path::PathBuf, process::ExitCode, time::Instant};

use anyhow::{Context, Result};
use clap::Parser;
use latent_lab::{Images, ModelFile};
use serde_json::{Value, json};

use crate::{
    args::{Cli, Command, ExperimentArgs, ExperimentName, TrainArgs},
    card,
    data::{Source, Split, md5},
    files, resume,
    run::Settings,
    say,
    train::{self, Outcome},
};
use sheet::Sheet;
use spec::{Row, Spec};

/// Trains missing models, measures, and writes `NAME.json` and a sheet of pictures for each part.
pub(crate) fn experiment(args: &ExperimentArgs) -> Result<ExitCode> {
    let name = args.name.as_str();
    let runs = Runs::new(args)?;
    // For each part its name, which is empty if it is the only one, with its numbers and its pictures.
    let mut parts: Vec<(String, Value, Sheet)> = Vec::new();
    for spec in spec::specs(args) {
        let measured = match args.name {
            ExperimentName::RandomLatents => random_latents::measure(&spec, &runs)?,
            ExperimentName::Interpolation => interpolation::measure(&spec, &runs)?,
            ExperimentName::CatDetail => detail::measure(&spec, &runs)?,
            ExperimentName::SharpCats => sharp::measure(&spec, &runs)?,
            ExperimentName::Price => price::measure(&spec, &runs)?,
            ExperimentName::Priors => priors::measure(&spec, &runs)?,
            _ => networks::compare(&spec, &runs)?,
        };
        let Some((value, sheet)) = measured else {
            return Ok(ExitCode::from(crate::interrupt::exit_code()));
        };
        parts.push((spec.part, value, sheet));
    }
    let mut result = json!({
        "experiment": name,
        "command": card::join(&spec::command(args)),
        "quick": args.quick,
    });
    fs::create_dir_all(&args.out)?;
    for (part, value, sheet) in parts {
        let file = if part.is_empty() {
            name.into()
        } else {
            format!("{name}-{part}")
        };
        if !sheet.is_empty() {
            files::write_whole(&args.out.join(format!("{file}.png")), &sheet.png()?)?;
        }
        match value {
            Value::Object(fields) if part.is_empty() => {
                result.as_object_mut().expect("it was made as one").extend(fields)
            }
            value => result[part] = value,
        }
    }
    let text = serde_json::to_string_pretty(&result)? + "\n";
    files::write_whole(&args.out.join(format!("{name}.json")), text.as_bytes())?;
    say::result(text)?;
    Ok(ExitCode::SUCCESS)
}

/// The folder of an experiment's models, and the way to make them.
struct Runs<'a> {
    args: &'a ExperimentArgs,
    folder: PathBuf,
}

impl<'a> Runs<'a> {
    fn new(args: &'a ExperimentArgs) -> Result<Self> {
        let folder = args
            .runs
            .join(if args.quick { "quick" } else { "full" })
            .join(args.name.as_str());
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { args, folder })
    }

    /// The model of a row: a shipped one, one from its file, or one trained now; `None` after Ctrl-C.
    fn trained(&self, spec: &Spec, row: &Row) -> Result<Option<ModelFile>> {
        say!("{}: {}", self.args.name.as_str(), row.label);
        if let Some(name) = row.shipped {
            let file = self.args.models.join(format!("{name}.safetensors"));
            return files::read_model(&file).map(Some);
        }
        let line = spec.train_command(row, &self.folder);
        let mut command = self.command(spec, row)?;
        let config = command.config.clone().context("a row names its config")?;
        files::write_whole(&config, row.config.to_json().as_bytes())?;
        let settings = self.settings(spec, row, &command)?;
        if command.out.exists() {
            let model = files::read_model(&command.out)?;
            if self.is_of(&model, spec, row, &settings, &line) {
                return Ok(Some(model));
            }
            say!(
                "{} was made with other settings: training it again",
                command.out.display()
            );
        }
        let checkpoint = resume::checkpoint(&command.out);
        command.checkpoint.resume = checkpoint.exists() && !self.args.restart;
        command.checkpoint.restart = self.args.restart;
        command.force = true;
        let before = self.seconds(spec, row);
        let began = Instant::now();
        let outcome = train::train(&command, &line)?;
        let spent = began.elapsed().as_secs_f64() + if command.checkpoint.resume { before } else { 0.0 };
        files::write_whole(&self.time_file(spec, row), format!("{spent:.1}\n").as_bytes())?;
        match outcome {
            Outcome::Done(_) => {
                let settings = serde_json::to_vec(&settings)?;
                files::write_whole(&self.settings_file(spec, row), &settings)?;
                // An experiment never continues with more epochs.
                fs::remove_file(&checkpoint)?;
                files::read_model(&command.out).map(Some)
            }
            Outcome::Interrupted => Ok(None),
        }
    }

    /// Everything that the model of a row depends on; file names are not part of it.
    fn settings(&self, spec: &Spec, row: &Row, command: &TrainArgs) -> Result<Settings> {
        let images = md5(self.load(spec, row, Split::Train)?.pixels());
        Ok(Settings::new(command, &row.config, images, String::new()))
    }

    /// True when a model was made with these settings. Older runs did not store them: then the command must be the same.
    fn is_of(&self, model: &ModelFile, spec: &Spec, row: &Row, settings: &Settings, line: &[String]) -> bool {
        let written = fs::read(self.settings_file(spec, row)).ok();
        match written.and_then(|text| serde_json::from_slice::<Settings>(&text).ok()) {
            Some(written) => written == *settings,
            None => model.card.command == card::portable_command(line),
        }
    }

    fn settings_file(&self, spec: &Spec, row: &Row) -> PathBuf {
        self.folder.join(format!("{}.settings.json", spec.name(row)))
    }

    /// A part of the data of a row's network.
    fn load(&self, spec: &Spec, row: &Row, split: Split) -> Result<Images> {
        let command = self.command(spec, row)?;
        let source = Source::find(&command.data)?;
        Ok(source.load(split, row.config.image, command.limit)?.images)
    }

    /// The `train` command of a row, as typed in a shell.
    fn command(&self, spec: &Spec, row: &Row) -> Result<TrainArgs> {
        let line = spec.train_command(row, &self.folder);
        match Cli::try_parse_from(&line)?.command {
            Command::Train(command) => Ok(*command),
            _ => unreachable!("the line begins with train"),
        }
    }

    /// The training time of a row, all parts together; 0 if it was not recorded.
    fn seconds(&self, spec: &Spec, row: &Row) -> f64 {
        let text = fs::read_to_string(self.time_file(spec, row)).unwrap_or_default();
        text.trim().parse().unwrap_or(0.0)
    }

    fn time_file(&self, spec: &Spec, row: &Row) -> PathBuf {
        self.folder.join(format!("{}.seconds", spec.name(row)))
    }
}
