"""Named tensors and text <-> the bytes of a `.safetensors` file.

Written here rather than by the package safetensors, whose order of metadata is not fixed: the same model gives the same bytes, those of the
command `latent-lab`. It is read by that package.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load

DTYPES = {"float32": "F32", "float16": "F16", "uint8": "U8"}


def to_bytes(tensors: Mapping[str, npt.NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    """The larger values come first, so that every tensor is aligned."""
    ordered = sorted(tensors.items(), key=lambda item: -item[1].dtype.itemsize)
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    end = 0
    for name, values in ordered:
        begin, end = end, end + values.nbytes
        dtype = DTYPES[values.dtype.name]
        header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [begin, end]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    data = [np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes() for _, values in ordered]
    return b"".join([struct.pack("<Q", len(text)), text, *data])


def from_bytes(data: bytes, expected: str) -> tuple[dict[str, npt.NDArray[Any]], dict[str, str]]:
    """Tensors and metadata of a file whose metadata must say that its format is `expected`."""
    try:
        tensors = load(data)
        (length,) = struct.unpack_from("<Q", data)
        metadata = json.loads(data[8 : 8 + length]).get("__metadata__", {})
    except (SafetensorError, struct.error, UnicodeDecodeError, json.JSONDecodeError, KeyError) as error:
        raise ValueError(f"this is not a .safetensors file: {error}") from error
    if metadata.get("format") != expected:
        raise ValueError(f"expected a file of the format {expected!r}, got {metadata.get('format')!r}")
    return tensors, metadata
