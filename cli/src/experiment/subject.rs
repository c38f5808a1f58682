//! The data, networks and judge shared by the experiments about the space between pictures.

use anyhow::Result;
use latent_lab::{CpuEngine, Engine, Geodesics, Images, ModelFile, Prior, path_frames, pixels_from_bytes};
use nalgebra::DMatrix;
use serde_json::{Value, json};

use super::{
    Runs,
    frechet::frechet_distance,
    spec::{Row, Spec},
};
use crate::{
    card,
    classifier::{Classes, Classifier},
    data::Split,
};

/// Largest size of a set that is compared with another.
const MOST: usize = 10_000;

/// Number of pictures that an engine takes at once.
const AT_ONCE: usize = 100;

/// A picture is clear to the classifier if its likeliest class has at least this probability.
pub(super) const CLEAR: f32 = 0.9;

/// Times that the classifier sees each picture: enough to tell digits and cats apart.
const EPOCHS: u64 = 12;

/// The networks that an experiment measures, with its pictures and its judge.
pub(super) struct Subject {
    /// One for each row of the spec.
    pub(super) networks: Vec<Network>,
    /// All training and test pictures of the spec's first row.
    pub(super) training: Images,
    pub(super) test: Images,
    pub(super) judge: Judge,
}

impl Subject {
    /// Trains missing models; `None` after Ctrl-C.
    pub(super) fn new(spec: &Spec, runs: &Runs) -> Result<Option<Self>> {
        let Some(networks) = Network::all(spec, runs)? else {
            return Ok(None);
        };
        let row = &spec.rows[0];
        let training = runs.load(spec, row, Split::Train)?;
        let test = runs.load(spec, row, Split::Test)?;
        say!("a classifier");
        Ok(Some(Self {
            judge: Judge::new(&training, &test),
            networks,
            training,
            test,
        }))
    }
}

/// Judges pictures of one data set by a classifier.
pub(super) struct Judge {
    classifier: Classifier,
    /// Features of real pictures, the reference for all others.
    reference: DMatrix<f64>,
    accuracy: f64,
}

impl Judge {
    /// Trained on the training pictures; the first of them are the reference, as many as there are others left to compare real
    /// pictures with real ones.
    fn new(training: &Images, test: &Images) -> Self {
        let classifier = Classifier::train(training, EPOCHS);
        let count = (training.len() / 2).clamp(1, MOST);
        let reference = classifier.features(&pixels_from_bytes(training.first(count).pixels()));
        let accuracy = classifier.accuracy(test);
        Self {
            classifier,
            reference,
            accuracy,
        }
    }

    /// Number of pictures in a set that is compared with the reference.
    pub(super) fn count(&self) -> usize {
        self.reference.ncols()
    }

    /// Real pictures that are not in the reference, `[count]`.
    pub(super) fn real(&self, training: &Images) -> Vec<f32> {
        let values = self.count() * training.shape().len();
        pixels_from_bytes(&training.pixels()[values..2 * values])
    }

    /// Its classes and its accuracy, for readers of the result.
    pub(super) fn describe(&self) -> Value {
        json!({
            "classes": match self.classifier.classes() {
                Classes::Labels(count) => format!("{count} labels"),
                Classes::QuarterTurns => "4 quarter turns".into(),
            },
            "accuracy": card::rounded(self.accuracy),
        })
    }

    /// Distance of pictures from the reference and, if the classes are those of the data, the share of clear ones.
    pub(super) fn judge(&self, pictures: &[f32]) -> Value {
        let distance = frechet_distance(&self.reference, &self.classifier.features(pictures));
        let mut value = json!({"frechet": card::rounded(distance)});
        if let Some(clear) = self.clear(pictures) {
            value["clear"] = card::rounded(clear).into();
        }
        value
    }

    /// A row of the result: `about` a network, the kind of its pictures, and the judge's measurements of them.
    pub(super) fn row(&self, about: &Value, kind: &str, pictures: &[f32]) -> Value {
        let mut row = about.clone();
        row["kind"] = kind.into();
        let judged = self.judge(pictures);
        for (name, number) in judged.as_object().expect("it is made as one") {
            row[name] = number.clone();
        }
        row
    }

    /// Share of the pictures that are clearly of one class; `None` if the classes are orientations of a picture.
    pub(super) fn clear(&self, pictures: &[f32]) -> Option<f64> {
        let certainty = self.classifier.certainty(pictures);
        let clear = certainty.iter().filter(|&&most| most >= CLEAR).count();
        (self.classifier.classes() != Classes::QuarterTurns).then(|| clear as f64 / certainty.len() as f64)
    }
}

/// A trained network with its engine.
pub(super) struct Network {
    pub(super) latent: usize,
    pub(super) about: Value,
    engine: CpuEngine,
    prior: Option<Prior>,
}

impl Network {
    /// All networks of a spec; `None` after Ctrl-C.
    fn all(spec: &Spec, runs: &Runs) -> Result<Option<Vec<Self>>> {
        let mut networks = Vec::new();
        for row in &spec.rows {
            match runs.trained(spec, row)? {
                Some(model) => networks.push(Self::new(row, &model)?),
                None => return Ok(None),
            }
        }
        Ok(Some(networks))
    }

    fn new(row: &Row, model: &ModelFile) -> Result<Self> {
        Ok(Self {
            latent: model.config.latent,
            about: json!({
                "label": row.label,
                "network": card::network(&model.config),
                "epochs": model.card.epochs,
                "seed": model.card.seed,
                "command": model.card.command,
            }),
            engine: CpuEngine::new(&model.config, &model.weights)?,
            prior: model.prior.clone(),
        })
    }

    /// Means, or codes, of pictures with values 0 to 1: `[n, latent]`.
    pub(super) fn encode(&mut self, pictures: &[f32], size: usize) -> Result<Vec<f32>> {
        let mut codes = Vec::with_capacity(pictures.len() / size * self.latent);
        for chunk in pictures.chunks(AT_ONCE * size) {
            codes.extend(self.engine.encode(chunk)?.mean);
        }
        Ok(codes)
    }

    /// Pictures of `[n, latent]`, values 0 to 1.
    pub(super) fn decode(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        let mut pictures = Vec::new();
        for chunk in latents.chunks(AT_ONCE * self.latent) {
            pictures.extend(self.engine.decode(chunk)?);
        }
        Ok(pictures)
    }

    /// Geodesics of `frames` latents between `[pairs, 2, latent]`: `[pairs, frames, latent]`; `None` without a fitted prior.
    pub(super) fn geodesics(&mut self, ends: &[f32], frames: usize) -> Result<Option<Vec<f32>>> {
        let Some(prior) = &self.prior else {
            return Ok(None);
        };
        let geodesics = Geodesics::new(&mut self.engine, Some(prior))?;
        let mut latents = Vec::with_capacity(ends.len() / 2 * frames);
        for pair in ends.chunks(2 * self.latent) {
            let (from, to) = pair.split_at(self.latent);
            let points = geodesics.path(&mut self.engine, from, to)?;
            latents.extend(path_frames(&points, self.latent, frames));
        }
        Ok(Some(latents))
    }
}
