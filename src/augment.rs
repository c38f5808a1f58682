//! Augmentation: seeded flips, rotations, shifts and zooms of a picture, drawn anew each time it is used.

use rand_pcg::Pcg32;
use serde::Deserialize;

use crate::{
    clamp::clamp,
    config::ImageShape,
    error::{Error, ErrorKind, Result},
    random::{Purpose, generator, unit},
};

/// How far a picture may be moved; all zero leaves it as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct Augment {
    /// Mirror left and right, half of the time.
    pub flip: bool,
    /// Largest turn to either side, in degrees.
    #[serde(rename = "rotate")]
    pub rotate_degrees: f32,
    /// Largest shift in each direction, as a fraction of the side.
    pub shift: f32,
    /// Largest change of size: 0.1 draws a magnification from 0.9 to 1.1. Below 1.
    pub zoom: f32,
}

impl Augment {
    /// Checks the ranges.
    ///
    /// # Errors
    /// `Argument` when a value is negative or not finite, or the zoom reaches 1.
    pub fn validate(&self) -> Result<()> {
        let values = [self.rotate_degrees, self.shift, self.zoom];
        if values.iter().all(|value| value.is_finite() && *value >= 0.0) && self.zoom < 1.0 {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Argument,
            "rotation, shift and zoom must be finite and at least 0, zoom below 1",
        ))
    }
}

/// One picture `[channels, height, width]`, changed within the limits of `options`: a pure function of its arguments
/// with the same bits on every machine. `index` tells the pictures of a run apart. Values between pixels are
/// interpolated bilinearly; beyond the edge the nearest pixel is repeated.
///
/// # Panics
/// When `pixels` is not one picture.
pub fn augment(image: ImageShape, pixels: &[f32], options: &Augment, seed: u64, index: u64) -> Vec<f32> {
    assert_eq!(pixels.len(), image.len(), "one picture");
    let random = &mut generator(Purpose::Augment, seed, index);
    // All five are always drawn, so that one option does not change what another does.
    let mirrored = unit(random) < 0.5 && options.flip;
    let turn = symmetric(random, options.rotate_degrees.to_radians());
    let magnification = 1.0 + symmetric(random, options.zoom);
    let down = symmetric(random, options.shift) * image.height as f32;
    let right = symmetric(random, options.shift) * image.width as f32;

    // Source of the value at (y, x), both counted from the picture's center: turned back and zoomed back.
    let (sine, cosine) = libm::sincosf(turn);
    let (sine, cosine) = (sine / magnification, cosine / magnification);
    let (middle_y, middle_x) = ((image.height - 1) as f32 / 2.0, (image.width - 1) as f32 / 2.0);
    let mut moved = Vec::with_capacity(pixels.len());
    for plane in pixels.chunks_exact(image.height * image.width) {
        for row in 0..image.height {
            for column in 0..image.width {
                let y = row as f32 - middle_y - down;
                let x = column as f32 - middle_x - right;
                let source_y = cosine * y - sine * x + middle_y;
                let source_x = cosine * x + sine * y;
                let source_x = if mirrored { -source_x } else { source_x } + middle_x;
                moved.push(bilinear(plane, image, source_y, source_x));
            }
        }
    }
    moved
}

/// A uniform draw from -limit to limit.
fn symmetric(random: &mut Pcg32, limit: f32) -> f32 {
    (2.0 * unit(random) - 1.0) * limit
}

fn bilinear(plane: &[f32], image: ImageShape, y: f32, x: f32) -> f32 {
    let y = clamp(y, 0.0, (image.height - 1) as f32);
    let x = clamp(x, 0.0, (image.width - 1) as f32);
    let (top, left) = (y as usize, x as usize);
    let (bottom, right) = ((top + 1).min(image.height - 1), (left + 1).min(image.width - 1));
    let (y, x) = (y - top as f32, x - left as f32);
    let at = |row: usize, column: usize| plane[row * image.width + column];
    let above = at(top, left) * (1.0 - x) + at(top, right) * x;
    let below = at(bottom, left) * (1.0 - x) + at(bottom, right) * x;
    above * (1.0 - y) + below * y
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: ImageShape = ImageShape {
        channels: 3,
        height: 9,
        width: 12,
    };

    fn picture() -> Vec<f32> {
        (0..IMAGE.len()).map(|n| n as f32 / IMAGE.len() as f32).collect()
    }

    fn mirror(pixels: &[f32]) -> Vec<f32> {
        pixels
            .chunks(IMAGE.width)
            .flat_map(|row| row.iter().rev().copied())
            .collect()
    }

    #[test]
    fn without_options_pictures_are_unchanged_and_flip_mirrors_about_half_of_them() {
        let pixels = picture();
        assert_eq!(augment(IMAGE, &pixels, &Augment::default(), 1, 2), pixels);
        let options = Augment {
            flip: true,
            ..Augment::default()
        };
        let flipped = (0..400)
            .filter(|&index| {
                let moved = augment(IMAGE, &pixels, &options, 1, index);
                assert!(moved == pixels || moved == mirror(&pixels));
                moved != pixels
            })
            .count();
        // The expected count is 200, with a standard deviation of 10.
        assert!((150..250).contains(&flipped), "{flipped}");
    }

    #[test]
    fn changes_depend_on_seed_and_index_and_values_stay_within_the_range_of_the_picture() {
        let options = Augment {
            flip: true,
            rotate_degrees: 180.0,
            shift: 0.5,
            zoom: 0.9,
        };
        options.validate().unwrap();
        let pixels = picture();
        let moved = |seed, index| augment(IMAGE, &pixels, &options, seed, index);
        assert_eq!(moved(1, 1), moved(1, 1));
        assert_ne!(moved(1, 1), moved(1, 2));
        assert_ne!(moved(1, 1), moved(2, 1));
        for index in 0..200 {
            // Rounding of the four weights may increase a value beyond the largest by a few parts in 10^7.
            assert!(
                moved(3, index)
                    .iter()
                    .all(|value| (0.0..=1.000_001).contains(value))
            );
        }
    }

    #[test]
    fn a_rotation_keeps_the_center_and_rotates_the_gradient() {
        let image = ImageShape {
            channels: 1,
            height: 9,
            width: 9,
        };
        // Brightness increases to the right; after a rotation by a it increases along (cos a, sin a) in x and y.
        let pixels: Vec<f32> = (0..81).map(|n| (n % 9) as f32).collect();
        let options = Augment {
            rotate_degrees: 20.0,
            ..Augment::default()
        };
        let moved = augment(image, &pixels, &options, 5, 5);
        assert!((moved[40] - 4.0).abs() < 1e-5);
        let (along_x, along_y) = (moved[41] - moved[40], moved[49] - moved[40]);
        assert!((along_x.hypot(along_y) - 1.0).abs() < 1e-5);
        assert!(along_x > libm::cosf(0.35) && along_y != 0.0);
    }

    #[test]
    fn a_shift_moves_by_its_fraction_of_the_side() {
        let image = ImageShape {
            channels: 1,
            height: 8,
            width: 40,
        };
        let pixels: Vec<f32> = (0..320).map(|n| (n % 40) as f32).collect();
        let options = Augment {
            shift: 0.1,
            ..Augment::default()
        };
        let shifts: Vec<f32> = (0..500)
            .map(|index| 20.0 - augment(image, &pixels, &options, 0, index)[20])
            .collect();
        assert!(shifts.iter().all(|shift| shift.abs() <= 4.0));
        assert!(shifts.iter().any(|shift| *shift > 3.5) && shifts.iter().any(|shift| *shift < -3.5));
    }

    #[test]
    fn options_out_of_range_are_refused() {
        let zoom = Augment {
            zoom: 1.0,
            ..Augment::default()
        };
        let shift = Augment {
            shift: f32::NAN,
            ..Augment::default()
        };
        assert!(zoom.validate().is_err() && shift.validate().is_err());
    }
}
