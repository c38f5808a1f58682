/**
 * Where the page's assets are. Every address derives from this module's own, so that the page works from
 * any folder and any origin; this is the one place that knows the layout.
 */

const base = new URL('./', import.meta.url);

/** The worker's script. */
export const workerAddress = new URL('worker.js', base);

/**
 * One build of the wasm module: its JavaScript glue and its binary.
 * @param {import('./support.js').Build | 'webgpu' | 'media'} build
 */
export function moduleAddresses(build) {
  const folder = new URL(`pkg/${build}/`, base);
  return { glue: new URL('latent_lab.js', folder).href, binary: new URL('latent_lab_bg.wasm', folder) };
}

/**
 * A model file: a shipped model's name, or an address of one's own.
 * @param {string} model
 */
export function modelAddress(model) {
  return isShippedName(model) ? new URL(`models/${model}.safetensors`, base).href : fromPage(model);
}

/**
 * The latents of 500 test images that are stored beside a model.
 * @param {string} model
 */
export function latentsAddress(model) {
  return modelAddress(model).replace(/\.safetensors$/, '') + '.latents.safetensors';
}

/**
 * What figures say in another language than English.
 * @param {string} language
 */
export function textsAddress(language) {
  return new URL(`texts/${language}.json`, base);
}

/** @param {string} model */
function isShippedName(model) {
  return /^[a-z0-9][a-z0-9-]*$/.test(model);
}

/**
 * An address that the page's author wrote is relative to the page.
 * @param {string} address
 */
function fromPage(address) {
  return new URL(address, document.baseURI).href;
}
