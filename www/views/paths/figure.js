import { isMade } from '../../assets.js';
import { say, written } from '../../state/texts.js';
import { Caption } from '../parts/caption.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { Ends } from '../parts/ends.js';
import { emit } from '../parts/events.js';
import { Exporter } from '../parts/exporter.js';
import { densityText } from '../parts/lens-words.js';
import { UNLABELED } from '../parts/stored.js';
import { captionOf } from './captions.js';
import { Charts } from './charts.js';
import { isClassifiable } from './classifier.js';
import { filmOf } from './film.js';
import { crossFade, frameAt, FRAMES } from './frames.js';
import { Measures } from './measures.js';
import { Now } from './now.js';
import { Numbers } from './numbers.js';
import { Rows } from './rows.js';
import { pathsStyle } from './style.js';
import { DIRECT, namesOfPaths, PATHS } from './paths.js';

/**
 * @typedef {import('./paths.js').Path} Path
 * @typedef {import('../parts/view.js').FigureData} FigureData
 *
 * @typedef {object} Course a path with decoded frames
 * @property {Float32Array | null} codes [FRAMES, latent]; null for the cross-fade
 * @property {Uint8ClampedArray} rgba its frames, stacked
 * @property {import('./measures.js').Measured} [measured] its measurements, once its frames are encoded
 */

/** The inside of the figure: four paths between the same ends, and measurements along them. */
export class PathsFigure {
  #view;
  #ends;
  #now = new Now();
  #rows = new Rows((t) => this.#seek(t));
  #charts = new Charts();
  #numbers = new Numbers();
  #caption = new Caption('');
  #exporter;
  #lines;
  /** All sizes follow from the style. @type {never[]} */
  fitted = [];
  /** @type {Partial<Record<Path, Course>>} */
  #courses = {};
  /** @type {Promise<Measures> | undefined} */
  #measures;
  /** @type {Measures | null} */
  #known = null;
  /** @type {FigureData | null} */
  #data = null;
  /** Counts the shown pairs of ends: work on an earlier pair is stale and stops. */
  #run = 0;
  #hasFailed = false;
  /** @type {(value: unknown) => void} */
  #completed = () => {};
  /** Resolves with the first pictures of any request. */
  complete = new Promise((resolve) => (this.#completed = resolve));

  /** @param {import('../parts/distant-view.js').DistantView<any>} view */
  constructor(view) {
    this.#view = view;
    adopt(view.node);
    this.#ends = new Ends(view, () => this.#show());
    this.#exporter = new Exporter(view);
    // Without labels there is one chart fewer, so the others are taller.
    const name = UNLABELED.has(view.state.model) ? 'lines of-two' : 'lines';
    this.#lines = h('div', { class: name }, ...this.#rows.nodes, ...this.#charts.nodes);
    const save = button(say('Export'), 'export', () => this.#exporter.open());
    const shown = h('div', { class: 'shown' }, this.#now.node, this.#lines, this.#numbers.node);
    const chosen = h('div', { class: 'chosen' }, ...this.#ends.nodes, h('div', { class: 'row' }, save));
    view.node.replaceChildren(shown, chosen, this.#caption.node);
    this.#move(view.state.t);
  }

  /**
   * @param {import('../../state/state.js').FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    this.#ends.update(changed);
    this.#describe();
    this.#move(state.t);
    if (this.#data && ['from', 'to', 'z'].some((name) => changed.has(name))) this.#show();
  }

  /** There is no animation on the page. */
  play() {}

  run() {}

  get still() {
    const { canvases } = this.#rows;
    return { canvases, columns: canvases.length / PATHS.length };
  }

  get film() {
    return this.#data && filmOf(this.#view, this.#ends, this.#image);
  }

  get unlinked() {
    return this.#ends.unlinked;
  }

  get hasDrawing() {
    return this.#ends.hasDrawing;
  }

  /** The readings of all paths, for the announcer. @returns {Promise<import('../parts/announcer.js').ShownCodes[]>} */
  async shownCodes() {
    const { stored } = this.#data ?? {};
    const names = namesOfPaths();
    const read = PATHS.map((path) => ({ name: names[path], what: this.#reading(path) })).filter(({ what }) => what);
    const note = read.map((each) => say('{name}: {what}', each)).join('. ');
    return stored ? [{ codes: new Float32Array(), stored, note }] : [];
  }

  /** @param {FigureData} data */
  async receive(data) {
    this.#data = data;
    this.#ends.receive(data);
    this.#describe();
    this.#prepare(data);
    this.#show();
    await this.complete;
    this.#ends.listen();
  }

  /**
   * Gives curves and numbers their room before they are measured, which takes a slow device a second.
   * @param {FigureData} data
   */
  #prepare({ stored, models }) {
    const { model } = this.#view.state;
    const hasClassifier = stored !== null && isClassifiable(stored);
    const measures = { hasClassifier, hasPrior: models[model].components > 0 };
    this.#charts.prepare(measures);
    this.#numbers.show(model, {}, measures);
  }

  destroy() {
    this.#ends.destroy();
  }

  get #config() {
    return /** @type {FigureData} */ (this.#data).models[this.#view.state.model].config;
  }

  get #image() {
    return this.#config.image;
  }

  /** Shows the paths between the current ends: first the ones that need no search, then the geodesic. */
  async #show() {
    const run = ++this.#run;
    const { dataset } = this.#view.node;
    delete dataset.complete;
    this.#ends.apply();
    for (const path of PATHS) {
      this.#rows.age(path);
      this.#now.age(path);
    }
    const isStale = () => run !== this.#run;
    await this.#showDirect(isStale);
    if (isStale()) return;
    this.#completed(undefined);
    this.#ends.paint();
    for (const path of PATHS) if (this.#courses[path]) await this.#measure(path, isStale);
    await this.#showGeodesic(isStale);
    if (!isStale()) dataset.complete = '';
  }

  /** @param {() => boolean} isStale */
  async #showDirect(isStale) {
    const { model } = this.#view.state;
    const ends = this.#endsOfPath();
    const [line, arc] = await Promise.all(
      DIRECT.map((path) => this.#view.ask('interpolate', { path, ...ends }, `path ${path}`)),
    );
    const latents = new Float32Array(line.length + arc.length);
    latents.set(line);
    latents.set(arc, line.length);
    const rgba = await this.#view.ask('decode', { model, latents }, 'paths decode');
    if (isStale()) return;
    const [first, second] = [rgba.subarray(0, rgba.length / 2), rgba.subarray(rgba.length / 2)];
    const bytes = first.length / FRAMES;
    const fade = crossFade(first.subarray(0, bytes), first.subarray((FRAMES - 1) * bytes), FRAMES);
    this.#courses = {};
    this.#paint('pixels', { codes: null, rgba: fade });
    this.#paint('lerp', { codes: line, rgba: first });
    this.#paint('slerp', { codes: arc, rgba: second });
  }

  /** @param {() => boolean} isStale */
  async #showGeodesic(isStale) {
    const { model } = this.#view.state;
    const { components } = /** @type {FigureData} */ (this.#data).models[model];
    this.#rows.status = say('Finding the path…');
    const { value, problem } = await this.#view.ask('geodesic', { model, ...this.#endsOfPath() }, 'geodesic');
    if (isStale()) return;
    this.#rows.status = problem || components > 0 ? '' : say('No fitted prior: an even arc');
    this.#notify(problem);
    if (!value) return;
    const rgba = await this.#view.ask('decode', { model, latents: value.slice() }, 'geodesic decode');
    if (isStale()) return;
    this.#paint('geodesic', { codes: value, rgba });
    await this.#measure('geodesic', isStale);
  }

  /** @param {string | undefined} problem why there is no geodesic */
  #notify(problem) {
    const { node } = this.#view;
    if (problem) emit(node, 'latent-notice', say('The path could not be found: {problem}', { problem }), true);
    else if (this.#hasFailed) emit(node, 'latent-notice', '', true);
    this.#hasFailed = problem !== undefined;
  }

  /**
   * Encodes the frames of a path, and shows their measurements.
   * @param {Path} path
   * @param {() => boolean} isStale
   */
  async #measure(path, isStale) {
    const { model } = this.#view.state;
    const course = /** @type {Course} */ (this.#courses[path]);
    const measures = await (this.#measures ??= this.#learn());
    if (isStale()) return;
    const { mean } = await this.#view.ask('encode', { model, rgba: course.rgba.slice() }, 'paths encode');
    if (isStale()) return;
    course.measured = measures.of(course.rgba, this.#image.channels, mean);
    this.#chart(measures);
  }

  async #learn() {
    const { model } = this.#view.state;
    const { stored } = /** @type {FigureData} */ (this.#data);
    const prior = await this.#view.ask('prior', { model });
    this.#known = new Measures(/** @type {import('../parts/stored.js').StoredLatents} */ (stored), prior);
    return this.#known;
  }

  /** @param {Measures} measures */
  #chart(measures) {
    const { hasClassifier, band } = measures;
    const found = PATHS.flatMap((path) => {
      const measured = this.#courses[path]?.measured;
      return measured ? [/** @type {const} */ ([path, measured])] : [];
    });
    this.#charts.show(Object.fromEntries(found), measures);
    const summaries = Object.fromEntries(found.map(([path, measured]) => [path, measures.summary(measured)]));
    this.#numbers.show(this.#view.state.model, summaries, { hasClassifier, hasPrior: band !== null });
    this.#move(this.#view.state.t);
  }

  /**
   * @param {Path} path
   * @param {Course} course
   */
  #paint(path, course) {
    const names = { from: this.#ends.name('from'), to: this.#ends.name('to') };
    this.#courses[path] = course;
    this.#rows.paint(path, this.#image, course.rgba, names);
    this.#now.call(path, names);
    this.#now.paint(path, this.#image, course.rgba, frameAt(this.#view.state.t));
  }

  /** Moves to the position that the reader pointed to. @param {number} t */
  #seek(t) {
    this.#view.change({ t });
    this.#move(t);
  }

  /** Shows the frames at a position, all of which are decoded. @param {number} t */
  #move(t) {
    this.#rows.move(t);
    this.#lines.style.setProperty('--at', String(frameAt(t) / (FRAMES - 1)));
    for (const path of PATHS) {
      const course = this.#courses[path];
      if (course) this.#now.paint(path, this.#image, course.rgba, frameAt(t));
      this.#now.read(path, this.#reading(path));
    }
  }

  /** The measurement at the current frame of a path, in words; empty while there is none. @param {Path} path */
  #reading(path) {
    const { verdicts, densities } = this.#courses[path]?.measured ?? {};
    const frame = frameAt(this.#view.state.t);
    if (verdicts) {
      const { digit, certainty } = verdicts[frame];
      return say('{digit}, {percent}% sure', { digit, percent: written(Math.floor(100 * certainty)) });
    }
    return densities ? densityText(densities[frame]) : '';
  }

  #describe() {
    const { controls, model } = this.#view.state;
    const text = captionOf(controls, this.#data?.models[model].config.image.channels === 1);
    if (isMade(model)) this.#caption.insist(text);
    else this.#caption.text = text;
  }

  #endsOfPath() {
    return { from: this.#ends.code('from'), to: this.#ends.code('to'), frames: FRAMES };
  }
}

/** Adds the figure's style to its root. The figure may have left the page while this module was fetched. @param {HTMLElement} node */
function adopt(node) {
  const root = node.getRootNode();
  if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(pathsStyle)) {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, pathsStyle];
  }
}
