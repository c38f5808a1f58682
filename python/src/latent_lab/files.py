"""Model files and files of stored latents, as docs/training.md of the repository describes them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Union

import numpy as np
import numpy.typing as npt

from . import container
from .config import Config, ConfigLike, config_of
from .convert import DoesNotFit, Floats, convert

FORMAT = "latent-lab/1"
LATENTS_FORMAT = "latent-lab-latents/1"
ACTIVATION = '{"name":"leaky_relu","negative_slope":0.2}'

PathLike = Union[str, "os.PathLike[str]"]
Weights = Union[Mapping[str, Any], Sequence[Any]]


class Model(NamedTuple):
    """A model file that was read: its config, its tensors in float32, and its card."""

    config: Config
    tensors: dict[str, Floats]
    card: dict[str, Any]


def save(
    weights: Any,
    config: ConfigLike,
    path: PathLike,
    *,
    latents: npt.ArrayLike | None = None,
    labels: npt.ArrayLike | None = None,
    card: Mapping[str, Any] | None = None,
    half: bool = False,
) -> Path:
    """Writes the weights of a PyTorch or Keras model to a model file, which the page, the command and `Figure` open.

    `weights` is what `model.state_dict()` of PyTorch or `model.get_weights()` of Keras gives, or the model itself. `config` is a
    `Config`, its JSON object, or the name of a preset. `latents`, `[n, latent]`, are codes of pictures that a figure starts from, and
    `labels`, `[n]`, their classes, 0 to 255; they go into a file beside it. `card` says where the model comes from (`name`, `data`,
    `license`, `notes`). With `half` the values are stored in half precision.

    Raises `DoesNotFit`, which names every layer that does not fit the config. Nothing is written then.
    """
    path = Path(path)
    data = model_bytes(weights, config_of(config), card, half)
    if latents is not None:
        codes = latents_bytes(latents, labels, config_of(config).latent, path.stem)
        latents_path(path).write_bytes(codes)
    path.write_bytes(data)
    return path


def latents_path(path: Path) -> Path:
    """Where the stored latents of a model file are."""
    stem = path.name[: -len(".safetensors")] if path.name.endswith(".safetensors") else path.name
    return path.with_name(f"{stem}.latents.safetensors")


def model_bytes(weights: Any, config: Config, card: Mapping[str, Any] | None = None, half: bool = False) -> bytes:
    """The bytes of a model file. The arguments are those of `save`."""
    config, tensors = convert(weights_of(weights), config)
    for name in ("name", "data", "license", "command", "notes"):
        if not isinstance((card or {}).get(name, ""), str):
            raise ValueError(f"{name} of the card must be text, got {card[name]!r}")
    metadata = {
        "format": FORMAT,
        "config": config.to_json(),
        "activation": ACTIVATION,
        "card": json.dumps(dict(card or {}), separators=(",", ":"), ensure_ascii=False, allow_nan=False),
    }
    largest = np.finfo(np.float16).max
    stored = {name: values.clip(-largest, largest).astype(np.float16) if half else values for name, values in tensors.items()}
    return container.to_bytes(stored, metadata)


def weights_of(model: Any) -> Weights:
    """Weights of a model of PyTorch or Keras, or those that were given."""
    for method in ("state_dict", "get_weights"):
        if callable(getattr(model, method, None)):
            return getattr(model, method)()
    return model


def latents_bytes(latents: npt.ArrayLike, labels: npt.ArrayLike | None, latent: int, model: str) -> bytes:
    """The bytes of a file of stored latents: codes `[n, latent]`, and labels `[n]` if there are any."""
    codes = np.asarray(latents.detach().cpu() if hasattr(latents, "detach") else latents, np.float32)
    if codes.ndim != 2 or codes.shape[1] != latent or codes.shape[0] == 0:
        raise ValueError(f"latents must have shape [n, {latent}] with n of at least 1, got {list(codes.shape)}")
    if not np.isfinite(codes).all():
        raise ValueError("latents has a value that is not finite")
    # float16 would make an infinity of what is larger.
    narrow = np.abs(codes).max() <= np.finfo(np.float16).max
    tensors: dict[str, npt.NDArray[Any]] = {"mean": codes.astype(np.float16) if narrow else codes}
    if labels is not None:
        classes = np.asarray(labels.detach().cpu() if hasattr(labels, "detach") else labels)
        if classes.shape != (len(codes),):
            raise ValueError(f"labels must have shape [{len(codes)}], got {list(classes.shape)}")
        if not np.issubdtype(classes.dtype, np.integer) or classes.min() < 0 or classes.max() > 255:
            raise ValueError("labels must be whole numbers from 0 to 255")
        tensors["label"] = classes.astype(np.uint8)
    return container.to_bytes(tensors, {"format": LATENTS_FORMAT, "model": model})


def load(path: PathLike) -> Model:
    """Reads a model file of any precision."""
    return read_model(Path(path).read_bytes())


def read_model(data: bytes) -> Model:
    """Reads the bytes of a model file, and checks its tensors against its config."""
    stored, metadata = container.from_bytes(data, FORMAT)
    activation = metadata.get("activation", ACTIVATION)
    if activation != ACTIVATION:
        raise ValueError(f"the activation must be {ACTIVATION}, got {activation}")
    if "config" not in metadata:
        raise ValueError("the model file has no config in its metadata")
    config = Config.from_dict(json.loads(metadata["config"]))
    missing = [f"{name} is missing" for name in config.tensors if name not in stored]
    if missing:
        raise DoesNotFit(missing)
    tensors = {name: _floats(name, stored) for name in config.tensors}
    config, tensors = convert(tensors, config)
    return Model(config, tensors, json.loads(metadata.get("card") or "{}"))


def _floats(name: str, stored: Mapping[str, npt.NDArray[Any]]) -> Floats:
    """A tensor in float32; integers have a scale for each output channel, which a transposed convolution has on its second axis."""
    values = stored[name]
    if values.dtype != np.int8:
        return values.astype(np.float32)
    if f"{name}.scale" not in stored:
        raise DoesNotFit([f"{name} has integers, and {name}.scale is missing"])
    axis = 1 if name.startswith("decoder.deconv") else 0
    shape = [-1 if each == axis else 1 for each in range(values.ndim)]
    return values.astype(np.float32) * stored[f"{name}.scale"].astype(np.float32).reshape(shape)
