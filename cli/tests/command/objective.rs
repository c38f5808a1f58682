//! The training objective on cards and in the output, and posterior collapse.

use crate::workshop::Workshop;

const TRAIN: &str =
    "train --data mnist --config network.json --epochs 6 --batch 16 --learning-rate 0.01 --out m";

fn numbers(workshop: &Workshop) -> serde_json::Value {
    let (json, _) = workshop.succeed("eval m --data mnist --json -k 0");
    serde_json::from_str(&json).unwrap()
}

#[test]
fn if_beta_is_not_one_the_objective_is_reported_beside_the_elbo() {
    let workshop = Workshop::with_mnist();
    let (_, log) = workshop.succeed(&format!("{TRAIN} --beta 0.25 --eval-every 2"));
    assert!(log.contains("test total ") && log.contains("-ELBO "), "{log}");
    let model = workshop.model("m");
    assert_eq!((model.card.beta, model.card.free_bits), (Some(0.25), None));
    let losses = &model.card.losses;
    let total = losses["test_reconstruction"] + 0.25 * losses["test_kl"];
    assert!((losses["test_total"] - total).abs() < 2e-6, "{losses:?}");
    assert!(losses["test_negative_elbo"] > losses["test_total"] + 0.1);

    let parts = numbers(&workshop);
    assert_eq!(parts["objective"]["beta"], 0.25);
    assert!(
        (parts["gray"]["total"].as_f64().unwrap() - total).abs() < 2e-6,
        "{parts}"
    );
    let (text, _) = workshop.succeed("eval m --data mnist -k 0");
    let objective = format!("objective               {total:.3} nats: reconstruction + 0.25 KL");
    assert!(text.contains(&objective) && text.contains("-ELBO"), "{text}");
    let (text, _) = workshop.succeed("info m");
    assert!(text.contains("reconstruction + 0.25 KL"), "{text}");
}

#[test]
fn if_beta_is_one_only_the_elbo_is_reported() {
    let workshop = Workshop::with_mnist();
    let (stdout, log) = workshop.succeed(&format!("{TRAIN} --eval-every 2"));
    assert!(!log.contains("test total"), "{log}");
    assert!(stdout.contains("reconstruction + KL (-ELBO)"), "{stdout}");
    assert!(!workshop.model("m").card.losses.contains_key("test_total"));
    let (text, _) = workshop.succeed("eval m --data mnist -k 0");
    assert!(!text.contains("objective"), "{text}");
}

#[test]
fn beta_is_read_from_the_command_on_an_older_card() {
    let workshop = Workshop::with_mnist();
    workshop.succeed(&format!("{TRAIN} --beta 4"));
    let mut model = workshop.model("m");
    model.card.beta = None;
    workshop.write("m", &model.to_bytes(latent_lab::Precision::F32));
    assert_eq!(numbers(&workshop)["objective"]["beta"], 4.0);
    model.card.command = "made in a browser".into();
    workshop.write("m", &model.to_bytes(latent_lab::Precision::F32));
    assert_eq!(numbers(&workshop)["objective"], serde_json::Value::Null);
    let (text, _) = workshop.succeed("eval m --data mnist -k 0");
    assert!(text.contains("unknown: the card does not say its beta"), "{text}");
}

#[test]
fn collapsed_dimensions_are_counted_and_warned_about_and_free_bits_prevent_them() {
    let workshop = Workshop::with_mnist();
    let (stdout, log) = workshop.succeed(&format!("{TRAIN} --beta 500"));
    assert!(
        log.contains("warning: 0 of 2 latent dimensions are active"),
        "{log}"
    );
    assert!(stdout.contains("test active units    0"), "{stdout}");
    assert_eq!(numbers(&workshop)["gray"]["active_units"], 0);
    let (text, _) = workshop.succeed("eval m --data mnist -k 0");
    assert!(text.contains("active units            0 of 2"), "{text}");
    let (text, _) = workshop.succeed("info m");
    assert!(text.contains("test active units    0"), "{text}");

    let (_, log) = workshop.succeed(&format!("{TRAIN} --beta 500 --free-bits 1 --force"));
    assert!(!log.contains("warning"), "{log}");
    let parts = numbers(&workshop);
    assert_eq!(parts["gray"]["active_units"], 2, "{parts}");
    let kl: Vec<f64> = serde_json::from_value(parts["gray"]["kl_of_dimensions"].clone()).unwrap();
    // At least one nat for each dimension, and little more, since beta is high.
    assert!(kl.iter().all(|&kl| (0.5..1.5).contains(&kl)), "{kl:?}");
    let charged: f64 = kl.iter().map(|kl| kl.max(1.0)).sum();
    let reconstruction = parts["gray"]["reconstruction"].as_f64().unwrap();
    let total = parts["gray"]["total"].as_f64().unwrap();
    assert!(
        (total - reconstruction - 500.0 * charged).abs() < 1e-6 * total,
        "{parts}"
    );
    let card = workshop.model("m").card;
    assert_eq!((card.beta, card.free_bits), (Some(500.0), Some(1.0)));
    let (text, _) = workshop.succeed("info m");
    assert!(
        text.contains("500 KL, at least 1 nats for each dimension"),
        "{text}"
    );
}

#[test]
fn a_run_started_with_other_free_bits_is_not_resumed() {
    let workshop = Workshop::with_mnist();
    workshop
        .fail(&format!("{TRAIN} --learning-rate 1e30 --warmup-steps 0").replace("--learning-rate 0.01", ""));
    let message = workshop.fail(&format!("{TRAIN} --free-bits 0.5 --resume"));
    assert!(
        message.contains("free_bits is 0.0 there and 0.5 here"),
        "{message}"
    );
}
