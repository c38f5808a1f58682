//! Bytes <-> model values <-> RGBA: the only place that scales pixels. A byte b is the model value b / 255.

use crate::{
    config::ImageShape,
    error::{Error, ErrorKind, Result},
};

/// One byte as a model value, 0 to 1.
pub(crate) fn from_byte(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}

/// One byte as a model value that is not rounded to f32.
pub(crate) fn exact_from_byte(byte: u8) -> f64 {
    f64::from(byte) / 255.0
}

/// One model value as a byte. Casts from float saturate, so values out of range are clamped, and NaN is 0.
fn to_byte(value: f32) -> u8 {
    (value * 255.0 + 0.5) as u8
}

/// Bytes as model values, 0 to 1.
pub fn from_bytes(bytes: &[u8]) -> Vec<f32> {
    bytes.iter().map(|&byte| from_byte(byte)).collect()
}

/// Model values as bytes: rounded to the nearest, halves up; below 0 is 0, above 1 is 255, NaN is 0.
pub fn to_bytes(values: &[f32]) -> Vec<u8> {
    values.iter().map(|&value| to_byte(value)).collect()
}

/// n pictures `[n, channels, height, width]` as RGBA, one below the other: `[n * height, width, 4]`, opaque.
///
/// # Panics
/// When `pixels` is not a multiple of a picture's length.
pub fn to_rgba(image: ImageShape, pixels: &[f32]) -> Vec<u8> {
    assert!(
        pixels.len().is_multiple_of(image.len()),
        "pixels are not whole pictures"
    );
    let plane = image.height * image.width;
    let mut rgba = vec![255; pixels.len() / image.channels * 4];
    let pictures = pixels
        .chunks_exact(image.len())
        .zip(rgba.chunks_exact_mut(plane * 4));
    for (picture, rgba) in pictures {
        for (position, rgba) in rgba.chunks_exact_mut(4).enumerate() {
            for (channel, byte) in rgba[..3].iter_mut().enumerate() {
                // A gray picture has one plane, which all three colors share.
                let channel = channel.min(image.channels - 1);
                *byte = to_byte(picture[channel * plane + position]);
            }
        }
    }
    rgba
}

/// n pictures in RGBA, one below the other (`[n * height, width, 4]`), as model values `[n, channels, height, width]`.
/// Transparency and gray are treated as by [`bytes_from_rgba`].
///
/// # Errors
/// `Argument` when the bytes are not whole pictures, or there are none.
pub fn from_rgba(image: ImageShape, rgba: &[u8]) -> Result<Vec<f32>> {
    Ok(from_bytes(&bytes_from_rgba(image, rgba)?))
}

/// n pictures in RGBA, one below the other (`[n * height, width, 4]`), as bytes `[n, channels, height, width]`.
///
/// Transparent pixels show white behind them, as on a page. With one channel the picture becomes gray by its luma, 0.299 red
/// + 0.587 green + 0.114 blue (ITU-R BT.601), in integers of 1/65536 like Pillow's mode "L", so that gray values stay the same.
///
/// # Errors
/// `Argument` when the bytes are not whole pictures, or there are none, or a picture has neither one nor three channels.
pub fn bytes_from_rgba(image: ImageShape, rgba: &[u8]) -> Result<Vec<u8>> {
    if image.channels != 1 && image.channels != 3 {
        let message = format!("a picture has 1 or 3 channels, got {}", image.channels);
        return Err(Error::new(ErrorKind::Argument, message));
    }
    let plane = image.height * image.width;
    let size = plane * 4;
    if rgba.is_empty() || !rgba.len().is_multiple_of(size) {
        return Err(Error::new(
            ErrorKind::Argument,
            format!(
                "RGBA pictures of {} x {} pixels need a positive multiple of {size} bytes, got {}",
                image.width,
                image.height,
                rgba.len()
            ),
        ));
    }
    let mut bytes = vec![0; rgba.len() / 4 * image.channels];
    let pictures = rgba.chunks_exact(size).zip(bytes.chunks_exact_mut(image.len()));
    for (rgba, picture) in pictures {
        for (position, rgba) in rgba.chunks_exact(4).enumerate() {
            let alpha = u32::from(rgba[3]);
            let [red, green, blue] = [rgba[0], rgba[1], rgba[2]]
                .map(|color| (u32::from(color) * alpha + 255 * (255 - alpha) + 127) / 255);
            if image.channels == 1 {
                picture[position] = ((19_595 * red + 38_470 * green + 7_471 * blue + 32_768) >> 16) as u8;
            } else {
                for (channel, color) in [red, green, blue].into_iter().enumerate() {
                    picture[channel * plane + position] = color as u8;
                }
            }
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_conversion_to_a_model_value_and_back() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(to_bytes(&from_bytes(&all)), all);
        assert_eq!(
            to_bytes(&[-1.0, 2.0, f32::NAN, 0.5, f32::INFINITY]),
            [0, 255, 0, 128, 255]
        );
    }

    #[test]
    fn transparent_pixels_are_white_and_colors_become_gray_by_luma() {
        let image = ImageShape {
            channels: 1,
            height: 1,
            width: 4,
        };
        let rgba = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 0, 0, 0, 0, 0, 128];
        assert_eq!(bytes_from_rgba(image, &rgba).unwrap(), [76, 150, 255, 127]);
        let message = from_rgba(image, &rgba[1..]).unwrap_err().to_string();
        assert_eq!(
            message,
            "RGBA pictures of 4 x 1 pixels need a positive multiple of 16 bytes, got 15"
        );
    }

    #[test]
    fn pictures_must_have_one_or_three_channels() {
        for channels in [0, 2, 4] {
            let image = ImageShape {
                channels,
                height: 1,
                width: 1,
            };
            let error = bytes_from_rgba(image, &[9; 4]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
        }
    }

    #[test]
    fn pictures_are_stacked_and_planes_interleaved() {
        let image = ImageShape {
            channels: 3,
            height: 1,
            width: 2,
        };
        let planar: Vec<u8> = (1..=12).collect();
        let rgba = to_rgba(image, &from_bytes(&planar));
        assert_eq!(rgba, [1, 3, 5, 255, 2, 4, 6, 255, 7, 9, 11, 255, 8, 10, 12, 255]);
        assert_eq!(bytes_from_rgba(image, &rgba).unwrap(), planar);
    }
}
