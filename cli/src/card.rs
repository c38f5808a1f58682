//! The model card: fills it and shows it.

use std::{ffi::OsString, fmt::Write, path::Path};

use latent_lab::{Card, ModelConfig};

use crate::{data::portable, objective::Objective};

/// The command as typed, ready to be pasted into a shell.
pub(crate) fn typed_command(arguments: impl IntoIterator<Item = OsString>) -> Vec<String> {
    let arguments = arguments
        .into_iter()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once("latent-lab".into()).chain(arguments).collect()
}

/// The same for a card: without this machine's paths, and without options that do not change the result.
pub(crate) fn portable_command(arguments: &[String]) -> String {
    let mut kept = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--resume" | "--restart" | "--force" | "--offline" => {}
            "--threads" => drop(rest.next()),
            with_value if with_value.starts_with("--threads=") => {}
            _ => kept.push(shorten(argument)),
        }
    }
    join(&kept)
}

fn shorten(argument: &str) -> String {
    let (option, value) = match argument.split_once('=') {
        Some((option, value)) if option.starts_with("--") => (format!("{option}="), value),
        _ => (String::new(), argument),
    };
    if Path::new(value).is_absolute() {
        option + &portable(Path::new(value))
    } else {
        argument.into()
    }
}

/// Arguments with quotes where a shell needs them.
pub(crate) fn join(arguments: &[String]) -> String {
    let quoted = arguments.iter().map(|argument| {
        let plain = |c: char| c.is_alphanumeric() || "_@%+=:,./-".contains(c);
        if !argument.is_empty() && argument.chars().all(plain) {
            argument.clone()
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

/// E.g. "28x28x1, 32/64/128 filters, latent 16, variational, bernoulli".
pub(crate) fn network(config: &ModelConfig) -> String {
    let image = config.image;
    let layers = config.layers.iter().map(|layer| {
        format!(
            "{} (kernel {}, stride {})",
            layer.filters, layer.kernel, layer.stride
        )
    });
    format!(
        "{}x{} pixels, {} channel{}; filters {}; latent {}; {:?}, {:?} likelihood",
        image.width,
        image.height,
        image.channels,
        if image.channels == 1 { "" } else { "s" },
        layers.collect::<Vec<_>>().join(", "),
        config.latent,
        config.kind,
        config.likelihood
    )
    .to_lowercase()
}

/// The fields of a card as labels and texts, without empty ones.
fn rows(card: &Card, config: &ModelConfig) -> Vec<(&'static str, String)> {
    let objective = Objective::of(card, config).map_or(String::new(), Objective::text);
    let rows = vec![
        ("data", card.data.clone()),
        ("test images", card.test_images.clone()),
        ("license of the data", card.license.clone()),
        ("network", network(config)),
        ("objective", objective),
        ("parameters", config.parameters().to_string()),
        ("command", card.command.clone()),
        ("seed", card.seed.to_string()),
        ("epochs", card.epochs.to_string()),
        ("notes", card.notes.clone()),
    ];
    let rows = rows.into_iter().filter(|(_, text)| !text.is_empty());
    rows.map(|(label, text)| (label, harmless(&text))).collect()
}

/// A text from a file of unknown origin on one line, without characters that a terminal would obey.
fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            letter if letter.is_control() => harmless.extend(letter.escape_default()),
            letter => harmless.push(letter),
        }
    }
    harmless
}

/// The notes as one text.
pub(crate) fn joined_notes(notes: &[String]) -> String {
    let notes = notes.iter().filter(|note| !note.is_empty()).cloned();
    notes.collect::<Vec<_>>().join("; ")
}

/// Six decimals: more are noise, and make a card hard to read.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// The name of a loss for people: `test_negative_elbo` is "test -ELBO".
fn loss_name(key: &str) -> String {
    harmless(key)
        .replace('_', " ")
        .replace("negative elbo", "-ELBO")
        .replace("mse", "MSE")
        .replace("psnr", "PSNR")
        .replace("kl", "KL")
}

/// The card for a terminal.
pub(crate) fn text(card: &Card, config: &ModelConfig) -> String {
    let name = harmless(&card.name);
    let mut text = format!("{}\n", if name.is_empty() { "(no name)" } else { &name });
    for (label, value) in rows(card, config) {
        writeln!(text, "  {label:<20} {value}").expect("a String takes all");
    }
    for (key, value) in &card.losses {
        writeln!(text, "  {:<20} {value}", loss_name(key)).expect("a String takes all");
    }
    text
}

/// The card as a Markdown page.
pub(crate) fn markdown(card: &Card, config: &ModelConfig) -> String {
    let mut text = format!("# {}\n\n", harmless(&card.name));
    for (label, value) in rows(card, config) {
        let value = if label == "command" {
            format!("`{value}`")
        } else {
            value
        };
        let mut label = label.to_owned();
        label[..1].make_ascii_uppercase();
        writeln!(text, "- {label}: {value}").expect("a String takes all");
    }
    if !card.losses.is_empty() {
        text.push_str("\n| Measured | |\n| --- | --- |\n");
        for (key, value) in &card.losses {
            writeln!(text, "| {} | {value} |", loss_name(key)).expect("a String takes all");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(arguments: &[&str]) -> Vec<String> {
        arguments.iter().map(|&argument| argument.into()).collect()
    }

    #[test]
    fn the_command_on_a_card_contains_no_path_of_this_machine() {
        let typed = strings(&[
            "latent-lab",
            "train",
            "--data",
            "/home/me/my cats",
            "--out=/tmp/a.safetensors",
            "--resume",
        ]);
        assert_eq!(
            portable_command(&typed),
            "latent-lab train --data 'my cats' --out=a.safetensors"
        );
    }

    #[test]
    fn other_arguments_stay_as_typed() {
        let typed = strings(&[
            "latent-lab",
            "train",
            "--data",
            "mnist",
            "--config",
            "my/own.json",
            "--beta=0.5",
            "--notes",
            "it's",
        ]);
        assert_eq!(
            portable_command(&typed),
            r"latent-lab train --data mnist --config my/own.json --beta=0.5 --notes 'it'\''s'"
        );
    }

    #[test]
    fn a_card_from_another_source_cannot_control_the_terminal_or_forge_a_line() {
        let card = Card {
            name: "\u{1b}[31mred\n  test -ELBO 1".into(),
            notes: "a\u{9b}b\rc, café".into(),
            losses: [("\u{7}bell".into(), 1.0)].into(),
            ..Card::default()
        };
        let config = ModelConfig::preset("map").unwrap();
        for shown in [text(&card, &config), markdown(&card, &config)] {
            assert!(!shown.chars().any(|letter| letter.is_control() && letter != '\n'));
            assert!(shown.contains(r"\u{1b}[31mred\n  test -ELBO 1") && shown.contains(r"a\u{9b}b\rc, café"));
        }
    }

    #[test]
    fn losses_have_readable_names() {
        assert_eq!(loss_name("test_negative_elbo"), "test -ELBO");
        assert_eq!(loss_name("test_mse"), "test MSE");
    }
}
