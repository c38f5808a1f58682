//! Runs test files in parallel, and those that fail once more, alone.

use std::{
    num::NonZero,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
    thread,
    time::Instant,
};

use anyhow::{Context, Result, bail};

use super::stem;
use crate::{process::line, tally::Tally};

/// Most files that run at a time: each has a browser, and some a GPU in software.
const MOST_AT_A_TIME: usize = 5;

/// The slowest files, slowest first: they start first, so that no core waits for the last one.
const LONG: [&str; 14] = [
    "variants",
    "webgpu-training",
    "webgpu-failures",
    "browsers-figures",
    "browsers-instruments",
    "browsers-training",
    "paper",
    "failures",
    "shared-steps",
    "dist",
    "page",
    "everyone",
    "address",
    "train-files",
];

/// Files in the order in which they start.
pub(super) fn in_order(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    let rank = |file: &PathBuf| LONG.iter().position(|name| stem(file) == Some(name));
    files.sort_by_key(|file| rank(file).unwrap_or(LONG.len()));
    files
}

/// Runs each file's command, and calls `tried` after its first try with the value that `prepare` returned beside the command. A file that
/// fails gets a second try when all others have ended; only that one counts, and a file that passes then is reported.
///
/// # Errors
/// When a command cannot be made or started, or a file fails twice.
pub(super) fn run<T>(
    tally: &mut Tally,
    files: &[PathBuf],
    prepare: impl Fn(&Path) -> Result<(Command, T)> + Sync,
    tried: impl Fn(&Path, T, &Outcome) + Sync,
) -> Result<()> {
    let first = side_by_side(files, |file| {
        let (command, beside) = prepare(file)?;
        let outcome = attempt(file, command)?;
        tried(file, beside, &outcome);
        Ok(outcome)
    })?;
    let mut failed = Vec::new();
    for (file, outcome) in files.iter().zip(first) {
        if outcome.is_success {
            tally.add(outcome.tally);
            continue;
        }
        let name = file.file_name().unwrap_or_default().display();
        println!("==> Second try: {name}");
        let (command, _beside) = prepare(file)?;
        let outcome = attempt(file, command)?;
        tally.add(outcome.tally);
        if outcome.is_success {
            tally.flaky += 1;
            println!("passed only on the second try: {name}");
        } else {
            failed.push(name.to_string());
        }
    }
    if !failed.is_empty() {
        bail!("failed twice: {}", failed.join(", "));
    }
    Ok(())
}

/// The results of a file's tests.
pub(super) struct Outcome {
    tally: Tally,
    is_success: bool,
}

impl Outcome {
    /// Number of tests, if each of them passed.
    pub(super) fn all_passed(&self) -> Option<u32> {
        let Tally { passed, .. } = self.tally;
        let only_passed = Tally {
            passed,
            ..Tally::default()
        };
        (self.is_success && passed > 0 && self.tally == only_passed).then_some(passed)
    }
}

/// Runs one file's tests, and prints their output when they have ended, so that parallel files do not mix their lines.
fn attempt(file: &Path, mut command: Command) -> Result<Outcome> {
    let start = Instant::now();
    let output = command
        .output()
        .with_context(|| format!("cannot start `{}`", line(&command)))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "# File: {}\n{text}{errors}# {} after {seconds:.1} s",
        file.display(),
        output.status
    );
    Ok(Outcome {
        tally: Tally::of(&text),
        is_success: output.status.success(),
    })
}

/// Number of files that run at a time: one more than there are processors, since a quarter of a file's time is waiting.
fn at_a_time() -> usize {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    (processors + 1).min(MOST_AT_A_TIME)
}

/// Results of `work` on each file, in the order of the files; the work starts in that order, on a few files at a time.
fn side_by_side<T: Send>(files: &[PathBuf], work: impl Fn(&Path) -> Result<T> + Sync) -> Result<Vec<T>> {
    let next = Mutex::new(files.iter().enumerate());
    let done = Mutex::new(Vec::with_capacity(files.len()));
    thread::scope(|scope| {
        for _ in 0..at_a_time() {
            scope.spawn(|| {
                loop {
                    let taken = next.lock().expect("no thread panics with it").next();
                    let Some((at, file)) = taken else { break };
                    let result = work(file);
                    done.lock().expect("no thread panics with it").push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no thread panics with it");
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use super::*;

    /// Commands that run a shell script with the file's path as `$1`.
    fn shell(script: &str) -> impl Fn(&Path) -> Result<(Command, ())> + Sync {
        move |file| {
            let mut command = Command::new("sh");
            command.args(["-c", script, "sh"]).arg(file);
            Ok((command, ()))
        }
    }

    /// Paths of files that do not exist, in a folder of this test.
    fn paths(test: &str, names: &[&str]) -> Vec<PathBuf> {
        let folder = env::temp_dir().join(format!("latent-lab-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        names.iter().map(|name| folder.join(name)).collect()
    }

    #[test]
    fn a_file_that_passes_on_its_second_try_counts_as_flaky_not_failed() {
        let files = paths("second-try", &["steady.test.mjs", "flaky.test.mjs"]);
        let script = r#"case "$1" in
            *flaky*) [ -e "$1" ] || { touch "$1"; printf '# pass 4\n# fail 1\n'; exit 1; };;
        esac; printf '# pass 5\n# fail 0\n'"#;
        let mut tally = Tally::default();
        run(&mut tally, &files, shell(script), |_, (), _| {}).unwrap();
        let expected = Tally {
            passed: 10,
            flaky: 1,
            ..Tally::default()
        };
        assert_eq!(tally, expected);
    }

    #[test]
    fn a_file_that_fails_twice_is_named_and_its_failures_are_counted_once() {
        let files = paths("failing", &["a.test.mjs", "b.test.mjs", "c.test.mjs"]);
        let script = r#"echo once >> "$1"; case "$1" in
            *b.test.mjs) printf '# pass 2\n# fail 3\n'; exit 1;;
        esac; printf '# pass 5\n# fail 0\n'"#;
        let mut tally = Tally::default();
        let error = run(&mut tally, &files, shell(script), |_, (), _| {}).unwrap_err();
        assert_eq!(error.to_string(), "failed twice: b.test.mjs");
        let expected = Tally {
            passed: 12,
            failed: 3,
            ..Tally::default()
        };
        assert_eq!(tally, expected);
        let tries = |file: &PathBuf| fs::read_to_string(file).unwrap().lines().count();
        assert_eq!(files.iter().map(tries).collect::<Vec<_>>(), [1, 2, 1]);
    }

    #[test]
    fn only_the_first_try_is_reported_with_the_count_if_all_tests_passed() {
        let names = ["steady", "flaky", "skipping", "empty"];
        let files = paths(
            "first-try",
            &names
                .map(|name| format!("{name}.test.mjs"))
                .each_ref()
                .map(|name| &name[..]),
        );
        let script = r#"case "$1" in
            *flaky*) [ -e "$1" ] || { touch "$1"; printf '# pass 4\n# fail 1\n'; exit 1; };;
            *skipping*) echo '# skipped 1';;
            *empty*) exit 0;;
        esac; printf '# pass 5\n# fail 0\n'"#;
        let told = Mutex::new(Vec::new());
        let tried = |file: &Path, (), outcome: &Outcome| {
            let name = stem(file).unwrap().to_owned();
            told.lock().unwrap().push((name, outcome.all_passed()));
        };
        run(&mut Tally::default(), &files, shell(script), tried).unwrap();
        let mut told = told.into_inner().unwrap();
        told.sort();
        let expected = [
            ("empty", None),
            ("flaky", None),
            ("skipping", None),
            ("steady", Some(5)),
        ];
        assert_eq!(told, expected.map(|(name, passed)| (name.to_owned(), passed)));
    }

    #[test]
    fn a_file_whose_command_cannot_be_created_is_an_error() {
        let files = paths("needs", &["a.test.mjs", "b.test.mjs"]);
        let passes = shell("printf '# pass 1\\n# fail 0\\n'");
        let command = |file: &Path| match stem(file) {
            Some("b") => bail!("no site for it"),
            _ => passes(file),
        };
        let error = run(&mut Tally::default(), &files, command, |_, (), _| {}).unwrap_err();
        assert_eq!(error.to_string(), "no site for it");
    }

    #[test]
    fn files_listed_as_long_exist_and_start_first() {
        let all = super::super::files_with("").unwrap();
        let ordered = in_order(all.clone());
        let names: Vec<_> = ordered.iter().map(|file| stem(file).unwrap()).collect();
        assert_eq!(names[..LONG.len()], LONG);
        assert_eq!(ordered.len(), all.len());
    }
}
