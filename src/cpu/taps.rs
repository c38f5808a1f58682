//! From a layer's geometry to tap lists.
//!
//! A layer is a set of [`Link`]s: input position, output position, weight block. Stride, padding and the sub-pixel phases
//! of a transposed convolution are nothing but which links there are; positions outside the picture have none, so no
//! arithmetic is spent on zeros. Grouped by output position the links are the forward product; with input and output
//! exchanged, the data gradient; grouped by weight block, the weight gradient.

use crate::config::{LayerConfig, MapShape};

/// One input position that contributes to one output position through one weight block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) input: u32,
    pub(super) output: u32,
    pub(super) weight: u32,
}

/// Output positions whose inputs lie in one pattern: they share a tap list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// (position relative to the base input position, weight block)
    pub(super) taps: Vec<(u32, u32)>,
    /// (base input position, output position)
    pub(super) positions: Vec<(u32, u32)>,
}

/// Links of a convolution from `fine` to `coarse` positions: tap (ky, kx) of output (y, x) reads the input at
/// (stride y - padding + ky, stride x - padding + kx). Weight blocks count ky * kernel + kx.
///
/// The transposed convolution that mirrors it has the same links with input and output exchanged.
pub(super) fn convolution(layer: LayerConfig, fine: MapShape, coarse: MapShape) -> Vec<Link> {
    let LayerConfig { kernel, stride, .. } = layer;
    let padding = layer.padding();
    let mut links = Vec::new();
    for y in 0..coarse.height {
        for x in 0..coarse.width {
            for ky in 0..kernel {
                for kx in 0..kernel {
                    let (row, column) = (stride * y + ky, stride * x + kx);
                    let inside = (padding..fine.height + padding).contains(&row)
                        && (padding..fine.width + padding).contains(&column);
                    if inside {
                        links.push(Link {
                            input: ((row - padding) * fine.width + column - padding) as u32,
                            output: (y * coarse.width + x) as u32,
                            weight: (ky * kernel + kx) as u32,
                        });
                    }
                }
            }
        }
    }
    links
}

/// Links of a linear layer from all positions to one (the encoder's last), each with a weight block of its own.
pub(super) fn to_one(positions: usize) -> Vec<Link> {
    let link = |position| Link {
        input: position,
        output: 0,
        weight: position,
    };
    (0..positions as u32).map(link).collect()
}

/// Links of a layer that treats every position alike: one weight block.
pub(super) fn each_position(positions: usize) -> Vec<Link> {
    let link = |position| Link {
        input: position,
        output: position,
        weight: 0,
    };
    (0..positions as u32).map(link).collect()
}

/// The same links seen from the other side.
pub(super) fn reversed(links: &[Link]) -> Vec<Link> {
    let reverse = |link: &Link| Link {
        input: link.output,
        output: link.input,
        weight: link.weight,
    };
    links.iter().map(reverse).collect()
}

/// Taps, and the (input, output) positions they are for.
type Pattern = (Vec<(u32, u32)>, (u32, u32));

/// Groups links by output position, then output positions by pattern. Output positions without a link get no group.
pub(super) fn groups(links: &[Link]) -> Vec<Group> {
    let mut by_output: Vec<(u32, u32, u32)> = links.iter().map(|l| (l.output, l.input, l.weight)).collect();
    by_output.sort_unstable();
    let mut patterns: Vec<Pattern> = Vec::new();
    for links in by_output.chunk_by(|a, b| a.0 == b.0) {
        let (output, base, _) = links[0];
        let taps = links.iter().map(|l| (l.1 - base, l.2)).collect();
        patterns.push((taps, (base, output)));
    }
    patterns.sort_unstable();
    let group = |same: &[Pattern]| Group {
        taps: same[0].0.clone(),
        positions: same.iter().map(|pattern| pattern.1).collect(),
    };
    patterns.chunk_by(|a, b| a.0 == b.0).map(group).collect()
}

/// (input, output) positions of each weight block.
pub(super) fn pairs(links: &[Link], blocks: usize) -> Vec<Vec<(u32, u32)>> {
    let mut pairs = vec![Vec::new(); blocks];
    for link in links {
        pairs[link.weight as usize].push((link.input, link.output));
    }
    pairs
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
        let links = convolution(layer, map(4, 4), map(2, 2));
        let of_first: Vec<u32> = links.iter().filter(|l| l.output == 0).map(|l| l.input).collect();
        assert_eq!(of_first, [0, 1, 4, 5]);
        let of_last: Vec<u32> = links.iter().filter(|l| l.output == 3).map(|l| l.input).collect();
        assert_eq!(of_last, [5, 6, 7, 9, 10, 11, 13, 14, 15]);
    }

    #[test]
    fn groups_hold_every_link_once_whatever_the_stride() {
        for (kernel, stride, height, width) in [(3, 1, 5, 7), (3, 2, 7, 4), (5, 2, 9, 8), (5, 1, 8, 8)] {
            let layer = LayerConfig {
                filters: 1,
                kernel,
                stride,
            };
            let links = convolution(
                layer,
                map(height, width),
                map(height.div_ceil(stride), width.div_ceil(stride)),
            );
            for links in [links.clone(), reversed(&links)] {
                let mut seen = Vec::new();
                for group in groups(&links) {
                    for (base, output) in group.positions {
                        seen.extend(
                            group
                                .taps
                                .iter()
                                .map(|&(tap, weight)| (output, base + tap, weight)),
                        );
                    }
                }
                let mut expected: Vec<_> = links.iter().map(|l| (l.output, l.input, l.weight)).collect();
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
        let links = reversed(&convolution(layer, map(14, 14), map(7, 7)));
        let groups = groups(&links);
        let largest: Vec<usize> = {
            let mut sizes: Vec<usize> = groups.iter().map(|group| group.positions.len()).collect();
            sizes.sort_unstable_by(|a, b| b.cmp(a));
            sizes
        };
        assert_eq!(largest, [49, 42, 42, 36, 7, 7, 6, 6, 1]);
    }
}
