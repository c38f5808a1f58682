"""A figure as a widget: its values are read and set from Python while it is shown. Needs the package anywidget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import numpy.typing as npt
import traitlets

from ._page import Contents, Value, checked, properties
from ._static import snippet, whole_page
from .config import ConfigLike
from .files import PathLike


class _Attribute(traitlets.TraitType):
    """A value of the element, in the form that the element's property has."""

    def validate(self, obj: Any, value: Any) -> Value:
        return checked(self.name, value)


# Made here and not written down: the element's list of attributes is the only one.
_Attributes = type(
    "_Attributes",
    (anywidget.AnyWidget,),
    {name: _Attribute(default_value=default).tag(sync=True) for name, default in properties().items()},
)


class Figure(_Attributes):  # type: ignore[misc,valid-type]
    """A figure of Latent Lab: any but `train`, such as `morph`, `samples`, `map` or `microscope`.

    `model` is the name of a network in the package (`digits`, `digits-plain`, `map`, `fashion`, `emoji`, `cats`), the path of a model file,
    or the weights of a PyTorch or Keras model, whose network `config` describes as in `save`. `latents`, `[n, latent]`, are codes of
    pictures to start from, with their classes `labels`, `[n]`; without them the codes are drawn at random, unless a file has some beside
    it. `compare` is a second network for `samples`. `language` is one that the page has texts in: `en` or `de`.

    All other arguments are attributes of the element (docs/embedding.md), such as `t`, `seed`, `caption` or `controls`, with underscores;
    `from` is called `from_`, and `z` takes codes as an array, `[latent]` or `[2, latent]`. Each is a trait: reading it gives what the
    figure shows now, setting it changes that, `observe` tells of changes.
    """

    _esm = Path(__file__).with_name("widget.js")
    _page = traitlets.Bytes().tag(sync=True)
    _names = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(
        self,
        figure: str = "morph",
        model: Any = None,
        *,
        config: ConfigLike | None = None,
        latents: npt.ArrayLike | None = None,
        labels: npt.ArrayLike | None = None,
        compare: Any = None,
        language: str | None = None,
        **attributes: Any,
    ) -> None:
        self._contents = Contents(figure, model, config, latents, labels, compare, language)
        given = {name: checked(name, value) for name, value in attributes.items()}
        super().__init__(_page=self._contents.page(given), _names=list(properties()), **given)

    @property
    def values(self) -> dict[str, Value]:
        """All attributes as they are now."""
        return {name: getattr(self, name) for name in properties()}

    def to_html(self) -> str:
        """A whole page with the figure as it is now, which needs no server."""
        values = self.values
        return whole_page(snippet(self._contents.page(values), values))

    def save_html(self, path: PathLike) -> Path:
        """Writes `to_html` to a file."""
        path = Path(path)
        path.write_text(self.to_html(), encoding="utf-8")
        return path

    def __repr__(self) -> str:
        return f"<figure {self._contents.figure} of {self._contents.networks[0].name}>"
