//! The same network in burn, written as plainly as burn's own examples: an independent implementation that our own engine is
//! tested against. The only module that names burn.
//!
//! [`network`] is the module, [`objective`] the losses, [`adam`] the optimizer, [`flat`] the way in
//! and out of tensors, [`device`] the devices. Every read is asynchronous, so that the same code
//! can run on a GPU in a browser.

mod adam;
#[cfg(any(feature = "burn", feature = "gpu"))]
mod blocking;
mod device;
mod flat;
mod network;
mod objective;

use ::burn::{
    module::Module,
    tensor::{Device, Tensor, TensorData, activation::sigmoid},
};

#[cfg(any(feature = "burn", feature = "gpu"))]
pub(crate) use self::blocking::Blocking;
pub use self::device::BurnDevice;
use self::{adam::Adam, network::Network};
use crate::{
    config::ModelConfig,
    engine::{self, Batch, Losses, Posterior, StepOptions, TrainingState, latent_count, picture_count},
    error::{Error, ErrorKind, Result},
    weights::Weights,
};

/// The engine on burn. Memory grows with the number of pictures in one call.
pub struct BurnEngine {
    config: ModelConfig,
    /// Without autodiff, which the network's own tensors have.
    device: Device,
    network: Network,
    adam: Adam,
}

impl BurnEngine {
    /// A network with these weights on this device.
    ///
    /// # Errors
    /// `Config`, `Weights` or `NotFinite` when they are not valid or do not fit each other.
    pub fn new(config: &ModelConfig, weights: &Weights, device: &BurnDevice) -> Result<Self> {
        config.validate()?;
        weights.check(config)?;
        let device = device.device();
        let network = Network::init(config, &device.clone().autodiff());
        let moments = || flat::upload(&Weights::zeros(config), &device);
        Ok(Self {
            config: config.clone(),
            network: flat::assign(network, flat::upload(weights, &device)),
            adam: Adam {
                first: moments(),
                second: moments(),
                step: 0,
            },
            device,
        })
    }

    /// `[n, channels, height, width]`.
    fn pictures(&self, n: usize, pixels: &[f32]) -> Tensor<4> {
        let image = self.config.image;
        let shape = [n, image.channels, image.height, image.width];
        Tensor::from_data(TensorData::new(pixels.to_vec(), shape), &self.device)
    }

    /// `[n, latent]`.
    fn latents(&self, n: usize, values: &[f32]) -> Tensor<2> {
        let shape = [n, self.config.latent];
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &self.device)
    }

    /// Logits, `[n, channels, height, width]`.
    fn logits(&self, latents: &[f32]) -> Result<Tensor<4>> {
        let n = latent_count(self.config.latent, latents)?;
        Ok(self.network.decoder.valid().forward(self.latents(n, latents)))
    }

    /// Reconstruction `[1]` and KL of each latent dimension `[1, latent]`, differentiable; a plain autoencoder has no
    /// KL.
    fn loss_parts(&self, n: usize, batch: Batch<'_>) -> (Tensor<1>, Option<Tensor<2>>) {
        let pixels = self.pictures(n, batch.pixels).autodiff();
        let noise = self.latents(n, batch.noise).autodiff();
        let (mean, log_var) = self.network.encoder.forward(pixels.clone());
        let (latents, kl) = match log_var {
            None => (mean, None),
            Some(log_var) => {
                let kl = objective::kl(mean.clone(), log_var.clone());
                (objective::sample(mean, log_var, noise), Some(kl))
            }
        };
        let logits = self.network.decoder.forward(latents);
        (
            objective::reconstruction(self.config.likelihood, logits, pixels),
            kl,
        )
    }
}

/// The methods of [`Engine`](crate::Engine) as futures: a device answers when it is done, and in a browser no thread
/// may block until then.
impl BurnEngine {
    /// The network.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// See [`Engine::encode`](crate::Engine::encode).
    ///
    /// # Errors
    /// As there, and `Engine` when the device fails; the same holds for all methods below.
    pub async fn encode(&mut self, pixels: &[f32]) -> Result<Posterior> {
        let n = picture_count(self.config.image, pixels)?;
        let (mean, log_var) = self.network.encoder.valid().forward(self.pictures(n, pixels));
        let heads = [mean].into_iter().chain(log_var);
        let mut values = flat::read(heads.map(|head| head.reshape([-1])))
            .await?
            .into_iter();
        Ok(Posterior {
            mean: finite(values.next().expect("one value list for each tensor"))?,
            log_var: values.next().map(finite).transpose()?,
        })
    }

    /// See [`Engine::decode`](crate::Engine::decode).
    ///
    /// # Errors
    /// As [`BurnEngine::encode`].
    pub async fn decode(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        let pixels = sigmoid(self.logits(latents)?);
        finite(flat::read([pixels.reshape([-1])]).await?.remove(0))
    }

    /// See [`Engine::decode_logits`](crate::Engine::decode_logits).
    ///
    /// # Errors
    /// As [`BurnEngine::encode`].
    pub async fn decode_logits(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        let logits = self.logits(latents)?;
        Ok(flat::read([logits.reshape([-1])]).await?.remove(0))
    }

    /// See [`Engine::train_step`](crate::Engine::train_step).
    ///
    /// # Errors
    /// As [`BurnEngine::encode`].
    pub async fn train_step(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Losses> {
        let n = engine::batch_count(&self.config, &batch, &options)?;
        let (reconstruction, kl) = self.loss_parts(n, batch);
        let charged = kl.clone().map(|kl| match options.free_bits {
            0.0 => kl.sum(),
            free => kl.clamp_min(free).sum(),
        });
        let parts = [Some(reconstruction.clone()), kl.map(Tensor::sum), charged.clone()];
        let total = match charged {
            None => reconstruction,
            Some(charged) => reconstruction + charged * options.beta,
        };
        let gradients = flat::gradients(&self.network, &total.backward());
        let (parameters, adam) =
            self.adam
                .stepped(flat::parameters(&self.network), gradients, options.learning_rate);

        // The step is queued before the only wait, and counts only if the loss turns out finite.
        let parts = flat::read(parts.into_iter().flatten().map(Tensor::without_autodiff)).await?;
        let losses = losses(&parts, options.beta)?;
        self.network = flat::assign(self.network.clone(), parameters);
        self.adam = adam;
        Ok(losses)
    }

    /// See [`Engine::weights`](crate::Engine::weights).
    ///
    /// # Errors
    /// As [`BurnEngine::encode`].
    pub async fn weights(&mut self) -> Result<Weights> {
        let [weights] = flat::download(&self.config, [flat::parameters(&self.network)]).await?;
        Ok(weights)
    }

    /// See [`Engine::state`](crate::Engine::state).
    ///
    /// # Errors
    /// As [`BurnEngine::encode`].
    pub async fn state(&mut self) -> Result<TrainingState> {
        let lists = [
            flat::parameters(&self.network),
            self.adam.first.clone(),
            self.adam.second.clone(),
        ];
        let [weights, first_moment, second_moment] = flat::download(&self.config, lists).await?;
        Ok(TrainingState {
            weights,
            first_moment,
            second_moment,
            step: self.adam.step,
        })
    }

    /// See [`Engine::set_state`](crate::Engine::set_state). Does not wait: later reads do.
    ///
    /// # Errors
    /// As there.
    pub fn set_state(&mut self, state: &TrainingState) -> Result<()> {
        state.check(&self.config)?;
        self.network = flat::assign(self.network.clone(), flat::upload(&state.weights, &self.device));
        self.adam = Adam {
            first: flat::upload(&state.first_moment, &self.device),
            second: flat::upload(&state.second_moment, &self.device),
            step: state.step,
        };
        Ok(())
    }
}

/// Refuses NaN and infinity from a device. Weights and inputs were finite, so only a faulty device makes them.
fn finite(values: Vec<f32>) -> Result<Vec<f32>> {
    if values.iter().all(|value| value.is_finite()) {
        return Ok(values);
    }
    Err(Error::new(
        ErrorKind::Engine,
        "the device gave values that are not finite",
    ))
}

/// Losses from the parts that were read: `[reconstruction]`, and where there is a KL, `[kl]` and `[kl with free bits]`.
fn losses(parts: &[Vec<f32>], beta: f32) -> Result<Losses> {
    let part = |at: usize| parts.get(at).map_or(0.0, |values| values[0]);
    let losses = Losses {
        reconstruction: part(0),
        kl: part(1),
        total: part(0) + beta * part(2),
    };
    if losses.total.is_finite() && losses.kl.is_finite() {
        return Ok(losses);
    }
    Err(Error::new(
        ErrorKind::NotFinite,
        format!(
            "the loss is {}: reconstruction {}, KL {}; the weights are as before",
            losses.total, losses.reconstruction, losses.kl
        ),
    ))
}
