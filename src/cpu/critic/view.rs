//! Differentiable augmentation (Zhao, Liu, Lin, Zhu and Han 2020): the critic sees real and decoded pictures only after a random
//! change of brightness and contrast and a random shift, and the gradient goes back through it. So it cannot learn the training
//! pictures by heart, and its verdicts remain useful with few of them.

use crate::{
    config::ImageShape,
    random::{Purpose, generator, unit},
};

/// Largest changes of a picture that the critic is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limits {
    /// Added to every value, up or down.
    pub(crate) brightness: f32,
    /// Relative to 1, up or down.
    pub(crate) contrast: f32,
    /// Part of the side, either way.
    pub(crate) shift: f32,
    /// Share of views that show the middle of a picture, half a side wide, at twice its size.
    pub(crate) closeups: f32,
}

/// How one picture is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct View {
    brightness: f32,
    contrast: f32,
    /// The row of the picture that each row of the view shows. Mirrored at the edges.
    rows: Vec<u32>,
    columns: Vec<u32>,
}

impl View {
    /// The view of one seed and index. Shifts are by whole pixels, so fine detail stays fine.
    pub(crate) fn draw(image: ImageShape, limits: Limits, seed: u64, index: u64) -> Self {
        let random = &mut generator(Purpose::Views, seed, index);
        let mut symmetric = |limit: f32| (2.0 * unit(random) - 1.0) * limit;
        let brightness = symmetric(limits.brightness);
        let contrast = 1.0 + symmetric(limits.contrast);
        let mut shifts = |side: usize| {
            let most = (limits.shift * side as f32).floor();
            // Each of the 2 most + 1 shifts as often as any other.
            ((symmetric(most + 0.5) + most + 0.5).floor() - most) as i64
        };
        let (down, right) = (shifts(image.height), shifts(image.width));
        // Drawn last, so that views without close-ups are what they were before there were any.
        let is_closeup = limits.closeups > 0.0 && unit(random) < limits.closeups;
        let shown = |side: usize, shift: i64| {
            let source = |at: usize| match is_closeup {
                true => side / 4 + at / 2,
                false => at,
            };
            (0..side)
                .map(|at| mirrored(source(at) as i64 - shift, side))
                .collect()
        };
        Self {
            brightness,
            contrast,
            rows: shown(image.height, down),
            columns: shown(image.width, right),
        }
    }

    /// The view that shows a picture as it is.
    pub(crate) fn unchanged(image: ImageShape) -> Self {
        let all = |side: usize| (0..side as u32).collect();
        Self {
            brightness: 0.0,
            contrast: 1.0,
            rows: all(image.height),
            columns: all(image.width),
        }
    }

    /// `[channels, height, width]` with values 0 to 1, to the view with values around -1 to 1.
    ///
    /// Contrast is taken about the mean m of all values: contrast (x - m) + m, then brightness is added.
    pub(crate) fn show(&self, image: ImageShape, picture: &[f32], shown: &mut [f32]) {
        let mean = mean(picture);
        let factor = 2.0 * self.contrast;
        let offset = 2.0 * (mean - self.contrast * mean + self.brightness) - 1.0;
        self.for_lines(image, |from, to| {
            let line = &picture[from..from + image.width];
            let shown = &mut shown[to..to + image.width];
            for (value, &column) in shown.iter_mut().zip(&self.columns) {
                *value = factor * line[column as usize] + offset;
            }
        });
    }

    /// The gradient of the view to that of the picture.
    pub(crate) fn back(&self, image: ImageShape, shown: &[f32], picture: &mut [f32]) {
        picture.fill(0.0);
        self.for_lines(image, |from, to| {
            let line = &mut picture[from..from + image.width];
            for (value, &column) in shown[to..to + image.width].iter().zip(&self.columns) {
                line[column as usize] += value;
            }
        });
        // Every value counts by itself, and by the mean.
        let by_mean = 2.0 * (1.0 - self.contrast) * mean(picture);
        for value in picture {
            *value = 2.0 * self.contrast * *value + by_mean;
        }
    }

    /// Calls `line` with the places of a line in the picture and in the view.
    fn for_lines(&self, image: ImageShape, mut line: impl FnMut(usize, usize)) {
        for channel in 0..image.channels {
            let first = channel * image.height;
            for (row, &from) in self.rows.iter().enumerate() {
                line((first + from as usize) * image.width, (first + row) * image.width);
            }
        }
    }
}

/// The inside position that an outside position shows: mirrored at the edge, without repeating the edge itself.
fn mirrored(at: i64, side: usize) -> u32 {
    let last = side as i64 - 1;
    let inside = if at < 0 { -at } else { at };
    let inside = if inside > last { 2 * last - inside } else { inside };
    inside as u32
}

fn mean(values: &[f32]) -> f32 {
    let sum: f64 = values.iter().map(|&value| f64::from(value)).sum();
    (sum / values.len() as f64) as f32
}
