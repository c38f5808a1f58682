import { say, sayCount, sayNumber } from '../../state/texts.js';
import { FIXED, SAMPLES, PATH } from '../../training/worker/preview.js';
import { sizeOf } from '../../training/page/settings.js';
import { h } from '../parts/dom.js';
import { emit, on } from '../parts/events.js';
import { heading } from '../parts/heading.js';
import { Divergence } from './divergence.js';
import { fromBytes, fromRgba, Mosaic } from './mosaic.js';
import { Plane } from './plane.js';
import { takenForReal } from './verdict-marks.js';

/**
 * @typedef {import('../../training/protocol.js').Preview} Preview
 * @typedef {import('../../training/page/types.js').DataSet} DataSet
 * @typedef {{which: number, index: number}} Point a picture of a panel: the part, and the index there; -1 for none
 */

const titles = () => ({ variational: say('Variational autoencoder'), autoencoder: say('Plain autoencoder') });

/** Columns of the draws: as many as rows. */
const SQUARE = Math.sqrt(SAMPLES);

/**
 * The preview of one network: its draws, which are shown on the stage, and everything else. Emits
 * `point` on its node (detail: the Point under the cursor).
 */
export class Panel {
  #redrawn;
  #samples = new Mosaic({ part: 'samples', columns: SQUARE, isFilling: true });
  #path = new Mosaic({ part: 'way', columns: PATH });
  #divergence = new Divergence();
  #source = h('p', { class: 'name' }, fromCodes(false));
  #sharpness = h('span', { part: 'sharpness' });
  /** A critic's verdicts on the draws, on images and reconstructions, and on the path. */
  #verdicts = [0, 1, 2].map(() => h('p', { class: 'count', part: 'verdict', hidden: true }));
  #plane;
  #data;
  #kind;
  #count;

  /**
   * @param {'variational' | 'autoencoder'} kind
   * @param {number} latent
   * @param {DataSet} data
   */
  constructor(kind, latent, data) {
    this.#kind = kind;
    this.#data = data;
    const { shape, pixels } = data;
    this.#count = pixels.length / sizeOf(shape);
    const isAlone = this.#count === 1;
    this.#redrawn = new Mosaic({ part: 'redrawn', columns: Math.min(FIXED, this.#count) });
    this.#plane = latent === 2 ? new Plane(data) : null;
    this.parts = [this.#redrawn, this.#samples, this.#path];
    const title = titles()[kind];
    this.stage = h(
      'section',
      { class: 'drawn', part: `drawn-${kind}`, 'aria-label': say('{network}: random pictures', { network: title }) },
      headingOf(kind),
      this.#source,
      h('div', {}, this.#samples.node, h('p', { class: 'count' }, this.#sharpness), this.#verdicts[0]),
    );
    this.node = h(
      'section',
      { class: 'train-panel', part: `panel-${kind}`, 'aria-label': title },
      headingOf(kind),
      ...(this.#plane
        ? [block(isAlone ? say('Where the picture lies') : say('Where the pictures lie'), this.#plane.node)]
        : []),
      block(
        isAlone ? say('The picture, with its reconstruction below') : say('Pictures, with their reconstructions below'),
        this.#redrawn.node,
        this.#verdicts[1],
      ),
      // A single picture has no path to another one.
      ...(isAlone ? [] : [block(say('From the first picture to the last'), this.#path.node, this.#verdicts[2])]),
      ...(kind === 'variational' ? [this.#divergence.node] : []),
    );
    this.parts.forEach((mosaic, which) => {
      on(mosaic.node, 'point', (/** @type {number} */ index) => emit(this.node, 'point', { which, index }));
    });
  }

  get plane() {
    return this.#plane;
  }

  /** @param {Point} point of any network's panel */
  mark({ which, index }) {
    this.parts.forEach((mosaic, i) => mosaic.mark(i === which ? index : -1));
  }

  /** @param {Preview} preview */
  show({ fixed, pictures, divergence, codes, sharpness, verdicts, isFitted }) {
    const { shape, pixels, isInk } = this.#data;
    const count = this.#count;
    const original = fromBytes(pixels, shape);
    const network = titles()[this.#kind];
    this.#redrawn.paint(
      shape,
      2 * fixed,
      (index, into) =>
        index < fixed
          ? original(Math.floor((index * count) / fixed), into)
          : fromRgba(pictures, 0)(index - fixed, into),
      {
        label: sayCount(
          fixed,
          'One picture and its reconstruction, {network}',
          '{count} pictures and their reconstructions, {network}',
          { network },
        ),
        isInk,
      },
    );
    this.#samples.paint(shape, SAMPLES, fromRgba(pictures, fixed), {
      label: say('{count} decoded random codes, {network}', { count: SAMPLES, network }),
      isInk,
    });
    this.#path.paint(shape, PATH, fromRgba(pictures, fixed + SAMPLES), {
      label: say('The path between two pictures, {network}', { network }),
      isInk,
    });
    const source = fromCodes(isFitted);
    if (this.#source.textContent !== source) this.#source.textContent = source;
    this.#sharpness.textContent = Number.isFinite(sharpness)
      ? say('Sharpness: {percent}% of the training pictures’', { percent: sayNumber(Math.round(sharpness)) })
      : '';
    this.#judge(fixed, verdicts);
    if (divergence) this.#divergence.show(divergence);
    if (codes) this.#plane?.show(codes);
  }

  /**
   * @param {number} fixed
   * @param {Float32Array | null} verdicts
   */
  #judge(fixed, verdicts) {
    const draws = 2 * fixed;
    const parts = /** @type {const} */ ([
      [this.#samples, draws, draws + SAMPLES],
      [this.#redrawn, 0, draws],
      [this.#path, draws + SAMPLES, draws + SAMPLES + PATH],
    ]);
    parts.forEach(([mosaic, from, to], i) => {
      const some = verdicts?.subarray(from, to) ?? null;
      mosaic.judge(some);
      this.#verdicts[i].hidden = !some;
      if (some) this.#verdicts[i].textContent = i === 1 ? onPairs(some) : onDrawn(some);
    });
  }

  destroy() {
    for (const { width } of this.parts) width.destroy();
  }
}

/**
 * @param {string} name
 * @param {...Node} content
 */
function block(name, ...content) {
  return h('div', { class: 'block' }, h('p', { class: 'name' }, name), ...content);
}

/** @param {boolean} isFitted */
function fromCodes(isFitted) {
  return isFitted ? say('From random codes, spread like the pictures’') : say('From the same random codes each time');
}

/** @param {Float32Array} verdicts */
function onDrawn(verdicts) {
  return say('The critic takes {real} of {count} for real', { real: takenForReal(verdicts), count: verdicts.length });
}

/** @param {Float32Array} verdicts on pictures, and on their reconstructions */
function onPairs(verdicts) {
  const half = verdicts.length / 2;
  return say(
    'The critic takes {pictures} of {count} pictures and {reconstructions} of {count} reconstructions for real',
    {
      pictures: takenForReal(verdicts.subarray(0, half)),
      reconstructions: takenForReal(verdicts.subarray(half)),
      count: half,
    },
  );
}

/** @param {'variational' | 'autoencoder'} kind */
function headingOf(kind) {
  return heading(3, { 'data-kind': kind }, titles()[kind]);
}
