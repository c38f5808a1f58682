import { say } from '../../state/texts.js';
import { Breaks } from './breaks.js';
import { button, slider } from './controls.js';
import { h } from './dom.js';
import { Picture } from './pictures.js';
import { codeOf, countOf, DIGITS, firstOf, placeOf } from './stored.js';
import { TEN, Thumbnails } from './thumbnails.js';

/**
 * @typedef {import('../../state/state.js').Endpoint} Endpoint
 * @typedef {import('./stored.js').StoredLatents} StoredLatents
 * @typedef {import('../../engine/types.js').ImageShape} ImageShape
 *
 * @typedef {object} Encoded a drawing or a picture of the reader's
 * @property {number[]} code
 * @property {Uint8ClampedArray} seen the picture as the network saw it, RGBA
 */

/**
 * The choice of one end of the path: a stored test digit by its class, another one of the class, a
 * drawing, or a picture of the reader's. Stored pictures without labels are chosen by number, ten
 * at a time.
 */
export class EndPicker {
  /** @type {number[]} number of stored pictures of each digit */
  #counts = DIGITS.map(() => 1);
  #thumbnails;
  #another;
  #draw;
  #own;
  #options;
  /** @type {Encoded | null} */
  #encoded = null;
  #place = h('div', { class: 'end-place' });
  /** @type {StoredLatents | undefined} */
  #stored;
  /** Set if there are no labels. @type {ReturnType<typeof slider> | null} */
  #slider = null;
  #original = new Picture({ 'aria-hidden': 'true' });
  #redrawn = new Picture({ 'aria-hidden': 'true' });
  #pair = h(
    'div',
    { class: 'pair' },
    h('div', {}, this.#original.node, h('p', {}, say('Original'))),
    h('div', {}, this.#redrawn.node, h('p', {}, say('Redrawn'))),
  );
  /** Pictures in the thumbnails. @type {{image: ImageShape, rgba: Uint8ClampedArray} | null} */
  #pictures = null;
  /** Indices of the pictures in the thumbnails. */
  #shown = '';
  #mayPaint = false;
  #breaks = new Breaks();

  /**
   * @param {object} options
   * @param {string} options.legend
   * @param {string} options.name
   * @param {Endpoint} options.value
   * @param {(endpoint: Endpoint) => void} options.onPick
   * @param {() => void} options.onDraw
   * @param {() => void} options.onOwn
   * @param {(latents: Float32Array, purpose?: string) => Promise<{image: ImageShape, rgba: Uint8ClampedArray}>} options.decode for small
   *   pictures; a newer request replaces a waiting one of the same purpose
   * @param {boolean} options.mayHaveOriginals true if the pictures behind the stored codes may be available
   * @param {() => Promise<import('./originals.js').Draw | null>} options.originals these pictures
   * @param {StoredLatents | null} options.expected stand-in until the stored codes have arrived
   */
  constructor(options) {
    const { legend, name, value, onPick, onDraw, onOwn } = options;
    this.#options = options;
    this.value = value;
    this.#thumbnails = new Thumbnails({
      ...{ legend, name },
      onPick: (index) => onPick(this.#slider ? numbered(this.#firstPlace + index) : firstOf(this.#stored, index)),
    });
    this.#thumbnails.label(DIGITS, true);
    this.#pair.hidden = !options.mayHaveOriginals;
    this.#place.append(this.#thumbnails.node);
    this.#another = button('', `${name}-another`, () => this.#pickAnother());
    this.#draw = button(say('Draw one'), `${name}-draw`, onDraw);
    this.#own = button('', `${name}-own`, onOwn);
    this.node = h(
      'div',
      { class: 'end', part: name, role: 'group', 'aria-label': legend, 'data-end': name },
      this.#place,
      this.#pair,
      h('div', { class: 'row' }, this.#another, this.#draw, this.#own),
    );
    this.set(value, false, null);
    if (options.expected) this.offer(options.expected, false);
  }

  /**
   * @param {StoredLatents} stored
   * @param {boolean} canDraw true if the model can encode drawings
   */
  offer(stored, canDraw) {
    const { labels } = stored;
    this.#stored = stored;
    this.#draw.hidden = !canDraw;
    if (!labels) return this.#offerPictures(stored);
    this.#counts = DIGITS.map((_, digit) => labels.filter((label) => label === digit).length);
    this.#thumbnails.label(
      DIGITS.map((digit, i) => (this.#counts[i] > 0 ? digit : '')),
      true,
    );
  }

  /** @param {StoredLatents} stored */
  #offerPictures(stored) {
    const { legend, name, onPick } = this.#options;
    const count = countOf(stored);
    const format = (/** @type {number} */ number) =>
      stored.own === 'draws'
        ? say('random code {number} of {count}', { number, count })
        : say('picture {number} of {count}', { number, count });
    const found = slider({ label: legend, part: `${name}-picture`, min: 1, max: count, step: 1, value: 1, format });
    found.input.addEventListener('input', () => {
      this.#breaks.chosen();
      onPick(numbered(found.input.valueAsNumber - 1));
    });
    this.#slider = found;
    this.#thumbnails.legend.classList.add('unseen');
    this.#place.replaceChildren(found.node, this.#thumbnails.node);
    this.set(this.value, this.#isDrawn, this.#encoded);
  }

  /**
   * @param {Endpoint} value
   * @param {boolean} isDrawn true if the end is a drawing or a picture of the reader's, and no stored one is chosen
   * @param {Encoded | null} encoded that picture, if it is known
   */
  set(value, isDrawn, encoded) {
    this.value = value;
    this.#encoded = encoded;
    const isOwn = encoded !== null && 'source' in encoded;
    this.node.dataset.drawn = String(isDrawn);
    this.#another.textContent = this.#anotherLabel(value, isDrawn);
    this.#draw.textContent = isDrawn && !isOwn ? say('Draw another') : say('Draw one');
    this.#own.textContent = isOwn ? say('Change your picture') : say('Your picture');
    if (this.#slider) this.#setPicture(this.#slider, isDrawn);
    else this.#thumbnails.set(isDrawn ? -1 : value.digit);
    if (this.#mayPaint) this.paint();
  }

  /**
   * @param {ReturnType<typeof slider>} found
   * @param {boolean} isDrawn
   */
  #setPicture(found, isDrawn) {
    const stored = /** @type {StoredLatents} */ (this.#stored);
    const place = placeOf(stored, this.value);
    found.set(place + 1);
    const numbers = Array.from(
      { length: Math.min(TEN, countOf(stored) - this.#firstPlace) },
      (_, i) => this.#firstPlace + i + 1,
    );
    this.#thumbnails.label(
      numbers.map((number) =>
        stored.own === 'draws' ? say('random code {number}', { number }) : say('picture {number}', { number }),
      ),
      false,
    );
    this.#thumbnails.set(isDrawn ? -1 : place - this.#firstPlace);
  }

  /** Index of the first of the ten pictures that include the current one. */
  get #firstPlace() {
    return this.#stored ? TEN * Math.floor(placeOf(this.#stored, this.value) / TEN) : 0;
  }

  /** Paints the thumbnails, after the large pictures. */
  async paint() {
    const stored = this.#stored;
    if (!stored) return;
    this.#mayPaint = true;
    const endpoints = this.#endpoints(stored);
    const shown = endpoints.map((endpoint) => placeOf(stored, endpoint)).join(' ');
    if (shown === this.#shown) return this.#compare(stored);
    this.#shown = shown;
    this.#pictures = null;
    // While the slider is dragged, they would delay the large picture.
    await this.#breaks.pause();
    if (shown !== this.#shown) return;
    const latents = new Float32Array(endpoints.length * stored.latent);
    endpoints.forEach((endpoint, i) => latents.set(codeOf(stored, endpoint, null), i * stored.latent));
    const pictures = await this.#options.decode(latents);
    if (shown !== this.#shown) return;
    this.#pictures = pictures;
    this.#thumbnails.paint(pictures.image, pictures.rgba);
    await this.#compare(stored);
  }

  /** Shows the original beside the decoded picture. @param {StoredLatents} stored */
  async #compare(stored) {
    if (this.#encoded) return this.#compareEncoded(this.#encoded);
    const draw = await this.#options.originals();
    if (this.#encoded) return;
    this.#pair.hidden = !draw || this.#isDrawn;
    if (!draw || !this.#pictures) return;
    const place = placeOf(stored, this.value);
    draw(place, this.#original);
    const { image, rgba } = this.#pictures;
    this.#redrawn.paint(image, rgba, stored.labels ? this.value.digit : place - this.#firstPlace);
  }

  /** Shows a picture of the reader's beside its redrawing. @param {Encoded} encoded */
  async #compareEncoded(encoded) {
    const { image, rgba } = await this.#options.decode(Float32Array.from(encoded.code), 'redrawn');
    if (encoded !== this.#encoded) return;
    this.#original.paint(image, encoded.seen);
    this.#redrawn.paint(image, rgba);
    this.#pair.hidden = false;
  }

  /** @param {StoredLatents} stored @returns {Endpoint[]} */
  #endpoints(stored) {
    if (!stored.labels) {
      return Array.from({ length: Math.min(TEN, countOf(stored) - this.#firstPlace) }, (_, i) =>
        numbered(this.#firstPlace + i),
      );
    }
    return DIGITS.map((_, digit) => (digit === this.value.digit ? this.value : firstOf(stored, digit)));
  }

  #pickAnother() {
    const { onPick } = this.#options;
    const { digit, nth } = this.value;
    if (this.#isDrawn) onPick(this.value);
    else if (this.#slider && this.#stored) {
      onPick(numbered((placeOf(this.#stored, this.value) + 1) % countOf(this.#stored)));
    } else onPick({ digit, nth: (nth + 1) % this.#counts[digit] });
  }

  get #isDrawn() {
    return this.node.dataset.drawn === 'true';
  }

  /**
   * @param {Endpoint} value the endpoint; for a drawing, the one before it
   * @param {boolean} isDrawn
   */
  #anotherLabel({ digit }, isDrawn) {
    if (this.#slider) return isDrawn ? say('Back to the picture') : say('The next one');
    return isDrawn ? say('Back to the {digit}', { digit }) : say('Another {digit}', { digit });
  }
}

/**
 * The endpoint of a picture without a label.
 * @param {number} place index among all pictures
 * @returns {Endpoint}
 */
function numbered(place) {
  return { digit: 0, nth: place };
}
