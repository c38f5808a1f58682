//! Counts the results of test runners while passing on their output.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::process::line;

/// Tests that ran, in all runners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
    /// Files of tests that passed only on their second try.
    pub(crate) flaky: u32,
    /// Tests that were not run again, since none of their files' inputs has changed.
    pub(crate) unchanged: u32,
}

impl Tally {
    /// Runs a test runner to its end and counts.
    ///
    /// # Errors
    /// When it cannot be started or fails.
    pub(crate) fn run(&mut self, mut command: Command) -> Result<()> {
        command.stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start `{}`", line(&command)))?;
        let output = child
            .stdout
            .take()
            .context("the runner's output was not captured")?;
        for text in BufReader::new(output).split(b'\n') {
            let text = text?;
            let mut out = std::io::stdout().lock();
            out.write_all(&text)?;
            out.write_all(b"\n")?;
            self.read(&String::from_utf8_lossy(&text));
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("`{}` failed ({status})", line(&command));
        }
        Ok(())
    }

    /// Counts the results in a test runner's output.
    pub(crate) fn of(output: &str) -> Self {
        let mut tally = Self::default();
        output.lines().for_each(|line| tally.read(line));
        tally
    }

    /// Adds the tests of another tally.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.flaky += other.flaky;
        self.unchanged += other.unchanged;
    }

    /// Adds one check that is not a runner's test.
    pub(crate) fn pass(&mut self) {
        self.passed += 1;
    }

    /// One line of a runner: `test result: ok. 3 passed; 0 failed; 0 ignored; ...` of Rust's, `# pass 3` of Node's.
    fn read(&mut self, text: &str) {
        if let Some(counts) = text.trim().strip_prefix("test result: ") {
            for count in counts.split([';', '.']) {
                match count.trim().split_once(' ') {
                    Some((number, "passed")) => add(&mut self.passed, number),
                    Some((number, "failed")) => add(&mut self.failed, number),
                    Some((number, "ignored")) => add(&mut self.skipped, number),
                    _ => {}
                }
            }
        } else if let Some(count) = text.strip_prefix("# ").or(text.strip_prefix("\u{2139} ")) {
            match count.trim().split_once(' ') {
                Some(("pass", number)) => add(&mut self.passed, number),
                Some(("fail" | "cancelled", number)) => add(&mut self.failed, number),
                Some(("skipped" | "todo", number)) => add(&mut self.skipped, number),
                _ => {}
            }
        }
    }
}

fn add(sum: &mut u32, number: &str) {
    *sum += number.parse().unwrap_or(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summaries_of_both_runners_are_added_up() {
        let lines = [
            "test latent::tests::ends_are_exact ... ok",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.05s",
            "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
            "# tests 9",
            "# pass 7",
            "# fail 1",
            "# cancelled 1",
            "\u{2139} pass 5",
            "\u{2139} skipped 2",
            "\u{2139} duration_ms 1234.5",
        ];
        let expected = Tally {
            passed: 12 + 4 + 7 + 5,
            failed: 2 + 1 + 1,
            skipped: 1 + 2,
            ..Tally::default()
        };
        assert_eq!(Tally::of(&lines.join("\n")), expected);
        let mut twice = expected;
        twice.add(expected);
        assert_eq!(twice.passed, 2 * expected.passed);
    }
}
