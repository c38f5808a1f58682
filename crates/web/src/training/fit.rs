//! A prior fitted to the codes of a run's pictures.

use latent_lab::{Error, ErrorKind, Posterior, fitted_prior};
use wasm_bindgen::prelude::*;

use crate::model::Model;

#[wasm_bindgen]
impl Model {
    /// Fits the normal distribution of codes to posteriors `[n, latent]`, as the model's prior; without log-variances, to the means
    /// alone. A saved file contains it.
    #[wasm_bindgen(js_name = fitPrior)]
    pub fn fit_prior(&mut self, mean: Vec<f32>, log_var: Option<Vec<f32>>) -> Result<(), JsError> {
        let latent = self.config.latent;
        let is_whole = !mean.is_empty() && mean.len().is_multiple_of(latent);
        if !is_whole || log_var.as_ref().is_some_and(|all| all.len() != mean.len()) {
            let message = "a prior is fitted to posteriors of the network's latent size";
            return Err(Error::new(ErrorKind::Argument, message).into());
        }
        self.prior = Some(fitted_prior(&Posterior { mean, log_var }, latent)?);
        Ok(())
    }
}
