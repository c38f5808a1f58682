//! Commands that describe and convert models.

use std::process::Stdio;

use crate::workshop::{self, Workshop};
use latent_lab::LatentsFile;

fn trained() -> Workshop {
    let workshop = Workshop::with_mnist();
    workshop.succeed(
        "train --data mnist --config network.json --epochs 3 --batch 16 --out m.safetensors --notes hello",
    );
    workshop
}

#[test]
fn eval_agrees_with_the_card_and_its_bounds_are_in_order() {
    let workshop = trained();
    let (json, _) = workshop.succeed("eval m.safetensors --data mnist --json -k 20");
    let numbers: serde_json::Value = serde_json::from_str(&json).unwrap();
    let losses = workshop.model("m.safetensors").card.losses;
    let gray = &numbers["gray"];
    for (key, on_card) in [
        ("reconstruction", "test_reconstruction"),
        ("kl", "test_kl"),
        ("negative_elbo", "test_negative_elbo"),
        ("mse", "test_mse"),
    ] {
        // Numbers on the card have six decimals.
        assert!(
            (gray[key].as_f64().unwrap() - losses[on_card]).abs() < 1e-6,
            "{key}: {json}"
        );
    }
    let trip = gray["round_trip_95"].as_f64().unwrap();
    assert!(trip > 0.0 && trip < 1.0, "{json}");
    let binarized = &numbers["binarized"];
    let (elbo, bound) = (
        &binarized["negative_elbo"],
        &binarized["importance_weighted_bound"],
    );
    assert!(bound.as_f64().unwrap() < elbo.as_f64().unwrap(), "{json}");
    assert_eq!(numbers["gray"]["images"], 40);

    let (text, _) = workshop.succeed("eval m.safetensors --data mnist -k 20");
    let printed = format!("{:.3} nats", bound.as_f64().unwrap());
    assert!(
        text.contains("IWAE bound, k = 20")
            && text.contains(&printed)
            && text.contains("round trip                ")
            && text.contains(&format!("{trip:.6} (95th percentile)")),
        "{text}"
    );
    let (few, _) = workshop.succeed("eval m.safetensors --data mnist -k 0 --limit 10");
    assert!(
        few.starts_with("10 test images") && !few.contains("IWAE"),
        "{few}"
    );
}

#[test]
fn eval_reports_the_entropy_of_gray_targets_and_measures_sharpness_on_request() {
    let workshop = trained();
    let (json, _) = workshop.succeed("eval m.safetensors --data mnist --json -k 0 --sharpness");
    let numbers: serde_json::Value = serde_json::from_str(&json).unwrap();
    let floor = numbers["gray"]["target_entropy"].as_f64().unwrap();
    assert!(
        floor >= 0.0 && floor < numbers["gray"]["reconstruction"].as_f64().unwrap(),
        "{json}"
    );
    let sets = numbers["sharpness_percent"].as_object().unwrap();
    assert_eq!(sets.len(), 3);
    for set in ["reconstructions", "middles", "random"] {
        for measure in ["gradient", "laplacian_variance"] {
            assert!(sets[set][measure].as_f64().unwrap() > 0.0, "{json}");
        }
    }
    let realism = &numbers["realism"];
    for share in [
        &realism["told_apart"]["reconstructions"],
        &realism["told_apart"]["random"],
        &realism["precision"],
        &realism["recall"],
    ] {
        assert!((0.0..=1.0).contains(&share.as_f64().unwrap()), "{json}");
    }
    assert!(realism["largest_step"].as_f64().unwrap() >= 1.0, "{json}");
    let (text, _) = workshop.succeed("eval m.safetensors --data mnist -k 0 --sharpness");
    let printed = format!(
        "  middles                 Laplacian {:.1}, gradient {:.1}\n",
        sets["middles"]["laplacian_variance"].as_f64().unwrap(),
        sets["middles"]["gradient"].as_f64().unwrap()
    );
    assert!(text.contains(&printed), "{text}");
    assert!(
        text.contains(&format!("entropy of the targets  {floor:.3} nats")),
        "{text}"
    );
    let (plain, _) = workshop.succeed("eval m.safetensors --data mnist -k 0");
    assert!(
        !plain.contains("sharpness") && !plain.contains("told from real"),
        "{plain}"
    );
}

#[test]
fn help_defines_every_number_of_eval() {
    let workshop = Workshop::new();
    let (help, _) = workshop.succeed("eval --help");
    for word in [
        "reconstruction:",
        "KL:",
        "-ELBO:",
        "MSE:",
        "round trip:",
        "95th percentile",
        "PSNR:",
        "entropy of the targets:",
        "Laplacian:",
        "IWAE bound:",
        "objective:",
        "active units:",
        "variance above 0.01",
        "Burda et al. 2015",
    ] {
        assert!(
            help.split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .contains(word),
            "{word}"
        );
    }
}

#[test]
fn latents_are_the_posterior_means_of_equally_many_images_of_each_class() {
    let workshop = trained();
    workshop.succeed("latents m.safetensors --data mnist --count 12 --no-labels --out bare.safetensors");
    let bare = LatentsFile::from_bytes(&std::fs::read(workshop.path("bare.safetensors")).unwrap()).unwrap();
    workshop.succeed("latents m.safetensors --data mnist --count 12 --out latents.safetensors");
    let bytes = std::fs::read(workshop.path("latents.safetensors")).unwrap();
    let file = LatentsFile::from_bytes(&bytes).unwrap();
    assert_eq!((file.latent, file.model.as_str()), (2, "m"));
    assert_eq!(file.labels, [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
    assert_eq!((bare.labels.len(), &bare.mean), (0, &file.mean));

    // The first test image encoded by the core, without the command.
    let model = workshop.model("m.safetensors");
    let mut engine = latent_lab::CpuEngine::new(&model.config, &model.weights).unwrap();
    let pixels = latent_lab::pixels_from_bytes(&workshop::bar(workshop::TRAINING, 8));
    let mean = latent_lab::Engine::encode(&mut engine, &pixels).unwrap().mean;
    for (stored, exact) in file.mean.iter().zip(mean) {
        // f16 keeps 11 bits.
        assert!(
            (stored - exact).abs() <= exact.abs() / 2048.0 + 1e-6,
            "{stored} {exact}"
        );
    }
}

#[test]
fn latents_of_training_images_are_chosen_by_a_seed_and_the_sheet_has_the_images_in_their_order() {
    let workshop = trained();
    let make = |seed: u32| {
        workshop.succeed(&format!(
            "latents m.safetensors --data mnist --part training --seed {seed} --count 30 --sheet s.png --out t.safetensors"
        ));
        let bytes = std::fs::read(workshop.path("t.safetensors")).unwrap();
        let sheet = image::open(workshop.path("s.png")).unwrap().into_luma8();
        (LatentsFile::from_bytes(&bytes).unwrap(), sheet)
    };
    let (file, sheet) = make(3);
    assert_eq!((file.mean.len(), file.labels.len()), (2 * 30, 30));
    assert_eq!(sheet.dimensions(), (10 * 8, 3 * 8));
    let model = workshop.model("m.safetensors");
    let mut engine = latent_lab::CpuEngine::new(&model.config, &model.weights).unwrap();
    for (place, (&label, mean)) in file.labels.iter().zip(file.mean.chunks(2)).enumerate() {
        let (left, top) = (8 * (place as u32 % 10), 8 * (place as u32 / 10));
        let picture: Vec<u8> = (0..64)
            .map(|at| sheet.get_pixel(left + at % 8, top + at / 8)[0])
            .collect();
        let is_training = (0..workshop::TRAINING).any(|n| workshop::bar(n, 8) == picture);
        assert!(is_training, "{place}");
        assert!(
            (usize::from(label)..24)
                .step_by(4)
                .any(|n| workshop::bar(n, 8) == picture),
            "{place}: not a {label}"
        );
        let pixels = latent_lab::pixels_from_bytes(&picture);
        let exact = latent_lab::Engine::encode(&mut engine, &pixels).unwrap().mean;
        for (stored, exact) in mean.iter().zip(exact) {
            // f16 keeps 11 bits.
            assert!((stored - exact).abs() <= exact.abs() / 2048.0 + 1e-6);
        }
    }
    assert_eq!(make(3), (file.clone(), sheet));
    assert!(make(4).0 != file);

    let command = "latents m.safetensors --data mnist";
    let message = workshop.fail(&format!("{command} --seed 1 --first --out t"));
    assert!(message.contains("cannot be used with '--first'"), "{message}");
    let message = workshop.fail(&format!("{command} --sheet t --out t"));
    assert!(message.contains("name the same file"), "{message}");
}

#[test]
fn info_prints_card_config_and_tensors() {
    let workshop = trained();
    let (text, _) = workshop.succeed("info m.safetensors");
    for expected in [
        "encoder.conv.0.weight",
        "F32",
        "[4, 1, 3, 3]",
        "latent 2",
        "hello",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let (markdown, _) = workshop.succeed("info m.safetensors --format markdown");
    assert!(markdown.starts_with("# m\n\n- Data: MNIST\n"), "{markdown}");
    let (json, _) = workshop.succeed("info m.safetensors --format json");
    let parts: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(parts["config"]["latent"], 2);
    assert_eq!(parts["card"]["seed"], 1);
}

#[test]
fn a_model_converted_to_i8_is_smaller_and_the_losses_on_its_card_are_measured_again() {
    let workshop = trained();
    workshop.succeed("convert m.safetensors --data mnist --precision i8 --out small.safetensors");
    let (before, after) = (
        workshop.model("m.safetensors"),
        workshop.model("small.safetensors"),
    );
    assert!(before.weights != after.weights);
    assert_eq!(before.card.command, after.card.command);
    let (json, _) = workshop.succeed("eval small.safetensors --data mnist --json -k 0");
    let numbers: serde_json::Value = serde_json::from_str(&json).unwrap();
    let measured = numbers["gray"]["negative_elbo"].as_f64().unwrap();
    assert!((measured - after.card.losses["test_negative_elbo"]).abs() < 1e-6);
    let (text, _) = workshop.succeed("info small.safetensors");
    assert!(text.contains("I8"), "{text}");
    let bytes = |name: &str| std::fs::metadata(workshop.path(name)).unwrap().len();
    assert!(bytes("small.safetensors") < bytes("m.safetensors"));
}

#[test]
fn files_that_are_not_models_are_refused() {
    let workshop = trained();
    let good = std::fs::read(workshop.path("m.safetensors")).unwrap();
    workshop.write("cut.safetensors", &good[..good.len() - 1]);
    workshop.write("text.safetensors", b"hello");
    workshop.write("empty.safetensors", b"");
    for name in ["cut", "text", "empty", "missing"] {
        for command in ["info", "eval --data mnist", "latents --data mnist --out l"] {
            let message = workshop.fail(&format!("{command} {name}.safetensors"));
            assert!(message.contains(&format!("{name}.safetensors")), "{message}");
        }
    }
    assert!(!workshop.path("l").exists());
    let message = workshop.fail("eval m.safetensors --data nowhere");
    assert!(message.contains("unknown data \"nowhere\""), "{message}");
}

#[test]
fn latents_that_are_not_finite_are_not_written() {
    let workshop = trained();
    let mut bytes = std::fs::read(workshop.path("m.safetensors")).unwrap();
    let data = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..data]).unwrap();
    let offset = |end: usize| {
        let offsets = &header["encoder.mean.weight"]["data_offsets"];
        data + offsets[end].as_u64().unwrap() as usize
    };
    let (weights, _) = bytes[offset(0)..offset(1)].as_chunks_mut::<4>();
    // These weights are finite, so the file can be loaded, but their sums are not.
    weights.fill(f32::MAX.to_le_bytes());
    workshop.write("huge.safetensors", &bytes);
    let message = workshop.fail("latents huge.safetensors --data mnist --out l");
    assert!(
        message.contains("huge.safetensors gives codes that are not finite"),
        "{message}"
    );
    assert!(!workshop.path("l").exists());
}

#[test]
fn a_model_is_not_overwritten_with_its_latents() {
    let workshop = trained();
    let model = std::fs::read(workshop.path("m.safetensors")).unwrap();
    let message = workshop.fail("latents m.safetensors --data mnist --out ./m.safetensors");
    assert!(message.contains("is an input"), "{message}");
    assert_eq!(std::fs::read(workshop.path("m.safetensors")).unwrap(), model);
}

#[test]
fn a_command_succeeds_even_if_its_output_is_closed() {
    let workshop = Workshop::with_mnist();
    for arguments in [
        "train --data mnist --config network.json --epochs 3 --batch 16 --out m.safetensors",
        "latents m.safetensors --data mnist --out l",
        "eval m.safetensors --data mnist -k 2",
        "info m.safetensors",
    ] {
        let mut command = workshop.command(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments}");
    }
    assert!(workshop.path("m.safetensors").exists() && workshop.path("l").exists());
}
