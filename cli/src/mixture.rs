//! Fits Gaussian mixtures to codes by expectation maximization (Dempster, Laird and Rubin 1977).
//!
//! Our own code: `linfa-clustering` has such a fit, but adds a second library of matrices and of random numbers, and we need draws
//! from our own seeds. With nalgebra, which we use anyway, this file is all it takes.
//!
//! Functions: `kmeans` makes starts, `fit` keeps the best of several and finishes it, `choose` fits several sizes and says which
//! explains held-out codes best.

mod kmeans;

use std::f64::consts::TAU;

use anyhow::{Context, Result};
use latent_lab::{Prior, shuffled};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use crate::statistics::Statistics;

/// Starts, of which the best is finished.
const STARTS: u64 = 4;

/// Codes and rounds by which a start is judged.
const JUDGED: usize = 10_000;
const SHORT: usize = 5;

/// Most rounds of the start that is finished, and the gain of mean log-likelihood in nats below which it stops.
const LONG: usize = 100;
const GAIN: f64 = 1e-3;

/// Codes that are multiplied at once.
const AT_ONCE: usize = 512;

/// A mixture in f64: weights, and means and lower Cholesky factors of the covariances.
#[derive(Clone)]
pub(crate) struct Mixture {
    weights: Vec<f64>,
    means: Vec<DVector<f64>>,
    factors: Vec<DMatrix<f64>>,
}

/// Values that all fits to one set of codes share.
struct Shape {
    /// Covariance of all codes.
    covariance: DMatrix<f64>,
    /// This number of codes with the shape of all is added to each component (as Fraley and Raftery 2007 do with a Wishart prior):
    /// a few codes in many dimensions have no covariance of their own.
    added: f64,
}

impl Shape {
    fn of(codes: &DMatrix<f64>, components: usize) -> Self {
        let latent = codes.nrows();
        let Statistics { mut covariance, .. } = Statistics::of(codes);
        // An unused dimension has no variance.
        let least = 1e-6 * covariance.trace() / latent as f64 + f64::from(f32::MIN_POSITIVE);
        covariance += DMatrix::identity(latent, latent) * least;
        // k components share the volume of all codes.
        covariance /= libm::pow(components as f64, 2.0 / latent as f64);
        Self {
            covariance,
            added: latent as f64,
        }
    }
}

/// Fits a mixture of `components` components to codes `[latent, n]`; `tick` is called after each round.
///
/// # Errors
/// When codes are not finite or all the same.
pub(crate) fn fit(
    codes: &DMatrix<f64>,
    components: usize,
    seed: u64,
    tick: &mut dyn FnMut(),
) -> Result<Mixture> {
    let order = shuffled(codes.ncols(), seed, 0);
    let some: Vec<usize> = order.iter().take(JUDGED).map(|&at| at as usize).collect();
    let some = codes.select_columns(&some);
    let shape = Shape::of(&some, components);
    let mut best: Option<(f64, Mixture)> = None;
    for start in 0..STARTS {
        let mut mixture = Mixture::start(&some, components, &shape, seed, start)?;
        let mut likelihood = f64::NEG_INFINITY;
        for _ in 0..SHORT {
            likelihood = mixture.improve(&some, &shape)?;
            tick();
        }
        if best.as_ref().is_none_or(|(most, _)| likelihood > *most) {
            best = Some((likelihood, mixture));
        }
        // With one component there is only one mixture.
        if components == 1 {
            break;
        }
    }
    let (_, mut mixture) = best.context("there is at least one start")?;
    let shape = Shape::of(codes, components);
    let mut before = f64::NEG_INFINITY;
    for _ in 0..LONG {
        let likelihood = mixture.improve(codes, &shape)?;
        tick();
        if likelihood - before < GAIN {
            break;
        }
        before = likelihood;
    }
    Ok(mixture)
}

impl Mixture {
    /// Components around the means of k-means.
    fn start(codes: &DMatrix<f64>, components: usize, shape: &Shape, seed: u64, start: u64) -> Result<Self> {
        let assigned = kmeans::assign(codes, components, seed, start);
        let mut mixture = Self {
            weights: vec![0.0; components],
            means: vec![Statistics::of(codes).mean; components],
            factors: vec![DMatrix::zeros(codes.nrows(), codes.nrows()); components],
        };
        let mut shares = DMatrix::zeros(components, codes.ncols());
        for (at, &component) in assigned.iter().enumerate() {
            shares[(component, at)] = 1.0;
        }
        mixture.maximize(codes, &shares, shape)?;
        Ok(mixture)
    }

    /// One round; returns the mean log-likelihood before it.
    fn improve(&mut self, codes: &DMatrix<f64>, shape: &Shape) -> Result<f64> {
        let mut shares = self.log_densities(codes)?;
        let mut sum = 0.0;
        for mut column in shares.column_iter_mut() {
            let log = log_sum(column.as_slice());
            column.apply(|value| *value = libm::exp(*value - log));
            sum += log;
        }
        self.maximize(codes, &shares, shape)?;
        Ok(sum / codes.ncols() as f64)
    }

    /// Mean log-likelihood of codes `[latent, n]`.
    pub(crate) fn log_likelihood(&self, codes: &DMatrix<f64>) -> Result<f64> {
        let logs = self.log_densities(codes)?;
        let sum: f64 = logs.column_iter().map(|column| log_sum(column.as_slice())).sum();
        Ok(sum / codes.ncols() as f64)
    }

    /// Logs of weight times density: `[components, n]`.
    fn log_densities(&self, codes: &DMatrix<f64>) -> Result<DMatrix<f64>> {
        let (latent, count) = codes.shape();
        let mut logs = DMatrix::zeros(self.weights.len(), count);
        for (at, factor) in self.factors.iter().enumerate() {
            let identity = DMatrix::identity(latent, latent);
            let inverse = factor
                .solve_lower_triangular(&identity)
                .context("the covariance of a component is singular")?;
            let center = &inverse * &self.means[at];
            let of_diagonal: f64 = factor.diagonal().iter().map(|&value| libm::log(value)).sum();
            let norm = libm::log(self.weights[at]) - of_diagonal - 0.5 * latent as f64 * libm::log(TAU);
            for first in (0..count).step_by(AT_ONCE) {
                let some = codes.columns(first, AT_ONCE.min(count - first));
                let white = &inverse * some;
                for (n, column) in white.column_iter().enumerate() {
                    logs[(at, first + n)] = norm - 0.5 * (column - &center).norm_squared();
                }
            }
        }
        Ok(logs)
    }

    /// Weights, means and covariances that make codes likeliest, where each counts in the components by its `shares` `[components,
    /// n]`, together with the codes that a shape adds.
    fn maximize(&mut self, codes: &DMatrix<f64>, shares: &DMatrix<f64>, shape: &Shape) -> Result<()> {
        let (latent, count) = codes.shape();
        for at in 0..self.weights.len() {
            let taken = shares.row(at).sum();
            // One extra code for each, so that none is lost for good.
            self.weights[at] = (taken + 1.0) / (count + self.weights.len()) as f64;
            let center = self.means[at].clone();
            let (mut first, mut second) = (DVector::zeros(latent), DMatrix::zeros(latent, latent));
            for from in (0..count).step_by(AT_ONCE) {
                let width = AT_ONCE.min(count - from);
                let mut around = codes.columns(from, width).into_owned();
                for mut column in around.column_iter_mut() {
                    column -= &center;
                }
                let mut weighted = around.clone();
                for (n, mut column) in weighted.column_iter_mut().enumerate() {
                    column *= shares[(at, from + n)];
                }
                first += weighted.column_sum();
                second += weighted * around.transpose();
            }
            // With almost no code, it stays where it is.
            let moved = first / taken.max(1e-9);
            let scatter = second - &moved * moved.transpose() * taken;
            self.means[at] = center + moved;
            let covariance = (scatter + &shape.covariance * shape.added) / (taken + shape.added);
            self.factors[at] = lower(covariance)?.unpack();
        }
        Ok(())
    }

    /// The mixture as a model file holds it.
    pub(crate) fn prior(&self) -> Result<Prior> {
        let single = |value: &f64| *value as f32;
        let latent = self.means[0].len();
        let factors = self.factors.iter().flat_map(|factor| {
            (0..latent).flat_map(move |row| (0..=row).map(move |column| factor[(row, column)] as f32))
        });
        let prior = Prior::new(
            latent,
            self.weights.iter().map(single).collect(),
            self.means
                .iter()
                .flat_map(|mean| mean.iter().map(single))
                .collect(),
            factors.collect(),
        );
        prior.context("the codes of this network cannot be described by a prior")
    }
}

fn lower(covariance: DMatrix<f64>) -> Result<Cholesky<f64, Dyn>> {
    Cholesky::new(covariance).context("the codes are not finite, or all the same")
}

/// The log of the sum of exponentials.
fn log_sum(logs: &[f64]) -> f64 {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    most + libm::log(logs.iter().map(|log| libm::exp(log - most)).sum())
}

#[cfg(test)]
mod tests {
    use latent_lab::normal_draws;

    use super::*;

    /// Codes in three clusters in two dimensions, one of them elongated, in proportions of 1, 2 and 3.
    fn codes(count: usize) -> DMatrix<f64> {
        let draws = DMatrix::from_vec(2, count, normal_draws(3, 0, 2 * count)).map(f64::from);
        DMatrix::from_fn(2, count, |row, at| {
            let draw = draws.column(at);
            match at % 6 {
                0 => [8.0 + draw[0], 0.5 * draw[1]][row],
                1 | 2 => [-8.0 + 0.5 * draw[0], 3.0 + 0.5 * draw[1]][row],
                _ => [2.0 * draw[0], -8.0 + 2.0 * draw[0] + 0.3 * draw[1]][row],
            }
        })
    }

    #[test]
    fn a_fit_finds_the_clusters_with_their_shares_and_shapes() {
        let mixture = fit(&codes(6000), 3, 1, &mut || ()).unwrap();
        let mut found: Vec<usize> = (0..3).collect();
        found.sort_by(|&a, &b| mixture.weights[a].total_cmp(&mixture.weights[b]));
        let expected = [
            (1.0 / 6.0, [8.0, 0.0]),
            (2.0 / 6.0, [-8.0, 3.0]),
            (0.5, [0.0, -8.0]),
        ];
        for (&at, (weight, mean)) in found.iter().zip(expected) {
            assert!(
                (mixture.weights[at] - weight).abs() < 0.01,
                "{:?}",
                mixture.weights
            );
            let apart = (&mixture.means[at] - DVector::from_column_slice(&mean)).norm();
            // Standard errors of 3,000 draws with a deviation of 2 are 0.04.
            assert!(apart < 0.2, "{}", mixture.means[at]);
        }
        let long = &mixture.factors[found[2]];
        let covariance = long * long.transpose();
        let expected = DMatrix::from_row_slice(2, 2, &[4.0, 4.0, 4.0, 4.09]);
        assert!((covariance - expected).norm() < 0.6, "{long}");
    }

    #[test]
    fn a_fit_is_reproducible_from_its_seed() {
        let codes = codes(300);
        let once = fit(&codes, 4, 1, &mut || ()).unwrap().prior().unwrap();
        assert_eq!(fit(&codes, 4, 1, &mut || ()).unwrap().prior().unwrap(), once);
        assert_ne!(fit(&codes, 4, 2, &mut || ()).unwrap().prior().unwrap(), once);
    }

    #[test]
    fn one_component_is_the_normal_distribution_of_the_codes() {
        let codes = codes(3000);
        let mixture = fit(&codes, 1, 1, &mut || ()).unwrap();
        let statistics = Statistics::of(&codes);
        assert!((&mixture.means[0] - statistics.mean).norm() < 1e-9);
        let covariance = &mixture.factors[0] * mixture.factors[0].transpose();
        // The divisors differ: n + 2 for the fit, n - 1 for the statistics.
        assert!((covariance - &statistics.covariance).norm() < 0.01 * statistics.covariance.norm());
    }

    #[test]
    fn the_likelihood_agrees_with_the_prior_and_is_larger_for_more_components() {
        let codes = codes(600);
        let likelihoods: Vec<f64> = [1, 3]
            .map(|components| {
                let mixture = fit(&codes, components, 1, &mut || ()).unwrap();
                let flat: Vec<f32> = codes.iter().map(|&value| value as f32).collect();
                let logs = mixture.prior().unwrap().log_density(&flat);
                let of_prior = logs.iter().sum::<f64>() / logs.len() as f64;
                let likelihood = mixture.log_likelihood(&codes).unwrap();
                // The prior computes in f32, which has seven digits.
                assert!((of_prior - likelihood).abs() < 1e-4, "{of_prior}, {likelihood}");
                likelihood
            })
            .into();
        assert!(likelihoods[1] > likelihoods[0] + 1.0, "{likelihoods:?}");
    }

    #[test]
    fn few_codes_in_many_dimensions_can_be_fitted_and_identical_codes_are_an_error() {
        let few = DMatrix::from_vec(20, 9, normal_draws(1, 0, 180)).map(f64::from);
        let prior = fit(&few, 5, 1, &mut || ()).unwrap().prior().unwrap();
        assert_eq!((prior.latent(), prior.components()), (20, 5));
        let same = DMatrix::from_element(3, 40, 0.5);
        let error = fit(&same, 2, 1, &mut || ()).and_then(|mixture| mixture.prior());
        assert!(format!("{:#}", error.unwrap_err()).contains("positive diagonal"));
    }
}
