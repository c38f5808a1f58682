//! A sheet of pictures: rows of equal length, with pictures of one size; gray and color may be mixed.

use std::io::Cursor;

use anyhow::{Result, ensure};
use image::{
    RgbImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use latent_lab::{ImageShape, Images, pixels_to_rgba};

#[derive(Default)]
pub(super) struct Sheet {
    /// Height and width of a picture, and the number of pictures in a row.
    size: Option<(usize, usize, usize)>,
    /// RGBA of each row's pictures, one below the other.
    rows: Vec<Vec<u8>>,
}

impl Sheet {
    /// Adds a network's reconstructions of the first `columns` originals, which are added once as a row of their own.
    pub(super) fn compare(&mut self, originals: &Images, pictures: &[f32], columns: usize) -> Result<()> {
        let image = originals.shape();
        let values = columns.min(originals.len()) * image.len();
        let originals = latent_lab::pixels_from_bytes(&originals.pixels()[..values]);
        if !self.rows.contains(&pixels_to_rgba(image, &originals)) {
            self.add(image, &originals)?;
        }
        self.add(image, &pictures[..values])
    }

    /// Adds a row: image after image, values 0 to 1.
    pub(super) fn add(&mut self, image: ImageShape, pictures: &[f32]) -> Result<()> {
        let size = (image.height, image.width, pictures.len() / image.len());
        ensure!(
            *self.size.get_or_insert(size) == size,
            "all rows of a sheet must have the same number of pictures, of one size"
        );
        self.rows.push(pixels_to_rgba(image, pictures));
        Ok(())
    }

    /// Experiments without pictures add no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The sheet as a file.
    pub(super) fn png(&self) -> Result<Vec<u8>> {
        let (height, width, columns) = self.size.unwrap_or((1, 1, 1));
        let sheet = RgbImage::from_fn(
            (columns * width) as u32,
            (self.rows.len() * height) as u32,
            |x, y| {
                let (x, y) = (x as usize, y as usize);
                let at = ((x / width * height + y % height) * width + x % width) * 4;
                let pixel = &self.rows[y / height][at..];
                image::Rgb([pixel[0], pixel[1], pixel[2]])
            },
        );
        let mut file = Cursor::new(Vec::new());
        // Adaptive filters halve sheets of photographs against the crate's default.
        let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Best, FilterType::Adaptive);
        sheet.write_with_encoder(encoder)?;
        Ok(file.into_inner())
    }
}
