//! `prior`: a mixture of normal distributions, fitted to a model's codes and written into its file; and draws from it.

use anyhow::{Context, Result, ensure};
use latent_lab::{
    Card, CpuEngine, Engine, Images, ModelFile, Prior, normal_draws, pixels_from_bytes, shuffled,
};
use nalgebra::DMatrix;

use crate::{
    args::{PriorArgs, PriorName},
    card,
    convert::{add_notes, check_data},
    data::{Source, Split},
    files::{self, Kind},
    mixture, progress, say,
};

/// Number of pictures that are encoded at once.
const AT_ONCE: usize = 100;

/// One in this many training images is left out to choose among numbers of components.
const HELD_OUT: usize = 10;

/// Beginnings of a command and of a note that belong to an earlier fit.
const COMMAND: &str = " && latent-lab prior ";
const NOTE: &str = "prior of ";

/// Reads, fits to the codes of the training images, measures on the test images, and writes.
pub(crate) fn prior(args: &PriorArgs, typed: &[String]) -> Result<()> {
    files::check_output(&args.out, Kind::Model, &[&args.model], args.force)?;
    let bytes = files::read_model_bytes(&args.model)?;
    let mut model = ModelFile::from_bytes(&bytes).with_context(|| args.model.display().to_string())?;
    let source = Source::find(&args.data)?;
    check_data(&model.card, &source, args.force)?;
    let training = source.load(Split::Train, model.config.image, None)?;
    let test = source.load(Split::Test, model.config.image, None)?;
    let codes = codes(&model, &training.images)?;
    let components = chosen(&codes, &args.components.0, args.seed)?;
    let prior = narrowed(&fitted(&codes, components, args.seed)?, args.temperature)?;
    forget(&mut model);
    let mut note = format!(
        "{NOTE}{components} component{} fitted to the codes of {} training images of {}, seed {}",
        if components == 1 { "" } else { "s" },
        training.images.len(),
        source.name(),
        args.seed
    );
    if args.temperature != 1.0 {
        note = format!("{note}, temperature {}", args.temperature);
    }
    add_notes(&mut model.card, [vec![note], training.notes, test.notes].concat());
    model.card.command = format!("{} && {}", model.card.command, card::portable_command(typed));
    let written = measured_bytes(&bytes, &mut model, &prior, &test.images)?;
    files::write_whole(&args.out, &written)?;
    say!(
        "wrote {} ({} bytes, {} of them the prior)",
        args.out.display(),
        written.len(),
        prior_bytes(&prior)
    );
    say::result(card::text(&model.card, &model.config))
}

/// Means, or codes, of pictures: `[latent, n]`.
fn codes(model: &ModelFile, images: &Images) -> Result<DMatrix<f64>> {
    let mut engine = CpuEngine::new(&model.config, &model.weights)?;
    let bar = progress::work_bar("encoding", images.len() as u64);
    let mut codes = Vec::with_capacity(images.len() * model.config.latent);
    for bytes in images.pixels().chunks(AT_ONCE * images.shape().len()) {
        codes.extend(engine.encode(&pixels_from_bytes(bytes))?.mean);
        bar.inc((bytes.len() / images.shape().len()) as u64);
    }
    bar.finish_and_clear();
    ensure!(
        codes.iter().all(|value| value.is_finite()),
        "the model gives codes that are not finite; nothing was written"
    );
    Ok(DMatrix::from_vec(model.config.latent, images.len(), codes).map(f64::from))
}

/// The number of components that makes codes left out of the fit likeliest.
fn chosen(codes: &DMatrix<f64>, candidates: &[usize], seed: u64) -> Result<usize> {
    let [first, others @ ..] = candidates else {
        unreachable!("the command line has at least one")
    };
    if others.is_empty() {
        return Ok(*first);
    }
    // Random numbers other than those of the starts.
    let order = shuffled(codes.ncols(), seed, 1);
    let order: Vec<usize> = order.iter().map(|&at| at as usize).collect();
    let (held_out, rest) = order.split_at(order.len() / HELD_OUT);
    ensure!(
        !held_out.is_empty() && rest.len() > 1,
        "too few training images to choose a number of components: {}",
        codes.ncols()
    );
    let (held_out, rest) = (codes.select_columns(held_out), codes.select_columns(rest));
    let mut best = (f64::NEG_INFINITY, *first);
    for &components in candidates {
        let bar = progress::round_bar();
        let mixture = mixture::fit(&rest, components, seed, &mut || bar.inc(1))?;
        bar.finish_and_clear();
        let likelihood = mixture.log_likelihood(&held_out)?;
        say!("{components:>4} components: {likelihood:.4} nats for each held-out code");
        if likelihood > best.0 {
            best = (likelihood, components);
        }
    }
    Ok(best.1)
}

fn fitted(codes: &DMatrix<f64>, components: usize, seed: u64) -> Result<Prior> {
    let bar = progress::round_bar();
    let mixture = mixture::fit(codes, components, seed, &mut || bar.inc(1))?;
    bar.finish_and_clear();
    mixture.prior()
}

/// The prior with the deviations of each component multiplied by `temperature`: its draws are those of `prior` at that temperature.
fn narrowed(prior: &Prior, temperature: f32) -> latent_lab::Result<Prior> {
    let factors = prior.factors().iter().map(|value| temperature * value).collect();
    Prior::new(
        prior.latent(),
        prior.weights().into(),
        prior.means().into(),
        factors,
    )
}

/// Removes an earlier fit's entries from the card.
fn forget(model: &mut ModelFile) {
    let card = &mut model.card;
    if let Some((before, last)) = card.command.rsplit_once(COMMAND)
        && !last.contains(" && ")
    {
        card.command = before.to_owned();
    }
    forget_notes(card);
}

fn forget_notes(card: &mut Card) {
    let notes: Vec<String> = card
        .notes
        .split("; ")
        .filter(|note| !note.starts_with(NOTE))
        .map(str::to_owned)
        .collect();
    card.notes = card::joined_notes(&notes);
}

/// Leaves out the prior of a model whose codes change, with its note and measures, and says so if there was one.
pub(crate) fn discard(model: &mut ModelFile) {
    if model.prior.take().is_some() {
        say!(
            "note: the fitted prior was for the old codes and is left out; fit it again by `latent-lab prior`"
        );
    }
    forget_notes(&mut model.card);
    model
        .card
        .losses
        .retain(|name, _| !name.ends_with("_log_density"));
}

/// The file's bytes, with the mean log density of test codes on the card: of the stored prior, and of its Gaussian.
fn measured_bytes(bytes: &[u8], model: &mut ModelFile, prior: &Prior, test: &Images) -> Result<Vec<u8>> {
    let stored = ModelFile::from_bytes(&ModelFile::amended(bytes, &model.card, prior)?)
        .context("the prior cannot be stored")?;
    let stored = stored.prior.context("the prior was stored")?;
    let codes: Vec<f32> = codes(model, test)?.iter().map(|&value| value as f32).collect();
    let standard = standard_normal(stored.latent())?;
    for (name, prior) in [
        ("mixture_log_density", &stored),
        ("gaussian_log_density", &stored.gaussian()),
        ("normal_log_density", &standard),
    ] {
        let logs = prior.log_density(&codes);
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        model.card.losses.insert(name.into(), card::rounded(mean));
    }
    Ok(ModelFile::amended(bytes, &model.card, prior)?)
}

fn standard_normal(latent: usize) -> latent_lab::Result<Prior> {
    let factor = (0..latent).flat_map(|row| (0..=row).map(move |column| f32::from(u8::from(row == column))));
    Prior::new(latent, vec![1.0], vec![0.0; latent], factor.collect())
}

/// Bytes of the tensors in a file.
fn prior_bytes(prior: &Prior) -> usize {
    // Means and scales, of which there are equally many, take two bytes.
    4 * prior.weights().len() + 4 * prior.means().len() + prior.factors().len()
}

/// `count` random latents of a model, from the source that was asked for; `temperature` multiplies their deviations.
///
/// # Errors
/// When the model has no fitted prior, but one is asked for.
pub(crate) fn draws(
    model: &ModelFile,
    source: PriorName,
    seed: u64,
    stream: u64,
    count: usize,
    temperature: f32,
) -> Result<Vec<f32>> {
    let fitted = || {
        let none = "the model has no fitted prior; `latent-lab prior` fits one";
        model.prior.as_ref().context(none)
    };
    Ok(match source {
        PriorName::Normal => {
            let mut draws = normal_draws(seed, stream, count * model.config.latent);
            draws.iter_mut().for_each(|value| *value *= temperature);
            draws
        }
        PriorName::Gaussian => fitted()?.gaussian().draws(seed, stream, count, temperature),
        PriorName::Mixture => fitted()?.draws(seed, stream, count, temperature),
    })
}

#[cfg(test)]
mod tests {
    use latent_lab::{Card, ModelConfig, Weights};

    use super::*;

    #[test]
    fn only_an_earlier_fit_is_removed_from_a_card() {
        let config = ModelConfig::preset("map").unwrap();
        let card = Card {
            command: "latent-lab train --data x && latent-lab prior m --data x --out p".into(),
            notes: "mine; prior of 5 components fitted to the codes of 9 training images of x, seed 1; yours"
                .into(),
            ..Card::default()
        };
        let mut model = ModelFile {
            weights: Weights::zeros(&config),
            prior: None,
            config,
            card,
        };
        for _ in 0..2 {
            forget(&mut model);
            assert_eq!(model.card.command, "latent-lab train --data x");
            assert_eq!(model.card.notes, "mine; yours");
        }
        model.card.command = "a && latent-lab prior b && latent-lab whiten c".into();
        forget(&mut model);
        assert_eq!(
            model.card.command,
            "a && latent-lab prior b && latent-lab whiten c"
        );
    }

    #[test]
    fn draws_of_a_narrowed_prior_are_those_of_the_prior_at_that_temperature() {
        let prior = Prior::new(
            2,
            vec![0.5, 0.5],
            vec![1.0, 2.0, -3.0, 4.0],
            [2.0, 1.0, 4.0].repeat(2),
        )
        .unwrap();
        let half = narrowed(&prior, 0.5).unwrap();
        assert_eq!(half.draws(7, 0, 50, 1.0), prior.draws(7, 0, 50, 0.5));
        assert!(narrowed(&prior, f32::MAX).is_err());
    }

    #[test]
    fn the_density_of_the_standard_normal_prior_follows_the_formula() {
        let density = standard_normal(3).unwrap().log_density(&[0.0; 3])[0];
        assert!((density + 1.5 * std::f64::consts::TAU.ln()).abs() < 1e-12);
    }

    #[test]
    fn the_number_of_components_with_the_largest_held_out_likelihood_is_chosen() {
        let draws = normal_draws(1, 0, 600);
        let clusters = DMatrix::from_fn(1, 600, |_, at| f64::from(draws[at]) + 30.0 * (at / 2 % 3) as f64);
        assert_eq!(chosen(&clusters, &[1, 3], 1).unwrap(), 3);
        assert_eq!(chosen(&clusters, &[2], 1).unwrap(), 2);
        let few = clusters.columns(0, 1).into_owned();
        assert!(chosen(&few, &[1, 2], 1).is_err());
    }
}
