//! A sheet of pictures: the originals in the first row, what each network makes of them below.

use std::io::Cursor;

use anyhow::{Result, ensure};
use image::{ImageFormat, RgbImage};
use latent_lab::{ImageShape, Images, pixels_to_rgba};

pub(super) struct Sheet {
    side: ImageShape,
    columns: usize,
    /// RGBA of each row's pictures, below each other.
    rows: Vec<Vec<u8>>,
}

impl Sheet {
    /// Adds a row of the first `columns` pictures. A new sheet begins with the originals; originals of another kind, gray or
    /// color, get a row of their own.
    pub(super) fn add(
        sheet: &mut Option<Self>,
        originals: &Images,
        pictures: &[f32],
        columns: usize,
    ) -> Result<()> {
        let image = originals.shape();
        let columns = columns.min(originals.len());
        let bytes = &originals.pixels()[..columns * image.len()];
        let first = pixels_to_rgba(image, &latent_lab::pixels_from_bytes(bytes));
        let sheet = sheet.get_or_insert_with(|| Self {
            side: image,
            columns,
            rows: Vec::new(),
        });
        ensure!(
            (sheet.side.height, sheet.side.width, sheet.columns) == (image.height, image.width, columns),
            "all rows of a sheet show as many pictures of one size"
        );
        if !sheet.rows.contains(&first) {
            sheet.rows.push(first);
        }
        sheet
            .rows
            .push(pixels_to_rgba(image, &pictures[..columns * image.len()]));
        Ok(())
    }

    /// The sheet as a file.
    pub(super) fn png(&self) -> Result<Vec<u8>> {
        let (height, width) = (self.side.height, self.side.width);
        let sheet = RgbImage::from_fn(
            (self.columns * width) as u32,
            (self.rows.len() * height) as u32,
            |x, y| {
                let (x, y) = (x as usize, y as usize);
                let at = ((x / width * height + y % height) * width + x % width) * 4;
                let pixel = &self.rows[y / height][at..];
                image::Rgb([pixel[0], pixel[1], pixel[2]])
            },
        );
        let mut file = Cursor::new(Vec::new());
        sheet.write_to(&mut file, ImageFormat::Png)?;
        Ok(file.into_inner())
    }
}
