/**
 * The settings of a training run as text, as the attribute `plan` and addresses have them:
 *
 *     kind: variational; latent: 8; layers: 16 3 2, 32 3 2, 64 3 2; augment: flip, rotate 10
 *
 * What is not named stays as it is; what makes no sense is left out.
 */

import { NO_AUGMENT, within } from './settings.js';

/**
 * @typedef {import('./settings.js').Settings} Settings
 * @typedef {import('../engine.js').ImageShape} ImageShape
 *
 * @typedef {object} Plan
 * @property {Settings} settings
 * @property {ImageShape} shape
 *
 * @typedef {object} Entry
 * @property {(text: string, plan: Plan) => Plan | null} read null where the text makes no sense
 * @property {(plan: Plan) => string} write
 */

/** Changes of a picture, by their names, and the most of each: degrees, and shares of the picture. */
const CHANGES = { rotate: 180, shift: 0.5, zoom: 0.9 };

/** A longer text is not ours. */
const LONGEST = 1_000;

/** @type {Record<string, Entry>} */
const entries = {
  kind: word('kind', ['both', 'variational', 'autoencoder']),
  latent: number('latent', 2, 1024, true),
  layers: {
    read(text, plan) {
      const layers = text.split(',').map(layerOf);
      if (layers.length < 3 || layers.length > 5 || !layers.every((layer) => layer !== null)) return null;
      return withSettings(plan, { layers });
    },
    write: ({ settings }) => settings.layers.map(({ filters, kernel, stride }) => `${filters} ${kernel} ${stride}`).join(', '),
  },
  loss: word('likelihood', ['bernoulli', 'gaussian']),
  beta: number('beta', 0, 100),
  rate: number('learningRate', 1e-5, 0.1),
  batch: number('batch', 1, 1024, true),
  seed: number('seed', 0, 0xffff_ffff, true),
  pace: number('pace', 0.1, 1),
  augment: {
    read(text, plan) {
      const augment = text === 'none' ? null : augmentOf(text);
      return augment === undefined ? null : withSettings(plan, { augment });
    },
    write({ settings: { augment } }) {
      if (!augment) return 'none';
      const names = /** @type {(keyof typeof CHANGES)[]} */ (Object.keys(CHANGES));
      const changes = names.filter((name) => augment[name] > 0).map((name) => `${name} ${augment[name]}`);
      return [...(augment.flip ? ['flip'] : []), ...changes].join(', ') || 'rotate 0';
    },
  },
  copies: number('copies', 1, 1000, true),
  side: {
    read(text, plan) {
      const side = whole(text, 8, 128);
      return side === null ? null : { ...plan, shape: { ...plan.shape, height: side, width: side } };
    },
    write: ({ shape }) => String(shape.width),
  },
  colors: {
    read(text, plan) {
      const channels = { gray: 1, rgb: 3 }[text];
      return channels === undefined ? null : { ...plan, shape: { ...plan.shape, channels } };
    },
    write: ({ shape }) => (shape.channels === 3 ? 'rgb' : 'gray'),
  },
};

/**
 * @param {string} text
 * @param {Plan} base what it is that the text changes
 * @returns {Plan & {wrong: string[]}} `wrong` are the parts that make no sense
 */
export function readPlan(text, base) {
  let plan = base;
  /** @type {string[]} */
  const wrong = [];
  for (const part of text.slice(0, LONGEST).split(';').map((each) => each.trim())) {
    if (part === '') continue;
    const [, name = '', value = ''] = /^([a-z]+)\s*:\s*(.*)$/.exec(part) ?? [];
    const read = Object.hasOwn(entries, name) ? entries[name].read(value, plan) : null;
    if (read) plan = read;
    else wrong.push(part.slice(0, 60));
  }
  return { ...plan, wrong };
}

/**
 * What of a plan differs from its base, as text.
 * @param {Plan} plan
 * @param {Plan} base
 */
export function writePlan(plan, base) {
  return Object.entries(entries)
    .map(([name, { write }]) => [name, write(plan), write(base)])
    .filter(([, now, before]) => now !== before)
    .map(([name, now]) => `${name}: ${now}`)
    .join('; ');
}

/** @param {Plan} plan @param {Partial<Settings>} changed @returns {Plan} */
function withSettings(plan, changed) {
  return { ...plan, settings: { ...plan.settings, ...changed } };
}

/**
 * @param {'kind' | 'likelihood'} name
 * @param {string[]} words
 * @returns {Entry}
 */
function word(name, words) {
  return {
    read: (text, plan) => (words.includes(text) ? withSettings(plan, { [name]: text }) : null),
    write: ({ settings }) => settings[name],
  };
}

/**
 * @param {'latent' | 'beta' | 'learningRate' | 'batch' | 'seed' | 'pace' | 'copies'} name
 * @param {number} low
 * @param {number} high
 * @param {boolean} [isWhole]
 * @returns {Entry}
 */
function number(name, low, high, isWhole = false) {
  return {
    read(text, plan) {
      const value = (isWhole ? whole : within)(text, low, high);
      return value === null ? null : withSettings(plan, { [name]: value });
    },
    // As short as tells it from its neighbors on a slider.
    write: ({ settings }) => String(isWhole ? settings[name] : Number(settings[name].toPrecision(4))),
  };
}

/**
 * @param {string} text
 * @param {number} low
 * @param {number} high
 */
function whole(text, low, high) {
  const value = within(text, low, high);
  return Number.isInteger(value) ? value : null;
}

/** @param {string} text filters, kernel and stride */
function layerOf(text) {
  const [filters, kernel, stride, ...more] = text.trim().split(/\s+/).map((each) => whole(each, 1, 512));
  const isLayer = filters && (kernel === 3 || kernel === 5) && (stride === 1 || stride === 2) && more.length === 0;
  return isLayer ? { filters, kernel, stride } : null;
}

/** @param {string} text @returns {import('./session.js').Augmentation | undefined} */
function augmentOf(text) {
  const augment = { ...NO_AUGMENT };
  for (const part of text.split(',')) {
    const [name, amount, ...more] = part.trim().split(/\s+/);
    if (name === 'flip' && amount === undefined) augment.flip = true;
    else {
      const high = Object.hasOwn(CHANGES, name) ? CHANGES[/** @type {keyof typeof CHANGES} */ (name)] : undefined;
      const value = high === undefined || more.length > 0 ? null : within(amount ?? '', 0, high);
      if (value === null) return undefined;
      augment[/** @type {keyof typeof CHANGES} */ (name)] = value;
    }
  }
  return augment;
}
