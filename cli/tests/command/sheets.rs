//! Sheets of pictures; starting from a model; logs.

use image::RgbImage;
use latent_lab::{
    CpuEngine, Engine, Geodesics, latent_path, normal_draws, path_frames, pixels_from_bytes, pixels_to_bytes,
};

use crate::workshop::{self, TEST, TRAINING, Workshop};

const TRAIN: &str = "train --data mnist --config network.json --epochs 3 --batch 16";

fn trained() -> Workshop {
    let workshop = Workshop::with_mnist();
    workshop.succeed(&format!("{TRAIN} --out m"));
    workshop
}

fn engine(workshop: &Workshop) -> CpuEngine {
    let model = workshop.model("m");
    CpuEngine::new(&model.config, &model.weights).unwrap()
}

/// The picture in a column and row of a sheet of scale 1, as gray bytes.
fn cell(sheet: &RgbImage, column: u32, row: u32) -> Vec<u8> {
    let at = |n: u32| sheet.get_pixel(column * 9 + 1 + n % 8, row * 9 + 1 + n / 8)[0];
    (0..64).map(at).collect()
}

fn sheet(workshop: &Workshop, arguments: &str) -> RgbImage {
    workshop.succeed(&format!("{arguments} --out sheet.png"));
    image::open(workshop.path("sheet.png")).unwrap().into_rgb8()
}

#[test]
fn sample_shows_the_pictures_of_seeded_normal_latents() {
    let workshop = trained();
    let cold = sheet(&workshop, "sample m --count 2 --scale 1 --seed 5 --temperature 0");
    let mean = engine(&workshop).decode(&[0.0; 2]).unwrap();
    assert_eq!(cell(&cold, 0, 0), pixels_to_bytes(&mean));
    assert_eq!(cell(&cold, 0, 0), cell(&cold, 1, 0));
    let sheet = sheet(&workshop, "sample m --count 7 --columns 3 --scale 1 --seed 5");
    assert_eq!(sheet.dimensions(), (3 * 9 + 1, 3 * 9 + 1));
    let mut engine = engine(&workshop);
    for n in 0..7 {
        let pixels = engine.decode(&normal_draws(5, u64::from(n), 2)).unwrap();
        assert_eq!(
            cell(&sheet, n % 3, n / 3),
            pixels_to_bytes(&pixels),
            "picture {n}"
        );
    }
    assert_eq!(cell(&sheet, 2, 2), [255; 64]);
}

#[test]
fn reconstruct_shows_test_images_above_their_reconstructions() {
    let workshop = trained();
    let sheet = sheet(
        &workshop,
        "reconstruct m --data mnist --count 5 --columns 3 --scale 1",
    );
    assert_eq!(sheet.dimensions(), (3 * 9 + 1, 4 * 9 + 1));
    let mut engine = engine(&workshop);
    for n in 0..5 {
        let original = workshop::bar(TRAINING + n as usize, 8);
        assert_eq!(cell(&sheet, n % 3, n / 3 * 2), original, "picture {n}");
        let mean = engine.encode(&pixels_from_bytes(&original)).unwrap().mean;
        let pixels = engine.decode(&mean).unwrap();
        assert_eq!(
            cell(&sheet, n % 3, n / 3 * 2 + 1),
            pixels_to_bytes(&pixels),
            "picture {n}"
        );
    }
    let all = workshop
        .succeed("reconstruct m --data mnist --count 1000 --out all.png")
        .1;
    assert!(all.contains(&format!("wrote {} pictures", 2 * TEST)), "{all}");
}

#[test]
fn interpolate_shows_the_path_between_each_pair() {
    let workshop = trained();
    let sheet = sheet(
        &workshop,
        "interpolate m --data mnist --pairs 2 --frames 4 --path lerp --scale 1",
    );
    assert_eq!(sheet.dimensions(), (6 * 9 + 1, 2 * 9 + 1));
    let mut engine = engine(&workshop);
    for row in 0..2 {
        let ends = [0, 1].map(|n| workshop::bar(TRAINING + 2 * row as usize + n, 8));
        assert_eq!([cell(&sheet, 0, row), cell(&sheet, 5, row)], ends);
        let [from, to] = ends.map(|end| engine.encode(&pixels_from_bytes(&end)).unwrap().mean);
        let way = latent_path(latent_lab::Path::Lerp, &from, &to, 4);
        let pixels = pixels_to_bytes(&engine.decode(&way).unwrap());
        for (frame, expected) in (1..).zip(pixels.chunks(64)) {
            assert_eq!(cell(&sheet, frame, row), expected, "row {row}, frame {frame}");
        }
    }
    let enlarged = self::sheet(
        &workshop,
        "interpolate m --data mnist --pairs 2 --frames 4 --scale 3",
    );
    assert_eq!(enlarged.dimensions(), (3 * sheet.width(), 3 * sheet.height()));
}

#[test]
fn interpolate_follows_the_geodesic_of_the_models_prior() {
    let workshop = trained();
    workshop.succeed("prior m --data mnist --components 2 --out p");
    let sheet = sheet(
        &workshop,
        "interpolate p --data mnist --pairs 1 --frames 4 --path geodesic --scale 1",
    );
    let mut engine = engine(&workshop);
    let ends = [0, 1].map(|n| workshop::bar(TRAINING + n, 8));
    let [from, to] = ends.map(|end| engine.encode(&pixels_from_bytes(&end)).unwrap().mean);
    let prior = workshop.model("p").prior;
    let geodesics = Geodesics::new(&mut engine, prior.as_ref()).unwrap();
    let way = geodesics.path(&mut engine, &from, &to).unwrap();
    let pixels = engine.decode(&path_frames(&way, from.len(), 4)).unwrap();
    for (frame, expected) in (1..).zip(pixels_to_bytes(&pixels).chunks(64)) {
        assert_eq!(cell(&sheet, frame, 0), expected, "frame {frame}");
    }
    let (_, said) = workshop.succeed("interpolate m --data mnist --path geodesic --out arcs.png");
    assert!(said.contains("no fitted prior"), "{said}");
}

#[test]
fn a_run_can_start_from_the_config_weights_and_license_of_a_model() {
    let workshop = trained();
    let model = workshop.model("m");
    workshop.succeed(
        "train --data mnist --start-from m --epochs 1 --batch 16 --learning-rate 1e-30 --average 0 --out same",
    );
    let same = workshop.model("same");
    assert!(same.config == model.config && same.weights == model.weights);
    assert_eq!(same.card.license, model.card.license);
    assert!(
        same.card
            .notes
            .contains("started from the weights of m, trained on MNIST"),
        "{}",
        same.card.notes
    );

    workshop.write_fashion();
    workshop.succeed("train --data fashion-mnist --start-from m --epochs 2 --batch 16 --out warm");
    workshop.succeed("train --data fashion-mnist --config network.json --epochs 2 --batch 16 --out cold");
    assert!(workshop.model("warm").weights != workshop.model("cold").weights);
    let license = workshop.model("warm").card.license;
    assert!(
        license.starts_with("MIT")
            && license.contains("of what it started from: commonly listed as CC BY-SA"),
        "{license}"
    );
    let message = workshop.fail("train --data mnist --start-from m --latent 3 --out n");
    assert!(message.contains("cannot be used with"), "{message}");
    let message = workshop.fail("train --data mnist --start-from m --preset digits --out n");
    assert!(message.contains("cannot be used with"), "{message}");
}

#[test]
fn the_option_latent_replaces_the_latent_size_of_the_preset_or_config() {
    let workshop = Workshop::with_mnist();
    workshop.succeed(&format!("{TRAIN} --latent 5 --out m"));
    assert_eq!(workshop.model("m").config.latent, 5);
}

#[test]
fn the_log_has_a_line_of_json_for_each_epoch() {
    let workshop = Workshop::with_mnist();
    let (_, log) = workshop.succeed(
        &format!("{TRAIN} --epochs 5 --eval-every 2 --beta 0.5 --kl-warmup 2 --log logs/run.jsonl --out m")
            .replace("--epochs 3 ", ""),
    );
    let text = std::fs::read_to_string(workshop.path("logs/run.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 5, "{log}");
    for (n, line) in (1..).zip(&lines) {
        assert_eq!(
            (line["epoch"].as_u64(), line["step"].as_u64()),
            (Some(n), Some(7 * n))
        );
        let number = |name: &str| line[name].as_f64().unwrap();
        assert!(number("total") <= number("reconstruction") + 0.5 * number("kl") + 1e-6);
        assert!(number("seconds") > 0.0 && number("learning_rate") >= 0.0);
        assert_eq!(number("beta"), if n == 1 { 0.25 } else { 0.5 });
        // Every second epoch is evaluated, and the last.
        assert_eq!(line["test"].is_object(), [2, 4, 5].contains(&n), "{line}");
    }
    let test = &lines[4]["test"];
    let losses = workshop.model("m").card.losses;
    for (here, on_card) in [
        ("negative_elbo", "test_negative_elbo"),
        ("total", "test_total"),
        ("mse", "test_mse"),
        ("active_units", "test_active_units"),
    ] {
        assert!(
            (test[here].as_f64().unwrap() - losses[on_card]).abs() < 2e-6,
            "{here}: {test}"
        );
    }
    let message = workshop.fail(&format!("{TRAIN} --log logs/run.jsonl --out n"));
    assert!(message.contains("run.jsonl already exists"), "{message}");
}

#[test]
fn epoch_lines_fit_eighty_and_forty_columns() {
    let workshop = Workshop::with_mnist();
    for (columns, names) in [("", "m"), ("40", "n")] {
        let mut command = workshop.command(&format!("{TRAIN} --eval-every 1 --out {names}"));
        command.env_remove("COLUMNS");
        if !columns.is_empty() {
            command.env("COLUMNS", columns);
        }
        let log = workshop::text(&command.output().unwrap().stderr);
        let width = columns.parse().unwrap_or(80);
        let lines: Vec<&str> = log.lines().filter(|line| line.contains("/3 ")).collect();
        assert_eq!(lines.len(), 3, "{log}");
        assert!(lines.iter().all(|line| line.chars().count() <= width), "{log}");
        assert!(lines[..2].iter().all(|line| line.contains("test ")), "{log}");
    }
}
