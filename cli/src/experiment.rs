//! `experiment`: the runs behind the article's numbers. Each is a list of `train` commands, and a measurement of what they made.
//!
//! Models and checkpoints stay in the folder of runs, so that a stopped experiment goes on where it was; numbers and pictures go
//! to the results.

mod pca;
mod plan;
mod sheet;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, Result};
use clap::Parser;
use latent_lab::{CpuEngine, Engine, Images, ModelFile, ssim};
use pollster::block_on;
use serde_json::{Value, json};

use crate::{
    args::{Cli, Command, ExperimentArgs, TrainArgs},
    card,
    data::{Source, Split},
    engines::EngineName,
    files,
    measure::Measure,
    train::{self, Outcome},
};
use plan::{Plan, Row};

/// Pictures that a sheet shows of each row.
const SHOWN: usize = 8;

/// Trains what is not trained yet, measures, and writes `NAME.json` and `NAME.png`.
pub(crate) fn experiment(args: &ExperimentArgs) -> Result<ExitCode> {
    let plan = Plan::new(args);
    let folder = args
        .runs
        .join(if args.quick { "quick" } else { "full" })
        .join(args.name.as_str());
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut rows = Vec::new();
    let mut sheet = None;
    for row in &plan.rows {
        eprintln!("{}: {}", args.name.as_str(), row.label);
        let Some((model, command)) = trained(&plan, row, &folder, args)? else {
            return Ok(ExitCode::from(crate::interrupt::EXIT_CODE));
        };
        let source = Source::find(&command.data)?;
        let test = source
            .load(Split::Test, model.config.image, command.limit)?
            .images;
        let pictures = reconstructions(&model, &test)?;
        sheet::Sheet::add(&mut sheet, &test, &pictures, SHOWN)?;
        rows.push(measured(row, &model, &test, &pictures, &folder)?);
    }
    let mut result = json!({
        "experiment": args.name.as_str(),
        "command": card::join(&plan.command),
        "quick": args.quick,
        "rows": rows,
    });
    if !plan.components.is_empty() {
        eprintln!("{}: principal components", args.name.as_str());
        let row = &plan.rows[0];
        let command = command(&plan, row, &folder)?;
        let source = Source::find(&command.data)?;
        let part = |split| source.load(split, row.config.image, command.limit);
        let (training, test) = (part(Split::Train)?.images, part(Split::Test)?.images);
        result["principal_components"] = pca::errors(&training, &test, &plan.components)
            .into_iter()
            .map(|(components, mse)| json!({"components": components, "mse": card::rounded(mse)}))
            .collect();
    }
    fs::create_dir_all(&args.out)?;
    let file = |ending: &str| args.out.join(format!("{}.{ending}", args.name.as_str()));
    let text = serde_json::to_string_pretty(&result)? + "\n";
    files::write_whole(&file("json"), text.as_bytes())?;
    if let Some(sheet) = sheet {
        files::write_whole(&file("png"), &sheet.png()?)?;
    }
    print!("{text}");
    Ok(ExitCode::SUCCESS)
}

/// The `train` command of a row, as a person would type it.
fn command(plan: &Plan, row: &Row, folder: &Path) -> Result<TrainArgs> {
    let line = plan.train_command(row, folder);
    match Cli::try_parse_from(&line)?.command {
        Command::Train(command) => Ok(command),
        _ => unreachable!("the line begins with train"),
    }
}

/// The model of a row: from its file, or trained now; `None` after Ctrl-C.
fn trained(
    plan: &Plan,
    row: &Row,
    folder: &Path,
    args: &ExperimentArgs,
) -> Result<Option<(ModelFile, TrainArgs)>> {
    let line = plan.train_command(row, folder);
    let mut command = command(plan, row, folder)?;
    let config = command.config.clone().context("a row names its config")?;
    files::write_whole(&config, row.config.to_json().as_bytes())?;
    if command.out.exists() {
        let model = files::read_model(&command.out)?;
        if model.card.command == card::portable_command(&line) {
            return Ok(Some((model, command)));
        }
        eprintln!("{} was made by another command: again", command.out.display());
    }
    command.resume = files::with_suffix(&command.out, ".checkpoint").exists() && !args.restart;
    command.restart = args.restart;
    let before = seconds(folder, row);
    let began = Instant::now();
    let outcome = train::train(&command, &line)?;
    let spent = began.elapsed().as_secs_f64() + if command.resume { before } else { 0.0 };
    files::write_whole(&time_file(folder, row), format!("{spent:.1}\n").as_bytes())?;
    match outcome {
        Outcome::Done => Ok(Some((files::read_model(&command.out)?, command))),
        Outcome::Interrupted => Ok(None),
    }
}

fn time_file(folder: &Path, row: &Row) -> PathBuf {
    folder.join(format!("{}.seconds", row.label))
}

/// How long a row has been trained, all its parts together; 0 where nobody wrote it down.
fn seconds(folder: &Path, row: &Row) -> f64 {
    let text = fs::read_to_string(time_file(folder, row)).unwrap_or_default();
    text.trim().parse().unwrap_or(0.0)
}

/// What the decoder makes of each picture's mean or code.
fn reconstructions(model: &ModelFile, images: &Images) -> Result<Vec<f32>> {
    const AT_ONCE: usize = 100;
    let mut engine = CpuEngine::new(&model.config, &model.weights)?;
    let mut pictures = Vec::new();
    for bytes in images.pixels().chunks(AT_ONCE * images.shape().len()) {
        let codes = block_on(engine.encode(&latent_lab::pixels_from_bytes(bytes)))?;
        pictures.extend(block_on(engine.decode(&codes.mean))?);
    }
    Ok(pictures)
}

fn measured(row: &Row, model: &ModelFile, test: &Images, pictures: &[f32], folder: &Path) -> Result<Value> {
    let measure = Measure {
        engine: EngineName::Cpu,
        config: &model.config,
        weights: &model.weights,
        images: test,
        seed: model.card.seed,
    };
    let gray = measure.gray()?;
    let originals = latent_lab::pixels_from_bytes(test.pixels());
    let similarity = ssim(test.shape(), &originals, pictures)?;
    let mut value = json!({
        "label": row.label,
        "network": card::network(&model.config),
        "latent": model.config.latent,
        "parameters": model.weights.tensors().iter().map(|tensor| tensor.values.len()).sum::<usize>(),
        "seed": model.card.seed,
        "epochs": model.card.epochs,
        "seconds": seconds(folder, row).round(),
        "test_images": test.len(),
        "mse": card::rounded(gray.mse),
        "psnr": card::rounded(gray.psnr),
        "ssim": card::rounded(similarity),
        "train_reconstruction": model.card.losses.get("train_reconstruction"),
    });
    if let Some(elbo) = gray.elbo {
        value["negative_elbo"] = card::rounded(elbo.negative_elbo()).into();
    }
    Ok(value)
}
