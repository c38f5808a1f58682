//! i8 tensors: X holds value / scale, and X.scale holds one scale for each output channel.

use crate::{
    clamp::clamp,
    config::TensorSpec,
    container::{Container, Dtype, Stored},
    error::{Error, ErrorKind, Result, invalid_file},
    text::list,
};

/// The name of the scales of the tensor called `name`.
pub(super) fn scale_name(name: &str) -> String {
    format!("{name}.scale")
}

/// True if `name` is the scale of an I8 tensor in the file.
pub(super) fn is_scale(container: &Container<'_>, name: &str) -> bool {
    let scaled = name.strip_suffix(".scale").and_then(|name| container.find(name));
    scaled.is_some_and(|tensor| tensor.dtype == Dtype::I8)
}

/// The output channel that the value at `position` of a tensor belongs to.
fn channel(spec: &TensorSpec, position: usize) -> usize {
    let inner: usize = spec.shape[spec.output_axis + 1..].iter().product();
    position / inner % spec.shape[spec.output_axis]
}

/// One scale for each output channel, the largest magnitude / levels, and every value / scale, rounded, as i8.
pub(super) fn quantize(spec: &TensorSpec, values: &[f32], levels: f32) -> (Vec<f32>, Vec<u8>) {
    let mut scales = vec![0.0_f32; spec.shape[spec.output_axis]];
    for (position, value) in values.iter().enumerate() {
        let scale = &mut scales[channel(spec, position)];
        *scale = scale.max(value.abs());
    }
    for scale in &mut scales {
        *scale /= levels;
        // Rounded up, the largest f32 / levels would read back as infinity.
        if !(*scale * levels).is_finite() {
            *scale = scale.next_down();
        }
    }
    let bytes = values
        .iter()
        .enumerate()
        .map(|(position, value)| match scales[channel(spec, position)] {
            // The whole channel is zero, or too small for any scale.
            0.0 => 0,
            // Ties to even: one instruction in WebAssembly.
            scale => clamp((value / scale).round_ties_even(), -levels, levels) as i8 as u8,
        })
        .collect();
    (scales, bytes)
}

/// The values of an I8 tensor: i8 * scale.
pub(super) fn dequantize(
    container: &Container<'_>,
    specs: &[TensorSpec],
    stored: &Stored<'_>,
) -> Result<Vec<f32>> {
    let name = &stored.name;
    let Some(spec) = specs
        .iter()
        .find(|spec| spec.name == *name && spec.shape == stored.shape)
    else {
        return Err(Error::new(
            ErrorKind::Weights,
            format!(
                "tensor {name} with shape {} does not belong to this config",
                list(&stored.shape)
            ),
        ));
    };
    let outputs = spec.shape[spec.output_axis];
    let scale_name = scale_name(name);
    let scales = match container.find(&scale_name) {
        Some(scale) if scale.dtype == Dtype::F32 && scale.shape == [outputs] => scale.floats()?,
        _ => {
            return Err(invalid_file(format!(
                "tensor {name} is I8 and needs {outputs} scales in F32, called {scale_name}"
            )));
        }
    };
    if let Some(at) = scales.iter().position(|scale| !scale.is_finite() || *scale < 0.0) {
        return Err(Error::new(
            ErrorKind::NotFinite,
            // The message is without the value: nothing else in the WebAssembly module prints floats.
            format!("{scale_name} must be finite and not negative, but the one at {at} is not"),
        ));
    }
    let values = stored.bytes.iter().enumerate();
    Ok(values
        .map(|(position, &byte)| f32::from(byte as i8) * scales[channel(spec, position)])
        .collect())
}
