//! Runs that are interrupted and resumed.

use latent_lab::Checkpoint;

use crate::workshop::Workshop;

const TRAIN: &str =
    "train --data mnist --config network.json --batch 16 --average 0.99 --augment flip,shift=0.1";

#[test]
fn a_checkpoint_of_an_unfinished_run_is_not_overwritten_or_resumed_with_other_settings() {
    let workshop = Workshop::with_mnist();
    assert!(
        workshop
            .fail(&format!("{TRAIN} --resume --out m"))
            .contains("there is no checkpoint")
    );

    // A run whose loss is no longer finite leaves a checkpoint.
    workshop.fail(&format!("{TRAIN} --learning-rate 1e30 --warmup-steps 0 --out m"));
    let message = workshop.fail(&format!("{TRAIN} --out m"));
    assert!(
        message.contains("--resume continues it, --restart starts over"),
        "{message}"
    );
    let message = workshop.fail(&format!("{TRAIN} --resume --beta 3 --out m"));
    assert!(message.contains("beta is 1.0 there and 3.0 here"), "{message}");
    assert!(
        message.contains("learning_rate is 1e+30 there") || message.contains("learning_rate is 1e30 there"),
        "{message}"
    );
    workshop.succeed(&format!("{TRAIN} --restart --epochs 1 --out m"));
    assert!(workshop.path("m").exists());
}

#[test]
fn a_finished_run_resumed_with_more_epochs_equals_a_run_of_that_many() {
    let workshop = Workshop::with_mnist();
    // The schedule is constant, since a cosine's learning rate depends on the number of epochs. After 35 steps, the last update of the
    // average was three steps ago.
    let train = format!("{TRAIN} --schedule constant --warmup-steps 0");
    let (_, log) = workshop.succeed(&format!("{train} --epochs 5 --out m"));
    assert!(
        log.contains("m.checkpoint was kept: --resume with more --epochs continues"),
        "{log}"
    );
    let short = workshop.model("m");
    workshop.succeed(&format!("{train} --epochs 9 --out m --resume"));
    workshop.succeed(&format!("{train} --epochs 9 --out whole"));
    let long = workshop.model("m");
    assert!(long.weights != short.weights);
    assert!(long.weights == workshop.model("whole").weights);
    assert_eq!(long.card.epochs, 9);
    assert_eq!(
        long.card.command,
        format!("latent-lab {train} --epochs 5 --out m && latent-lab {train} --epochs 9 --out m --resume")
    );

    for (arguments, expected) in [
        ("--epochs 9 --resume", "continue it with more --epochs"),
        ("--epochs 8 --resume", "epochs is 9 there and 8 here"),
        ("--epochs 12 --resume --beta 2", "beta is 1.0 there and 2.0 here"),
        (
            "--epochs 12",
            "--resume with more --epochs continues it, --force starts over",
        ),
    ] {
        let message = workshop.fail(&format!("{train} --out m {arguments}"));
        assert!(message.contains(expected), "{arguments}: {message}");
    }
    assert_eq!(workshop.model("m"), long);
}

#[test]
fn a_run_that_ended_after_its_last_step_but_before_writing_its_model_can_be_resumed() {
    let workshop = Workshop::with_mnist();
    workshop.succeed(&format!("{TRAIN} --epochs 3 --out m"));
    let model = std::fs::read(workshop.path("m")).unwrap();
    std::fs::remove_file(workshop.path("m")).unwrap();
    workshop.succeed(&format!("{TRAIN} --epochs 3 --out m --resume"));
    assert!(std::fs::read(workshop.path("m")).unwrap() == model);
}

#[test]
fn a_run_interrupted_in_version_0_1_0_is_resumed_and_equals_an_uninterrupted_run() {
    /// The largest allowed difference of a weight; the largest weight is 1.8. The checkpoint was written with AVX2 and FMA, and another
    /// machine may round differently in each of the 700 steps.
    const ROUNDING: f32 = 1e-3;

    let workshop = Workshop::with_mnist();
    let checkpoint = include_bytes!("../../../tests/fixtures/version-0.1.0/run.safetensors.checkpoint");
    workshop.write("m.safetensors.checkpoint", checkpoint);
    let (stdout, _) = workshop.succeed("info m.safetensors.checkpoint");
    assert!(
        stdout.contains("checkpoint of a run of 100 epochs, after step 63"),
        "{stdout}"
    );
    workshop.succeed(&format!("{TRAIN} --epochs 100 --out m.safetensors --resume"));
    workshop.succeed(&format!("{TRAIN} --epochs 100 --out whole"));

    let (resumed, whole) = (workshop.model("m.safetensors"), workshop.model("whole"));
    assert_eq!(
        resumed.card.command,
        format!("latent-lab {TRAIN} --epochs 100 --out m.safetensors")
    );
    let pairs = resumed.weights.tensors().iter().zip(whole.weights.tensors());
    for (resumed, whole) in pairs {
        for (a, b) in resumed.values.iter().zip(&whole.values) {
            assert!((a - b).abs() < ROUNDING, "{}: {a} and {b}", resumed.name);
        }
    }
}

#[test]
fn a_checkpoint_with_a_flipped_bit_is_not_resumed() {
    let workshop = Workshop::with_mnist();
    workshop.succeed(&format!("{TRAIN} --epochs 3 --out m"));
    let mut bytes = std::fs::read(workshop.path("m.checkpoint")).unwrap();
    let middle = bytes.len() * 2 / 3;
    bytes[middle] ^= 1;
    workshop.write("m.checkpoint", &bytes);
    let message = workshop.fail(&format!("{TRAIN} --epochs 5 --out m --resume"));
    assert!(
        message.contains("m.checkpoint cannot be resumed") && message.contains("damaged"),
        "{message}"
    );
}

#[test]
fn a_damaged_checkpoint_is_an_error() {
    let workshop = Workshop::with_mnist();
    workshop.write("m.checkpoint", b"not a checkpoint");
    let message = workshop.fail(&format!("{TRAIN} --resume --out m"));
    assert!(message.contains("m.checkpoint cannot be resumed"), "{message}");
}

#[test]
fn a_checkpoint_beyond_the_last_step_of_the_run_is_an_error() {
    let workshop = Workshop::with_mnist();
    workshop.fail(&format!("{TRAIN} --learning-rate 1e30 --warmup-steps 0 --out m"));
    let mut checkpoint =
        Checkpoint::from_bytes(&std::fs::read(workshop.path("m.checkpoint")).unwrap()).unwrap();
    checkpoint.state.step = 1_000_000;
    workshop.write("m.checkpoint", &checkpoint.to_bytes());
    let message = workshop.fail(&format!(
        "{TRAIN} --learning-rate 1e30 --warmup-steps 0 --resume --out m"
    ));
    assert!(
        message.contains("m.checkpoint cannot be resumed: it is after step 1000000 of a run of 140"),
        "{message}"
    );
}

#[cfg(unix)]
mod interrupted {
    use std::{
        io::{BufRead, BufReader},
        process::{Child, Command, Stdio},
    };

    use super::*;

    /// Starts a command, sends Ctrl-C once `epoch` epochs are logged, and returns the exit code and the rest of the log.
    fn interrupt(workshop: &Workshop, arguments: &str, epoch: usize) -> (Option<i32>, String) {
        let (run, reader) = begun(workshop, arguments, epoch);
        signalled(run, reader, "INT")
    }

    /// Starts a command and waits until `epoch` epochs are logged.
    fn begun(
        workshop: &Workshop,
        arguments: &str,
        epoch: usize,
    ) -> (Child, impl Iterator<Item = String> + use<>) {
        let mut child = workshop
            .command(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap())
            .lines()
            .map(Result::unwrap);
        let reached = lines
            .by_ref()
            .filter(|line| line.starts_with("epoch "))
            .nth(epoch - 1);
        assert!(reached.is_some(), "the run ended before it could be interrupted");
        (child, lines)
    }

    /// Sends a signal, and returns the exit code and the rest of the log.
    fn signalled(
        mut child: Child,
        lines: impl Iterator<Item = String>,
        signal: &str,
    ) -> (Option<i32>, String) {
        let kill = Command::new("sh")
            .arg("-c")
            .arg(format!("kill -{signal} {}", child.id()))
            .status()
            .unwrap();
        assert!(kill.success());
        let rest = lines.collect::<Vec<_>>().join("\n");
        (child.wait().unwrap().code(), rest)
    }

    #[test]
    fn a_second_run_with_the_same_output_is_refused_and_does_not_disturb_the_first() {
        let workshop = Workshop::with_mnist();
        let train = format!("{TRAIN} --epochs 100000 --out m");
        let (run, log) = begun(&workshop, &train, 2);
        for option in ["--restart", "--resume", "--force", ""] {
            let message = workshop.fail(&format!("{train} {option}"));
            let expected = format!("another run (process {}) is writing m", run.id());
            assert!(message.contains(&expected), "{message}");
        }
        let (code, log) = signalled(run, log, "INT");
        assert_eq!(code, Some(130), "{log}");
        assert!(!workshop.path("m.lock").exists());
        workshop.succeed(&format!("{TRAIN} --epochs 1 --out m --restart"));
    }

    #[test]
    fn sigterm_saves_a_checkpoint_as_ctrl_c_does() {
        let workshop = Workshop::with_mnist();
        let train = format!("{TRAIN} --epochs 100000 --out m --checkpoint-every 100000");
        let (run, log) = begun(&workshop, &train, 3);
        let (code, log) = signalled(run, log, "TERM");
        assert_eq!(code, Some(143), "{log}");
        let step = log.split("stopped after step ").nth(1).unwrap();
        let step: u64 = step.split(' ').next().unwrap().parse().unwrap();
        let checkpoint = Checkpoint::from_bytes(&std::fs::read(workshop.path("m.checkpoint")).unwrap());
        assert_eq!(checkpoint.unwrap().state.step, step);
        assert!(step >= 21);
    }

    #[test]
    fn the_lock_of_a_killed_run_does_not_block_a_new_run() {
        let workshop = Workshop::with_mnist();
        let (run, log) = begun(&workshop, &format!("{TRAIN} --epochs 100000 --out m"), 2);
        let (code, _) = signalled(run, log, "KILL");
        assert_eq!(code, None);
        assert!(workshop.path("m.lock").exists());
        workshop.succeed(&format!("{TRAIN} --epochs 1 --out m --restart"));
        assert!(!workshop.path("m.lock").exists());
    }

    #[test]
    fn the_log_of_a_resumed_run_has_each_epoch_once() {
        let workshop = Workshop::with_mnist();
        let train = format!("{TRAIN} --epochs 1500 --checkpoint-every 100000 --log run.jsonl --out m");
        let (run, log) = begun(&workshop, &train, 5);
        // The run is killed, so the log is ahead of the checkpoint of step 0.
        signalled(run, log, "KILL");
        let (code, log) = interrupt(&workshop, &format!("{train} --resume"), 3);
        assert_eq!(code, Some(130), "{log}");
        workshop.succeed(&format!("{train} --resume"));
        let text = std::fs::read_to_string(workshop.path("run.jsonl")).unwrap();
        let epochs = text.lines().map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["step"], line["epoch"].as_u64().unwrap() * 7);
            line["epoch"].as_u64().unwrap()
        });
        assert!(epochs.eq(1..=1500));
    }

    #[test]
    fn a_run_that_is_interrupted_twice_and_resumed_writes_the_same_bytes() {
        let workshop = Workshop::with_mnist();
        let train = format!("{TRAIN} --epochs 1500 --eval-every 0 --checkpoint-every 100000");
        let out = |folder: &str| workshop.path(folder).join("model.safetensors");
        workshop.succeed(&format!("{train} --out {}", out("whole").display()));

        let parts = format!("{train} --out {}", out("parts").display());
        let (code, log) = interrupt(&workshop, &parts, 2);
        assert_eq!(code, Some(130), "{log}");
        assert!(
            log.contains("stopped after step") && log.contains("--resume"),
            "{log}"
        );
        assert!(workshop.path("parts/model.safetensors.checkpoint").exists());
        let (code, log) = interrupt(&workshop, &format!("{parts} --resume"), 3);
        assert_eq!(code, Some(130), "{log}");
        workshop.succeed(&format!("{parts} --resume"));

        let bytes = |folder: &str| std::fs::read(out(folder)).unwrap();
        assert!(
            bytes("parts") == bytes("whole"),
            "the resumed run wrote another model"
        );
    }

    #[test]
    fn info_reports_the_progress_of_an_interrupted_run() {
        let workshop = Workshop::with_mnist();
        let (code, log) = interrupt(&workshop, &format!("{TRAIN} --epochs 100000 --out m"), 2);
        assert_eq!(code, Some(130), "{log}");
        let (stdout, _) = workshop.succeed("info m.checkpoint");
        assert!(
            stdout.contains("checkpoint of a run of 100000 epochs, after step "),
            "{stdout}"
        );
        assert!(!workshop.path("m").exists());
    }
}
