//! A graph of places where a prior has its codes, and the cheapest way through it.

use super::{Decode, cost_of, distance};
use crate::{error::Result, prior::Prior};

/// Draws of each component, beside its mean, and how far they are from it.
const DRAWS: usize = 5;
const TEMPERATURE: f32 = 0.8;
const SEED: u64 = 1;

/// Neighbors that a place is joined to.
const NEIGHBORS: usize = 10;

/// Latents with their pictures, and the cost of the line to each neighbor.
pub(super) struct Graph {
    latent: usize,
    latents: Vec<f32>,
    pictures: Vec<f32>,
    edges: Vec<Vec<(usize, f64)>>,
}

/// A latent and its picture.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) latent: &'a [f32],
    pub(super) picture: &'a [f32],
}

impl Graph {
    /// Of a prior with one component, whose codes lie in one place, it is empty.
    pub(super) fn new(prior: &Prior, typical: f64, decode: Decode<'_>) -> Result<Self> {
        let count = match prior.components() {
            1 => 0,
            count => count * DRAWS,
        };
        let mut latents = prior.draws(SEED, 0, count, TEMPERATURE);
        if count > 0 {
            latents.extend_from_slice(prior.means());
        }
        let pictures = if count > 0 { decode(&latents)? } else { Vec::new() };
        let mut graph = Self {
            latent: prior.latent(),
            latents,
            pictures,
            edges: Vec::new(),
        };
        let mut edges = vec![Vec::new(); graph.len()];
        for at in 0..graph.len() {
            for (to, cost) in graph.links(graph.place(at), Some(at), prior, typical) {
                edges[at].push((to, cost));
                edges[to].push((at, cost));
            }
        }
        graph.edges = edges;
        Ok(graph)
    }

    fn len(&self) -> usize {
        self.latents.len() / self.latent
    }

    fn place(&self, at: usize) -> Place<'_> {
        let size = self.pictures.len() / self.len();
        Place {
            latent: &self.latents[at * self.latent..][..self.latent],
            picture: &self.pictures[at * size..][..size],
        }
    }

    /// The nearest places by their pictures, and the cost of the line to each.
    fn links(&self, from: Place<'_>, but: Option<usize>, prior: &Prior, typical: f64) -> Vec<(usize, f64)> {
        let mut near: Vec<(f64, usize)> = (0..self.len())
            .filter(|&at| Some(at) != but)
            .map(|at| (distance(from.picture, self.place(at).picture), at))
            .collect();
        // Of equal ones the first: the order must be the same everywhere.
        near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        near.truncate(NEIGHBORS);
        near.into_iter()
            .map(|(length, at)| {
                let to = self.place(at).latent;
                (at, length * cost_of(prior, typical, from.latent, to))
            })
            .collect()
    }

    /// The cheapest way (Dijkstra 1959) that is cheaper than `bound`: latents from one end to the other.
    pub(super) fn way(
        &self,
        ends: [Place<'_>; 2],
        bound: f64,
        prior: &Prior,
        typical: f64,
    ) -> Option<Vec<f32>> {
        let mut costs = vec![f64::INFINITY; self.len()];
        let mut last = costs.clone();
        let mut before = vec![usize::MAX; self.len()];
        let mut is_done = vec![false; self.len()];
        for (at, cost) in self.links(ends[0], None, prior, typical) {
            costs[at] = cost;
        }
        for (at, cost) in self.links(ends[1], None, prior, typical) {
            last[at] = cost;
        }
        while let Some(at) = least(&costs, &is_done) {
            is_done[at] = true;
            for &(to, cost) in &self.edges[at] {
                if costs[at] + cost < costs[to] {
                    costs[to] = costs[at] + cost;
                    before[to] = at;
                }
            }
        }
        let whole: Vec<f64> = costs.iter().zip(&last).map(|(a, b)| a + b).collect();
        let mut at = least(&whole, &vec![false; self.len()]).filter(|&at| whole[at] < bound)?;
        let mut way = vec![ends[1].latent];
        while at != usize::MAX {
            way.push(self.place(at).latent);
            at = before[at];
        }
        way.push(ends[0].latent);
        way.reverse();
        Some(way.concat())
    }
}

/// Index of the least finite cost among those that are not done.
fn least(costs: &[f64], is_done: &[bool]) -> Option<usize> {
    (0..costs.len())
        .filter(|&at| !is_done[at] && costs[at].is_finite())
        .min_by(|&a, &b| costs[a].total_cmp(&costs[b]))
}
