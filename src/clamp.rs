//! `clamp`, as a replacement of `f32::clamp`, whose panic prints floats: that would add 3 kB to the page's modules.

/// `value`, or the nearer limit if it is out of range; NaN stays NaN.
pub(crate) fn clamp(value: f32, low: f32, high: f32) -> f32 {
    if value < low {
        low
    } else if value > high {
        high
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_clamped_as_by_the_method_of_f32() {
        for value in [
            -3.0,
            -1.0,
            -0.0,
            0.0,
            0.5,
            1.0,
            1.5,
            f32::INFINITY,
            f32::NEG_INFINITY,
        ] {
            assert_eq!(
                clamp(value, -1.0, 1.0).to_bits(),
                value.clamp(-1.0, 1.0).to_bits()
            );
            assert_eq!(clamp(value, 0.0, 1.0).to_bits(), value.clamp(0.0, 1.0).to_bits());
        }
        assert!(clamp(f32::NAN, -1.0, 1.0).is_nan());
    }
}
