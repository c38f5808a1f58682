use super::*;
use crate::{config::ModelConfig, cpu::CpuEngine, latent::normal_draws, weights::Weights};

/// A small network with random weights.
fn engine() -> CpuEngine {
    let config = ModelConfig::preset("map").unwrap();
    CpuEngine::new(&config, &Weights::init(&config, 1)).unwrap()
}

fn prior() -> Prior {
    let (means, factor) = ([-2.0, 0.0, 2.0, 0.0, 0.0, 2.5], [0.5, 0.0, 0.5]);
    Prior::new(2, vec![0.4, 0.4, 0.2], means.to_vec(), factor.repeat(3)).unwrap()
}

const ENDS: [[f32; 2]; 2] = [[-2.2, 0.1], [1.9, -0.2]];

fn path(prior: Option<&Prior>, [from, to]: [[f32; 2]; 2]) -> Vec<f32> {
    let mut engine = engine();
    let geodesics = Geodesics::new(&mut engine, prior).unwrap();
    geodesics.path(&mut engine, &from, &to).unwrap()
}

#[test]
fn a_path_keeps_its_ends_and_is_reproducible() {
    for prior in [None, Some(prior())] {
        let points = path(prior.as_ref(), ENDS);
        assert_eq!(points.len(), 2 * GEODESIC_POINTS);
        assert_eq!(
            (&points[..2], &points[points.len() - 2..]),
            (&ENDS[0][..], &ENDS[1][..])
        );
        assert_eq!(points, path(prior.as_ref(), ENDS));
        assert!(points.iter().all(|value| value.is_finite()));
    }
}

#[test]
fn no_step_is_much_larger_than_the_mean() {
    let mut engine = engine();
    for prior in [None, Some(prior())] {
        let frames = path_frames(&path(prior.as_ref(), ENDS), 2, hops::HOPS + 1);
        let pictures = engine.decode(&frames).unwrap();
        let size = pictures.len() / (hops::HOPS + 1);
        let picture = |at: usize| &pictures[at * size..][..size];
        let steps: Vec<f64> = (0..hops::HOPS)
            .map(|at| distance(picture(at), picture(at + 1)))
            .collect();
        let mean = steps.iter().sum::<f64>() / steps.len() as f64;
        let largest = steps.iter().copied().fold(0.0, f64::max);
        assert!(largest <= 1.5 * mean, "{largest}, mean {mean}");
    }
}

#[test]
fn the_points_of_a_route_are_dense_and_its_hops_even() {
    // Four components on an arch, and a decoder that returns the latents themselves.
    let means = [-2.0, 0.0, -0.7, 1.5, 0.7, 1.5, 2.0, 0.0];
    let factor = [0.4, 0.0, 0.4];
    let prior = Prior::new(2, vec![0.25; 4], means.to_vec(), factor.repeat(4)).unwrap();
    let mut decode = |latents: &[f32]| Ok(latents.to_vec());
    let density = Density::of(&prior);
    let stones = Stones::new(&prior, density, 2, &mut decode).unwrap();
    let ends = [[-2.0, 0.0], [2.0, 0.0]];
    let angle = |t: usize| std::f32::consts::PI * t as f32 / (ARC - 1) as f32;
    let arch = (0..ARC).flat_map(|t| [-2.0 * angle(t).cos(), 1.5 * angle(t).sin()]);
    let mut arc: Vec<f32> = arch.collect();
    arc[2 * ARC - 2..].copy_from_slice(&ends[1]);
    arc[..2].copy_from_slice(&ends[0]);
    let way = Places::new(&stones, &arc, &density.at(&prior, &arc))
        .way()
        .unwrap();
    let places: Vec<&[f32]> = way
        .iter()
        .map(|&at| match at.checked_sub(stones.len()) {
            Some(point) => &arc[2 * point..][..2],
            None => &stones.latents[2 * at..][..2],
        })
        .collect();
    assert_eq!(places.len(), hops::HOPS + 1);
    assert_eq!((places[0], places[hops::HOPS]), (&ends[0][..], &ends[1][..]));
    let lengths: Vec<f64> = places.windows(2).map(|hop| distance(hop[0], hop[1])).collect();
    let mean = lengths.iter().sum::<f64>() / lengths.len() as f64;
    assert!(lengths.iter().all(|&length| length <= 1.42 * mean), "{lengths:?}");
    let mut once = way.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), way.len(), "{way:?}");
    // Except for the middle, through which the route must go, no point is in the gap.
    let densities = density.at(&prior, &places.concat());
    let sparse = densities.iter().filter(|&&dense| dense < -1.0).count();
    assert!(sparse <= 1, "{densities:?}");
    let on_arc = density.at(&prior, &arc);
    assert!(
        on_arc.iter().filter(|&&dense| dense < -1.0).count() > 5,
        "{on_arc:?}"
    );
}

#[test]
fn without_a_prior_the_path_is_the_arc_with_even_steps() {
    let mut engine = engine();
    let pictures = engine.decode(&path(None, ENDS)).unwrap();
    let size = pictures.len() / GEODESIC_POINTS;
    let steps: Vec<f64> = pictures
        .chunks(size)
        .zip(pictures.chunks(size).skip(1))
        .map(|(a, b)| distance(a, b))
        .collect();
    let mean = steps.iter().sum::<f64>() / steps.len() as f64;
    assert!(
        steps.iter().all(|&step| (step / mean - 1.0).abs() < 0.25),
        "{steps:?}"
    );
}

#[test]
fn without_a_prior_the_path_stays_on_the_arc_however_far_out_its_ends_are() {
    let ends = [[-6.0, 1.0], [1.0, 7.0]];
    for point in path(None, ends).chunks(2) {
        // The nearest place of a fine arc: the path has its points on lines between those of a coarser one.
        let nearest = (0..=1000)
            .map(|t| distance(point, &slerp(&ends[0], &ends[1], t as f32 / 1000.0)))
            .fold(f64::INFINITY, f64::min);
        assert!(nearest < 0.02, "{point:?}: {nearest}");
    }
}

#[test]
fn between_equal_ends_the_path_is_constant() {
    let points = path(Some(&prior()), [ENDS[0]; 2]);
    assert_eq!(points, ENDS[0].repeat(GEODESIC_POINTS));
}

#[test]
fn ends_that_are_not_latents_are_refused() {
    let mut engine = engine();
    let geodesics = Geodesics::new(&mut engine, Some(&prior())).unwrap();
    let mut kind = |from: &[f32], to: &[f32]| geodesics.path(&mut engine, from, to).unwrap_err().kind();
    assert_eq!(kind(&[0.0, f32::NAN], &[0.0, 1.0]), ErrorKind::NotFinite);
    assert_eq!(kind(&[0.0, 1.0], &[f32::INFINITY, 1.0]), ErrorKind::NotFinite);
    assert_eq!(kind(&[0.0; 3], &[0.0, 1.0]), ErrorKind::Argument);
    assert_eq!(kind(&[0.0; 4], &[0.0; 4]), ErrorKind::Argument);
    assert_eq!(kind(&[], &[0.0, 1.0]), ErrorKind::Argument);
    let other = Prior::new(1, vec![1.0], vec![0.0], vec![1.0]).unwrap();
    let error = Geodesics::new(&mut engine, Some(&other)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Argument);
}

#[test]
fn ends_far_from_all_codes_still_have_a_finite_path() {
    let points = path(Some(&prior()), [[1e4, -1e4], [0.0, 0.0]]);
    assert!(points.iter().all(|value| value.is_finite()));
}

#[test]
fn the_flow_maps_draws_to_normal_ones_and_back() {
    let (prior, count) = (prior(), 4000);
    let flow = Flow::new(prior.clone());
    let draws = prior.draws(3, 0, count, 1.0);
    let normal = flow.to_normal(&draws);
    let mean_square = normal.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>() / normal.len() as f64;
    assert!((mean_square - 1.0).abs() < 0.1, "{mean_square}");
    let again = flow.back_to_latents(&normal);
    let error = draws
        .iter()
        .zip(&again)
        .map(|(a, b)| f64::from((a - b).abs()))
        .sum::<f64>()
        / again.len() as f64;
    assert!(error < 0.05, "{error}");
}

#[test]
fn the_flow_of_one_component_is_exact() {
    let flow = Flow::new(Prior::new(2, vec![1.0], vec![1.0, -1.0], vec![2.0, 0.5, 0.25]).unwrap());
    assert_eq!(flow.to_normal(&[3.0, -0.5]), [1.0, 0.0]);
    assert_eq!(flow.back_to_latents(&[1.0, 0.0]), [3.0, -0.5]);
}

#[test]
fn the_gradient_of_the_density_agrees_with_finite_differences() {
    let (prior, at, small) = (prior(), [0.3_f32, 0.7], 1e-3_f32);
    let gradient = prior.log_density_gradient(&at);
    for axis in 0..2 {
        let shifted = |by: f32| {
            let mut latent = at;
            latent[axis] += by;
            prior.log_density(&latent)[0]
        };
        let difference = (shifted(small) - shifted(-small)) / (2.0 * f64::from(small));
        assert!(
            (gradient[axis] - difference).abs() < 1e-3,
            "{gradient:?}, {difference}"
        );
    }
}

#[test]
fn frames_lie_on_the_lines_between_points() {
    let points = [0.0, 1.0, 3.0];
    assert_eq!(path_frames(&points, 1, 5), [0.0, 0.5, 1.0, 2.0, 3.0]);
    assert_eq!(path_frames(&points, 1, 1), [0.0]);
    assert_eq!(path_frames(&normal_draws(1, 0, 6), 2, 0), [0.0; 0]);
}

#[test]
fn between_ends_in_the_tail_the_way_leads_through_the_shell_of_draws() {
    let latent = 64;
    let mut factors = Vec::new();
    for row in 0..latent {
        factors.extend((0..=row).map(|column| if row == column { 0.75 } else { 0.0 }));
    }
    let prior = Prior::new(latent, vec![1.0], vec![0.1; latent], factors).unwrap();
    let density = Density::of(&prior);
    let geodesics = Geodesics {
        stones: Stones::new(&prior, density, 1, &mut |_| {
            unreachable!("one component has none")
        })
        .unwrap(),
        flow: Flow::new(prior.clone()),
        prior: prior.clone(),
        density,
        is_fitted: true,
    };
    let codes = normal_draws(1, 0, 2 * latent);
    for (scale, dips) in [(1.0, true), (0.3, false)] {
        let ends: Vec<f32> = codes.iter().map(|value| scale * value).collect();
        let arc = geodesics.arc(&ends[..latent], &ends[latent..]);
        let radii: Vec<f64> = geodesics.flow.to_normal(&arc).chunks(latent).map(norm).collect();
        let densities = density.at(&prior, &arc);
        let (end, middle) = (radii[0].min(radii[ARC - 1]), radii[ARC / 2]);
        assert_eq!(middle < 0.97 * end, dips, "{radii:?}");
        assert_eq!(densities[ARC / 2] > densities[0] + 1.0, dips, "{densities:?}");
        // Nowhere nearer to the mean than draws, or than the ends if those are nearer.
        let nearest = end.min(libm::sqrt(latent as f64));
        assert!(radii.iter().all(|&radius| radius > 0.97 * nearest), "{radii:?}");
    }
}
