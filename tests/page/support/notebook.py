"""Runs a notebook in a new kernel, as `jupyter execute` does, and prints the output that a front end would get, as JSON.

    python notebook.py MODEL.safetensors CODES.f32

`texts` has what each cell has printed, `html` the HTML that a cell shows, `widgets` the state of each widget in the order of the cells, whose
bytes are base64.
"""

import json
import sys

import nbformat
from nbclient import NotebookClient

MODEL, CODES = sys.argv[1:]

CELLS = [
    "import latent_lab, numpy\nfigure = latent_lab.Figure('morph', t=0.5)\nfigure",
    f"tensors = latent_lab.load({MODEL!r}).tensors\n"
    f"codes = numpy.fromfile({CODES!r}, '<f4').reshape(-1, 16)\n"
    "latent_lab.Figure('morph', model=tensors, z=codes[:2], label='Mine')",
    "latent_lab.StaticFigure('morph')",
    # What a front end sends after its reader has moved the slider.
    "seen = []\nfigure.observe(lambda change: seen.append(change.new), 't')\nfigure.set_state({'t': 0.75})\n"
    "figure.t = 0.25\nprint(figure.t, seen)",
    "figure.t = 1\nfigure.output_padding = 1\nfigure.z = numpy.array([[0.5] + 15 * [0], 16 * [1]])\n"
    "print(figure.t, figure.output_padding, figure.z)",
    "for change in ({'t': 'far'}, {'nonsense': 1}, {'figure': 'train'}, {'figure': 'map', 'model': 'digits'}, {'model': 'dogs'}):\n"
    "    try:\n        latent_lab.Figure(**change)\n    except Exception as error:\n        print(type(error).__name__, error)",
]

notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
NotebookClient(notebook, kernel_name="python3", timeout=300).execute()

texts, html, order = [], [], []
for cell in notebook.cells:
    texts.append("".join(output.get("text", "") for output in cell.outputs if output.output_type == "stream"))
    for output in cell.outputs:
        data = output.get("data", {})
        if "application/vnd.jupyter.widget-view+json" in data:
            order.append(data["application/vnd.jupyter.widget-view+json"]["model_id"])
        if "text/html" in data:
            html.append(data["text/html"])

states = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
widgets = []
for name in order:
    buffers = {".".join(buffer["path"]): buffer["data"] for buffer in states[name].get("buffers", [])}
    widgets.append({"state": states[name]["state"], "buffers": buffers})
print(json.dumps({"texts": texts, "html": html, "widgets": widgets}))
