//! `sharpen`: adversarial training of a model, around the core's `Sharpener`.

mod report;
mod run;
mod sheet;

use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use latent_lab::{Arithmetic, ErrorKind, Images, ModelFile, SharpenRun};

use crate::{
    args::SharpenArgs,
    card,
    convert::{add_notes, check_data, measured_bytes},
    data::{Source, Split},
    engines::EngineName,
    files, interrupt,
    lock::RunLock,
    progress, resume,
};
use report::Report;
use run::Run;
use sheet::Sheet;

/// `sharpen` as typed. An interrupted run ends with the signal's exit code.
pub(crate) fn command(args: &SharpenArgs) -> Result<ExitCode> {
    let typed = card::typed_command(std::env::args_os());
    let _lock = RunLock::take(&args.out)?;
    run::check_place(args)?;
    let mut model = files::read_model(&args.model)?;
    let source = Source::find(&args.data)?;
    let mut notes = check_data(&model.card, &source, args.force)?;
    let training = source.load(Split::Train, model.config.image, args.limit)?;
    let test = source.load(Split::Test, model.config.image, args.limit)?;
    notes.extend([training.notes, test.notes].concat());
    add_notes(&mut model.card, notes);
    let mut run = Run::start(args, &typed, &model, training.images)?;
    interrupt::listen()?;
    if !finish_steps(&mut run, args, &test.images)? {
        resume::say_how_to_go_on(run.sharpener.steps(), args.steps, &typed);
        return Ok(ExitCode::from(interrupt::exit_code()));
    }
    finish(args, model, &run, &test.images)?;
    Ok(ExitCode::SUCCESS)
}

/// The core's run of these options.
fn core_run(args: &SharpenArgs) -> Result<SharpenRun> {
    let arithmetic = match args.engine {
        EngineName::Cpu => Arithmetic::Fastest,
        EngineName::Reproducible => Arithmetic::Reproducible,
        _ => bail!("sharpening is computed by --engine cpu or reproducible"),
    };
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    Ok(SharpenRun {
        seed: args.seed,
        batch: args.batch as usize,
        augment: args.augment,
        options: args.weights.options(),
        arithmetic,
        threads: args.threads.map_or_else(cores, |threads| threads as usize),
    })
}

/// Trains until the last step (true) or until an interrupt (false).
fn finish_steps(run: &mut Run, args: &SharpenArgs, test: &Images) -> Result<bool> {
    let bar = progress::work_bar("sharpening", args.steps);
    bar.set_position(run.sharpener.steps());
    let mut report = Report::new(run.sharpener.steps(), args.steps);
    let sheet = Sheet::new(args, test);
    while run.sharpener.steps() < args.steps && !interrupt::asked() {
        take_step(run, args, &mut report)?;
        let step = run.sharpener.steps();
        let last = step == args.steps;
        bar.set_position(step);
        if step.is_multiple_of(args.report_every) || last {
            bar.suspend(|| say!("{}", report.line(step)));
        }
        if args.sheet_every > 0 && (step.is_multiple_of(args.sheet_every) || last) {
            let said = sheet.write(&run.sharpener, &run.config)?;
            bar.suspend(|| say!("{said}"));
        }
        if step.is_multiple_of(args.checkpoint_every) {
            run.save()?;
        }
    }
    bar.finish_and_clear();
    run.save()?;
    Ok(run.sharpener.steps() == args.steps)
}

fn take_step(run: &mut Run, args: &SharpenArgs, report: &mut Report) -> Result<()> {
    let next = run.sharpener.steps() + 1;
    let losses = match run.sharpener.step() {
        Err(error) if error.kind() == ErrorKind::NotFinite => bail!(
            "training broke down at step {next} of {}: {error}. The last checkpoint is {}; smaller step sizes may help (with \
             --restart)",
            args.steps,
            run.checkpoint.display()
        ),
        losses => losses?,
    };
    report.add(losses);
    ensure!(
        !losses.critic_has_won(),
        "the critic has won by step {next} of {}: for hundreds of steps it has told what is drawn from the training images without any \
         doubt, so its verdicts no longer say what would be better. The last checkpoint is {}; a smaller --critic-rate, a larger \
         --decoder-rate or more training images may help (with --restart)",
        args.steps,
        run.checkpoint.display()
    );
    Ok(())
}

/// Measures the stored form of the model, completes its card and writes the file.
fn finish(args: &SharpenArgs, mut model: ModelFile, run: &Run, test: &Images) -> Result<()> {
    model.weights = run.sharpener.weights();
    // Losses of the earlier training.
    model.card.losses.retain(|name, _| !name.starts_with("train_"));
    let command = &run.command;
    model.card.command = match &model.card.command[..] {
        "" => command.clone(),
        before => format!("{before} && {command}"),
    };
    let note = format!("sharpened by a critic in {} steps", run.sharpener.steps());
    model.card.notes = card::joined_notes(&[std::mem::take(&mut model.card.notes), note]);
    let (bytes, _) =
        measured_bytes(&mut model, args.precision, test, args.engine).context("cannot measure the model")?;
    files::write_whole(&args.out, &bytes)?;
    say!("wrote {} ({} bytes)", args.out.display(), bytes.len());
    resume::say_what_was_kept(&run.checkpoint, "--steps");
    crate::say::result(card::text(&model.card, &model.config))
}
