//! The training state of an engine, tensor by tensor, for a page that keeps it outside the module: a module's memory never shrinks, so
//! it should never hold a copy of everything.

use super::{CpuEngine, training::Training};
use crate::{
    config::TensorSpec,
    engine::check_second_moment,
    error::{Error, ErrorKind, Result},
    weights::check_values,
};

/// Weights, first and second moments.
const PARTS: usize = 3;

impl CpuEngine {
    /// Passes on the values of [`TrainingState::to_flat`](crate::TrainingState::to_flat), tensor by tensor.
    pub fn flat_state(&self, mut put: impl FnMut(&[f32])) {
        let specs = self.network.config.tensors();
        let mut values = buffer(&specs);
        for part in 0..PARTS {
            let vector = match (part, &self.training) {
                (0, _) => Some(&self.parameters),
                (1, Some(training)) => Some(&training.first),
                (_, Some(training)) => Some(&training.second),
                (_, None) => None,
            };
            for (at, spec) in specs.iter().enumerate() {
                let values = &mut values[..spec.len()];
                match vector {
                    Some(vector) => self.network.gather_tensor(at, vector, values),
                    None => values.fill(0.0),
                }
                put(values);
            }
        }
    }

    /// Continues from the result of [`TrainingState::to_flat`](crate::TrainingState::to_flat), of `len` values, after
    /// `step` steps. `get` fills a slice, starting at a place.
    ///
    /// # Errors
    /// As [`TrainingState::from_flat`](crate::TrainingState::from_flat); then nothing has changed.
    pub fn set_flat_state(&mut self, len: usize, step: u64, get: impl Fn(usize, &mut [f32])) -> Result<()> {
        let specs = self.network.config.tensors();
        if len != PARTS * specs.iter().map(TensorSpec::len).sum::<usize>() {
            let message = "a training state has three values for each parameter";
            return Err(Error::new(ErrorKind::Argument, message));
        }
        each_tensor(&specs, &get, |part, at, values| {
            let name = &specs[at].name;
            check_values(name, values)?;
            if part == 2 {
                check_second_moment(name, values)?;
            }
            Ok(())
        })?;
        let Self {
            network,
            parameters,
            training,
            ..
        } = self;
        let training = training.get_or_insert_with(|| Training::new(network.parameters));
        each_tensor(&specs, &get, |part, at, values| {
            let vector = match part {
                0 => &mut *parameters,
                1 => &mut training.first,
                _ => &mut training.second,
            };
            network.scatter_tensor(at, values, vector);
            Ok(())
        })?;
        training.step = step;
        training.begun = None;
        network.pack_forward(
            self.kernels,
            &self.parameters,
            &mut self.panels,
            &mut self.workspaces,
        );
        Ok(())
    }
}

/// Visits the values of each part and tensor, in the order of a flat state.
fn each_tensor(
    specs: &[TensorSpec],
    get: impl Fn(usize, &mut [f32]),
    mut visit: impl FnMut(usize, usize, &[f32]) -> Result<()>,
) -> Result<()> {
    let (mut values, mut place) = (buffer(specs), 0);
    for part in 0..PARTS {
        for (at, spec) in specs.iter().enumerate() {
            let values = &mut values[..spec.len()];
            get(place, values);
            place += spec.len();
            visit(part, at, values)?;
        }
    }
    Ok(())
}

/// A buffer for each of the tensors.
fn buffer(specs: &[TensorSpec]) -> Vec<f32> {
    vec![0.0; specs.iter().map(TensorSpec::len).max().unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        TrainingState,
        cpu::tests::{networks, options, pixels},
        engine::{Batch, Engine},
        latent::normal_draws,
        weights::Weights,
    };

    /// An engine after a number of steps.
    fn trained(at: usize, steps: usize) -> CpuEngine {
        let config = networks().remove(at);
        let mut engine = CpuEngine::new(&config, &Weights::init(&config, 3)).unwrap();
        let (pixels, noise) = (pixels(&config, 9), normal_draws(5, 0, 9 * config.latent));
        for _ in 0..steps {
            let batch = Batch {
                pixels: &pixels,
                noise: &noise,
            };
            engine.train_step(batch, options(1.0, 0.0)).unwrap();
        }
        engine
    }

    fn flat(engine: &CpuEngine) -> Vec<f32> {
        let mut flat = Vec::new();
        engine.flat_state(|values| flat.extend_from_slice(values));
        flat
    }

    fn restore(engine: &mut CpuEngine, flat: &[f32], step: u64) -> Result<()> {
        let get = |at: usize, values: &mut [f32]| values.copy_from_slice(&flat[at..at + values.len()]);
        engine.set_flat_state(flat.len(), step, get)
    }

    #[test]
    fn a_state_in_parts_equals_the_whole_state_and_training_continues_from_it() {
        for at in 0..networks().len() {
            for steps in [0, 2] {
                let mut engine = trained(at, steps);
                let state = engine.state().unwrap();
                assert!(flat(&engine) == state.to_flat());
                // The state is restored into an engine that has started another run.
                for other in [0, 1] {
                    let mut resumed = trained(at, other);
                    restore(&mut resumed, &flat(&engine), state.step).unwrap();
                    assert!(resumed.state().unwrap() == state);
                    let decoded = |engine: &mut CpuEngine| {
                        engine.decode(&vec![0.5; engine.network.config.latent]).unwrap()
                    };
                    assert!(decoded(&mut resumed) == decoded(&mut engine));
                }
            }
        }
    }

    #[test]
    fn an_invalid_flat_state_changes_nothing() {
        let mut engine = trained(0, 1);
        let state = engine.state().unwrap();
        let good = flat(&engine);
        let last = good.len() - 1;
        for (len, at, value, kind) in [
            (last, 0, 0.0, ErrorKind::Argument),
            (last + 1, last, -1.0, ErrorKind::Argument),
            (last + 1, last, f32::NAN, ErrorKind::NotFinite),
            (last + 1, last / 2, f32::INFINITY, ErrorKind::NotFinite),
        ] {
            let mut bad: Vec<f32> = good.iter().map(|value| value + 1.0).collect();
            bad[at] = value;
            let error = restore(&mut engine, &bad[..len], 7).unwrap_err();
            assert_eq!(error.kind(), kind);
            let whole = TrainingState::from_flat(&engine.network.config, &bad[..len], 7).unwrap_err();
            assert_eq!(error.to_string(), whole.to_string());
            assert!(engine.state().unwrap() == state);
        }
    }
}
