//! Training with the command, from data files to a model file.

use crate::workshop::{self, TEST, TRAINING, Workshop};

const TRAIN: &str =
    "train --data mnist --config network.json --epochs 12 --batch 16 --warmup-steps 10 --learning-rate 0.01";

#[test]
fn a_trained_model_has_lower_losses_and_a_card_that_states_its_origin() {
    let workshop = Workshop::with_mnist();
    let (stdout, log) = workshop.succeed(&format!("{TRAIN} --seed 3 --eval-every 4 --out bars.safetensors"));
    let model = workshop.model("bars.safetensors");
    assert_eq!(
        (model.card.name.as_str(), model.card.seed, model.card.epochs),
        ("bars", 3, 12)
    );
    assert_eq!(model.card.data, "MNIST");
    assert!(model.card.license.contains("CC BY-SA 3.0"));
    assert_eq!(
        model.card.command,
        format!("latent-lab {TRAIN} --seed 3 --eval-every 4 --out bars.safetensors")
    );
    assert!(stdout.contains("test -ELBO"), "{stdout}");

    // These are not the 60,000 published images, and the card must not claim that they are.
    assert!(
        model.card.notes.contains("not the published file"),
        "{}",
        model.card.notes
    );

    // One line for each epoch, with the parts of the loss in words if they fit, and evaluations where requested.
    let lines: Vec<&str> = log.lines().filter(|line| line.starts_with("epoch ")).collect();
    assert_eq!(lines.len(), 12, "{log}");
    assert!(
        lines
            .iter()
            .all(|line| line.contains("left") && (line.contains(" kl ") || line.contains(" KL, "))),
        "{log}"
    );
    assert_eq!(
        lines.iter().filter(|line| line.contains("test -ELBO")).count(),
        2,
        "{log}"
    );
    let total = |line: &str| -> f64 {
        line.split("total ")
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    assert!(total(lines[11]) < 0.9 * total(lines[0]), "{log}");
    let losses = &model.card.losses;
    let parts = losses["train_reconstruction"] + losses["train_kl"];
    // Each loss is rounded to six decimals.
    assert!((losses["train_total"] - parts).abs() < 2e-6, "{losses:?}");
    assert!(!workshop.path("bars.safetensors.lock").exists());
}

#[test]
fn the_same_command_gives_the_same_file_and_another_seed_another() {
    let workshop = Workshop::with_mnist();
    for folder in ["one", "two"] {
        let out = workshop.path(folder).join("model.safetensors");
        workshop.succeed(&format!(
            "{TRAIN} --augment rotate=10,shift=0.1 --out {}",
            out.display()
        ));
    }
    let bytes = |folder: &str| std::fs::read(workshop.path(folder).join("model.safetensors")).unwrap();
    assert!(bytes("one") == bytes("two"));
    workshop.succeed(&format!(
        "{TRAIN} --augment rotate=10,shift=0.1 --seed 2 --out other.safetensors"
    ));
    assert!(workshop.model("other.safetensors").weights != workshop.model("one/model.safetensors").weights);
}

#[test]
fn every_option_that_shapes_training_changes_the_weights() {
    let workshop = Workshop::with_mnist();
    let weights = |option: &str| {
        workshop.succeed(&format!(
            "train --data mnist --config network.json --epochs 2 --batch 16 --out m --force {option}"
        ));
        workshop.model("m").weights
    };
    let plain = weights("");
    for option in [
        "--beta 2",
        "--kl-warmup 1.5",
        "--learning-rate 0.002",
        "--schedule constant",
        "--warmup-steps 0",
        "--average 0",
        "--augment flip",
        "--limit 50",
    ] {
        assert!(weights(option) != plain, "{option}");
    }
    assert!(weights("--eval-every 1 --checkpoint-every 2") == plain);
    for threads in [1, 2, 3, 5, 8, 256] {
        assert!(
            weights(&format!("--threads {threads}")) == plain,
            "{threads} threads"
        );
    }
}

#[test]
fn a_run_can_be_resumed_with_another_number_of_threads_which_the_card_does_not_name() {
    let workshop = Workshop::with_mnist();
    let train = "train --data mnist --config network.json --batch 40 --schedule constant --warmup-steps 0";
    workshop.succeed(&format!("{train} --epochs 4 --out whole"));
    workshop.succeed(&format!("{train} --epochs 1 --out m --threads 3"));
    workshop.succeed(&format!("{train} --epochs 4 --out m --threads=1 --resume"));
    assert!(workshop.model("m").weights == workshop.model("whole").weights);
    let card = workshop.model("m").card;
    assert!(!card.command.contains("thread"), "{}", card.command);
    let message = workshop.fail(&format!("{train} --out n --threads 0"));
    assert!(message.contains("--threads"), "{message}");
}

#[test]
fn the_log_states_the_numbers_of_training_and_test_images() {
    let workshop = Workshop::with_mnist();
    let (_, log) = workshop.succeed("train --data mnist --config network.json --epochs 1 --out m");
    assert!(
        log.contains(&format!("{TRAINING} training and {TEST} test images")),
        "{log}"
    );
    let (_, log) =
        workshop.succeed("train --data mnist --config network.json --epochs 1 --out m --force --limit 30");
    assert!(log.contains("30 training and 30 test images"), "{log}");
}

#[test]
fn a_plain_autoencoder_has_no_kl_on_its_card() {
    let workshop = Workshop::with_mnist();
    let config = workshop::NETWORK
        .replace("variational", "autoencoder")
        .replace("bernoulli", "gaussian");
    workshop.write("plain.json", config.as_bytes());
    workshop.succeed("train --data mnist --config plain.json --epochs 2 --out m --precision i8");
    let losses = workshop.model("m").card.losses;
    assert_eq!(
        losses.keys().collect::<Vec<_>>(),
        ["test_mse", "test_reconstruction", "train_reconstruction"]
    );
}

#[test]
fn training_whose_loss_is_not_finite_names_the_last_checkpoint() {
    let workshop = Workshop::with_mnist();
    let message = workshop.fail(
        "train --data mnist --config network.json --epochs 50 --warmup-steps 0 --learning-rate 1e30 --out m.safetensors",
    );
    assert!(message.contains("m.safetensors.checkpoint"), "{message}");
    assert!(
        message.contains("at step") || message.contains("after step"),
        "{message}"
    );
    let bytes = std::fs::read(workshop.path("m.safetensors.checkpoint")).unwrap();
    latent_lab::Checkpoint::from_bytes(&bytes).unwrap();
    assert!(!workshop.path("m.safetensors").exists());
}

#[test]
fn invalid_settings_are_refused_before_training() {
    let workshop = Workshop::with_mnist();
    workshop.write("broken.json", b"{\"image\":");
    workshop.write(
        "absurd.json",
        workshop::NETWORK
            .replace("\"kernel\":3", "\"kernel\":4")
            .as_bytes(),
    );
    for (arguments, expected) in [
        ("--preset digit --data mnist", "a similar value exists: 'digits'"),
        (
            "--config network.json --data mnist --epoch 3",
            "a similar argument exists: '--epochs'",
        ),
        ("--config network.json --data mnits", "did you mean mnist?"),
        (
            "--config network.json --data mnist --augment rotat=3",
            "did you mean rotate?",
        ),
        (
            "--config network.json --data mnist --latent 0",
            "0 is not in 1..=1024",
        ),
        (
            "--config network.json --data mnist --test data",
            "test images of its own",
        ),
        (
            "--config network.json --data data --test-share 1",
            "between 0 and 1",
        ),
        (
            "--config network.json --data mnist --free-bits -1",
            "a number of 0 or more",
        ),
        (
            "--config network.json --data mnist --log m.safetensors",
            "name one file",
        ),
        ("--start-from network.json --data mnist", "network.json"),
        ("--data mnist", "--preset"),
        (
            "--preset digits --config network.json --data mnist",
            "cannot be used with",
        ),
        ("--config missing.json --data mnist", "missing.json"),
        ("--config network.json --data mnist --beta -1", "'-1' for '--beta"),
        (
            "--config network.json --data mnist --out data",
            "data is a folder",
        ),
        (
            "--config network.json --data mnist --out network.json",
            "is an input",
        ),
        (
            "--config broken.json --data mnist",
            "broken.json: the model config is not valid",
        ),
        (
            "--config absurd.json --data mnist",
            "kernel must be 3 or 5, got 4",
        ),
        ("--preset digits --data mnist", "the model is for 28x28 pixels"),
        ("--config network.json --data nowhere", "unknown data \"nowhere\""),
        ("--config network.json --data mnist --epochs 0", "0 is not in 1.."),
        (
            "--config network.json --data mnist --average 1",
            "from 0 to less than 1",
        ),
        (
            "--config network.json --data mnist --learning-rate NaN",
            "above 0",
        ),
        (
            "--config network.json --data mnist --augment spin",
            "not one of flip",
        ),
        (
            "--config network.json --data mnist --precision f64",
            "unknown precision",
        ),
        (
            "--config network.json --data mnist --out network.json/m",
            "cannot write",
        ),
    ] {
        let out = if arguments.contains("--out") {
            ""
        } else {
            "--out m.safetensors"
        };
        let message = workshop.fail(&format!("train {arguments} {out}"));
        assert!(message.contains(expected), "{arguments}: {message}");
        assert!(!message.contains("epoch "), "{arguments}: {message}");
    }
}

#[cfg(feature = "burn")]
#[test]
fn the_burn_engine_reaches_nearly_the_same_losses() {
    let workshop = Workshop::with_mnist();
    let losses = |engine: &str| {
        workshop.succeed(&format!(
            "train --data mnist --config network.json --epochs 3 --batch 16 --out m --force --engine {engine}"
        ));
        workshop.model("m").card.losses
    };
    let (cpu, flex) = (losses("cpu"), losses("flex"));
    for (name, value) in &cpu {
        // Both engines compute f32 sums in different orders, and the differences grow in 21 steps of Adam.
        assert!(
            (value - flex[name]).abs() < 1e-3 * value.abs(),
            "{name}: {value} {}",
            flex[name]
        );
    }
}

/// Either the build has no GPU support, or the loader of drivers finds none, since it is told to search an empty path.
#[test]
fn an_unavailable_gpu_is_an_error_that_says_so() {
    let workshop = Workshop::with_mnist();
    let output = workshop
        .command("train --data mnist --config network.json --epochs 1 --batch 16 --out m --device gpu")
        .env("VK_DRIVER_FILES", "/nowhere")
        .env("VK_ICD_FILENAMES", "/nowhere")
        .output()
        .unwrap();
    let message = workshop::text(&output.stderr);
    let expected = if cfg!(feature = "gpu") {
        "no GPU can be used"
    } else {
        "--features gpu"
    };
    assert!(
        !output.status.success() && message.contains(expected),
        "{message}"
    );
    assert!(!message.contains("panicked"), "{message}");
}
