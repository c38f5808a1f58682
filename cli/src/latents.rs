//! `latents`: the encoder's means for test or training images, as the small file that the page loads, and a sheet of the images.

use anyhow::{Context, Result, ensure};
use latent_lab::{Images, LatentsFile, ModelFile, pixels_from_bytes, shuffled};

use crate::{
    args::LatentsArgs,
    convert::note_other_data,
    data::Source,
    engines,
    files::{self, Kind},
    sheets::{Layout, write_sheet},
};

/// Images that are encoded at once.
const BATCH: usize = 64;

/// The sheet as the page reads it.
const LAYOUT: Layout = Layout {
    columns: 10,
    scale: 1,
    gap: 0,
};

/// Encodes and writes.
pub(crate) fn latents(args: &LatentsArgs) -> Result<()> {
    files::check_output(&args.out, Kind::Latents, &[&args.model], args.force)?;
    if let Some(sheet) = &args.sheet {
        ensure!(sheet != &args.out, "--sheet and --out name the same file");
        files::check_output(sheet, Kind::Sheet, &[&args.model, &args.out], args.force)?;
    }
    let model = files::read_model(&args.model)?;
    let source = Source::find(&args.data)?;
    note_other_data(&model.card, &source);
    let loaded = source.load(args.part, model.config.image, None)?;
    for note in &loaded.notes {
        say!("note: {note}");
    }
    let (images, count) = (&loaded.images, args.count as usize);
    let chosen = match args.seed {
        Some(seed) => choose_at_random(images.len(), count, seed),
        None => choose(images, count, args.first),
    };
    let file = encode(args, &model, images, &chosen)?;
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
    if let Some(sheet) = &args.sheet {
        let pictures: Vec<u8> = chosen
            .iter()
            .flat_map(|&index| images.picture(index as usize))
            .copied()
            .collect();
        write_sheet(sheet, images.shape(), &pixels_from_bytes(&pictures), LAYOUT)?;
        say!("wrote these images to {}", sheet.display());
    }
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

/// Indices of `count` of `len` images, or of all if there are fewer, in their order: the same for the same seed.
fn choose_at_random(len: usize, count: usize, seed: u64) -> Vec<u32> {
    let mut chosen = shuffled(len, seed, 0);
    chosen.truncate(count);
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
    fn a_seed_chooses_each_image_equally_often_and_a_larger_choice_contains_the_smaller() {
        let mut counts = [0; 20];
        for seed in 0..400 {
            let chosen = choose_at_random(20, 5, seed);
            assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]));
            let more = choose_at_random(20, 6, seed);
            assert!(chosen.iter().all(|index| more.contains(index)));
            chosen.iter().for_each(|&index| counts[index as usize] += 1);
        }
        // 400 draws of one in four: 100 with a deviation of 8.7, so five deviations.
        assert!(
            counts.iter().all(|count| (57..=143).contains(count)),
            "{counts:?}"
        );
        assert_eq!(choose_at_random(3, 9, 1), [0, 1, 2]);
    }

    #[test]
    fn the_first_images_are_used_without_labels_or_on_request() {
        assert_eq!(choose(&images(&[]), 2, false), [0, 1]);
        assert_eq!(choose(&images(&[3, 3, 3, 3, 5, 9]), 3, true), [0, 1, 2]);
    }
}
