// Measures the figure `paths` over many pairs of stored pictures with its own code, and writes www/results/paths.json:
//
//     node article/paths.mjs
//
// docs/paths.md defines the numbers. `cargo xtask build` comes first, for the modules that decode and find geodesics.

import { readFileSync, writeFileSync } from 'node:fs';

import { toBytes, toRgba } from '../www/pixels.js';
import { classifierOf, classify, CLEAR } from '../www/views/paths/classifier.js';
import { crossFade, FRAMES } from '../www/views/paths/frames.js';
import { Measures } from '../www/views/paths/measures.js';
import { PATHS } from '../www/views/paths/paths.js';

const MODELS = ['digits', 'digits-plain', 'cats', 'cats-blurred'];

/** Most pairs of stored pictures. */
const PAIRS = 200;

/** Parts of the stored codes that are held out one after the other. */
const FOLDS = 10;

const root = new URL('../', import.meta.url);
const bytes = (/** @type {string} */ path) => new Uint8Array(readFileSync(new URL(path, root)));
const rounded = (/** @type {number} */ value) => Math.round(value * 1e6) / 1e6;
const meanOf = (/** @type {number[]} */ values) => rounded(values.reduce((a, b) => a + b) / values.length);

const lab = await import(new URL('pkg/training/latent_lab.js', root).href);
await lab.default({ module_or_path: bytes('pkg/training/latent_lab_bg.wasm') });

const rows = [];
/** @type {Record<string, object>} */
const classifiers = {};
for (const name of MODELS) {
  const file = bytes(`www/models/${name}.safetensors`);
  const model = await lab.Model.load(file);
  const geodesics = new lab.Geodesics(file);
  const { latent, mean, labels } = lab.parseLatents(bytes(`www/models/${name}.latents.safetensors`));
  const stored = { latent, mean, labels: labels?.length ? labels : null };
  if (stored.labels) classifiers[name] = held(stored);
  rows.push(...(await measured(name, model, geodesics, stored)));
}
const result = { command: 'node article/paths.mjs', experiment: 'paths', quick: false, classifiers, rows };
writeFileSync(new URL('www/results/paths.json', root), `${JSON.stringify(result, null, 2)}\n`);

/**
 * Accuracy of the classifier of codes on codes that it was not fitted to.
 * @param {import('../www/views/parts/stored.js').StoredLatents} stored with labels
 */
function held({ latent, mean, labels: given }) {
  const labels = given ?? new Uint8Array();
  const places = [...labels.keys()];
  const codesOf = (/** @type {number[]} */ chosen) =>
    Float32Array.from(chosen.flatMap((place) => [...mean.subarray(place * latent, (place + 1) * latent)]));
  const all = Array.from({ length: FOLDS }, (_, fold) => {
    const [out, rest] = [places.filter((i) => i % FOLDS === fold), places.filter((i) => i % FOLDS !== fold)];
    const fitted = classifierOf({ latent, mean: codesOf(rest), labels: Uint8Array.from(rest, (i) => labels[i]) });
    if (!fitted) throw new Error('too few codes');
    return classify(fitted, codesOf(out)).map(({ digit, certainty }, i) => ({
      isRight: digit === labels[out[i]],
      certainty,
    }));
  }).flat();
  const clear = all.filter(({ certainty }) => certainty >= CLEAR);
  const share = (/** @type {typeof all} */ some) => meanOf(some.map(({ isRight }) => Number(isRight)));
  return {
    codes: all.length,
    accuracy: share(all),
    clear: rounded(clear.length / all.length),
    right_if_clear: share(clear),
  };
}

/**
 * @param {string} name
 * @param {any} model
 * @param {any} geodesics
 * @param {import('../www/views/parts/stored.js').StoredLatents} stored
 */
async function measured(name, model, geodesics, stored) {
  const { latent, mean, labels } = stored;
  const measures = new Measures(stored, model.priorParts);
  const pairs = Array.from({ length: mean.length / latent / 2 }, (_, i) => [2 * i, 2 * i + 1])
    .filter(([a, b]) => !labels || labels[a] !== labels[b])
    .slice(0, PAIRS);
  /** @type {Record<string, import('../www/views/paths/measures.js').Summary[]>} */
  const found = Object.fromEntries(PATHS.map((path) => [path, []]));
  for (const [a, b] of pairs) {
    const [from, to] = [a, b].map((place) => mean.slice(place * latent, (place + 1) * latent));
    for (const [path, rgba] of Object.entries(await framesOf(model, geodesics, from, to))) {
      const { mean: codes } = await model.encode(
        model.pixelsFromRgba(new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.length)),
      );
      found[path].push(measures.summary(measures.of(rgba, model.config.image.channels, codes)));
    }
  }
  return PATHS.map((path) => {
    const all = found[path];
    const share = (/** @type {'clear' | 'typical'} */ which) =>
      all[0][which] === null ? null : meanOf(all.map((each) => each[which] ?? 0));
    return {
      ...{ model: name, way: path, pairs: all.length },
      ...{ mean_step: meanOf(all.map((each) => each.mean)), largest_step: meanOf(all.map(({ largest }) => largest)) },
      ...{ clear: share('clear'), typical: share('typical') },
    };
  });
}

/**
 * Frames of all paths as the figure has them.
 * @param {any} model
 * @param {any} geodesics
 * @param {Float32Array} from
 * @param {Float32Array} to
 * @returns {Promise<Record<import('../www/views/paths/paths.js').Path, Uint8ClampedArray>>}
 */
async function framesOf(model, geodesics, from, to) {
  const decode = async (/** @type {Float32Array} */ codes) =>
    toRgba(toBytes(await model.decode(codes)), model.config.image);
  const lerp = await decode(lab.interpolate('lerp', from, to, FRAMES));
  const slerp = await decode(lab.interpolate('slerp', from, to, FRAMES));
  const geodesic = await decode(geodesics.path(from, to, FRAMES));
  const size = lerp.length / FRAMES;
  const pixels = crossFade(lerp.subarray(0, size), lerp.subarray((FRAMES - 1) * size), FRAMES);
  return { pixels, lerp, slerp, geodesic };
}
