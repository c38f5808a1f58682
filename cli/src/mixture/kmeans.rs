//! Clusters by k-means, started by k-means++ (Arthur and Vassilvitskii 2007).

use latent_lab::normal_draws;
use nalgebra::{DMatrix, DVector, DVectorView};

/// Most rounds: the result is only a start.
const ROUNDS: usize = 10;

/// The cluster of each of the codes `[latent, n]`. If there are fewer different codes than clusters, some stay empty.
pub(super) fn assign(codes: &DMatrix<f64>, clusters: usize, seed: u64, start: u64) -> Vec<usize> {
    let mut centers = spread(codes, clusters, seed, start);
    let mut assigned = Vec::new();
    for _ in 0..ROUNDS {
        let before = std::mem::replace(&mut assigned, nearest(codes, &centers));
        if assigned == before {
            break;
        }
        for (cluster, center) in centers.iter_mut().enumerate() {
            let own = || assigned.iter().enumerate().filter(|&(_, &of)| of == cluster);
            let sum: DVector<f64> = own().fold(DVector::zeros(codes.nrows()), |sum, (at, _)| {
                sum + codes.column(at)
            });
            if own().count() > 0 {
                *center = sum / own().count() as f64;
            }
        }
    }
    assigned
}

fn nearest(codes: &DMatrix<f64>, centers: &[DVector<f64>]) -> Vec<usize> {
    let of_one = |code: DVectorView<'_, f64>| {
        let distances: Vec<f64> = centers.iter().map(|center| distance(&code, center)).collect();
        let least = (0..centers.len()).min_by(|&a, &b| distances[a].total_cmp(&distances[b]));
        least.expect("there is a center")
    };
    codes.column_iter().map(of_one).collect()
}

fn distance(code: &DVectorView<'_, f64>, center: &DVector<f64>) -> f64 {
    code.iter().zip(center).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Codes as centers: each is drawn with a probability that grows with its squared distance from those before.
fn spread(codes: &DMatrix<f64>, clusters: usize, seed: u64, start: u64) -> Vec<DVector<f64>> {
    let mut centers: Vec<DVector<f64>> = Vec::with_capacity(clusters);
    let mut distances = vec![1.0; codes.ncols()];
    for draw in uniform(seed, start, clusters) {
        let mut left = draw * distances.iter().sum::<f64>();
        let found = distances.iter().position(|distance| {
            left -= distance;
            left < 0.0
        });
        let center = codes.column(found.unwrap_or(0)).into_owned();
        for (distance, code) in distances.iter_mut().zip(codes.column_iter()) {
            let to_center = self::distance(&code, &center);
            *distance = if centers.is_empty() {
                to_center
            } else {
                distance.min(to_center)
            };
        }
        centers.push(center);
    }
    centers
}

/// Draws from 0 to 1. Box and Muller (1958) make two normal draws of length r from u = exp(-r^2 / 2).
fn uniform(seed: u64, stream: u64, count: usize) -> Vec<f64> {
    let draws = normal_draws(seed, stream, 2 * count);
    let square = |pair: &[f32]| f64::from(pair[0]).powi(2) + f64::from(pair[1]).powi(2);
    draws
        .chunks(2)
        .map(|pair| libm::exp(-0.5 * square(pair)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_that_are_far_apart_are_separated() {
        let codes = DMatrix::from_fn(2, 30, |row, at| (at % 3 * 100 + at / 3 + row) as f64);
        let assigned = assign(&codes, 3, 1, 0);
        for at in 3..30 {
            assert_eq!(assigned[at], assigned[at - 3]);
        }
        assert!(assigned[0] != assigned[1] && assigned[1] != assigned[2] && assigned[0] != assigned[2]);
    }

    #[test]
    fn more_clusters_than_codes_leave_some_empty() {
        let assigned = assign(&DMatrix::from_vec(1, 2, vec![0.0, 1.0]), 5, 1, 0);
        assert_eq!(assigned.len(), 2);
        assert_ne!(assigned[0], assigned[1]);
    }

    #[test]
    fn uniform_draws_are_uniform() {
        let draws = uniform(1, 0, 10_000);
        let mean = draws.iter().sum::<f64>() / 10_000.0;
        let below = draws.iter().filter(|&&draw| draw < 0.1).count();
        // The standard errors are 0.003, and 30 in the count.
        assert!(
            (mean - 0.5).abs() < 0.015 && below.abs_diff(1000) < 150,
            "{mean}, {below}"
        );
    }
}
