//! Arguments of `lesson`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const CHECK_HELP: &str = "\
A lesson is one file of Markdown with figures and questions; docs/lessons.md describes it. Each problem is a line on stdout, \
FILE:LINE: what is wrong. The page of lessons finds the same problems, but for files that are missing beside the lesson. The exit \
code is 1 if there is any.";

/// Check lessons, which are Markdown with figures and questions
#[derive(Args, Debug)]
pub(crate) struct LessonArgs {
    #[command(subcommand)]
    pub(crate) command: LessonCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LessonCommand {
    Check(CheckArgs),
}

/// Report what is wrong with lessons, and where
#[derive(Args, Debug)]
#[command(after_long_help = CHECK_HELP)]
pub(crate) struct CheckArgs {
    /// Lesson files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}
