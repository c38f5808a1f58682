//! From a layer's geometry to tap lists.
//!
//! A layer is a set of [`Tap`]s: input position, output position, weight block. Stride, padding and the sub-pixel
//! phases of a transposed convolution only decide which taps there are; positions outside the picture have none, so no
//! arithmetic is spent on zeros. Grouped by output position the taps are the forward product; with input and output
//! exchanged, the data gradient; grouped by weight block, in runs of positions, the weight gradient.

use crate::config::{LayerConfig, MapShape};

/// One input position that contributes to one output position through one weight block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tap {
    pub(super) input: u32,
    pub(super) output: u32,
    pub(super) weight: u32,
}

/// All taps of a layer, and the order in which its positions lie where gradients of weights are summed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taps {
    pub(super) taps: Vec<Tap>,
    /// Weight blocks.
    pub(super) blocks: usize,
    /// The place of each input position.
    pub(super) input_places: Vec<u32>,
    /// The place of each output position.
    pub(super) output_places: Vec<u32>,
    /// Positions of a line of the input, and of the output.
    pub(super) lines: (u32, u32),
}

/// Places that one weight block connects: `count` of the input starting at `input`, each with one of the output
/// starting at `output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) input: u32,
    pub(super) output: u32,
    pub(super) count: u32,
}

/// Output positions whose inputs lie in the same pattern: they share a tap list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// (position relative to the base input position, weight block)
    pub(super) taps: Vec<(u32, u32)>,
    /// (base input position, output position)
    pub(super) positions: Vec<(u32, u32)>,
}

/// Taps of a convolution from `fine` to `coarse` positions: tap (ky, kx) of output (y, x) reads the input at
/// (stride y - padding + ky, stride x - padding + kx). Weight blocks count ky * kernel + kx.
///
/// The transposed convolution that mirrors it has the same taps with input and output exchanged.
///
/// Fine positions of a line have their places by phase, column modulo stride, so that those that one weight block connects to a
/// line of coarse positions lie side by side.
pub(super) fn convolution(layer: LayerConfig, fine: MapShape, coarse: MapShape) -> Taps {
    let LayerConfig { kernel, stride, .. } = layer;
    let padding = layer.padding();
    let mut taps = Vec::new();
    for y in 0..coarse.height {
        for x in 0..coarse.width {
            for ky in 0..kernel {
                for kx in 0..kernel {
                    let (row, column) = (stride * y + ky, stride * x + kx);
                    let inside = (padding..fine.height + padding).contains(&row)
                        && (padding..fine.width + padding).contains(&column);
                    if inside {
                        taps.push(Tap {
                            input: ((row - padding) * fine.width + column - padding) as u32,
                            output: (y * coarse.width + x) as u32,
                            weight: (ky * kernel + kx) as u32,
                        });
                    }
                }
            }
        }
    }
    Taps {
        taps,
        blocks: kernel * kernel,
        input_places: by_phase(fine, stride),
        output_places: in_order(coarse.positions()),
        lines: (fine.width as u32, coarse.width as u32),
    }
}

fn in_order(positions: usize) -> Vec<u32> {
    (0..positions as u32).collect()
}

fn by_phase(map: MapShape, stride: usize) -> Vec<u32> {
    let before =
        |phase: usize| -> usize { (0..phase).map(|phase| (map.width - phase).div_ceil(stride)).sum() };
    let in_line: Vec<usize> = (0..map.width).map(|x| before(x % stride) + x / stride).collect();
    (0..map.height)
        .flat_map(|y| in_line.iter().map(move |x| (y * map.width + x) as u32))
        .collect()
}

/// Taps of a linear layer from all positions to one (the encoder's last), each with a weight block of its own.
pub(super) fn to_one(positions: usize) -> Taps {
    let tap = |position| Tap {
        input: position,
        output: 0,
        weight: position,
    };
    Taps {
        taps: (0..positions as u32).map(tap).collect(),
        blocks: positions,
        input_places: in_order(positions),
        output_places: in_order(1),
        lines: (1, 1),
    }
}

/// Taps of a layer that treats every position alike: one weight block.
pub(super) fn each_position(map: MapShape) -> Taps {
    let positions = map.positions();
    let tap = |position| Tap {
        input: position,
        output: position,
        weight: 0,
    };
    Taps {
        taps: (0..positions as u32).map(tap).collect(),
        blocks: 1,
        input_places: in_order(positions),
        output_places: in_order(positions),
        lines: (map.width as u32, map.width as u32),
    }
}

/// Taps, and the (input, output) positions they are for.
type Pattern = (Vec<(u32, u32)>, (u32, u32));

impl Taps {
    /// The same taps seen from the other side.
    pub(super) fn reversed(&self) -> Self {
        let reverse = |tap: &Tap| Tap {
            input: tap.output,
            output: tap.input,
            weight: tap.weight,
        };
        Self {
            taps: self.taps.iter().map(reverse).collect(),
            blocks: self.blocks,
            input_places: self.output_places.clone(),
            output_places: self.input_places.clone(),
            lines: (self.lines.1, self.lines.0),
        }
    }

    /// The positions that each weight block connects, in the longest runs that stay within a line of the input.
    pub(super) fn runs(&self) -> Vec<Vec<Run>> {
        let placed = |l: &Tap| {
            let (input, output) = (l.input as usize, l.output as usize);
            (l.weight, self.output_places[output], self.input_places[input])
        };
        let mut placed: Vec<(u32, u32, u32)> = self.taps.iter().map(placed).collect();
        placed.sort_unstable();
        let mut runs = vec![Vec::new(); self.blocks];
        let goes_on = |a: &(u32, u32, u32), b: &(u32, u32, u32)| {
            (a.0, a.1 + 1, a.2 + 1) == *b && !b.2.is_multiple_of(self.lines.0)
        };
        for run in placed.chunk_by(goes_on) {
            let (weight, output, input) = run[0];
            let count = run.len() as u32;
            runs[weight as usize].push(Run { input, output, count });
        }
        runs
    }

    /// Groups taps by output position, then output positions by pattern. Output positions without a tap get no group.
    pub(super) fn groups(&self) -> Vec<Group> {
        let taps = &self.taps;
        let mut by_output: Vec<(u32, u32, u32)> =
            taps.iter().map(|l| (l.output, l.input, l.weight)).collect();
        by_output.sort_unstable();
        let mut patterns: Vec<Pattern> = Vec::new();
        for taps in by_output.chunk_by(|a, b| a.0 == b.0) {
            let (output, base, _) = taps[0];
            let taps = taps.iter().map(|l| (l.1 - base, l.2)).collect();
            patterns.push((taps, (base, output)));
        }
        patterns.sort_unstable();
        let group = |same: &[Pattern]| Group {
            taps: same[0].0.clone(),
            positions: same.iter().map(|pattern| pattern.1).collect(),
        };
        patterns.chunk_by(|a, b| a.0 == b.0).map(group).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(height: usize, width: usize) -> MapShape {
        MapShape {
            channels: 1,
            height,
            width,
        }
    }

    #[test]
    fn a_stride_of_two_on_four_by_four_reads_each_window_inside_the_picture() {
        let layer = LayerConfig {
            filters: 1,
            kernel: 3,
            stride: 2,
        };
        let taps = convolution(layer, map(4, 4), map(2, 2));
        let of_first: Vec<u32> = taps
            .taps
            .iter()
            .filter(|l| l.output == 0)
            .map(|l| l.input)
            .collect();
        assert_eq!(of_first, [0, 1, 4, 5]);
        let of_last: Vec<u32> = taps
            .taps
            .iter()
            .filter(|l| l.output == 3)
            .map(|l| l.input)
            .collect();
        assert_eq!(of_last, [5, 6, 7, 9, 10, 11, 13, 14, 15]);
    }

    #[test]
    fn groups_contain_every_tap_once_for_every_stride() {
        for (kernel, stride, height, width) in
            [(3, 1, 5_usize, 7_usize), (3, 2, 7, 4), (5, 2, 9, 8), (5, 1, 8, 8)]
        {
            let layer = LayerConfig {
                filters: 1,
                kernel,
                stride,
            };
            let taps = convolution(
                layer,
                map(height, width),
                map(height.div_ceil(stride), width.div_ceil(stride)),
            );
            for taps in [taps.reversed(), taps] {
                let mut seen = Vec::new();
                for group in taps.groups() {
                    for (base, output) in group.positions {
                        seen.extend(
                            group
                                .taps
                                .iter()
                                .map(|&(tap, weight)| (output, base + tap, weight)),
                        );
                    }
                }
                let mut expected: Vec<_> = taps.taps.iter().map(|l| (l.output, l.input, l.weight)).collect();
                seen.sort_unstable();
                expected.sort_unstable();
                assert_eq!(seen, expected);
            }
        }
    }

    #[test]
    fn the_inner_positions_of_a_transposed_convolution_share_four_tap_lists() {
        let layer = LayerConfig {
            filters: 1,
            kernel: 3,
            stride: 2,
        };
        let groups = convolution(layer, map(14, 14), map(7, 7)).reversed().groups();
        let largest: Vec<usize> = {
            let mut sizes: Vec<usize> = groups.iter().map(|group| group.positions.len()).collect();
            sizes.sort_unstable_by(|a, b| b.cmp(a));
            sizes
        };
        assert_eq!(largest, [49, 42, 42, 36, 7, 7, 6, 6, 1]);
    }

    #[test]
    fn runs_contain_every_tap_once_and_are_nearly_as_long_as_a_line() {
        for (kernel, stride, height, width) in
            [(3, 1, 5_usize, 7_usize), (3, 2, 7, 4), (5, 2, 9, 8), (5, 1, 8, 8)]
        {
            let layer = LayerConfig {
                filters: 1,
                kernel,
                stride,
            };
            let coarse = map(height.div_ceil(stride), width.div_ceil(stride));
            let taps = convolution(layer, map(height, width), coarse);
            for taps in [taps.reversed(), taps] {
                let place = |l: &Tap| {
                    let (input, output) = (
                        taps.input_places[l.input as usize],
                        taps.output_places[l.output as usize],
                    );
                    (l.weight, input, output)
                };
                let mut expected: Vec<_> = taps.taps.iter().map(place).collect();
                let mut seen = Vec::new();
                for (block, runs) in taps.runs().iter().enumerate() {
                    // A run lacks at most the positions whose inputs are in the padding.
                    assert!(
                        runs.iter()
                            .all(|run| run.count as usize + kernel / 2 >= coarse.width)
                    );
                    let of = |run: &Run| {
                        let Run { input, output, count } = *run;
                        (0..count).map(move |at| (block as u32, input + at, output + at))
                    };
                    seen.extend(runs.iter().flat_map(of));
                }
                seen.sort_unstable();
                expected.sort_unstable();
                assert_eq!(seen, expected);
            }
        }
    }
}
