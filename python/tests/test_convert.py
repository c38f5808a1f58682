"""Weights of PyTorch and Keras become model files that decode the same pictures, or an error names each layer that does not fit.

Run by `cargo xtask test`, with only NumPy and safetensors: `python -m unittest discover python/tests`. The oracle of
tests/fixtures decodes.
"""

import json
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "python/src"))
sys.path.insert(0, str(ROOT / "tests/fixtures"))

import oracle  # noqa: E402

import latent_lab  # noqa: E402  (found by the lines above)
from latent_lab.convert import DoesNotFit, convert  # noqa: E402

ODD = latent_lab.Config(latent_lab.ImageShape(1, 9, 11), (latent_lab.LayerConfig(4, 3, 2), latent_lab.LayerConfig(5, 5, 1)), 3)
EVEN = latent_lab.Config(latent_lab.ImageShape(3, 8, 12), (latent_lab.LayerConfig(4, 3, 2), latent_lab.LayerConfig(6, 3, 1)), 3)


def weights_of(config, seed=1):
    """Random tensors with the names of a model file."""
    random = np.random.RandomState(seed)
    return {name: random.standard_normal(shape).astype(np.float32) for name, shape in config.tensors.items()}


def as_dict(config):
    return json.loads(config.to_json())


class Tensor:
    """The parts of a PyTorch tensor that the converter uses, without PyTorch."""

    def __init__(self, values):
        self.values = values

    def detach(self):
        return self

    cpu = float = detach

    def is_floating_point(self):
        return True

    def numpy(self):
        return self.values


def torch_state(weights):
    """The weights under the names of a module made of nn.Sequential."""
    names = {
        "encoder.conv.0": "encoder.0",
        "encoder.conv.1": "encoder.2",
        "encoder.mean": "to_mu",
        "encoder.log_var": "to_logvar",
        "decoder.linear": "expand",
        "decoder.deconv.0": "decoder.0",
        "decoder.deconv.1": "decoder.2",
    }
    return {f"{names[name.rpartition('.')[0]]}.{name.rpartition('.')[2]}": Tensor(w) for name, w in weights.items()}


class PyTorch(unittest.TestCase):
    def test_a_state_dict_keeps_its_values_under_the_names_of_the_model_file(self):
        weights = weights_of(ODD)
        config, tensors = convert(torch_state(weights), ODD)
        self.assertEqual(config, ODD)
        self.assertEqual(list(tensors), list(weights))
        for name in weights:
            np.testing.assert_array_equal(tensors[name], weights[name], name)

    def test_a_log_variance_registered_first_is_found_by_its_name(self):
        state = torch_state(weights_of(ODD))
        parts = ["to_logvar.weight", "to_logvar.bias", "to_mu.weight", "to_mu.bias"]
        before = [name for name in state if name.startswith("encoder")]
        after = [name for name in state if name not in [*parts, *before]]
        _, tensors = convert({name: state[name] for name in [*before, *parts, *after]}, ODD)
        np.testing.assert_array_equal(tensors["encoder.mean.weight"], state["to_mu.weight"].values)

    def test_a_decoder_registered_first_is_found_by_its_name(self):
        state = torch_state(weights_of(ODD))
        ordered = sorted(state, key=lambda name: not name.startswith("decoder"))
        _, tensors = convert({name: state[name] for name in ordered}, ODD)
        np.testing.assert_array_equal(tensors["decoder.deconv.0.weight"], state["decoder.0.weight"].values)

    def test_a_layer_without_bias_gets_zeros(self):
        state = torch_state(weights_of(ODD))
        del state["encoder.0.bias"]
        _, tensors = convert(state, ODD)
        np.testing.assert_array_equal(tensors["encoder.conv.0.bias"], np.zeros(4))

    def test_every_layer_that_does_not_fit_is_named_with_both_shapes(self):
        state = torch_state(weights_of(ODD))
        state["encoder.2.weight"] = Tensor(np.zeros((5, 4, 3, 3), np.float32))
        state["to_mu.bias"] = Tensor(np.zeros(2, np.float32))
        with self.assertRaises(DoesNotFit) as caught:
            convert(state, ODD)
        self.assertEqual(
            caught.exception.problems,
            [
                "encoder.conv.1.weight must have shape [5, 4, 5, 5], got encoder.2.weight of shape [5, 4, 3, 3]",
                "encoder.mean.bias must have shape [3], got to_mu.bias of shape [2]",
            ],
        )

    def test_missing_and_additional_layers_are_named(self):
        state = torch_state(weights_of(ODD))
        for part in ("weight", "bias"):
            del state[f"decoder.2.{part}"]
            state[f"hidden.{part}"] = Tensor(np.zeros((4, 4) if part == "weight" else 4, np.float32))
        with self.assertRaises(DoesNotFit) as caught:
            convert(state, ODD)
        self.assertEqual(
            caught.exception.problems,
            [
                "decoder.deconv.1 is missing: there is no convolution left for it",
                "hidden is one linear layer too many: the config has 3",
            ],
        )

    def test_a_normalization_is_named(self):
        state = torch_state(weights_of(ODD))
        state |= {f"encoder.1.{part}": Tensor(np.ones(4, np.float32)) for part in ("weight", "bias")}
        with self.assertRaisesRegex(DoesNotFit, r"encoder\.1 is a normalization"):
            convert(state, ODD)

    def test_values_that_are_not_finite_are_refused_with_their_position(self):
        for value in (np.nan, np.inf, 1e39):
            weights = {name: values.astype(np.float64) for name, values in weights_of(ODD).items()}
            weights["encoder.mean.bias"][1] = value
            with self.assertRaisesRegex(DoesNotFit, r"encoder\.mean\.bias has a value that is not finite in float32, at 1"):
                convert(weights, ODD)
        weights = {**weights_of(ODD), "encoder.mean.bias": np.zeros(3, np.int64)}
        with self.assertRaisesRegex(DoesNotFit, "int64"):
            convert(weights, ODD)


# ---- Keras, as plain loops over its definition: channels last, and padding="same" ----


def leaky(x):
    return np.where(x >= 0, x, 0.2 * x)


def before(side, kernel, stride):
    return max((-(-side // stride) - 1) * stride + kernel - side, 0) // 2


def keras_conv(x, kernel, bias, stride):
    """x [n, height, width, in], kernel [k, k, in, out]."""
    n, height, width, _ = x.shape
    k = kernel.shape[0]
    y = np.zeros((n, -(-height // stride), -(-width // stride), kernel.shape[3])) + bias
    top, left = before(height, k, stride), before(width, k, stride)
    for row, column, i, j in np.ndindex(y.shape[1], y.shape[2], k, k):
        r, c = row * stride + i - top, column * stride + j - left
        if 0 <= r < height and 0 <= c < width:
            y[:, row, column] += x[:, r, c] @ kernel[i, j]
    return y


def keras_deconv(x, kernel, bias, stride):
    """x [n, height, width, in], kernel [k, k, out, in]; each side becomes `stride` times as long."""
    n, height, width, _ = x.shape
    k = kernel.shape[0]
    y = np.zeros((n, height * stride, width * stride, kernel.shape[2])) + bias
    top, left = before(y.shape[1], k, stride), before(y.shape[2], k, stride)
    for row, column, i, j in np.ndindex(height, width, k, k):
        r, c = row * stride + i - top, column * stride + j - left
        if 0 <= r < y.shape[1] and 0 <= c < y.shape[2]:
            y[:, r, c] += x[:, row, column] @ kernel[i, j].T
    return y


def keras_weights(config, seed=2):
    """The result of `get_weights()`: kernel and bias of each layer in the order of the model."""
    random = np.random.RandomState(seed)
    weights = []
    for shape in config.tensors.values():
        if len(shape) == 4:
            shape = (shape[2], shape[3], shape[1], shape[0])
        weights.append(random.standard_normal(shape[::-1] if len(shape) == 2 else shape).astype(np.float32))
    return weights


def keras_encode(config, weights, x):
    for n, layer in enumerate(config.layers):
        x = leaky(keras_conv(x, weights[2 * n], weights[2 * n + 1], layer.stride))
    at = 2 * len(config.layers)
    return x.reshape(len(x), -1) @ weights[at] + weights[at + 1]


def keras_decode(config, weights, z):
    at = 2 * len(config.layers) + 4
    x = leaky(z @ weights[at] + weights[at + 1]).reshape(len(z), *config.sides[-1], config.layers[-1].filters)
    for n, layer in enumerate(reversed(config.layers)):
        x = keras_deconv(x if n == 0 else leaky(x), weights[at + 2 + 2 * n], weights[at + 3 + 2 * n], layer.stride)
    return x


class Keras(unittest.TestCase):
    def check(self, weights, given):
        random = np.random.RandomState(3)
        pictures = random.uniform(size=(2, EVEN.image.height, EVEN.image.width, EVEN.image.channels))
        codes = random.standard_normal((2, EVEN.latent))
        config, tensors = convert(given, EVEN)
        mean, _, _ = oracle.encode(as_dict(config), tensors, pictures.transpose(0, 3, 1, 2))
        np.testing.assert_allclose(mean, keras_encode(EVEN, weights, pictures), rtol=1e-4, atol=1e-4)
        decoded, _ = oracle.decode(as_dict(config), tensors, codes)
        expected = keras_decode(EVEN, weights, codes).transpose(0, 3, 1, 2)
        np.testing.assert_allclose(decoded, expected, rtol=1e-4, atol=1e-4)
        # A kernel that is padded on only one side becomes a kernel of 5; the other is unchanged.
        self.assertEqual([layer.kernel for layer in config.layers], [5, 3])

    def test_a_list_of_arrays_encodes_and_decodes_as_keras_does(self):
        weights = keras_weights(EVEN)
        self.check(weights, weights)

    def test_a_dictionary_of_arrays_by_path_encodes_and_decodes_as_keras_does(self):
        weights = keras_weights(EVEN)
        names = ["conv", "conv_1", "z_mean", "z_log_var", "dense", "deconv", "deconv_1"]
        paths = [f"{name}/{part}" for name in names for part in ("kernel", "bias")]
        self.check(weights, dict(zip(paths, weights)))

    def test_a_layer_whose_output_is_larger_in_keras_is_named(self):
        with self.assertRaisesRegex(DoesNotFit, r"decoder\.deconv\.0 must make a side of 7 from 4; Conv2DTranspose of Keras makes 8"):
            convert(keras_weights(latent_lab.PRESETS["digits"]), latent_lab.PRESETS["digits"])

    def test_a_kernel_whose_padding_is_not_supported_is_named(self):
        config = latent_lab.Config(latent_lab.ImageShape(1, 8, 8), (latent_lab.LayerConfig(4, 5, 2),), 2)
        with self.assertRaisesRegex(DoesNotFit, r"encoder\.conv\.0: .* use a kernel of 3"):
            convert(keras_weights(config), config)


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_a_saved_model_is_read_back_with_its_card(self):
        weights = weights_of(ODD)
        path = latent_lab.save(torch_state(weights), ODD, self.folder / "mine.safetensors", card={"name": "mine"})
        config, tensors, card = latent_lab.load(path)
        self.assertEqual((config, card), (ODD, {"name": "mine"}))
        for name in weights:
            np.testing.assert_array_equal(tensors[name], weights[name], name)

    def test_half_precision_is_good_to_three_digits(self):
        weights = weights_of(ODD)
        _, tensors, _ = latent_lab.load(latent_lab.save(weights, ODD, self.folder / "half.safetensors", half=True))
        for name in weights:
            np.testing.assert_allclose(tensors[name], weights[name], rtol=2**-11, atol=2**-24)

    def test_the_shipped_models_are_read_and_decode_digits(self):
        config, tensors, _ = latent_lab.load(ROOT / "www/models/map.safetensors")
        self.assertEqual(config, latent_lab.PRESETS["map"])
        logits, _ = oracle.decode(as_dict(config), tensors, np.zeros((1, 2)))
        pixels = oracle.sigmoid(logits)[0, 0]
        # A digit is in the middle of the picture, and the margin is empty.
        self.assertLess(pixels[:3].max(), 0.1)
        self.assertGreater(pixels[8:20, 8:20].max(), 0.5)

    def test_nothing_is_written_when_something_does_not_fit(self):
        path = self.folder / "none.safetensors"
        for arguments in (
            {"latents": np.zeros((4, 2))},
            {"latents": np.zeros((4, 3)), "labels": np.zeros(3, int)},
            {"latents": np.full((4, 3), np.nan)},
            {"card": {"name": 3}},
        ):
            with self.assertRaises(ValueError, msg=str(arguments)):
                latent_lab.save(weights_of(ODD), ODD, path, **arguments)
            self.assertEqual(list(self.folder.iterdir()), [], arguments)

    def test_files_of_another_kind_are_refused(self):
        path = self.folder / "other.safetensors"
        for data in (b"", b"x" * 100, (ROOT / "www/models/map.latents.safetensors").read_bytes()):
            path.write_bytes(data)
            with self.assertRaises(ValueError):
                latent_lab.load(path)

    def test_a_config_out_of_range_is_refused_with_its_value(self):
        with self.assertRaisesRegex(ValueError, "kernel must be 3 or 5, got 4"):
            latent_lab.LayerConfig(8, 4) and latent_lab.Config(ODD.image, (latent_lab.LayerConfig(8, 4),), 2)
        with self.assertRaisesRegex(ValueError, "unknown preset 'dogs'"):
            latent_lab.save({}, "dogs", self.folder / "none.safetensors")


if __name__ == "__main__":
    unittest.main()
