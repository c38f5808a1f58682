//! Adversarial training with the command.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use latent_lab::SharpenCheckpoint;

use crate::workshop::Workshop;

const SHARPEN: &str = "sharpen start --data mnist --batch 8 --augment flip --encoder-waits 2";

/// A workshop with a briefly trained model.
fn workshop() -> Workshop {
    let workshop = Workshop::with_mnist();
    workshop.succeed("train --data mnist --config network.json --batch 16 --epochs 3 --out start");
    workshop
}

fn step(path: &Path) -> u64 {
    SharpenCheckpoint::from_bytes(&fs::read(path).unwrap())
        .unwrap()
        .step
}

#[test]
fn a_sharpened_model_keeps_its_card_and_its_size() {
    let workshop = workshop();
    let start = workshop.model("start");
    let arguments = format!("{SHARPEN} --steps 6 --report-every 3 --sheet-every 4 --out m");
    let (card, log) = workshop.succeed(&arguments);
    let model = workshop.model("m");
    assert!(model.weights != start.weights);
    assert_eq!(model.config, start.config);
    assert_eq!(model.card.data, start.card.data);
    assert_eq!(
        model.card.command,
        format!("{} && latent-lab {arguments}", start.card.command)
    );
    assert_eq!(
        model.card.notes,
        format!("{}; sharpened by a critic in 6 steps", start.card.notes)
    );
    assert!(card.contains("sharpened by a critic"), "{card}");
    let losses: Vec<&String> = model.card.losses.keys().collect();
    assert!(
        losses.iter().all(|name| name.starts_with("test_")) && !losses.is_empty(),
        "{losses:?}"
    );

    for expected in [
        "step 3/6  pixels 0.",
        "step 6/6  pixels 0.",
        "  clear fakes ",
        " s a step",
    ] {
        assert!(log.contains(expected), "{expected}: {log}");
    }
    // There are sheets of the fourth step and of the last, with 12 pictures in each row.
    for name in ["m.000004.png", "m.000006.png"] {
        let sheet = image::open(workshop.path(name)).unwrap();
        assert_eq!(
            (sheet.width(), sheet.height()),
            (3 * (12 * 9 + 1), 3 * (4 * 9 + 1))
        );
        assert!(log.contains(&format!(
            "{name}: Laplacian in % of the originals': reconstructions "
        )));
    }
    assert_eq!(step(&workshop.path("m.checkpoint")), 6);
}

#[test]
fn a_run_continues_with_other_weights_and_steps_if_retune_says_so() {
    let workshop = workshop();
    workshop.succeed(&format!("{SHARPEN} --steps 3 --out m"));
    let changed = format!(
        "{SHARPEN} --encoder-stops 4 --verdict 0.1 --closeups 0.5 --temperature 0.8 --noise 1 --steps 5 --out m --resume"
    );
    let message = workshop.fail(&changed);
    for part in [
        "verdict is",
        "closeups is",
        "temperature is",
        "noise is",
        "encoder_stops is",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    workshop.succeed(&format!("{changed} --retune"));
    let card = workshop.model("m").card;
    assert!(
        card.command.contains(" --steps 3 --out m && latent-lab sharpen "),
        "{}",
        card.command
    );
    assert!(
        card.command.contains(" --verdict 0.1 ") && card.command.ends_with("--resume"),
        "{}",
        card.command
    );
    assert!(
        card.notes.ends_with("sharpened by a critic in 5 steps"),
        "{}",
        card.notes
    );
    assert_eq!(step(&workshop.path("m.checkpoint")), 5);

    for (option, said) in [
        ("--critic-filters 8,8,8,8", "critic_filters is"),
        ("--critic-gain 2", "critic_gain is"),
    ] {
        let message = workshop.fail(&format!("{SHARPEN} {option} --steps 6 --out m --resume --retune"));
        assert!(message.contains(said), "{message}");
    }
    let message = workshop.fail(&format!("{SHARPEN} --steps 6 --out m --retune"));
    assert!(message.contains("--resume"), "{message}");
}

#[test]
fn a_run_begins_with_the_critic_of_another_if_it_is_named() {
    let workshop = workshop();
    workshop.succeed(&format!("{SHARPEN} --steps 4 --out first"));
    workshop.succeed(&format!("{SHARPEN} --steps 4 --out new"));
    let with = format!("{SHARPEN} --critic first.checkpoint");
    workshop.succeed(&format!("{with} --steps 4 --out whole"));
    assert!(workshop.model("whole").weights != workshop.model("new").weights);
    workshop.succeed(&format!("{with} --steps 2 --out m"));
    workshop.succeed(&format!("{with} --steps 4 --out m --resume"));
    assert!(workshop.model("whole").weights == workshop.model("m").weights);

    let message = workshop.fail(&format!("{SHARPEN} --steps 6 --out m --resume"));
    assert!(message.contains("critic is"), "{message}");
    for (option, said) in [
        ("--critic-filters 8,8,8,8", "its critic_filters is ["),
        ("--critic-gain 2", "its critic_gain is 1.0, this run's 2.0"),
    ] {
        let message = workshop.fail(&format!("{with} {option} --steps 4 --out x"));
        assert!(
            message.contains("first.checkpoint has no critic for this run") && message.contains(said),
            "{message}"
        );
    }
    workshop.write("broken", b"no checkpoint");
    for (file, said) in [
        ("start", "start has no critic"),
        ("broken", "broken has no critic"),
        ("absent", "absent"),
    ] {
        let message = workshop.fail(&format!("{SHARPEN} --critic {file} --steps 4 --out x"));
        assert!(message.contains(said), "{file}: {message}");
    }
    assert!(!workshop.path("x").exists() && !workshop.path("x.checkpoint").exists());
}

#[test]
fn retuning_to_the_same_settings_changes_nothing() {
    let workshop = workshop();
    workshop.succeed(&format!("{SHARPEN} --steps 5 --out whole"));
    workshop.succeed(&format!("{SHARPEN} --steps 3 --out m"));
    workshop.succeed(&format!("{SHARPEN} --steps 5 --out m --resume --retune"));
    assert!(workshop.model("whole").weights == workshop.model("m").weights);
}

#[test]
fn a_resumed_run_equals_an_uninterrupted_one_for_any_number_of_threads() {
    let workshop = workshop();
    workshop.succeed(&format!("{SHARPEN} --steps 7 --threads 3 --out whole"));
    workshop.succeed(&format!("{SHARPEN} --steps 3 --threads 1 --out m"));
    let message = workshop.fail(&format!("{SHARPEN} --steps 3 --out m --resume"));
    assert!(message.contains("continue it with more --steps"), "{message}");
    workshop.succeed(&format!("{SHARPEN} --steps 7 --threads 2 --out m --resume"));
    let (whole, resumed) = (workshop.model("whole"), workshop.model("m"));
    assert!(whole.weights == resumed.weights);
    let commands: Vec<&str> = resumed.card.command.split(" && ").collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    assert!(commands[1].starts_with(&format!("latent-lab {SHARPEN} --steps 3")));
    assert!(commands[2].starts_with(&format!("latent-lab {SHARPEN} --steps 7")));
    assert!(commands[2].ends_with("--out m --resume"));

    // As if the run had ended after its last step but before writing its model.
    fs::remove_file(workshop.path("m")).unwrap();
    workshop.succeed(&format!("{SHARPEN} --steps 7 --out m --resume"));
    assert!(workshop.model("m").weights == whole.weights);
}

#[test]
fn runs_are_not_overwritten_or_resumed_with_other_settings() {
    let workshop = workshop();
    let message = workshop.fail(&format!("{SHARPEN} --steps 2 --out m --resume"));
    assert!(message.contains("there is no checkpoint"), "{message}");
    workshop.succeed(&format!("{SHARPEN} --steps 2 --sheet-every 0 --out m"));
    assert!(!workshop.path("m.000002.png").exists());
    for (arguments, expected) in [
        ("--steps 4", "--resume continues its run, --restart starts over"),
        ("--steps 1 --resume", "it is after step 2 of a run of 1"),
        (
            "--steps 4 --resume --verdict 1",
            "verdict is 0.3 there and 1.0 here",
        ),
        ("--steps 4 --resume --seed 2", "seed is 1 there and 2 here"),
        ("--steps 4 --restart", "m already exists; --force replaces it"),
    ] {
        let message = workshop.fail(&format!("{SHARPEN} --out m {arguments}"));
        assert!(message.contains(expected), "{arguments}: {message}");
    }
    workshop.succeed(&format!("{SHARPEN} --steps 1 --out m --restart --force"));
    assert_eq!(step(&workshop.path("m.checkpoint")), 1);
    // The run that trained the model has left a checkpoint of another kind.
    for (arguments, expected) in [
        ("", "start.checkpoint already exists"),
        ("--resume", "this is not a checkpoint of sharpening"),
        ("--restart", "start is an input and would be overwritten"),
    ] {
        let message = workshop.fail(&format!("{SHARPEN} --steps 1 --out start {arguments}"));
        assert!(message.contains(expected), "{arguments}: {message}");
    }
}

#[test]
fn other_data_than_the_card_names_is_refused() {
    let workshop = workshop();
    workshop.write_fashion();
    let message = workshop.fail("sharpen start --data fashion-mnist --steps 1 --out m");
    assert!(
        message.contains("test losses on its card would mislead"),
        "{message}"
    );
}

#[test]
fn a_run_whose_loss_is_not_finite_reports_the_step_and_keeps_its_last_checkpoint() {
    let workshop = workshop();
    let message = workshop.fail(&format!("{SHARPEN} --steps 20 --decoder-rate 1e30 --out m"));
    assert!(message.contains("training broke down at step "), "{message}");
    assert!(message.contains("smaller step sizes may help"), "{message}");
    assert_eq!(step(&workshop.path("m.checkpoint")), 0);
    assert!(!workshop.path("m").exists());
}

#[test]
fn a_run_whose_critic_has_won_stops_and_says_so() {
    let workshop = workshop();
    let message = workshop.fail(
        "sharpen start --data mnist --limit 6 --batch 6 --steps 4000 --sheet-every 0 --decoder-rate 0 --encoder-rate 0 \
         --critic-rate 0.01 --out m",
    );
    assert!(message.contains("the critic has won by step "), "{message}");
    assert!(message.contains("a smaller --critic-rate"), "{message}");
    assert!(!workshop.path("m").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_how_to_resume_it_and_then_has_the_same_weights() {
    let workshop = workshop();
    let sharpen = format!("{SHARPEN} --report-every 1 --sheet-every 0");
    let mut child = workshop
        .command(&format!("{sharpen} --steps 1000000 --out m"))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("step 2/")));
    let kill = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let log = lines.collect::<Vec<_>>().join("\n");
    assert_eq!(child.wait().unwrap().code(), Some(130), "{log}");
    assert!(log.contains("of 1000000; to continue:"), "{log}");
    assert!(log.ends_with("--steps 1000000 --out m --resume"), "{log}");

    let done = step(&workshop.path("m.checkpoint"));
    let (info, _) = workshop.succeed("info m.checkpoint");
    assert!(
        info.starts_with(&format!("checkpoint of sharpening, after step {done}\n")),
        "{info}"
    );
    workshop.succeed(&format!("{sharpen} --steps {} --out m --resume", done + 2));
    workshop.succeed(&format!("{sharpen} --steps {} --out whole", done + 2));
    assert!(workshop.model("m").weights == workshop.model("whole").weights);
}
