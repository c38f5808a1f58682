//! What networks make of random latents, judged by a classifier: the article's central claim, with numbers.

use anyhow::Result;
use latent_lab::normal_draws;
use serde_json::{Value, json};

use super::{
    Runs,
    plan::Plan,
    sheet::Sheet,
    subject::{Judge, Network, data},
};

/// Pictures that the sheet shows of each set.
const SHOWN: usize = 8;

const SEED: u64 = 7;

/// For each network of the plan its reconstructions, what it makes of standard normal draws, and of draws that have mean and
/// spread of its own codes; `None` after Ctrl-C.
pub(super) fn measure(plan: &Plan, runs: &Runs) -> Result<Option<(Value, Sheet)>> {
    let Some(networks) = Network::all(plan, runs)? else {
        return Ok(None);
    };
    let (training, test) = data(plan, runs)?;
    let image = training.shape();
    eprintln!("a classifier");
    let judge = Judge::new(&training, &test);
    let real = judge.real(&training);
    let mut sheet = Sheet::default();
    let shown = SHOWN.min(judge.count()) * image.len();
    sheet.add(image, &real[..shown])?;
    let mut rows = vec![row("real", &judge, &real, &json!({}))];
    for mut network in networks {
        let codes = network.encode(&real, image.len())?;
        let draws = normal_draws(SEED, 0, judge.count() * network.latent);
        let fitted = fitted(&draws, &codes, network.latent);
        let sets = [("reconstructed", &codes), ("random", &draws), ("fitted", &fitted)];
        for (kind, latents) in sets {
            let pictures = network.decode(latents)?;
            if kind != "reconstructed" {
                sheet.add(image, &pictures[..shown])?;
            }
            rows.push(row(kind, &judge, &pictures, &network.about));
        }
    }
    let value = json!({
        "pictures": judge.count(),
        "classifier": judge.describe(),
        "seed": SEED,
        "rows": rows,
    });
    Ok(Some((value, sheet)))
}

fn row(kind: &str, judge: &Judge, pictures: &[f32], about: &Value) -> Value {
    let mut value = about.clone();
    value["kind"] = kind.into();
    let judged = judge.judge(pictures);
    for (name, number) in judged.as_object().expect("it is made as one") {
        value[name] = number.clone();
    }
    value
}

/// Draws moved and stretched to the mean and standard deviation that `codes` have in each dimension.
fn fitted(draws: &[f32], codes: &[f32], latent: usize) -> Vec<f32> {
    let count = (codes.len() / latent) as f64;
    let moments: Vec<(f64, f64)> = (0..latent)
        .map(|at| {
            let values = || {
                codes
                    .iter()
                    .skip(at)
                    .step_by(latent)
                    .map(|&value| f64::from(value))
            };
            let mean = values().sum::<f64>() / count;
            let variance = values().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
            (mean, variance.sqrt())
        })
        .collect();
    draws
        .iter()
        .enumerate()
        .map(|(at, &draw)| {
            let (mean, deviation) = moments[at % latent];
            (mean + deviation * f64::from(draw)) as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitted_draws_have_the_moments_of_the_codes() {
        let codes = [1.0, -2.0, 3.0, 2.0];
        assert_eq!(fitted(&[0.0, 0.0, 1.0, -1.0], &codes, 2), [2.0, 0.0, 3.0, -2.0]);
    }
}
