//! `Images`: checked pictures with their labels; IDX parsing from bytes; seeded shuffles.

use crate::{
    config::ImageShape,
    error::{Error, ErrorKind, Result},
    pixels,
    random::{Purpose, below, generator},
};

/// Pictures of one shape, one byte per value, and a label for each or none at all. At least one picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    shape: ImageShape,
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl Images {
    /// `pixels` is `[n, channels, height, width]`, 0 to 255; `labels` is `[n]` or empty.
    ///
    /// # Errors
    /// `Data` when a side is 0, there is no picture, a picture is cut off, or the number of labels does not match.
    pub fn new(shape: ImageShape, pixels: Vec<u8>, labels: Vec<u8>) -> Result<Self> {
        let size = product(&[shape.channels, shape.height, shape.width]).unwrap_or(0);
        if size == 0 || pixels.is_empty() || !pixels.len().is_multiple_of(size) {
            return Err(data_error(format!(
                "pictures of {} x {} x {} values need a positive multiple of that many bytes, got {}",
                shape.channels,
                shape.height,
                shape.width,
                pixels.len()
            )));
        }
        let images = Self {
            shape,
            pixels,
            labels: Vec::new(),
        };
        if labels.is_empty() {
            return Ok(images);
        }
        images.with_labels(labels)
    }

    /// The same pictures with these labels, `[n]`.
    ///
    /// # Errors
    /// `Data` when there are not as many as pictures.
    pub fn with_labels(mut self, labels: Vec<u8>) -> Result<Self> {
        if labels.len() != self.len() {
            return Err(data_error(format!(
                "expected {} labels, one for each picture, got {}",
                self.len(),
                labels.len()
            )));
        }
        self.labels = labels;
        Ok(self)
    }

    /// Size of each picture.
    pub fn shape(&self) -> ImageShape {
        self.shape
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.pixels.len() / self.shape.len()
    }

    /// Never true; here because `len` is.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// All values, `[n, channels, height, width]`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// `[n]`, or empty when the pictures have no labels.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// One picture, `[channels, height, width]`.
    ///
    /// # Panics
    /// When there are not that many.
    pub fn picture(&self, index: usize) -> &[u8] {
        let size = self.shape.len();
        &self.pixels[index * size..][..size]
    }

    /// The first `count` pictures with their labels: all of them when there are fewer, at least one.
    pub fn first(&self, count: usize) -> Self {
        let count = count.clamp(1, self.len());
        Self {
            shape: self.shape,
            pixels: self.pixels[..count * self.shape.len()].to_vec(),
            labels: self.labels.iter().take(count).copied().collect(),
        }
    }

    /// Replaces `out` with the pictures at `indices`, as model values: `[indices.len(), channels, height, width]`, 0 to
    /// 1.
    ///
    /// # Panics
    /// When an index is out of range.
    pub fn gather(&self, indices: &[u32], out: &mut Vec<f32>) {
        out.clear();
        out.reserve(indices.len() * self.shape.len());
        for &index in indices {
            out.extend(
                self.picture(index as usize)
                    .iter()
                    .map(|&byte| pixels::from_byte(byte)),
            );
        }
    }
}

/// The numbers 0 to `len` - 1 in the order of one epoch: a pure function of its arguments, the same on every machine.
pub fn shuffled(len: usize, seed: u64, epoch: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..len as u32).collect();
    let mut random = generator(Purpose::Shuffle, seed, epoch);
    for left in (2..=order.len()).rev() {
        order.swap(left - 1, below(&mut random, left as u32) as usize);
    }
    order
}

/// Reads an IDX file of gray pictures (type 8, three dimensions), as MNIST and Fashion-MNIST have them.
///
/// # Errors
/// `Data` when the bytes have another format, are cut off or too long, or hold no picture.
pub fn images_from_idx(bytes: &[u8]) -> Result<Images> {
    let (sides, pixels) = parse_idx(bytes, 3)?;
    let shape = ImageShape {
        channels: 1,
        height: sides[1],
        width: sides[2],
    };
    Images::new(shape, pixels.to_vec(), Vec::new())
}

/// Reads an IDX file of labels (type 8, one dimension).
///
/// # Errors
/// `Data`, as [`images_from_idx`].
pub fn labels_from_idx(bytes: &[u8]) -> Result<Vec<u8>> {
    let (_, labels) = parse_idx(bytes, 1)?;
    Ok(labels.to_vec())
}

/// Sides and values of an IDX file of bytes: two zeros, the type (8: unsigned bytes), the number of dimensions, each side
/// as a big-endian u32, the values (LeCun, Cortes and Burges, the MNIST page).
fn parse_idx(bytes: &[u8], dimensions: u8) -> Result<(Vec<usize>, &[u8])> {
    let header = 4 + 4 * usize::from(dimensions);
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(data_error(
            "expected an IDX file, got a gzip archive; unpack it first",
        ));
    }
    if bytes.len() < header || bytes[..4] != [0, 0, 8, dimensions] {
        return Err(data_error(format!(
            "not an IDX file of unsigned bytes with {dimensions} dimension(s): expected it to start with 00 00 08 {dimensions:02x} \
             and {header} bytes of header, got {:02x?} and {} bytes",
            &bytes[..bytes.len().min(4)],
            bytes.len()
        )));
    }
    let (header, values) = bytes.split_at(header);
    let (sides, _) = header[4..].as_chunks::<4>();
    let sides: Vec<usize> = sides
        .iter()
        .map(|side| u32::from_be_bytes(*side) as usize)
        .collect();
    if product(&sides) != Some(values.len()) {
        return Err(data_error(format!(
            "the IDX file promises {sides:?} values, but {} are there",
            values.len()
        )));
    }
    Ok((sides, values))
}

/// `None` when it does not fit: sizes from outside may be anything, and `usize` has 32 bits in wasm.
fn product(sides: &[usize]) -> Option<usize> {
    sides
        .iter()
        .try_fold(1, |all: usize, &side| all.checked_mul(side))
}

fn data_error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Data, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: ImageShape = ImageShape {
        channels: 1,
        height: 1,
        width: 2,
    };

    #[test]
    fn an_idx_file_of_pictures_and_one_of_labels_become_images() {
        let pictures = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 255];
        let labels = labels_from_idx(&[0, 0, 8, 1, 0, 0, 0, 2, 7, 9]).unwrap();
        let images = images_from_idx(&pictures).unwrap().with_labels(labels).unwrap();
        assert_eq!(
            (images.len(), images.shape(), images.labels()),
            (2, SHAPE, &[7, 9][..])
        );
        assert_eq!(images.picture(1), [102, 255]);
        assert_eq!(images.first(1).labels(), [7]);
        let mut batch = vec![9.0];
        images.gather(&[1, 0, 1], &mut batch);
        assert_eq!(batch, [0.4, 1.0, 0.0, 0.2, 0.4, 1.0]);
    }

    #[test]
    fn an_idx_file_with_a_wrong_size_is_refused() {
        let mut file = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3];
        let message = images_from_idx(&file).unwrap_err().to_string();
        assert_eq!(message, "the IDX file promises [2, 1, 2] values, but 3 are there");
        // The cube of 2^32 - 1 overflows even 64 bits.
        file[4..16].fill(255);
        assert_eq!(images_from_idx(&file).unwrap_err().kind(), ErrorKind::Data);
        let message = labels_from_idx(&[0x1f, 0x8b, 8, 0]).unwrap_err().to_string();
        assert!(message.contains("gzip"), "{message}");
    }

    #[test]
    fn truncated_pictures_and_too_few_labels_are_refused() {
        assert!(Images::new(SHAPE, vec![1, 2, 3], vec![]).is_err());
        assert!(Images::new(SHAPE, vec![], vec![]).is_err());
        let message = Images::new(SHAPE, vec![1, 2, 3, 4], vec![1])
            .unwrap_err()
            .to_string();
        assert_eq!(message, "expected 2 labels, one for each picture, got 1");
    }

    #[test]
    fn a_shuffle_is_a_permutation_determined_by_seed_and_epoch() {
        let order = shuffled(1000, 5, 3);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..1000));
        assert_eq!(order, shuffled(1000, 5, 3));
        assert_ne!(order, shuffled(1000, 5, 4));
        assert_ne!(order, shuffled(1000, 6, 3));
        assert_eq!(shuffled(0, 1, 1), [0; 0]);
    }
}
