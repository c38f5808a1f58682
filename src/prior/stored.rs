//! A prior in a model file: optional tensors `prior.weights`, `prior.means` and `prior.factors`, the last with `prior.factors.scale`.
//!
//! They are stored in the same way whatever the precision of the network: means in f16, and the lower triangles of the factors, row
//! by row, in i8 with one scale in f16 for each row. A fit is not good for more digits, and a prior that was read is written with
//! the same bits.

use super::{Prior, SMALLEST, triangle, wrong};
use crate::{
    clamp::clamp,
    container::{Container, Dtype, Stored},
    error::Result,
    text::list,
};

const NAMES: [&str; 3] = ["prior.weights", "prior.means", "prior.factors"];
const SCALE: &str = "prior.factors.scale";

/// Largest magnitude of a stored integer.
const LEVELS: f32 = 127.0;

/// True if the tensor called `name` is a part of a prior.
pub(crate) fn is_of_prior(name: &str) -> bool {
    NAMES.contains(&name) || name == SCALE
}

/// The prior of a file whose network has this number of latent dimensions; `None` if there is none.
///
/// # Errors
/// `Weights` when a part is missing or has another shape; `ModelFile` when it holds integers; as [`Prior::new`].
pub(crate) fn read(container: &Container<'_>, latent: usize) -> Result<Option<Prior>> {
    let parts = NAMES.map(|name| container.find(name));
    if parts.iter().all(Option::is_none) {
        return Ok(None);
    }
    let count = match parts[0].map(|weights| &weights.shape[..]) {
        Some(&[count]) => count,
        _ => 0,
    };
    let shapes = [&[count][..], &[count, latent], &[count, triangle(latent)]] as [&[usize]; 3];
    let mut values = [const { Vec::new() }; 3];
    for at in 0..3 {
        let stored = present(NAMES[at], parts[at], shapes[at])?;
        values[at] = match stored.dtype {
            Dtype::I8 => {
                let scales = present(SCALE, container.find(SCALE), &[count, latent])?.floats()?;
                scaled(&stored.bytes, &scales, latent)
            }
            _ => stored.floats()?,
        };
    }
    let [weights, means, factors] = values;
    Prior::new(latent, weights, means, factors).map(Some)
}

/// A part of a prior, which must be there with its shape.
fn present<'a, 'b>(name: &str, stored: Option<&'a Stored<'b>>, shape: &[usize]) -> Result<&'a Stored<'b>> {
    match stored {
        Some(stored) if stored.shape == shape => Ok(stored),
        Some(stored) => Err(wrong(format!(
            "tensor {name} must have shape {}, got {}",
            list(shape),
            list(&stored.shape)
        ))),
        None => Err(wrong(format!("the file has a prior, but no tensor {name}"))),
    }
}

/// Calls `visit` with the bounds of each row of the triangles, in their order.
fn each_row(rows: usize, latent: usize, mut visit: impl FnMut(usize, std::ops::Range<usize>)) {
    let mut begin = 0;
    for row in 0..rows {
        let end = begin + row % latent + 1;
        visit(row, begin..end);
        begin = end;
    }
}

/// Triangles from integers; both have the lengths of their shapes.
fn scaled(bytes: &[u8], scales: &[f32], latent: usize) -> Vec<f32> {
    let mut values = Vec::with_capacity(bytes.len());
    each_row(scales.len(), latent, |row, place| {
        let integers = bytes[place].iter().map(|&byte| f32::from(byte as i8));
        values.extend(integers.map(|value| value * scales[row]));
    });
    values
}

/// Adds the tensors of a prior to those to be written.
pub(crate) fn write(prior: &Prior, tensors: &mut Vec<Stored<'_>>) {
    let [weights, means, factors] = NAMES.map(str::to_owned);
    let (count, latent) = (prior.components(), prior.latent());
    let (scales, bytes) = quantized(prior);
    tensors.push(Stored::f32(weights, &[count], prior.weights()));
    tensors.push(Stored::f16(means, &[count, latent], prior.means()));
    tensors.push(scales);
    tensors.push(Stored {
        name: factors,
        dtype: Dtype::I8,
        shape: vec![count, triangle(latent)],
        bytes: bytes.into(),
    });
}

/// A scale in f16 for each row, and every value / scale, rounded, as i8; on the diagonal at least 1.
fn quantized(prior: &Prior) -> (Stored<'static>, Vec<u8>) {
    let (latent, factors) = (prior.latent(), prior.factors());
    let mut scales = Vec::new();
    each_row(prior.components() * latent, latent, |_, place| {
        let largest = factors[place]
            .iter()
            .fold(0.0_f32, |most, value| most.max(value.abs()));
        scales.push((largest / LEVELS).max(SMALLEST));
    });
    let stored = Stored::f16(SCALE.to_owned(), &[prior.components(), latent], &scales);
    // As they are read back.
    let scales = stored.floats().expect("they were written as f16");
    let mut bytes = Vec::with_capacity(factors.len());
    each_row(scales.len(), latent, |row, place| {
        let diagonal = place.end - 1;
        for at in place {
            let least = if at == diagonal { 1.0 } else { -LEVELS };
            let value = (factors[at] / scales[row]).round_ties_even();
            bytes.push(clamp(value, least, LEVELS) as i8 as u8);
        }
    });
    (stored, bytes)
}
