//! A folder of pictures as a data set: found, split by name, cropped, resized.

use std::{
    io::Cursor,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use image::{DynamicImage, ImageReader, Limits, Rgba, imageops::FilterType};
use latent_lab::{ImageShape, Images};

use super::{Loaded, Split};
use crate::files::read_limited;

/// Largest picture file.
const MAX_FILE: u64 = 128 << 20;
/// Longest side of a picture, in pixels.
const MAX_SIDE: u32 = 16_384;
/// Largest memory for one picture while it is decoded.
const MAX_DECODED: u64 = 1 << 30;
/// Failures that are told one by one.
const TOLD: usize = 5;

/// Reads the pictures of one part, in the order of their paths.
pub(super) fn load(folder: &Path, split: Split, shape: ImageShape) -> Result<Loaded> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    ensure!(!paths.is_empty(), "{} has no PNG or JPEG file", folder.display());
    let found = paths.len();
    paths.retain(|path| is_held_out(path) == (split == Split::Test));
    paths.sort();

    let mut pixels = Vec::with_capacity(paths.len() * shape.len());
    let mut failures = Vec::new();
    for (path, picture) in paths.iter().zip(read_all(&paths, shape)) {
        match picture {
            Ok(picture) => pixels.extend_from_slice(&picture),
            Err(error) => failures.push(format!("{}: {error:#}", path.display())),
        }
    }
    for failure in failures.iter().take(TOLD) {
        say!("skipped {failure}");
    }
    if !failures.is_empty() {
        say!(
            "skipped {} of {} files that cannot be read",
            failures.len(),
            paths.len()
        );
    }
    if pixels.is_empty() {
        let part = if split == Split::Test { "test" } else { "training" };
        bail!(
            "{} has no readable {part} image among its {found} PNG and JPEG files",
            folder.display()
        );
    }
    let notes = match failures.len() {
        0 => Vec::new(),
        count => vec![format!(
            "{count} files of the folder could not be read and were left out"
        )],
    };
    Ok(Loaded {
        images: Images::new(shape, pixels, Vec::new())?,
        notes,
    })
}

/// PNG and JPEG files below `folder`. Links to folders are not followed: they may lead in a circle.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            collect(&path, paths)?;
        } else if is_picture(&path) && path.is_file() {
            paths.push(path);
        }
    }
    Ok(())
}

fn is_picture(path: &Path) -> bool {
    let extension = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    ["png", "jpg", "jpeg"].contains(&extension.as_str())
}

/// One in ten, by the name alone: a picture stays on its side when others come or go.
fn is_held_out(path: &Path) -> bool {
    fnv_1a(path.file_name().unwrap_or_default().to_string_lossy().as_bytes()).is_multiple_of(10)
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo).
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Reads pictures on all cores: decoding and resizing photographs takes longer than loading them.
fn read_all(paths: &[PathBuf], shape: ImageShape) -> Vec<Result<Vec<u8>>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = paths.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let read = |part: &'_ [PathBuf]| part.iter().map(|path| read_one(path, shape)).collect::<Vec<_>>();
        let readers: Vec<_> = paths
            .chunks(share)
            .map(|part| scope.spawn(move || read(part)))
            .collect();
        readers
            .into_iter()
            .flat_map(|reader| reader.join().expect("reading pictures does not panic"))
            .collect()
    })
}

/// One picture as bytes `[channels, height, width]`.
fn read_one(path: &Path, shape: ImageShape) -> Result<Vec<u8>> {
    let bytes = read_limited(path, MAX_FILE)?;
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    Ok(to_bytes(reader.decode()?, shape))
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

/// Without transparency; white below it.
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
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> DynamicImage {
        // Red grows to the right, green downwards; blue is constant.
        DynamicImage::ImageRgb8(image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x as u8, y as u8, 7])
        }))
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        // The reference values of draft-eastlake-fnv.
        assert_eq!(fnv_1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn about_one_name_in_ten_is_held_out_wherever_it_lies() {
        let held = (0..10_000)
            .filter(|n| is_held_out(Path::new(&format!("cat_{n:05}.jpg"))))
            .count();
        assert!((900..1100).contains(&held), "{held}");
        assert_eq!(
            is_held_out(Path::new("a/one.png")),
            is_held_out(Path::new("b/c/one.png"))
        );
    }

    #[test]
    fn a_picture_of_the_right_size_comes_back_plane_by_plane() {
        let shape = ImageShape {
            channels: 3,
            height: 8,
            width: 8,
        };
        let bytes = to_bytes(picture(8, 8), shape);
        let red: Vec<u8> = (0..64).map(|n| n % 8).collect();
        let green: Vec<u8> = (0..64).map(|n| n / 8).collect();
        assert_eq!(bytes[..64], red);
        assert_eq!(bytes[64..128], green);
        assert_eq!(bytes[128..], [7; 64]);
    }

    #[test]
    fn the_middle_is_cut_out_with_the_proportions_of_the_model() {
        let shape = ImageShape {
            channels: 3,
            height: 8,
            width: 8,
        };
        let wide = to_bytes(picture(20, 8), shape);
        assert_eq!(wide[..8], [6, 7, 8, 9, 10, 11, 12, 13]);
        let tall = to_bytes(picture(8, 20), shape);
        assert_eq!(tall[64], 6);
        let oblong = to_bytes(
            picture(16, 16),
            ImageShape {
                channels: 3,
                height: 8,
                width: 16,
            },
        );
        assert_eq!(oblong[..16], (0..16).collect::<Vec<u8>>());
        assert_eq!(oblong[128], 4);
        assert_eq!(to_bytes(picture(1, 100), shape).len(), 192);
    }

    #[test]
    fn transparency_shows_white() {
        let clear = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0])));
        let half = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 128])));
        let shape = ImageShape {
            channels: 1,
            height: 8,
            width: 8,
        };
        assert_eq!(to_bytes(clear, shape), [255; 64]);
        assert_eq!(to_bytes(half, shape), [127; 64]);
    }
}
