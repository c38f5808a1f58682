//! The feature maps of the decoder, compared with a decoder written from the definition, on every fixture. Together these have every
//! kernel and stride, odd sides and odd numbers of filters.

use crate::{
    fixture::{Fixture, fixtures},
    support::assert_close,
};
use latent_lab::{Arithmetic, CpuEngine, ErrorKind, MapShape, Weights};

/// f32 has a relative rounding error of 6e-8; sums of a few hundred terms of both signs lose a digit, and chains of layers another.
const FORWARD: f32 = 1e-5;

fn leaky(value: f64) -> f64 {
    if value < 0.0 { 0.2 * value } else { value }
}

fn tensor(weights: &Weights, name: &str) -> Vec<f64> {
    let found = weights.tensors().iter().find(|tensor| tensor.name == name);
    found.unwrap().values.iter().map(|&value| value.into()).collect()
}

/// The maps by the definition: every input value stamps the kernel on the output, and parts beyond the edge are discarded.
fn by_stamps(fixture: &Fixture, latent: &[f32]) -> Vec<(MapShape, Vec<f64>)> {
    let config = &fixture.config;
    let weights = fixture.weights("");
    let mut shapes = config.maps();
    shapes.reverse();
    let (matrix, bias) = (
        tensor(&weights, "decoder.linear.weight"),
        tensor(&weights, "decoder.linear.bias"),
    );
    let row = |(weights, bias): (&[f64], &f64)| {
        let products = weights
            .iter()
            .zip(latent)
            .map(|(weight, &value)| weight * f64::from(value));
        leaky(bias + products.sum::<f64>())
    };
    let first: Vec<f64> = matrix.chunks_exact(latent.len()).zip(&bias).map(row).collect();
    let mut all = vec![(shapes[0], first)];
    for (n, layer) in config.layers.iter().rev().enumerate() {
        let (from, to) = (shapes[n], shapes[n + 1]);
        let kernel = tensor(&weights, &format!("decoder.deconv.{n}.weight"));
        let bias = tensor(&weights, &format!("decoder.deconv.{n}.bias"));
        let mut out: Vec<f64> = (0..to.channels * to.positions())
            .map(|at| bias[at / to.positions()])
            .collect();
        for (at, value) in all[n].1.iter().enumerate() {
            let (channel, y, x) = (
                at / from.positions(),
                at / from.width % from.height,
                at % from.width,
            );
            for output in 0..to.channels {
                for tap in 0..layer.kernel * layer.kernel {
                    let row = (y * layer.stride + tap / layer.kernel).wrapping_sub(layer.padding());
                    let column = (x * layer.stride + tap % layer.kernel).wrapping_sub(layer.padding());
                    if row < to.height && column < to.width {
                        let block = (channel * to.channels + output) * layer.kernel * layer.kernel;
                        out[(output * to.height + row) * to.width + column] += value * kernel[block + tap];
                    }
                }
            }
        }
        if n + 1 < config.layers.len() {
            out.iter_mut().for_each(|value| *value = leaky(*value));
        }
        all.push((to, out));
    }
    all
}

#[test]
fn every_layer_of_every_decoder_agrees_with_the_definition() {
    for fixture in fixtures() {
        let latents = fixture.get("latents");
        for arithmetic in [Arithmetic::Fastest, Arithmetic::Reproducible] {
            let mut engine =
                CpuEngine::with_arithmetic(&fixture.config, &fixture.weights(""), arithmetic).unwrap();
            let what = format!("{}, {}", fixture.name, engine.instructions());
            let got = engine.decoder_maps(latents).unwrap();
            let mut rest = &got[..];
            for (n, latent) in latents.chunks_exact(fixture.config.latent).enumerate() {
                for (layer, (shape, expected)) in by_stamps(&fixture, latent).iter().enumerate() {
                    let values = rest.split_off(..shape.channels * shape.positions()).unwrap();
                    let expected: Vec<f32> = expected.iter().map(|&value| value as f32).collect();
                    let what = format!("{what}, latent {n}, layer {layer}");
                    assert_close(&what, values, &expected, FORWARD);
                    if layer == fixture.config.layers.len() {
                        let oracle = &fixture.get("logits")[n * values.len()..][..values.len()];
                        assert_close(&format!("{what}, oracle"), values, oracle, FORWARD);
                    }
                }
            }
            assert!(rest.is_empty(), "{what}");
        }
    }
}

#[test]
fn latents_of_another_length_or_not_finite_are_refused() {
    let fixture = &fixtures()[0];
    let mut engine = CpuEngine::new(&fixture.config, &fixture.weights("")).unwrap();
    let size = fixture.config.latent;
    for (latents, kind) in [
        (vec![0.0; 2 * size + 1], ErrorKind::Argument),
        (vec![f32::NAN; size], ErrorKind::NotFinite),
    ] {
        assert_eq!(engine.decoder_maps(&latents).unwrap_err().kind(), kind);
    }
    assert!(engine.decoder_maps(&[]).unwrap().is_empty());
}
