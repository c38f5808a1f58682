//! `latents`: the encoder's means for test images, as the small file that the page loads.

use anyhow::{Context, Result, ensure};
use latent_lab::{Images, LatentsFile, ModelFile};

use crate::{
    args::LatentsArgs,
    convert::note_other_data,
    data::{Source, Split},
    engines,
    files::{self, Kind},
};

/// Images that are encoded at once.
const BATCH: usize = 64;

/// Encodes and writes.
pub(crate) fn latents(args: &LatentsArgs) -> Result<()> {
    files::check_output(&args.out, Kind::Latents, &[&args.model], args.force)?;
    let model = files::read_model(&args.model)?;
    let source = Source::find(&args.data)?;
    note_other_data(&model.card, &source);
    let test = source.load(Split::Test, model.config.image, None)?;
    for note in &test.notes {
        say!("note: {note}");
    }
    let chosen = choose(&test.images, args.count as usize, args.first);
    let file = encode(args, &model, &test.images, &chosen)?;
    ensure!(
        file.mean.iter().all(|value| value.is_finite()),
        "{} gives codes that are not finite; nothing was written",
        args.model.display()
    );
    let bytes = file.to_bytes();
    files::write_whole(&args.out, &bytes)?;
    say!(
        "wrote {} latents to {} ({} bytes)",
        chosen.len(),
        args.out.display(),
        bytes.len()
    );
    Ok(())
}

fn encode(args: &LatentsArgs, model: &ModelFile, images: &Images, chosen: &[u32]) -> Result<LatentsFile> {
    let mut engine = engines::open(args.engine, &model.config, &model.weights)?;
    let (mut mean, mut pixels) = (Vec::new(), Vec::new());
    for part in chosen.chunks(BATCH) {
        images.gather(part, &mut pixels);
        mean.extend(engine.encode(&pixels).context("the encoder failed")?.mean);
    }
    let labels = match images.labels() {
        [] => Vec::new(),
        _ if args.no_labels => Vec::new(),
        labels => chosen.iter().map(|&index| labels[index as usize]).collect(),
    };
    Ok(LatentsFile {
        latent: model.config.latent,
        mean,
        labels,
        model: model.card.name.clone(),
    })
}

/// Indices of `count` images, or of all if there are fewer, in their order: the first ones, or the first of each class,
/// taken class by class in turn until there are enough.
fn choose(images: &Images, count: usize, first: bool) -> Vec<u32> {
    let count = count.min(images.len());
    if first || images.labels().is_empty() {
        return (0..count as u32).collect();
    }
    let mut classes = vec![Vec::new(); 256];
    for (index, &label) in images.labels().iter().enumerate() {
        classes[usize::from(label)].push(index as u32);
    }
    let longest = classes.iter().map(Vec::len).max().unwrap_or(0);
    let in_turn = (0..longest).flat_map(|place| {
        classes
            .iter()
            .filter_map(move |class: &Vec<u32>| class.get(place))
    });
    let mut chosen: Vec<u32> = in_turn.take(count).copied().collect();
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use latent_lab::ImageShape;

    use super::*;

    fn images(labels: &[u8]) -> Images {
        let shape = ImageShape {
            channels: 1,
            height: 8,
            width: 8,
        };
        Images::new(shape, vec![0; 64 * 6], labels.to_vec()).unwrap()
    }

    #[test]
    fn each_class_contributes_its_share_or_all_that_it_has() {
        let images = images(&[3, 3, 3, 3, 5, 9]);
        assert_eq!(choose(&images, 3, false), [0, 4, 5]);
        assert_eq!(choose(&images, 5, false), [0, 1, 2, 4, 5]);
        assert_eq!(choose(&images, 99, false), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn the_first_images_are_used_without_labels_or_on_request() {
        assert_eq!(choose(&images(&[]), 2, false), [0, 1]);
        assert_eq!(choose(&images(&[3, 3, 3, 3, 5, 9]), 3, true), [0, 1, 2]);
    }
}
