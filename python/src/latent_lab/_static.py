"""A figure as HTML alone: it needs no kernel once it is shown, and nothing comes back from it."""

from __future__ import annotations

import base64
import json
import secrets
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy.typing as npt

from ._page import Contents, Value, checked
from .config import ConfigLike
from .files import PathLike


class StaticFigure:
    """A figure whose values are those that it was made with. The arguments are those of `Figure`."""

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
        self.values: dict[str, Value] = {name: checked(name, value) for name, value in attributes.items()}

    def _repr_html_(self) -> str:
        return snippet(self._contents.page(self.values), self.values)

    def to_html(self) -> str:
        """A whole page with the figure, which needs no server."""
        return whole_page(self._repr_html_())

    def save_html(self, path: PathLike) -> Path:
        """Writes `to_html` to a file."""
        path = Path(path)
        path.write_text(self.to_html(), encoding="utf-8")
        return path

    def __repr__(self) -> str:
        return f"<figure {self._contents.figure} of {self._contents.networks[0].name}>"


def whole_page(html: str) -> str:
    """A page around the HTML of a figure."""
    return f'<!doctype html>\n<meta charset="utf-8">\n<meta name="color-scheme" content="light dark">\n<title>Latent Lab</title>\n{html}\n'


def snippet(page: bytes, values: dict[str, Value]) -> str:
    """HTML that shows a figure's page with the widget's own code, on values that nobody changes."""
    # New each time: a notebook may show a figure twice.
    name = f"latent-lab-{secrets.token_hex(8)}"
    code = (files(__package__) / "widget.js").read_text(encoding="utf-8").replace("export default", "const widget =")
    state = json.dumps({**values, "_page": base64.b64encode(page).decode(), "_names": []}).replace("<", "\\u003c")
    return (
        f'<div id="{name}"><p>This figure needs JavaScript, in a notebook one that is trusted.</p></div>\n'
        f'<script type="module">\n{code}\nconst state = {state};\n'
        f'const el = document.getElementById("{name}");\nel.replaceChildren();\n'
        "const quiet = () => {};\n"
        "widget.render({ el, model: { get: (name) => state[name], set: quiet, save_changes: quiet, on: quiet, off: quiet } });\n"
        "</script>"
    )
