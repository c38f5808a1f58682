/**
 * Reads and writes an experiment as text, in the form of the attribute `plan` and of links:
 *
 *     sizes: 2 8 32; steps: 500; pictures: fashion; seed: 3
 *
 * `counts: 150 2000` is for the other experiment. Everything else is as in other training runs; see training/page/run-config.js.
 */

import { readRunConfig, writeRunConfig } from '../../../training/page/run-config.js';
import { within } from '../../../training/page/settings.js';
import { experiments, MODELS } from './experiments.js';

/** @typedef {import('./experiments.js').Experiment} Experiment */

/** Most networks of an experiment, the range of their latent sizes, and of their numbers of pictures. */
const MOST = 6;
export const SIZES = /** @type {const} */ ([2, 256]);
export const COUNTS = /** @type {const} */ ([1, 10_000]);
export const STEPS = /** @type {const} */ ([1, 20_000]);

/** @type {Record<string, (text: string, plan: Experiment) => Experiment | null>} null if the text is invalid */
const readers = {
  sizes(text, plan) {
    const sizes = plan.settings.sizes && ascending(text, SIZES);
    return sizes ? withSettings(plan, { sizes }) : null;
  },
  counts(text, plan) {
    const counts = plan.settings.counts && ascending(text, COUNTS);
    return counts ? { ...withSettings(plan, { counts }), train: Math.max(...counts) } : null;
  },
  steps(text, plan) {
    const until = wholeNumber(text, STEPS);
    return until === null ? null : withSettings(plan, { until });
  },
  pictures: (text, plan) => (MODELS.includes(text) ? { ...plan, model: text } : null),
};

/**
 * @param {string} text
 * @param {Experiment['name']} name
 * @returns {Experiment & {wrong: string[]}} `wrong` has the invalid parts
 */
export function readPlan(text, name) {
  let plan = experiments[name]();
  const others = [];
  const wrong = [];
  for (const part of text.split(';').map((each) => each.trim())) {
    const [, key = '', value = ''] = /^([a-z]+)\s*:\s*(.*)$/.exec(part) ?? [];
    if (!Object.hasOwn(readers, key)) {
      if (part) others.push(part);
      continue;
    }
    const read = readers[key](value, plan);
    if (read) plan = read;
    else wrong.push(part.slice(0, 60));
  }
  const run = readRunConfig(others.join('; '), plan);
  // Networks of an experiment are all of one kind, and the experiment decides what is held out.
  const kind = run.settings.kind === 'both' ? plan.settings.kind : run.settings.kind;
  const { sizes, counts, until } = plan.settings;
  return {
    ...plan,
    shape: run.shape,
    settings: { ...run.settings, sizes, counts, until, kind, held: 0 },
    wrong: [...wrong, ...run.wrong],
  };
}

/**
 * Writes the differences from the prepared experiment.
 * @param {Experiment} plan
 */
export function writePlan(plan) {
  const base = experiments[plan.name]();
  const own = (/** @type {Experiment} */ { settings: { sizes, counts, until }, model }) => ({
    ...(sizes && { sizes: sizes.join(' ') }),
    ...(counts && { counts: counts.join(' ') }),
    ...{ steps: String(until), pictures: model },
  });
  const before = /** @type {Record<string, string>} */ (own(base));
  const changed = Object.entries(own(plan)).filter(([key, value]) => value !== before[key]);
  return [...changed.map(([key, value]) => `${key}: ${value}`), writeRunConfig(plan, base)].filter(Boolean).join('; ');
}

/** @param {Experiment} plan @param {Partial<import('../../../training/page/settings.js').Settings>} changed @returns {Experiment} */
function withSettings(plan, changed) {
  return { ...plan, settings: { ...plan.settings, ...changed } };
}

/**
 * Up to `MOST` different whole numbers in ascending order.
 * @param {string} text
 * @param {readonly [number, number]} range
 */
function ascending(text, range) {
  const words = text.split(/[\s,]+/, MOST + 1).filter(Boolean);
  const numbers = words.map((word) => wholeNumber(word, range) ?? NaN);
  if (words.length === 0 || words.length > MOST || numbers.some(Number.isNaN)) return null;
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** @param {string} text @param {readonly [number, number]} range */
function wholeNumber(text, [low, high]) {
  const value = within(text, low, high);
  return Number.isInteger(value) ? value : null;
}
