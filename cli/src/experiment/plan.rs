//! Which networks each experiment trains, and how.

use std::path::Path;

use latent_lab::{ImageShape, Kind, LayerConfig, Likelihood, ModelConfig};

use crate::args::{ExperimentArgs, ExperimentName};

/// Pictures of an experiment on few cats, and how often each is seen: 30 epochs of 10 augmentations each.
const FEW: usize = 150;
const SEEN: usize = 300;

/// An experiment: what is trained, on what.
pub(super) struct Plan {
    /// What a person types to have all of it.
    pub(super) command: Vec<String>,
    data: String,
    offline: bool,
    /// Options of `train` that all rows share.
    options: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// Numbers of principal components to measure beside the networks.
    pub(super) components: Vec<usize>,
}

/// One network of an experiment.
pub(super) struct Row {
    /// Also the name of its files.
    pub(super) label: String,
    pub(super) config: ModelConfig,
    epochs: usize,
}

impl Plan {
    pub(super) fn new(args: &ExperimentArgs) -> Self {
        let cats = |latent: usize| ModelConfig {
            latent,
            ..preset("article")
        };
        let row = |label: &str, config: ModelConfig, epochs: usize| Row {
            label: label.into(),
            config,
            epochs,
        };
        let mut components = Vec::new();
        let (data, rows) = match args.name {
            ExperimentName::FewCats => {
                let mut color = cats(128);
                color.image.channels = 3;
                (
                    "cats/images",
                    vec![row("gray", cats(128), SEEN), row("color", color, SEEN)],
                )
            }
            ExperimentName::CatSizes => {
                let sizes = [64, 128, 256, 512, 1024];
                let rows = sizes.map(|latent| row(&latent.to_string(), cats(latent), SEEN));
                ("cats/images", rows.into())
            }
            ExperimentName::DigitSizes => {
                let sizes = [2, 4, 8, 16, 32, 64, 128];
                components = sizes.into();
                let rows = sizes.map(|latent| row(&latent.to_string(), digits(latent), 10));
                ("mnist", rows.into())
            }
            ExperimentName::Architectures => ("cats/images", architectures(row)),
        };
        let mut plan = Self {
            command: vec![
                "latent-lab".into(),
                "experiment".into(),
                args.name.as_str().into(),
            ],
            data: args.data.clone().unwrap_or_else(|| data.into()),
            offline: args.offline,
            options: words("--batch 64 --seed 1 --eval-every 0"),
            rows,
            components,
        };
        if args.name != ExperimentName::DigitSizes {
            plan.options
                .extend(words("--augment flip,rotate=10,shift=0.1,zoom=0.1 --limit"));
            plan.options.push(FEW.to_string());
        }
        if args.quick {
            plan.shrink();
        }
        plan
    }

    /// The same experiment on a few small pictures, for seconds instead of hours: it shows that all parts work, not what comes
    /// out.
    fn shrink(&mut self) {
        const SIDE: usize = 16;
        self.command.push("--quick".into());
        for row in &mut self.rows {
            row.epochs = 2;
            // Digits come as they are; a folder's pictures fit any size.
            if row.config.image.height > 28 {
                row.config.image.height = SIDE;
                row.config.image.width = SIDE;
            }
            row.config.latent = row.config.latent.div_ceil(8);
        }
        self.components.retain(|&components| components <= 16);
        match self.options.iter().position(|option| option == "--limit") {
            Some(at) => self.options[at + 1] = "12".into(),
            None => self.options.extend(words("--limit 200")),
        }
    }

    /// The command of a row.
    pub(super) fn train_command(&self, row: &Row, folder: &Path) -> Vec<String> {
        let file = |ending: &str| {
            folder
                .join(format!("{}.{ending}", row.label))
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
        line.extend(self.options.clone());
        if self.offline {
            line.push("--offline".into());
        }
        line
    }
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

/// Networks of three to five layers for gray cats, latent 128.
fn architectures(row: impl Fn(&str, ModelConfig, usize) -> Row) -> Vec<Row> {
    let network = |layers: &[(usize, usize, usize)]| ModelConfig {
        image: ImageShape {
            channels: 1,
            height: 64,
            width: 64,
        },
        layers: layers
            .iter()
            .map(|&(filters, kernel, stride)| LayerConfig {
                filters,
                kernel,
                stride,
            })
            .collect(),
        latent: 128,
        kind: Kind::Autoencoder,
        likelihood: Likelihood::Gaussian,
    };
    vec![
        row(
            "three-layers",
            network(&[(32, 3, 2), (64, 3, 2), (128, 3, 2)]),
            SEEN,
        ),
        row(
            "three-layers-kernel-5",
            network(&[(32, 5, 2), (64, 5, 2), (128, 5, 2)]),
            SEEN,
        ),
        row(
            "four-layers",
            network(&[(32, 3, 2), (64, 3, 2), (128, 3, 2), (256, 3, 2)]),
            SEEN,
        ),
        row("five-layers-mixed", preset("article"), SEEN),
        row("five-layers-mixed-longer", preset("article"), 3 * SEEN),
    ]
}
