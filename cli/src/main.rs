//! `latent-lab`: train, evaluate and publish models, over the same core as the page. Files, arguments and progress live here; the
//! computations live in the core.

#[macro_use]
mod say;

mod args;
mod average;
mod card;
mod classifier;
mod convert;
mod data;
mod engines;
mod eval;
mod experiment;
mod files;
mod info;
mod interrupt;
mod latents;
mod lesson;
mod lock;
mod measure;
mod mixture;
mod objective;
mod prior;
mod progress;
mod realism;
mod resume;
mod run;
mod run_log;
mod schedule;
mod sharpen;
mod sharpness;
mod sheets;
mod shrink;
mod statistics;
mod suggest;
mod tested;
mod train;
mod whiten;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Train(args) => train::command(&args),
        Command::Eval(args) => eval::eval(&args).map(|()| ExitCode::SUCCESS),
        Command::Latents(args) => latents::latents(&args).map(|()| ExitCode::SUCCESS),
        Command::Info(args) => info::info(&args).map(|()| ExitCode::SUCCESS),
        Command::Convert(args) => convert::convert(&args).map(|()| ExitCode::SUCCESS),
        Command::Whiten(args) => {
            whiten::whiten(&args, &card::typed_command(std::env::args_os())).map(|()| ExitCode::SUCCESS)
        }
        Command::Shrink(args) => {
            shrink::shrink(&args, &card::typed_command(std::env::args_os())).map(|()| ExitCode::SUCCESS)
        }
        Command::Prior(args) => {
            prior::prior(&args, &card::typed_command(std::env::args_os())).map(|()| ExitCode::SUCCESS)
        }
        Command::Sharpen(args) => sharpen::command(&args),
        Command::Sample(args) => sheets::sample(&args).map(|()| ExitCode::SUCCESS),
        Command::Reconstruct(args) => sheets::reconstruct(&args).map(|()| ExitCode::SUCCESS),
        Command::Interpolate(args) => sheets::interpolate(&args).map(|()| ExitCode::SUCCESS),
        Command::Experiment(args) => experiment::experiment(&args),
        Command::Lesson(args) => lesson::command(&args),
    };
    result.unwrap_or_else(|error| {
        say!("error: {error:#}");
        ExitCode::FAILURE
    })
}
