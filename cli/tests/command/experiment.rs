//! Experiments in their quick form: every part works, and finished networks are not trained again.

use std::fs;

use crate::workshop::{Workshop, write_pictures};

const EXPERIMENTS: [(&str, usize); 4] = [
    ("few-cats", 2),
    ("cat-sizes", 5),
    ("digit-sizes", 7),
    ("architectures", 6),
];

#[test]
fn every_experiment_measures_its_networks_and_draws_their_pictures() {
    let workshop = Workshop::new();
    write_pictures(&workshop.path("pictures"), 60, 40, 32);
    for (name, networks) in EXPERIMENTS {
        let command = format!("experiment {name} --quick --data pictures --runs runs --out results");
        let (stdout, stderr) = workshop.succeed(&command);
        assert!(stderr.contains("epoch"), "{stderr}");
        let text = fs::read_to_string(workshop.path(&format!("results/{name}.json"))).unwrap();
        assert_eq!(text, stdout);
        let result: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(result["command"], format!("latent-lab experiment {name} --quick"));
        let rows = result["rows"].as_array().unwrap();
        assert_eq!(rows.len(), networks);
        for row in rows {
            let mse = row["mse"].as_f64().unwrap();
            assert!(
                (row["psnr"].as_f64().unwrap() + 10.0 * mse.log10()).abs() < 1e-3,
                "{row}"
            );
            assert!(row["ssim"].as_f64().unwrap().abs() <= 1.0, "{row}");
            if name == "architectures" && !row["label"].as_str().unwrap().ends_with("longer") {
                let [lowest, highest] = ["mse_lowest", "mse_highest"].map(|key| row[key].as_f64().unwrap());
                assert!(lowest < mse && mse < highest, "{row}");
                assert_eq!(row["seeds"], serde_json::json!([1, 2]));
            }
        }
        let sheet = image::open(workshop.path(&format!("results/{name}.png"))).unwrap();
        let originals = if name == "few-cats" { 2 } else { 1 };
        let side = if name == "digit-sizes" { 28 } else { 16 };
        assert_eq!(sheet.height() as usize, side * (networks + originals));

        // The models exist, so nothing is trained and the numbers are the same.
        let (again, stderr) = workshop.succeed(&command);
        assert_eq!(again, text);
        assert!(!stderr.contains("epoch"), "{stderr}");
    }
    let digits: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(workshop.path("results/digit-sizes.json")).unwrap())
            .unwrap();
    let components = digits["principal_components"].as_array().unwrap();
    let errors: Vec<f64> = components
        .iter()
        .map(|row| row["mse"].as_f64().unwrap())
        .collect();
    assert!(
        errors.len() == 4 && errors.is_sorted_by(|a, b| a >= b),
        "{errors:?}"
    );
}

/// For each experiment: its numbers of networks for digits and for cats, of sets of pictures from each network (four kinds of latents, or
/// two paths with two pairs), and of sets on the sheet, which omits reconstructions, and lines of networks without a prior. There is one more
/// set, of real pictures or of cross-faded pixels.
const PARTS: [(&str, [usize; 2], usize, usize); 2] =
    [("random-latents", [2, 2], 4, 3), ("interpolation", [2, 4], 2, 2)];

#[test]
fn random_latents_and_interpolations_are_measured_for_digits_and_cats() {
    let workshop = Workshop::new();
    write_pictures(&workshop.path("pictures"), 200, 40, 32);
    for (name, networks, sets, shown) in PARTS {
        let command = format!("experiment {name} --quick --data pictures --runs runs --out results");
        let (stdout, _) = workshop.succeed(&command);
        let result: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        for ((part, side), networks) in [("digits", 28), ("cats", 16)].into_iter().zip(networks) {
            let result = &result[part];
            assert_eq!(result["classifier"]["classes"], "4 quarter turns");
            let found = result["rows"].as_array().unwrap();
            assert_eq!(found.len(), 1 + networks * sets);
            for row in found {
                let distance = row["frechet"]
                    .as_f64()
                    .or_else(|| row["frechet_of_middles"].as_f64());
                assert!(distance.unwrap() > 0.0, "{row}");
            }
            let sheet = image::open(workshop.path(&format!("results/{name}-{part}.png"))).unwrap();
            let beside = if name == "interpolation" { 2 } else { 1 };
            assert_eq!(sheet.height() as usize, side * (beside + networks * shown));
        }
        let (again, stderr) = workshop.succeed(&command);
        assert_eq!(again, stdout);
        assert!(!stderr.contains("epoch"), "{stderr}");
    }
    let message =
        workshop.fail("experiment random-latents --models nowhere --data pictures --runs runs --out results");
    assert!(message.contains("nowhere/digits.safetensors"), "{message}");
}

#[test]
fn trained_networks_are_reused_whichever_path_names_their_folder_or_the_data() {
    let workshop = Workshop::new();
    write_pictures(&workshop.path("pictures"), 30, 20, 20);
    let experiment = |data: &str, runs: &str| {
        let command = format!("experiment few-cats --quick --data {data} --runs {runs} --out results");
        workshop.succeed(&command).1
    };
    assert!(experiment("pictures", "xr").contains("epoch"));
    let absolute = |name: &str| workshop.path(name).display().to_string();
    for (data, runs) in [
        ("pictures", &absolute("xr")),
        (&absolute("pictures"), &"./pictures/../xr".to_owned()),
    ] {
        let log = experiment(data, runs);
        assert!(!log.contains("epoch"), "{log}");
    }
    // Other pictures under the same name count as other settings.
    write_pictures(&workshop.path("pictures"), 30, 24, 20);
    let log = experiment("pictures", "xr");
    assert!(
        log.contains("was made with other settings: training it again") && log.contains("epoch"),
        "{log}"
    );
    assert!(
        !workshop
            .path("xr/quick/few-cats/gray.safetensors.checkpoint")
            .exists()
    );
}

#[test]
fn detail_is_measured_in_percent_of_the_originals_and_compared_with_principal_components() {
    let workshop = Workshop::new();
    write_pictures(&workshop.path("pictures"), 60, 40, 32);
    let (stdout, _) =
        workshop.succeed("experiment cat-detail --quick --data pictures --runs runs --out results");
    let result: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let rows = result["rows"].as_array().unwrap();
    let labels: Vec<&str> = rows.iter().map(|row| row["label"].as_str().unwrap()).collect();
    assert_eq!(
        labels,
        ["originals", "components", "reconstructions", "middles", "random"]
    );
    for measure in ["gradient", "laplacian_variance"] {
        assert_eq!(rows[0][measure], 100.0);
        assert!(
            rows.iter().all(|row| row[measure].as_f64().unwrap() >= 0.0),
            "{rows:?}"
        );
    }
    for (row, compares) in rows.iter().zip([false, true, true, false, false]) {
        assert_eq!(row["mse"].is_f64(), compares, "{row}");
    }
    let sheet = image::open(workshop.path("results/cat-detail.png")).unwrap();
    assert_eq!(sheet.height(), 5 * 16);
}

#[test]
fn two_networks_of_cats_are_compared_by_the_same_measures() {
    let workshop = Workshop::new();
    write_pictures(&workshop.path("pictures"), 200, 40, 32);
    let (stdout, _) =
        workshop.succeed("experiment sharp-cats --quick --data pictures --runs runs --out results");
    let result: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let rows = result["rows"].as_array().unwrap();
    let labels: Vec<&str> = rows.iter().map(|row| row["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["components", "cats-blurred", "cats"]);
    for row in &rows[1..] {
        for set in ["reconstructions", "middles", "random"] {
            let of_set = &row["sharpness_percent"][set];
            assert!(of_set["laplacian_variance"].as_f64().unwrap() >= 0.0, "{row}");
        }
        for share in [
            &row["told_apart"]["random"],
            &row["told_apart"]["reconstructions"],
            &row["precision"],
            &row["recall"],
        ] {
            assert!((0.0..=1.0).contains(&share.as_f64().unwrap()), "{row}");
        }
        for path in ["arc", "geodesic"] {
            let middles = &row["middles"][path];
            assert!(middles["laplacian_variance"].as_f64().unwrap() >= 0.0, "{row}");
            assert!(
                (0.0..=1.0).contains(&middles["told_apart"].as_f64().unwrap()),
                "{row}"
            );
        }
        assert_eq!(
            row["middles"]["arc"]["laplacian_variance"],
            row["sharpness_percent"]["middles"]["laplacian_variance"]
        );
        assert!(row["mse"].as_f64().unwrap() > 0.0, "{row}");
        assert!(row["largest_step"].as_f64().unwrap() >= 1.0, "{row}");
    }
    let by_temperature = result["temperatures"].as_array().unwrap();
    let temperatures: Vec<f64> = by_temperature
        .iter()
        .map(|of_one| of_one["temperature"].as_f64().unwrap())
        .collect();
    assert_eq!(temperatures, [1.3, 1.2, 1.1, 1.0, 0.9, 0.8]);
    // At temperature 1 these are the same random pictures as in the row.
    let [sharp, one] = [&rows[2], &by_temperature[3]];
    assert_eq!(
        one["laplacian_variance"],
        sharp["sharpness_percent"]["random"]["laplacian_variance"]
    );
    assert_eq!(one["told_apart"], sharp["told_apart"]["random"]);
    for measure in ["precision", "recall"] {
        assert_eq!(one[measure], sharp[measure]);
    }
    assert_ne!(by_temperature[5]["laplacian_variance"], one["laplacian_variance"]);
    let sheet = image::open(workshop.path("results/sharp-cats.png")).unwrap();
    // The sheet has the originals and four sets from each network.
    assert_eq!(sheet.height(), 9 * 16);
}

#[test]
fn the_price_experiment_reports_losses_above_the_entropy_of_the_targets() {
    let workshop = Workshop::new();
    write_pictures(&workshop.path("pictures"), 60, 40, 32);
    let (stdout, _) = workshop.succeed("experiment price --quick --data pictures --runs runs --out results");
    let result: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    for (part, networks) in [("digits", 3), ("fashion", 1)] {
        let floor = result[part]["target_entropy"].as_f64().unwrap();
        let rows = result[part]["rows"].as_array().unwrap();
        assert_eq!(rows.len(), networks);
        for row in rows {
            let number = |key: &str| row[key].as_f64().unwrap_or(0.0);
            assert!(number("reconstruction_above_entropy") > 0.0, "{row}");
            let sum = floor + number("reconstruction_above_entropy") + number("kl");
            assert!((number("total") - sum).abs() < 1e-5, "{row}");
        }
    }
    assert!(!workshop.path("results/price.png").exists());
}

#[test]
fn the_priors_experiment_compares_the_distributions_of_random_latents() {
    let workshop = Workshop::new();
    write_pictures(&workshop.path("pictures"), 200, 40, 32);
    let (stdout, _) = workshop.succeed("experiment priors --quick --data pictures --runs runs --out results");
    let result: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let rows = result["rows"].as_array().unwrap();
    let kinds = ["reconstructed", "normal", "mixture", "mixture", "mixture"];
    assert_eq!(rows.len(), 1 + 2 * kinds.len());
    for of_network in rows[1..].chunks(kinds.len()) {
        let components = [None, None, Some(1), Some(10), Some(50)];
        for ((row, kind), components) in of_network.iter().zip(kinds).zip(components) {
            assert_eq!(
                (&row["kind"], row["components"].as_u64()),
                (&kind.into(), components)
            );
            assert!(
                row["frechet"].as_f64().unwrap() > 0.0 && row["nearest"].as_f64().unwrap() > 0.0,
                "{row}"
            );
            assert_eq!(row["log_density"].is_f64(), components.is_some(), "{row}");
        }
    }
    let sheet = image::open(workshop.path("results/priors.png")).unwrap();
    assert_eq!(sheet.height(), (1 + 2 * 4) * 28);
}

#[test]
fn an_experiment_without_its_data_says_what_is_missing() {
    let message = Workshop::new().fail("experiment few-cats --quick --runs runs --out results");
    assert!(message.contains("cats/images"), "{message}");
}
