//! A prior in a model file: optional tensors `prior.weights`, `prior.means` and `prior.factors`.
//!
//! Means and factors are written as f16 whatever the precision of the network: three digits are more than a fit is good for, and of
//! the factors only the lower triangle is there.

use super::{Prior, triangle, wrong};
use crate::{
    container::{Container, Stored},
    error::Result,
    text::list,
};

const NAMES: [&str; 3] = ["prior.weights", "prior.means", "prior.factors"];

/// True if the tensor called `name` is a part of a prior.
pub(crate) fn is_of_prior(name: &str) -> bool {
    NAMES.contains(&name)
}

/// The prior of a file whose network has so many latent dimensions; `None` where there is none.
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
        let (name, expected) = (NAMES[at], list(shapes[at]));
        match parts[at] {
            None => return Err(wrong(format!("the file has a prior, but no tensor {name}"))),
            Some(stored) if stored.shape == shapes[at] => values[at] = stored.floats()?,
            Some(stored) => {
                return Err(wrong(format!(
                    "tensor {name} must have shape {expected}, got {}",
                    list(&stored.shape)
                )));
            }
        }
    }
    let [weights, means, factors] = values;
    Prior::new(latent, weights, means, factors).map(Some)
}

/// The tensors of a prior, to be written.
pub(crate) fn write(prior: &Prior) -> [Stored<'static>; 3] {
    let [weights, means, factors] = NAMES.map(str::to_owned);
    let (count, latent) = (prior.components(), prior.latent());
    [
        Stored::f32(weights, &[count], prior.weights()),
        Stored::f16(means, &[count, latent], prior.means()),
        Stored::f16(factors, &[count, triangle(latent)], prior.factors()),
    ]
}
