/**
 * Where the page's assets are. Every address derives from this module's own, so that the page works from
 * any folder and any origin; this is the one place that knows the layout. Each file is written out with
 * `import.meta.url` beside it: that is the form which bundlers, and `cargo xtask dist`, find and follow.
 */

import { Failure } from './failure.js';

/**
 * @typedef {{glue: string, binary: string}} ModuleAddresses JavaScript glue and binary of a wasm module
 * @typedef {import('./engine/support.js').Build | 'webgpu' | 'media'} ModuleName
 */

/** The worker's script. */
export const workerAddress = new URL('./engine/worker.js', import.meta.url);

/** @type {Record<ModuleName, (URL | null)[]>} glue and binary; null in a copy of the page that was packed without them */
const modules = {
  cpu: [new URL('./pkg/cpu/latent_lab.js', import.meta.url), new URL('./pkg/cpu/latent_lab_bg.wasm', import.meta.url)],
  'cpu-relaxed': [
    new URL('./pkg/cpu-relaxed/latent_lab.js', import.meta.url),
    new URL('./pkg/cpu-relaxed/latent_lab_bg.wasm', import.meta.url),
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

/** The shipped models, and the latents of test images that are stored beside each. */
const models = new Map([
  [
    'cats',
    [
      new URL('./models/cats.safetensors', import.meta.url),
      new URL('./models/cats.latents.safetensors', import.meta.url),
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
 * One build of the wasm module.
 * @param {ModuleName} name
 * @returns {ModuleAddresses}
 * @throws {Failure} where this copy of the page was packed without it
 */
export function moduleAddresses(name) {
  const [glue, binary] = modules[name];
  if (!glue || !binary) throw new Failure('module', `this copy of the page comes without the module ${name}`);
  return { glue: glue.href, binary: binary.href };
}

/**
 * A model file: a shipped model's name, or an address of one's own. Other names are those of networks that were
 * trained on this page.
 * @param {string} model
 */
export function modelAddress(model) {
  const [file] = models.get(model) ?? [];
  return file?.href ?? (isName(model) ? fromHere(`./models/${model}.safetensors`) : fromPage(model));
}

/**
 * The latents of test images that are stored beside a model.
 * @param {string} model
 */
export function latentsAddress(model) {
  const [, latents] = models.get(model) ?? [];
  if (latents) return latents.href;
  const address = new URL(modelAddress(model));
  // A query, such as a version or a signature, is for both files.
  address.pathname = address.pathname.replace(/\.safetensors$/, '') + '.latents.safetensors';
  return address.href;
}

/** Test images that a shipped model's stored latents are of, ten in a row; see article/originals.mjs. */
const originals = new Map([['emoji', new URL('./models/emoji.originals.webp', import.meta.url)]]);

/**
 * The test images of a model's stored latents; null where they are not shipped.
 * @param {string} model
 */
export function originalsAddress(model) {
  return originals.get(model)?.href ?? null;
}

/**
 * What figures say in other languages than English.
 * @type {Map<string, URL>} by language
 */
export const textAddresses = new Map([['de', new URL('./texts/de.json', import.meta.url)]]);

/** The script that others include; `embed.html` lies beside it. In a bundle it is of no use, and the host says where the site is. */
const siteScript = new URL('./latent-lab.js', import.meta.url);

/** Where the site is that others embed. */
export function siteAddress() {
  return new URL('./', siteScript).href;
}

/** Names of networks that were made on a page; see training/input/sources.js. */
const MADE = /^(trained-here|dropped)-\d+$/;

/**
 * Whether that is a network of the visitor's, which is on this page only.
 * @param {string} model
 */
export function isMade(model) {
  return MADE.test(model);
}

/**
 * Whether that is a name, not an address.
 * @param {string} model
 */
export function isName(model) {
  return /^[a-z0-9][a-z0-9-]*$/.test(model);
}

/** @param {string} path */
function fromHere(path) {
  return new URL(path, import.meta.url).href;
}

/**
 * An address that the page's author wrote is relative to the page.
 * @param {string} address
 */
function fromPage(address) {
  return new URL(address, document.baseURI).href;
}
