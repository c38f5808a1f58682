import { retell, say, sayNumber } from '../../state/texts.js';
import { readRunConfig, writeRunConfig } from '../../training/page/run-config.js';
import { defaults } from '../../training/page/settings.js';
import { Caption } from '../parts/caption.js';
import { h } from '../parts/dom.js';
import { chartStyle } from './charts.js';
import { describe, summarize } from './estimate.js';
import { Lesson } from './lesson.js';
import * as photo from './photo.js';
import { Pictures } from './pictures.js';
import { Proposal } from './proposal.js';
import { Setup } from './setup.js';
import { StartPicker } from './start-picker.js';
import { trainStyle } from './style.js';

/** @typedef {import('../../training/page/requests.js').Request} Request */

/** Milliseconds before new settings are measured: the reader may still be typing. */
const TYPING = 500;

/** Highest learning rate for a trained network, which a higher one would make forget. */
const TRAINED = 0.001;

/** Shape of images in a figure without a prepared lesson: gray, as digits are. */
const SHAPE = { channels: 1, height: 28, width: 28 };

/** The figure that trains: pictures, settings, the run and its results. It talks to the training controller by requests only. */
export class TrainFigure {
  #node;
  #request;
  #settings = defaults();
  #pictures;
  #startPicker = new StartPicker();
  /** The network that the next run starts from. @type {import('../../training/page/start.js').StartInfo | null} */
  #start = null;
  /** How often the reader has chosen a network to start from. */
  #choice = 0;
  #setup = new Setup(this.#settings, this.#startPicker.node);
  #proposal = new Proposal();
  #summary = h('summary', { part: 'choices' });
  #fold;
  #lesson;
  #prepared;
  #onPlan;
  #caption;
  /** The slot of the host's caption. */
  #slotted;
  /** @type {import('../../training/page/run-config.js').Base} settings that the figure is prepared with */
  #base;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  /**
   * @param {HTMLElement} node the figure, empty
   * @param {object} options
   * @param {Request} options.request asks the training controller
   * @param {typeof import('./one-picture.js') | null} options.lesson null in a figure without one
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
    this.#lesson = new Lesson(request, () => this.#begin());
    this.#caption = new Caption('');
    this.#slotted = [...this.#caption.node.childNodes];
    this.#fold = h('details', { class: 'fold', open: isOpen }, this.#summary);
    this.#adopt(settings, shape);
    this.#build();
    this.#listen();
    this.#estimate();
    this.fitted = [this.#pictures.sheet, this.#pictures.variants, this.#lesson];
  }

  /** Builds pictures and start first; in a prepared figure the image sources stand among the settings. */
  #build() {
    const { sheet, sources, variants, dialogs } = this.#pictures;
    const { start, results, runSettings, keepStatus } = this.#lesson;
    const begin = h(
      'section',
      { class: 'begin', 'aria-label': say('Training') },
      start,
      sources.statusNode,
      this.#proposal.node,
      keepStatus,
      this.#fold,
    );
    const content = h('div', { class: 'fold-content' });
    this.#fold.append(content);
    if (this.#prepared) {
      variants.reserve(this.#prepared.shape);
      content.append(sheet.node, sources.node, this.#setup.node, runSettings.node);
      // Without a landmark of its own, since the other training figure has one of the same name.
      begin.removeAttribute('aria-label');
      this.#node.append(variants.node, begin, results);
    } else {
      content.append(this.#setup.node, runSettings.node);
      const pictures = h('section', { class: 'goes-in', 'aria-label': say('Pictures') }, sheet.node);
      const more = h('div', { class: 'goes-in more' }, sources.node, variants.node);
      this.#node.append(h('div', { class: 'before' }, pictures, begin, more), results);
    }
    this.#node.append(this.#caption.node, ...dialogs);
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
    this.#start = start ? { start, settings, shape: data.shape } : null;
    if (start) this.#startPicker.show(start);
    this.#pictures.restore(data);
    await this.#lesson.resume(this.#settings, data);
    this.#pictures.status = say(
      'This is your run from an earlier visit, at step {step}. It was kept on this machine.',
      {
        step: sayNumber(step),
      },
    );
    this.#lock(true);
    this.#estimate();
  }

  /**
   * @param {import('../../training/page/settings.js').Settings} settings
   * @param {import('../../engine/engine.js').ImageShape} shape
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

  /** Shows the host's caption while the figure shows what it was prepared for, and its own caption after that. */
  #fitCaption() {
    const { kind } = this.#settings;
    const isHosts = this.#prepared ? !this.#pictures.isReplaced : kind === 'both';
    this.#caption.text = words(kind);
    if (isHosts) this.#caption.node.replaceChildren(...this.#slotted);
    else this.#caption.insist(words(kind));
  }

  /** Shows the prepared picture before the reader has chosen any. */
  async #prepare() {
    if (this.#prepared) await this.#addAny();
    this.#lesson.setSettings(this.#settings);
  }

  /** @param {import('../../training/page/controller.js').RunStatus} status */
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

  /** Opens the settings, for a host that shows only some controls: they must not be folded away. */
  unfold() {
    this.#fold.open = true;
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#pictures.run(isNear);
    this.#request('watch', { isNear });
  }

  destroy() {
    clearTimeout(this.#typing);
    this.#pictures.destroy();
    this.#lesson.destroy();
  }

  #listen() {
    /** @param {EventTarget} target @param {string} name @param {(detail: any) => void} then */
    const on = (target, name, then) => {
      target.addEventListener(name, (event) => then(/** @type {CustomEvent} */ (event).detail));
    };
    this.#pictures.catch(this.#node);
    on(this.#pictures.node, 'change', () => this.#shown());
    on(this.#pictures.node, 'first', () => (this.#pictures.count === 1 ? this.#propose() : this.#suitPhotos()));
    on(this.#pictures.node, 'models', ({ models, refused }) => this.#adoptModels(models, refused));
    on(this.#pictures.node, 'shape', () => {
      this.#setup.shape = this.#pictures.shape;
      this.#emitPlan();
    });
    on(this.#setup.node, 'shape', ({ side, channels }) => this.#reshape({ channels, height: side, width: side }));
    on(this.#startPicker.node, 'start', (source) => this.#startFrom(source));
    on(this.#setup.node, 'change', () => {
      if (this.#start && !isOf(this.#start, this.#settings)) this.#startFrom(null);
      this.#lesson.setSettings(this.#settings);
      this.#shown();
      this.#emitPlan();
    });
    on(this.#lesson.start, 'set', () => this.#emitPlan());
    on(this.#lesson.start, 'lock', (isLocked) => this.#lock(isLocked));
  }

  /** Updates everything that depends on the pictures or the settings. */
  #shown() {
    if (this.#pictures.count !== 1) this.#proposal.close();
    this.#fitCaption();
    this.#estimate();
    this.#pictures.showVariants();
  }

  /** Proposes augmentation for a single picture, which the network would memorize. */
  #propose() {
    if (this.#settings.augment) return;
    const text = say(
      'A network learns a single picture by heart within seconds. Changed a little each time, it becomes many: in color, rotated and shifted.',
    );
    this.#proposal.open(text, say('Set up for one picture'), async () => {
      const { seed, pace, awake } = this.#settings;
      this.#setup.set({ ...photo.settings(), seed, pace, awake });
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

  /** @param {import('../../engine/engine.js').ImageShape} shape */
  #reshape(shape) {
    this.#pictures.reshape(shape);
    if (this.#start && !hasShape(this.#start, shape)) this.#startFrom(null);
    this.#emitPlan();
  }

  /**
   * Shows model files of the visitor's in other figures, and offers the first as the start of a run.
   * @param {import('../../training/input/dropped.js').DroppedModel[]} models
   * @param {import('../../training/input/images.js').Refusal[]} refused
   */
  async #adoptModels(models, refused) {
    const [{ file }] = models;
    this.#startPicker.offer(file);
    const isRead = await this.#lesson.adopt(models, this.#pictures.data, refused);
    if (!isRead || this.#lesson.isThere) return;
    this.#proposal.open(
      say('You can also train it further on your own pictures.'),
      say('Start from this network'),
      () => this.#startFrom({ file }),
    );
  }

  /**
   * Makes the next run start from a network, and take its config. Settings that the reader changes until the file has come stay; where
   * they are not the network's, or another network has been chosen, it is dropped.
   * @param {import('./start-picker.js').Source | null} source null for random weights
   */
  async #startFrom(source) {
    const choice = ++this.#choice;
    const before = { ...this.#settings };
    const { value = null, problem } = source ? await this.#request('readStart', source) : {};
    if (choice !== this.#choice) return;
    if (!value) return this.#startFromNothing(problem);
    const learningRate = Math.min(TRAINED, before.learningRate);
    const settings = { ...before, ...value.settings, learningRate, ...changesOf(before, this.#settings) };
    if (!isOf(value, settings)) return this.#startFromNothing();
    this.#start = value;
    this.#startPicker.set(value.start.name);
    this.#setup.set(settings);
    this.#setup.shape = value.shape;
    this.#pictures.reshape(value.shape);
    this.#lesson.setSettings(this.#settings);
    this.#estimate();
    this.#emitPlan();
  }

  /** @param {unknown} [problem] why there is no network to start from */
  #startFromNothing(problem) {
    this.#start = null;
    this.#startPicker.set('');
    if (problem) this.#setup.estimate = retell(problem);
  }

  /** Measures the size of the networks, and how long an epoch takes on this machine. */
  #estimate() {
    clearTimeout(this.#typing);
    // The estimate that is shown is of earlier settings.
    this.#setup.forget();
    this.#typing = setTimeout(async () => {
      const { value, problem } = await this.#request('measure', {
        settings: this.#settings,
        shape: this.#pictures.shape,
      });
      if (!value) return void (this.#setup.estimate = retell(problem));
      this.#summary.textContent = summarize(this.#settings, value);
      this.#setup.estimate = describe(
        value,
        this.#pictures.count * (this.#settings.augment ? this.#settings.copies : 1),
        this.#settings,
      );
    }, TYPING);
  }

  /** Creates a run of the settings and the pictures. Resolves with the problem, or null. */
  async #begin() {
    // Waits for pictures that are still being read; without any, the run learns digits.
    await this.#pictures.done;
    if (this.#pictures.count === 0) await this.#addAny();
    const { data, refusal } = this.#pictures;
    if (data.pixels.length === 0) return refusal || say('There are no pictures yet.');
    const settings = { ...this.#settings };
    const { problem } = await this.#request('begin', { settings, data, start: this.#start?.start });
    if (problem) return problem;
    this.#proposal.close();
    await this.#lesson.begin(this.#settings, data);
    await this.#setSince(settings);
    return null;
  }

  /** Passes on what the reader has set while the run was created. @param {import('../../training/page/settings.js').Settings} before */
  async #setSince(before) {
    const { beta, learningRate, pace, awake } = changesOf(before, this.#settings);
    const change = JSON.parse(JSON.stringify({ beta, learningRate, pace, awake }));
    if (Object.keys(change).length > 0) await this.#request('set', { change });
  }

  /** Adds the prepared picture, or digits, where the reader has chosen none. */
  async #addAny() {
    if (this.#prepared) this.#pictures.addPrepared(await this.#prepared.picture());
    else this.#pictures.addDrawn('digits');
    await this.#pictures.done;
  }

  /** @param {boolean} isLocked */
  #lock(isLocked) {
    this.#pictures.lock(isLocked);
    this.#setup.lock(isLocked);
    this.#startPicker.lock(isLocked);
    if (!isLocked) this.#fold.lastElementChild?.append(this.#lesson.runSettings.node);
  }
}

/**
 * The settings that differ.
 * @param {import('../../training/page/settings.js').Settings} before
 * @param {import('../../training/page/settings.js').Settings} now
 * @returns {Partial<import('../../training/page/settings.js').Settings>} as they are now
 */
function changesOf(before, now) {
  const was = new Map(Object.entries(before));
  return Object.fromEntries(
    Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(was.get(name))),
  );
}

/**
 * True where a run with these settings can start from the network.
 * @param {import('../../training/page/start.js').StartInfo} start
 * @param {import('../../training/page/settings.js').Settings} now
 */
function isOf({ settings: { layers, latent, likelihood } }, now) {
  return JSON.stringify([layers, latent, likelihood]) === JSON.stringify([now.layers, now.latent, now.likelihood]);
}

/**
 * @param {import('../../training/page/start.js').StartInfo} start
 * @param {import('../../engine/engine.js').ImageShape} now
 */
function hasShape({ shape }, now) {
  return shape.channels === now.channels && shape.height === now.height && shape.width === now.width;
}

/** @param {import('../../training/page/settings.js').Settings['kind']} kind */
function words(kind) {
  const here = say(
    'Everything happens in this tab: the pictures are read, the networks are trained and kept here, and nothing is sent anywhere. A run survives a reload.',
  );
  return kind === 'both'
    ? `${here} ${say('Both networks start from the same weights and see the same batches; they differ only in their loss.')}`
    : here;
}
