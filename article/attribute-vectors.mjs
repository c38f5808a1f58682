// Measures the ready examples of the figure `direction` with its own code, and writes www/results/attribute-vectors.json:
//
//     node article/attribute-vectors.mjs
//
// docs/attribute-vectors.md defines the numbers. `cargo xtask build` comes first, for the module that decodes.

import { readFileSync, writeFileSync } from 'node:fs';

import { toBytes, toRgba } from '../www/pixels.js';
import { readyFor } from '../www/views/direction/examples.js';
import { measures } from '../www/views/direction/measures.js';
import { directionOf, leaveOneOut, meanOf, moved, shareAlong, shareOfAll } from '../www/views/direction/probe.js';

const MODELS = ['digits', 'digits-plain', 'cats', 'cats-blurred'];

/** Amounts of the direction that are added to held-out pictures. */
const AMOUNTS = { minus_one: -1, minus_half: -0.5, half: 0.5, one: 1 };

const root = new URL('../', import.meta.url);
const bytes = (/** @type {string} */ path) => readFileSync(new URL(path, root));

const lab = await import(new URL('pkg/cpu/latent_lab.js', root).href);
await lab.default({ module_or_path: bytes('pkg/cpu/latent_lab_bg.wasm') });

const rows = [];
for (const name of MODELS) {
  const model = await lab.Model.load(new Uint8Array(bytes(`www/models/${name}.safetensors`)));
  const { mean, latent } = lab.parseLatents(new Uint8Array(bytes(`www/models/${name}.latents.safetensors`)));
  const codes = Array.from({ length: mean.length / latent }, (_, i) => mean.slice(i * latent, (i + 1) * latent));
  for (const example of readyFor(name).examples) rows.push(await measured(name, model, codes, example));
}
const result = { command: 'node article/attribute-vectors.mjs', experiment: 'attribute-vectors', quick: false, rows };
writeFileSync(new URL('www/results/attribute-vectors.json', root), `${JSON.stringify(result, null, 2)}\n`);

/**
 * @param {string} name
 * @param {any} model
 * @param {Float32Array[]} codes of all stored pictures
 * @param {import('../www/views/direction/examples.js').Example} example
 */
async function measured(name, model, codes, { name: label, plus, minus, measure }) {
  const [with_, without] = [plus, minus].map((places) => places.map((place) => codes[place]));
  const left = leaveOneOut(with_, without);
  const row = {
    ...{ label, model: name, examples: plus.length + minus.length },
    ...{ left_out_share: rounded(left?.share), right: left?.right },
  };
  const direction = directionOf(with_, without);
  if (!measure || !direction) return row;
  const rest = codes.filter((_, i) => !plus.includes(i) && !minus.includes(i));
  const values = await property(model, rest, measure);
  /** @type {Record<string, number | null>} the mean of the property */
  const at = { zero: average(values) };
  for (const [name, amount] of Object.entries(AMOUNTS)) {
    const shifted = rest.map((code) => moved(code, direction, amount));
    at[name] = average(await property(model, shifted, measure));
  }
  return {
    ...{ ...row, held_out: rest.length },
    ...{ along: rounded(await shareAlong(rest, values, direction)), all: rounded(await shareOfAll(rest, values)) },
    at,
  };
}

/**
 * A property of the pictures of some codes.
 * @param {any} model
 * @param {Float32Array[]} codes
 * @param {import('../www/views/direction/measures.js').MeasureName} measure
 */
async function property(model, codes, measure) {
  const { image } = model.config;
  const size = image.channels * image.height * image.width;
  const pixels = await model.decode(Float32Array.from(codes.flatMap((code) => [...code])));
  return codes.map((_, i) =>
    measures[measure](toRgba(toBytes(pixels.subarray(i * size, (i + 1) * size)), image), image),
  );
}

/** The mean of the values that could be measured. @param {number[]} values */
function average(values) {
  return rounded(meanOf(values.filter(Number.isFinite).map((value) => [value]))[0]);
}

/** @param {number | undefined} value */
function rounded(value) {
  return value === undefined ? null : Math.round(value * 1e4) / 1e4;
}
