//! Points along a way, and evenly spaced points of an arc. Steps are even from picture to picture, not from latent to latent.

use super::{Decode, GEODESIC_POINTS, distance};
use crate::{error::Result, latent::lerp};

/// Lines into which a piece of a way is cut to measure its length.
const CUTS: usize = 8;

/// Points `[GEODESIC_POINTS, latent]` along a way `[n, latent]`: its places are at even times, with even steps between two of them.
pub(super) fn points(way: &[f32], latent: usize, decode: Decode<'_>) -> Result<Vec<f32>> {
    let pieces = way.len() / latent - 1;
    let place = |at: usize| &way[at * latent..][..latent];
    let mut cut = Vec::with_capacity((pieces * CUTS + 1) * latent);
    for at in 0..pieces * CUTS {
        let share = (at % CUTS) as f32 / CUTS as f32;
        cut.extend(lerp(place(at / CUTS), place(at / CUTS + 1), share));
    }
    cut.extend_from_slice(place(pieces));
    let steps = steps(&decode(&cut)?, pieces * CUTS + 1);
    let last = GEODESIC_POINTS - 1;
    let mut points = Vec::with_capacity(GEODESIC_POINTS * latent);
    for point in 0..GEODESIC_POINTS {
        let piece = (point * pieces / last).min(pieces - 1);
        let time = (point * pieces - piece * last) as f64 / last as f64;
        let (at, share) = at_length(&steps[piece * CUTS..][..CUTS], time);
        let share = (at as f64 + share) / CUTS as f64;
        points.extend(lerp(place(piece), place(piece + 1), share as f32));
    }
    Ok(points)
}

/// `count` points `[count, latent]` at even steps along an arc with its pictures, both ends included.
pub(super) fn evenly(arc: &[f32], pictures: &[f32], latent: usize, count: usize) -> Vec<f32> {
    let steps = steps(pictures, arc.len() / latent);
    let mut points = Vec::with_capacity(count * latent);
    for point in 0..count {
        let (at, share) = at_length(&steps, point as f64 / (count - 1) as f64);
        let piece = &arc[at * latent..][..2 * latent];
        points.extend(lerp(&piece[..latent], &piece[latent..], share as f32));
    }
    points
}

/// The step at a share of the total length, and the share of that step that is behind. If nothing moves, steps take even times.
fn at_length(steps: &[f64], share: f64) -> (usize, f64) {
    let total: f64 = steps.iter().sum();
    let length = |step: f64| if total > 0.0 { step } else { 1.0 };
    let mut left = share * steps.iter().map(|&step| length(step)).sum::<f64>();
    for (at, &step) in steps.iter().enumerate() {
        if left < length(step) {
            return (at, left / length(step));
        }
        left -= length(step);
    }
    (steps.len() - 1, 1.0)
}

/// Distances between neighbors of `count` pictures.
fn steps(pictures: &[f32], count: usize) -> Vec<f64> {
    let size = pictures.len() / count;
    let pairs = pictures.chunks(size).zip(pictures.chunks(size).skip(1));
    pairs.map(|(a, b)| distance(a, b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_of_the_length_is_located_in_its_step() {
        assert_eq!(at_length(&[1.0, 3.0], 0.5), (1, 1.0 / 3.0));
        assert_eq!(at_length(&[1.0, 3.0], 0.0), (0, 0.0));
        assert_eq!(at_length(&[1.0, 3.0], 1.0), (1, 1.0));
        assert_eq!(at_length(&[0.0, 0.0], 0.75), (1, 0.5));
    }

    #[test]
    fn points_are_placed_so_that_steps_between_their_pictures_are_even() {
        // The picture is the square of the latent.
        let mut decode = |latents: &[f32]| Ok(latents.iter().map(|z| z * z).collect());
        let points = points(&[0.0, 3.0], 1, &mut decode).unwrap();
        assert_eq!((points[0], points[GEODESIC_POINTS - 1]), (0.0, 3.0));
        let steps: Vec<f32> = points
            .windows(2)
            .map(|pair| pair[1].powi(2) - pair[0].powi(2))
            .collect();
        let mean = 9.0 / steps.len() as f32;
        assert!(
            steps.iter().all(|step| (step / mean - 1.0).abs() < 0.2),
            "{steps:?}"
        );
        let arc = evenly(&[0.0, 1.0, 3.0], &[0.0, 1.0, 9.0], 1, 10);
        assert!(
            arc.iter()
                .zip([0.0, 1.0, 1.25])
                .all(|(a, b)| (a - b).abs() < 1e-6),
            "{arc:?}"
        );
    }
}
