//! Runs other programs, and reports how long the long steps took.

use std::{
    env,
    ffi::OsStr,
    io::Write,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// Runs `work` under a heading and reports how many seconds it took.
pub(crate) fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {title}");
    let start = Instant::now();
    let result = work();
    let how = if result.is_ok() { "done" } else { "failed" };
    println!("    {title}: {how} in {:.1} s", start.elapsed().as_secs_f64());
    // Flushed, so that the line comes before the next program's output when both go to a file.
    let _ = std::io::stdout().flush();
    result
}

/// In the workspace's folder, with empty input: no program may ask a question.
pub(crate) fn quiet_input(mut command: Command) -> Command {
    command.stdin(Stdio::null()).current_dir(workspace::root());
    command
}

/// Runs a program to its end; it inherits our output.
///
/// # Errors
/// When it cannot be started or fails; the message is its command line.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", line(&command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(&command));
    }
    Ok(())
}

/// The output of a program, or `None` when it is missing or fails.
pub(crate) fn output(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let mut command = quiet_input(Command::new(program));
    let output = command.args(arguments).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a program silently and ends it when it takes longer than `limit`; true when it succeeded in time.
pub(crate) fn succeeds_within(limit: Duration, mut command: Command) -> bool {
    let Ok(mut child) = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
        return false;
    };
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if start.elapsed() < limit => thread::sleep(Duration::from_millis(50)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// The cargo that started us, for everything except wasm.
pub(crate) fn native_cargo(arguments: &[&str]) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = quiet_input(Command::new(cargo));
    command.args(arguments);
    command
}

/// True if a program of this name is on the `PATH`.
pub(crate) fn on_path(program: &str) -> bool {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(&file).is_file()))
}

/// A command as a user would type it.
pub(crate) fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_or_is_missing_is_named_in_the_error() {
        let mut failing = Command::new("sh");
        failing.args(["-c", "exit 3"]);
        let message = run(failing).unwrap_err().to_string();
        assert!(
            message.contains("sh -c exit 3") && message.contains('3'),
            "{message}"
        );
        let message = run(Command::new("no-such-program")).unwrap_err().to_string();
        assert_eq!(message, "cannot start `no-such-program`");
    }

    #[test]
    fn a_program_that_takes_too_long_is_killed() {
        let mut sleeper = Command::new("sleep");
        sleeper.arg("60");
        let start = Instant::now();
        assert!(!succeeds_within(Duration::from_millis(100), sleeper));
        assert!(start.elapsed() < Duration::from_secs(30));
        assert!(succeeds_within(Duration::from_secs(30), Command::new("true")));
    }
}
