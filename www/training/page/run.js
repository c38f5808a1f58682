/** Describes a run for the worker, for a saved model file, and for the reader. The training controller calls it; it keeps no state. */

import { retell, say, sayNumber } from '../../state/texts.js';
import { measuredPart, trainingPart } from '../input/held-out.js';
import { configsOf, NO_AUGMENT, sizeOf } from './settings.js';
import { creditOf } from './start.js';

/** @typedef {import('./record.js').Run} Run */

/** Number of images whose latents are stored beside a network. */
const STORED = 500;

/**
 * The run config and the run settings, as the command `create` takes them.
 * @param {Run} run
 * @returns {import('../protocol.js').CreateArgs}
 */
export function createArgsOf({ settings, data, start }) {
  const { beta, learningRate, fall, pace, threads, critic, until = 0, seed, batch, augment, counts } = settings;
  const config = {
    configs: configsOf(settings, data.shape),
    seed,
    batch,
    augment: augment ?? NO_AUGMENT,
    pixels: trainingPart(data).pixels,
    heldOut: measuredPart(data),
    copies: augment ? settings.copies : 1,
    start: start?.file,
    ...(counts && { counts }),
  };
  return { config, settings: { beta, learningRate, fall, pace, threads, critic, until } };
}

/**
 * The card of a saved network.
 * @param {Run} run
 * @param {number} steps taken so far
 * @param {number[]} critic steps at which a critic was added, removed and so on
 */
export function cardOf({ settings, data, start }, steps, critic) {
  const { seed, beta } = settings;
  const card = { name: 'trained in a browser', data: data.name, seed, steps, beta };
  const { notes, ...credit } = start ? creditOf(start) : { notes: '' };
  const all = [notes, critic.length > 0 ? noteOf(critic) : ''].filter(Boolean).join('; ');
  return { ...card, ...credit, ...(all && { notes: all }) };
}

/** @param {number[]} critic steps at which it was added, removed and so on */
function noteOf(critic) {
  const spans = critic.filter((_, i) => i % 2 === 0).map((from, i) => [from, critic[2 * i + 1]]);
  const words = spans.map(([from, to]) => (to === undefined ? `from step ${from}` : `from step ${from} to step ${to}`));
  return `trained against a critic ${words.join(' and ')}`;
}

/**
 * Everything else that is saved with a network's weights and latents: its config, and the labels of the latents' images.
 * @param {Run} run
 * @param {number} which index of the network
 */
export function companionsOf({ settings, ...run }, which) {
  const data = trainingPart(run.data);
  const count = Math.min(STORED, data.pixels.length / sizeOf(data.shape));
  return {
    count,
    labels: data.labels?.slice(0, count) ?? null,
    originals: data.pixels.subarray(0, count * sizeOf(data.shape)),
    config: configsOf(settings, data.shape)[which],
  };
}

/**
 * Tells the reader what a new run is waiting for.
 * @param {import('../protocol.js').Creation} creation
 */
export function describeCreation({ stage, done, of }) {
  if (stage === 'opening') return say('WebGPU is being started…');
  if (stage === 'comparing') {
    return say('WebGPU takes its first steps, to be compared with the CPU: {done} of {of}…', { done, of });
  }
  return say('Making the networks: {done} of {of}…', { done, of });
}

/**
 * Tells the reader what happened to a run whose worker is gone.
 * @param {Error & {device?: string}} failure with a `device` unless it was the CPU's worker
 * @param {number} at step of the last snapshot
 * @param {boolean} isGivenUp true if the run waits for the reader
 */
export function describeLoss({ message, device }, at, isGivenUp) {
  const values = { why: retell(message), step: sayNumber(at) };
  if (device) return say('The GPU failed ({why}). The run continues from step {step} on the CPU.', values);
  return isGivenUp
    ? say('The worker was lost ({why}). The run is kept at step {step}; “Continue” tries again.', values)
    : say('The worker was lost ({why}). The run continues from step {step}.', values);
}
