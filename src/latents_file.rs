//! `LatentsFile`: stored codes of real pictures, with their labels, in the same container as a model file.

use std::borrow::Cow;

use crate::{
    container::{Container, Dtype, Stored, write},
    engine::latent_count,
    error::{Result, invalid_file},
    text::list,
};

/// The `format` of a latents file.
const FORMAT: &str = "latent-lab-latents/1";

/// n codes of one model: tensors `mean`, f16 or f32 `[n, latent]`, and `label`, u8 `[n]`.
#[derive(Clone, Debug, PartialEq)]
pub struct LatentsFile {
    /// Latent dimensions.
    pub latent: usize,
    /// `[n, latent]`, finite.
    pub mean: Vec<f32>,
    /// `[n]`, or empty when the pictures have no labels.
    pub labels: Vec<u8>,
    /// The name of the model they belong to.
    pub model: String,
}

impl LatentsFile {
    /// Reads and checks a latents file.
    ///
    /// # Errors
    /// `ModelFile` when the bytes are cut off, have another format, or contradict themselves;
    /// `Argument` when there is no code; `NotFinite` when a value is.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let container = Container::read("latents file", FORMAT, bytes)?;
        let mean = container
            .find("mean")
            .ok_or_else(|| invalid_file("the latents file has no tensor mean"))?;
        let [count, latent] = mean.shape[..] else {
            return Err(invalid_file(format!(
                "mean must have shape [n, latent], got {}",
                list(&mean.shape)
            )));
        };
        let values = mean.floats()?;
        // At least 1: a latent without dimensions has no values either, which are refused next.
        latent_count(latent.max(1), &values)?;
        let labels = match container.find("label") {
            None => Vec::new(),
            Some(label) if label.dtype == Dtype::U8 && label.shape == [count] => label.bytes.to_vec(),
            Some(label) => {
                return Err(invalid_file(format!(
                    "label must be U8 with shape [{count}], got {} {}",
                    label.dtype.name(),
                    list(&label.shape)
                )));
            }
        };
        Ok(Self {
            latent,
            mean: values,
            labels,
            model: container.text("model").unwrap_or_default().into(),
        })
    }

    /// The file's bytes, with the codes in f16, which is good to three digits.
    pub fn to_bytes(&self) -> Vec<u8> {
        let count = self.mean.len() / self.latent;
        let mut tensors = vec![Stored::f16("mean".into(), &[count, self.latent], &self.mean)];
        if !self.labels.is_empty() {
            tensors.push(Stored {
                name: "label".into(),
                dtype: Dtype::U8,
                shape: vec![self.labels.len()],
                bytes: Cow::Borrowed(&self.labels),
            });
        }
        write(&[("format", FORMAT), ("model", &self.model)], tensors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn file() -> LatentsFile {
        LatentsFile {
            latent: 2,
            mean: vec![0.5, -1.25, 3.0, 0.0, 1.0, -0.125],
            labels: vec![7, 2, 1],
            model: "map".into(),
        }
    }

    #[test]
    fn codes_are_read_back_in_half_precision_with_and_without_labels() {
        let mut file = file();
        assert_eq!(LatentsFile::from_bytes(&file.to_bytes()).unwrap(), file);
        file.labels.clear();
        assert_eq!(LatentsFile::from_bytes(&file.to_bytes()).unwrap(), file);
        file.mean[0] = 0.1;
        let back = LatentsFile::from_bytes(&file.to_bytes()).unwrap().mean[0];
        // f16 keeps 11 bits.
        assert!((back - 0.1).abs() <= 0.1 / 2048.0, "{back}");
    }

    #[test]
    fn codes_that_contradict_their_labels_or_are_not_finite_are_refused() {
        let mut file = file();
        file.labels.pop();
        let message = LatentsFile::from_bytes(&file.to_bytes()).unwrap_err().to_string();
        assert_eq!(message, "label must be U8 with shape [3], got U8 [2]");
        file.labels.clear();
        file.mean[3] = f32::NAN;
        let error = LatentsFile::from_bytes(&file.to_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFinite);
        file.mean.clear();
        assert!(LatentsFile::from_bytes(&file.to_bytes()).is_err());
    }
}
