/**
 * Addresses of files that only figures which are fetched late and lenses request, apart from assets.js, so that the first view does not
 * load the list.
 */

import { originalsAddress } from './assets.js';

const digitPictures = new URL('./models/digits.originals.webp', import.meta.url);
const catPictures = new URL('./models/cats.originals.webp', import.meta.url);

/** Test images behind a shipped model's stored latents, ten in a row; see article/originals.mjs and article/pictures.mjs. */
const pictures = new Map([
  ['digits', digitPictures],
  ['digits-plain', digitPictures],
  ['map', digitPictures],
  ['cats', catPictures],
  ['cats-blurred', catPictures],
]);

const trainingDigits = new URL('./models/digits.training.webp', import.meta.url);
const trainingCats = new URL('./models/cats.training.webp', import.meta.url);

/**
 * Latents of training images of a shipped model, and the images, ten in a row in the same order; see docs/training.md.
 * @type {Map<string, (URL | null)[]>} null in a build without them
 */
const training = new Map([
  ['cats', [new URL('./models/cats.training.safetensors', import.meta.url), trainingCats]],
  ['cats-blurred', [new URL('./models/cats-blurred.training.safetensors', import.meta.url), trainingCats]],
  ['digits', [new URL('./models/digits.training.safetensors', import.meta.url), trainingDigits]],
  ['digits-plain', [new URL('./models/digits-plain.training.safetensors', import.meta.url), trainingDigits]],
  [
    'emoji',
    [
      new URL('./models/emoji.training.safetensors', import.meta.url),
      new URL('./models/emoji.training.webp', import.meta.url),
    ],
  ],
  [
    'fashion',
    [
      new URL('./models/fashion.training.safetensors', import.meta.url),
      new URL('./models/fashion.training.webp', import.meta.url),
    ],
  ],
  ['map', [new URL('./models/map.training.safetensors', import.meta.url), trainingDigits]],
]);

/**
 * Address of the test images behind a model's stored latents; null if they are not shipped.
 * @param {string} model
 */
export function picturesAddress(model) {
  return pictures.get(model)?.href ?? originalsAddress(model);
}

/**
 * Addresses of latents of a model's training images, and of the images; null if they are not shipped.
 * @param {string} model
 * @returns {{codes: string | null, pictures: string | null}}
 */
export function trainingPicturesAddresses(model) {
  const [codes, pictures] = training.get(model) ?? [];
  return { codes: codes?.href ?? null, pictures: pictures?.href ?? null };
}
