//! `eval`: how good a model is on images it has not seen. The command's help says what each number means.

use std::fmt::Write;

use anyhow::Result;
use latent_lab::{
    Bounds, Evaluation, Images, Kind, LatentUse, Likelihood, ModelConfig, Sharpness, target_entropy,
};
use serde_json::{Value, json};

use crate::{
    args::EvalArgs,
    convert::note_other_data,
    data::{Source, Split},
    engines, files,
    measure::Measure,
    objective::Objective,
    progress,
    realism::{self, Realism},
    say, sharpness,
};

/// Measures and prints.
pub(crate) fn eval(args: &EvalArgs) -> Result<()> {
    let model = files::read_model(&args.model)?;
    let source = Source::find(&args.data)?;
    note_other_data(&model.card, &source);
    let test = source.load(Split::Test, model.config.image, args.limit)?;
    for note in &test.notes {
        say!("note: {note}");
    }
    let measure = Measure {
        engine: args.engine,
        config: &model.config,
        weights: &model.weights,
        images: &test.images,
        seed: args.seed,
    };
    let gray = measure.gray()?;
    let round_trip = percentile(measure.round_trips()?, 0.95);
    let objective = Objective::of(&model.card, &model.config);
    let bounds = if args.samples > 0 && has_bound(&model.config) {
        let bar = progress::work_bar("importance-weighted bound", test.images.len() as u64);
        let bounds = measure.binarized(args.samples as usize, &bar)?;
        bar.finish_and_clear();
        Some(bounds)
    } else {
        None
    };
    let floor = floor(&model.config, &test.images);
    let sharp = if args.sharpness {
        let mut engine = engines::open(args.engine, &model.config, &model.weights)?;
        let training = source.load(Split::Train, model.config.image, None)?.images;
        let (test, seed) = (&test.images, args.seed);
        let drawn = sharpness::drawn(&mut *engine, model.prior.as_ref(), test, seed)?;
        let features = realism::classifier(&training);
        Some((
            sharpness::percents(test, &drawn)?,
            Realism::measure(&mut *engine, test, &drawn, &features, seed)?,
        ))
    } else {
        None
    };
    if args.json {
        let mut parts = json!({"model": model.card.name, "data": source.name(), "seed": args.seed,
            "objective": objective.map(Objective::json), "gray": gray_json(&gray, floor, objective),
            "binarized": bounds.as_ref().map(bounds_json)});
        parts["gray"]["round_trip_95"] = round_trip.into();
        if let Some((sharp, realism)) = sharp {
            parts["realism"] = realism.json();
            parts["sharpness_percent"] = sharp
                .into_iter()
                .map(|(set, percent)| (set.to_owned(), sharpness::json(percent)))
                .collect();
        }
        say::result(serde_json::to_string_pretty(&parts)? + "\n")?;
    } else {
        let mut rows = rows(&gray, floor, bounds.as_ref(), &model.config, objective);
        rows.push(("round trip".into(), format!("{round_trip:.6} (95th percentile)")));
        if let Some((sharp, realism)) = &sharp {
            rows.extend(sharpness_rows(sharp));
            rows.extend(realism.rows());
        }
        say::result(format_args!(
            "{} test images of {}{}\n{}",
            gray.images,
            source.name(),
            chosen(&test.rule),
            text(&rows)
        ))?;
    }
    Ok(())
}

/// The cost of a perfect reconstruction; a Gaussian likelihood has no floor but 0.
fn floor(config: &ModelConfig, images: &Images) -> Option<f64> {
    (config.likelihood == Likelihood::Bernoulli).then(|| target_entropy(images))
}

/// The smallest value that a `share` of the values, from 0 to 1, does not exceed.
fn percentile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (share * values.len() as f64).ceil() as usize;
    values[rank.saturating_sub(1)]
}

/// Binarized targets need densities, which a plain autoencoder and a Gaussian likelihood lack here.
fn has_bound(config: &ModelConfig) -> bool {
    config.kind == Kind::Variational && config.likelihood == Likelihood::Bernoulli
}

/// The rule that chose the test images, in parentheses.
fn chosen(rule: &str) -> String {
    match rule {
        "" => String::new(),
        rule => format!(" ({rule})"),
    }
}

fn gray_json(gray: &Evaluation, floor: Option<f64>, objective: Option<Objective>) -> Value {
    let mut parts = json!({"images": gray.images, "mse": gray.mse, "psnr": gray.psnr,
        "reconstruction_of_mean": gray.reconstruction_of_mean});
    if let Some(floor) = floor {
        parts["target_entropy"] = floor.into();
    }
    if let Some(elbo) = gray.elbo {
        parts["reconstruction"] = elbo.reconstruction.into();
        parts["kl"] = elbo.kl.into();
        parts["negative_elbo"] = elbo.negative_elbo().into();
    }
    if let Some(total) = objective.and_then(|objective| objective.value(gray)) {
        parts["total"] = total.into();
    }
    if let Some(latents) = &gray.latents {
        parts["active_units"] = latents.active_units().into();
        parts["kl_of_dimensions"] = latents.divergences().collect();
        parts["variance_of_means"] = latents.variances().collect();
    }
    parts
}

fn bounds_json(bounds: &Bounds) -> Value {
    json!({"images": bounds.images, "samples": bounds.samples, "reconstruction": bounds.elbo.reconstruction,
        "kl": bounds.elbo.kl, "negative_elbo": bounds.elbo.negative_elbo(),
        "importance_weighted_bound": bounds.importance_weighted})
}

/// Labels and values of the lines that people read.
fn rows(
    gray: &Evaluation,
    floor: Option<f64>,
    bounds: Option<&Bounds>,
    config: &ModelConfig,
    objective: Option<Objective>,
) -> Vec<(String, String)> {
    let unit = match config.likelihood {
        Likelihood::Bernoulli => " nats",
        Likelihood::Gaussian => "",
    };
    let mut rows = vec![("gray targets".to_owned(), String::new())];
    if let Some(elbo) = gray.elbo {
        rows.push((
            "  reconstruction".into(),
            format!("{:.3}{unit}", elbo.reconstruction),
        ));
        rows.push(("  KL".into(), format!("{:.3} nats", elbo.kl)));
        rows.push(("  -ELBO".into(), format!("{:.3}{unit}", elbo.negative_elbo())));
    }
    rows.extend(objective_rows(gray, objective, unit));
    let active = gray.latents.as_ref().and_then(LatentUse::active_units);
    if let Some(active) = active {
        rows.push(("  active units".into(), format!("{active} of {}", config.latent)));
    }
    rows.push((
        "  reconstruction, mean".into(),
        format!("{:.3}{unit}", gray.reconstruction_of_mean),
    ));
    if let Some(floor) = floor {
        rows.push(("  entropy of the targets".into(), format!("{floor:.3} nats")));
    }
    rows.push(("  MSE".into(), format!("{:.6}", gray.mse)));
    rows.push(("  PSNR".into(), format!("{:.2} dB", gray.psnr)));
    if let Some(bounds) = bounds {
        rows.push(("binarized targets".into(), String::new()));
        rows.push((
            "  -ELBO".into(),
            format!("{:.3} nats", bounds.elbo.negative_elbo()),
        ));
        let name = format!("  IWAE bound, k = {}", bounds.samples);
        rows.push((name, format!("{:.3} nats", bounds.importance_weighted)));
    } else if !has_bound(config) {
        rows.push((
            "binarized targets: only for variational models with a Bernoulli likelihood".into(),
            String::new(),
        ));
    }
    rows
}

fn sharpness_rows(sets: &[(&str, Sharpness)]) -> Vec<(String, String)> {
    let mut rows = vec![("sharpness in % of the originals".to_owned(), String::new())];
    rows.extend(sets.iter().map(|(set, percent)| {
        let numbers = format!(
            "Laplacian {:.1}, gradient {:.1}",
            percent.laplacian_variance, percent.gradient
        );
        (format!("  {set}"), numbers)
    }));
    rows
}

fn text(rows: &[(String, String)]) -> String {
    rows.iter().fold(String::new(), |mut text, (label, value)| {
        let line = format!("{label:<26}{value}");
        writeln!(text, "{}", line.trim_end()).expect("a String takes all");
        text
    })
}

/// The training objective, if it is not -ELBO or not known.
fn objective_rows(gray: &Evaluation, objective: Option<Objective>, unit: &str) -> Vec<(String, String)> {
    let value = objective.and_then(|objective| objective.value(gray));
    match (objective, value) {
        (Some(objective), Some(value)) if !objective.is_elbo() => {
            vec![(
                "  objective".into(),
                format!("{value:.3}{unit}: {}", objective.text()),
            )]
        }
        (None, _) if gray.elbo.is_some() => {
            vec![(
                "  objective".into(),
                "unknown: the card does not say its beta".into(),
            )]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn a_percentile_is_the_value_that_its_share_of_values_does_not_exceed() {
        let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(percentile(values.clone(), 0.95), 95.0);
        assert_eq!(percentile(values.clone(), 1.0), 100.0);
        assert_eq!(percentile(values, 0.0), 1.0);
        assert_eq!(percentile(vec![3.0], 0.95), 3.0);
    }
}
