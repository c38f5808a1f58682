//! Parameters, gradients and moments as lists of flat tensors in the order of the data: what moves between the module,
//! Adam and [`Weights`]. burn keeps the weight of a linear layer as `[in, out]`, the model file as `[out, in]`; the
//! lists are in burn's layout, and only this file knows.

use ::burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Device, Gradients, Tensor, TensorData, Transaction},
};

use super::network::Network;
use crate::{
    config::ModelConfig,
    error::{Error, ErrorKind, Result},
    weights::{self, Weights},
};

/// The parameters of `network`, without autodiff.
pub(super) fn parameters(network: &Network) -> Vec<Tensor<1>> {
    let mut collect = Collect(Vec::new());
    network.visit(&mut collect);
    collect.0
}

struct Collect(Vec<Tensor<1>>);

impl ModuleVisitor for Collect {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.push(param.val().without_autodiff().reshape([-1]));
    }
}

/// The gradients of the parameters of `network`.
pub(super) fn gradients(network: &Network, gradients: &Gradients) -> Vec<Tensor<1>> {
    let mut collect = CollectGradients(gradients, Vec::new());
    network.visit(&mut collect);
    collect.1
}

struct CollectGradients<'a>(&'a Gradients, Vec<Tensor<1>>);

impl ModuleVisitor for CollectGradients<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = param.val().grad(self.0);
        let gradient = gradient.expect("every parameter has a part in the loss");
        self.1.push(gradient.reshape([-1]));
    }
}

/// `network` with other parameters, ready to be trained.
pub(super) fn assign(network: Network, parameters: Vec<Tensor<1>>) -> Network {
    network.map(&mut Assign(parameters.into_iter()))
}

struct Assign(std::vec::IntoIter<Tensor<1>>);

impl ModuleMapper for Assign {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let value = self.0.next().expect("a network has the tensors of its config");
        let value = value.reshape(param.lazy_shape()).autodiff().require_grad();
        Param::initialized(param.id, value)
    }
}

/// `weights` on `device`.
pub(super) fn upload(weights: &Weights, device: &Device) -> Vec<Tensor<1>> {
    let to_device = |tensor: &weights::Tensor| {
        let values = match tensor.shape[..] {
            [outputs, inputs] => transposed(&tensor.values, outputs, inputs),
            _ => tensor.values.clone(),
        };
        Tensor::from_data(TensorData::from(values.as_slice()), device)
    };
    weights.tensors().iter().map(to_device).collect()
}

/// The inverse, for `N` lists in one read.
pub(super) async fn download<const N: usize>(
    config: &ModelConfig,
    lists: [Vec<Tensor<1>>; N],
) -> Result<[Weights; N]> {
    let mut values = read(lists.into_iter().flatten()).await?.into_iter();
    let mut all = [const { None }; N];
    for slot in &mut all {
        let mut weights = Weights::zeros(config);
        for (tensor, values) in weights.tensors_mut().iter_mut().zip(&mut values) {
            tensor.values = match tensor.shape[..] {
                [outputs, inputs] => transposed(&values, inputs, outputs),
                _ => values,
            };
        }
        *slot = Some(weights);
    }
    Ok(all.map(|weights| weights.expect("every slot was filled")))
}

/// The values of several tensors, in one wait for the device. Never blocks: in a browser that would panic.
///
/// # Errors
/// `Engine` when the device failed.
pub(super) async fn read(tensors: impl IntoIterator<Item = Tensor<1>>) -> Result<Vec<Vec<f32>>> {
    let failed = |why: String| {
        Error::new(
            ErrorKind::Engine,
            format!("reading from burn's device failed: {why}"),
        )
    };
    let transaction = (tensors.into_iter()).fold(Transaction::default(), Transaction::register);
    let data = transaction
        .execute_async()
        .await
        .map_err(|e| failed(e.to_string()))?;
    data.into_iter()
        .map(|data| data.try_into_vec_as::<f32>().map_err(|e| failed(e.to_string())))
        .collect()
}

/// `[rows, columns]` to `[columns, rows]`.
fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..rows * columns)
        .map(|at| values[at % rows * columns + at / rows])
        .collect()
}
