/**
 * Addresses of all files that code requests, but for those in late-assets.js. Each derives from this module's own address, so that the page
 * works from any folder and any origin, and is written out as `new URL('…', import.meta.url)`, the form that bundlers and `cargo xtask
 * dist` find.
 */

import { Failure } from './failure.js';

/**
 * @typedef {{glue: string, binary: string}} ModuleAddresses JavaScript glue and binary of a wasm module
 * @typedef {{script: string, module: ModuleAddresses | null}} TrainingAddresses the worker's code for training runs, empty in a build that
 *   does not train, and the module that trains; null if the one that draws trains too
 * @typedef {'cpu' | 'cpu-relaxed'} Build builds of the module that draws on the CPU
 * @typedef {Build | 'training' | 'training-relaxed' | 'webgpu' | 'media'} ModuleName
 */

/** The worker's script. */
export const workerAddress = new URL('./engine/worker.js', import.meta.url);

/** The worker's code for training runs, which the worker fetches with the first one. @type {URL | null} null in a build without it */
const trainingScript = new URL('./training/worker/training.js', import.meta.url);

/** @type {Record<ModuleName, (URL | null)[]>} glue and binary; null in a build without this module */
const modules = {
  cpu: [new URL('./pkg/cpu/latent_lab.js', import.meta.url), new URL('./pkg/cpu/latent_lab_bg.wasm', import.meta.url)],
  'cpu-relaxed': [
    new URL('./pkg/cpu-relaxed/latent_lab.js', import.meta.url),
    new URL('./pkg/cpu-relaxed/latent_lab_bg.wasm', import.meta.url),
  ],
  training: [
    new URL('./pkg/training/latent_lab.js', import.meta.url),
    new URL('./pkg/training/latent_lab_bg.wasm', import.meta.url),
  ],
  'training-relaxed': [
    new URL('./pkg/training-relaxed/latent_lab.js', import.meta.url),
    new URL('./pkg/training-relaxed/latent_lab_bg.wasm', import.meta.url),
  ],
  media: [
    new URL('./pkg/media/latent_lab.js', import.meta.url),
    new URL('./pkg/media/latent_lab_bg.wasm', import.meta.url),
  ],
  webgpu: [
    new URL('./pkg/webgpu/latent_lab.js', import.meta.url),
    new URL('./pkg/webgpu/latent_lab_bg.wasm', import.meta.url),
  ],
};

/**
 * The module that trains, for each module that only draws.
 * @type {Map<ModuleName, ModuleName>}
 */
const trainers = new Map([
  ['cpu', 'training'],
  ['cpu-relaxed', 'training-relaxed'],
]);

/** The shipped models, and the latents of test images stored beside each. */
const models = new Map([
  [
    'cats',
    [
      new URL('./models/cats.safetensors', import.meta.url),
      new URL('./models/cats.latents.safetensors', import.meta.url),
    ],
  ],
  [
    'cats-blurred',
    [
      new URL('./models/cats-blurred.safetensors', import.meta.url),
      new URL('./models/cats-blurred.latents.safetensors', import.meta.url),
    ],
  ],
  [
    'digits',
    [
      new URL('./models/digits.safetensors', import.meta.url),
      new URL('./models/digits.latents.safetensors', import.meta.url),
    ],
  ],
  [
    'digits-plain',
    [
      new URL('./models/digits-plain.safetensors', import.meta.url),
      new URL('./models/digits-plain.latents.safetensors', import.meta.url),
    ],
  ],
  [
    'emoji',
    [
      new URL('./models/emoji.safetensors', import.meta.url),
      new URL('./models/emoji.latents.safetensors', import.meta.url),
    ],
  ],
  [
    'fashion',
    [
      new URL('./models/fashion.safetensors', import.meta.url),
      new URL('./models/fashion.latents.safetensors', import.meta.url),
    ],
  ],
  [
    'map',
    [
      new URL('./models/map.safetensors', import.meta.url),
      new URL('./models/map.latents.safetensors', import.meta.url),
    ],
  ],
]);

/** Names of the shipped models. */
export const shippedModels = [...models.keys()];

/**
 * Addresses of one wasm module.
 * @param {ModuleName} name
 * @returns {ModuleAddresses}
 * @throws {Failure} if this build comes without it
 */
export function moduleAddresses(name) {
  const [glue, binary] = modules[name];
  if (!glue || !binary) throw new Failure('module', `this build of the page comes without the module ${name}`);
  return { glue: glue.href, binary: binary.href };
}

/**
 * Addresses of the files that a worker fetches for training runs.
 * @param {ModuleName} name of the module that it draws with
 * @returns {TrainingAddresses}
 * @throws {Failure} if this build comes without the module that trains
 */
export function trainingAddresses(name) {
  const trainer = trainingScript && trainers.get(name);
  return { script: trainingScript?.href ?? '', module: trainer ? moduleAddresses(trainer) : null };
}

/**
 * Address of a model file.
 * @param {string} model a shipped model's name, the name of a network that was trained on this page, or an address
 */
export function modelAddress(model) {
  const [file] = models.get(model) ?? [];
  return file?.href ?? (isName(model) ? fromHere(`./models/${model}.safetensors`) : fromPage(model));
}

/**
 * Address of the stored latents beside a model.
 * @param {string} model
 */
export function latentsAddress(model) {
  const [, latents] = models.get(model) ?? [];
  if (latents) return latents.href;
  const address = new URL(modelAddress(model));
  // A query, such as a version or a signature, applies to both files.
  address.pathname = address.pathname.replace(/\.safetensors$/, '') + '.latents.safetensors';
  return address.href;
}

/** Test images behind a shipped model's stored latents, ten in a row; see article/originals.mjs. */
const originals = new Map([['emoji', new URL('./models/emoji.originals.webp', import.meta.url)]]);

/**
 * Address of the test images behind a model's stored latents; null if they are not shipped.
 * @param {string} model
 */
export function originalsAddress(model) {
  return originals.get(model)?.href ?? null;
}

/**
 * Files with the figures' texts in languages other than English.
 * @type {Map<string, URL>} by language
 */
export const textAddresses = new Map([['de', new URL('./texts/de.json', import.meta.url)]]);

/** The style sheet of the chart library. */
export const chartStyleAddress = new URL('./vendor/uplot/uPlot.css', import.meta.url);

/** The script that other sites include; `embed.html` lies beside it. In a bundle this address is useless, and the host sets `site`. */
const siteScript = new URL('./latent-lab.js', import.meta.url);

/** Address of the site that others embed. */
export function siteAddress() {
  return new URL('./', siteScript).href;
}

/** Names of networks made on a page; see training/input/sources.js. */
const MADE = /^(trained-here|dropped)-\d+$/;

/**
 * True for a network of the visitor's, which exists on this page only.
 * @param {string} model
 */
export function isMade(model) {
  return MADE.test(model);
}

/**
 * True for a name, false for an address.
 * @param {string} model
 */
export function isName(model) {
  return /^[a-z0-9][a-z0-9-]*$/.test(model);
}

/** @param {string} path relative to this module */
function fromHere(path) {
  return new URL(path, import.meta.url).href;
}

/**
 * Resolves an address that the page's author wrote, relative to the page.
 * @param {string} address
 */
function fromPage(address) {
  return new URL(address, document.baseURI).href;
}
