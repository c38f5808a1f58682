/** Shows the visitor's model files in the figures of the page. The training controller calls it. */

import { latentsAddress, modelAddress } from '../../assets.js';
import { toRgba } from '../../pixels.js';
import { say } from '../../state/texts.js';
import { newName, show } from '../input/sources.js';

/**
 * @typedef {import('../input/sources.js').Made} Made
 * @typedef {{file: string, name: string, figures: string[]}} Used a model file, its name with its latents', and the figures that show it
 */

/** Number of latents that are drawn at random if there are no images to encode. */
const DRAWN = 300;

/** Number of classes that figures have colors and buttons for. */
const MOST_CLASSES = 10;

/**
 * Images whose latents stand in for stored ones.
 * @typedef {{pixels: Uint8Array, labels: Uint8Array | null, shape: import('../../engine/types.js').ImageShape}} Pictures
 */

/**
 * Shows model files in the other figures of the page: one, or two that differ only in weights and kind.
 * @param {import('../../engine/engine.js').Engine} engine
 * @param {import('../input/dropped.js').DroppedModel[]} models
 * @param {Pictures} pictures
 * @returns {Promise<{used: Used[], refused: import('../input/images.js').Refusal[]}>}
 */
export async function adopt(engine, models, pictures) {
  /** @type {Made[]} */
  const networks = [];
  /** @type {Used[]} */
  const used = [];
  /** @type {import('../input/images.js').Refusal[]} */
  const refused = [];
  for (const { file, latents } of models) {
    try {
      const { network, problem } = await read(engine, file, latents, pictures);
      if (problem && latents) refused.push({ name: latents.name, why: problem });
      if (networks.length > 0 && !isTwin(networks, network)) {
        throw new Error(say('another network was dropped with it, and only two of the same size are shown together'));
      }
      networks.push(network);
      const name =
        latents && !problem ? say('{file} with {latents}', { file: file.name, latents: latents.name }) : file.name;
      used.push({ file: file.name, name, figures: [] });
    } catch (error) {
      refused.push({ name: file.name, why: reasonOf(error) });
    }
  }
  const figures = networks.length > 0 ? show(engine, networks) : [];
  // Only figures that compare two networks show the second one.
  used.forEach((each, i) => (each.figures = i === 0 ? figures : figures.filter((figure) => figure === 'samples')));
  return { used, refused };
}

/**
 * @param {import('../../engine/engine.js').Engine} engine
 * @param {File} file
 * @param {File | null} latents
 * @param {Pictures} pictures
 * @returns {Promise<{network: Made, problem: string}>} `problem` with the latents, which are then left out
 */
async function read(engine, file, latents, pictures) {
  const { config } = await engine.inspect(file);
  let problem = '';
  const given = latents && (await storedIn(engine, latents, config).catch((error) => void (problem = reasonOf(error))));
  const stored = given || (await codesOf(engine, file, config, pictures));
  return { network: { file: new Uint8Array(await file.arrayBuffer()), config, stored }, problem };
}

/** @param {unknown} error */
function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param {import('../../engine/engine.js').Engine} engine
 * @param {File} file
 * @param {import('../../engine/types.js').ModelConfig} config
 * @returns {Promise<import('../../engine/types.js').StoredLatents>}
 */
async function storedIn(engine, file, config) {
  const { latent, mean, labels } = await engine.readLatents(file);
  if (latent !== config.latent) {
    throw new Error(
      say('its codes have {count} numbers, but those of the network have {expected}', {
        count: latent,
        expected: config.latent,
      }),
    );
  }
  return { latent, mean, labels: labels?.some((label) => label >= MOST_CLASSES) ? null : labels, own: 'pictures' };
}

/**
 * Makes latents for a network without stored ones: of images that have its shape, or at random.
 * @param {import('../../engine/engine.js').Engine} engine
 * @param {File} file
 * @param {import('../../engine/types.js').ModelConfig} config
 * @param {Pictures} pictures
 * @returns {Promise<import('../../engine/types.js').StoredLatents>}
 */
async function codesOf(engine, file, { image, latent }, { pixels, labels, shape }) {
  const fits =
    pixels.length > 0 &&
    shape.channels === image.channels &&
    shape.height === image.height &&
    shape.width === image.width;
  if (!fits) {
    return {
      latent,
      mean: await engine.draws({ seed: 1, stream: 0, count: DRAWN * latent }),
      labels: null,
      own: 'draws',
    };
  }
  const size = image.channels * image.height * image.width;
  const count = Math.min(DRAWN, pixels.length / size);
  const name = newName('dropped');
  const address = modelAddress(name);
  engine.provide(address, file, latentsAddress(name), {
    latent: 0,
    mean: new Float32Array(),
    labels: new Uint8Array(),
  });
  const { mean } = await engine.encode(address, toRgba(pixels.subarray(0, count * size), image));
  const originals = pixels.subarray(0, count * size);
  return { latent, mean, labels: labels?.slice(0, count) ?? null, originals, own: 'pictures' };
}

/**
 * True if a network can be shown beside the first one.
 * @param {Made[]} networks
 * @param {Made} other
 */
function isTwin([{ config }, ...more], other) {
  const size = (/** @type {import('../../engine/types.js').ModelConfig} */ { image, latent }) =>
    [image.channels, image.height, image.width, latent].join();
  return more.length === 0 && size(config) === size(other.config);
}
