/** Sorts files that were dropped together: networks, each with the stored latents that belong to it, and everything else. */

import { say } from '../../state/texts.js';

/**
 * @typedef {{file: File, latents: File | null}} DroppedModel
 * @typedef {import('./images.js').Refusal} Refusal
 */

/** A header is read that far to find what a file says it is. */
const HEAD = 4096;

/**
 * @param {File[]} files
 * @returns {Promise<{models: DroppedModel[], others: File[], refused: Refusal[]}>} latents without their network are refused
 */
export async function sortFiles(files) {
  const ours = files.filter(({ name }) => /\.safetensors$/i.test(name));
  const others = files.filter((file) => !ours.includes(file));
  /** @type {DroppedModel[]} */
  const models = [];
  /** @type {File[]} */
  const latents = [];
  for (const file of ours) {
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
      refused.push({ name: file.name, why: say('it holds stored codes, and their network was not dropped with it') });
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

/** mine.safetensors and mine.latents.safetensors. @param {string} name */
function stem(name) {
  return name.toLowerCase().replace(/(\.latents)?\.safetensors$/, '');
}
