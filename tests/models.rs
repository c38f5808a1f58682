//! Every shipped model: a stale file fails here rather than in a reader's tab.

use std::{fs, path::PathBuf};

use latent_lab::{
    CpuEngine, Engine, Geodesics, Images, LatentsFile, ModelConfig, ModelFile, Sharpness, path_frames,
    round_trips, sharpness, slerp,
};

/// The expected properties of a shipped model.
struct Shipped {
    name: &'static str,
    /// The preset of its network and its latent size. The preset is empty if there is none.
    preset: &'static str,
    latent: usize,
    /// `--data` of the command that trained it, and words from the data's license.
    data: &'static str,
    license: &'static str,
    /// Measurement on the card that must not exceed the bound (nats, or squared error per value).
    bound: (&'static str, f64),
    /// Stored latents, and whether they have labels.
    latents: usize,
    labeled: bool,
    /// Latents of training images, and the name before `.training.webp` of the sheet with the images.
    training: usize,
    sheet: &'static str,
}

const MNIST: Shipped = Shipped {
    name: "",
    preset: "",
    latent: 16,
    data: "mnist",
    license: "CC BY-SA 3.0",
    bound: ("", 0.0),
    latents: 500,
    labeled: true,
    training: 1000,
    sheet: "digits",
};

const CATS: Shipped = Shipped {
    name: "",
    preset: "cats",
    latent: 128,
    data: "cats/images",
    license: "CC BY-NC 4.0",
    bound: ("", 0.0),
    latents: 100,
    labeled: false,
    training: 150,
    sheet: "cats",
};

const SHIPPED: [Shipped; 7] = [
    Shipped {
        name: "digits",
        preset: "digits",
        bound: ("test_negative_elbo", 101.0),
        ..MNIST
    },
    Shipped {
        name: "map",
        preset: "map",
        latent: 2,
        bound: ("test_negative_elbo", 150.0),
        ..MNIST
    },
    Shipped {
        name: "digits-plain",
        preset: "digits-plain",
        bound: ("test_mse", 0.009),
        ..MNIST
    },
    Shipped {
        name: "cats",
        bound: ("test_mse", 0.0112),
        ..CATS
    },
    Shipped {
        name: "cats-blurred",
        bound: ("test_mse", 0.0085),
        ..CATS
    },
    Shipped {
        name: "fashion",
        preset: "digits",
        data: "fashion-mnist",
        license: "MIT",
        bound: ("test_negative_elbo", 243.0),
        latents: 100,
        labeled: false,
        training: 600,
        sheet: "fashion",
        ..MNIST
    },
    Shipped {
        name: "emoji",
        preset: "",
        latent: 64,
        data: "emoji/images",
        license: "Apache 2.0",
        bound: ("test_mse", 0.02),
        latents: 100,
        labeled: false,
        training: 300,
        sheet: "emoji",
    },
];

/// The largest allowed size of a model file in bytes. Compression hardly helps, so this is also its size in transfer.
const LARGEST: usize = 2_500_000;

/// The largest allowed size of the training codes and pictures that a lens fetches, in bytes.
const LARGEST_TRAINING: u64 = 150_000;

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "www", "models", name]
        .iter()
        .collect()
}

fn model(name: &str) -> ModelFile {
    ModelFile::from_bytes(&fs::read(file(&format!("{name}.safetensors"))).unwrap()).unwrap()
}

#[test]
fn every_shipped_model_loads_has_its_preset_and_states_its_origin() {
    for shipped in SHIPPED {
        let Shipped {
            name,
            latent,
            bound: (measure, bound),
            ..
        } = shipped;
        let ModelFile { config, card, .. } = model(name);
        match ModelConfig::preset(shipped.preset) {
            Ok(preset) => assert_eq!(config, ModelConfig { latent, ..preset }),
            Err(_) => assert_eq!((shipped.preset, config.latent), ("", latent)),
        }
        assert_eq!(card.name, name);
        assert!(card.license.contains(shipped.license), "{name}: {}", card.license);
        let command = format!("latent-lab train --data {} ", shipped.data);
        assert!(card.command.starts_with(&command), "{name}: {}", card.command);
        let size = fs::metadata(file(&format!("{name}.safetensors"))).unwrap().len();
        assert!(size <= LARGEST as u64, "{name}: {size} bytes");
        assert!(
            card.losses[measure] <= bound,
            "{name}: {measure} {}",
            card.losses[measure]
        );
        let page = fs::read_to_string(file(&format!("{name}.md"))).unwrap();
        assert!(
            page.contains(&card.command),
            "{name}: the card beside the model has another command"
        );
    }
}

/// Checks that a file of latents belongs to the model, and that its codes survive a round trip.
fn belongs(name: &str, kind: &str, count: usize, is_labeled: bool) -> LatentsFile {
    let bytes = fs::read(file(&format!("{name}.{kind}.safetensors"))).unwrap();
    let stored = LatentsFile::from_bytes(&bytes).unwrap();
    assert_eq!(
        (stored.model.as_str(), stored.mean.len()),
        (name, count * stored.latent)
    );
    assert_eq!(stored.labels.len(), if is_labeled { count } else { 0 });
    let model = model(name);
    assert_eq!(stored.latent, model.config.latent);
    let mut engine = CpuEngine::new(&model.config, &model.weights).unwrap();
    let some = &stored.mean[..50 * stored.latent];
    let pictures = engine.decode(some).unwrap();
    let again = engine.encode(&pictures).unwrap().mean;
    let squares: f32 = again.iter().zip(some).map(|(a, b)| (a - b) * (a - b)).sum();
    let spread: f32 = some.iter().map(|z| z * z).sum();
    // A round trip changes a code little; codes of another model would change by twice their spread.
    assert!(
        squares < 0.2 * spread,
        "{name}: changed by {} of the codes' spread",
        squares / spread
    );
    stored
}

#[test]
fn stored_latents_belong_to_their_models_and_survive_a_round_trip() {
    for shipped in SHIPPED {
        belongs(shipped.name, "latents", shipped.latents, shipped.labeled);
    }
}

#[test]
fn latents_of_training_images_belong_to_their_models_and_differ_from_the_stored_ones() {
    for shipped in SHIPPED {
        let Shipped {
            name,
            training,
            sheet,
            labeled,
            ..
        } = shipped;
        let codes = belongs(name, "training", training, labeled);
        let stored = belongs(name, "latents", shipped.latents, labeled);
        for code in stored.mean.chunks(stored.latent) {
            assert!(
                codes.mean.chunks(codes.latent).all(|other| other != code),
                "{name}"
            );
        }
        if labeled {
            // A tenth of 1,000 draws: 100 with a deviation of 9.5, and four of those.
            for label in 0..10 {
                let count = codes.labels.iter().filter(|&&each| each == label).count();
                assert!((62..=138).contains(&count), "{name}: {count} of {label}");
            }
        }
        let size = |name: String| fs::metadata(file(&name)).unwrap().len();
        let bytes = size(format!("{name}.training.safetensors")) + size(format!("{sheet}.training.webp"));
        assert!(bytes <= LARGEST_TRAINING, "{name}: {bytes} bytes");
        // The card has the command, its seed included, and that of the sheet.
        let card = fs::read_to_string(file(&format!("{name}.md"))).unwrap();
        let card = card.split_whitespace().collect::<Vec<_>>().join(" ");
        let command = format!(
            "latent-lab latents www/models/{name}.safetensors --data {} --part training --seed 1 --count {training} ",
            shipped.data
        );
        assert!(card.contains(&command), "{name}: {command}");
        assert!(
            card.contains(&format!("node article/training-pictures.mjs sheet.png {sheet} ")),
            "{name}"
        );
    }
}

#[test]
fn the_folder_of_models_contains_no_other_files() {
    let mut names: Vec<String> = fs::read_dir(file(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut expected: Vec<String> = SHIPPED
        .iter()
        .flat_map(|Shipped { name, .. }| {
            ["latents.safetensors", "md", "safetensors", "training.safetensors"]
                .map(|end| format!("{name}.{end}"))
        })
        .chain(["cats", "digits", "emoji"].map(|name| format!("{name}.originals.webp")))
        .chain(["cats", "digits", "emoji", "fashion"].map(|name| format!("{name}.training.webp")))
        .collect();
    expected.sort();
    assert_eq!(names, expected);
}

/// Sharpness of the 467 held-out photographs of cats, from the results of `latent-lab experiment sharp-cats`.
fn sharpness_of_photographs() -> Sharpness {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "www", "results", "sharp-cats.json"]
        .iter()
        .collect();
    let result: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let of = |measure: &str| result["sharpness_of_originals"][measure].as_f64().unwrap();
    Sharpness {
        gradient: of("gradient"),
        laplacian_variance: of("laplacian_variance"),
    }
}

#[test]
fn shipped_cats_are_sharp_as_reconstructions_middles_and_draws_and_the_blurred_ones_are_not() {
    let photographs = sharpness_of_photographs();
    for (name, [lowest, highest]) in [("cats", [48.0, 110.0]), ("cats-blurred", [1.0, 10.0])] {
        let bytes = fs::read(file(&format!("{name}.latents.safetensors"))).unwrap();
        let codes = LatentsFile::from_bytes(&bytes).unwrap().mean;
        let model = model(name);
        let latent = model.config.latent;
        let pairs = codes.chunks_exact(latent).zip(codes.chunks_exact(latent).skip(1));
        let middles = pairs.flat_map(|(from, to)| slerp(from, to, 0.5)).collect();
        let prior = model.prior.as_ref().expect("it has a fitted prior");
        let random = prior.draws(7, 0, 100, 1.0);
        let mut engine = CpuEngine::new(&model.config, &model.weights).unwrap();
        let geodesics = Geodesics::new(&mut engine, Some(prior)).unwrap();
        let mut through_pictures = Vec::new();
        for (from, to) in codes.chunks_exact(latent).zip(codes.chunks_exact(latent).skip(1)) {
            let points = geodesics.path(&mut engine, from, to).unwrap();
            through_pictures.extend_from_slice(&path_frames(&points, latent, 3)[latent..2 * latent]);
        }
        for (set, latents) in [
            ("reconstructions", codes.clone()),
            ("middles", middles),
            ("middles of geodesics", through_pictures),
            ("random", random),
        ] {
            let pictures = engine.decode(&latents).unwrap();
            let percent = sharpness(model.config.image, &pictures)
                .unwrap()
                .percent_of(photographs)
                .laplacian_variance;
            assert!(
                (lowest..=highest).contains(&percent),
                "{name}, {set}: {percent} %"
            );
        }
    }
}

#[test]
fn the_error_of_a_round_trip_compares_the_decoded_image_with_its_second_decoding() {
    let model = model("digits");
    let mut engine = CpuEngine::new(&model.config, &model.weights).unwrap();
    let prior = model.prior.as_ref().expect("it has a fitted prior");
    let pictures = engine.decode(&prior.draws(3, 0, 5, 1.0)).unwrap();
    let bytes: Vec<u8> = pictures
        .iter()
        .map(|value| (255.0 * value).round() as u8)
        .collect();
    let images = Images::new(model.config.image, bytes.clone(), Vec::new()).unwrap();
    let found = round_trips(&mut engine, &images).unwrap();
    assert_eq!(found.len(), 5);
    for (picture, found) in bytes.chunks(model.config.image.len()).zip(found) {
        let mut drawn: Vec<Vec<f32>> = vec![picture.iter().map(|&byte| f32::from(byte) / 255.0).collect()];
        for _ in 0..2 {
            let mean = engine.encode(drawn.last().unwrap()).unwrap().mean;
            drawn.push(engine.decode(&mean).unwrap());
        }
        let squares = drawn[1]
            .iter()
            .zip(&drawn[2])
            .map(|(a, b)| f64::from(a - b).powi(2));
        let expected = squares.sum::<f64>() / drawn[1].len() as f64;
        // For several images the engine may add in another order.
        assert!(
            (found - expected).abs() < 1e-6 * expected + 1e-10,
            "{found}, expected {expected}"
        );
    }
}
