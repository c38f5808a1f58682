//! `eval`: how good a model is on images it has not seen. What each number means is in the command's help.

use std::fmt::Write;

use anyhow::Result;
use latent_lab::{Bounds, Evaluation, Kind, Likelihood, ModelConfig};
use serde_json::{Value, json};

use crate::{
    args::EvalArgs,
    data::{Source, Split},
    files,
    measure::Measure,
    progress, say,
};

/// Measures and prints.
pub(crate) fn eval(args: &EvalArgs) -> Result<()> {
    let model = files::read_model(&args.model)?;
    let source = Source::find(&args.data)?;
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
    let bounds = if args.samples > 0 && has_bound(&model.config) {
        let bar = progress::work_bar("importance-weighted bound", test.images.len() as u64);
        let bounds = measure.binarized(args.samples as usize, &bar)?;
        bar.finish_and_clear();
        Some(bounds)
    } else {
        None
    };
    if args.json {
        let parts = json!({"model": model.card.name, "data": source.name(), "seed": args.seed,
            "gray": gray_json(&gray), "binarized": bounds.as_ref().map(bounds_json)});
        say::result(serde_json::to_string_pretty(&parts)? + "\n")?;
    } else {
        say::result(format_args!(
            "{} test images of {}\n{}",
            gray.images,
            source.name(),
            text(&gray, bounds.as_ref(), &model.config)
        ))?;
    }
    Ok(())
}

/// Binarized targets need densities: a plain autoencoder and a Gaussian likelihood have none here.
fn has_bound(config: &ModelConfig) -> bool {
    config.kind == Kind::Variational && config.likelihood == Likelihood::Bernoulli
}

fn gray_json(gray: &Evaluation) -> Value {
    let mut parts = json!({"images": gray.images, "mse": gray.mse, "psnr": gray.psnr,
        "reconstruction_of_mean": gray.reconstruction_of_mean});
    if let Some(elbo) = gray.elbo {
        parts["reconstruction"] = elbo.reconstruction.into();
        parts["kl"] = elbo.kl.into();
        parts["negative_elbo"] = elbo.negative_elbo().into();
    }
    parts
}

fn bounds_json(bounds: &Bounds) -> Value {
    json!({"images": bounds.images, "samples": bounds.samples, "reconstruction": bounds.elbo.reconstruction,
        "kl": bounds.elbo.kl, "negative_elbo": bounds.elbo.negative_elbo(),
        "importance_weighted_bound": bounds.importance_weighted})
}

fn text(gray: &Evaluation, bounds: Option<&Bounds>, config: &ModelConfig) -> String {
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
    rows.push((
        "  reconstruction, mean".into(),
        format!("{:.3}{unit}", gray.reconstruction_of_mean),
    ));
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
    rows.iter().fold(String::new(), |mut text, (label, value)| {
        let line = format!("{label:<26}{value}");
        writeln!(text, "{}", line.trim_end()).expect("a String takes all");
        text
    })
}
