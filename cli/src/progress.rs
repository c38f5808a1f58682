//! Progress of the command: bars on a terminal, plain lines in a log. Everything goes to stderr; results go to
//! stdout.

mod epoch_line;

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use latent_lab::Losses;

use crate::tested::Tested;
use epoch_line::EpochLine;

/// True when stderr is a terminal.
fn on_terminal() -> bool {
    std::io::stderr().is_terminal()
}

fn bar(length: u64, template: &str) -> ProgressBar {
    // Without a terminal, a bar draws nothing.
    let style = ProgressStyle::with_template(template).expect("the template is well-formed");
    ProgressBar::new(length).with_style(style.progress_chars("=> "))
}

/// A bar for `length` bytes, or for an unknown number of bytes.
pub(crate) fn download_bar(address: &str, length: Option<u64>) -> ProgressBar {
    if !on_terminal() {
        say!("downloading {address}");
    }
    let bar = match length {
        Some(length) => bar(
            length,
            "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec}, {eta} left",
        ),
        None => bar(0, "{msg} {bytes} {bytes_per_sec}"),
    };
    bar.with_message(address.rsplit('/').next().unwrap_or(address).to_owned())
}

/// A bar for `length` pieces of work.
pub(crate) fn work_bar(what: &'static str, length: u64) -> ProgressBar {
    if !on_terminal() {
        say!("{what} ...");
    }
    bar(length, "{msg} [{bar:30}] {pos}/{len}, {eta} left").with_message(what)
}

/// A count of the rounds of a fit, whose number is not known beforehand.
pub(crate) fn round_bar() -> ProgressBar {
    if !on_terminal() {
        say!("fitting ...");
    }
    bar(0, "fitting, round {pos}, {elapsed}")
}

/// Means of loss parts over steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct LossSums {
    reconstruction: f64,
    kl: f64,
    total: f64,
    steps: u64,
}

impl LossSums {
    /// Adds the losses of one step.
    pub(crate) fn add(&mut self, losses: Losses) {
        self.reconstruction += f64::from(losses.reconstruction);
        self.kl += f64::from(losses.kl);
        self.total += f64::from(losses.total);
        self.steps += 1;
    }

    /// Means of reconstruction, KL and total; zeros before the first step.
    pub(crate) fn means(&self) -> [f64; 3] {
        let steps = self.steps.max(1) as f64;
        [self.reconstruction, self.kl, self.total].map(|sum| sum / steps)
    }
}

/// The lines and the bar of a training run.
pub(crate) struct TrainProgress {
    bar: ProgressBar,
    on_terminal: bool,
    epochs: u32,
    steps_per_epoch: u64,
    started: Instant,
    first_step: u64,
    total_steps: u64,
}

impl TrainProgress {
    /// A run that continues after `step` steps.
    pub(crate) fn new(epochs: u32, steps_per_epoch: u64, step: u64) -> Self {
        let bar = bar(steps_per_epoch, "{prefix} [{wide_bar}] {pos}/{len}  {msg}");
        Self {
            bar,
            on_terminal: on_terminal(),
            epochs,
            steps_per_epoch,
            started: Instant::now(),
            first_step: step,
            total_steps: u64::from(epochs) * steps_per_epoch,
        }
    }

    /// Called after step number `step` (steps done).
    pub(crate) fn step(&self, step: u64, sums: &LossSums) {
        // Formatting a line for every step would take too long, and nobody could read them all.
        if !self.on_terminal || !step.is_multiple_of(4) {
            return;
        }
        let done = step - 1;
        let prefix = format!("epoch {}/{}", done / self.steps_per_epoch + 1, self.epochs);
        let position = done % self.steps_per_epoch + 1;
        // Brackets, a bar of ten, spaces.
        let taken = prefix.len() + format!("{position}/{}", self.steps_per_epoch).len() + 16;
        self.bar.set_prefix(prefix);
        self.bar.set_position(position);
        let room = width().saturating_sub(taken);
        self.bar.set_message(message(sums.means(), self.left(step), room));
    }

    /// One line for a finished epoch, whose last step is `step`.
    pub(crate) fn epoch(&self, step: u64, means: [f64; 3], images_per_second: f64, test: Option<&Tested>) {
        let line = EpochLine {
            epoch: step / self.steps_per_epoch,
            epochs: self.epochs,
            means,
            test,
            images_per_second,
            left: self.left(step),
        };
        self.line(&line.text(width()));
    }

    /// A permanent line, above the bar.
    pub(crate) fn line(&self, text: &str) {
        if self.on_terminal {
            self.bar.println(text);
        } else {
            say!("{text}");
        }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn left(&self, step: u64) -> Duration {
        let done = step.saturating_sub(self.first_step).max(1);
        self.started
            .elapsed()
            .mul_f64((self.total_steps - step) as f64 / done as f64)
    }
}

/// Width of a line: $COLUMNS where it is set, else that of the terminal, else 80.
fn width() -> usize {
    const NARROWEST: usize = 20;
    let asked = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let terminal = || terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| width.0.into());
    asked.or_else(terminal).unwrap_or(80).max(NARROWEST)
}

/// The text after the bar, at most `room` columns wide.
fn message(means: [f64; 3], left: Duration, room: usize) -> String {
    let left = duration(left);
    let forms = [
        format!("{}  {left} left", epoch_line::losses(means, 2)),
        format!("total {:.2}  {left} left", means[2]),
        format!("{:.2}  {left}", means[2]),
        format!("{:.1}", means[2]),
    ];
    let [.., shortest] = &forms;
    let fits = |form: &&String| form.chars().count() <= room;
    forms.iter().find(fits).unwrap_or(shortest).clone()
}

/// E.g. "2 h 05 min", "12 min", "40 s".
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, _) => format!("{minutes} min"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_in_readable_units() {
        let said = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!(
            [said(40), said(719), said(7500)],
            ["40 s", "11 min", "2 h 05 min"]
        );
    }

    #[test]
    fn the_text_after_the_bar_fits_the_width() {
        let text = |room| message([70.738, 24.008, 94.746], Duration::from_secs(719), room);
        assert_eq!(
            text(80),
            "reconstruction 70.74  kl 24.01  total 94.75  11 min left"
        );
        assert_eq!(text(40), "total 94.75  11 min left");
        assert_eq!(text(14), "94.75  11 min");
        assert_eq!(text(0), "94.7");
    }

    #[test]
    fn means_are_over_the_steps_added_so_far() {
        let mut sums = LossSums::default();
        assert_eq!(sums.means(), [0.0; 3]);
        sums.add(Losses {
            reconstruction: 1.0,
            kl: 2.0,
            total: 3.0,
        });
        sums.add(Losses {
            reconstruction: 3.0,
            kl: 4.0,
            total: 7.0,
        });
        assert_eq!(sums.means(), [2.0, 3.0, 5.0]);
    }
}
