//! Properties of latents, pixels and data over random inputs.

use latent_lab::{
    ErrorKind, ImageShape, Images, Path, bytes_from_rgba, images_from_idx, labels_from_idx, latent_path,
    lerp, normal_draws, pixels_from_bytes, pixels_from_rgba, pixels_to_bytes, pixels_to_rgba, shuffled,
    slerp,
};
use proptest::{collection::vec, prelude::*};

/// Rounding error of a norm or of an interpolated value, relative to the longer of the two ends: a few units in the last place of f32
/// (6e-8) in the cosine and sine of the angle, and one in each value.
const ROUNDING: f64 = 1e-6;

fn norm(vector: &[f32]) -> f64 {
    vector
        .iter()
        .map(|&value| f64::from(value).powi(2))
        .sum::<f64>()
        .sqrt()
}

fn bits(vector: &[f32]) -> Vec<u32> {
    vector.iter().map(|value| value.to_bits()).collect()
}

/// The cosine of the angle between two vectors.
fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot: f64 = a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
    dot / (norm(a) * norm(b))
}

fn scaled(vector: &[f32], factor: f32) -> Vec<f32> {
    vector.iter().map(|value| value * factor).collect()
}

/// Two latents of one length, 1 to 64.
fn latents() -> impl Strategy<Value = (Vec<f32>, Vec<f32>)> {
    (1..=64_usize).prop_flat_map(|length| (vec(-4.0..4.0_f32, length), vec(-4.0..4.0_f32, length)))
}

fn image_shape() -> impl Strategy<Value = ImageShape> {
    (prop_oneof![Just(1), Just(3)], 1..12_usize, 1..12_usize).prop_map(|(channels, height, width)| {
        ImageShape {
            channels,
            height,
            width,
        }
    })
}

proptest! {
    #[test]
    fn both_ends_of_every_path_are_exact((a, b) in latents(), frames in 2..20_usize) {
        for kind in [Path::Lerp, Path::Slerp] {
            let frames = latent_path(kind, &a, &b, frames);
            prop_assert_eq!(bits(&frames[..a.len()]), bits(&a));
            prop_assert_eq!(bits(&frames[frames.len() - b.len()..]), bits(&b));
        }
        // Even for values that sums would change: -0, subnormals and the largest.
        let odd = [-0.0, f32::from_bits(1), f32::MAX, -f32::MAX];
        let even = [0.0, -f32::from_bits(1), -f32::MAX, 1.0];
        for walk in [lerp, slerp] {
            prop_assert_eq!(bits(&walk(&odd, &even, 0.0)), bits(&odd));
            prop_assert_eq!(bits(&walk(&odd, &even, 1.0)), bits(&even));
        }
    }

    #[test]
    fn lerp_stays_between_its_ends((a, b) in latents(), t in 0.0..=1.0_f32) {
        for ((value, a), b) in lerp(&a, &b, t).into_iter().zip(&a).zip(&b) {
            let slack = 4.0 * ROUNDING as f32;
            prop_assert!(value >= a.min(*b) - slack && value <= a.max(*b) + slack);
        }
    }

    #[test]
    fn slerp_moves_the_norm_linearly_and_the_angle_evenly((a, b) in latents(), t in 0.0..=1.0_f32) {
        let between = slerp(&a, &b, t);
        let longest = norm(&a).max(norm(&b));
        // In one dimension all vectors are parallel or antipodal, so slerp is lerp, which is tested below.
        prop_assume!(a.len() > 1 && norm(&a) > 1e-3 && norm(&b) > 1e-3 && cosine(&a, &b).abs() < 0.999);
        let expected = norm(&a) + f64::from(t) * (norm(&b) - norm(&a));
        prop_assert!((norm(&between) - expected).abs() <= ROUNDING * longest);
        let whole = cosine(&a, &b).acos();
        let part = cosine(&a, &between).clamp(-1.0, 1.0).acos();
        // The arc cosine near 1 amplifies a rounding error to its square root.
        prop_assert!((part - f64::from(t) * whole).abs() < 1e-3, "{part} of {whole} at {t}");
    }

    #[test]
    fn slerp_between_ends_of_equal_norm_keeps_the_norm((a, b) in latents(), t in 0.0..=1.0_f32) {
        prop_assume!(a.len() > 1 && norm(&a) > 1e-3 && norm(&b) > 1e-3 && cosine(&a, &b) > -0.999);
        let b = scaled(&b, (norm(&a) / norm(&b)) as f32);
        prop_assert!((norm(&slerp(&a, &b, t)) - norm(&a)).abs() <= 2.0 * ROUNDING * norm(&a));
    }

    #[test]
    fn slerp_is_the_same_in_both_directions((a, b) in latents(), t in 0.0..=1.0_f32) {
        let longest = norm(&a).max(norm(&b));
        prop_assume!(cosine(&a, &b).abs() < 0.999);
        for (there, back) in slerp(&a, &b, t).into_iter().zip(slerp(&b, &a, 1.0 - t)) {
            prop_assert!(f64::from((there - back).abs()) <= 4.0 * ROUNDING * longest);
        }
    }

    #[test]
    fn slerp_of_zero_parallel_and_antipodal_vectors_is_lerp((a, _) in latents(), t in 0.0..=1.0_f32) {
        // Scaling by powers of two is exact, so these vectors are exactly parallel.
        let zero = vec![0.0; a.len()];
        for b in [zero, a.clone(), scaled(&a, 2.0), scaled(&a, -0.5), scaled(&a, -1.0)] {
            prop_assert_eq!(bits(&slerp(&a, &b, t)), bits(&lerp(&a, &b, t)));
        }
    }

    #[test]
    fn slerp_is_finite_even_close_to_antipodal_ends(
        (a, b) in latents(),
        exponent in -12.0..0.0_f32,
        size in -18.0..18.0_f32,
        t in 0.0..=1.0_f32,
    ) {
        let (nudge, size) = (10.0_f32.powf(exponent), 10.0_f32.powf(size));
        let a = scaled(&a, size);
        let against: Vec<f32> = a.iter().zip(&b).map(|(a, b)| -a + nudge * size * b).collect();
        let between = slerp(&a, &against, t);
        let longest = norm(&a).max(norm(&against));
        prop_assert!(between.iter().all(|value| value.is_finite()));
        prop_assert!(norm(&between) <= longest * (1.0 + ROUNDING));
    }

    #[test]
    fn draws_are_finite_and_a_shorter_sequence_is_the_start_of_a_longer_one(seed: u64, stream: u64, count in 0..200_usize) {
        let draws = normal_draws(seed, stream, count);
        prop_assert_eq!(draws.len(), count);
        prop_assert!(draws.iter().all(|value| value.abs() < 5.8));
        prop_assert_eq!(&normal_draws(seed, stream, count + 3)[..count], &draws[..]);
    }

    #[test]
    fn a_shuffle_is_a_permutation(length in 0..500_usize, seed: u64, epoch: u64) {
        let mut order = shuffled(length, seed, epoch);
        order.sort_unstable();
        prop_assert!(order.into_iter().eq(0..length as u32));
    }

    #[test]
    fn opaque_pictures_survive_conversion_to_rgba_and_back(shape in image_shape(), count in 1..4_usize, seed: u64) {
        let bytes: Vec<u8> = normal_draws(seed, 0, count * shape.len()).iter().map(|z| (z * 1e4) as i32 as u8).collect();
        let rgba = pixels_to_rgba(shape, &pixels_from_bytes(&bytes));
        prop_assert_eq!(rgba.len(), count * shape.height * shape.width * 4);
        prop_assert!(rgba.iter().skip(3).step_by(4).all(|alpha| *alpha == 255));
        prop_assert_eq!(&bytes_from_rgba(shape, &rgba).unwrap(), &bytes);
        prop_assert_eq!(pixels_to_bytes(&pixels_from_rgba(shape, &rgba).unwrap()), bytes);
    }

    #[test]
    fn rgba_of_any_length_is_read_or_refused(shape in image_shape(), rgba in vec(any::<u8>(), 0..2000)) {
        let whole = shape.height * shape.width * 4;
        match pixels_from_rgba(shape, &rgba) {
            Ok(pixels) => {
                prop_assert_eq!(pixels.len(), rgba.len() / whole * shape.len());
                prop_assert!(pixels.iter().all(|value| (0.0..=1.0).contains(value)));
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::Argument);
                prop_assert!(rgba.is_empty() || rgba.len() % whole != 0);
            }
        }
    }

    #[test]
    fn any_value_is_converted_to_the_nearest_byte(bits: u32) {
        let value = f32::from_bits(bits);
        let byte = pixels_to_bytes(&[value])[0];
        let nearest = (f64::from(value) * 255.0).clamp(0.0, 255.0);
        // Half a step, plus the rounding of the product.
        prop_assert!(value.is_nan() && byte == 0 || (f64::from(byte) - nearest).abs() <= 0.5 + 1e-4);
    }

    #[test]
    fn idx_files_are_read_as_written_and_refused_when_changed(
        shape in image_shape(),
        count in 1..5_usize,
        seed: u64,
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte: u8,
    ) {
        let shape = ImageShape { channels: 1, ..shape };
        let pixels: Vec<u8> = shuffled(count * shape.len(), seed, 0).iter().map(|&n| n as u8).collect();
        let mut file = vec![0, 0, 8, 3];
        for side in [count, shape.height, shape.width] {
            file.extend((side as u32).to_be_bytes());
        }
        file.extend(&pixels);
        let images = images_from_idx(&file).unwrap();
        prop_assert_eq!(&images, &Images::new(shape, pixels, vec![]).unwrap());

        let cut = cut.index(file.len());
        prop_assert_eq!(images_from_idx(&file[..cut]).unwrap_err().kind(), ErrorKind::Data);
        file.push(byte);
        prop_assert_eq!(images_from_idx(&file).unwrap_err().kind(), ErrorKind::Data);
        file.pop();
        let at = at.index(16);
        prop_assume!(file[at] != byte);
        file[at] = byte;
        prop_assert!(images_from_idx(&file).is_err());
    }

    #[test]
    fn the_idx_reader_does_not_panic_on_any_bytes(mut bytes in vec(any::<u8>(), 0..64), dimensions: u8, small: bool) {
        for (byte, magic) in bytes.iter_mut().zip([0, 0, 8, dimensions % 4]) {
            *byte = magic;
        }
        if small {
            // Sides are below 8, so that some files are valid.
            for (at, byte) in bytes.iter_mut().enumerate().take(16).skip(4) {
                *byte = if at % 4 == 3 { *byte % 8 } else { 0 };
            }
        }
        let read = [
            images_from_idx(&bytes).map(|images| images.pixels().len()),
            labels_from_idx(&bytes).map(|labels| labels.len()),
        ];
        for result in read {
            match result {
                Ok(length) => prop_assert!(length < bytes.len()),
                Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Data),
            }
        }
    }
}
