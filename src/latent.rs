//! Latents: interpolation, paths, grids and seeded normal draws. Plain functions on `&[f32]`, the same bits everywhere:
//! logarithms and angles come from the `libm` crate (never the platform's), square roots are exactly rounded by IEEE 754.

use std::f32::consts::TAU;

use crate::{
    error::{Error, ErrorKind, Result},
    random::{Purpose, generator, unit},
};

/// A path from one latent to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Straight: [`lerp`].
    Lerp,
    /// Along the arc: [`slerp`].
    Slerp,
}

impl std::str::FromStr for Path {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "lerp" => Ok(Self::Lerp),
            "slerp" => Ok(Self::Slerp),
            _ => Err(Error::new(
                ErrorKind::Argument,
                format!("a path is lerp or slerp, got {}", crate::text::quoted(name)),
            )),
        }
    }
}

/// The sine of the angle below which two directions count as parallel or antipodal: below it, rounding of f32 inputs, about 1e-7,
/// would decide which way the arc goes.
const NO_ARC: f64 = 1e-6;

/// (1 - t) a + t b. Exact at the ends: t = 0 gives `a` and t = 1 gives `b`, bit for bit; other t outside 0 to 1 extrapolate.
///
/// # Panics
/// When the lengths differ.
pub fn lerp(a: &[f32], b: &[f32], t: f32) -> Vec<f32> {
    assert_eq!(a.len(), b.len(), "latents of one length");
    if t == 0.0 || t == 1.0 {
        return if t == 0.0 { a } else { b }.to_vec();
    }
    a.iter().zip(b).map(|(a, b)| (1.0 - t) * a + t * b).collect()
}

/// Spherical interpolation (Shoemake 1985; for latents White 2016, arXiv 1609.04468): the direction moves evenly along the
/// arc from `a` to `b`, the norm linearly, so ends of the same norm keep it all the way. Exact at the ends, bit for bit.
///
/// Where there is no arc it is [`lerp`]: when a vector is zero (it has no direction) or the two are parallel (the straight
/// way is the arc), with the norm as promised; when they are antipodal (every way round is as good as any other), straight
/// through zero.
///
/// # Panics
/// When the lengths differ.
pub fn slerp(a: &[f32], b: &[f32], t: f32) -> Vec<f32> {
    let (norm_a, norm_b) = (dot(a, a).sqrt(), dot(b, b).sqrt());
    let cosine = dot(a, b) / (norm_a * norm_b);
    // The part of b's direction that is perpendicular to a's; its length is the sine of the angle
    // between them. Written with it, cos * along + sin * across has norm 1 however the angle is
    // rounded.
    let across: Vec<f64> = a
        .iter()
        .zip(b)
        .map(|(&a, &b)| f64::from(b) / norm_b - cosine * (f64::from(a) / norm_a))
        .collect();
    let sine = across.iter().map(|value| value * value).sum::<f64>().sqrt();
    // Also false for the NaN that a zero vector makes.
    let has_arc = sine > NO_ARC;
    if !has_arc || t == 0.0 || t == 1.0 {
        return lerp(a, b, t);
    }
    let angle = libm::atan2f(sine as f32, cosine as f32) * t;
    let norm = norm_a + f64::from(t) * (norm_b - norm_a);
    let (aside, along) = libm::sincosf(angle);
    let along = norm * f64::from(along) / norm_a;
    let aside = norm * f64::from(aside) / sine;
    a.iter()
        .zip(&across)
        .map(|(&a, across)| (along * f64::from(a) + aside * across) as f32)
        .collect()
}

/// In f64: sums of f32 products, which neither overflow nor lose the precision that slerp promises.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len(), "latents of one length");
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// `[frames, latent]`: evenly spaced from `a` to `b`, both ends included; one frame is `a`.
///
/// # Panics
/// When the lengths differ.
pub fn path(kind: Path, a: &[f32], b: &[f32], frames: usize) -> Vec<f32> {
    let last = frames.saturating_sub(1).max(1) as f32;
    let mut latents = Vec::with_capacity(frames * a.len());
    for frame in 0..frames {
        let t = frame as f32 / last;
        latents.extend(match kind {
            Path::Lerp => lerp(a, b, t),
            Path::Slerp => slerp(a, b, t),
        });
    }
    latents
}

/// Two-dimensional latents `[rows * columns, 2]`, row after row from the top left: x from -extent to extent, y from extent
/// down to -extent. A single column or row lies at 0.
pub fn grid(columns: usize, rows: usize, extent: f32) -> Vec<f32> {
    // 2n - last is exact, so the grid is symmetric to the last bit.
    let place = |n: usize, count: usize| match count {
        1 => 0.0,
        _ => extent * ((2 * n) as f32 - (count - 1) as f32) / (count - 1) as f32,
    };
    let mut latents = Vec::with_capacity(2 * rows * columns);
    for row in (0..rows).rev() {
        for column in 0..columns {
            latents.extend([place(column, columns), place(row, rows)]);
        }
    }
    latents
}

/// `[count]` standard normal draws, a pure function of seed and stream with the same bits on every machine (PCG32 of
/// O'Neill 2014, and Box and Muller 1958). A shorter draw is the beginning of a longer one; none is beyond 5.8.
pub fn normal_draws(seed: u64, stream: u64, count: usize) -> Vec<f32> {
    let mut random = generator(Purpose::Normal, seed, stream);
    let mut draws = Vec::with_capacity(count + 1);
    while draws.len() < count {
        // 1 - u is in (0, 1]: the logarithm is finite.
        let radius = (-2.0 * libm::logf(1.0 - unit(&mut random))).sqrt();
        let angle = TAU * unit(&mut random);
        let (sine, cosine) = libm::sincosf(angle);
        draws.push(radius * cosine);
        draws.push(radius * sine);
    }
    draws.truncate(count);
    draws
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slerp_follows_a_quarter_circle_evenly() {
        let middle = slerp(&[2.0, 0.0], &[0.0, 4.0], 0.5);
        let side = 3.0 / f32::sqrt(2.0);
        assert!(
            middle.iter().all(|value| (value - side).abs() < 1e-6),
            "{middle:?}"
        );
    }

    #[test]
    fn slerp_is_lerp_if_there_is_no_arc() {
        for (a, b) in [
            ([0.0, 0.0], [3.0, 4.0]),
            ([0.0, 0.0], [0.0, 0.0]),
            ([1.0, 2.0], [2.0, 4.0]),
            ([1.0, 2.0], [-1.0, -2.0]),
        ] {
            assert_eq!(slerp(&a, &b, 0.25), lerp(&a, &b, 0.25));
        }
        assert_eq!(slerp(&[1.0, 2.0], &[-1.0, -2.0], 0.5), [0.0, 0.0]);
    }

    #[test]
    fn a_path_contains_both_ends_and_a_single_frame_is_the_start() {
        let frames = path(Path::Lerp, &[0.0, 1.0], &[1.0, 3.0], 3);
        assert_eq!(frames, [0.0, 1.0, 0.5, 2.0, 1.0, 3.0]);
        assert_eq!(path(Path::Slerp, &[7.0], &[8.0], 1), [7.0]);
        assert_eq!(path(Path::Slerp, &[7.0], &[8.0], 0), [0.0; 0]);
    }

    #[test]
    fn the_grid_starts_at_the_top_left_and_is_symmetric() {
        assert_eq!(
            grid(3, 2, 2.0),
            [-2.0, 2.0, 0.0, 2.0, 2.0, 2.0, -2.0, -2.0, 0.0, -2.0, 2.0, -2.0]
        );
        assert_eq!(grid(1, 1, 3.0), [0.0, 0.0]);
        let thirds = grid(7, 1, 0.7);
        for n in 0..7 {
            assert_eq!(thirds[2 * n], -thirds[2 * (6 - n)]);
        }
    }

    #[test]
    fn normal_draws_have_the_moments_of_a_normal_distribution() {
        let count = 100_000;
        let draws = normal_draws(1, 2, count);
        let mean = |power: i32| draws.iter().map(|&z| f64::from(z).powi(power)).sum::<f64>() / count as f64;
        // Five standard errors: sqrt(var(z^p) / count), with variances 1, 2, 15 and 96.
        for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
            let error = 5.0 * f64::sqrt(variance / count as f64);
            assert!(
                (mean(power) - expected).abs() < error,
                "moment {power}: {}",
                mean(power)
            );
        }
    }

    #[test]
    fn normal_draws_are_reproducible_bit_for_bit() {
        let bits: Vec<u32> = normal_draws(1, 0, 3).iter().map(|z| z.to_bits()).collect();
        // These formulas in Python, in doubles rounded to f32, give the same three values:
        // u, v = 1 - (pcg() >> 8) / 2**24, (pcg() >> 8) / 2**24; r = sqrt(-2 * log(u)); r * cos(tau * v), r * sin(tau * v)
        assert_eq!(bits, [1068765115, 1053995583, 1055216393]);
        assert_eq!(normal_draws(1, 0, 5)[..3], normal_draws(1, 0, 3));
        assert_ne!(normal_draws(1, 0, 1), normal_draws(1, 1, 1));
    }
}
