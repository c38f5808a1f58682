//! The product of one pass of a layer, group by group, and the rows that it is cut into.

use latent_lab_kernels::{Finish, Kernels, MAX_ROWS, Product, Row, Tap, fair_share};

use super::Channels;
use crate::cpu::taps::Group;

/// Data that the products of all groups of one pass share.
pub(super) struct GroupProduct<'a> {
    pub(super) kernels: &'a Kernels,
    pub(super) input: Channels,
    pub(super) output: Channels,
    pub(super) panels: &'a [f32],
    pub(super) blocks: usize,
    pub(super) n: usize,
}

impl GroupProduct<'_> {
    /// Positions times pictures of one group, a few rows at a time.
    pub(super) fn run(
        &self,
        group: &Group,
        bias: Option<&[f32]>,
        input: &[f32],
        output: &mut [f32],
        finish: Finish<'_>,
    ) {
        let width = self.kernels.width;
        let tap = |&(position, block): &(u32, u32)| Tap {
            input: (position as usize * self.n * self.input.padded) as u32,
            panel: (block as usize * self.input.padded * width) as u32,
        };
        let taps: Vec<Tap> = group.taps.iter().map(tap).collect();
        let row = |(from, to): (u32, u32), picture: usize| Row {
            input: ((from as usize * self.n + picture) * self.input.padded) as u32,
            output: ((to as usize * self.n + picture) * self.output.padded) as u32,
        };
        for_rows(&group.positions, self.n, row, |rows| {
            (self.kernels.product)(Product {
                input,
                rows,
                taps: &taps,
                depth: self.input.used,
                panels: self.panels,
                panel_stride: self.blocks * self.input.padded * width,
                bias,
                columns: self.output.padded,
                finish,
                output,
            });
        });
    }
}

/// Calls `run` with the rows (positions times n pictures), block by block.
pub(in crate::cpu) fn for_rows(
    positions: &[(u32, u32)],
    n: usize,
    row: impl Fn((u32, u32), usize) -> Row,
    mut run: impl FnMut(&[Row]),
) {
    let mut rows = [Row::default(); MAX_ROWS];
    let mut left = positions.len() * n;
    let (mut position, mut picture) = (0, 0);
    while left > 0 {
        let count = fair_share(left, MAX_ROWS);
        for slot in &mut rows[..count] {
            *slot = row(positions[position], picture);
            picture += 1;
            if picture == n {
                (position, picture) = (position + 1, 0);
            }
        }
        run(&rows[..count]);
        left -= count;
    }
}
