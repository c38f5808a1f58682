"""Autoencoders and variational autoencoders that a reader can touch, in a notebook.

`Figure` shows a figure, `save` turns the weights of a PyTorch or Keras model into a model file, `load` reads one. docs/notebooks.md of the
repository has examples.
"""

from ._static import StaticFigure
from .config import PRESETS, Config, ImageShape, LayerConfig
from .convert import DoesNotFit
from .files import Model, load, save

try:
    from ._widget import Figure
except ImportError:  # without anywidget a figure is shown all the same, but its values do not come back
    from ._static import StaticFigure as Figure  # type: ignore[assignment]

__all__ = [
    "PRESETS",
    "Config",
    "DoesNotFit",
    "Figure",
    "ImageShape",
    "LayerConfig",
    "Model",
    "StaticFigure",
    "load",
    "save",
]
__version__ = "0.2.0"
