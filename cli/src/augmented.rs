//! The training images of one epoch, each changed a little at random.

use latent_lab::{Augment, Images, Result, augment, pixels_from_bytes, pixels_to_bytes};

/// The images as epoch `epoch` sees them: a pure function of its arguments, so that a resumed run sees the same. Values are
/// rounded to bytes again. On all cores: between two epochs nothing else computes.
pub(crate) fn epoch_images(images: &Images, options: &Augment, seed: u64, epoch: u64) -> Result<Images> {
    let (shape, size) = (images.shape(), images.shape().len());
    let first = epoch * images.len() as u64;
    let mut pixels = images.pixels().to_vec();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = images.len().div_ceil(cores);
    std::thread::scope(|scope| {
        for (part, pictures) in pixels.chunks_mut(share * size).enumerate() {
            scope.spawn(move || {
                for (n, picture) in pictures.chunks_mut(size).enumerate() {
                    let index = first + (part * share + n) as u64;
                    let changed = augment(shape, &pixels_from_bytes(picture), options, seed, index);
                    picture.copy_from_slice(&pixels_to_bytes(&changed));
                }
            });
        }
    });
    Images::new(shape, pixels, Vec::new())
}

#[cfg(test)]
mod tests {
    use latent_lab::ImageShape;

    use super::*;

    #[test]
    fn every_epoch_and_every_image_is_changed_in_its_own_way_and_always_the_same() {
        let shape = ImageShape {
            channels: 1,
            height: 8,
            width: 8,
        };
        let one: Vec<u8> = (0..64).map(|n| n * 4).collect();
        let images = Images::new(shape, one.repeat(5), Vec::new()).unwrap();
        let options = Augment {
            rotate_degrees: 20.0,
            shift: 0.1,
            ..Augment::default()
        };
        let epoch = |epoch| epoch_images(&images, &options, 7, epoch).unwrap();
        assert_eq!(epoch(0), epoch(0));
        assert_ne!(epoch(0), epoch(1));
        assert_ne!(epoch(0).picture(0), epoch(0).picture(4));
        let nothing = epoch_images(&images, &Augment::default(), 7, 0).unwrap();
        assert_eq!(nothing.pixels(), images.pixels());
    }
}
