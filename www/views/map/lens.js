import { say, written } from '../../state/texts.js';
import { adopt, h, svg } from '../parts/dom.js';
import { afterFrame } from '../parts/frame.js';
import { densityText, errorText, withoutPrior } from '../parts/lens-words.js';
import { NearPictures, soon } from '../parts/near-pictures.js';
import { place } from '../parts/plane.js';
import { roundTrip } from '../parts/round-trip.js';
import { Fields } from './fields.js';
import { lensStyle } from './lens-style.js';
import { densityLevels, errorLevels } from './levels.js';
import { colorOf, Overlay, strengths, writtenLevel } from './overlay.js';

/** @typedef {import('./fields.js').Shown} Shown */

/**
 * Paints the density of the fitted prior, or the error of encoding what was decoded, over the plane, and marks the codes of the nearest
 * pictures around the cursor.
 */
export class MapLens {
  #view;
  #overlay = new Overlay();
  #title = h('p', { class: 'name' });
  #bands = h('ul', { class: 'lens-bands' });
  #value = h('p', { class: 'lens-value', part: 'lens-value' });
  #fields;
  #near;
  #arrival = Promise.resolve();
  /** Rings around the codes of the nearest pictures, with dots: the plane shows no dots for training pictures. */
  #marks = svg('svg', { class: 'lens-near', part: 'near-codes', 'aria-hidden': 'true' });
  #onNote;
  #hasPrior = false;
  #note = { text: '', at: '' };
  /** Counts the requested values: work on an earlier one is stale and stops. */
  #run = 0;

  /**
   * @param {import('../parts/view.js').View} view
   * @param {{backdrop: Element, codes: Element, room: Element}} parts the decoded plane, below the paint; the dots, below the marks; and
   *   where the legend goes, hidden without a lens
   * @param {() => void} onNote called when `note` has changed
   */
  constructor(view, { backdrop, codes, room }, onNote) {
    this.#view = view;
    this.#onNote = onNote;
    this.#fields = new Fields((...request) => view.ask(...request), view.state.model);
    adopt(view.node, lensStyle);
    this.#near = new NearPictures(view);
    this.node = h('div', { class: 'lens-key' }, this.#value, this.#near.node, this.#title, this.#bands);
    backdrop.after(this.#overlay.node);
    codes.after(this.#marks);
    room.append(this.node);
  }

  /** The value at the cursor in words; empty while it is computed. */
  get note() {
    return this.#note.at === this.#place ? this.#note.text : '';
  }

  /** Settles when the note includes the nearest picture, or after a while without. */
  get arrival() {
    return soon(this.#arrival);
  }

  /**
   * Shows the state's lens.
   * @param {import('../parts/view.js').FigureData} data
   */
  async show(data) {
    this.#hasPrior = data.models[this.#view.state.model].components > 0;
    const lens = this.#shown;
    this.move();
    // Once more when the pictures, which take longer, have arrived.
    this.#arrival = this.#near.receive(data).then(() => this.move());
    if (!lens) {
      this.#fields.stop();
      this.#overlay.node.hidden = true;
      this.#bands.replaceChildren();
      this.#title.textContent = withoutPrior();
      return;
    }
    const { extent } = this.#view.state;
    const field = await this.#fields.get(lens, extent, (share) => {
      this.#overlay.node.hidden = true;
      this.#bands.replaceChildren();
      this.#title.textContent = say('The lens is {percent} percent computed.', { percent: Math.round(100 * share) });
    });
    if (!field) return;
    const isDensity = lens === 'density';
    const levels = isDensity ? densityLevels(field) : errorLevels(field);
    const title = titles()[lens];
    const plane = say('from −{extent} to {extent} in both directions', { extent: written(String(extent)) });
    this.#overlay.show(field, levels, isDensity, `${title}; ${plane}`);
    this.#title.textContent = title;
    this.#describe(levels, isDensity);
  }

  /** The reader drags the cursor: the plane waits. A host that moves the cursor does not delay the plane. */
  dragged() {
    this.#fields.moved();
  }

  /** Says the value at the cursor, after the frame with its picture. */
  async move() {
    const run = ++this.#run;
    await afterFrame();
    if (run !== this.#run) return;
    const lens = this.#shown;
    const near = this.#surround();
    this.#value.hidden = !lens;
    if (!lens) return this.#onNote();
    const at = this.#place;
    // The place alone does not identify the answer: once the pictures have arrived, the same place is asked about again.
    const isCurrent = () => run === this.#run && at === this.#place;
    const latents = Float32Array.of(this.#view.state.x, this.#view.state.y);
    const text = lens === 'density' ? await this.#densityAt(latents) : await this.#errorAt(latents, isCurrent);
    if (!isCurrent()) return;
    this.#note = { text: [text, near].filter(Boolean).join('; '), at };
    this.#value.textContent = text;
    this.#onNote();
  }

  /** Marks the codes around the cursor and shows their pictures. @returns {string} the nearest one's distance in words */
  #surround() {
    const { lens, x, y, extent } = this.#view.state;
    const { codes, text } = lens === 'none' ? { codes: [], text: '' } : this.#near.show(Float32Array.of(x, y));
    const kinds = this.#near.isTraining ? ['ring', 'dot'] : ['ring'];
    const marks = codes.flatMap((code) => {
      const { left, top } = place({ x: code[0], y: code[1] }, extent);
      return kinds.map((kind) => svg('circle', { class: kind, cx: left, cy: top }));
    });
    this.#marks.replaceChildren(...marks);
    return text;
  }

  /** The lens that can be shown; null for none. @returns {Shown | null} */
  get #shown() {
    const { lens } = this.#view.state;
    return lens === 'none' || (lens === 'density' && !this.#hasPrior) ? null : lens;
  }

  /** Identifies the lens and the cursor's place. */
  get #place() {
    const { lens, x, y } = this.#view.state;
    return `${lens} ${x} ${y}`;
  }

  /** @param {Float32Array} latents */
  async #densityAt(latents) {
    const [density] = await this.#fields.densities(latents);
    return densityText(density);
  }

  /**
   * @param {Float32Array} latents
   * @param {() => boolean} isCurrent
   */
  async #errorAt(latents, isCurrent) {
    /** @type {import('../parts/round-trip.js').Ask} */
    const ask = (verb, args) => this.#view.ask(verb, args, 'lens cursor');
    const found = await roundTrip(ask, this.#view.state.model, latents, 2, isCurrent);
    return found ? errorText(found.distance[0], found.mse[0]) : '';
  }

  /**
   * Writes the legend, from the faintest band to the strongest.
   * @param {number[]} levels ascending
   * @param {boolean} isHighClear
   */
  #describe(levels, isHighClear) {
    const bands = [undefined, ...levels].map((low, i) => {
      const high = levels[i];
      if (low === undefined && high === undefined) return '';
      if (low === undefined) return say('below {high}', { high: writtenLevel(high) });
      if (high === undefined) return say('{low} and more', { low: writtenLevel(low) });
      return say('{low} to {high}', { low: writtenLevel(low), high: writtenLevel(high) });
    });
    if (isHighClear) bands.reverse();
    const paint = strengths(bands.length);
    this.#bands.replaceChildren(
      ...bands.map((text, i) => {
        const swatch = h('span', { class: 'lens-band' });
        swatch.style.setProperty('--paint', colorOf(paint[i]));
        return h('li', {}, swatch, text);
      }),
    );
  }
}

/** @returns {Record<Shown, string>} */
const titles = () => ({
  density: say('Log density of the fitted prior: the stronger the color, the fewer pictures have their codes there'),
  error: say('Distance from a code to the code of its picture: the stronger the color, the less the encoder agrees'),
});
