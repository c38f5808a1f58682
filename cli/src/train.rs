//! `train`: from options to a model file. The loop over steps is in `steps`.

mod start;
mod steps;

use std::{path::Path, process::ExitCode};

use anyhow::Result;
use latent_lab::{Card, Evaluation, Images, Kind, LatentUse, ModelFile};

use crate::{
    args::TrainArgs,
    card, convert,
    data::{Source, Split},
    files, interrupt,
    lock::RunLock,
    objective::Objective,
    progress::LossSums,
    resume, say,
};
use start::Start;
use steps::Run;

/// The result of a call of [`train`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The model is written; this is its card for people.
    Done(String),
    /// Interrupted by Ctrl-C or SIGTERM: there is a checkpoint to continue from.
    Interrupted,
}

/// `train` as typed. An interrupted run ends with the signal's exit code.
pub(crate) fn command(args: &TrainArgs) -> Result<ExitCode> {
    match train(args, &card::typed_command(std::env::args_os()))? {
        Outcome::Done(card) => say::result(card).map(|()| ExitCode::SUCCESS),
        Outcome::Interrupted => Ok(ExitCode::from(interrupt::exit_code())),
    }
}

/// Trains, and writes the model. `typed` is the command, for the card and for the message on how to resume.
pub(crate) fn train(args: &TrainArgs, typed: &[String]) -> Result<Outcome> {
    let _lock = RunLock::take(&args.out)?;
    start::check_place(args)?;
    let start = Start::new(args)?;
    let source = Source::find(&args.data)?;
    let training = source.load(Split::Train, start.config.image, args.limit)?;
    let test = source.load(Split::Test, start.config.image, args.limit)?;
    let mut notes = [training.notes, test.notes].concat();
    notes.sort();
    notes.dedup();
    for note in &notes {
        say!("note: {note}");
    }
    let mut run = Run::start(args, typed, &start, training.images)?;
    interrupt::listen()?;
    if !run.finish_steps(args, &test.images, &test.rule)? {
        resume::say_how_to_go_on(run.step, run.progress.total, typed);
        return Ok(Outcome::Interrupted);
    }
    notes.splice(0..0, [args.notes.clone()].into_iter().chain(start.note()));
    let model = ModelFile {
        card: run_card(args, &run, &start, &source, &notes),
        weights: run.result()?,
        prior: None,
        config: start.config,
    };
    let card = finish(args, model, &run.progress.last_epoch, &test.images)?;
    resume::say_what_was_kept(&run.checkpoint, "--epochs");
    Ok(Outcome::Done(card))
}

/// The card without its losses.
fn run_card(args: &TrainArgs, run: &Run, start: &Start, source: &Source, notes: &[String]) -> Card {
    let objective = objective(args, start.config.kind);
    Card {
        name: args.name.clone().unwrap_or_else(|| stem(&args.out)),
        data: source.name(),
        test_images: source.test_images(),
        license: start.license(
            args.license
                .as_deref()
                .or(source.license())
                .unwrap_or("not stated"),
        ),
        command: run.progress.command.clone(),
        seed: args.seed,
        epochs: args.epochs,
        beta: objective.map(|objective| objective.beta),
        free_bits: objective
            .map(|objective| objective.free_bits)
            .filter(|&free_bits| free_bits > 0.0),
        notes: card::joined_notes(notes),
        ..Card::default()
    }
}

/// The training objective; `None` for a plain autoencoder, which has no KL.
fn objective(args: &TrainArgs, kind: Kind) -> Option<Objective> {
    (kind == Kind::Variational).then_some(Objective {
        beta: args.beta,
        free_bits: args.free_bits,
    })
}

/// Measures the stored form of the model, fills the card and writes the file. Returns the text to print.
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
    let (bytes, measured) = convert::measured_bytes(&mut model, args.precision, test, args.engine)?;
    files::write_whole(&args.out, &bytes)?;
    say!("wrote {} ({} bytes)", args.out.display(), bytes.len());
    warn_of_collapse(&measured, model.config.latent);
    Ok(card::text(&model.card, &model.config))
}

/// Warns when fewer than half of the latent dimensions are used.
fn warn_of_collapse(measured: &Evaluation, latent: usize) {
    let active = measured.latents.as_ref().and_then(LatentUse::active_units);
    if let Some(active) = active.filter(|active| 2 * active < latent) {
        say!(
            "warning: {active} of {latent} latent dimensions are active (the variance of their means over the test images is \
             above 0.01); the others say nothing about the picture. A smaller --beta, a longer --kl-warmup, --free-bits or \
             longer training may help"
        );
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
