import { toByte } from '../../pixels.js';
import { written } from '../../state/texts.js';
import { h, svg } from '../parts/dom.js';
import { contextOf } from '../parts/pictures.js';
import { contour, labelPlaces, valueAt } from './contours.js';

/** @typedef {import('./levels.js').Field} Field */

/** Pixels of the canvas in a row. */
const PIXELS = 256;

/** Red, green and blue in either scheme, and the largest opacity over the plane. */
const COLOR = [124, 58, 237];
const STRONGEST = 0.72;

/**
 * The strength of each band between contours, from the one without paint to the strongest.
 * @param {number} count
 */
export function strengths(count) {
  return Array.from({ length: count }, (_, i) => (count > 1 ? (STRONGEST * i) / (count - 1) : 0));
}

/** @param {number} strength */
export function colorOf(strength) {
  return `rgb(${COLOR.join(' ')} / ${strength.toFixed(3)})`;
}

/** A field painted over the plane: bands of more or less paint, with labeled contours between them. */
export class Overlay {
  canvas = h('canvas', { role: 'img', part: 'lens-field', width: PIXELS, height: PIXELS });
  #lines = svg('svg', { class: 'lens-lines', viewBox: '0 0 1 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  #labels = svg('svg', { class: 'lens-labels', 'aria-hidden': 'true' });
  node = h('div', { class: 'lens-overlay', hidden: true }, this.canvas, this.#lines, this.#labels);

  /**
   * @param {Field} field
   * @param {number[]} levels ascending
   * @param {boolean} isHighClear true if the highest values are left without paint, as those of a density are
   * @param {string} label
   */
  show(field, levels, isHighClear, label) {
    const bands = strengths(levels.length + 1);
    if (isHighClear) bands.reverse();
    this.#paint(field, levels, bands);
    const contours = levels.map((level) => contour(field, level));
    const places = labelPlaces(contours);
    this.#lines.replaceChildren(
      ...contours.map((segments) =>
        svg('path', { d: segments.map(([from, to]) => `M${pair(from)}L${pair(to)}`).join('') }),
      ),
    );
    const texts = places.flatMap((place, i) => {
      if (!place) return [];
      const [x, y] = place.map((share) => `${(100 * share).toFixed(2)}%`);
      const text = svg('text', { x, y });
      text.textContent = writtenLevel(levels[i]);
      return [text];
    });
    this.#labels.replaceChildren(...texts);
    this.canvas.setAttribute('aria-label', label);
    this.node.hidden = false;
  }

  /**
   * @param {Field} field
   * @param {number[]} levels
   * @param {number[]} bands
   */
  #paint(field, levels, bands) {
    const image = new ImageData(PIXELS, PIXELS);
    for (let y = 0; y < PIXELS; y++) {
      for (let x = 0; x < PIXELS; x++) {
        const value = valueAt(field, (x + 0.5) / PIXELS, (y + 0.5) / PIXELS);
        const band = levels.filter((level) => value >= level).length;
        image.data.set([...COLOR, toByte(bands[band])], 4 * (y * PIXELS + x));
      }
    }
    contextOf(this.canvas)?.putImageData(image, 0, 0);
  }
}

/** @param {[number, number]} point */
function pair(point) {
  return point.map((share) => share.toFixed(4)).join(' ');
}

/** A level without the digits that its step does not need. @param {number} level */
export function writtenLevel(level) {
  return written(String(Number(level.toPrecision(4))));
}
