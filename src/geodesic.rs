//! `Geodesics`: paths that stay where pictures are. A path is short in pixels, and where the model's prior has a low density each step
//! counts for more (shortest paths in the decoder's metric: Arvanitidis et al. 2018, Shao et al. 2018).
//!
//! [`flow`] maps the prior to a normal distribution, whose arcs keep to where its draws are: their middle is a draw of the prior like
//! any other. From each end to that middle a [`graph`] over the prior finds a detour where the arc crosses a gap between pictures. The
//! points are then spread so that most lie where the density is high, and none takes a large step.
//!
//! All in f64 with `libm`: the same ends give the same bits wherever the decoder does. Needs no gradient of the network.

mod flow;
mod graph;

use crate::{
    engine::{Engine, latent_count},
    error::{Error, ErrorKind, Result},
    latent::{lerp, slerp},
    prior::Prior,
};
use flow::Flow;
use graph::{Graph, Place};

/// Points of a path.
pub const GEODESIC_POINTS: usize = 32;

/// Points of the arc; its middle is one of them.
const ARC: usize = 33;

/// Points of each half before they are spread.
const FINE: usize = 48;

/// How much a nat below the typical density adds to the logarithm of a step's cost, and the most that it adds in all.
const AVERSION: f64 = 1.0;
const MOST_AVERSION: f64 = 12.0;

/// How many nats above the typical density points gather most.
const CLEAREST: f64 = 2.0;

/// Largest step over the mean one before points are placed; smaller ones are tried until the path's own is at most [`LARGEST_STEP`].
const SPEEDS: [f64; 5] = [1.45, 1.35, 1.25, 1.1, 1.0];
const LARGEST_STEP: f64 = 1.45;

/// Draws that the typical density is the mean of.
const DRAWS: usize = 256;
const SEED: u64 = 2;

/// Multiplications that preparing a prior may take. Models of this project need a tenth of it; a larger prior is replaced by the
/// standard normal distribution.
const MOST_WORK: usize = 1 << 28;

/// Latents `[n, latent]` to pictures `[n, size]`.
type Decode<'a> = &'a mut dyn FnMut(&[f32]) -> Result<Vec<f32>>;

/// A prior prepared for paths.
pub struct Geodesics {
    prior: Prior,
    flow: Flow,
    graph: Graph,
    /// Mean log density of the prior's draws.
    typical: f64,
}

impl Geodesics {
    /// For the decoder of `engine`. Without a fitted prior the standard normal distribution takes its place: then a path is the arc
    /// with even steps.
    ///
    /// # Errors
    /// `Argument` when the prior has another number of latent dimensions; as [`Engine::decode`].
    pub fn new(engine: &mut dyn Engine, prior: Option<&Prior>) -> Result<Self> {
        let latent = engine.config().latent;
        if prior.is_some_and(|prior| prior.latent() != latent) {
            let message = format!("expected a prior of {latent} latent dimensions");
            return Err(Error::new(ErrorKind::Argument, message));
        }
        let work = |prior: &&Prior| prior.components().saturating_mul(latent.pow(3));
        let prior = match prior.filter(|prior| work(prior) <= MOST_WORK) {
            Some(prior) => prior.clone(),
            None => standard_normal(latent)?,
        };
        let logs = prior.log_density(&prior.draws(SEED, 0, DRAWS, 1.0));
        let typical = logs.iter().sum::<f64>() / logs.len() as f64;
        Ok(Self {
            graph: Graph::new(&prior, typical, &mut |latents| engine.decode(latents))?,
            flow: Flow::new(prior.clone()),
            prior,
            typical,
        })
    }

    /// A path `[GEODESIC_POINTS, latent]` from one latent to another, both included, with the decoder that this was made for.
    ///
    /// # Errors
    /// `Argument` and `NotFinite` when an end is not one finite latent.
    pub fn path(&self, engine: &mut dyn Engine, from: &[f32], to: &[f32]) -> Result<Vec<f32>> {
        let latent = self.prior.latent();
        for end in [from, to] {
            if latent_count(latent, end)? != 1 {
                let message = format!("expected one latent of {latent} values, got {}", end.len());
                return Err(Error::new(ErrorKind::Argument, message));
            }
        }
        if from == to {
            return Ok(from.repeat(GEODESIC_POINTS));
        }
        let arc = self.arc(from, to);
        let pictures = engine.decode(&arc)?;
        let size = pictures.len() / ARC;
        let weights = self.weights(&arc);
        let halves = [[0, ARC / 2], [ARC / 2, ARC - 1]].map(|ends| {
            let place = |at: usize| Place {
                latent: &arc[at * latent..][..latent],
                picture: &pictures[at * size..][..size],
            };
            let step = |at: usize| {
                let length = distance(place(at).picture, place(at + 1).picture);
                length * 0.5 * (weights[at] + weights[at + 1])
            };
            let cost: f64 = (ends[0]..ends[1]).map(step).sum();
            let way = self.graph.way(ends.map(place), cost, &self.prior, self.typical);
            way.unwrap_or_else(|| arc[ends[0] * latent..(ends[1] + 1) * latent].to_vec())
        });
        let halves = halves.map(|way| refined(&way, latent, FINE));
        let course = Course::new(&halves, self, engine)?;
        course.spread(engine)
    }

    /// The arc between what the flow makes of the ends, `[ARC, latent]`; exact at the ends.
    fn arc(&self, from: &[f32], to: &[f32]) -> Vec<f32> {
        let normal = [from, to].map(|end| self.flow.to_normal(end));
        let mut points = Vec::with_capacity(ARC * from.len());
        for at in 0..ARC {
            let t = at as f32 / (ARC - 1) as f32;
            points.extend(slerp(&normal[0], &normal[1], t));
        }
        let mut arc = self.flow.back_to_latents(&points);
        let last = arc.len() - to.len();
        arc[..from.len()].copy_from_slice(from);
        arc[last..].copy_from_slice(to);
        arc
    }

    /// The weight of a step's length at each latent: 1 where the density is typical or higher.
    fn weights(&self, latents: &[f32]) -> Vec<f64> {
        weights(&self.prior, self.typical, latents)
    }
}

/// Fine points of both halves, with how long each step is and how much time it gets beside that for its length.
struct Course {
    latent: usize,
    points: Vec<f32>,
    lengths: Vec<f64>,
    stays: Vec<f64>,
    /// Steps of the first half.
    first: usize,
}

impl Course {
    fn new(halves: &[Vec<f32>; 2], geodesics: &Geodesics, engine: &mut dyn Engine) -> Result<Self> {
        let latent = geodesics.prior.latent();
        let first = halves[0].len() / latent - 1;
        let points = [&halves[0][..first * latent], &halves[1]].concat();
        let pictures = engine.decode(&points)?;
        let lengths = steps(&pictures, points.len() / latent);
        let logs = geodesics.prior.log_density(&points);
        let clearest = geodesics.typical + CLEAREST;
        let stay = |at: usize| {
            let density = 0.5 * (logs[at] + logs[at + 1]);
            // Some length everywhere, or a standstill would have no time at all.
            libm::exp((density - clearest).clamp(-MOST_AVERSION, 0.0)) * (lengths[at] + f64::MIN_POSITIVE)
        };
        let stays = if geodesics.prior.components() == 1 {
            lengths.clone()
        } else {
            (0..lengths.len()).map(stay).collect()
        };
        Ok(Self {
            latent,
            points,
            lengths,
            stays,
            first,
        })
    }

    /// The points at even times, `[GEODESIC_POINTS, latent]`.
    fn spread(&self, engine: &mut dyn Engine) -> Result<Vec<f32>> {
        let mut points = Vec::new();
        for speed in SPEEDS {
            points = self.at_even_times(speed);
            let steps = steps(&engine.decode(&points)?, GEODESIC_POINTS);
            let mean = steps.iter().sum::<f64>() / steps.len() as f64;
            if steps.iter().all(|&step| step <= LARGEST_STEP * mean) {
                break;
            }
        }
        Ok(points)
    }

    fn at_even_times(&self, speed: f64) -> Vec<f32> {
        let latent = self.latent;
        let point = |at: usize| &self.points[at * latent..][..latent];
        let times = self.times(speed);
        let mut points = Vec::with_capacity(GEODESIC_POINTS * latent);
        let mut at = 0;
        for wanted in 0..GEODESIC_POINTS {
            let time = wanted as f64 / (GEODESIC_POINTS - 1) as f64;
            while at + 2 < times.len() && times[at + 1] < time {
                at += 1;
            }
            let span = times[at + 1] - times[at];
            let share = if span > 0.0 {
                ((time - times[at]) / span).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let share = if wanted + 1 == GEODESIC_POINTS { 1.0 } else { share };
            points.extend(lerp(point(at), point(at + 1), share as f32));
        }
        points
    }

    /// When each fine point is reached, 0 to 1: no step faster than `speed` times the mean, and the middle at half time unless its half is
    /// too long for that. At a speed of 1 all steps are even.
    fn times(&self, speed: f64) -> Vec<f64> {
        let total = self.lengths.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        let mut times = vec![0.0];
        let parts = [0..self.first, self.first..self.lengths.len()];
        let moving = parts
            .clone()
            .map(|part| self.lengths[part].iter().sum::<f64>() / (speed * total));
        let early = (0.5_f64).max(moving[0]).min(1.0 - moving[1]);
        for (part, (moving, whole)) in parts
            .into_iter()
            .zip(moving.into_iter().zip([early, 1.0 - early]))
        {
            let stays = self.stays[part.clone()]
                .iter()
                .sum::<f64>()
                .max(f64::MIN_POSITIVE);
            let rest = (whole - moving).max(0.0);
            for at in part {
                let time = self.lengths[at] / (speed * total) + rest * self.stays[at] / stays;
                times.push(times[times.len() - 1] + time);
            }
        }
        times
    }
}

/// `frames` latents evenly along the lines between the points of a path `[points, latent]`, both ends included; one frame is the first
/// point.
///
/// # Panics
/// When there are fewer than two points.
pub fn path_frames(points: &[f32], latent: usize, frames: usize) -> Vec<f32> {
    let pieces = points.len() / latent - 1;
    let last = frames.saturating_sub(1).max(1);
    let mut latents = Vec::with_capacity(frames * latent);
    for frame in 0..frames {
        let (piece, rest) = ((frame * pieces / last).min(pieces - 1), frame * pieces);
        let share = (rest - piece * last) as f32 / last as f32;
        let from = &points[piece * latent..][..2 * latent];
        latents.extend(lerp(&from[..latent], &from[latent..], share));
    }
    latents
}

/// Cuts each line of a way `[n, latent]` so that there are about `count` of them.
fn refined(way: &[f32], latent: usize, count: usize) -> Vec<f32> {
    let pieces = way.len() / latent - 1;
    path_frames(way, latent, pieces * count.div_ceil(pieces) + 1)
}

/// Distances between neighbors of `count` pictures.
fn steps(pictures: &[f32], count: usize) -> Vec<f64> {
    let size = pictures.len() / count;
    let pairs = pictures.chunks(size).zip(pictures.chunks(size).skip(1));
    pairs.map(|(a, b)| distance(a, b)).collect()
}

fn distance(a: &[f32], b: &[f32]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| f64::from(a - b) * f64::from(a - b));
    squares.sum::<f64>().sqrt()
}

fn weights(prior: &Prior, typical: f64, latents: &[f32]) -> Vec<f64> {
    let weight = |log: f64| libm::exp((AVERSION * (typical - log)).clamp(0.0, MOST_AVERSION));
    prior.log_density(latents).into_iter().map(weight).collect()
}

/// Mean weight along the line between two latents.
fn cost_of(prior: &Prior, typical: f64, from: &[f32], to: &[f32]) -> f64 {
    let places: Vec<f32> = [1.0 / 6.0, 0.5, 5.0 / 6.0]
        .iter()
        .flat_map(|&t| lerp(from, to, t))
        .collect();
    weights(prior, typical, &places).iter().sum::<f64>() / 3.0
}

/// The prior that networks learn with.
fn standard_normal(latent: usize) -> Result<Prior> {
    let mut factors = Vec::with_capacity(latent * (latent + 1) / 2);
    for row in 0..latent {
        factors.extend((0..=row).map(|column| if row == column { 1.0 } else { 0.0 }));
    }
    Prior::new(latent, [1.0].to_vec(), vec![0.0; latent], factors)
}

#[cfg(test)]
mod tests;
