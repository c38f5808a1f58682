/**
 * The inside of the figure that trains: pictures, settings, the run and its results. The view fetches it when it comes near the screen,
 * and owns it. It talks to the training controller only by requests.
 */

import { retell, say, sayNumber } from '../../state/texts.js';
import { readRunConfig, writeRunConfig } from '../../training/page/run-config.js';
import { defaults } from '../../training/page/settings.js';
import { holdOut } from '../../training/input/held-out.js';
import { h } from '../parts/dom.js';
import { on } from '../parts/events.js';
import { TrainCaption } from './caption.js';
import { chartStyle } from './charts.js';
import { summarize } from './estimate.js';
import { Estimator } from './estimator.js';
import { arrange, arrangePrepared } from './layout.js';
import { Lesson } from './lesson.js';
import * as photo from './photo.js';
import { Pictures } from './pictures.js';
import { Proposal } from './proposal.js';
import { Setup } from './setup.js';
import { changesOf, StartNetwork } from './start-network.js';
import { trainStyle } from './style.js';

/** @typedef {import('../../training/page/requests.js').Request} Request */

/** Shape of images in a figure without a prepared lesson: gray, as digits are. */
const SHAPE = { channels: 1, height: 28, width: 28 };

export class TrainFigure {
  #node;
  #request;
  #settings = defaults();
  #pictures;
  #start;
  #setup;
  #proposal = new Proposal();
  #summary = h('summary', { part: 'choices' });
  #fold;
  #lesson;
  #prepared;
  #onPlan;
  #caption = new TrainCaption();
  /** @type {import('../../training/page/run-config.js').Base} the figure's prepared settings */
  #base;
  #estimator;

  /**
   * @param {HTMLElement} node the figure, empty
   * @param {object} options
   * @param {Request} options.request asks the training controller
   * @param {typeof import('./one-picture.js') | null} options.lesson null in a figure without a lesson
   * @param {string} options.plan run config as text: differences from the prepared settings
   * @param {boolean} options.isOpen shows the settings at first
   * @param {(plan: string) => void} options.onPlan receives the text when the reader has changed settings
   */
  constructor(node, { request, lesson, plan, isOpen, onPlan }) {
    this.#node = node;
    this.#prepared = lesson;
    this.#request = request;
    this.#onPlan = onPlan;
    this.#base = lesson
      ? { settings: lesson.settings(), shape: lesson.shape }
      : { settings: defaults(), shape: SHAPE, preset: 'quick' };
    const { settings, shape, wrong } = readRunConfig(plan, this.#base);
    if (wrong.length > 0) {
      console.warn(`latent-lab: plan="${wrong.join('; ')}" is invalid, the default is used`);
    }
    this.#pictures = new Pictures({
      request,
      settings: this.#settings,
      shape: this.#base.shape,
      isReplacing: lesson !== null,
    });
    this.#start = new StartNetwork(request, this.#settings);
    this.#setup = new Setup(this.#settings, this.#start.picker.node);
    this.#lesson = new Lesson(request, () => this.#begin());
    this.#fold = h('details', { class: 'fold', open: isOpen }, this.#summary);
    this.#estimator = new Estimator(request, this.#settings, {
      pictures: this.#pictures,
      setup: this.#setup,
      summary: this.#summary,
    });
    this.#adopt(settings, shape);
    this.#build();
    this.#listen();
    this.#estimator.renew();
    this.fitted = [
      this.#pictures.sheet,
      this.#pictures.variants,
      this.#lesson,
      this.#lesson.heldOut,
      this.#lesson.critic,
    ];
  }

  #build() {
    const parts = {
      pictures: this.#pictures,
      lesson: this.#lesson,
      setup: this.#setup,
      proposal: this.#proposal.node,
      fold: this.#fold,
    };
    const arranged = this.#prepared ? arrangePrepared(parts, this.#prepared.shape) : arrange(parts);
    this.#node.append(...arranged, this.#caption.node, ...this.#pictures.dialogs);
  }

  /** Adds the figure's style sheets, and opens a run of an earlier visit. */
  async receive() {
    const root = /** @type {ShadowRoot} */ (this.#node.getRootNode());
    if (!root.adoptedStyleSheets.includes(trainStyle)) {
      const charts = await chartStyle();
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...(charts ? [charts] : []), trainStyle];
    }
    const { value } = await this.#request('open');
    if (!value) return this.#prepare();
    const { settings, data, start, step } = value;
    this.#adopt(settings, data.shape);
    this.#start.restore(start ? { start, settings, shape: data.shape } : null);
    this.#pictures.restore(data);
    await this.#lesson.resume(this.#settings, data);
    this.#pictures.status = say(
      'This is your run from an earlier visit, at step {step}. It was kept on this machine.',
      {
        step: sayNumber(step),
      },
    );
    this.#lock(true);
    this.#estimator.renew();
  }

  /**
   * @param {import('../../training/page/settings.js').Settings} settings
   * @param {import('../../engine/types.js').ImageShape} shape
   */
  #adopt(settings, shape) {
    this.#setup.set(settings);
    this.#setup.shape = shape;
    this.#pictures.shape = shape;
    this.#describe();
  }

  /** Tells the host that the reader has changed the run config. */
  #emitPlan() {
    this.#describe();
    this.#onPlan(writeRunConfig({ settings: this.#settings, shape: this.#pictures.shape }, this.#base));
  }

  #describe() {
    this.#summary.textContent = summarize(this.#settings);
    this.#fitCaption();
  }

  /** The host's caption is about the prepared settings. */
  #fitCaption() {
    const { kind } = this.#settings;
    const isHosts = this.#prepared ? !this.#pictures.isReplaced : kind === 'both';
    this.#caption.show(kind, isHosts);
  }

  /** Shows the prepared picture before the reader has chosen any. */
  async #prepare() {
    if (this.#prepared) await this.#addAny();
    this.#lesson.setSettings(this.#settings);
  }

  /** @param {import('../../training/page/types.js').RunStatus} status */
  show(status) {
    this.#lesson.update(status);
  }

  /** @param {boolean} isPlaying */
  play(isPlaying) {
    return this.#lesson.play(isPlaying);
  }

  get still() {
    return this.#lesson.still;
  }

  get film() {
    return this.#lesson.film;
  }

  /** Opens the settings, for a host that shows only some controls, which must not be folded away. */
  unfold() {
    this.#fold.open = true;
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#pictures.run(isNear);
    this.#request('watch', { isNear });
  }

  destroy() {
    this.#estimator.destroy();
    this.#pictures.destroy();
    this.#lesson.destroy();
  }

  #listen() {
    this.#pictures.catch(this.#node);
    on(this.#pictures.node, 'change', () => this.#shown());
    on(this.#pictures.node, 'first', () => (this.#pictures.count === 1 ? this.#propose() : this.#suitPhotos()));
    on(this.#pictures.node, 'models', (/** @type {import('./pictures.js').Dropped} */ { models, refused }) =>
      this.#adoptModels(models, refused),
    );
    on(this.#pictures.node, 'shape', () => {
      this.#setup.shape = this.#pictures.shape;
      this.#emitPlan();
    });
    on(this.#setup.node, 'shape', (/** @type {{side: number, channels: number}} */ { side, channels }) =>
      this.#reshape({ channels, height: side, width: side }),
    );
    on(this.#start.picker.node, 'start', (/** @type {import('./start-picker.js').Source | null} */ source) =>
      source ? this.#startFrom(source) : this.#start.drop(),
    );
    on(this.#setup.node, 'change', () => {
      this.#start.dropUnlessFits(this.#settings, this.#pictures.shape);
      this.#lesson.setSettings(this.#settings);
      this.#shown();
      this.#emitPlan();
    });
    on(this.#lesson.start, 'set', () => this.#emitPlan());
    on(this.#lesson.start, 'lock', (/** @type {boolean} */ isLocked) => this.#lock(isLocked));
  }

  /** Updates everything that depends on the pictures or the settings. */
  #shown() {
    if (this.#pictures.count !== 1) this.#proposal.close();
    this.#fitCaption();
    this.#estimator.renew();
    this.#pictures.showVariants();
  }

  /** Proposes augmentation for a single picture, which the network would memorize. */
  #propose() {
    if (this.#settings.augment) return;
    const text = say(
      'A network learns a single picture by heart within seconds. Changed a little each time, it becomes many: in color, rotated and shifted.',
    );
    this.#proposal.open(text, say('Set up for one picture'), async () => {
      const { seed, pace, threads, awake } = this.#settings;
      this.#setup.set({ ...photo.settings(), seed, pace, threads, awake });
      this.#lesson.setSettings(this.#settings);
      this.#pictures.suit();
    });
  }

  /** Uses color and slight augmentation for photographs, which are few, unless the reader has changed the settings. */
  #suitPhotos() {
    if (writeRunConfig({ settings: this.#settings, shape: this.#pictures.shape }, this.#base) !== '') return;
    this.#setup.set({ augment: photo.CHANGES });
    this.#pictures.suit(`${this.#pictures.status} ${say('They are used in color, and changed a little each time.')}`);
  }

  /** @param {import('../../engine/types.js').ImageShape} shape */
  #reshape(shape) {
    this.#pictures.reshape(shape);
    this.#start.dropUnlessFits(this.#settings, shape);
    this.#emitPlan();
  }

  /**
   * Shows the visitor's model files in other figures, and offers the first as the start of a run.
   * @param {import('../../training/input/dropped.js').DroppedModel[]} models
   * @param {import('../../training/input/images.js').Refusal[]} refused
   */
  async #adoptModels(models, refused) {
    const [{ file }] = models;
    this.#start.picker.offer(file);
    const isRead = await this.#lesson.adopt(models, this.#pictures.data, refused);
    if (!isRead || this.#lesson.isThere) return;
    this.#proposal.open(
      say('You can also train it further on your own pictures.'),
      say('Start from this network'),
      () => this.#startFrom({ file }),
    );
  }

  /** Makes the next run start from a network, and take its config. @param {import('./start-picker.js').Source} source */
  async #startFrom(source) {
    const { settings, shape, problem } = await this.#start.choose(source);
    if (problem) this.#setup.estimate = retell(problem);
    if (!settings || !shape) return;
    this.#setup.set(settings);
    this.#setup.shape = shape;
    this.#pictures.reshape(shape);
    this.#lesson.setSettings(this.#settings);
    this.#estimator.renew();
    this.#emitPlan();
  }

  /** Creates a run of the settings and the pictures. Resolves with the problem, or null. */
  async #begin() {
    // Waits for pictures that are still being read; without pictures, the run learns digits.
    await this.#pictures.done;
    if (this.#pictures.count === 0) await this.#addAny();
    const { data: all, refusal } = this.#pictures;
    if (all.pixels.length === 0) return refusal || say('There are no pictures yet.');
    const settings = { ...this.#settings };
    const data = holdOut(all, settings);
    const { value, problem } = await this.#request('begin', { settings, data, start: this.#start.start });
    if (problem) return problem;
    this.#proposal.close();
    await this.#lesson.begin(this.#settings, value ?? data);
    await this.#setSince(settings);
    return null;
  }

  /**
   * Passes on settings that the reader changed while the run was created.
   * @param {import('../../training/page/settings.js').Settings} before
   */
  async #setSince(before) {
    const { beta, learningRate, fall, pace, threads, awake } = changesOf(before, this.#settings);
    const change = JSON.parse(JSON.stringify({ beta, learningRate, fall, pace, threads, awake }));
    if (Object.keys(change).length > 0) await this.#request('set', { change });
  }

  /** Adds the prepared picture, or digits, if the reader has chosen no pictures. */
  async #addAny() {
    if (this.#prepared) this.#pictures.addPrepared(await this.#prepared.picture());
    else this.#pictures.addDrawn('digits');
    await this.#pictures.done;
  }

  /** @param {boolean} isLocked */
  #lock(isLocked) {
    this.#pictures.lock(isLocked);
    this.#setup.lock(isLocked);
    this.#start.picker.lock(isLocked);
    if (!isLocked) this.#fold.lastElementChild?.append(this.#lesson.runSettings.node);
  }
}
