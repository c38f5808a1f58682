//! Seeded generators: one for every purpose, seed and index, all independent of each other.

use rand_pcg::{Pcg32, rand_core::Rng};

/// The purpose of draws. Two purposes never share numbers, even with the same seed and index.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Normal = 1,
    Shuffle = 2,
    Augment = 3,
    Binarize = 4,
    Weights = 5,
    Component = 6,
    Critic = 7,
    Views = 8,
}

/// The generator of one purpose, seed and index (a stream, an epoch, a picture).
///
/// PCG's own streams are not used directly: `Pcg32::new(seed, n)` for n = 0, 1, 2 ... starts so regularly that
/// the first draws of nearby streams correlate by up to 0.09. Hashing seed and index into the start (the
/// finalizer of SplitMix64, Steele et al. 2014) takes that away.
pub(crate) fn generator(purpose: Purpose, seed: u64, index: u64) -> Pcg32 {
    let start = mix(mix(seed).wrapping_add(mix(index ^ ((purpose as u64) << 56))));
    Pcg32::new(start, index)
}

fn mix(mut bits: u64) -> u64 {
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A uniform draw from 0 (inclusive) to 1 (exclusive), a multiple of 2^-24: exact in f32.
pub(crate) fn unit(random: &mut Pcg32) -> f32 {
    (random.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// A uniform draw from 0 (inclusive) to `bound` (exclusive, not 0), without bias (Lemire 2019).
pub(crate) fn below(random: &mut Pcg32, bound: u32) -> u32 {
    let rejected = bound.wrapping_neg() % bound;
    loop {
        let product = u64::from(random.next_u32()) * u64::from(bound);
        if product as u32 >= rejected {
            return (product >> 32) as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_at_nearby_indices_are_not_correlated() {
        let count = 20_000;
        for draw in 0..4 {
            let column: Vec<f64> = (0..count)
                .map(|index| {
                    let mut random = generator(Purpose::Normal, 7, index);
                    (0..=draw).map(|_| unit(&mut random)).last().unwrap() as f64 - 0.5
                })
                .collect();
            for lag in 1..=32 {
                let products: f64 = column.iter().zip(&column[lag..]).map(|(a, b)| a * b).sum();
                // Correlations in standard deviations, over 128 lags; plain PCG streams reach 13.
                let sigmas = 12.0 * products / (count as f64).sqrt();
                assert!(sigmas.abs() < 5.0, "draw {draw}, lag {lag}: {sigmas} sigma");
            }
        }
    }

    #[test]
    fn different_purposes_seeds_and_indices_give_different_generators() {
        let first = |purpose, seed, index| generator(purpose, seed, index).next_u64();
        let all = [
            first(Purpose::Normal, 1, 2),
            first(Purpose::Shuffle, 1, 2),
            first(Purpose::Normal, 2, 1),
            first(Purpose::Normal, 2, 2),
            first(Purpose::Normal, 1, 1),
        ];
        for (n, one) in all.iter().enumerate() {
            assert!(!all[n + 1..].contains(one));
        }
    }

    #[test]
    fn bounded_draws_reach_every_value_evenly() {
        let mut random = generator(Purpose::Shuffle, 1, 0);
        let mut counts = [0; 7];
        for _ in 0..70_000 {
            counts[below(&mut random, 7) as usize] += 1;
        }
        // The standard deviation of a count is 93.
        assert!(
            counts.iter().all(|count| (9_600..10_400).contains(count)),
            "{counts:?}"
        );
    }
}
