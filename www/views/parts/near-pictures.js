import { picturesAddress } from '../../assets.js';
import { say, written } from '../../state/texts.js';
import { adopt, h, styleSheet } from './dom.js';
import { closestTo } from './closest.js';
import { afterFrame } from './frame.js';
import { originalsOf } from './originals.js';
import { Picture } from './pictures.js';

/** Pictures in the row. */
const COUNT = 5;

const style = styleSheet(/* css */ `
.near { display: grid; gap: 0.375rem; }
.near ol { display: grid; grid-template-columns: repeat(5, minmax(0, 4rem)); gap: 0.5rem; margin: 0; padding: 0; list-style: none; }
.near li { font-size: 0.8125rem; line-height: 1.4; text-align: center; }
.near .picture { aspect-ratio: 1; }
.near canvas { display: block; inline-size: 100%; block-size: 100%; image-rendering: pixelated; }
.near .in-color canvas { image-rendering: auto; }
.near .hint { color: var(--soft); font-size: 0.8125rem; line-height: 1.4; }
`);

/**
 * The pictures behind the stored codes that are nearest to a code, with their distances. Those of shipped models are held-out test images:
 * the page has no codes of training pictures.
 */
export class NearPictures {
  #view;
  #title = h('p', { class: 'name', id: 'near-title' });
  #items = Array.from({ length: COUNT }, () => {
    const picture = new Picture({ role: 'img' });
    const distance = h('span', { 'aria-hidden': 'true' });
    return { picture, distance, node: h('li', {}, picture.node, distance), place: -1 };
  });
  #source = h('p', { class: 'hint', part: 'near-source' });
  node = h(
    'div',
    { class: 'near', part: 'near' },
    this.#title,
    h('ol', { 'aria-labelledby': 'near-title' }, ...this.#items.map(({ node }) => node)),
    this.#source,
  );
  /** @type {import('./view.js').FigureData | null} */
  #asked = null;
  /** The figure's data, once its pictures have arrived. @type {import('./view.js').FigureData | null} */
  #data = null;
  /** @type {import('./originals.js').Draw | null} */
  #draw = null;
  /** Number of the newest code: older answers are stale. */
  #run = 0;

  /** @param {import('./view.js').View} view */
  constructor(view) {
    this.#view = view;
    adopt(view.node, style);
  }

  /**
   * Fetches the pictures. Until they arrive, nothing is shown.
   * @param {import('./view.js').FigureData} data
   */
  async receive(data) {
    const { model } = this.#view.state;
    const { config, card } = data.models[model];
    if (data === this.#asked || !data.stored) return;
    this.#asked = data;
    const draw = await originalsOf(model, data.stored, config.image, picturesAddress(model));
    if (data !== this.#asked) return;
    this.#data = data;
    this.#draw = draw;
    this.#describe(data.stored, card, draw !== null);
    for (const item of this.#items) item.place = -1;
  }

  /**
   * @param {import('./stored.js').StoredLatents} stored
   * @param {{license?: unknown}} card of the network
   * @param {boolean} areSeen true if the pictures themselves are shown, rather than the network's redrawings
   */
  #describe(stored, { license }, areSeen) {
    this.#title.textContent = titleOf(stored);
    const texts = [
      !stored.own && say('Held-out test images: the network was not trained on them.'),
      !areSeen && say('Redrawn by the network from their codes.'),
      !stored.own && typeof license === 'string' && license && say('License of the data: {license}', { license }),
    ];
    this.#source.textContent = texts.filter(Boolean).join(' ');
    this.#source.hidden = this.#source.textContent === '';
  }

  /**
   * Shows the pictures that are nearest to a code.
   * @param {Float32Array} code
   * @returns {{places: number[], text: string}} indices of the stored codes, nearest first, and the distance of the first in words
   */
  show(code) {
    const stored = this.#data?.stored;
    if (!stored) return { places: [], text: '' };
    const found = closestTo(code, stored, COUNT);
    this.#write(found, stored);
    const [first] = found;
    const distance = first ? written(first.distance.toFixed(2)) : '';
    const text = first ? say('the nearest stored picture is {distance} away', { distance }) : '';
    return { places: found.map(({ place }) => place), text };
  }

  /**
   * Writes and paints, after the frame with the picture of the code itself.
   * @param {ReturnType<typeof closestTo>} found
   * @param {import('./stored.js').StoredLatents} stored
   */
  async #write(found, stored) {
    const run = ++this.#run;
    await afterFrame();
    if (run !== this.#run || stored !== this.#data?.stored) return;
    found.forEach(({ place, distance }, i) => {
      const text = written(distance.toFixed(2));
      this.#items[i].distance.textContent = text;
      this.#items[i].picture.label = labelOf(stored, place, text);
    });
    this.#items.forEach(({ node }, i) => (node.hidden = i >= found.length));
    const places = found.map(({ place }) => place);
    await this.#paint(places, run);
  }

  /**
   * @param {number[]} places
   * @param {number} run
   */
  async #paint(places, run) {
    const changed = this.#items.slice(0, places.length).filter((item, i) => item.place !== places[i]);
    if (changed.length === 0) return;
    const draw = this.#draw;
    if (draw) {
      for (const [i, place] of places.entries()) draw(place, this.#items[i].picture);
    } else {
      const stored = /** @type {import('./stored.js').StoredLatents} */ (this.#data?.stored);
      const codes = places.flatMap((place) => [
        ...stored.mean.subarray(place * stored.latent, (place + 1) * stored.latent),
      ]);
      const { model } = this.#view.state;
      const rgba = await this.#view.ask('decode', { model, latents: Float32Array.from(codes) }, 'near pictures');
      if (run !== this.#run) return;
      places.forEach((_, i) => this.#items[i].picture.paint(this.#image, rgba, i));
    }
    places.forEach((place, i) => (this.#items[i].place = place));
  }

  get #image() {
    return /** @type {import('./view.js').FigureData} */ (this.#data).models[this.#view.state.model].config.image;
  }
}

/**
 * @param {import('./stored.js').StoredLatents} stored
 * @param {number} place among its codes
 * @param {string} distance as it is written
 */
function labelOf({ labels, own }, place, distance) {
  const values = { digit: labels?.[place] ?? 0, number: place + 1, distance };
  if (own === 'draws') return say('random code {number}, {distance} away', values);
  if (!labels) return say('picture {number}, {distance} away', values);
  return own ? say('class {digit}, {distance} away', values) : say('a {digit}, {distance} away', values);
}

/** @param {import('./stored.js').StoredLatents} stored */
function titleOf({ own }) {
  if (own === 'draws') return say('Nearest random codes');
  return own ? say('Nearest of your pictures') : say('Nearest stored pictures');
}
