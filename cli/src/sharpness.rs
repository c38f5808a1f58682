//! Sharpness of a model's pictures: reconstructions, middles between two pictures, and random latents, as percentages of the
//! originals'. `eval --sharpness` prints it; the experiment on the detail of cats uses the same sets of pictures.

use anyhow::Result;
use latent_lab::{
    Engine, Geodesics, Images, Prior, Sharpness, normal_draws, path_frames, pixels_from_bytes, sharpness,
    shuffled, slerp,
};
use serde_json::{Value, json};

use crate::card::rounded;

/// Number of pictures or latents that an engine takes at once.
const AT_ONCE: usize = 100;

/// Three sets of pictures, each with as many as there are originals, in the order of a table.
pub(crate) const SETS: [&str; 3] = ["reconstructions", "middles", "random"];

/// The model's pictures: decoded means; the middle of the arc from each to the next one in a seeded order; and
/// draws of that seed from its fitted prior, or from a standard normal if it has none. In the order of [`SETS`].
pub(crate) fn drawn(
    engine: &mut dyn Engine,
    prior: Option<&Prior>,
    images: &Images,
    seed: u64,
) -> Result<[Vec<f32>; 3]> {
    let codes = codes(engine, images)?;
    let middles: Vec<f32> = pairs(&codes, images.len(), seed)
        .flat_map(|[from, to]| slerp(from, to, 0.5))
        .collect();
    Ok([
        decode(engine, &codes)?,
        decode(engine, &middles)?,
        random(engine, prior, images.len(), seed, 1.0)?,
    ])
}

/// The middles of the geodesics between the pairs whose arcs [`drawn`] takes. Without a prior those of arcs with even steps.
pub(crate) fn middles_of_geodesics(
    engine: &mut dyn Engine,
    prior: Option<&Prior>,
    images: &Images,
    seed: u64,
) -> Result<Vec<f32>> {
    let codes = codes(engine, images)?;
    let geodesics = Geodesics::new(engine, prior)?;
    let mut middles = Vec::with_capacity(codes.len());
    for [from, to] in pairs(&codes, images.len(), seed) {
        let points = geodesics.path(engine, from, to)?;
        middles.extend_from_slice(&path_frames(&points, from.len(), 3)[from.len()..][..from.len()]);
    }
    decode(engine, &middles)
}

fn codes(engine: &mut dyn Engine, images: &Images) -> Result<Vec<f32>> {
    let mut codes = Vec::with_capacity(images.len() * engine.config().latent);
    for bytes in images.pixels().chunks(AT_ONCE * images.shape().len()) {
        codes.extend(engine.encode(&pixels_from_bytes(bytes))?.mean);
    }
    Ok(codes)
}

/// Each code with the next one in a seeded order, the last with the first.
fn pairs(codes: &[f32], count: usize, seed: u64) -> impl Iterator<Item = [&[f32]; 2]> {
    let (order, latent) = (shuffled(count, seed, 0), codes.len() / count);
    (0..count).map(move |at| [at, at + 1].map(|at| &codes[order[at % count] as usize * latent..][..latent]))
}

/// `count` random pictures: draws of the seed from a fitted prior, or from a standard normal if
/// there is none, whose deviations from the mean are multiplied by `temperature`.
pub(crate) fn random(
    engine: &mut dyn Engine,
    prior: Option<&Prior>,
    count: usize,
    seed: u64,
    temperature: f32,
) -> Result<Vec<f32>> {
    let latents = match prior {
        Some(prior) => prior.draws(seed, 0, count, temperature),
        None => normal_draws(seed, 0, count * engine.config().latent)
            .iter()
            .map(|draw| temperature * draw)
            .collect(),
    };
    decode(engine, &latents)
}

fn decode(engine: &mut dyn Engine, latents: &[f32]) -> Result<Vec<f32>> {
    let mut pictures = Vec::new();
    for latents in latents.chunks(AT_ONCE * engine.config().latent) {
        pictures.extend(engine.decode(latents)?);
    }
    Ok(pictures)
}

/// Each of the [`SETS`] with its sharpness in percent of the originals', of pictures in the order of [`drawn`].
pub(crate) fn percents(images: &Images, drawn: &[Vec<f32>; 3]) -> Result<Vec<(&'static str, Sharpness)>> {
    let originals = sharpness(images.shape(), &pixels_from_bytes(images.pixels()))?;
    SETS.into_iter()
        .zip(drawn)
        .map(|(name, pictures)| Ok((name, sharpness(images.shape(), pictures)?.percent_of(originals))))
        .collect()
}

/// Both numbers of a set as JSON.
pub(crate) fn json(percent: Sharpness) -> Value {
    json!({"gradient": rounded(percent.gradient), "laplacian_variance": rounded(percent.laplacian_variance)})
}

#[cfg(test)]
mod tests {
    use latent_lab::{CpuEngine, ModelConfig, Weights};

    use super::*;

    #[test]
    fn every_set_has_as_many_pictures_as_originals_and_does_not_depend_on_the_chunk_size() {
        let config = ModelConfig {
            latent: 4,
            ..ModelConfig::preset("digits").unwrap()
        };
        let weights = Weights::init(&config, 3);
        let pixels = (0..AT_ONCE + 3).flat_map(|n| (0..784).map(move |at| (at * (n + 1) % 251) as u8));
        let images = Images::new(config.image, pixels.collect(), Vec::new()).unwrap();
        let mut engine = CpuEngine::new(&config, &weights).unwrap();
        let sets = drawn(&mut engine, None, &images, 7).unwrap();
        for set in &sets {
            assert_eq!(set.len(), images.pixels().len());
        }
        let order = shuffled(images.len(), 7, 0);
        let code = |at: u32| {
            let picture = pixels_from_bytes(images.picture(at as usize));
            engine.encode(&picture).unwrap().mean
        };
        let [last, first] = [order[order.len() - 1], order[0]].map(code);
        let middle = engine.decode(&slerp(&last, &first, 0.5)).unwrap();
        let found = &sets[1][sets[1].len() - 784..];
        assert!(middle.iter().zip(found).all(|(a, b)| (a - b).abs() < 1e-5));
        // Without a prior the geodesic is the arc with even steps.
        let middles = middles_of_geodesics(&mut engine, None, &images, 7).unwrap();
        let apart = latent_lab::mse(&middles, &sets[1]);
        assert!(apart < 0.1 * latent_lab::mse(&sets[0], &sets[1]), "{apart}");
        let percent = percents(&images, &sets).unwrap();
        assert_eq!(percent.iter().map(|(name, _)| *name).collect::<Vec<_>>(), SETS);
    }
}
