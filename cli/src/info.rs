//! `info`: describes a model file or a checkpoint.

use std::fmt::Write;

use anyhow::{Context, Result, bail};
use latent_lab::{Checkpoint, ModelConfig, ModelFile, SharpenCheckpoint};
use serde_json::{Value, json};

use crate::{
    args::{InfoArgs, InfoFormat},
    card, files,
    run::Progress,
    say,
};

/// Prints.
pub(crate) fn info(args: &InfoArgs) -> Result<()> {
    let bytes = files::read_model_bytes(&args.file)?;
    let place = || args.file.display().to_string();
    let text = match header_format(&bytes).as_deref() {
        Some(format) if format.starts_with("latent-lab-checkpoint/") => {
            checkpoint_text(&Checkpoint::from_bytes(&bytes).with_context(place)?, args.format)?
        }
        Some(format) if format.starts_with("latent-lab-sharpening/") => sharpening_text(
            &SharpenCheckpoint::from_bytes(&bytes).with_context(place)?,
            args.format,
        )?,
        _ => model_text(
            &ModelFile::from_bytes(&bytes).with_context(place)?,
            &bytes,
            args.format,
        )?,
    };
    say::result(text)
}

fn model_text(model: &ModelFile, bytes: &[u8], format: InfoFormat) -> Result<String> {
    Ok(match format {
        InfoFormat::Markdown => card::markdown(&model.card, &model.config),
        InfoFormat::Json => {
            let mut parts = json!({"config": serde_json::from_str::<Value>(&model.config.to_json())?, "card": model.card, "bytes": bytes.len(),
                "parameters": model.config.parameters()});
            if let Some(prior) = &model.prior {
                parts["prior"] = json!({"components": prior.components()});
            }
            serde_json::to_string_pretty(&parts)? + "\n"
        }
        InfoFormat::Text => format!(
            "{}\n{}\n{} bytes\n",
            card::text(&model.card, &model.config),
            tensors(model, &header(bytes).unwrap_or_default()),
            bytes.len()
        ),
    })
}

fn checkpoint_text(checkpoint: &Checkpoint, format: InfoFormat) -> Result<String> {
    let progress: Progress =
        serde_json::from_str(&checkpoint.progress).context("not a checkpoint of this command")?;
    let config: &ModelConfig = &checkpoint.config;
    let [reconstruction, kl, total] = progress.last_epoch.means();
    Ok(match format {
        InfoFormat::Text => format!(
            "checkpoint of a run of {} epochs, after step {}\n  network   {}\n  command   {}\n  \
             last epoch: reconstruction {reconstruction:.3}, KL {kl:.3}, total {total:.3}\n",
            progress.settings.epochs,
            checkpoint.state.step,
            card::network(config),
            progress.command
        ),
        InfoFormat::Json => {
            serde_json::to_string_pretty(&json!({"step": checkpoint.state.step, "progress": progress}))?
                + "\n"
        }
        InfoFormat::Markdown => bail!("a checkpoint has no card"),
    })
}

fn sharpening_text(checkpoint: &SharpenCheckpoint, format: InfoFormat) -> Result<String> {
    let progress: Value =
        serde_json::from_str(&checkpoint.progress).context("not a checkpoint of this command")?;
    Ok(match format {
        InfoFormat::Text => format!(
            "checkpoint of sharpening, after step {}\n  network   {}\n  command   {}\n",
            checkpoint.step,
            card::network(&checkpoint.config),
            progress["command"].as_str().unwrap_or("?")
        ),
        InfoFormat::Json => {
            serde_json::to_string_pretty(&json!({"step": checkpoint.step, "progress": progress}))? + "\n"
        }
        InfoFormat::Markdown => bail!("a checkpoint has no card"),
    })
}

/// One line per tensor: name, type, shape, number of values.
fn tensors(model: &ModelFile, header: &Value) -> String {
    let mut text = String::new();
    let mut line = |name: &str, shape: &[usize]| {
        let stored = header[name]["dtype"].as_str().unwrap_or("?");
        let (values, shape) = (shape.iter().product::<usize>(), format!("{shape:?}"));
        writeln!(text, "{name:<26} {stored:<4} {shape:<18} {values}").expect("a String takes all");
    };
    for tensor in model.weights.tensors() {
        line(&tensor.name, &tensor.shape);
    }
    if let Some(prior) = &model.prior {
        let (count, latent) = (prior.components(), prior.latent());
        line("prior.weights", &[count]);
        line("prior.means", &[count, latent]);
        line("prior.factors.scale", &[count, latent]);
        line("prior.factors", &[count, prior.factors().len() / count]);
    }
    text
}

/// The header of a .safetensors file: the length of the JSON as u64, then the JSON.
fn header(bytes: &[u8]) -> Option<Value> {
    let (length, rest) = bytes.split_first_chunk()?;
    serde_json::from_slice(rest.get(..usize::try_from(u64::from_le_bytes(*length)).ok()?)?).ok()
}

fn header_format(bytes: &[u8]) -> Option<String> {
    Some(header(bytes)?["__metadata__"]["format"].as_str()?.to_owned())
}
