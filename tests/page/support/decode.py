"""Opens a saved network with the package safetensors and decodes codes with the oracle: pixels as JSON.

    python decode.py FILE.safetensors '[[0, 0]]'
"""

import json
import sys
from pathlib import Path

import numpy as np
from safetensors import safe_open

sys.path.insert(0, str(Path(__file__).parents[2] / "fixtures"))
import oracle  # noqa: E402  (found by the line above)

with safe_open(sys.argv[1], "np") as file:
    config = json.loads(file.metadata()["config"])
    weights = {name: file.get_tensor(name).astype(np.float64) for name in file.keys()}

logits, _ = oracle.decode(config, weights, np.array(json.loads(sys.argv[2]), dtype=np.float64))
print(json.dumps(oracle.sigmoid(logits).reshape(len(logits), -1).tolist()))
