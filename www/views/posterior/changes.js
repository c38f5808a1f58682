import { toByte, toValue } from '../../pixels.js';
import { say, written } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { contextOf, Picture } from '../parts/pictures.js';

/** Color of changes: visible on paper, on black and on photographs. */
const COLOR = [230, 60, 30];

/** Opacity at the largest change. */
const OPAQUE = 0.9;

/** Deviation below which nothing is painted: less than a step of a byte. */
const NOTHING = toValue(0.5);

/** The decoded mean, painted over where pictures of different draws differ. */
export class Changes {
  #picture = new Picture({ 'aria-hidden': 'true' });
  #paint = h('canvas', { class: 'paint', role: 'img', part: 'changes', 'aria-label': say('Not decoded yet') });
  #text = h('p', { class: 'help', part: 'changes-text', role: 'status' });

  /** The deviations alone as a gray picture, for export. */
  gray = h('canvas');

  constructor() {
    const frame = h('div', { class: 'painted' }, this.#picture.node, this.#paint);
    this.node = h('div', {}, frame, h('p', { class: 'under' }, say('What changes')));
  }

  get text() {
    return this.#text;
  }

  /**
   * Shows another decoded mean, without paint until its deviations are known.
   * @param {import('../../engine/engine.js').ImageShape} image
   * @param {Uint8ClampedArray} mean RGBA
   */
  begin(image, mean) {
    this.#picture.paint(image, mean);
    for (const canvas of [this.#paint, this.gray]) contextOf(canvas)?.clearRect(0, 0, canvas.width, canvas.height);
    this.#paint.setAttribute('aria-label', say('Not decoded yet'));
  }

  /**
   * @param {import('../../engine/engine.js').ImageShape} image
   * @param {Float32Array} deviation of each pixel
   */
  show(image, deviation) {
    const most = deviation.reduce((all, value) => Math.max(all, value), 0);
    const share = deviation.map((value) => (most > NOTHING ? value / most : 0));
    put(this.#paint, image, (pixel) => [...COLOR, toByte(OPAQUE * share[pixel])]);
    put(this.gray, image, (pixel) => [...Array(3).fill(toByte(share[pixel])), 255]);
    const average = deviation.reduce((sum, value) => sum + value, 0) / deviation.length;
    const amounts = { most: written(most.toFixed(2)), average: written(average.toFixed(3)) };
    const text =
      most > NOTHING
        ? say('A pixel’s deviation is up to {most}, and {average} on average; black to white is 1.', amounts)
        : say('No pixel changes.');
    this.#text.textContent = text;
    this.#paint.setAttribute('aria-label', `${say('What changes from draw to draw')}. ${text}`);
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import('../../engine/engine.js').ImageShape} image
 * @param {(pixel: number) => number[]} colorOf RGBA
 */
function put(canvas, { width, height }, colorOf) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pixels = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) pixels.data.set(colorOf(pixel), 4 * pixel);
  contextOf(canvas)?.putImageData(pixels, 0, 0);
}
