/**
 * Reads and writes the settings of a training run as text, as the attribute `plan` and links have them:
 *
 *     preset: quick; kind: variational; latent: 8; layers: 16 3 2, 32 3 2, 64 3 2; augment: flip, rotate 10
 *
 * Missing parts have the preset's values; invalid parts are ignored. A text without a preset is older than presets and changes `article`,
 * the default of its time; in a prepared figure it changes that figure's own settings. A text with `rate` and without `fall` may be older
 * than learning rates that fall, so its rate does not.
 */

import { NO_AUGMENT, presets, within } from './settings.js';

/**
 * @typedef {import('./settings.js').Settings} Settings
 * @typedef {import('../../engine/types.js').ImageShape} ImageShape
 *
 * @typedef {object} FigureConfig everything that a text can set
 * @property {Settings} settings
 * @property {ImageShape} shape
 *
 * @typedef {FigureConfig & {preset?: import('./settings.js').PresetName}} Base settings that a text changes; if they are a preset, the
 *   text may name another
 *
 * @typedef {object} Entry
 * @property {(text: string, config: FigureConfig) => FigureConfig | null} read null if the text is invalid
 * @property {(config: FigureConfig) => string} write
 */

/** Largest augmentations, by name: degrees, and shares of the image. */
const CHANGES = { rotate: 180, shift: 0.5, zoom: 0.9 };

/** Most characters that are read of a text. */
const LONGEST = 1_000;

/** @type {Record<string, Entry>} */
const entries = {
  kind: word('kind', ['both', 'variational', 'autoencoder']),
  latent: number('latent', 2, 1024, true),
  layers: {
    read(text, config) {
      const layers = text.split(',').map(layerOf);
      if (layers.length < 3 || layers.length > 5 || !layers.every((layer) => layer !== null)) return null;
      return withSettings(config, { layers });
    },
    write: ({ settings }) =>
      settings.layers.map(({ filters, kernel, stride }) => `${filters} ${kernel} ${stride}`).join(', '),
  },
  loss: word('likelihood', ['bernoulli', 'gaussian']),
  beta: number('beta', 0, 100),
  rate: number('learningRate', 1e-5, 0.1),
  fall: number('fall', 0, 1_000_000, true),
  batch: number('batch', 1, 1024, true),
  seed: number('seed', 0, 0xffff_ffff, true),
  pace: number('pace', 0.1, 1),
  threads: number('threads', 0, 8, true),
  critic: number('critic', 0, 1_000_000, true),
  augment: {
    read(text, config) {
      const augment = text === 'none' ? null : augmentOf(text);
      return augment === undefined ? null : withSettings(config, { augment });
    },
    write({ settings: { augment } }) {
      if (!augment) return 'none';
      const names = /** @type {(keyof typeof CHANGES)[]} */ (Object.keys(CHANGES));
      const changes = names.filter((name) => augment[name] > 0).map((name) => `${name} ${augment[name]}`);
      return [...(augment.flip ? ['flip'] : []), ...changes].join(', ') || 'rotate 0';
    },
  },
  copies: number('copies', 1, 1000, true),
  held: number('held', 0, 0.5),
  side: {
    read(text, config) {
      const side = whole(text, 8, 128);
      return side === null ? null : { ...config, shape: { ...config.shape, height: side, width: side } };
    },
    write: ({ shape }) => String(shape.width),
  },
  colors: {
    read(text, config) {
      const channels = { gray: 1, rgb: 3 }[text];
      return channels === undefined ? null : { ...config, shape: { ...config.shape, channels } };
    },
    write: ({ shape }) => (shape.channels === 3 ? 'rgb' : 'gray'),
  },
};

/**
 * @param {string} text
 * @param {Base} base
 * @returns {FigureConfig & {wrong: string[]}} `wrong` has the invalid parts
 */
export function readRunConfig(text, base) {
  const parts = text
    .slice(0, LONGEST)
    .split(';')
    .map((each) => each.trim())
    .filter(Boolean);
  const named = parts.map(presetOf).find(Boolean);
  const isOld = base.preset && parts.length > 0;
  let config = { settings: named || isOld ? presets[named ?? 'article']() : base.settings, shape: base.shape };
  /** @type {string[]} */
  const wrong = [];
  const set = new Set();
  for (const part of parts) {
    if (presetOf(part)) continue;
    const [, name = '', value = ''] = /^([a-z]+)\s*:\s*(.*)$/.exec(part) ?? [];
    const read = Object.hasOwn(entries, name) ? entries[name].read(value, config) : null;
    if (read) {
      config = read;
      set.add(name);
    } else wrong.push(part.slice(0, 60));
  }
  if (set.has('rate') && !set.has('fall')) config = withSettings(config, { fall: 0 });
  return { ...config, wrong };
}

/**
 * Writes the parts that differ from the base or, if the base is a preset, from the preset with the fewest differences.
 * @param {FigureConfig} config
 * @param {Base} base
 */
export function writeRunConfig(config, base) {
  if (!base.preset) return differences(config, base).join('; ');
  const texts = /** @type {import('./settings.js').PresetName[]} */ (Object.keys(presets)).map((name) => {
    const changed = differences(config, { settings: presets[name](), shape: base.shape });
    return name === base.preset && changed.length === 0 ? '' : [`preset: ${name}`, ...changed].join('; ');
  });
  return texts.reduce((shortest, text) => (text.length < shortest.length ? text : shortest));
}

/**
 * Finds the preset that has these settings.
 * @param {Settings} settings
 * @returns {import('./settings.js').PresetName | null}
 */
export function presetFor(settings) {
  const shape = { channels: 1, height: 28, width: 28 };
  const names = /** @type {import('./settings.js').PresetName[]} */ (Object.keys(presets));
  return (
    names.find((name) => differences({ settings, shape }, { settings: presets[name](), shape }).length === 0) ?? null
  );
}

/** @param {string} part */
function presetOf(part) {
  const [, name] = /^preset\s*:\s*([a-z]+)$/.exec(part) ?? [];
  return name && Object.hasOwn(presets, name) ? /** @type {import('./settings.js').PresetName} */ (name) : null;
}

/**
 * @param {FigureConfig} config
 * @param {FigureConfig} base
 */
function differences(config, base) {
  const hasOwnRate = entries.rate.write(config) !== entries.rate.write(base);
  return Object.entries(entries)
    .map(([name, { write }]) => ({ name, now: write(config), before: write(base) }))
    .filter(({ name, now, before }) => now !== before || (name === 'fall' && hasOwnRate && now !== '0'))
    .map(({ name, now }) => `${name}: ${now}`);
}

/** @param {FigureConfig} config @param {Partial<Settings>} changed @returns {FigureConfig} */
function withSettings(config, changed) {
  return { ...config, settings: { ...config.settings, ...changed } };
}

/**
 * @param {'kind' | 'likelihood'} name
 * @param {string[]} words
 * @returns {Entry}
 */
function word(name, words) {
  return {
    read: (text, config) => (words.includes(text) ? withSettings(config, { [name]: text }) : null),
    write: ({ settings }) => settings[name],
  };
}

/**
 * @param {'latent' | 'beta' | 'learningRate' | 'fall' | 'batch' | 'seed' | 'pace' | 'threads' | 'critic' | 'copies' | 'held'} name
 * @param {number} low
 * @param {number} high
 * @param {boolean} [isWhole]
 * @returns {Entry}
 */
function number(name, low, high, isWhole = false) {
  return {
    read(text, config) {
      const value = (isWhole ? whole : within)(text, low, high);
      return value === null ? null : withSettings(config, { [name]: value });
    },
    // Four digits tell a value from its neighbors on a slider.
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
  const [filters, kernel, stride, ...more] = text
    .trim()
    .split(/\s+/)
    .map((each) => whole(each, 1, 512));
  const isLayer = filters && (kernel === 3 || kernel === 5) && (stride === 1 || stride === 2) && more.length === 0;
  return isLayer ? { filters, kernel, stride } : null;
}

/** @param {string} text @returns {import('../protocol.js').Augmentation | undefined} */
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
