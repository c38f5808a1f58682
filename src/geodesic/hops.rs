//! The way from one end to the other in ten hops: over stones and points of the arc, none of them much longer than the others.

use super::{ARC, distance, stones::Stones};

/// Hops of a way: a strip of eleven pictures shows its places.
pub(super) const HOPS: usize = 10;

/// Numbers of hops after which the middle of the arc may come, best first; and the largest of them.
const MIDDLES: [usize; 5] = [5, 4, 6, 3, 7];
const MOST: usize = 7;

/// Largest ratio of the longest hop to the mean one.
const LONGEST: f64 = 1.42;

/// The limit of a hop is tried from this multiple of a tenth of the chords on, a little more each time. A short way comes first.
const FIRST: f64 = 1.1;
const GROWTH: f64 = 1.08;
const TRIES: usize = 22;

/// Share of its limit that a hop should have, so that hops are even, and the cost of the squared difference from it.
const AIM: f64 = 0.8;

/// Cost of the squared way back, as a share of the limit.
const BACK: f64 = 3.0;

/// Cost of a place that is less dense than one deviation above typical, per deviation; and how many deviations below typical a
/// point of the arc may be, or below the end of its half if that is less dense.
const COST: f64 = 0.85;
const DENSEST: f64 = 1.0;
const LEAST: f64 = 0.8;

/// The places that a way may have: the stones, and after them the points of the arc.
pub(super) struct Places<'a> {
    stones: &'a Stones,
    /// Distances of the arc's pictures from those of all places, `[ARC, places]`.
    from_arc: Vec<f32>,
    costs: Vec<f64>,
}

impl<'a> Places<'a> {
    /// The places for an arc with its pictures `[ARC, size]` and densities.
    pub(super) fn new(stones: &'a Stones, pictures: &[f32], densities: &[f64]) -> Self {
        let size = pictures.len() / ARC;
        let others = || stones.pictures.chunks(size).chain(pictures.chunks(size));
        let from_arc = pictures
            .chunks(size)
            .flat_map(|one| others().map(|other| distance(one, other) as f32))
            .collect();
        let cost = |density: f64| COST * (DENSEST - density).max(0.0);
        let on_arc = densities.iter().enumerate().map(|(at, &density)| {
            let end = densities[if at <= ARC / 2 { 0 } else { ARC - 1 }];
            let is_dense = density >= end.min(0.0) - LEAST;
            if is_dense { cost(density) } else { f64::INFINITY }
        });
        Self {
            costs: stones
                .densities
                .iter()
                .map(|&density| cost(density))
                .chain(on_arc)
                .collect(),
            stones,
            from_arc,
        }
    }

    /// The stones and points of the arc on the way from its first point over its middle to its last; `None` if none is even enough.
    pub(super) fn way(&self) -> Option<Vec<usize>> {
        let [from, middle, to] = [0, ARC / 2, ARC - 1].map(|at| self.stones.len() + at);
        let chords = self.distance(from, middle) + self.distance(middle, to);
        let mut limit = FIRST * chords / HOPS as f64;
        let mut found: [Option<Vec<usize>>; MIDDLES.len()] = Default::default();
        for _ in 0..TRIES {
            let halves = [self.ways(from, middle, limit), self.ways(middle, to, limit)];
            for (kept, hops) in found.iter_mut().zip(MIDDLES) {
                if kept.is_none() {
                    let parts = halves[0].with(hops).zip(halves[1].with(HOPS - hops));
                    let way = parts.map(|(first, second)| [&first[..], &second[1..]].concat());
                    *kept = way.filter(|way| self.is_even(way));
                }
            }
            if found[0].is_some() {
                break;
            }
            limit *= GROWTH;
        }
        found.into_iter().flatten().next()
    }

    fn is_even(&self, way: &[usize]) -> bool {
        let hops: Vec<f64> = way.windows(2).map(|hop| self.distance(hop[0], hop[1])).collect();
        let mean = hops.iter().sum::<f64>() / hops.len() as f64;
        hops.iter().all(|&hop| hop <= LONGEST * mean)
    }

    /// The cheapest ways with one hop, two and so on, none of them longer than `limit` (dynamic programming; only the cheapest way
    /// to a place is checked for having no place twice).
    fn ways(&self, from: usize, to: usize, limit: f64) -> Ways {
        let rest: Vec<f64> = (0..self.len()).map(|place| self.distance(place, to)).collect();
        let mut ways = Ways::new(from, to, self.stones.len());
        let mut costs = vec![f64::INFINITY; self.len()];
        costs[from] = 0.0;
        for _ in 0..MOST {
            let mut next = vec![f64::INFINITY; self.len()];
            let mut before = vec![usize::MAX; self.len()];
            for at in (0..self.len()).filter(|&at| costs[at].is_finite() && at != to) {
                for place in (0..self.stones.len()).chain(from + 1..to + 1) {
                    let length = self.distance(at, place);
                    if length > limit {
                        continue;
                    }
                    let (uneven, back) = (length / limit - AIM, ((rest[place] - rest[at]) / limit).max(0.0));
                    let own = if place == to { 0.0 } else { self.costs[place] };
                    let cost = costs[at] + own + uneven * uneven + BACK * back * back;
                    if cost < next[place] && ways.may_go_on(at, place) {
                        next[place] = cost;
                        before[place] = at;
                    }
                }
            }
            ways.before.push(before);
            costs = next;
        }
        ways
    }

    fn len(&self) -> usize {
        self.costs.len()
    }

    fn distance(&self, a: usize, b: usize) -> f64 {
        let stones = self.stones.len();
        let row = |point: usize, other: usize| self.from_arc[(point - stones) * self.len() + other];
        f64::from(match (a >= stones, b >= stones) {
            (true, _) => row(a, b),
            (_, true) => row(b, a),
            _ => self.stones.distance(a, b),
        })
    }
}

/// The place before each, on the cheapest way to it with one hop, two and so on.
struct Ways {
    from: usize,
    to: usize,
    stones: usize,
    before: Vec<Vec<usize>>,
}

impl Ways {
    fn new(from: usize, to: usize, stones: usize) -> Self {
        let before = Vec::with_capacity(MOST);
        Self {
            from,
            to,
            stones,
            before,
        }
    }

    /// True if the cheapest way to `at` may have `place` next: no place twice, and along the arc only onward.
    fn may_go_on(&self, mut at: usize, place: usize) -> bool {
        for before in self.before.iter().rev() {
            if at == place || (place >= self.stones && at > place) {
                return false;
            }
            at = before[at];
        }
        at != place
    }

    /// The places of the way with this number of hops.
    fn with(&self, hops: usize) -> Option<Vec<usize>> {
        let mut way = vec![self.to];
        for before in self.before[..hops].iter().rev() {
            let at = before[way[way.len() - 1]];
            if at == usize::MAX {
                return None;
            }
            way.push(at);
        }
        way.reverse();
        debug_assert_eq!(way[0], self.from);
        Some(way)
    }
}
