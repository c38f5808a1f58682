import { isName } from '../../assets.js';
import { picturesAddress, trainingPicturesAddresses } from '../../late-assets.js';
import { say, sayNumber, written } from '../../state/texts.js';
import { adopt, h, styleSheet } from './dom.js';
import { closestTo } from './closest.js';
import { afterFrame } from './frame.js';
import { originalsOf } from './originals.js';
import { Picture } from './pictures.js';
import { countOf } from './stored.js';

/** Pictures in the row. */
const COUNT = 5;

/** Longest wait of a spoken description for the pictures, in milliseconds. */
const LONGEST = 3000;

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
 * Codes among which the nearest are found: of training pictures, which shipped models have; or else those stored for other figures, which
 * are of held-out test images, of the visitor's pictures, random draws, or, for models of others, unknown.
 *
 * @typedef {import('./stored.js').StoredLatents} StoredLatents
 * @typedef {object} Choice
 * @property {'training' | 'held-out' | 'pictures' | 'draws' | 'unknown'} kind
 * @property {StoredLatents} codes
 * @property {import('./pictures.js').ImageShape} image
 * @property {import('./originals.js').Draw | null} draw null: the network redraws the pictures
 */

/** The pictures whose codes are nearest to a code, with their distances: training pictures, or if there are none the stored ones. */
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
  #arrival = Promise.resolve();
  /** Set once the pictures have arrived. @type {Choice | null} */
  #choice = null;
  /** Number of the newest code: older answers are stale. */
  #run = 0;

  /** @param {import('./view.js').View} view */
  constructor(view) {
    this.#view = view;
    adopt(view.node, style);
  }

  /** True if the pictures are training pictures. */
  get isTraining() {
    return this.#choice?.kind === 'training';
  }

  /**
   * Fetches the codes and the pictures. Until they arrive, nothing is shown.
   * @param {import('./view.js').FigureData} data
   */
  receive(data) {
    const { stored } = data;
    if (data !== this.#asked && stored) {
      this.#asked = data;
      // Codes of an earlier model say nothing about one of this model.
      this.#choice = null;
      this.#run += 1;
      for (const node of [this.#source, ...this.#items.map((item) => item.node)]) node.hidden = true;
      this.#arrival = this.#fetch(data, stored);
    }
    return this.#arrival;
  }

  /**
   * @param {import('./view.js').FigureData} data
   * @param {StoredLatents} stored
   */
  async #fetch(data, stored) {
    const { model } = this.#view.state;
    const { config, card } = data.models[model];
    const choice = (await this.#trainingPictures(model, config)) ?? (await storedPictures(model, config, stored));
    if (data !== this.#asked) return;
    this.#choice = choice;
    this.#describe(choice, card);
    for (const item of this.#items) item.place = -1;
  }

  /**
   * @param {string} model
   * @param {import('../../engine/types.js').ModelConfig} config
   * @returns {Promise<Choice | null>} null if there are none, or if they cannot be loaded
   */
  async #trainingPictures(model, { latent, image }) {
    const { codes: address, pictures } = trainingPicturesAddresses(model);
    if (!address) return null;
    const { value: codes } = await this.#view.ask('codes', { address });
    if (codes?.latent !== latent) return null;
    return { kind: 'training', codes, image, draw: await originalsOf(model, codes, image, pictures) };
  }

  /**
   * @param {Choice} choice
   * @param {{license?: unknown}} card of the network
   */
  #describe({ codes, kind, draw }, { license }) {
    this.#title.textContent = titleOf(kind);
    const texts = [
      kind === 'training' && trainingText(countOf(codes)),
      kind === 'held-out' && say('Held-out test images: the network was not trained on them.'),
      !draw && say('Redrawn by the network from their codes.'),
      !codes.own && typeof license === 'string' && license && say('License of the data: {license}', { license }),
    ];
    this.#source.textContent = texts.filter(Boolean).join(' ');
    this.#source.hidden = this.#source.textContent === '';
  }

  /**
   * Shows the pictures that are nearest to a code.
   * @param {Float32Array} code
   * @returns {{codes: Float32Array[], text: string}} their codes, nearest first, and the distance of the first in words
   */
  show(code) {
    const choice = this.#choice;
    if (!choice) return { codes: [], text: '' };
    const found = closestTo(code, choice.codes, COUNT);
    this.#write(found, choice);
    const [first] = found;
    return {
      codes: found.map(({ place }) => codeAt(choice.codes, place)),
      text: first ? distanceText(choice, first) : '',
    };
  }

  /**
   * Writes and paints, after the frame with the picture of the code itself.
   * @param {ReturnType<typeof closestTo>} found
   * @param {Choice} choice
   */
  async #write(found, choice) {
    const run = ++this.#run;
    await afterFrame();
    if (run !== this.#run || choice !== this.#choice) return;
    found.forEach(({ place, distance }, i) => {
      const text = written(distance.toFixed(2));
      this.#items[i].distance.textContent = text;
      this.#items[i].picture.label = labelOf(choice.codes, place, text);
    });
    this.#items.forEach(({ node }, i) => (node.hidden = i >= found.length));
    const places = found.map(({ place }) => place);
    await this.#paint(places, choice, run);
  }

  /**
   * @param {number[]} places
   * @param {Choice} choice
   * @param {number} run
   */
  async #paint(places, { codes, draw, image }, run) {
    const changed = this.#items.slice(0, places.length).filter((item, i) => item.place !== places[i]);
    if (changed.length === 0) return;
    if (draw) {
      for (const [i, place] of places.entries()) draw(place, this.#items[i].picture);
    } else {
      const latents = Float32Array.from(places.flatMap((place) => [...codeAt(codes, place)]));
      const { model } = this.#view.state;
      const rgba = await this.#view.ask('decode', { model, latents }, 'near pictures');
      if (run !== this.#run) return;
      places.forEach((_, i) => this.#items[i].picture.paint(image, rgba, i));
    }
    places.forEach((place, i) => (this.#items[i].place = place));
  }
}

/**
 * @param {string} model
 * @param {import('../../engine/types.js').ModelConfig} config
 * @param {StoredLatents} stored
 * @returns {Promise<Choice>}
 */
async function storedPictures(model, { image }, stored) {
  const kind = stored.own ?? (isName(model) ? 'held-out' : 'unknown');
  return { kind, codes: stored, image, draw: await originalsOf(model, stored, image, picturesAddress(model)) };
}

/**
 * Waits for pictures, so that what is said includes them, but not long.
 * @param {Promise<void>} arrival
 */
export function soon(arrival) {
  return Promise.race([arrival, new Promise((resolve) => setTimeout(resolve, LONGEST))]);
}

/**
 * @param {StoredLatents} codes
 * @param {number} place
 */
function codeAt({ mean, latent }, place) {
  return mean.subarray(place * latent, (place + 1) * latent);
}

/**
 * @param {Choice} choice
 * @param {{distance: number}} nearest
 */
function distanceText({ kind, codes }, nearest) {
  const distance = written(nearest.distance.toFixed(2));
  return kind === 'training'
    ? say('the nearest of {count} training pictures is {distance} away', { count: sayNumber(countOf(codes)), distance })
    : say('the nearest stored picture is {distance} away', { distance });
}

/** @param {number} count */
function trainingText(count) {
  return say('{count} of the pictures that the network was trained on, chosen at random.', {
    count: sayNumber(count),
  });
}

/**
 * @param {StoredLatents} stored
 * @param {number} place among its codes
 * @param {string} distance as it is written
 */
function labelOf({ labels, own }, place, distance) {
  const values = { digit: labels?.[place] ?? 0, number: place + 1, distance };
  if (own === 'draws') return say('random code {number}, {distance} away', values);
  if (!labels) return say('picture {number}, {distance} away', values);
  return own ? say('class {digit}, {distance} away', values) : say('a {digit}, {distance} away', values);
}

/** @param {Choice['kind']} kind */
function titleOf(kind) {
  switch (kind) {
    case 'training':
      return say('Nearest training pictures');
    case 'draws':
      return say('Nearest random codes');
    case 'pictures':
      return say('Nearest of your pictures');
    default:
      return say('Nearest stored pictures');
  }
}
