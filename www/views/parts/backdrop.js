import { say } from '../../state/texts.js';
import { h } from './dom.js';
import { contextOf, wholeMultiple } from './pictures.js';
import { ask } from './request.js';
import { WidthObserver } from './width.js';

/** Side of a tile in CSS pixels, unless the picture is larger. */
const LARGEST_TILE = 36;

/** Most tiles in a row: more would cost time and show little. */
const MOST_TILES = 32;

/** The plane of two latent dimensions, as a square of tiles, each decoded at its middle. */
export class Backdrop {
  #count = 0;
  #run = 0;
  /** @type {{model: string, image: import('../../engine/types.js').ImageShape, extent: number} | null} */
  #subject = null;
  #room = 0;

  /**
   * @param {HTMLElement} plot gets its size here
   * @param {HTMLElement} place limits the size
   */
  constructor(plot, place) {
    this.plot = plot;
    this.canvas = h('canvas', {
      class: 'backdrop',
      role: 'img',
      part: 'backdrop',
      'aria-label': say('Not decoded yet'),
    });
    this.node = h('div', { class: 'picture' }, this.canvas);
    this.width = new WidthObserver(place, (width) => {
      this.#room = width;
      this.#fit();
    });
  }

  /**
   * @param {string} model
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {number} extent
   */
  show(model, image, extent) {
    this.#subject = { model, image, extent };
    this.#count = 0;
    this.#fit();
  }

  #fit() {
    const pixels = this.#subject?.image.width ?? 28;
    const tile = wholeMultiple(Math.max(LARGEST_TILE, pixels), pixels);
    const count = Math.min(MOST_TILES, Math.floor(this.#room / tile));
    if (count < 1) return;
    this.plot.style.inlineSize = `${count * tile}px`;
    if (count === this.#count || !this.#subject) return;
    this.#count = count;
    this.#decode(this.#subject, count);
  }

  /**
   * Decodes row by row, so that requests of the cursor need not wait for all.
   * @param {{model: string, image: import('../../engine/types.js').ImageShape, extent: number}} subject
   * @param {number} count
   */
  async #decode({ model, image, extent }, count) {
    const run = ++this.#run;
    const middles = { columns: count, rows: count, extent: extent * (1 - 1 / count) };
    const latents = await ask(this.plot, 'grid', middles, 'grid');
    if (run !== this.#run) return;
    const { canvas } = this;
    canvas.width = count * image.width;
    canvas.height = count * image.height;
    const bytes = image.width * image.height * 4;
    for (let row = 0; row < count; row++) {
      const codes = latents.slice(row * count * 2, (row + 1) * count * 2);
      const pictures = await ask(this.plot, 'decode', { model, latents: codes }, 'backdrop');
      if (run !== this.#run) return;
      for (let column = 0; column < count; column++) {
        const picture = new ImageData(image.width, image.height);
        picture.data.set(pictures.subarray(column * bytes, (column + 1) * bytes));
        contextOf(canvas)?.putImageData(picture, column * image.width, row * image.height);
      }
    }
    canvas.setAttribute(
      'aria-label',
      say('The plane decoded at {count} by {count} points, from −{extent} to {extent} in both directions', {
        count,
        extent,
      }),
    );
    canvas.dataset.complete = '';
  }
}
