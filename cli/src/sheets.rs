//! `sample`, `reconstruct`, `interpolate`: sheets of a model's pictures.

use std::{io::Cursor, path::Path};

use anyhow::{Result, ensure};
use image::{ImageFormat, Rgb, RgbImage};
use latent_lab::{
    Engine, Geodesics, ImageShape, Images, Kind, ModelFile, latent_path, path_frames, pixels_from_bytes,
    pixels_to_rgba,
};

use crate::{
    args::{DataArgs, InterpolateArgs, PathName, PriorName, ReconstructArgs, SampleArgs, SheetArgs},
    data::{Source, Split},
    engines,
    files::{self, Kind as Output},
    prior,
};

/// Number of pictures that an engine takes at once.
const AT_ONCE: usize = 100;
/// Most pixels on a sheet.
const MOST: u64 = 200_000_000;

/// A grid of random pictures.
pub(crate) fn sample(args: &SampleArgs) -> Result<()> {
    let mut drawer = Drawer::new(&args.sheet)?;
    if drawer.model.config.kind == Kind::Autoencoder && args.prior == PriorName::Normal {
        say!("note: a plain autoencoder has not learned what random latents look like");
    }
    let mut latents = Vec::new();
    for n in 0..u64::from(args.count) {
        let draws = prior::draws(&drawer.model, args.prior, args.seed, n, 1, args.temperature)?;
        latents.extend(draws);
    }
    let pictures = drawer.decode(&latents)?;
    drawer.write(&args.sheet, &pictures, args.columns as usize)
}

/// Rows of originals, each above its reconstructions.
pub(crate) fn reconstruct(args: &ReconstructArgs) -> Result<()> {
    let mut drawer = Drawer::new(&args.sheet)?;
    let originals = drawer.originals(&args.data, args.count)?;
    let pixels = pixels_from_bytes(originals.pixels());
    let codes = drawer.encode(&pixels)?;
    let pictures = drawer.decode(&codes)?;
    let (row, size) = (args.columns as usize, originals.shape().len());
    let mut sheet = Vec::new();
    for (above, below) in pixels.chunks(row * size).zip(pictures.chunks(row * size)) {
        for half in [above, below] {
            sheet.extend_from_slice(half);
            // White where the last row is not full.
            sheet.resize(sheet.len() + row * size - half.len(), 1.0);
        }
    }
    drawer.write(&args.sheet, &sheet, row)
}

/// A row for each pair of pictures.
pub(crate) fn interpolate(args: &InterpolateArgs) -> Result<()> {
    let mut drawer = Drawer::new(&args.sheet)?;
    let originals = drawer.originals(&args.data, 2 * args.pairs)?;
    ensure!(
        originals.len() > 1,
        "there is one test image, and an interpolation needs two"
    );
    let pixels = pixels_from_bytes(originals.pixels());
    let (size, latent) = (originals.shape().len(), drawer.model.config.latent);
    let codes = drawer.encode(&pixels)?;
    let frames = args.frames as usize;
    let paths = drawer.paths(args.path, &codes, frames)?;
    let mut sheet = Vec::new();
    let pairs = paths
        .chunks_exact(frames * latent)
        .zip(pixels.chunks_exact(2 * size));
    for (path, ends) in pairs {
        let path = drawer.decode(path)?;
        sheet.extend([&ends[..size], &path, &ends[size..]].concat());
    }
    drawer.write(&args.sheet, &sheet, frames + 2)
}

/// A model at work.
struct Drawer {
    model: ModelFile,
    engine: Box<dyn Engine>,
}

impl Drawer {
    fn new(args: &SheetArgs) -> Result<Self> {
        files::check_output(&args.out, Output::Sheet, &[&args.model], args.force)?;
        let model = files::read_model(&args.model)?;
        let engine = engines::open(args.engine, &model.config, &model.weights)?;
        Ok(Self { model, engine })
    }

    /// The first test images, at most `count`.
    fn originals(&self, data: &DataArgs, count: u32) -> Result<Images> {
        let test = Source::find(data)?.load(Split::Test, self.model.config.image, Some(count))?;
        for note in &test.notes {
            say!("note: {note}");
        }
        Ok(test.images)
    }

    /// Means or codes, `[n, latent]`.
    fn encode(&mut self, pixels: &[f32]) -> Result<Vec<f32>> {
        let mut codes = Vec::new();
        for chunk in pixels.chunks(AT_ONCE * self.model.config.image.len()) {
            codes.extend(self.engine.encode(chunk)?.mean);
        }
        Ok(codes)
    }

    /// Paths of `frames` latents between each two codes, `[pairs, frames, latent]`.
    fn paths(&mut self, name: PathName, codes: &[f32], frames: usize) -> Result<Vec<f32>> {
        let latent = self.model.config.latent;
        let pairs = codes.chunks_exact(2 * latent).map(|pair| pair.split_at(latent));
        let path = match name {
            PathName::Lerp => latent_lab::Path::Lerp,
            PathName::Slerp => latent_lab::Path::Slerp,
            PathName::Geodesic => {
                if self.model.prior.is_none() {
                    say!("note: the model has no fitted prior, so its geodesics are arcs with even steps");
                }
                let geodesics = Geodesics::new(&mut *self.engine, self.model.prior.as_ref())?;
                let mut paths = Vec::new();
                for (from, to) in pairs {
                    let points = geodesics.path(&mut *self.engine, from, to)?;
                    paths.extend(path_frames(&points, latent, frames));
                }
                return Ok(paths);
            }
        };
        Ok(pairs
            .flat_map(|(from, to)| latent_path(path, from, to, frames))
            .collect())
    }

    fn decode(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        let mut pictures = Vec::new();
        for chunk in latents.chunks(AT_ONCE * self.model.config.latent) {
            pictures.extend(self.engine.decode(chunk)?);
        }
        Ok(pictures)
    }

    fn write(&self, args: &SheetArgs, pictures: &[f32], columns: usize) -> Result<()> {
        let image = self.model.config.image;
        let layout = Layout {
            columns,
            scale: args.scale,
            gap: 1,
        };
        let (width, height) = write_sheet(&args.out, image, pictures, layout)?;
        say!(
            "wrote {} pictures to {} ({width}x{height} pixels)",
            pictures.len() / image.len(),
            args.out.display()
        );
        Ok(())
    }
}

/// How pictures stand on a sheet.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    /// Most pictures in a row.
    pub(crate) columns: usize,
    /// The side of the square that each pixel becomes.
    pub(crate) scale: u32,
    /// Pixels between the pictures and around them, before they are enlarged.
    pub(crate) gap: usize,
}

/// Writes a [`sheet`] as PNG. Returns its width and height.
pub(crate) fn write_sheet(
    path: &Path,
    image: ImageShape,
    pictures: &[f32],
    layout: Layout,
) -> Result<(u32, u32)> {
    let sheet = sheet(image, pictures, layout)?;
    let mut file = Cursor::new(Vec::new());
    sheet.write_to(&mut file, ImageFormat::Png)?;
    files::write_whole(path, file.get_ref())?;
    Ok(sheet.dimensions())
}

/// Pictures `[n, channels, height, width]` row by row, on white.
fn sheet(image: ImageShape, pictures: &[f32], Layout { columns, scale, gap }: Layout) -> Result<RgbImage> {
    let count = pictures.len() / image.len();
    let columns = columns.min(count).max(1);
    let (cell_width, cell_height) = (image.width + gap, image.height + gap);
    let width = (columns * cell_width + gap) as u64 * u64::from(scale);
    let height = (count.div_ceil(columns) * cell_height + gap) as u64 * u64::from(scale);
    ensure!(
        width * height <= MOST,
        "the sheet would have {width}x{height} pixels; fewer pictures or a smaller --scale"
    );
    let rgba = pixels_to_rgba(image, pictures);
    let pixel = |x: usize, y: usize| {
        let (column, left) = (x / cell_width, x % cell_width);
        let (row, top) = (y / cell_height, y % cell_height);
        let n = row * columns + column;
        // The gap comes first.
        if left < gap || top < gap || column >= columns || n >= count {
            return Rgb([255; 3]);
        }
        let at = ((n * image.height + top - gap) * image.width + left - gap) * 4;
        Rgb([rgba[at], rgba[at + 1], rgba[at + 2]])
    };
    Ok(RgbImage::from_fn(width as u32, height as u32, |x, y| {
        pixel((x / scale) as usize, (y / scale) as usize)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: ImageShape = ImageShape {
        channels: 1,
        height: 1,
        width: 2,
    };

    #[test]
    fn pictures_are_enlarged_and_arranged_in_rows_apart_by_the_gap() {
        let pictures = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
        let layout = Layout {
            columns: 2,
            scale: 2,
            gap: 1,
        };
        let close = Layout {
            scale: 1,
            gap: 0,
            ..layout
        };
        let close = super::sheet(IMAGE, &pictures, close).unwrap();
        let values: Vec<u8> = close.pixels().map(|pixel| pixel[0]).collect();
        assert_eq!(values, [0, 51, 102, 153, 204, 255, 255, 255]);
        let sheet = sheet(IMAGE, &pictures, layout).unwrap();
        assert_eq!((sheet.width(), sheet.height()), (14, 10));
        let row = |y: u32| (0..7).map(|x| sheet.get_pixel(2 * x, y)[0]).collect::<Vec<_>>();
        assert_eq!(row(0), [255; 7]);
        assert_eq!(row(2), [255, 0, 51, 255, 102, 153, 255]);
        assert_eq!(row(3), row(2));
        assert_eq!(row(6), [255, 204, 255, 255, 255, 255, 255]);
    }

    #[test]
    fn a_sheet_that_no_viewer_would_open_is_refused() {
        let layout = Layout {
            columns: 100,
            scale: 16,
            gap: 1,
        };
        let message = sheet(IMAGE, &[0.0; 20_000_000], layout).unwrap_err().to_string();
        assert!(message.contains("smaller --scale"), "{message}");
    }
}
