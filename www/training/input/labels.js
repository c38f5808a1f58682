/**
 * Finds the images that a file of labels belongs to, and gives them their labels. The collection of images calls it; it must not read
 * files.
 */

import { say, sayNumber } from '../../state/texts.js';
import { reasonOf } from './rendering.js';

/**
 * @typedef {object} Origin the IDX file that images are from
 * @property {string} name
 * @property {number} count number of images in the file, some of which may have been removed
 *
 * @typedef {{name: string, count: number, values: Uint8Array}} LabelFile `values` has the first labels of the file's `count`
 *
 * @typedef {{images: string, labels: string, count: number}} Labeled a file of images, and how many of them got labels from which file
 */

/** The classes that figures have colors and buttons for. */
const MOST_CLASSES = 10;

/**
 * Gives labels to the images of their file, except removed ones.
 * @param {import('./images.js').Item[]} items changed in place
 * @param {LabelFile[]} files
 */
export function giveLabels(items, files) {
  /** @type {Labeled[]} */
  const labeled = [];
  /** @type {import('./images.js').Refusal[]} */
  const refused = [];
  const here = [...new Set(items.flatMap(({ origin }) => (origin ? [origin] : [])))];
  for (const file of files) {
    const { name, values } = file;
    try {
      const origins = originsOf(file, here);
      const own = items.filter(({ origin, index }) => origin && origins.includes(origin) && index < values.length);
      for (const item of own) item.label = values[item.index];
      labeled.push({ images: origins[0].name, labels: name, count: own.length });
    } catch (error) {
      refused.push({ name, why: reasonOf(error) });
    }
  }
  return { labeled, refused };
}

/**
 * Finds the file of images that labels belong to: the one of the same name, or else the only one with as many images.
 * @param {LabelFile} labels
 * @param {Origin[]} origins files of images
 * @returns {Origin[]} one, or several that are the same file
 * @throws {Error} if none fits, with the reason
 */
function originsOf({ name, count, values }, origins) {
  if (origins.length === 0) {
    throw new Error(say('it holds labels, but there are no pictures yet that they could belong to'));
  }
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  if (largest >= MOST_CLASSES) {
    throw new Error(
      say(
        'its labels go up to {largest}, but this page only knows the classes 0 to 9; the pictures stay without labels',
        {
          largest,
        },
      ),
    );
  }
  const own = origins.filter((origin) => stem(origin.name) === stem(name));
  const fitting = (own.length > 0 ? own : origins).filter((origin) => origin.count === count);
  const names = new Set(fitting.map((origin) => origin.name));
  if (names.size > 1) {
    throw new Error(
      say('several files hold as many pictures as it has labels ({count}): {names}', {
        count: sayNumber(count),
        names: [...names].join(', '),
      }),
    );
  }
  if (names.size === 1) return fitting;
  const others = (own.length > 0 ? own : origins).map((origin) => `${origin.name} (${sayNumber(origin.count)})`);
  throw new Error(
    say('no file here holds as many pictures as it has labels ({count}): {names}', {
      count: sayNumber(count),
      names: [...new Set(others)].join(', '),
    }),
  );
}

/**
 * The part of a name that images share with their labels: train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.
 * @param {string} name
 */
function stem(name) {
  return name
    .toLowerCase()
    .replace(/\.gz$/, '')
    .replace(/images?|labels?/, '')
    .replace(/idx[13]/, '');
}
