"""Weights of a PyTorch or Keras model -> the tensors of a model file, or an error that names every layer that does not fit.

Weights know neither strides, nor sides, nor activations: strides and sides come from the config; the activation must be leaky ReLU with
slope 0.2 behind every layer of the encoder and the decoder but the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .config import Config, LayerConfig

Floats = npt.NDArray[np.float32]

_LOG_VAR = re.compile(r"log_?var|logstd|log_?sigma|sigma", re.IGNORECASE)
_DECODER = re.compile(r"(^|[./_])(decoder|dec|generator)", re.IGNORECASE)


class DoesNotFit(ValueError):
    """Weights that are not those of the config; `problems` has a sentence for each layer."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("these weights do not fit the config:\n" + "\n".join(f"- {problem}" for problem in problems))


class Layer(NamedTuple):
    """A layer's weights as they were given, with the name that messages call it by."""

    name: str
    weight: Floats
    bias: Floats | None


def convert(weights: Mapping[str, Any] | Sequence[Any], config: Config) -> tuple[Config, dict[str, Floats]]:
    """Converts the weights of a whole model.

    `weights` is a `state_dict()` of PyTorch, a mapping of arrays with the names of a model file, `get_weights()` of Keras (a list), or
    a mapping of Keras' names, which end with `kernel` and `bias`. Returns the config of the result, whose kernels are larger where
    Keras pads on one side alone, and its tensors.
    """
    if not isinstance(weights, Mapping):
        return _from_keras(_pairs_of_list(weights), config)
    if set(weights) == set(config.tensors):
        return config, _checked({name: (name, array_of(name, value)) for name, value in weights.items()}, config)
    if any(re.search(r"(^|[./])kernel(:0)?$", name) for name in weights):
        return _from_keras(_pairs(weights, "kernel"), config)
    return config, _placed(_pairs(weights, "weight"), config)


def array_of(name: str, value: Any) -> Floats:
    """A tensor of any library as float32, of any shape. `name` is for messages."""
    if hasattr(value, "detach"):  # PyTorch, whose bfloat16 NumPy does not have
        value = value.detach().cpu().float() if value.is_floating_point() else value.detach().cpu()
    array = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
    if not np.issubdtype(array.dtype, np.floating):
        raise DoesNotFit([f"{name} has values of type {array.dtype}, expected floating point"])
    with np.errstate(over="ignore"):
        floats = array.astype(np.float32)
    wrong = np.flatnonzero(~np.isfinite(floats))
    if wrong.size:
        raise DoesNotFit([f"{name} has a value that is not finite in float32, at {wrong[0]}"])
    return floats


def _pairs(weights: Mapping[str, Any], kind: str) -> list[Layer]:
    """Layers of a mapping in its order, each a weight called `kind` with its bias."""
    layers: dict[str, dict[str, Floats]] = {}
    problems = []
    for name, value in weights.items():
        plain = name[:-2] if name.endswith(":0") else name
        prefix, _, last = plain.rpartition("." if kind == "weight" else "/")
        if last not in (kind, "bias"):
            problems.append(f"{name} of shape {_list(np.shape(value))} belongs to no layer of this family")
            continue
        layers.setdefault(prefix, {})[last] = array_of(name, value)
    for prefix, parts in layers.items():
        if kind not in parts:
            problems.append(f"{prefix} has a bias and no {kind}")
        elif parts[kind].ndim == 1:
            problems.append(f"{prefix} is a normalization, which this family does not have; fold it into the layer before")
    if problems:
        raise DoesNotFit(problems)
    return [Layer(prefix, parts[kind], parts.get("bias")) for prefix, parts in layers.items()]


def _pairs_of_list(weights: Iterable[Any]) -> list[Layer]:
    layers: list[Layer] = []
    for n, value in enumerate(weights):
        array = array_of(f"array {n}", value)
        if array.ndim == 1 and layers and layers[-1].bias is None:
            layers[-1] = layers[-1]._replace(bias=array)
        elif array.ndim > 1:
            layers.append(Layer(f"array {n}", array, None))
        else:
            raise DoesNotFit([f"array {n} of shape {_list(array.shape)} is neither a kernel nor the bias after one"])
    return layers


def _names(config: Config) -> tuple[list[str], list[str]]:
    """Names of the layers with four axes and of those with two, in the order of the data."""
    names = [name[: -len(".weight")] for name in config.tensors if name.endswith(".weight")]
    wide = [name for name in names if "conv" in name]
    return wide, [name for name in names if name not in wide]


def _ordered(layers: list[Layer]) -> tuple[list[Layer], list[Layer]]:
    """Layers with four axes and with two: the encoder's first, and the mean before the log-variance, wherever names say so."""
    layers = sorted(layers, key=lambda layer: bool(_DECODER.search(layer.name)))
    wide = [layer for layer in layers if layer.weight.ndim == 4]
    flat = [layer for layer in layers if layer.weight.ndim == 2]
    if len(flat) > 1 and _LOG_VAR.search(flat[0].name) and not _LOG_VAR.search(flat[1].name):
        flat[:2] = flat[1::-1]
    return wide, flat


def _assigned(layers: list[Layer], config: Config) -> dict[str, Layer]:
    """The layer for each name of the config."""
    problems = []
    pairs: dict[str, Layer] = {}
    for axes, found, names in zip((4, 2), _ordered(layers), _names(config)):
        pairs.update(zip(names, found))
        what = {4: "convolution", 2: "linear layer"}[axes]
        problems += [f"{name} is missing: there is no {what} left for it" for name in names[len(found) :]]
        problems += [f"{layer.name} is one {what} too many: the config has {len(names)}" for layer in found[len(names) :]]
    for layer in layers:
        if layer.weight.ndim not in (2, 4):
            problems.append(f"{layer.name} has a weight of shape {_list(layer.weight.shape)}; this family has 2 or 4 axes")
    if problems:
        raise DoesNotFit(problems)
    return pairs


def _placed(layers: list[Layer], config: Config) -> dict[str, Floats]:
    """PyTorch's layers under the names of the model file; the layouts are the same."""
    tensors = {}
    for name, layer in _assigned(layers, config).items():
        tensors[f"{name}.weight"] = (f"{layer.name}.weight", layer.weight)
        tensors[f"{name}.bias"] = (f"{layer.name}.bias", _bias(layer, config.tensors[f"{name}.bias"][0]))
    return _checked(tensors, config)


def _bias(layer: Layer, outputs: int) -> Floats:
    return np.zeros(outputs, np.float32) if layer.bias is None else layer.bias


def _checked(tensors: Mapping[str, tuple[str, Floats]], config: Config) -> dict[str, Floats]:
    """Tensors with the shapes of the config; each comes with the name that it was given under."""
    problems = [
        f"{name} must have shape {_list(shape)}, got {given} of shape {_list(values.shape)}"
        for name, shape in config.tensors.items()
        for given, values in [tensors[name]]
        if values.shape != shape
    ]
    if problems:
        raise DoesNotFit(problems)
    return {name: np.ascontiguousarray(tensors[name][1]) for name in config.tensors}


# ---- Keras: channels last, and `padding="same"` ----


def _from_keras(layers: list[Layer], config: Config) -> tuple[Config, dict[str, Floats]]:
    pairs = _assigned(layers, config)
    moved = {}
    for name, layer in pairs.items():
        weight, bias = layer.weight, _bias(layer, config.tensors[f"{name}.bias"][0])
        if weight.ndim == 4:
            # Conv2D has [k, k, in, out] and Conv2DTranspose [k, k, out, in]: both become what the model file has.
            weight = weight.transpose(3, 2, 0, 1)
        else:
            weight, bias = _channels_first(name, weight.T, bias, config)
        moved[f"{name}.weight"], moved[f"{name}.bias"] = (layer.name, weight), (f"the bias of {layer.name}", bias)
    tensors = _checked(moved, config)
    before = _pads(config)
    if all(pad == (layer.kernel - 1) // 2 for pads, layer in zip(before, config.layers) for pad in pads):
        return config, tensors
    return _widened(tensors, config, before)


def _channels_first(name: str, weight: Floats, bias: Floats, config: Config) -> tuple[Floats, Floats]:
    """A linear layer, `[out, in]`, whose flat side is in the order rows, columns, channels; the model file has channels first."""
    side, filters = config.sides[-1], config.layers[-1].filters
    axis = 0 if name == "decoder.linear" else 1
    flat = filters * side[0] * side[1]
    if weight.shape[axis] != flat:
        return weight, bias  # the check of shapes names it
    order = np.arange(flat).reshape(*side, filters).transpose(2, 0, 1).ravel()
    return weight.take(order, axis), bias.take(order) if axis == 0 and bias.size == flat else bias


def _pads(config: Config) -> list[tuple[int, int]]:
    """Rows and columns of zeros that Keras adds before each layer's input; where sides are even it pads less there than after it."""
    problems = []
    result = []
    for n, (layer, sides) in enumerate(zip(config.layers, config.sides)):
        pads = []
        for side in sides:
            total = max((-(-side // layer.stride) - 1) * layer.stride + layer.kernel - side, 0)
            if side % layer.stride:
                problems.append(
                    f"decoder.deconv.{len(config.layers) - 1 - n} must make a side of {side} from {-(-side // layer.stride)}; "
                    f"Conv2DTranspose of Keras makes {-(-side // layer.stride) * layer.stride}"
                )
            pads.append(total // 2)
            if layer.kernel == 5 and total // 2 != 2:
                problems.append(
                    f'encoder.conv.{n}: with padding="same", a kernel of 5 and a stride of {layer.stride} Keras pads a side of {side} '
                    f"by {total // 2} before and {total - total // 2} after it, which no kernel of this family does; use a kernel of 3"
                )
        result.append((pads[0], pads[1]))
    if problems:
        raise DoesNotFit(list(dict.fromkeys(problems)))
    return result


def _widened(tensors: dict[str, Floats], config: Config, before: list[tuple[int, int]]) -> tuple[Config, dict[str, Floats]]:
    """Puts each kernel of 3 that is padded on one side alone into one of 5, with zeros where the padding is missing."""
    layers = list(config.layers)
    for n, (layer, pads) in enumerate(zip(config.layers, before)):
        if layer.kernel == 5 or pads == (1, 1):
            continue
        layers[n] = LayerConfig(layer.filters, 5, layer.stride)
        for name in (f"encoder.conv.{n}.weight", f"decoder.deconv.{len(layers) - 1 - n}.weight"):
            wide = np.zeros((*tensors[name].shape[:2], 5, 5), np.float32)
            row, column = (2 - pad for pad in pads)
            wide[:, :, row : row + 3, column : column + 3] = tensors[name]
            tensors[name] = wide
    return replace(config, layers=tuple(layers)), tensors


def _list(shape: Iterable[int]) -> str:
    return f"[{', '.join(map(str, shape))}]"
