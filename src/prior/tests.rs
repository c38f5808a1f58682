use super::*;

/// Two components of two dimensions, one of them correlated.
fn mixture() -> Prior {
    Prior::new(
        2,
        vec![0.25, 0.75],
        vec![-4.0, 1.0, 3.0, 0.5],
        vec![1.0, 0.0, 1.0, 2.0, -1.0, 0.5],
    )
    .unwrap()
}

fn error_of(weights: &[f32], means: &[f32], factors: &[f32]) -> (ErrorKind, String) {
    let error = Prior::new(2, weights.to_vec(), means.to_vec(), factors.to_vec()).unwrap_err();
    (error.kind(), error.to_string())
}

#[test]
fn draws_are_reproducible_and_a_shorter_sequence_is_the_start_of_a_longer_one() {
    let draws = mixture().draws(2, 0, 3, 0.5);
    let bits: Vec<u32> = draws.iter().map(|z| z.to_bits()).collect();
    // These formulas in Python, rounded to f32 after each operation, give the same values, except for the last bit of the second, whose
    // normal draw is computed in doubles there:
    // k = 0 if u < 0.25 else 1; x = m[k][0] + l[k][0] * (t * z[0]); y = m[k][1] + (l[k][1] * (t * z[0]) + l[k][2] * (t * z[1]))
    assert_eq!(
        bits,
        [
            1068610296, 1069015413, 3229857507, 1070219856, 1079252475, 1052924790
        ]
    );
    assert_eq!(mixture().draws(2, 0, 2, 0.5), draws[..4]);
    assert_ne!(mixture().draws(2, 1, 3, 0.5), draws);
    assert_ne!(mixture().draws(3, 0, 3, 0.5), draws);
}

#[test]
fn at_temperature_zero_every_draw_is_a_mean_as_often_as_its_weight_says() {
    let (prior, count) = (mixture(), 10_000);
    let draws = prior.draws(3, 0, count, 0.0);
    let of_first = draws
        .chunks(2)
        .filter(|draw| *draw == &prior.means()[..2])
        .count();
    assert!(
        draws
            .chunks(2)
            .all(|draw| draw == &prior.means()[..2] || draw == &prior.means()[2..])
    );
    // The tolerance is five standard deviations of a count in 10,000 draws with a probability of a quarter.
    assert!((of_first as f64 - 2500.0).abs() < 5.0 * 43.3, "{of_first}");
}

#[test]
fn a_standard_normal_prior_gives_the_same_draws_as_normal_draws() {
    let prior = Prior::new(2, vec![1.0], vec![0.0; 2], vec![1.0, 0.0, 1.0]).unwrap();
    assert_eq!(prior.draws(5, 7, 4, 1.0), normal_draws(5, 7, 8));
}

#[test]
fn the_gaussian_has_the_mean_and_covariance_of_the_mixture() {
    let gaussian = mixture().gaussian();
    assert_eq!(gaussian.components(), 1);
    // 0.25 * (-4, 1) + 0.75 * (3, 0.5).
    assert_eq!(gaussian.means(), [1.25, 0.625]);
    // Within: 0.25 I + 0.75 [[4, -2], [-2, 1.25]]; between: 0.1875 * (-7, 0.5) (-7, 0.5)^T.
    let [a, b, c] = [0.25 + 3.0 + 9.1875, -1.5 - 0.65625, 0.25 + 0.9375 + 0.046875_f64];
    let factor = [a.sqrt(), b / a.sqrt(), (c - b * b / a).sqrt()];
    for (got, expected) in gaussian.factors().iter().zip(factor) {
        assert!(
            (f64::from(*got) - expected).abs() < 1e-6,
            "{got}, expected {expected}"
        );
    }
    assert_eq!(gaussian.gaussian(), gaussian);
}

#[test]
fn draws_have_the_mean_and_covariance_of_the_gaussian() {
    let (prior, count) = (mixture(), 40_000);
    let draws = prior.draws(9, 0, count, 1.0);
    let mean = |at: usize| draws[at..].iter().step_by(2).map(|&z| f64::from(z)).sum::<f64>() / count as f64;
    let (x, y) = (mean(0), mean(1));
    let product: f64 = draws
        .chunks(2)
        .map(|z| (f64::from(z[0]) - x) * (f64::from(z[1]) - y))
        .sum();
    let gaussian = prior.gaussian();
    let factor = gaussian.factors();
    // Standard errors of 40,000 draws with deviations of 3.5 and 1.1 are below 0.02.
    assert!((x - 1.25).abs() < 0.1 && (y - 0.625).abs() < 0.03, "{x}, {y}");
    let covariance = f64::from(factor[0] * factor[1]);
    assert!((product / count as f64 - covariance).abs() < 0.15);
}

#[test]
fn the_log_density_agrees_with_the_formula() {
    // In Python: log(0.25 * N(x; (-4, 1), I) + 0.75 * N(x; (3, 0.5), [[4, -2], [-2, 1.25]])).
    let expected = [-10.76643772832448, -2.1255591388543906, -3.22417142742929];
    let density = mixture().log_density(&[0.0, 0.0, 3.0, 0.5, -4.0, 1.0]);
    for (got, expected) in density.iter().zip(expected) {
        assert!((got - expected).abs() < 1e-12, "{got}, expected {expected}");
    }
}

#[test]
fn far_away_the_log_density_stays_finite() {
    let density = mixture().log_density(&[1e6, -1e6]);
    assert!(density[0].is_finite() && density[0] < -1e10, "{density:?}");
}

#[test]
fn invalid_parts_are_refused_with_the_reason() {
    let (weights, means, factors) = ([0.5, 0.5], [0.0; 4], [1.0, 0.0, 1.0, 1.0, 0.0, 1.0]);
    for (error, kind, words) in [
        (
            error_of(&[], &[], &[]),
            ErrorKind::Weights,
            "1 to 64 components, got 0",
        ),
        (
            error_of(&[1.0 / 65.0; 65], &[0.0; 130], &[1.0; 195]),
            ErrorKind::Weights,
            "1 to 64 components, got 65",
        ),
        (
            error_of(&weights, &means[1..], &factors),
            ErrorKind::Weights,
            "means of this prior are 4 values, got 3",
        ),
        (
            error_of(&weights, &means, &factors[1..]),
            ErrorKind::Weights,
            "factors of this prior are 6 values, got 5",
        ),
        (
            error_of(&[0.5, 0.6], &means, &factors),
            ErrorKind::Weights,
            "positive and sum to 1",
        ),
        (
            error_of(&[1.0, 0.0], &means, &factors),
            ErrorKind::Weights,
            "positive and sum to 1",
        ),
        (
            error_of(&[1.5, -0.5], &means, &factors),
            ErrorKind::Weights,
            "positive and sum to 1",
        ),
        (
            error_of(&[f32::NAN, 0.5], &means, &factors),
            ErrorKind::NotFinite,
            "weights of a prior must be finite, but the one at 0",
        ),
        (
            error_of(&weights, &[0.0, f32::INFINITY, 0.0, 0.0], &factors),
            ErrorKind::NotFinite,
            "means of a prior must be finite, but the one at 1",
        ),
        (
            error_of(&weights, &means, &[1.0, 0.0, 1.0, 1.0, 1e5, 1.0]),
            ErrorKind::Weights,
            "at most 65536 in magnitude, but the one at 4",
        ),
        (
            error_of(&weights, &means, &[1.0, 0.0, 1.0, 1.0, 0.0, -1.0]),
            ErrorKind::Weights,
            "positive diagonal, but that of component 1 is not positive at 1",
        ),
        (
            error_of(&weights, &means, &[0.0, 0.0, 1.0, 1.0, 0.0, 1.0]),
            ErrorKind::Weights,
            "positive diagonal, but that of component 0 is not positive at 0",
        ),
    ] {
        assert!(
            error.0 == kind && error.1.contains(words),
            "{error:?}, expected {words}"
        );
    }
    assert!(Prior::new(0, vec![1.0], Vec::new(), Vec::new()).is_err());
    assert!(Prior::new(usize::MAX, vec![1.0], Vec::new(), Vec::new()).is_err());
}

#[test]
fn the_gaussian_of_components_on_a_line_is_valid() {
    // The variance across the line is so small that it is lost in rounding.
    let tiny = 1.0e-6;
    let factors = [tiny, 0.0, tiny].repeat(3);
    let means = vec![-6e4, -6e4, 0.0, 0.0, 6e4, 6e4];
    let prior = Prior::new(2, vec![0.25, 0.5, 0.25], means, factors).unwrap();
    let gaussian = prior.gaussian();
    let again = Prior::new(
        2,
        gaussian.weights().to_vec(),
        gaussian.means().to_vec(),
        gaussian.factors().to_vec(),
    );
    assert_eq!(again, Ok(gaussian));
}
