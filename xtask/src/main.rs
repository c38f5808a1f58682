//! Set-up, build, serve, test and bench: the README's commands, on a bare machine as well as on a full one.
//!
//! Modules: `args` the command line · `process` running other programs, with a line of progress for each long step ·
//! `toolchain` the compiler for wasm32 · `debian` packages · `node` npm's tools, `python` an interpreter · `wasm` from
//! crates to `pkg/`, `stamp` skips it when unchanged, `profile` for development or shipping · `vendor` third-party files
//! of the page · `serve` the pages on 127.0.0.1 · `dist` releases: hosted and published files · `demo`, `test`, `bench`,
//! `doctor` the commands.

mod args;
mod bench;
mod debian;
mod demo;
mod dist;
mod doctor;
mod http;
mod node;
mod process;
mod profile;
mod python;
mod serve;
mod stamp;
mod tally;
mod test;
mod toolchain;
mod vendor;
mod wasm;
mod workspace;

use std::{
    env,
    process::{Command, ExitCode},
};

use anyhow::Result;
use clap::Parser;

use crate::{
    args::{Action, Arguments},
    profile::Profile,
    test::Rerun,
    wasm::{MODULES, Module, WEBGPU},
};

fn main() -> ExitCode {
    match dispatch(Arguments::parse().action) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(action: Action) -> Result<()> {
    match action {
        Action::Demo(options) => demo::demo(&options),
        Action::Build { release, webgpu } => {
            let profile = if release { Profile::Release } else { Profile::Demo };
            let modules: &[Module] = if webgpu { &WEBGPU } else { &MODULES };
            wasm::build(modules, profile, wasm::Warnings::Allow)
        }
        Action::Dist { webgpu, single_file } => dist::dist(dist::Options { webgpu, single_file }),
        Action::Test { name: Some(name), .. } => test::matching(&name),
        Action::Test {
            name: None,
            only,
            all,
        } => {
            let ci = env::var_os("CI");
            test::test(&only, Rerun::chosen(all, ci.as_deref()))
        }
        Action::Bench => bench::bench(),
        Action::Fmt => test::lint::format(),
        Action::Doctor => doctor::doctor(),
    }
}

/// A command in the workspace's folder, with empty input: no program may ask a question.
fn command(program: &str) -> Command {
    process::quiet_input(Command::new(program))
}
