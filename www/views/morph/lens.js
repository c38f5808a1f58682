import { say, written } from '../../state/texts.js';
import { adopt, h } from '../parts/dom.js';
import { afterFrame } from '../parts/frame.js';
import { densityText, errorText, withoutPrior } from '../parts/lens-words.js';
import { logDensities, mixtureOf } from '../parts/mixture.js';
import { NearPictures, soon } from '../parts/near-pictures.js';
import { roundTrip } from '../parts/round-trip.js';
import { Curve } from './curve.js';
import { lensStyle } from './lens-style.js';
import { frameAt } from './path.js';

/**
 * Number of frames between two codes that make a round trip, and number of codes in a request, so that requests of the animation need not
 * wait for all.
 */
const EVERY = 8;
const BATCH = 4;

/** @typedef {{density: Float32Array} | {distance: Float32Array, mse: Float32Array}} Found along the path, at even steps */

/** The density of the fitted prior, or the error of the round trip, along the path. */
export class PathLens {
  #view;
  #curve = new Curve();
  #value = h('p', { class: 'lens-value', part: 'lens-value' });
  #about = h('p', { class: 'hint' });
  /** @type {Found | null} */
  #found = null;
  /** @type {Promise<import('../parts/mixture.js').Mixture | null> | undefined} */
  #mixture;
  #run = 0;
  #near;
  #arrival = Promise.resolve();
  /** The distance of the nearest picture, in words. */
  #distance = '';
  /** True from a move until the position is described. */
  #isBehind = false;
  /** The code at a position on the path. @type {(t: number) => Float32Array} */
  #codeAt = () => new Float32Array();

  /**
   * @param {import('../parts/view.js').View} view
   * @param {Element} room where it goes, hidden without a lens
   */
  constructor(view, room) {
    this.#view = view;
    adopt(view.node, lensStyle);
    this.#near = new NearPictures(view);
    this.node = h('div', { class: 'path-lens' }, this.#value, this.#curve.node, this.#about, this.#near.node);
    room.append(this.node);
  }

  /** The value at the current position in words; empty while there is none. */
  get note() {
    this.#describe();
    return this.#found ? [this.#value.textContent, this.#distance].filter(Boolean).join('; ') : '';
  }

  /** Settles when the note includes the nearest picture, or after a while without. */
  get arrival() {
    return soon(this.#arrival);
  }

  /**
   * Shows the state's lens along a path.
   * @param {Float32Array} latents [frames, latent]
   * @param {import('../parts/view.js').FigureData} data with stored codes
   */
  async show(latents, data) {
    const run = ++this.#run;
    const { lens, model } = this.#view.state;
    const stored = /** @type {import('../parts/stored.js').StoredLatents} */ (data.stored);
    this.#found = null;
    this.#codeAt = (t) => latents.subarray(frameAt(t) * stored.latent, (frameAt(t) + 1) * stored.latent);
    if (lens === 'none') return;
    this.#arrival = this.#near.receive(data).then(() => this.#surround());
    this.#mixture ??= this.#view.ask('prior', { model }).then((parts) => mixtureOf(parts, stored.latent));
    const mixture = await this.#mixture;
    if (run !== this.#run) return;
    this.#curve.node.hidden = this.#value.hidden = lens === 'density' && !mixture;
    if (lens === 'error') return this.#showErrors(latents, stored.latent, run);
    if (!mixture) return void (this.#about.textContent = withoutPrior());
    const density = logDensities(mixture, latents);
    this.#found = { density };
    this.#about.textContent = say(
      'Log density of the fitted prior along the path; dashed, the median of the stored pictures',
    );
    this.#draw(density, middle(logDensities(mixture, stored.mean)));
  }

  /**
   * @param {Float32Array} latents [frames, latent]
   * @param {number} latent
   * @param {number} run
   */
  async #showErrors(latents, latent, run) {
    const frames = Array.from({ length: Math.floor((latents.length / latent - 1) / EVERY) + 1 }, (_, i) => i * EVERY);
    const [distance, mse] = [new Float32Array(frames.length), new Float32Array(frames.length)];
    const isCurrent = () => run === this.#run;
    /** @type {import('../parts/round-trip.js').Ask} */
    const ask = (verb, args) => this.#view.ask(verb, args, 'lens');
    for (let start = 0; start < frames.length; start += BATCH) {
      const chosen = frames.slice(start, start + BATCH);
      const codes = new Float32Array(chosen.length * latent);
      chosen.forEach((frame, i) => codes.set(latents.subarray(frame * latent, (frame + 1) * latent), i * latent));
      const found = await roundTrip(ask, this.#view.state.model, codes, latent, isCurrent);
      if (!found) return;
      distance.set(found.distance, start);
      mse.set(found.mse, start);
    }
    this.#found = { distance, mse };
    this.#about.textContent = say('Distance from each code of the path to the code of its picture');
    this.#draw(distance, null);
  }

  /**
   * @param {Float32Array} values
   * @param {number | null} typical
   */
  #draw(values, typical) {
    const list = [...values];
    const [low, high] = [Math.min(...list), Math.max(...list)].map((value) => written(value.toFixed(2)));
    const ends = { first: written(list[0].toFixed(2)), last: written(list[list.length - 1].toFixed(2)) };
    const about = this.#about.textContent ?? '';
    this.#curve.show(
      values,
      typical,
      `${about}: ${say('from {first} to {last}, between {low} and {high}', { ...ends, low, high })}`,
    );
    this.move();
  }

  /** Shows the value at the current position, after the frame with its picture. */
  async move() {
    if (this.#isBehind) return;
    this.#isBehind = true;
    await afterFrame();
    this.#describe();
  }

  #describe() {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    const { t } = this.#view.state;
    this.#curve.move(t);
    this.#surround();
    if (!this.#found) return;
    this.#value.textContent =
      'density' in this.#found
        ? densityText(valueAt(this.#found.density, t))
        : errorText(valueAt(this.#found.distance, t), valueAt(this.#found.mse, t));
  }

  /** Shows the pictures around the current position. */
  #surround() {
    if (!this.node.hidden) this.#distance = this.#near.show(this.#codeAt(this.#view.state.t)).text;
  }
}

/**
 * A value between two steps.
 * @param {Float32Array} values at even steps from 0 to 1
 * @param {number} t from 0 to 1
 */
export function valueAt(values, t) {
  const place = t * (values.length - 1);
  const before = Math.min(values.length - 2, Math.floor(place));
  return values[before] + (place - before) * (values[before + 1] - values[before]);
}

/** The median of some values. @param {Float32Array} values */
export function middle(values) {
  const sorted = values.slice().sort();
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
