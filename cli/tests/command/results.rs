//! The tables in `docs/experiments.md` match the committed results.

use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf};

use serde_json::Value;

fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Committed results by name.
fn results() -> BTreeMap<String, Value> {
    fs::read_dir(repository("www/results"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| {
            let value: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), value)
        })
        .collect()
}

/// A number with `count` decimals, or a dash if it is missing.
fn digits(value: &Value, count: usize) -> String {
    match value.as_f64() {
        Some(number) => format!("{number:.count$}"),
        None => "–".into(),
    }
}

fn minutes(row: &Value) -> String {
    digits(&(row["seconds"].as_f64().unwrap_or(f64::NAN) / 60.0).into(), 0)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "–".into(),
        number => number.to_string(),
    }
}

fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows {
        writeln!(table, "| {} |", row.join(" | ")).unwrap();
    }
    table
}

fn rows(value: &Value) -> impl Iterator<Item = &Value> {
    value["rows"].as_array().expect("there are rows").iter()
}

/// The document's table for one result.
fn shown(name: &str, result: &Value) -> String {
    let parts = ["digits", "cats"].map(|part| (part, &result[part]));
    match name {
        "digit-sizes" => {
            let components = result["principal_components"].as_array().unwrap();
            table(
                &[
                    "latent",
                    "MSE",
                    "MSE of as many principal components",
                    "PSNR, dB",
                    "SSIM",
                    "minutes",
                ],
                rows(result).zip(components).map(|(row, pca)| {
                    assert_eq!(row["latent"], pca["components"]);
                    vec![
                        text(&row["latent"]),
                        digits(&row["mse"], 4),
                        digits(&pca["mse"], 4),
                        digits(&row["psnr"], 2),
                        digits(&row["ssim"], 3),
                        minutes(row),
                    ]
                }),
            )
        }
        "random-latents" => table(
            &["", "network", "pictures", "Fréchet distance", "clear"],
            parts.iter().flat_map(|(part, result)| {
                rows(result).map(|row| {
                    vec![
                        (*part).into(),
                        text(&row["label"]),
                        text(&row["kind"]),
                        digits(&row["frechet"], 2),
                        digits(&row["clear"], 3),
                    ]
                })
            }),
        ),
        "interpolation" => table(
            &[
                "",
                "network",
                "path",
                "MSE, ends",
                "unevenness",
                "largest step",
                "clear",
                "Fréchet distance, ends",
                "middles",
            ],
            parts.iter().flat_map(|(part, result)| {
                rows(result).map(|row| {
                    vec![
                        (*part).into(),
                        text(&row["label"]),
                        text(&row["way"]),
                        digits(&row["mse_of_ends"], 4),
                        digits(&row["unevenness"], 3),
                        digits(&row["largest_step"], 2),
                        digits(&row["clear"], 3),
                        digits(&row["frechet_of_ends"], 2),
                        digits(&row["frechet_of_middles"], 2),
                    ]
                })
            }),
        ),
        "cat-detail" => table(
            &["", "MSE", "gradient, %", "variance of the Laplacian, %"],
            rows(result).map(|row| {
                vec![
                    text(&row["label"]),
                    digits(&row["mse"], 4),
                    digits(&row["gradient"], 1),
                    digits(&row["laplacian_variance"], 1),
                ]
            }),
        ),
        "sharp-cats" => table(
            &[
                "",
                "MSE",
                "Laplacian, %: reconstructions",
                "middles",
                "random",
                "told apart: reconstructions",
                "random",
                "precision",
                "recall",
                "largest step",
            ],
            rows(result).map(|row| {
                let laplacian = |set: &str| digits(&row["sharpness_percent"][set]["laplacian_variance"], 1);
                vec![
                    text(&row["label"]),
                    digits(&row["mse"], 4),
                    laplacian("reconstructions"),
                    laplacian("middles"),
                    laplacian("random"),
                    digits(&row["told_apart"]["reconstructions"], 2),
                    digits(&row["told_apart"]["random"], 2),
                    digits(&row["precision"], 2),
                    digits(&row["recall"], 2),
                    digits(&row["largest_step"], 2),
                ]
            }),
        ),
        "priors" => table(
            &[
                "network",
                "random latents",
                "components",
                "log density",
                "Fréchet distance",
                "clear",
                "nearest",
            ],
            rows(result).map(|row| {
                vec![
                    text(&row["label"]),
                    text(&row["kind"]),
                    text(&row["components"]),
                    digits(&row["log_density"], 2),
                    digits(&row["frechet"], 2),
                    digits(&row["clear"], 3),
                    digits(&row["nearest"], 4),
                ]
            }),
        ),
        "paths" => table(
            &[
                "network",
                "path",
                "pairs",
                "mean step",
                "largest step",
                "clear",
                "typical",
            ],
            rows(result).map(|row| {
                vec![
                    text(&row["model"]),
                    text(&row["way"]),
                    text(&row["pairs"]),
                    digits(&row["mean_step"], 2),
                    digits(&row["largest_step"], 2),
                    digits(&row["clear"], 3),
                    digits(&row["typical"], 3),
                ]
            }),
        ),
        "attribute-vectors" => table(
            &[
                "example",
                "network",
                "examples",
                "explained along the direction",
                "by all numbers",
                "examples left out once: explained",
                "on their own side",
            ],
            rows(result).map(|row| {
                vec![
                    text(&row["label"]),
                    text(&row["model"]),
                    text(&row["examples"]),
                    digits(&row["along"], 2),
                    digits(&row["all"], 2),
                    digits(&row["left_out_share"], 2),
                    text(&row["right"]),
                ]
            }),
        ),
        "price" => table(
            &[
                "network",
                "entropy of the targets",
                "reconstruction above it",
                "KL",
                "-ELBO above it",
            ],
            ["digits", "fashion"].iter().flat_map(|part| {
                let result = &result[*part];
                rows(result).map(|row| {
                    vec![
                        text(&row["label"]),
                        digits(&result["target_entropy"], 2),
                        digits(&row["reconstruction_above_entropy"], 2),
                        digits(&row["kl"], 2),
                        digits(&row["total_above_entropy"], 2),
                    ]
                })
            }),
        ),
        "architectures" => table(
            &[
                "network",
                "parameters",
                "epochs",
                "MSE, mean",
                "lowest",
                "highest",
                "PSNR, dB",
                "SSIM",
                "minutes",
            ],
            rows(result).map(|row| {
                vec![
                    text(&row["label"]),
                    text(&row["parameters"]),
                    text(&row["epochs"]),
                    digits(&row["mse"], 4),
                    digits(&row["mse_lowest"], 4),
                    digits(&row["mse_highest"], 4),
                    digits(&row["psnr"], 2),
                    digits(&row["ssim"], 3),
                    minutes(row),
                ]
            }),
        ),
        _ => table(
            &[
                "network",
                "parameters",
                "epochs",
                "MSE",
                "PSNR, dB",
                "SSIM",
                "minutes",
            ],
            rows(result).map(|row| {
                vec![
                    text(&row["label"]),
                    text(&row["parameters"]),
                    text(&row["epochs"]),
                    digits(&row["mse"], 4),
                    digits(&row["psnr"], 2),
                    digits(&row["ssim"], 3),
                    minutes(row),
                ]
            }),
        ),
    }
}

#[test]
fn the_document_shows_how_random_cats_change_with_the_temperature() {
    let document = fs::read_to_string(repository("docs/experiments.md")).unwrap();
    let measured = &results()["sharp-cats"]["temperatures"];
    let rows = measured.as_array().unwrap().iter().map(|row| {
        vec![
            text(&row["temperature"]),
            digits(&row["laplacian_variance"], 1),
            digits(&row["told_apart"], 2),
            digits(&row["precision"], 2),
            digits(&row["recall"], 2),
        ]
    });
    let head = ["temperature", "Laplacian, %", "told apart", "precision", "recall"];
    let expected = table(&head, rows);
    assert!(
        document.contains(&expected),
        "docs/experiments.md lacks\n\n{expected}"
    );
}

#[test]
fn the_document_compares_the_middles_of_cats_on_both_paths() {
    let document = fs::read_to_string(repository("docs/experiments.md")).unwrap();
    let results = results();
    let measured = rows(&results["sharp-cats"]).filter(|row| row["middles"].is_object());
    let lines = measured.map(|row| {
        let of = |path: &str, measure: &str, places| digits(&row["middles"][path][measure], places);
        vec![
            text(&row["label"]),
            of("arc", "laplacian_variance", 1),
            of("geodesic", "laplacian_variance", 1),
            of("arc", "told_apart", 2),
            of("geodesic", "told_apart", 2),
        ]
    });
    let head = ["", "Laplacian, %: arc", "geodesic", "told apart: arc", "geodesic"];
    let expected = table(&head, lines);
    assert!(
        document.contains(&expected),
        "docs/experiments.md lacks\n\n{expected}"
    );
}

#[test]
fn the_document_shows_the_committed_results() {
    let document = fs::read_to_string(repository("docs/experiments.md")).unwrap();
    let results = results();
    assert!(!results.is_empty());
    for (name, result) in results {
        assert_eq!(result["quick"], false, "{name} is the quick form");
        let command = result["command"].as_str().unwrap();
        assert!(document.contains(command), "docs/experiments.md lacks {command}");
        let expected = shown(&name, &result);
        assert!(
            document.contains(&expected),
            "docs/experiments.md lacks the table of {name}:\n\n{expected}"
        );
        let sheets = fs::read_dir(repository("www/results")).unwrap();
        let has_sheet = sheets.into_iter().any(|entry| {
            let file = entry.unwrap().file_name().into_string().unwrap();
            file.starts_with(&name) && file.ends_with(".png")
        });
        assert_eq!(
            has_sheet,
            !["price", "attribute-vectors", "paths"].contains(&name.as_str()),
            "pictures of {name}"
        );
    }
}
