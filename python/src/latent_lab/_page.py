"""The page of a figure: one document with its code, its networks and its attributes, which a front end puts into a frame."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Union

import numpy as np
import numpy.typing as npt

from .config import PRESETS, Config, ConfigLike, config_of
from .convert import DoesNotFit
from .files import PathLike, latents_bytes, latents_path, model_bytes, read_model, weights_of

if TYPE_CHECKING:
    from importlib.abc import Traversable

Value = Union[str, float, bool, None]

HIDDEN = frozenset({"figure", "model", "compare", "engine", "loading", "hash", "poster", "lesson", "plan", "invite"})
"""Attributes that the package sets itself, or that need a site."""

PLANES = ("map", "puzzle")
"""Figures of a plane, whose networks have two numbers in a code."""


class Network(NamedTuple):
    """A network as the page gets it."""

    name: str
    file: bytes
    latents: bytes | None
    config: Config


def _file(name: str) -> Traversable:
    return files(__package__) / "data" / name


def data(name: str) -> bytes:
    """A file that `cargo xtask dist` puts into the package."""
    file = _file(name)
    if not file.is_file():
        raise FileNotFoundError(f"{name} is missing: `cargo xtask dist` makes the wheel, which has it")
    return file.read_bytes()


def shipped() -> list[str]:
    """Names of the networks in the package."""
    names = (file.name for file in _file("models").iterdir())
    return sorted(name[: -len(".safetensors")] for name in names if name.count(".") == 1 and name.endswith(".safetensors"))


@cache
def element() -> dict[str, Any]:
    """What the element is: `figures`, their names, and `attributes`, each with its default. Both are empty in a package without figures."""
    if not _file("attributes.json").is_file():
        return {"figures": [], "attributes": {}}
    return json.loads(data("attributes.json"))


def attributes() -> dict[str, Value]:
    """Default of each attribute that a host may set, by its name."""
    return {name: value for name, value in element()["attributes"].items() if name not in HIDDEN}


def property_of(attribute: str) -> str:
    """The name of an attribute in Python, where `from` is a keyword."""
    return "from_" if attribute == "from" else attribute.replace("-", "_")


def properties() -> dict[str, Value]:
    """As `attributes`, by the names in Python."""
    return {property_of(name): value for name, value in attributes().items()}


def attribute_of(name: str) -> str:
    """The inverse of `property_of`."""
    return name.rstrip("_").replace("_", "-")


def checked(name: str, value: Any) -> Value:
    """A value for the attribute of this name in Python. None means its default; arrays become codes, `[latent]` or `[2, latent]`."""
    if name not in properties():
        raise TypeError(f"a figure has no attribute {name!r}; it has {', '.join(properties())}")
    default = properties()[name]
    if value is None:
        return default
    if isinstance(default, bool):
        return bool(value)
    if isinstance(default, (int, float)):
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if not np.isfinite(number):
            raise ValueError(f"{name} must be a finite number, got {value!r}")
        return int(number) if number.is_integer() else number
    if isinstance(value, str) or (np.ndim(value) == 0 and not hasattr(value, "detach")):
        return str(value)
    codes = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value, np.float32)
    return ";".join(",".join(map(repr, row)) for row in np.atleast_2d(codes).tolist())


def network(
    model: Any,
    config: ConfigLike | None,
    number: int,
    latents: npt.ArrayLike | None = None,
    labels: npt.ArrayLike | None = None,
) -> Network:
    """A network from the name of a shipped one, a path, or weights; `number` tells given ones apart."""
    codes = None
    name = f"dropped-{number}"
    if isinstance(model, str) and model in shipped():
        file, codes = data(f"models/{model}.safetensors"), data(f"models/{model}.latents.safetensors")
        name = model if latents is None else name
    elif isinstance(model, (str, Path)) or hasattr(model, "__fspath__"):
        file, codes = _read(model)
    else:
        file = _convert(weights_of(model), config)
    known = read_model(file).config
    if latents is not None:
        codes = latents_bytes(latents, labels, known.latent, name)
    return Network(name, file, codes, known)


def _read(path: PathLike) -> tuple[bytes, bytes | None]:
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path} is neither a file nor one of the networks {', '.join(shipped())}")
    beside = latents_path(path)
    return path.read_bytes(), beside.read_bytes() if beside.exists() else None


def _convert(weights: Any, config: ConfigLike | None) -> bytes:
    """Weights say neither strides nor sides, so without a config it must be one of the presets."""
    if config is not None:
        return model_bytes(weights, config_of(config))
    for preset in PRESETS.values():
        try:
            return model_bytes(weights, preset)
        except DoesNotFit:
            continue
    raise ValueError(
        "weights have neither strides nor the size of pictures: give config=latent_lab.Config(...); without it they must be those of "
        f"a preset, {', '.join(PRESETS)}"
    )


class Contents:
    """What a figure shows: its networks and its attributes, before it is shown."""

    def __init__(
        self,
        figure: str,
        model: Any,
        config: ConfigLike | None,
        latents: npt.ArrayLike | None,
        labels: npt.ArrayLike | None,
        compare: Any,
        language: str | None,
    ) -> None:
        data("notebook.html")
        if figure not in element()["figures"]:
            raise ValueError(f"figure must be one of {', '.join(element()['figures'])}, got {figure!r}")
        if model is None:
            model = "map" if figure in PLANES else "digits"
        first = network(model, config, 1, latents, labels)
        if figure in PLANES and first.config.latent != 2:
            raise ValueError(f"this figure needs a model with 2 latent dimensions, but this one has {first.config.latent}")
        if figure == "samples" and compare is None and first.name == "digits":
            compare = "digits-plain"
        others = [network(compare, config, 2)] if figure == "samples" and compare is not None else []
        for other in others:
            if (other.config.latent, other.config.image) != (first.config.latent, first.config.image):
                raise ValueError("the two networks of `samples` must have codes and pictures of the same size")
        self.figure = figure
        self.language = language
        self.networks = [first, *others]

    def page(self, values: Mapping[str, Value]) -> bytes:
        """The document, compressed with gzip; the same bytes for the same figure. `values` are attributes by their names in Python."""
        names = [each.name for each in self.networks]
        given = {attribute_of(name): value for name, value in values.items() if value != properties()[name]}
        fixed = {"figure": self.figure, "model": names[0], "engine": "cpu", "loading": "eager"}
        if len(names) > 1:
            fixed["compare"] = names[1]
        contents = {
            "attributes": {**given, **fixed},
            "language": self.language,
            "networks": [
                {"name": each.name, "file": _base64(each.file), "latents": each.latents and _base64(each.latents)} for each in self.networks
            ],
        }
        # A script ends where its text says so.
        text = json.dumps(contents).replace("<", "\\u003c")
        before, body, after = data("notebook.html").decode().rpartition("</body>")
        script = f'<script type="application/json" id="figure">{text}</script>\n'
        return gzip.compress((before + script + body + after).encode(), 6, mtime=0)


def _base64(file: bytes) -> str:
    return base64.b64encode(file).decode()
