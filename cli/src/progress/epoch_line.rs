//! The line of an epoch, fitted to the width of the terminal.

use std::time::Duration;

use super::duration;
use crate::tested::Tested;

/// Everything that the line of an epoch may show.
pub(crate) struct EpochLine<'a> {
    pub(crate) epoch: u64,
    pub(crate) epochs: u32,
    /// Reconstruction, KL and total.
    pub(crate) means: [f64; 3],
    pub(crate) test: Option<&'a Tested>,
    pub(crate) images_per_second: f64,
    pub(crate) left: Duration,
}

impl EpochLine<'_> {
    /// The longest form that fits `width` columns, or the shortest if none does.
    pub(crate) fn text(&self, width: usize) -> String {
        let forms = [
            self.in_words(3, true),
            self.in_words(2, false),
            self.in_numbers(&format!("epoch {:>3}", self.epoch), " left"),
            self.in_numbers(&self.epoch.to_string(), ""),
            self.shorter(),
            self.shortest(),
        ];
        let fits = |form: &&String| form.chars().count() <= width;
        let [.., shortest] = &forms;
        forms.iter().find(fits).unwrap_or(shortest).clone()
    }

    fn in_words(&self, digits: usize, with_speed: bool) -> String {
        let test = self
            .test
            .map_or(String::new(), |test| format!("  {}", test.text(digits)));
        let speed = match with_speed {
            true => format!("  {:.0} images/s", self.images_per_second),
            false => String::new(),
        };
        format!(
            "epoch {:>3}/{}  {}{test}{speed}  {} left",
            self.epoch,
            self.epochs,
            losses(self.means, digits),
            duration(self.left)
        )
    }

    /// The parts of the loss and their total.
    fn in_numbers(&self, epoch: &str, left: &str) -> String {
        let [reconstruction, kl, total] = self.means;
        let parts = match kl {
            0.0 => format!("{total:.2}"),
            _ => format!("{reconstruction:.2} + {kl:.2} KL, {total:.2}"),
        };
        let test = self
            .test
            .map_or(String::new(), |test| format!("  {}", test.text(2)));
        format!(
            "{epoch}/{}  {parts}{test}  {}{left}",
            self.epochs,
            duration(self.left)
        )
    }

    fn shorter(&self) -> String {
        let test = self
            .test
            .map_or(String::new(), |test| format!("  test {:.2}", test.objective()));
        format!(
            "{}/{}  {:.2}{test}  {}",
            self.epoch,
            self.epochs,
            self.means[2],
            duration(self.left)
        )
    }

    fn shortest(&self) -> String {
        format!("{}/{} {:.1}", self.epoch, self.epochs, self.means[2])
    }
}

/// "reconstruction 70.738  kl 24.008  total 94.746"; a plain autoencoder's loss is its reconstruction.
pub(super) fn losses([reconstruction, kl, total]: [f64; 3], digits: usize) -> String {
    if kl == 0.0 {
        return format!("reconstruction {reconstruction:.digits$}");
    }
    format!("reconstruction {reconstruction:.digits$}  kl {kl:.digits$}  total {total:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(test: Option<&Tested>) -> EpochLine<'_> {
        EpochLine {
            epoch: 120,
            epochs: 1200,
            means: [1170.738, 24.008, 1194.746],
            test,
            images_per_second: 13_900.0,
            left: Duration::from_secs(7500),
        }
    }

    #[test]
    fn a_line_is_no_wider_than_the_terminal() {
        let tests = [
            Tested::Elbo {
                negative_elbo: 1195.748,
                objective: None,
            },
            Tested::Elbo {
                negative_elbo: 1195.748,
                objective: Some(1103.5),
            },
            Tested::Plain {
                reconstruction: 1044.1,
                mse: 0.0123,
            },
        ];
        for test in tests.iter().map(Some).chain([None]) {
            for width in [200, 120, 80, 60, 40, 30] {
                let text = line(test).text(width);
                assert!(text.chars().count() <= width, "{width}: {text}");
                assert!(text.contains("120/1200") && text.contains("1194.7"), "{text}");
            }
        }
    }

    #[test]
    fn eighty_columns_show_all_parts_and_forty_the_loss_and_the_time() {
        let mut line = line(None);
        (line.epoch, line.epochs, line.left) = (20, 60, Duration::from_secs(719));
        line.means = [70.738, 24.008, 94.746];
        assert_eq!(
            line.text(100),
            "epoch  20/60  reconstruction 70.738  kl 24.008  total 94.746  13900 images/s  11 min left"
        );
        assert_eq!(
            line.text(80),
            "epoch  20/60  reconstruction 70.74  kl 24.01  total 94.75  11 min left"
        );
        assert_eq!(line.text(40), "20/60  70.74 + 24.01 KL, 94.75  11 min");
        assert_eq!(line.text(30), "20/60  94.75  11 min");
        let test = Tested::Elbo {
            negative_elbo: 95.748,
            objective: None,
        };
        line.test = Some(&test);
        assert_eq!(
            line.text(80),
            "epoch  20/60  70.74 + 24.01 KL, 94.75  test -ELBO 95.75  11 min left"
        );
        assert_eq!(line.text(40), "20/60  94.75  test 95.75  11 min");
    }
}
