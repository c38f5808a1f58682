//! Runs that are left and taken up again.

use latent_lab::Checkpoint;

use crate::workshop::Workshop;

const TRAIN: &str =
    "train --data mnist --config network.json --batch 16 --average 0.99 --augment flip,shift=0.1";

#[test]
fn a_checkpoint_of_an_unfinished_run_is_neither_lost_nor_mixed_up() {
    let workshop = Workshop::with_mnist();
    assert!(
        workshop
            .fail(&format!("{TRAIN} --resume --out m"))
            .contains("there is no checkpoint")
    );

    // A run that breaks down leaves a checkpoint.
    workshop.fail(&format!("{TRAIN} --learning-rate 1e30 --warmup-steps 0 --out m"));
    let message = workshop.fail(&format!("{TRAIN} --out m"));
    assert!(
        message.contains("--resume goes on, --restart starts again"),
        "{message}"
    );
    let message = workshop.fail(&format!("{TRAIN} --resume --beta 3 --out m"));
    assert!(message.contains("beta is 1.0 there and 3.0 here"), "{message}");
    assert!(
        message.contains("learning_rate is 1e+30 there") || message.contains("learning_rate is 1e30 there"),
        "{message}"
    );
    workshop.succeed(&format!("{TRAIN} --restart --epochs 1 --out m"));
    assert!(workshop.path("m").exists() && !workshop.path("m.checkpoint").exists());
}

#[test]
fn a_damaged_checkpoint_is_an_error() {
    let workshop = Workshop::with_mnist();
    workshop.write("m.checkpoint", b"not a checkpoint");
    let message = workshop.fail(&format!("{TRAIN} --resume --out m"));
    assert!(message.contains("m.checkpoint cannot be resumed"), "{message}");
}

#[test]
fn a_checkpoint_from_after_the_end_of_the_run_is_an_error() {
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
        process::{Command, Stdio},
    };

    use super::*;

    /// Starts a command, presses Ctrl-C once `epoch` epochs are logged, and returns the exit code and the rest of the log.
    fn interrupt(workshop: &Workshop, arguments: &str, epoch: usize) -> (Option<i32>, String) {
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
        let kill = Command::new("sh")
            .arg("-c")
            .arg(format!("kill -INT {}", child.id()))
            .status()
            .unwrap();
        assert!(kill.success());
        let rest = lines.collect::<Vec<_>>().join("\n");
        (child.wait().unwrap().code(), rest)
    }

    #[test]
    fn a_run_that_is_interrupted_twice_and_resumed_ends_with_the_same_bytes() {
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
            "the resumed run ended with another model"
        );
    }

    #[test]
    fn info_says_how_far_an_interrupted_run_came() {
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
