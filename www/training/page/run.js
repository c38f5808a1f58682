/** A run as others need it: the worker, the file of one of its networks, and its reader when the worker is lost. */

import { retell, say, sayNumber } from '../../state/texts.js';
import { configsOf, NO_AUGMENT, sizeOf } from './settings.js';
import { creditOf } from './start.js';

/** @typedef {import('./record.js').Run} Run */

/** Pictures whose codes are stored beside a network. */
const STORED = 500;

/**
 * The run config and run settings, for the worker.
 * @param {Run} run
 */
export function planOf({ settings, data, start }) {
  const { beta, learningRate, pace, seed, batch, augment } = settings;
  const copies = augment ? settings.copies : 1;
  const plan = {
    configs: configsOf(settings, data.shape),
    seed,
    batch,
    augment: augment ?? NO_AUGMENT,
    pixels: data.pixels,
    copies,
    start: start?.file,
  };
  return { plan, knobs: { beta, learningRate, pace } };
}

/**
 * The card of a network's file.
 * @param {Run} run
 * @param {number} steps that were taken
 */
export function cardOf({ settings, data, start }, steps) {
  const { seed, beta } = settings;
  return { name: 'trained in a browser', data: data.name, seed, steps, beta, ...(start && creditOf(start)) };
}

/**
 * The parts of one network's product that the page knows: its config, and how many pictures' codes and labels go with it.
 * @param {Run} run
 * @param {number} which
 */
export function productOf({ settings, data }, which) {
  const count = Math.min(STORED, data.pixels.length / sizeOf(data.shape));
  return { count, labels: data.labels?.slice(0, count) ?? null, config: configsOf(settings, data.shape)[which] };
}

/**
 * Says what a run that begins is waiting for.
 * @typedef {{stage: 'opening' | 'comparing' | 'networks', done: number, of: number}} Making
 * @param {Making} making
 */
export function makingOf({ stage, done, of }) {
  if (stage === 'opening') return say('WebGPU is being started…');
  if (stage === 'comparing') {
    return say('WebGPU takes its first steps, to be compared with the CPU: {done} of {of}…', { done, of });
  }
  return say('Making the networks: {done} of {of}…', { done, of });
}

/**
 * Says what became of a run whose worker is gone.
 * @param {Error & {device?: string}} failure `device` where it was not the CPU's
 * @param {number} at the step of the last moment
 * @param {boolean} isGivenUp whether the run waits for the reader
 */
export function lossOf({ message, device }, at, isGivenUp) {
  const values = { why: retell(message), step: sayNumber(at) };
  if (device) return say('The GPU failed ({why}). The run goes on from step {step} on the CPU.', values);
  return isGivenUp
    ? say('The worker was lost ({why}). The run is kept at step {step}; “Continue” tries again.', values)
    : say('The worker was lost ({why}). The run goes on from step {step}.', values);
}
