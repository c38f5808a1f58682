//! `Stored`: one tensor of a file, as bytes.

use std::borrow::Cow;

use half::f16;

use super::dtype::Dtype;
use crate::{
    clamp::clamp,
    error::{Result, invalid_file},
};

/// One tensor as a file stores it.
#[derive(Clone, Debug)]
pub(crate) struct Stored<'a> {
    pub(crate) name: String,
    pub(crate) dtype: Dtype,
    pub(crate) shape: Vec<usize>,
    pub(crate) bytes: Cow<'a, [u8]>,
}

impl Stored<'_> {
    /// To be written as f32.
    pub(crate) fn f32(name: String, shape: &[usize], values: &[f32]) -> Self {
        Self {
            name,
            dtype: Dtype::F32,
            shape: shape.to_vec(),
            bytes: bytes_of(values, f32::to_le_bytes).into(),
        }
    }

    /// To be written as f16, rounded to the nearest; what is out of range becomes the largest f16, 65504.
    pub(crate) fn f16(name: String, shape: &[usize], values: &[f32]) -> Self {
        let largest = f16::MAX.to_f32();
        Self {
            name,
            dtype: Dtype::F16,
            shape: shape.to_vec(),
            bytes: bytes_of(values, |value| {
                f16::from_f32(clamp(value, -largest, largest)).to_le_bytes()
            })
            .into(),
        }
    }

    /// The values of an F32 or F16 tensor; they may be NaN.
    ///
    /// # Errors
    /// `ModelFile` when it holds integers.
    pub(crate) fn floats(&self) -> Result<Vec<f32>> {
        match self.dtype {
            Dtype::F32 => {
                let (values, _) = self.bytes.as_chunks::<4>();
                Ok(values.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
            }
            Dtype::F16 => {
                let (values, _) = self.bytes.as_chunks::<2>();
                Ok(values
                    .iter()
                    .map(|&bytes| f16::from_le_bytes(bytes).to_f32())
                    .collect())
            }
            other => Err(invalid_file(format!(
                "tensor {} must be F32 or F16, got {}",
                self.name,
                other.name()
            ))),
        }
    }
}

fn bytes_of<const N: usize>(values: &[f32], bytes: impl Fn(f32) -> [u8; N]) -> Vec<u8> {
    let mut all = Vec::with_capacity(N * values.len());
    for value in values {
        all.extend_from_slice(&bytes(*value));
    }
    all
}
