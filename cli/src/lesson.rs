//! `lesson check`: what is wrong with a lesson, and where.
//!
//! The page reads lessons by the same rules (`www/page/lesson`); tests/fixtures/lessons.json holds both to them. Neither side reads HTML.
//!
//! `read` splits a lesson into its parts · `fields` lines of names and values · `front_matter` those at the start · `markdown` text,
//! links and pictures · `figure`, `question`, `measures` the fenced blocks · `rules` which addresses are allowed · `problems` what is
//! reported.

mod fields;
mod figure;
mod front_matter;
mod markdown;
mod measures;
mod problems;
mod question;
mod read;
mod rules;
#[cfg(test)]
mod tests;

use std::{
    fmt::Write,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};

use self::{
    problems::Problem,
    read::{Lesson, MOST_BYTES},
};
use crate::{
    args::{LessonArgs, LessonCommand},
    say,
};

/// Runs the subcommand.
///
/// # Errors
/// When a file cannot be read. Problems of a lesson are not errors: they are printed, and the exit code says that there are some.
pub(crate) fn command(args: &LessonArgs) -> Result<ExitCode> {
    let LessonCommand::Check(check) = &args.command;
    let mut text = String::new();
    let mut is_clean = true;
    for file in &check.files {
        let mut lesson = read::read(&bytes_of(file)?);
        let missing = missing_files(file, &lesson);
        lesson.problems.extend(missing);
        lesson.problems.sort();
        is_clean &= lesson.problems.is_empty();
        text += &report(file, &lesson);
    }
    say::result(text)?;
    Ok(if is_clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The first bytes of a file: one more than the limit, so that a larger file is recognized.
fn bytes_of(file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = MOST_BYTES as u64 + 1;
    File::open(file)
        .and_then(|opened| opened.take(most).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {}", file.display()))?;
    Ok(bytes)
}

fn report(file: &Path, lesson: &Lesson) -> String {
    let name = file.display();
    let mut text = String::new();
    for Problem { line, text: what } in &lesson.problems {
        writeln!(text, "{name}:{line}: {what}").expect("a String takes all");
    }
    if lesson.problems.is_empty() {
        let [figures, questions] = [lesson.count("figure"), lesson.count("question")];
        let title = &lesson.title;
        writeln!(
            text,
            "{name}: no problems in \"{title}\" (figures: {figures}, questions: {questions})"
        )
        .expect("a String takes all");
    }
    text
}

/// Files that a lesson names by their place beside it and that are not there. The page finds out when it loads them.
fn missing_files(lesson_file: &Path, lesson: &Lesson) -> Vec<Problem> {
    let folder = lesson_file.parent().unwrap_or(Path::new(""));
    let is_missing = |path: &PathBuf| !folder.join(path).exists();
    let named = lesson.files.iter().filter_map(|(line, address)| {
        // What is encoded, or counted from the site's root, is known to the server alone.
        let is_beside = !address.starts_with('/') && !address.contains('%');
        let path = PathBuf::from(address.split(['?', '#']).next()?);
        (is_beside && is_missing(&path)).then_some((*line, address))
    });
    named
        .map(|(line, address)| {
            Problem::new(
                line,
                format!("there is no file {} beside the lesson", problems::short(address)),
            )
        })
        .collect()
}
