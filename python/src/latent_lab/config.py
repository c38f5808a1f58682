"""`Config` determines a network: the sizes of its pictures, layers and codes, and from them the shape of every tensor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Union

Shape = tuple[int, ...]


@dataclass(frozen=True)
class ImageShape:
    """Size of one picture, `[channels, height, width]`."""

    channels: int
    height: int
    width: int


@dataclass(frozen=True)
class LayerConfig:
    """One convolution of the encoder; the decoder mirrors it as a transposed convolution."""

    filters: int
    kernel: int = 3
    stride: int = 2


@dataclass(frozen=True)
class Config:
    """A network of this family. The limits of the fields are those of the model file."""

    image: ImageShape
    layers: tuple[LayerConfig, ...]
    latent: int
    kind: str = "variational"
    likelihood: str = "bernoulli"

    def __post_init__(self) -> None:
        _between(1, 6, "the number of layers", len(self.layers))
        if self.image.channels not in (1, 3):
            raise ValueError(f"image.channels must be 1 or 3, got {self.image.channels}")
        _between(8, 128, "image.height", self.image.height)
        _between(8, 128, "image.width", self.image.width)
        _between(1, 1024, "latent", self.latent)
        for layer in self.layers:
            _between(1, 1024, "filters", layer.filters)
            _one_of((3, 5), "kernel", layer.kernel)
            _one_of((1, 2), "stride", layer.stride)
        _one_of(("variational", "autoencoder"), "kind", self.kind)
        _one_of(("bernoulli", "gaussian"), "likelihood", self.likelihood)

    @property
    def sides(self) -> list[tuple[int, int]]:
        """Height and width before the first layer, after it, after the second ..."""
        sides = [(self.image.height, self.image.width)]
        for layer in self.layers:
            height, width = sides[-1]
            sides.append((-(-height // layer.stride), -(-width // layer.stride)))
        return sides

    @property
    def tensors(self) -> dict[str, Shape]:
        """Shape of every tensor by its name in the model file, in the order of the data."""
        shapes: dict[str, Shape] = {}

        def add(name: str, shape: Shape, outputs: int) -> None:
            shapes[f"{name}.weight"], shapes[f"{name}.bias"] = shape, (outputs,)

        channels = [self.image.channels, *(layer.filters for layer in self.layers)]
        height, width = self.sides[-1]
        flat = channels[-1] * height * width
        for n, layer in enumerate(self.layers):
            add(f"encoder.conv.{n}", (layer.filters, channels[n], layer.kernel, layer.kernel), layer.filters)
        add("encoder.mean", (self.latent, flat), self.latent)
        if self.kind == "variational":
            add("encoder.log_var", (self.latent, flat), self.latent)
        add("decoder.linear", (flat, self.latent), flat)
        for n, layer in enumerate(reversed(self.layers)):
            outputs = channels[-2 - n]
            add(f"decoder.deconv.{n}", (layer.filters, outputs, layer.kernel, layer.kernel), outputs)
        return shapes

    def to_json(self) -> str:
        """The text that a model file has."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Config:
        """The config of a model file's JSON."""
        try:
            image = ImageShape(**fields["image"])
            layers = tuple(LayerConfig(**layer) for layer in fields["layers"])
            return cls(image, layers, **{name: value for name, value in fields.items() if name not in ("image", "layers")})
        except (KeyError, TypeError) as error:
            raise ValueError(f"the config is invalid: {error}") from error


def _between(low: int, high: int, what: str, got: int) -> None:
    if isinstance(got, bool) or not isinstance(got, int) or not low <= got <= high:
        raise ValueError(f"{what} must be {low} to {high}, got {got!r}")


def _one_of(choices: tuple[Any, ...], what: str, got: Any) -> None:
    if got not in choices:
        raise ValueError(f"{what} must be {' or '.join(map(str, choices))}, got {got!r}")


def _digits(latent: int, kind: str = "variational") -> Config:
    return Config(ImageShape(1, 28, 28), tuple(LayerConfig(filters) for filters in (32, 64, 128)), latent, kind)


PRESETS: dict[str, Config] = {
    "digits": _digits(16),
    "map": _digits(2),
    "digits-plain": _digits(16, "autoencoder"),
    "cats": Config(
        ImageShape(3, 64, 64),
        tuple(LayerConfig(filters) for filters in (32, 64, 128, 256)),
        256,
        likelihood="gaussian",
    ),
    "article": Config(
        ImageShape(1, 64, 64),
        (
            LayerConfig(32, 5, 2),
            LayerConfig(32, 3, 1),
            LayerConfig(64, 5, 2),
            LayerConfig(64, 3, 1),
            LayerConfig(128, 3, 2),
        ),
        128,
        "autoencoder",
        "gaussian",
    ),
}
"""The configs that `latent-lab train --preset` knows."""

ConfigLike = Union[Config, Mapping[str, Any], str]


def config_of(given: ConfigLike) -> Config:
    """A config from itself, the JSON object of a model file, or the name of a preset."""
    if isinstance(given, Config):
        return given
    if isinstance(given, str):
        if given not in PRESETS:
            raise ValueError(f"unknown preset {given!r}; expected one of {', '.join(PRESETS)}")
        return PRESETS[given]
    return Config.from_dict(given)
