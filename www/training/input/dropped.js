/** Sorts files dropped together into networks, each with its stored latents, and other files. */

import { say } from '../../state/texts.js';

/**
 * @typedef {{file: File, latents: File | null}} DroppedModel
 * @typedef {import('./images.js').Refusal} Refusal
 */

/** Number of bytes of a header that are searched for the kind of file. */
const HEAD = 4096;

/**
 * @param {File[]} files
 * @returns {Promise<{models: DroppedModel[], others: File[], refused: Refusal[]}>} latents without their network are refused
 */
export async function sortFiles(files) {
  const tensors = files.filter(({ name }) => /\.safetensors$/i.test(name));
  const others = files.filter((file) => !tensors.includes(file));
  /** @type {DroppedModel[]} */
  const models = [];
  /** @type {File[]} */
  const latents = [];
  for (const file of tensors) {
    if (await holdsLatents(file)) latents.push(file);
    else models.push({ file, latents: null });
  }
  /** @type {Refusal[]} */
  const refused = [];
  for (const file of latents) {
    const own =
      models.find((model) => stem(model.file.name) === stem(file.name)) ??
      (models.length === 1 && latents.length === 1 ? models[0] : undefined);
    if (own && !own.latents) own.latents = file;
    else {
      refused.push({ name: file.name, why: say('it holds stored codes, but their network was not dropped with it') });
    }
  }
  return { models, others, refused };
}

/** @param {File} file */
async function holdsLatents(file) {
  const head = await file.slice(0, HEAD).text();
  return (
    head.includes('latent-lab-latents/') ||
    (!head.includes('latent-lab/') && /\.latents\.safetensors$/i.test(file.name))
  );
}

/** The part of a name that mine.safetensors and mine.latents.safetensors share. @param {string} name */
function stem(name) {
  return name.toLowerCase().replace(/(\.latents)?\.safetensors$/, '');
}
