/**
 * The inside of the figure of attribute vectors: two groups of examples, a picture that moves along the direction between them, and an
 * analogy. The view fetches it when it comes near the screen, and owns it. It must not know the engine: it asks its view.
 */

import { isMade } from '../../assets.js';
import { say } from '../../state/texts.js';
import { Breaks } from '../parts/breaks.js';
import { Caption } from '../parts/caption.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { Exporter } from '../parts/exporter.js';
import { OwnPictures } from '../parts/own/own-pictures.js';
import { Boxes } from './boxes.js';
import { Chooser } from './chooser.js';
import { Drops } from './drops.js';
import { OWN, readyFor } from './examples.js';
import { Finding } from './finding.js';
import { moved } from './probe.js';
import { Selection } from './selection.js';
import { StoredPictures } from './stored-pictures.js';
import { directionStyle } from './style.js';
import { Walk } from './walk.js';
import { captionOf, picturesIn, titleOf } from './words.js';

/**
 * @typedef {import('./words.js').Target} Target
 * @typedef {import('./chosen.js').Id} Id
 * @typedef {import('../parts/view.js').FigureData} FigureData
 *
 * @typedef {object} Loaded the data, and everything that depends on it
 * @property {import('../parts/stored.js').StoredLatents} stored
 * @property {import('../../engine/types.js').ImageShape} image
 * @property {Selection} selection
 * @property {StoredPictures} pictures
 */

export class DirectionFigure {
  #view;
  #example = h('select', { part: 'example' });
  #walk = new Walk((amount) => this.#seek(amount));
  #boxes;
  #finding = new Finding();
  #chooser;
  #drops;
  #caption = new Caption('');
  /** @type {FigureData | null} */
  #data = null;
  /** @type {Loaded | null} */
  #loaded = null;
  #isComplete = false;
  #breaks = new Breaks();
  /** @type {OwnPictures<Target> | null} */
  #own = null;
  /** @type {(value: unknown) => void} */
  #painted = () => {};
  /** Resolves with the first pictures of any request. */
  #hasPainted = new Promise((resolve) => (this.#painted = resolve));

  /** @param {import('../parts/view.js').View} view */
  constructor(view) {
    this.#view = view;
    adopt(view.node);
    this.#boxes = new Boxes({
      choose: (target) => this.#chooser.choose(target),
      empty: (target) => this.#apply(this.#chosen.empty(target)),
    });
    this.#chooser = new Chooser({
      toggle: (target, id) => this.#toggle(target, id),
      show: () => this.#showSheet(),
      drag: (id) => (this.#drops.dragged = id),
      own: (target) => this.#own?.open(target),
    });
    this.#drops = new Drops(view.node, (target, id) => {
      if (!this.#selection.ids(target).includes(id)) this.#toggle(target, id);
    });
    this.fitted = this.#walk.fitted;
    this.#example.addEventListener('change', () => this.#choose(this.#example.value));
    this.#lay();
  }

  #lay() {
    const exporter = new Exporter(this.#view);
    const example = h(
      'label',
      { class: 'field', 'data-control': 'example' },
      h('span', { class: 'name' }, say('Direction')),
      this.#example,
    );
    this.#view.node.replaceChildren(
      h(
        'div',
        { class: 'settings' },
        example,
        button(say('Export'), 'export', () => exporter.open()),
      ),
      this.#walk.node,
      this.#boxes.node,
      this.#finding.node,
      this.#boxes.analogy.node,
      this.#chooser.node,
      this.#caption.node,
    );
    const { model, controls } = this.#view.state;
    if (isMade(model)) this.#caption.insist(captionOf(controls));
    else this.#caption.text = captionOf(controls);
  }

  /** @param {FigureData} data */
  async receive(data) {
    const { model } = this.#view.state;
    const stored = /** @type {import('../parts/stored.js').StoredLatents} */ (data.stored);
    const decode = (/** @type {Float32Array} */ latents) => this.#view.demand('decode', { model, latents });
    const { image } = data.models[model].config;
    const pictures = new StoredPictures(stored, image, decode, this.#breaks.pause);
    this.#data = data;
    this.#loaded = { stored, image, selection: new Selection(this.#view, stored), pictures };
    const names = [...readyFor(model).examples.map(({ name }) => name), OWN];
    this.#example.replaceChildren(...names.map((name) => h('option', { value: name }, titleOf(name))));
    this.#chooser.offer(stored);
    this.#takeOwn();
    this.#renew();
    await this.#hasPainted;
    // Work after the first picture, until the figure is destroyed.
    pictures.load((isComplete) => this.#decoded(isComplete)).catch(() => {});
  }

  /** The host has changed attributes. @param {ReadonlySet<string>} changed */
  update(changed) {
    this.#loaded?.selection.chosen.forget(changed);
    if (this.#loaded) this.#renew();
  }

  run() {}

  play() {}

  get still() {
    return { canvases: this.#walk.canvases, columns: this.#walk.canvases.length };
  }

  get film() {
    const { model } = this.#view.state;
    return this.#walk.film((latents) => this.#view.demand('decode', { model, latents }));
  }

  get unlinked() {
    return this.#chosen.unlinked(this.#view.state);
  }

  get hasOwnExamples() {
    return this.#chosen.hasOwnExamples;
  }

  /** @returns {import('../parts/announcer.js').ShownCodes[]} */
  shownCodes() {
    const { stored } = this.#here;
    const { code, direction } = this.#selection.course;
    const codes = moved(code, direction, this.#view.state.amount);
    return [
      { codes, stored, name: say('Along the direction'), picture: this.#walk.picture },
      { codes: this.#selection.analogy, stored, name: say('Analogy'), picture: this.#boxes.analogy.picture },
    ];
  }

  destroy() {
    this.#loaded?.pictures.destroy();
    this.#own?.destroy();
    this.#drops.destroy();
  }

  /** Called only after the data has arrived. */
  get #here() {
    return /** @type {Loaded} */ (this.#loaded);
  }

  get #selection() {
    return this.#here.selection;
  }

  get #chosen() {
    return this.#selection.chosen;
  }

  /** Takes pictures of the reader's for every target, first for the chosen one. */
  #takeOwn() {
    const view = this.#view;
    this.#own ??= new OwnPictures(
      { node: view.node, state: () => view.state, loadOptional: (...args) => view.loadOptional(...args) },
      {
        data: () => this.#data,
        own: (/** @type {Target} */ target) => this.#selection.ownIn(target),
        onTake: (target, taken) => this.#toggle(target, -this.#chosen.own.push(taken)),
        places: () => this.#selection.places(this.#chooser.target),
      },
    );
  }

  /** The reader has chosen an example. @param {string} example */
  #choose(example) {
    this.#chosen.forget(new Set(['example']));
    this.#apply({ example, plus: null, minus: null });
  }

  /** @param {Target} target @param {Id} id */
  #toggle(target, id) {
    this.#apply(this.#chosen.toggle(this.#view.state, target, id));
    const ids = this.#selection.ids(target);
    const values = { name: this.#chosen.fullNameOf(id), target: this.#selection.names[target] };
    const isIn = ids.includes(id);
    const change = isIn ? say('{name} is in {target}.', values) : say('{name} is no longer in {target}.', values);
    this.#chooser.report(`${change} ${picturesIn(ids.length)}.`);
  }

  /** @param {Partial<import('../../state/state.js').FigureState>} changed by the reader */
  #apply(changed) {
    this.#view.change(changed);
    this.#renew();
  }

  /** @param {number} amount */
  async #seek(amount) {
    this.#breaks.moved();
    this.#view.change({ amount });
    this.#walk.move(amount);
    const { code, direction } = this.#selection.course;
    const { model } = this.#view.state;
    this.#walk.show(
      this.#here.image,
      await this.#view.ask('decode', { model, latents: moved(code, direction, amount) }, 'moved'),
    );
  }

  /** Shows everything that depends on the chosen pictures. */
  #renew() {
    const { state } = this.#view;
    const { example, names } = this.#selection;
    this.#example.value = example.name;
    this.#boxes.call(names);
    this.#chooser.targets = names;
    this.#walk.move(state.amount);
    this.#showSheet();
    this.#find();
    // Shown together, so that nothing moves.
    Promise.all([this.#paintWalk(), this.#paintBoxes()]).then(this.#painted);
  }

  async #paintWalk() {
    const { model, amount } = this.#view.state;
    const { course, example } = this.#selection;
    const latents = this.#walk.codesOf(course, amount);
    const rgba = await this.#view.ask('decode', { model, latents }, 'walk');
    this.#walk.paint({ ...course, image: this.#here.image, measure: example.measure }, rgba);
  }

  #paintBoxes() {
    const { model } = this.#view.state;
    return this.#boxes.paint(this.#selection, this.#here.image, (latents) =>
      this.#view.ask('decode', { model, latents }, 'boxes'),
    );
  }

  /** Shows the sheet for the current choice. */
  #showSheet() {
    const chosen = this.#chosen;
    this.#chooser.show(
      chosen.own.map((_, i) => -i - 1),
      (id) => chosen.fullNameOf(id),
    );
    this.#chooser.mark(new Set(this.#selection.ids(this.#chooser.target)));
    this.#paintSheet();
  }

  #paintSheet() {
    const { image, pictures } = this.#here;
    const { own } = this.#chosen;
    this.#chooser.paint(image, (id) => (id < 0 ? own[-id - 1].seen : pictures.at(id)));
  }

  /** @param {boolean} isComplete */
  #decoded(isComplete) {
    this.#isComplete = isComplete;
    this.#paintSheet();
    if (isComplete) this.#find();
  }

  #find() {
    const { selection, pictures, image } = this.#here;
    const { example, rest, chosen } = selection;
    this.#finding.show({
      ...{ plus: selection.codes('plus'), minus: selection.codes('minus'), measure: example.measure },
      ...{
        rest,
        codeAt: (place) => chosen.codeOf(place),
        pictures,
        isComplete: this.#isComplete,
        image,
        pause: this.#breaks.pause,
      },
    });
  }
}

/** Adds the figure's style to its root. The figure may have left the page while this module was fetched. @param {HTMLElement} node */
function adopt(node) {
  const root = node.getRootNode();
  if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(directionStyle)) {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, directionStyle];
  }
}
