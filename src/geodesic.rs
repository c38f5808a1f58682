//! `Geodesics`: paths that stay where pictures are: through places where the fitted prior is dense,
//! in steps that are short and even in pixels (shortest paths in the decoder's metric: Arvanitidis
//! et al. 2018, Shao et al. 2018).
//!
//! [`flow`] maps a prior to a normal distribution. The middle of an arc there is a draw of the prior like any other; where the ends lie
//! in a fitted prior's tail, the arc dips to the shell of its draws ([`over_shell`]). But the arc crosses the gaps between kinds of
//! pictures. [`hops`] therefore goes from end to end in ten hops over the middle, each to a point of the arc or to one of the
//! [`stones`], which lie where the prior is dense, so that a gap is crossed within one hop. [`course`] spaces the points.
//!
//! All in f64 with `libm`: the same ends give the same bits wherever the decoder does. Needs no gradient of the network.

mod course;
mod flow;
mod hops;
mod stones;

use crate::{
    engine::{Engine, latent_count},
    error::{Error, ErrorKind, Result},
    latent::{lerp, slerp},
    prior::Prior,
};
use flow::Flow;
use hops::Places;
use stones::Stones;

/// Points of a path.
pub const GEODESIC_POINTS: usize = 32;

/// Points of the arc; its middle is one of them.
const ARC: usize = 33;

/// Draws that measure how dense the prior is where its draws are.
const DRAWS: usize = 256;
const SEED: u64 = 2;

/// Most multiplications that preparing a prior may take. Models of this project need a tenth of it;
/// a larger prior is replaced by the standard normal distribution.
const MOST_WORK: usize = 1 << 28;

/// Latents `[n, latent]` to pictures `[n, size]`.
type Decode<'a> = &'a mut dyn FnMut(&[f32]) -> Result<Vec<f32>>;

/// A prior prepared for paths.
pub struct Geodesics {
    prior: Prior,
    flow: Flow,
    stones: Stones,
    density: Density,
    /// False for the normal distribution in place of a fitted prior, which says nothing of where codes are.
    is_fitted: bool,
}

impl Geodesics {
    /// For the decoder of `engine`. Without a fitted prior the standard normal distribution takes its place, and a path is the arc
    /// with even steps.
    ///
    /// # Errors
    /// `Argument` when the prior has a different number of latent dimensions; as [`Engine::decode`].
    pub fn new(engine: &mut dyn Engine, prior: Option<&Prior>) -> Result<Self> {
        let (latent, size) = (engine.config().latent, engine.config().image.len());
        if prior.is_some_and(|prior| prior.latent() != latent) {
            let message = format!("expected a prior of {latent} latent dimensions");
            return Err(Error::new(ErrorKind::Argument, message));
        }
        let work = |prior: &&Prior| prior.components().saturating_mul(latent.pow(3));
        let fitted = prior.filter(|prior| work(prior) <= MOST_WORK);
        let prior = match fitted {
            Some(prior) => prior.clone(),
            None => standard_normal(latent)?,
        };
        let density = Density::of(&prior);
        Ok(Self {
            stones: Stones::new(&prior, density, size, &mut |latents| engine.decode(latents))?,
            flow: Flow::new(prior.clone()),
            prior,
            density,
            is_fitted: fitted.is_some(),
        })
    }

    /// A path `[GEODESIC_POINTS, latent]` from one latent to another, both included. The decoder must be the one it was prepared
    /// for.
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
        match self.way(&arc, &pictures) {
            Some(way) => course::points(&way, latent, &mut |latents| engine.decode(latents)),
            None => Ok(course::evenly(&arc, &pictures, latent, GEODESIC_POINTS)),
        }
    }

    /// The latents of the path in hops; `None` where the arc with even steps is the better path.
    fn way(&self, arc: &[f32], pictures: &[f32]) -> Option<Vec<f32>> {
        if self.stones.len() == 0 {
            return None;
        }
        let densities = self.density.at(&self.prior, arc);
        let way = Places::new(&self.stones, pictures, &densities).way()?;
        let latent = self.prior.latent();
        let latents = way
            .into_iter()
            .flat_map(|at| match at.checked_sub(self.stones.len()) {
                Some(point) => &arc[point * latent..][..latent],
                None => &self.stones.latents[at * latent..][..latent],
            });
        Some(latents.copied().collect())
    }

    /// The arc between the ends as the flow maps them, `[ARC, latent]`; exact at the ends.
    fn arc(&self, from: &[f32], to: &[f32]) -> Vec<f32> {
        let normal = [from, to].map(|end| self.flow.to_normal(end));
        let between = if self.is_fitted { over_shell } else { slerp };
        let mut points = Vec::with_capacity(ARC * from.len());
        for at in 0..ARC {
            let t = at as f32 / (ARC - 1) as f32;
            points.extend(between(&normal[0], &normal[1], t));
        }
        let mut arc = self.flow.back_to_latents(&points);
        let last = arc.len() - to.len();
        arc[..from.len()].copy_from_slice(from);
        arc[last..].copy_from_slice(to);
        arc
    }
}

/// A point between two points of a standard normal distribution: in the direction of the arc, as far from the mean as the line is, but
/// no nearer than draws are, unless the arc itself is. Where the ends are in the distribution's tail (as codes are for a prior that
/// was fitted with a temperature below 1), the way between them leads through the shell of its draws.
fn over_shell(from: &[f32], to: &[f32], t: f32) -> Vec<f32> {
    let mut point = slerp(from, to, t);
    let [arc, line] = [&point, &lerp(from, to, t)].map(|point| norm(point));
    let shell = libm::sqrt(from.len() as f64);
    let radius = line.max(arc.min(shell));
    if radius < arc {
        let scale = (radius / arc) as f32;
        point.iter_mut().for_each(|value| *value *= scale);
    }
    point
}

/// How dense a prior is where its draws are.
#[derive(Clone, Copy)]
struct Density {
    /// Mean and standard deviation of the log density of draws.
    typical: f64,
    deviation: f64,
}

impl Density {
    fn of(prior: &Prior) -> Self {
        let logs = prior.log_density(&prior.draws(SEED, 0, DRAWS, 1.0));
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / DRAWS as f64;
        let typical = mean(&mut logs.iter().copied());
        let variance = mean(&mut logs.iter().map(|log| (log - typical) * (log - typical)));
        Self {
            typical,
            deviation: variance.sqrt(),
        }
    }

    /// Log densities at latents, as deviations above the typical one.
    fn at(self, prior: &Prior, latents: &[f32]) -> Vec<f64> {
        let logs = prior.log_density(latents);
        logs.iter()
            .map(|log| (log - self.typical) / self.deviation)
            .collect()
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

fn norm(point: &[f32]) -> f64 {
    let squares = point.iter().map(|&value| f64::from(value) * f64::from(value));
    libm::sqrt(squares.sum())
}

/// Summed in lanes, which is faster than one after the other, and in the same order everywhere.
fn distance(a: &[f32], b: &[f32]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            let apart = f64::from(a - b);
            *sum += apart * apart;
        }
    }
    sums.iter().sum::<f64>().sqrt()
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
