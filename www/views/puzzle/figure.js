/**
 * The inside of the puzzle: the target of a day, the picture at the cursor, and the tries. The view fetches it when it comes near the
 * screen, and owns it. It must not know the engine: it asks its owner.
 */

import { shippedModels } from '../../assets.js';
import { say } from '../../state/texts.js';
import { inWords, shares } from '../parts/announcer.js';
import { Backdrop } from '../parts/backdrop.js';
import { Caption } from '../parts/caption.js';
import { button, checkbox, hold, passFocus } from '../parts/controls.js';
import { Cursor } from '../parts/cursor.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';
import { filmOfPath } from '../parts/film.js';
import { isOffered } from '../parts/offered.js';
import { Picture } from '../parts/pictures.js';
import { Board, EXTENT } from './board.js';
import { captionOf } from './captions.js';
import { DateLine } from './date-line.js';
import { DRAWS, seedOf, targetOf, today } from './day.js';
import { missingInk } from './hints.js';
import { natsBetween } from './nats.js';
import { pictureOf } from './picture.js';
import { PuzzleRecord } from './record.js';
import { closest, isFound, isOver, messageOf, Result, resultOf } from './result.js';
import { puzzleStyle } from './style.js';
import { Tone } from './tone.js';
import { TryList, tryInWords } from './tries.js';

/**
 * @typedef {import('../parts/plane.js').Spot} Spot
 * @typedef {import('./hints.js').Try} Try
 */

/** Frames of an exported animation. */
const FRAMES = 121;

export class PuzzleFigure {
  #owner;
  #target = new Picture({ role: 'img', part: 'target', 'aria-label': say('Not decoded yet') });
  #guess = new Picture({ role: 'img', part: 'picture', 'aria-label': say('Not decoded yet') });
  /** The closest try, for the picture that is saved. */
  #best = new Picture();
  #board = new Board();
  #plot = h('div', { class: 'plot no-grid', part: 'plot', dir: 'ltr' });
  #place = h('div', { class: 'plot-place' }, this.#plot);
  #backdrop = new Backdrop(this.#plot, this.#place);
  #cursor;
  #list = new TryList();
  #tone = new Tone();
  #said = h('p', { class: 'said', part: 'said', role: 'status' });
  #try = button(say('Try this place'), 'try', () => this.#attempt());
  #sound = checkbox(say('Sound'), false, 'sound', (isOn) => this.#tone.turn(isOn));
  #result;
  #date = new DateLine(() => {
    this.#owner.change({ day: '' });
    this.#begin();
  });
  #caption = new Caption('');
  fitted = [this.#backdrop];

  /** @type {import('../parts/view.js').FigureData | null} */
  #data = null;
  #record = new PuzzleRecord('', false);
  #day = '';
  /** True if the day was the current one when it began. */
  #isDaily = false;
  /** @type {Spot} */
  #spot = { x: 0, y: 0 };
  /** The target's place and picture. @type {Spot & {rgba: Uint8ClampedArray}} */
  #goal = { x: 0, y: 0, rgba: new Uint8ClampedArray() };
  /** @type {Try[]} */
  #tries = [];
  #isTrying = false;
  /** Counts the days begun: work on an earlier one is stale and stops. */
  #run = 0;
  /** @type {(value: unknown) => void} */
  #completed = () => {};
  /** Resolves with the first pictures. */
  complete = new Promise((resolve) => (this.#completed = resolve));

  /** @param {import('../parts/distant-view.js').Owner} owner */
  constructor(owner) {
    this.#owner = owner;
    const { node } = owner;
    const root = node.getRootNode();
    // The figure may have left the page while this module was fetched.
    if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(puzzleStyle)) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, puzzleStyle];
    }
    this.#plot.append(this.#backdrop.node, this.#board.node);
    const figure = this;
    const view = {
      get state() {
        return { ...figure.#spot, extent: EXTENT };
      },
    };
    this.#cursor = new Cursor(view, this.#plot, (spot) => this.#move(spot), { isDragged: true });
    this.#plot.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      if (isOffered(owner.state().controls, 'try')) this.#attempt();
    });
    this.#result = new Result({
      send: () => this.#send(),
      save: () => this.#save(),
      name: () => `find-this-latent-${this.#day}.png`,
    });
    this.#try.classList.add('primary');
    this.#lay(node);
  }

  /** @param {HTMLElement} node */
  #lay(node) {
    const both = h(
      'div',
      { class: 'both' },
      h('div', {}, this.#target.node, h('p', { class: 'under' }, say('Target'))),
      h('div', {}, this.#guess.node, h('p', { class: 'under' }, say('Yours'))),
    );
    const act = h('div', { class: 'row act' }, this.#try, ...this.#result.buttons, this.#sound.node);
    const side = h('div', { class: 'side' }, act, this.#said, this.#list.node, ...this.#result.nodes, this.#date.node);
    node.replaceChildren(h('div', { class: 'columns' }, both, this.#place, side), this.#caption.node);
  }

  /**
   * @param {import('../../state/state.js').FigureState} _state
   * @param {ReadonlySet<string>} changed
   */
  update(_state, changed) {
    this.#caption.text = captionOf(this.#owner.state().controls);
    if (this.#data && changed.has('day')) this.#begin();
  }

  /** There is no animation on the page. */
  play() {}

  /** @param {boolean} isNear */
  run(isNear) {
    if (isNear) this.#date.show();
  }

  get still() {
    const guess = this.#tries.length > 0 ? this.#best : this.#guess;
    return { canvases: [this.#target.canvas, guess.canvas], columns: 2 };
  }

  /** The path from the middle through the tries to the cursor. */
  get film() {
    if (!this.#data) return null;
    const { model } = this.#owner.state();
    const stops = [{ x: 0, y: 0 }, ...this.#tries, this.#spot];
    return filmOfPath({
      ...{ name: 'puzzle', image: this.#image, most: FRAMES },
      codeAt: (share) => between(stops, share * (stops.length - 1)),
      decode: (latents) => this.#owner.demand('decode', { model, latents }),
    });
  }

  /** @type {string[]} */
  unlinked = [];

  /** Nothing: the figure describes its pictures itself. */
  async shownCodes() {
    return [];
  }

  /** @param {import('../parts/view.js').FigureData} data */
  async receive(data) {
    this.#data = data;
    this.#caption.text = captionOf(this.#owner.state().controls);
    this.#begin();
    await this.complete;
  }

  destroy() {
    this.#date.destroy();
    this.#tone.destroy();
  }

  get #image() {
    const { models } = /** @type {import('../parts/view.js').FigureData} */ (this.#data);
    return models[this.#owner.state().model].config.image;
  }

  /** Begins a day, or continues it. */
  async #begin() {
    const run = ++this.#run;
    const { day, model } = this.#owner.state();
    this.#day = day || today();
    this.#isDaily = this.#day === today();
    this.#record = new PuzzleRecord(model, shippedModels.includes(model));
    this.#date.set(this.#day, this.#record);
    const spots = this.#record.triesOf(this.#day);
    const request = { seed: seedOf(this.#day), stream: 0, count: DRAWS };
    const goal = targetOf(await this.#owner.ask('draws', request, 'puzzle draws'));
    if (run !== this.#run) return;
    this.#spot = spots[spots.length - 1] ?? { x: 0, y: 0 };
    const pictures = await this.#decode([goal, ...spots, this.#spot], 'puzzle begin');
    if (run !== this.#run) return;
    this.#goal = { ...goal, rgba: pictures[0] };
    this.#tries = spots.map((spot, i) => this.#judge(spot, pictures[i + 1]));
    this.#target.paint(this.#image, pictures[0]);
    const what = this.#resemblance(goal);
    this.#target.label = what ? say('{name}: {what}', { name: say('Target'), what }) : say('Target');
    this.#guess.paint(this.#image, pictures[pictures.length - 1]);
    this.#paintBest(pictures.slice(1));
    this.#result.clear();
    this.#wait(false);
    this.#show();
    this.#completed(undefined);
  }

  /**
   * @param {Spot[]} spots
   * @param {string} slot
   * @returns {Promise<Uint8ClampedArray[]>} their pictures
   */
  async #decode(spots, slot) {
    const latents = Float32Array.from(spots.flatMap(({ x, y }) => [x, y]));
    const rgba = await this.#owner.ask('decode', { model: this.#owner.state().model, latents }, slot);
    const size = rgba.length / spots.length;
    return spots.map((_, i) => rgba.slice(i * size, (i + 1) * size));
  }

  /**
   * @param {Spot} spot
   * @param {Uint8ClampedArray} rgba its picture
   * @returns {Try}
   */
  #judge({ x, y }, rgba) {
    const { rgba: target } = this.#goal;
    const image = this.#image;
    return { x, y, nats: natsBetween(target, rgba, image.channels), missing: missingInk(target, rgba, image) };
  }

  /** @param {Spot} spot */
  async #move(spot) {
    if (this.#goal.rgba.length === 0) return;
    this.#spot = spot;
    this.#mark();
    const [picture] = await this.#decode([spot], 'puzzle guess');
    this.#guess.paint(this.#image, picture);
  }

  /** Tries the cursor's place. */
  async #attempt() {
    if (isOver(this.#tries) || this.#goal.rgba.length === 0 || this.#isTrying) return;
    const [run, spot] = [this.#run, this.#spot];
    this.#wait(true);
    const [picture] = await this.#decode([spot], 'puzzle try');
    if (run !== this.#run) return;
    this.#wait(false);
    this.#tries = [...this.#tries, this.#judge(spot, picture)];
    if (closest(this.#tries) === this.#tries[this.#tries.length - 1]) this.#best.paint(this.#image, picture);
    this.#record.keep(this.#day, this.#tries);
    if (this.#isDaily && isFound(this.#tries)) this.#record.found(this.#day);
    this.#tone.play(this.#tries.slice(-2).map(({ nats }) => nats));
    passFocus(this.#try, this.#result.share, () => this.#show());
  }

  /** @param {boolean} isTrying true while the picture of a try is awaited */
  #wait(isTrying) {
    this.#isTrying = isTrying;
    hold(this.#try, isTrying);
  }

  /** @param {Uint8ClampedArray[]} pictures of the tries */
  #paintBest(pictures) {
    if (this.#tries.length === 0) return;
    this.#best.paint(this.#image, pictures[this.#tries.indexOf(closest(this.#tries))]);
  }

  /** Shows the tries, and at the end the result and the plane. */
  #show() {
    const over = isOver(this.#tries);
    this.#list.show(this.#tries);
    this.#board.show(this.#tries, over ? this.#goal : null);
    this.#try.hidden = over;
    this.#sound.node.hidden = over;
    for (const node of this.#result.buttons) node.hidden = !over;
    this.#plot.classList.toggle('no-grid', !over);
    if (over) this.#backdrop.show(this.#owner.state().model, this.#image, EXTENT);
    this.#said.textContent = this.#inWords;
    this.#mark();
    this.#date.show();
  }

  /** The last try, how to try, or the result. */
  get #inWords() {
    const tries = this.#tries;
    if (tries.length === 0) return say('Drag on the plane, or use the arrow keys; Enter tries a place.');
    if (isFound(tries)) return resultOf(tries);
    const last = tryInWords(tries, tries.length - 1);
    return isOver(tries) ? `${last} ${resultOf(tries)}` : last;
  }

  /** Marks and describes the cursor's place. */
  #mark() {
    const what = this.#resemblance(this.#spot);
    this.#guess.label = what ? say('{name}: {what}', { name: say('Yours'), what }) : say('Yours');
    this.#cursor.show(what || '\u00a0');
  }

  /** The digits that a place's picture resembles, by the labels of the stored latents; empty without labels. @param {Spot} spot */
  #resemblance({ x, y }) {
    const stored = this.#data?.stored;
    return stored?.labels && !stored.own ? inWords(shares(Float32Array.of(x, y), stored)) : '';
  }

  #send() {
    const text = messageOf(this.#tries, this.#date.inWords);
    return new Promise((resolve, reject) => {
      emit(this.#owner.node, 'latent-send', { changed: { day: this.#day }, text, resolve, reject });
    });
  }

  #save() {
    const isInk = this.#image.channels === 1 && !matchMedia('(prefers-color-scheme: dark)').matches;
    return pictureOf([this.#target.canvas, this.#best.canvas], isInk);
  }
}

/**
 * @param {Spot[]} stops
 * @param {number} at 0 is the first stop
 */
function between(stops, at) {
  const index = Math.min(Math.floor(at), stops.length - 2);
  const [from, to] = [stops[index], stops[index + 1]];
  const share = at - index;
  return [from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)];
}
