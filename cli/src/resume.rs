//! Shared by the runs of `train` and `sharpen`, which can be stopped and resumed: the place of the checkpoint, the comparison of
//! settings, and the messages.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use latent_lab::Augment;
use serde::Serialize;
use serde_json::Value;

use crate::{card, engines::EngineName, files};

/// The checkpoint of the run that writes the model `out`.
pub(crate) fn checkpoint(out: &Path) -> PathBuf {
    files::with_suffix(out, ".checkpoint")
}

/// # Errors
/// When there is no checkpoint to resume from.
pub(crate) fn check_exists(checkpoint: &Path) -> Result<()> {
    ensure!(
        checkpoint.exists(),
        "there is no checkpoint {}; leave out --resume to start",
        checkpoint.display()
    );
    Ok(())
}

/// # Errors
/// When a checkpoint was made with other settings (`there`) than those of the command (`here`).
pub(crate) fn check_settings<Settings: Serialize>(
    checkpoint: &Path,
    there: &Settings,
    here: &Settings,
) -> Result<()> {
    let differences = differences(there, here);
    ensure!(
        differences.is_empty(),
        "{} was made with other settings: {}; --restart starts over",
        checkpoint.display(),
        differences.join("; ")
    );
    Ok(())
}

/// The differences of two settings as text: "epochs is 60 there and 80 here".
fn differences<Settings: Serialize>(there: &Settings, here: &Settings) -> Vec<String> {
    let value = |settings| {
        serde_json::to_string(settings)
            .ok()
            .and_then(|json| serde_json::from_str(&json).ok())
    };
    let (there, here): (Value, Value) = (value(there).unwrap_or_default(), value(here).unwrap_or_default());
    let names = there
        .as_object()
        .map(|fields| fields.keys().cloned().collect::<Vec<_>>())
        .unwrap_or_default();
    let differing = names.into_iter().filter(|name| there[name] != here[name]);
    differing
        .map(|name| format!("{name} is {} there and {} here", there[&name], here[&name]))
        .collect()
}

/// Text of our own as JSON: numbers as short as they are written.
pub(crate) fn as_json(text: &str) -> Value {
    serde_json::from_str(text).expect("it was written as JSON")
}

/// Augmentation as settings name it; empty when the images are taken as they are.
pub(crate) fn augment_name(augment: Option<&Augment>) -> String {
    augment.map_or(String::new(), |augment| format!("{augment:?}"))
}

/// An engine as settings name it.
pub(crate) fn engine_name(engine: EngineName) -> String {
    format!("{engine:?}").to_lowercase()
}

/// The commands of a finished run and of the one that continues it. A resumed command is not repeated.
pub(crate) fn continued(before: &str, typed: &[String]) -> String {
    let addition = format!(" && {} --resume", card::portable_command(typed));
    match before.ends_with(&addition) {
        true => before.into(),
        false => before.to_owned() + &addition,
    }
}

/// Prints the command that continues an interrupted run.
pub(crate) fn say_how_to_go_on(step: u64, total: u64, typed: &[String]) {
    let mut again = typed.to_vec();
    again.retain(|argument| argument != "--restart" && argument != "--resume");
    again.push("--resume".into());
    say!(
        "stopped after step {step} of {total}; to continue:\n  {}",
        card::join(&again)
    );
}

/// Says that a finished run has kept its checkpoint. `option` makes a run longer.
pub(crate) fn say_what_was_kept(checkpoint: &Path, option: &str) {
    say!(
        "{} was kept: --resume with more {option} continues from it; delete it if you do not need it",
        checkpoint.display()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resumed_continuation_is_named_only_once() {
        let typed = ["latent-lab", "sharpen", "--steps", "7"].map(String::from);
        let command = card::portable_command(&typed);
        let once = continued("sharpen --steps 3", &typed);
        assert_eq!(once, format!("sharpen --steps 3 && {command} --resume"));
        assert_eq!(continued(&once, &typed), once);
    }
}
