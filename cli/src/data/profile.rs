//! Color profiles: a picture's colors as sRGB, as browsers show them.

use anyhow::{Result, ensure};
use image::{DynamicImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// A profile that moves no color further than this counts as sRGB, as most do; a conversion would only add rounding.
const SAME: u8 = 2;

/// The picture in sRGB. If its profile cannot be read, or is for a different color model, the picture stays as it is, as in
/// browsers.
pub(super) fn to_srgb(picture: DynamicImage, profile: &[u8]) -> DynamicImage {
    match converted(&picture, profile) {
        Ok(Some(converted)) => converted,
        _ => picture,
    }
}

/// `None` when nothing changes.
fn converted(picture: &DynamicImage, profile: &[u8]) -> Result<Option<DynamicImage>> {
    let profile = ColorProfile::new_from_slice(profile)?;
    let (width, height) = (picture.width(), picture.height());
    let pixels = if profile.color_space == DataColorSpace::Rgb {
        if is_srgb(&profile)? {
            return Ok(None);
        }
        transform(&profile, Layout::Rgba, picture.to_rgba8().as_raw())?
    } else {
        // A CMYK file was made RGB by its decoder, and its profile no longer fits.
        ensure!(profile.color_space == DataColorSpace::Gray && !picture.color().has_color());
        transform(&profile, Layout::GrayAlpha, picture.to_luma_alpha8().as_raw())?
    };
    Ok(RgbaImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8))
}

/// Pixels in the colors of `profile` as RGBA in sRGB.
fn transform(profile: &ColorProfile, layout: Layout, pixels: &[u8]) -> Result<Vec<u8>> {
    let srgb = ColorProfile::new_srgb();
    let transform =
        profile.create_transform_8bit(layout, &srgb, Layout::Rgba, TransformOptions::default())?;
    let mut converted = vec![0; pixels.len() / layout.channels() * 4];
    transform.transform(pixels, &mut converted)?;
    Ok(converted)
}

/// True when the profile leaves a grid of colors unchanged.
fn is_srgb(profile: &ColorProfile) -> Result<bool> {
    const STEPS: [u8; 4] = [0, 85, 170, 255];
    let grid: Vec<u8> = (0..64)
        .flat_map(|n| [STEPS[n / 16], STEPS[n / 4 % 4], STEPS[n % 4], 255])
        .collect();
    let converted = transform(profile, Layout::Rgba, &grid)?;
    Ok(grid.iter().zip(converted).all(|(&a, b)| a.abs_diff(b) <= SAME))
}
