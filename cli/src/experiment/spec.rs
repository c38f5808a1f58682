//! The networks of each experiment, and how to train them.

use std::path::Path;

use latent_lab::{Kind, LayerConfig, Likelihood, ModelConfig};

use crate::args::{ExperimentArgs, ExperimentName};

const CATS: &str = "cats/images";

/// Pictures in a training step.
pub(super) const BATCH: usize = 64;

/// An experiment on few cats has 150 of them, and each is seen 300 times: 30 epochs of 10 augmentations each.
const FEW: &str = "--augment flip,rotate=10,shift=0.1,zoom=0.1 --limit 150";
const SEEN: usize = 300;
const QUICK_FEW: &str = "--augment flip,rotate=10,shift=0.1,zoom=0.1 --limit 12";

/// Options that trained the model `cats-blurred`, without the number of epochs; and the same for few cats.
const LIKE_CATS: &str = "--beta 0.03 --kl-warmup 10 --average 0.999 --augment flip";
const FEW_LIKE_CATS: &str =
    "--beta 0.03 --kl-warmup 10 --average 0.999 --augment flip,rotate=10,shift=0.1,zoom=0.1 --limit 150";

/// The same pictures for longer, and more pictures for about as many steps: 13 epochs of 4,333 cats are 884
/// steps where `SEEN` epochs of 150 are 900, and 2,720 epochs of 150 are the 8,160 steps of `cats-blurred`.
/// The warm-ups have as many steps too.
const AS_BRIEFLY_AS_FEW: usize = 13;
const MANY_LIKE_FEW: &str =
    "--beta 0.03 --kl-warmup 0.44 --average 0.999 --augment flip,rotate=10,shift=0.1,zoom=0.1";
const AS_LONG_AS_MANY: usize = 2720;
const FEW_LIKE_MANY: &str =
    "--beta 0.03 --kl-warmup 227 --average 0.999 --augment flip,rotate=10,shift=0.1,zoom=0.1 --limit 150";

/// Seeds of the networks that are compared for their layers.
const SEEDS: [u64; 3] = [1, 2, 3];

/// The networks and the data of an experiment, or of one of its parts.
pub(super) struct Spec {
    /// Empty if it is the only part.
    pub(super) part: String,
    data: String,
    offline: bool,
    pub(super) rows: Vec<Row>,
    /// Numbers of principal components to measure beside the networks.
    pub(super) components: Vec<usize>,
}

/// One network of an experiment.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) config: ModelConfig,
    /// A model that the project ships: nothing is trained, except in the quick form.
    pub(super) shipped: Option<&'static str>,
    epochs: usize,
    /// Rows with one label and several seeds are measured together.
    pub(super) seed: u64,
    /// Options of `train` beside those of all rows.
    options: &'static str,
}

/// The command line that reproduces all of it.
pub(super) fn command(args: &ExperimentArgs) -> Vec<String> {
    let mut command = words("latent-lab experiment");
    command.push(args.name.as_str().into());
    if args.quick {
        command.push("--quick".into());
    }
    command
}

/// The parts of an experiment.
pub(super) fn specs(args: &ExperimentArgs) -> Vec<Spec> {
    let mut specs = match args.name {
        ExperimentName::FewCats => {
            let mut color = cats(128);
            color.image.channels = 3;
            vec![few(vec![
                row("gray", cats(128), SEEN, FEW),
                row("color", color, SEEN, FEW),
            ])]
        }
        ExperimentName::CatSizes => {
            let sizes = [64, 128, 256, 512, 1024];
            vec![few(sizes
                .map(|latent| row(&latent.to_string(), cats(latent), SEEN, FEW))
                .into())]
        }
        ExperimentName::DigitSizes => {
            let sizes = [2, 4, 8, 16, 32, 64, 128];
            let rows = sizes.map(|latent| row(&latent.to_string(), digits(latent), 3, ""));
            let mut spec = spec("", "mnist", rows.into());
            spec.components = sizes.into();
            vec![spec]
        }
        ExperimentName::Architectures => vec![few(architectures())],
        ExperimentName::RandomLatents => vec![
            spec("digits", "mnist", both_digits()),
            spec(
                "cats",
                CATS,
                vec![
                    shipped("vae", "cats-blurred", color_cats(Kind::Variational)),
                    row("plain", color_cats(Kind::Autoencoder), 60, LIKE_CATS),
                ],
            ),
        ],
        ExperimentName::Priors => vec![spec("", "mnist", both_digits())],
        ExperimentName::Interpolation => vec![
            spec("digits", "mnist", both_digits()),
            spec(
                "cats",
                CATS,
                // The first one has all pictures, from which the classifier learns too.
                vec![
                    shipped("many", "cats-blurred", color_cats(Kind::Variational)),
                    row("few", color_cats(Kind::Variational), SEEN, FEW_LIKE_CATS),
                    row(
                        "many-briefly",
                        color_cats(Kind::Variational),
                        AS_BRIEFLY_AS_FEW,
                        MANY_LIKE_FEW,
                    ),
                    row(
                        "few-longer",
                        color_cats(Kind::Variational),
                        AS_LONG_AS_MANY,
                        FEW_LIKE_MANY,
                    ),
                ],
            ),
        ],
        ExperimentName::CatDetail => {
            let cats = shipped("cats", "cats-blurred", color_cats(Kind::Variational));
            let mut spec = spec("", CATS, vec![cats]);
            spec.components = vec![128];
            vec![spec]
        }
        ExperimentName::SharpCats => {
            let rows =
                ["cats-blurred", "cats"].map(|name| shipped(name, name, color_cats(Kind::Variational)));
            let mut spec = spec("", CATS, rows.into());
            spec.components = vec![128];
            vec![spec]
        }
        ExperimentName::Price => vec![
            spec(
                "digits",
                "mnist",
                ["digits", "digits-plain", "map"]
                    .map(|name| shipped(name, name, preset(name)))
                    .into(),
            ),
            spec(
                "fashion",
                "fashion-mnist",
                vec![shipped("fashion", "fashion", preset("digits"))],
            ),
        ],
    };
    for spec in &mut specs {
        spec.offline = args.offline;
        if let Some(data) = &args.data {
            spec.data.clone_from(data);
        }
        if args.quick {
            spec.shrink();
        }
    }
    specs
}

fn spec(part: &str, data: &str, rows: Vec<Row>) -> Spec {
    Spec {
        part: part.into(),
        data: data.into(),
        offline: false,
        rows,
        components: Vec::new(),
    }
}

fn few(rows: Vec<Row>) -> Spec {
    spec("", CATS, rows)
}

fn row(label: &str, config: ModelConfig, epochs: usize, options: &'static str) -> Row {
    Row {
        label: label.into(),
        config,
        shipped: None,
        epochs,
        seed: 1,
        options,
    }
}

fn shipped(label: &str, name: &'static str, config: ModelConfig) -> Row {
    Row {
        shipped: Some(name),
        ..row(label, config, 1, "")
    }
}

impl Spec {
    /// The same on a few small pictures, which takes seconds instead of hours: it shows that all parts work, but its results mean
    /// nothing.
    fn shrink(&mut self) {
        const SIDE: usize = 16;
        self.rows.retain(|row| row.seed <= 2);
        for row in &mut self.rows {
            row.epochs = 2;
            row.shipped = None;
            row.options = if row.options.contains("--limit") {
                QUICK_FEW
            } else {
                "--limit 200"
            };
            // Digits come as they are; a folder's pictures fit any size.
            if row.config.image.height > 28 {
                row.config.image.height = SIDE;
                row.config.image.width = SIDE;
            }
            row.config.latent = row.config.latent.div_ceil(8);
        }
        self.components.retain(|&components| components <= 16);
    }

    /// The name of a row's files.
    pub(super) fn name(&self, row: &Row) -> String {
        let label = match row.seed {
            1 => row.label.clone(),
            seed => format!("{}-seed{seed}", row.label),
        };
        match self.part.as_str() {
            "" => label,
            part => format!("{part}-{label}"),
        }
    }

    /// The command of a row.
    pub(super) fn train_command(&self, row: &Row, folder: &Path) -> Vec<String> {
        let file = |ending: &str| {
            folder
                .join(format!("{}.{ending}", self.name(row)))
                .display()
                .to_string()
        };
        let mut line = words("latent-lab train --data");
        line.push(self.data.clone());
        line.extend([
            "--config".into(),
            file("config.json"),
            "--out".into(),
            file("safetensors"),
        ]);
        line.extend(["--epochs".into(), row.epochs.to_string()]);
        line.extend(["--batch".into(), BATCH.to_string()]);
        line.extend(["--seed".into(), row.seed.to_string()]);
        line.extend(words("--eval-every 0"));
        line.extend(words(row.options));
        if self.offline {
            line.push("--offline".into());
        }
        line
    }
}

/// Cats in gray, as the article's network takes them.
fn cats(latent: usize) -> ModelConfig {
    ModelConfig {
        latent,
        ..preset("article")
    }
}

/// Cats in color, as the shipped model takes them.
fn color_cats(kind: Kind) -> ModelConfig {
    ModelConfig {
        kind,
        latent: 128,
        ..preset("cats")
    }
}

/// The shipped models of digits: one network of two kinds.
fn both_digits() -> Vec<Row> {
    vec![
        shipped("vae", "digits", preset("digits")),
        shipped("plain", "digits-plain", preset("digits-plain")),
    ]
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn preset(name: &str) -> ModelConfig {
    ModelConfig::preset(name).expect("a preset of the core")
}

/// A plain autoencoder with squared error, so that its line can be compared with that of principal components.
fn digits(latent: usize) -> ModelConfig {
    ModelConfig {
        latent,
        kind: Kind::Autoencoder,
        likelihood: Likelihood::Gaussian,
        ..preset("digits")
    }
}

/// Networks of three to five layers for gray cats, latent 128. The short training is repeated from several seeds, whose spread
/// shows which differences mean something; the shallowest and the deepest network also get a longer one.
fn architectures() -> Vec<Row> {
    let short = [
        ("three-layers", gray_cats(&[(32, 3), (64, 3), (128, 3)])),
        ("three-layers-kernel-5", gray_cats(&[(32, 5), (64, 5), (128, 5)])),
        ("four-layers", gray_cats(&[(32, 3), (64, 3), (128, 3), (256, 3)])),
        ("five-layers-mixed", preset("article")),
    ];
    let longer = ["three-layers", "five-layers-mixed"];
    let mut rows = Vec::new();
    for (label, config) in &short {
        rows.extend(SEEDS.map(|seed| Row {
            seed,
            ..row(label, config.clone(), SEEN / 3, FEW)
        }));
    }
    for (label, config) in short.into_iter().filter(|(label, _)| longer.contains(label)) {
        rows.push(row(&format!("{label}-longer"), config, SEEN, FEW));
    }
    rows
}

/// The network of the article with other layers, all of stride 2.
fn gray_cats(filters_and_kernels: &[(usize, usize)]) -> ModelConfig {
    let layers = filters_and_kernels.iter().map(|&(filters, kernel)| LayerConfig {
        filters,
        kernel,
        stride: 2,
    });
    ModelConfig {
        layers: layers.collect(),
        ..preset("article")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_a_spec_has_separate_files() {
        let spec = few(architectures());
        let mut names: Vec<String> = spec.rows.iter().map(|row| spec.name(row)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 14);
    }
}
