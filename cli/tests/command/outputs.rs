//! Files that a command may replace, and files that it must not.

use crate::workshop::Workshop;

const TRAIN: &str = "train --data mnist --config network.json --epochs 2 --batch 16";

fn trained() -> Workshop {
    let workshop = Workshop::with_mnist();
    workshop.succeed(&format!("{TRAIN} --out m.safetensors"));
    workshop
}

#[test]
fn no_command_overwrites_a_model_without_force() {
    let workshop = trained();
    let model = std::fs::read(workshop.path("m.safetensors")).unwrap();
    workshop.write("other.safetensors", &model);
    for command in [
        &format!("{TRAIN} --seed 2"),
        "convert m.safetensors --data mnist --precision i8",
        "whiten m.safetensors --data mnist",
        "shrink m.safetensors --data mnist",
        "latents m.safetensors --data mnist",
        "sample m.safetensors",
        "reconstruct m.safetensors --data mnist",
        "interpolate m.safetensors --data mnist",
    ] {
        // The command's own input, the same file under another path, and another model.
        for out in ["m.safetensors", "./data/../m.safetensors", "other.safetensors"] {
            let message = workshop.fail(&format!("{command} --out {out}"));
            assert!(message.contains("--force"), "{command} --out {out}: {message}");
            assert!(
                std::fs::read(workshop.path(out)).unwrap() == model,
                "{command} --out {out}"
            );
        }
    }
}

#[test]
fn with_force_a_model_is_replaced_in_place() {
    let workshop = trained();
    let before = workshop.model("m.safetensors");
    workshop.succeed("convert m.safetensors --data mnist --precision i8 --out m.safetensors --force");
    assert!(workshop.model("m.safetensors").weights != before.weights);
    workshop.succeed("whiten m.safetensors --data mnist --out m.safetensors --force");
    workshop.succeed(&format!("{TRAIN} --seed 2 --out m.safetensors --force"));
    assert_eq!(workshop.model("m.safetensors").card.seed, 2);
}

#[test]
fn sheets_and_latents_replace_their_own_kind_without_force_but_no_other_file() {
    let workshop = trained();
    for (command, out) in [
        ("latents m.safetensors --data mnist", "l"),
        ("sample m.safetensors", "sheet.png"),
    ] {
        workshop.succeed(&format!("{command} --out {out}"));
        workshop.succeed(&format!("{command} --out {out}"));
        workshop.write("thesis", b"years of work");
        let message = workshop.fail(&format!("{command} --out thesis"));
        assert!(message.contains("thesis already exists"), "{message}");
        workshop.succeed(&format!("{command} --out thesis --force"));
    }
}

#[test]
fn no_temporary_files_remain_beside_the_output() {
    let workshop = trained();
    workshop.succeed("sample m.safetensors --out sheet.png");
    let mut names: Vec<String> = std::fs::read_dir(workshop.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "data",
            "m.safetensors",
            "m.safetensors.checkpoint",
            "network.json",
            "sheet.png"
        ]
    );
}

#[test]
fn measuring_losses_on_other_data_than_the_card_names_needs_force_and_is_noted() {
    let workshop = trained();
    for (out, command) in [
        ("c", "convert m.safetensors --precision f16"),
        ("w", "whiten m.safetensors"),
        ("s", "shrink m.safetensors"),
    ] {
        workshop.write_fashion();
        let message = workshop.fail(&format!("{command} --data fashion-mnist --out {out}"));
        assert!(
            message.contains("the model was trained on MNIST, and --data is Fashion-MNIST"),
            "{message}"
        );
        assert!(!workshop.path(out).exists());
        workshop.succeed(&format!("{command} --data fashion-mnist --out {out} --force"));
        let card = workshop.model(out).card;
        assert_eq!(card.data, "MNIST");
        assert!(
            card.notes.contains("test losses were measured on Fashion-MNIST"),
            "{}",
            card.notes
        );
        assert_eq!(
            card.notes
                .contains("whitened by the training images of Fashion-MNIST"),
            command.starts_with("whiten")
        );
    }
}

#[cfg(not(feature = "gpu"))]
#[test]
fn an_engine_that_is_missing_is_missed_before_the_work() {
    let workshop = trained();
    for command in [
        "convert m.safetensors --precision f16",
        "whiten m.safetensors",
        "shrink m.safetensors",
    ] {
        let message = workshop.fail(&format!("{command} --data mnist --engine gpu --out n"));
        // Nothing of what the command says while it works.
        assert!(
            message.starts_with("error: this build has no engine gpu"),
            "{command}: {message}"
        );
        assert!(!workshop.path("n").exists());
    }
}

#[test]
fn whiten_shrink_and_convert_keep_the_notes_of_the_test_images() {
    let workshop = trained();
    // A model whose card does not say that its test images differ from the published ones.
    let mut model = workshop.model("m.safetensors");
    model.card.notes = "mine".into();
    workshop.write("bare", &model.to_bytes(latent_lab::Precision::F32));
    for command in ["convert bare --precision f16", "whiten bare", "shrink bare"] {
        workshop.succeed(&format!("{command} --data mnist --out n --force"));
        let notes = workshop.model("n").card.notes;
        let test = "t10k-images-idx3-ubyte of mnist is not the published file";
        assert!(notes.starts_with("mine; ") && notes.contains(test), "{notes}");
        // The note is added once, even if the model is converted again.
        workshop.succeed("convert n --precision f16 --data mnist --out n --force");
        assert_eq!(workshop.model("n").card.notes, notes);
    }
}
