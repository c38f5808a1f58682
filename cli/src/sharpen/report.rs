//! Lines on a run's progress.

use std::time::Instant;

use latent_lab::SharpenLosses;

use crate::progress::duration;

/// Losses since the last line.
pub(super) struct Report {
    total: u64,
    /// When the last line was written, and after which step.
    since: (Instant, u64),
    /// Steps since then in which the network has learned.
    learned: u32,
    sums: [f64; 7],
}

impl Report {
    /// A report for a run of `total` steps, of which `step` are done.
    pub(super) fn new(step: u64, total: u64) -> Self {
        Self {
            total,
            since: (Instant::now(), step),
            learned: 0,
            sums: [0.0; 7],
        }
    }

    /// Adds the losses of one step.
    pub(super) fn add(&mut self, losses: SharpenLosses) {
        let SharpenLosses {
            network_learns,
            pixels,
            features,
            kl,
            real,
            fake,
            clear_fakes,
            critic,
            ..
        } = losses;
        self.learned += u32::from(network_learns);
        let values = [pixels, features, kl, real, fake, clear_fakes, critic];
        for (sum, value) in self.sums.iter_mut().zip(values) {
            *sum += f64::from(value);
        }
    }

    /// The line after step number `step`; the next line starts from zero.
    pub(super) fn line(&mut self, step: u64) -> String {
        let (began, first) = self.since;
        let steps = (step - first).max(1);
        let learned = f64::from(self.learned.max(1));
        let [pixels, features] = [self.sums[0], self.sums[1]].map(|sum| sum / learned);
        let [_, _, kl, real, fake, clear_fakes, critic] = self.sums.map(|sum| sum / steps as f64);
        let a_step = began.elapsed() / steps as u32;
        let left = a_step.mul_f64((self.total - step) as f64);
        *self = Self::new(step, self.total);
        format!(
            "step {step}/{}  pixels {pixels:.4}  features {features:.3}  KL {kl:.0}  real {real:.2}  fake {fake:.2}  clear fakes \
             {:.0} %  critic {critic:.2}  {:.2} s a step, {} left",
            self.total,
            100.0 * clear_fakes,
            a_step.as_secs_f64(),
            duration(left)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_contains_the_means_since_the_last_one() {
        let mut report = Report::new(10, 100);
        let losses = |pixels, clear_fakes| SharpenLosses {
            network_learns: true,
            pixels,
            clear_fakes,
            real: 0.5,
            ..SharpenLosses::default()
        };
        report.add(losses(0.1, 0.0));
        report.add(losses(0.3, 0.5));
        let line = report.line(12);
        assert!(line.starts_with("step 12/100  pixels 0.2000  "), "{line}");
        assert!(line.contains("real 0.50  fake 0.00  clear fakes 25 %"), "{line}");
        report.add(losses(0.7, 1.0));
        assert!(report.line(13).contains("pixels 0.7000"));
        report.add(SharpenLosses {
            real: 1.5,
            ..SharpenLosses::default()
        });
        report.add(losses(0.3, 0.0));
        let line = report.line(15);
        assert!(
            line.contains("pixels 0.3000") && line.contains("real 1.00"),
            "{line}"
        );
    }
}
