import { retell, say, sayCount, sayNumber } from '../../../state/texts.js';
import { passFocus, button, hold, playButton } from '../../parts/controls.js';
import { h } from '../../parts/dom.js';
import { on } from '../../parts/events.js';
import { Caption } from '../../parts/caption.js';
import { Pictures } from '../pictures.js';
import { Problem } from '../problem.js';
import { trainStyle } from '../style.js';
import { experiments, HELD_OUT } from './experiments.js';
import { FewAndManyResults } from './few-and-many.js';
import { Measurements } from './measurements.js';
import { readPlan, writePlan } from './plan.js';
import { ExperimentProgress } from './progress.js';
import { ExperimentSetup } from './setup.js';
import { SizesResults } from './sizes.js';
import { LEAST, split } from './split.js';
import { experimentStyle } from './style.js';

/**
 * @typedef {import('../../../training/page/requests.js').Request} Request
 * @typedef {import('../../../training/page/types.js').RunStatus} RunStatus
 * @typedef {import('../../../training/page/types.js').DataSet} DataSet
 * @typedef {import('./measurements.js').Measured} Measured
 */

/** The figure of an experiment: pictures, settings, one run of several networks, and measurements. */
export class ExperimentFigure {
  #node;
  #request;
  #onPlan;
  #plan;
  #pictures;
  #setup;
  #progress = new ExperimentProgress();
  #problem = new Problem(() => {});
  #measurements;
  #play = playButton(() => this.#toggle());
  #reset = button(say('Reset'), 'reset', () => this.#clear());
  #summary = h('summary', { part: 'choices' });
  #fold;
  #place = h('div', { class: 'results', part: 'results', hidden: true });
  #caption = new Caption('');
  /** @type {SizesResults | FewAndManyResults | null} */
  #results = null;
  /** Pictures that the page's decoder has drawn: their number, and how many of the first are for training. */
  #drawn = { all: 0, train: 0 };
  /** @type {RunStatus['phase']} */
  #phase = 'empty';
  #step = 0;
  /** Step after which the run pauses by itself. */
  #until = 0;
  #isBusy = false;

  /**
   * @param {HTMLElement} node the figure, empty
   * @param {object} options
   * @param {Request} options.request asks the training controller
   * @param {import('./experiments.js').Experiment['name']} options.name
   * @param {string} options.plan differences from the prepared experiment, as text
   * @param {boolean} options.isOpen shows the settings at first
   * @param {(plan: string) => void} options.onPlan receives the text when the reader has changed something
   */
  constructor(node, { request, name, plan: text, isOpen, onPlan }) {
    this.#node = node;
    this.#request = request;
    this.#onPlan = onPlan;
    const { wrong, ...plan } = readPlan(text, name);
    if (wrong.length > 0) console.warn(`latent-lab: plan="${wrong.join('; ')}" is invalid, the default is used`);
    this.#plan = plan;
    this.#pictures = new Pictures({
      request: /** @type {Request} */ ((command, ...args) => this.#passOn(command, args)),
      ...{ settings: plan.settings, shape: experiments[name]().shape, isReplacing: false },
    });
    this.#pictures.shape = plan.shape;
    this.#setup = new ExperimentSetup(plan);
    this.#fold = h('details', { class: 'fold', open: isOpen }, this.#summary);
    this.#measurements = new Measurements(request, (measured) => this.#results?.show(measured));
    this.fitted = [this.#pictures.sheet];
    this.#build();
    this.#listen();
    this.#describe();
    this.#buttons();
  }

  #build() {
    const { sheet, sources } = this.#pictures;
    sheet.invitation = say('Drop pictures here, or press Start for those of this page.');
    const content = h('div', { class: 'fold-content' }, sheet.node, sources.node, this.#setup.node);
    this.#fold.append(content);
    const start = h(
      'div',
      { class: 'start' },
      h('div', { class: 'row' }, this.#play.node, this.#reset),
      ...this.#progress.nodes,
      this.#problem.node,
    );
    this.#node.append(
      h('section', { class: 'begin' }, start, sources.statusNode, this.#fold),
      this.#place,
      this.#caption.node,
      ...this.#pictures.dialogs,
    );
  }

  #listen() {
    this.#pictures.catch(this.#node);
    on(this.#pictures.node, 'change', () => this.#describe());
    on(this.#pictures.node, 'first', () => this.#pictures.suit());
    on(this.#pictures.node, 'shape', () => this.#change({ shape: this.#pictures.shape }));
    on(this.#setup.node, 'change', (/** @type {object} */ changed) => {
      const settings = { ...this.#plan.settings, ...changed };
      this.#change({ settings, train: Math.max(...(settings.counts ?? [this.#plan.train])) });
    });
  }

  /** Takes a change by the reader. @param {Partial<import('./experiments.js').Experiment>} changed */
  #change(changed) {
    this.#plan = { ...this.#plan, ...changed };
    this.#describe();
    this.#onPlan(writePlan(this.#plan));
  }

  /**
   * Passes on a request of the pictures. Those drawn by the page's decoder come divided into both kinds.
   * @param {string} command
   * @param {unknown[]} args
   */
  async #passOn(command, args) {
    const request = /** @type {(command: string, ...args: unknown[]) => Promise<any>} */ (this.#request);
    if (command !== 'drawPictures') return request(command, ...args);
    const { model } = /** @type {{model: string}} */ (args[0]);
    const { train, shape } = this.#plan;
    const answer = await request('drawApart', { model, train, heldOut: HELD_OUT, side: Math.max(shape.width, SIDE) });
    const { value } = answer;
    if (value) this.#drawn = { all: countOf(value), train: value.train };
    if (value && model !== this.#plan.model) this.#change({ model });
    return answer;
  }

  /** Adds the figure's style sheets, and opens a run of an earlier visit. */
  async receive() {
    const root = /** @type {ShadowRoot} */ (this.#node.getRootNode());
    for (const sheet of [trainStyle, experimentStyle]) {
      if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    }
    const { value } = await this.#request('open');
    if (!value) return;
    const { settings, data, step } = value;
    this.#pictures.restore(data);
    this.#step = step;
    this.#phase = 'paused';
    this.#begin(settings, data);
    await this.#request('refresh');
    this.#measurements.begin(true);
  }

  /** @param {RunStatus} status */
  show(status) {
    this.#phase = status.phase;
    this.#step = status.step;
    this.#buttons();
    if (status.phase === 'empty') return void (status.creation && (this.#progress.text = status.creation));
    if (!this.#results) return;
    this.#progress.show(status, this.#until);
    this.#problem.show(status.problem, status.phase === 'stopped');
    if (status.previews) this.#results.preview(status.previews);
    this.#measurements.follow(status, this.#until);
  }

  /** @param {boolean} isPlaying */
  async play(isPlaying) {
    if (isPlaying !== (this.#phase === 'running')) await this.#toggle();
  }

  get still() {
    return this.#results?.still ?? null;
  }

  /** There is no animation. */
  get film() {
    return null;
  }

  /** Opens the settings, for a host that shows only some controls. */
  unfold() {
    this.#fold.open = true;
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#pictures.run(isNear);
    this.#request('watch', { isNear });
  }

  destroy() {
    this.#pictures.destroy();
    this.#measurements.end();
    this.#results?.destroy();
  }

  async #toggle() {
    if (this.#phase === 'running') return void (await this.#request('pause'));
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#buttons();
    const problem = this.#phase === 'empty' ? await this.#create() : await this.#prolong();
    this.#isBusy = false;
    this.#buttons();
    if (problem) this.#progress.text = retell(problem);
    else await this.#request('run');
  }

  /** Creates a run of the settings and the pictures. Resolves with the problem, or undefined. */
  async #create() {
    await this.#pictures.done;
    if (this.#pictures.count === 0) this.#pictures.addDrawn(/** @type {any} */ (this.#plan.model));
    await this.#pictures.done;
    const { settings } = this.#plan;
    const isDrawn = this.#drawn.all > 0 && this.#pictures.count === this.#drawn.all;
    const found = split(this.#pictures.data, {
      counts: settings.counts ?? [isDrawn ? this.#drawn.train : Infinity],
      networks: (settings.sizes ?? settings.counts ?? []).length,
      train: isDrawn ? this.#drawn.train : null,
    });
    if (!found) {
      return (
        this.#pictures.refusal ||
        say('An experiment needs {count} pictures or more, since some are held out.', { count: LEAST })
      );
    }
    this.#progress.text = say('Making the networks…');
    const whole = { ...settings, counts: found.counts };
    const { problem } = await this.#request('begin', { settings: whole, data: found.data });
    if (problem) return problem;
    this.#begin(whole, found.data);
    this.#measurements.begin(false);
    return undefined;
  }

  /** A finished run takes as many steps again. Resolves with the problem, or undefined. */
  async #prolong() {
    if (this.#step < this.#until) return undefined;
    this.#until = this.#step + (this.#plan.settings.until ?? 0);
    return (await this.#request('set', { change: { until: this.#until } })).problem;
  }

  /**
   * Shows a run.
   * @param {import('../../../training/page/settings.js').Settings} settings
   * @param {DataSet} data
   */
  #begin(settings, data) {
    this.#until = settings.until ?? 0;
    this.#results =
      this.#plan.name === 'sizes' ? new SizesResults(settings, data) : new FewAndManyResults(settings, data);
    this.#place.replaceChildren(this.#results.node);
    this.#place.hidden = false;
    for (const { width } of this.#results.fitted) width.measure();
    this.#lock(true);
    this.#buttons();
  }

  async #clear() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#measurements.end();
    this.#buttons();
    await this.#request('reset');
    this.#isBusy = false;
    this.#results?.destroy();
    this.#results = null;
    this.#progress.text = '';
    this.#problem.show(undefined, false);
    this.#lock(false);
    this.#buttons();
    passFocus(this.#place, this.#play.node, () => (this.#place.hidden = true));
  }

  /** @param {boolean} isLocked */
  #lock(isLocked) {
    this.#pictures.lock(isLocked);
    this.#setup.lock(isLocked);
  }

  #buttons() {
    const isEmpty = this.#phase === 'empty';
    hold(this.#play.node, this.#isBusy);
    hold(this.#reset, this.#isBusy);
    this.#play.set(this.#phase === 'running');
    const isDone = !isEmpty && this.#step >= this.#until;
    this.#play.word =
      this.#phase === 'running'
        ? say('Pause')
        : isEmpty
          ? say('Start')
          : isDone
            ? sayCount(this.#plan.settings.until ?? 0, 'One more step', '{count} more steps')
            : say('Continue');
    passFocus(this.#node, this.#play.node, () => {
      this.#play.node.disabled = this.#phase === 'stopped';
      this.#reset.hidden = isEmpty;
    });
  }

  #describe() {
    const { settings } = this.#plan;
    const { sizes, counts = [], latent, until = 0, seed } = settings;
    const values = { steps: sayNumber(until), seed, latent: sayNumber(latent) };
    this.#summary.textContent = sizes
      ? say('Pictures and settings: codes of {sizes} numbers, {steps} steps, seed {seed}', {
          ...values,
          sizes: sizes.map(sayNumber).join(', '),
        })
      : say('Pictures and settings: {counts} pictures, {latent} numbers, {steps} steps, seed {seed}', {
          ...values,
          counts: counts.map(sayNumber).join(', '),
        });
    this.#setup.show(this.#plan);
    this.#caption.text = say(
      'Everything happens in this tab: the networks are trained and measured here, and nothing is sent anywhere. A run survives a reload.',
    );
  }
}

/** Side to which larger pictures of the page's decoders are reduced. */
const SIDE = 32;

/** @param {{pixels: Uint8Array, shape: import('../../../engine/types.js').ImageShape}} pictures */
function countOf({ pixels, shape: { channels, height, width } }) {
  return pixels.length / (channels * height * width);
}
