import { StartPicker } from './start-picker.js';

/**
 * @typedef {import('../../engine/types.js').ImageShape} ImageShape
 * @typedef {import('../../training/page/requests.js').Request} Request
 * @typedef {import('../../training/page/settings.js').Settings} Settings
 * @typedef {import('../../training/page/start.js').StartInfo} StartInfo
 */

/** Highest learning rate for a trained network, which would forget with a higher one. */
const TRAINED = 0.001;

/** The network that the next run starts from, and the reader's choice of it. */
export class StartNetwork {
  picker = new StartPicker();
  #request;
  #settings;
  /** @type {StartInfo | null} null for random weights */
  #network = null;
  /** Number of choices by the reader. */
  #choice = 0;

  /**
   * @param {Request} request
   * @param {Settings} settings shared with the figure
   */
  constructor(request, settings) {
    this.#request = request;
    this.#settings = settings;
  }

  /** Its weights and its name; undefined for random weights. */
  get start() {
    return this.#network?.start;
  }

  /** Shows the start of a run of an earlier visit. @param {StartInfo | null} network */
  restore(network) {
    this.#network = network;
    if (network) this.picker.show(network.start);
  }

  /**
   * Reads a network. Settings that the reader changes before the file has arrived are kept; if they differ from the network's, or another
   * network was chosen, the file is dropped.
   * @param {import('./start-picker.js').Source} source
   * @returns {Promise<{settings?: Settings, shape?: ImageShape, problem?: string}>} settings and shape for the run, if it starts from
   *   there
   */
  async choose(source) {
    const choice = ++this.#choice;
    const before = { ...this.#settings };
    const { value, problem } = await this.#request('readStart', source);
    if (choice !== this.#choice) return {};
    const rate = { learningRate: Math.min(TRAINED, before.learningRate), fall: 0 };
    const settings = { ...before, ...value?.settings, ...rate, ...changesOf(before, this.#settings) };
    if (!value || !isOf(value, settings)) {
      this.drop();
      return { problem };
    }
    this.#network = value;
    this.picker.set(value.start.name);
    return { settings, shape: value.shape };
  }

  /** Goes back to random weights. */
  drop() {
    this.#choice += 1;
    this.#network = null;
    this.picker.set('');
  }

  /**
   * Drops the network if a run with these settings or images cannot start from it.
   * @param {Settings} settings
   * @param {ImageShape} shape
   */
  dropUnlessFits(settings, shape) {
    if (this.#network && !(isOf(this.#network, settings) && hasShape(this.#network, shape))) this.drop();
  }
}

/**
 * The settings that differ from the network's.
 * @param {Settings} before
 * @param {Settings} now
 * @returns {Partial<Settings>} as they are now
 */
export function changesOf(before, now) {
  const was = new Map(Object.entries(before));
  return Object.fromEntries(
    Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(was.get(name))),
  );
}

/**
 * True if a run with these settings can start from the network.
 * @param {StartInfo} network
 * @param {Settings} now
 */
function isOf({ settings: { layers, latent, likelihood } }, now) {
  return JSON.stringify([layers, latent, likelihood]) === JSON.stringify([now.layers, now.latent, now.likelihood]);
}

/**
 * @param {StartInfo} network
 * @param {ImageShape} now
 */
function hasShape({ shape }, now) {
  return shape.channels === now.channels && shape.height === now.height && shape.width === now.width;
}
