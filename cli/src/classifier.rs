//! A small classifier, trained here: it tells whether a picture shows one clear thing, and sets of pictures are compared by its
//! features.
//!
//! Its classes are the pictures' labels. Pictures without labels are rotated by quarter turns, and the classes are the four
//! orientations (Gidaris, Singh and Komodakis 2018): telling them apart takes shapes, not colors.

use latent_lab::{ADAM_BETA_1, ADAM_BETA_2, ADAM_EPSILON, ImageShape, Images, normal_draws, shuffled};
use nalgebra::{DMatrix, DVector};

/// Size of the last hidden layer, whose values are the features.
const FEATURES: usize = 64;
const HIDDEN: usize = 256;

/// Larger pictures are halved until they are at most this wide.
const LARGEST_SIDE: usize = 32;

const BATCH: usize = 100;
const LEARNING_RATE: f32 = 1e-3;
const SLOPE: f32 = 0.1;

/// Streams of random numbers: of each layer's weights from 0 on.
const SEED: u64 = 1;

/// Three linear layers, leaky ReLU between them, softmax at the end.
pub(crate) struct Classifier {
    shape: ImageShape,
    kind: Classes,
    layers: Vec<Linear>,
}

/// The classes that it tells apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Classes {
    /// This number of labels.
    Labels(usize),
    /// Four orientations.
    QuarterTurns,
}

impl Classes {
    /// The pictures' own labels, if they have any.
    pub(crate) fn of(images: &Images) -> Self {
        match images.labels().iter().max() {
            Some(&most) => Self::Labels(usize::from(most) + 1),
            None => Self::QuarterTurns,
        }
    }

    pub(crate) fn count(self) -> usize {
        match self {
            Self::Labels(count) => count,
            Self::QuarterTurns => 4,
        }
    }
}

/// Weights `[out, in]` and bias, with Adam's two moments for each.
struct Linear {
    weight: DMatrix<f32>,
    bias: DVector<f32>,
    moments: [(DMatrix<f32>, DVector<f32>); 2],
}

impl Linear {
    /// He initialization (He et al. 2015).
    fn new(inputs: usize, outputs: usize, stream: u64) -> Self {
        let scale = (2.0 / inputs as f32).sqrt();
        let weight = DMatrix::from_vec(outputs, inputs, normal_draws(SEED, stream, inputs * outputs)) * scale;
        let bias = DVector::zeros(outputs);
        let zero = (weight.map(|_| 0.0), bias.clone());
        Self {
            weight,
            bias,
            moments: [zero.clone(), zero],
        }
    }

    fn forward(&self, inputs: &DMatrix<f32>) -> DMatrix<f32> {
        let mut outputs = &self.weight * inputs;
        for mut column in outputs.column_iter_mut() {
            column += &self.bias;
        }
        outputs
    }

    /// One step of Adam (Kingma and Ba 2014), the `step`th from 1.
    fn update(&mut self, inputs: &DMatrix<f32>, gradient: &DMatrix<f32>, step: i32) {
        let weights = gradient * inputs.transpose();
        let bias = gradient.column_sum();
        let rate = LEARNING_RATE * (1.0 - ADAM_BETA_2.powi(step)).sqrt() / (1.0 - ADAM_BETA_1.powi(step));
        let [mean, square] = &mut self.moments;
        adam(&mut self.weight, &weights, &mut mean.0, &mut square.0, rate);
        adam(&mut self.bias, &bias, &mut mean.1, &mut square.1, rate);
    }
}

fn adam<C: nalgebra::Dim, S>(
    values: &mut nalgebra::Matrix<f32, nalgebra::Dyn, C, S>,
    gradient: &nalgebra::Matrix<f32, nalgebra::Dyn, C, S>,
    mean: &mut nalgebra::Matrix<f32, nalgebra::Dyn, C, S>,
    square: &mut nalgebra::Matrix<f32, nalgebra::Dyn, C, S>,
    rate: f32,
) where
    S: nalgebra::StorageMut<f32, nalgebra::Dyn, C>,
{
    for (((value, gradient), mean), square) in values
        .iter_mut()
        .zip(gradient.iter())
        .zip(mean.iter_mut())
        .zip(square.iter_mut())
    {
        *mean += (1.0 - ADAM_BETA_1) * (gradient - *mean);
        *square += (1.0 - ADAM_BETA_2) * (gradient * gradient - *square);
        *value -= rate * *mean / (square.sqrt() + ADAM_EPSILON);
    }
}

impl Classifier {
    /// Learns the classes of `images`, each seen `epochs` times.
    pub(crate) fn train(images: &Images, epochs: u64) -> Self {
        let shape = images.shape();
        let kind = Classes::of(images);
        let inputs = reduced_len(shape);
        let sizes = [inputs, HIDDEN, FEATURES, kind.count()];
        let layers = (0..3)
            .map(|n| Linear::new(sizes[n], sizes[n + 1], n as u64))
            .collect();
        let mut classifier = Self { shape, kind, layers };
        let mut step = 0;
        for epoch in 0..epochs {
            for batch in shuffled(images.len(), SEED, epoch).chunks(BATCH) {
                step += 1;
                let (pictures, classes) = classifier.batch(images, batch, epoch as usize);
                classifier.step(&pictures, &classes, step);
            }
        }
        classifier
    }

    /// Share of `images` that it classifies correctly.
    pub(crate) fn accuracy(&self, images: &Images) -> f64 {
        let order: Vec<u32> = (0..images.len() as u32).collect();
        let mut right = 0;
        for batch in order.chunks(BATCH) {
            let (pictures, classes) = self.batch(images, batch, 0);
            let probabilities = self.outputs(&pictures).1;
            right += probabilities
                .column_iter()
                .zip(&classes)
                .filter(|(column, class)| column.argmax().0 == **class)
                .count();
        }
        right as f64 / images.len() as f64
    }

    /// Features `[FEATURES, n]` of pictures (image after image, values 0 to 1).
    pub(crate) fn features(&self, pictures: &[f32]) -> DMatrix<f64> {
        self.seen(pictures, |(features, _)| features).map(f64::from)
    }

    /// Probability of the likeliest class of each picture.
    pub(crate) fn certainty(&self, pictures: &[f32]) -> Vec<f32> {
        let probabilities = self.seen(pictures, |(_, probabilities)| probabilities);
        probabilities.column_iter().map(|column| column.max()).collect()
    }

    pub(crate) fn classes(&self) -> Classes {
        self.kind
    }

    fn seen(
        &self,
        pictures: &[f32],
        part: impl Fn((DMatrix<f32>, DMatrix<f32>)) -> DMatrix<f32>,
    ) -> DMatrix<f32> {
        let mut values = Vec::new();
        let mut rows = 0;
        for chunk in pictures.chunks(BATCH * self.shape.len()) {
            let columns = chunk.len() / self.shape.len();
            let inputs = chunk
                .chunks(self.shape.len())
                .flat_map(|one| reduced(self.shape, one));
            let inputs = DMatrix::from_iterator(reduced_len(self.shape), columns, inputs);
            let seen = part(self.outputs(&inputs));
            rows = seen.nrows();
            values.extend(seen.iter());
        }
        DMatrix::from_vec(rows, values.len().checked_div(rows).unwrap_or(0), values)
    }

    /// Features and probabilities.
    fn outputs(&self, inputs: &DMatrix<f32>) -> (DMatrix<f32>, DMatrix<f32>) {
        let hidden = leaky(self.layers[0].forward(inputs));
        let features = leaky(self.layers[1].forward(&hidden));
        let probabilities = softmax(self.layers[2].forward(&features));
        (features, probabilities)
    }

    /// Pictures as columns, and their classes; `turn` is the orientation of the first one if that is the class.
    fn batch(&self, images: &Images, indices: &[u32], turn: usize) -> (DMatrix<f32>, Vec<usize>) {
        let mut pixels = Vec::new();
        images.gather(indices, &mut pixels);
        let mut classes = Vec::new();
        let pictures = pixels
            .chunks(self.shape.len())
            .zip(indices)
            .flat_map(|(one, &at)| {
                let small = reduced(self.shape, one);
                match self.kind {
                    Classes::Labels(_) => {
                        classes.push(usize::from(images.labels()[at as usize]));
                        small
                    }
                    Classes::QuarterTurns => {
                        let quarters = (at as usize + turn) % 4;
                        classes.push(quarters);
                        (0..quarters).fold(small, |picture, _| turned(self.shape, &picture))
                    }
                }
            });
        let pictures: Vec<f32> = pictures.collect();
        (
            DMatrix::from_vec(reduced_len(self.shape), indices.len(), pictures),
            classes,
        )
    }

    /// A step on the mean cross-entropy of a batch.
    fn step(&mut self, inputs: &DMatrix<f32>, classes: &[usize], step: i32) {
        let hidden = leaky(self.layers[0].forward(inputs));
        let features = leaky(self.layers[1].forward(&hidden));
        let mut gradient = softmax(self.layers[2].forward(&features));
        for (mut column, &class) in gradient.column_iter_mut().zip(classes) {
            column[class] -= 1.0;
        }
        gradient /= classes.len() as f32;
        for (layer, outputs) in [(2, features), (1, hidden), (0, inputs.clone())] {
            let mut back = self.layers[layer].weight.tr_mul(&gradient);
            // The output of a leaky ReLU has the sign of its input.
            back.zip_apply(&outputs, |value, output| {
                *value *= if output < 0.0 { SLOPE } else { 1.0 }
            });
            self.layers[layer].update(&outputs, &gradient, step);
            gradient = back;
        }
    }
}

fn leaky(values: DMatrix<f32>) -> DMatrix<f32> {
    values.map(|value| if value < 0.0 { SLOPE * value } else { value })
}

fn softmax(mut logits: DMatrix<f32>) -> DMatrix<f32> {
    for mut column in logits.column_iter_mut() {
        let most = column.max();
        column.apply(|value| *value = (*value - most).exp());
        let sum = column.sum();
        column /= sum;
    }
    logits
}

/// How often a picture is halved.
fn halvings(shape: ImageShape) -> u32 {
    let mut side = shape.height.max(shape.width);
    let mut count = 0;
    while side > LARGEST_SIDE {
        side = side.div_ceil(2);
        count += 1;
    }
    count
}

fn reduced_len(shape: ImageShape) -> usize {
    let block = 1 << halvings(shape);
    shape.channels * shape.height.div_ceil(block) * shape.width.div_ceil(block)
}

/// Means over blocks; channel, row, column.
fn reduced(shape: ImageShape, picture: &[f32]) -> Vec<f32> {
    let block = 1 << halvings(shape);
    let (rows, columns) = (shape.height.div_ceil(block), shape.width.div_ceil(block));
    let mut small = Vec::with_capacity(reduced_len(shape));
    for plane in picture.chunks(shape.height * shape.width) {
        for place in 0..rows * columns {
            let (top, left) = (place / columns * block, place % columns * block);
            let (bottom, right) = ((top + block).min(shape.height), (left + block).min(shape.width));
            let sum: f32 = (top..bottom)
                .flat_map(|row| &plane[row * shape.width + left..row * shape.width + right])
                .sum();
            small.push(sum / ((bottom - top) * (right - left)) as f32);
        }
    }
    small
}

/// A reduced square picture, turned by a quarter.
fn turned(shape: ImageShape, picture: &[f32]) -> Vec<f32> {
    let side = shape.width.div_ceil(1 << halvings(shape));
    let turn = |plane: &[f32]| -> Vec<f32> {
        (0..side * side)
            .map(|place| plane[(side - 1 - place % side) * side + place / side])
            .collect()
    };
    picture.chunks(side * side).flat_map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(side: usize) -> ImageShape {
        ImageShape {
            channels: 1,
            height: side,
            width: side,
        }
    }

    /// Pictures with one bright row, which is their label: 8 classes.
    fn rows(count: usize) -> Images {
        let noise = normal_draws(3, 0, count * 64);
        let pixels = (0..count * 64).map(|at| {
            let (picture, row) = (at / 64, at % 64 / 8);
            (if row == picture % 8 { 150.0 } else { 40.0 } + 20.0 * noise[at]) as u8
        });
        let labels = (0..count).map(|picture| (picture % 8) as u8).collect();
        Images::new(shape(8), pixels.collect(), labels).unwrap()
    }

    #[test]
    fn labels_are_learned_and_noise_is_classified_with_low_certainty() {
        let classifier = Classifier::train(&rows(800), 5);
        assert_eq!(classifier.classes(), Classes::Labels(8));
        let accuracy = classifier.accuracy(&rows(200));
        assert!(accuracy > 0.98, "{accuracy}");
        let certainty = classifier.certainty(&vec![0.4; 64]);
        assert!(certainty[0] < 0.9, "{certainty:?}");
        assert_eq!(classifier.features(&vec![0.4; 3 * 64]).shape(), (FEATURES, 3));
    }

    #[test]
    fn without_labels_the_classes_are_quarter_turns() {
        // Pictures are bright at the top and dark at the bottom.
        let pixels: Vec<u8> = (0..400 * 64).map(|at| 200 - (at % 64 / 8 * 20) as u8).collect();
        let images = Images::new(shape(8), pixels, Vec::new()).unwrap();
        let classifier = Classifier::train(&images, 10);
        assert_eq!(classifier.classes(), Classes::QuarterTurns);
        assert_eq!(classifier.accuracy(&images), 1.0);
    }

    #[test]
    fn a_quarter_turn_moves_the_top_to_the_right_and_four_restore_the_picture() {
        let picture: Vec<f32> = (0..9).map(|value| value as f32).collect();
        let once = turned(shape(3), &picture);
        assert_eq!(once, [6.0, 3.0, 0.0, 7.0, 4.0, 1.0, 8.0, 5.0, 2.0]);
        let four = (0..3).fold(once, |picture, _| turned(shape(3), &picture));
        assert_eq!(four, picture);
    }

    #[test]
    fn large_pictures_are_reduced_to_half_their_side() {
        let picture: Vec<f32> = (0..64 * 64).map(|at| (at / 64 % 2) as f32).collect();
        let small = reduced(shape(64), &picture);
        assert_eq!(small, vec![0.5; 32 * 32]);
    }
}
