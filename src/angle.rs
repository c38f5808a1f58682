//! Sine and cosine, with the same bits everywhere.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// Sine and cosine of an angle in radians; of one beyond 4e8, where neighboring numbers are turns apart, those of no angle.
///
/// Bit for bit `libm::sinf` and `libm::cosf`, which are musl's, after FreeBSD and Sun Microsystems (1993): the same steps and
/// polynomials. Written out here because both together, and without reducing huge angles by many digits of pi, are 1 kB less in a
/// module.
pub(crate) fn sine_and_cosine(angle: f32) -> (f32, f32) {
    // The bits of a size order like the sizes.
    let size = angle.to_bits() & 0x7fff_ffff;
    let x = f64::from(angle);
    let sign = 1_f64.copysign(x);
    let quarters = match size {
        ..0x3980_0000 => return (angle, 1.0),
        ..=0x3f49_0fda => 0.0,
        ..=0x4016_cbe3 => sign,
        ..=0x407b_53d1 => 2.0 * sign,
        ..=0x40af_eddf => 3.0 * sign,
        ..=0x40e2_31d5 => 4.0 * sign,
        // Added and taken away again, this rounds to a whole number.
        ..0x4dc9_0fdb => x * FRAC_2_PI + 6_755_399_441_055_744.0 - 6_755_399_441_055_744.0,
        _ => return (0.0, 1.0),
    };
    let rest = match size {
        ..=0x40e2_31d5 => x - quarters * FRAC_PI_2,
        // A quarter turn in two parts, the first so short that its multiples are exact.
        _ => x - quarters * 1.570_796_310_901_641_8 - quarters * 1.589_325_477_352_819_6e-8,
    };
    let (sine, cosine) = within_an_eighth(rest);
    match quarters as i32 & 3 {
        0 => (sine, cosine),
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

/// Of an angle of at most an eighth of a turn.
fn within_an_eighth(x: f64) -> (f32, f32) {
    let z = x * x;
    let w = z * z;
    let s = z * x;
    let sine = (x + s * (-0.166_666_666_416_265_24 + z * 0.008_333_329_385_889_463))
        + s * w * (-0.000_198_393_348_360_966_32 + z * 0.000_002_718_311_493_989_822);
    let cosine = ((1.0 + z * -0.499_999_997_251_031) + w * 0.041_666_623_323_739_06)
        + (w * z) * (-0.001_388_676_377_460_993 + z * 0.000_024_390_448_796_277_41);
    (sine as f32, cosine as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_same(angle: f32) {
        let (sine, cosine) = sine_and_cosine(angle);
        assert_eq!(sine.to_bits(), libm::sinf(angle).to_bits(), "sine of {angle:e}");
        assert_eq!(
            cosine.to_bits(),
            libm::cosf(angle).to_bits(),
            "cosine of {angle:e}"
        );
    }

    #[test]
    fn both_are_bit_for_bit_what_libm_says() {
        // Of every size from the smallest number on, and both sides of each bound between two ways of reducing.
        for step in 0..0x4dc9_0fdb / 1009 {
            assert_same(f32::from_bits(step * 1009));
            assert_same(-f32::from_bits(step * 1009));
        }
        for bound in [
            0x3980_0000_u32,
            0x3f49_0fda,
            0x4016_cbe3,
            0x407b_53d1,
            0x40af_eddf,
            0x40e2_31d5,
            0x4dc9_0fda,
        ] {
            for bits in bound - 1..=bound + 1 {
                if bits < 0x4dc9_0fdb {
                    assert_same(f32::from_bits(bits));
                    assert_same(-f32::from_bits(bits));
                }
            }
        }
        assert_same(0.0);
        assert_same(-0.0);
    }

    #[test]
    fn what_is_no_angle_is_no_turn() {
        for angle in [4.3e8, f32::NEG_INFINITY, f32::NAN] {
            assert_eq!(sine_and_cosine(angle), (0.0, 1.0));
        }
    }
}
