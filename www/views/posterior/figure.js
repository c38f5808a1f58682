import { isMade } from '../../assets.js';
import { say } from '../../state/texts.js';
import { Breaks } from '../parts/breaks.js';
import { Caption } from '../parts/caption.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { PictureChoice } from '../parts/picture-choice.js';
import { Picture, Tiles } from '../parts/pictures.js';
import { Bars } from './bars.js';
import { captionOf } from './captions.js';
import { Changes } from './changes.js';
import { Cloud } from './cloud.js';
import { deviationOf, drawn, pixelDeviation } from './deviation.js';
import { SeenPictures } from './seen.js';
import { posteriorStyle } from './style.js';

/** Number of draws behind the deviation of each pixel, and number of those shown. */
const DRAWS = 64;
const SHOWN = 8;

/** Seeds that the button draws from: short enough to remember. */
const SEEDS = 10_000;

/** The inside of the figure: a picture, its posterior, and the changes between draws from it. */
export class PosteriorFigure {
  #owner;
  #choice;
  #pictures;
  #seen = new Picture({ role: 'img', part: 'seen', 'aria-label': say('The picture as the network sees it') });
  #mean = new Picture({ role: 'img', part: 'mean', 'aria-label': say('The mean of its code, decoded') });
  #changes = new Changes();
  #draws = new Tiles(SHOWN, { part: 'draws', layout: (room) => ({ columns: SHOWN, side: room / SHOWN - 4 }) });
  #source = h('p', { class: 'under' }, say('What goes in'));
  #place = h('div', { class: 'posterior-code' });
  #bars = new Bars();
  #cloud = new Cloud();
  #caption = new Caption('');
  #posterior = { mean: new Float32Array(), deviation: new Float32Array() };
  /** True once the posterior is the chosen picture's. */
  #isEncoded = false;
  #codes = new Float32Array();
  /** @type {import('../parts/view.js').FigureData | null} */
  #data = null;
  /** Number of the last update. Work for older ones is stale and stops. */
  #run = 0;
  #breaks = new Breaks();
  /** @type {import('../parts/export-dialog.js').ExportDialog | null} */
  #dialog = null;
  /** @type {(value: unknown) => void} */
  #completed = () => {};
  /** Resolves with the first pictures of any request. */
  complete = new Promise((resolve) => (this.#completed = resolve));

  /** @param {import('../parts/distant-view.js').Owner} owner */
  constructor(owner) {
    this.#owner = owner;
    const { node } = owner;
    const root = node.getRootNode();
    // The figure may have left the page while this module was fetched.
    if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(posteriorStyle)) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, posteriorStyle];
    }
    this.fitted = [this.#draws, this.#cloud];
    const renew = (/** @type {Partial<import('../../state/state.js').FigureState>} */ changed) => {
      this.#breaks.chosen();
      owner.change(changed);
      this.#show();
    };
    this.#choice = new PictureChoice(owner, renew, { hasPair: false });
    this.#pictures = new SeenPictures(owner, this.#choice);
    const again = button(say('Draw again'), 'draw-again', () => {
      owner.change({ seed: Math.floor(Math.random() * SEEDS) });
      // Otherwise the picture's draws are still to come, and will use this seed.
      if (this.#isEncoded) this.#draw();
    });
    again.classList.add('primary');
    const save = button(say('Export'), 'export', () => this.#export());
    const three = h(
      'div',
      { class: 'three' },
      h('div', {}, this.#seen.node, this.#source),
      h('div', {}, this.#mean.node, h('p', { class: 'under' }, say('Its mean, decoded'))),
      this.#changes.node,
    );
    const eight = h('div', { class: 'eight' }, this.#draws.node, h('div', { class: 'row' }, again, save));
    const shown = h('div', { class: 'shown' }, three, this.#changes.text, eight, this.#place);
    node.replaceChildren(h('div', { class: 'columns' }, this.#choice.node, shown), this.#caption.node);
  }

  /**
   * @param {import('../../state/state.js').FigureState} _state
   * @param {ReadonlySet<string>} changed
   */
  update(_state, changed) {
    this.#choice.update(changed);
    this.#describe();
    if (this.#data) this.#show();
  }

  /** There is no animation on the page. */
  play() {}

  run() {}

  get still() {
    const [draw] = this.#draws.pictures;
    return { canvases: [this.#seen.canvas, this.#mean.canvas, draw.canvas, this.#changes.gray], columns: 4 };
  }

  /** One draw after the other. */
  get film() {
    if (this.#codes.length === 0) return null;
    const [codes, { model }] = [this.#codes, this.#owner.state()];
    const { channels, width, height } = this.#choice.image;
    return {
      ...{ name: 'posterior', most: DRAWS, count: 24, isInk: channels === 1 },
      frames: async (/** @type {number} */ count) => {
        const latents = codes.slice(0, (count * codes.length) / DRAWS);
        return { rgba: await this.#owner.demand('decode', { model, latents }), width, height };
      },
    };
  }

  get unlinked() {
    return this.#choice.unlinked;
  }

  get hasDrawing() {
    return this.#choice.hasDrawing;
  }

  /** @returns {Promise<import('../parts/announcer.js').ShownCodes[]>} */
  async shownCodes() {
    return this.#codes.length > 0 ? [{ codes: this.#codes, stored: this.#choice.stored }] : [];
  }

  /** @param {import('../parts/view.js').FigureData} data */
  async receive(data) {
    this.#data = data;
    this.#choice.receive(data);
    this.#describe();
    const isPlane = this.#choice.stored.latent === 2;
    this.#place.replaceChildren(isPlane ? this.#cloud.node : this.#bars.node);
    this.#cloud.width.measure();
    if (isPlane) this.#cloud.receive(this.#owner.state().model, this.#choice.image);
    this.#show();
    await this.complete;
  }

  destroy() {
    this.#choice.destroy();
  }

  /**
   * Shows the decoded mean at once, from the stored code or the one that came with the picture.
   * @param {number} run
   */
  async #redraw(run) {
    const { model } = this.#owner.state();
    const latents = Float32Array.from(this.#choice.code);
    const rgba = await this.#owner.ask('decode', { model, latents }, 'posterior picture');
    if (run === this.#run) this.#mean.paint(this.#choice.image, rgba);
    return rgba;
  }

  /** Encodes the chosen picture and draws from its posterior. */
  async #show() {
    const run = ++this.#run;
    this.#isEncoded = false;
    const { model } = this.#owner.state();
    const [original, redrawing] = await Promise.all([this.#pictures.now(), this.#redraw(run)]);
    if (run !== this.#run) return;
    const isRedrawn = original === null;
    this.#source.textContent = isRedrawn ? say('What goes in: its redrawing') : say('What goes in');
    const rgba = original ?? redrawing;
    this.#seen.paint(this.#choice.image, rgba);
    const { mean, logVar } = await this.#owner.ask('encode', { model, rgba }, 'posterior encode');
    if (run !== this.#run) return;
    // The stored mean is that of the original picture, even if only its redrawing is available.
    const middle = Float32Array.from(isRedrawn ? this.#choice.code : mean);
    this.#posterior = { mean: middle, deviation: deviationOf(logVar, middle.length) };
    this.#isEncoded = true;
    // Draws pause while the reader drags: the next picture would wait for them.
    await this.#breaks.pause();
    if (run !== this.#run) return;
    await this.#draw();
  }

  /**
   * Draws codes. The shown ones are decoded first, the others in short tasks, so that the next picture of a drag need not wait for them.
   */
  async #draw() {
    const run = ++this.#run;
    const { model, seed } = this.#owner.state();
    const { mean, deviation } = this.#posterior;
    const noise = await this.#owner.ask('draws', { seed, stream: 0, count: DRAWS * mean.length }, 'posterior draws');
    if (run !== this.#run) return;
    const codes = drawn(mean, deviation, noise);
    const first = new Float32Array((1 + SHOWN) * mean.length);
    first.set(mean);
    first.set(codes.subarray(0, SHOWN * mean.length), mean.length);
    const decode = (/** @type {Float32Array} */ latents) =>
      this.#owner.ask('decode', { model, latents }, 'posterior decode');
    const shown = await decode(first);
    if (run !== this.#run) return;
    this.#codes = codes;
    this.#paint(shown);
    const bytes = shown.length / (1 + SHOWN);
    const draws = new Uint8ClampedArray(DRAWS * bytes);
    draws.set(shown.subarray(bytes));
    for (let done = SHOWN; done < DRAWS; done += SHOWN) {
      await this.#breaks.pause();
      if (run !== this.#run) return;
      const rgba = await decode(codes.slice(done * mean.length, (done + SHOWN) * mean.length));
      if (run !== this.#run) return;
      draws.set(rgba, done * bytes);
    }
    this.#changes.show(this.#choice.image, pixelDeviation(draws, DRAWS));
    this.#completed(undefined);
    this.#choice.paint();
  }

  /** @param {Uint8ClampedArray} rgba the decoded mean, then the shown draws */
  #paint(rgba) {
    const { image, name } = this.#choice;
    const bytes = rgba.length / (SHOWN + 1);
    this.#mean.paint(image, rgba);
    this.#changes.begin(image, rgba.subarray(0, bytes));
    this.#draws.paint(image, rgba.subarray(bytes), say('Eight draws from the posterior of {name}, decoded', { name }));
    const { mean, deviation } = this.#posterior;
    if (mean.length === 2) this.#cloud.show(mean, deviation, this.#codes);
    else this.#bars.show(mean, deviation, this.#codes.subarray(0, SHOWN * mean.length));
  }

  #describe() {
    const { controls, model } = this.#owner.state();
    const text = captionOf(controls, this.#data?.models[model].config ?? null);
    if (isMade(model)) this.#caption.insist(text);
    else this.#caption.text = text;
  }

  #export() {
    const { node, loadOptional } = this.#owner;
    loadOptional(import('../parts/export-dialog.js'), ({ ExportDialog }) => {
      const { film } = this;
      if (film) (this.#dialog ??= new ExportDialog()).open(film, node);
    });
  }
}
