//! One picture file: decoded as a browser shows it, cropped, resized.

use std::{io::Cursor, path::Path};

use anyhow::{Result, ensure};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgba, imageops::FilterType};
use latent_lab::ImageShape;

use super::profile;
use crate::files::read_limited;

/// Largest picture file.
const MAX_FILE: u64 = 128 << 20;
/// Longest side of a picture, in pixels.
const MAX_SIDE: u32 = 16_384;
/// Largest memory for one picture while it is decoded.
const MAX_DECODED: u64 = 1 << 30;

/// The picture in a file as bytes `[channels, height, width]`.
///
/// # Errors
/// When it cannot be read, has an unsupported format, is damaged, or is too large.
pub(super) fn read(path: &Path, shape: ImageShape) -> Result<Vec<u8>> {
    Ok(to_bytes(decode(&read_limited(path, MAX_FILE)?)?, shape))
}

/// Upright, in sRGB; the first frame of an animation.
fn decode(bytes: &[u8]) -> Result<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    ensure!(
        reader.format() != Some(ImageFormat::Jpeg) || is_whole_jpeg(bytes),
        "the JPEG file is cut off"
    );
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    // Metadata that cannot be read is ignored.
    let orientation = decoder.orientation().ok();
    let profile = decoder.icc_profile().ok().flatten();
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if let Some(profile) = profile {
        picture = profile::to_srgb(picture, &profile);
    }
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

/// True when a JPEG file has its end marker. The decoder does not check this: it fills a missing part with gray, or leaves it
/// coarse in a progressive file.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    const SOI: u8 = 0xd8;
    const EOI: u8 = 0xd9;
    // FF 00 is a byte of data, and a restart marker (D0 to D7) or TEM (01) has no length.
    let has_length = |marker| !matches!(marker, 0x00 | 0x01 | 0xd0..=SOI);
    let mut at = 0;
    loop {
        let Some(found) = bytes[at..].iter().position(|&byte| byte == 0xff) else {
            return false;
        };
        at += found + 1;
        match bytes.get(at) {
            None => return false,
            Some(&EOI) => return true,
            // A marker may be filled with FF.
            Some(0xff) => {}
            Some(&marker) if has_length(marker) => {
                let Some(&[high, low]) = bytes.get(at + 1..at + 3) else {
                    return false;
                };
                // A thumbnail in a segment has markers of its own.
                at += 1 + usize::from(u16::from_be_bytes([high, low]));
                if at > bytes.len() {
                    return false;
                }
            }
            Some(_) => at += 1,
        }
    }
}

/// The middle of a picture with the proportions of `shape`, resized, planar.
fn to_bytes(picture: DynamicImage, shape: ImageShape) -> Vec<u8> {
    let picture = on_white(picture);
    let (width, height) = (u64::from(picture.width()), u64::from(picture.height()));
    let (to_width, to_height) = (shape.width as u64, shape.height as u64);
    // The largest rectangle of the right proportions; whole pixels, at least one.
    let (crop_width, crop_height) = if width * to_height > height * to_width {
        ((height * to_width / to_height).max(1), height)
    } else {
        (width, (width * to_height / to_width).max(1))
    };
    let (left, top) = ((width - crop_width) / 2, (height - crop_height) / 2);
    let cropped = picture.crop_imm(left as u32, top as u32, crop_width as u32, crop_height as u32);
    let resized = if (crop_width, crop_height) == (to_width, to_height) {
        cropped
    } else {
        cropped.resize_exact(shape.width as u32, shape.height as u32, FilterType::CatmullRom)
    };
    if shape.channels == 1 {
        return resized.into_luma8().into_raw();
    }
    let interleaved = resized.into_rgb8().into_raw();
    (0..3)
        .flat_map(|channel| interleaved.iter().skip(channel).step_by(3).copied())
        .collect()
}

/// Without transparency, on white.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture;
    }
    let mut rgba = picture.into_rgba8();
    for Rgba([red, green, blue, alpha]) in rgba.pixels_mut() {
        for channel in [red, green, blue] {
            let mixed = u32::from(*channel) * u32::from(*alpha) + 255 * (255 - u32::from(*alpha));
            *channel = ((mixed + 127) / 255) as u8;
        }
        *alpha = 255;
    }
    DynamicImage::ImageRgba8(rgba)
}

#[cfg(test)]
mod tests;
