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

/**
 * @typedef {import('../../training/page/controller.js').RunStatus} News
 * @typedef {(command: string, args?: object) => Promise<{value?: any, problem?: string}>} Request
 */

/** Settings are still being typed; the probe of their speed waits this long, in milliseconds. */
const TYPING = 500;

/** A network that has learned something forgets it at a higher learning rate. */
const TRAINED = 0.001;

/** A figure that nothing was prepared for: white on black, as digits are. */
const SHAPE = { channels: 1, height: 28, width: 28 };

/** From pictures to a network that has learned them: what goes in, how it learns, and what comes out. */
export class TrainFigure {
  #node;
  #request;
  #settings = defaults();
  #pictures;
  #startPicker = new StartPicker();
  /** The network that a run will start from. @type {import('../../training/page/start.js').StartInfo | null} */
  #start = null;
  #setup = new Setup(this.#settings, this.#startPicker.node);
  #proposal = new Proposal();
  #summary = h('summary', { part: 'choices' });
  #fold;
  #lesson;
  #prepared;
  #onPlan;
  #caption;
  /** Where the host's caption goes. */
  #slotted;
  /** @type {import('../../training/page/run-config.js').Base} what it is prepared with */
  #base;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  /**
   * @param {HTMLElement} node the figure, empty
   * @param {object} options
   * @param {Request} options.request a command to the desk
   * @param {typeof import('./one-picture.js') | null} options.lesson what it is prepared for
   * @param {string} options.plan settings that differ from those it is prepared with
   * @param {boolean} options.isOpen the settings are shown from the beginning
   * @param {(plan: string) => void} options.onPlan hears of them when the reader changes some
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
      console.warn(`latent-lab: plan="${wrong.join('; ')}" makes no sense here, the default is taken`);
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

  /** Pictures and the start first; what a prepared figure need not be asked for stands in its settings. */
  #build() {
    const { sheet, sources, variants, dialogs } = this.#pictures;
    const { start, results, dials, keepStatus } = this.#lesson;
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
      content.append(sheet.node, sources.node, this.#setup.node, dials.node);
      // Landmarks are the other figure's: with the same names they would request nobody where they are.
      begin.removeAttribute('aria-label');
      this.#node.append(variants.node, begin, results);
    } else {
      content.append(this.#setup.node, dials.node);
      const pictures = h('section', { class: 'goes-in', 'aria-label': say('Pictures') }, sheet.node);
      const more = h('div', { class: 'goes-in more' }, sources.node, variants.node);
      this.#node.append(h('div', { class: 'before' }, pictures, begin, more), results);
    }
    this.#node.append(this.#caption.node, ...dialogs);
  }

  /** Styles of its own, and a run of an earlier visit. */
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
    this.#pictures.status = say('This is your run of an earlier visit, at step {step}. It was kept on this machine.', {
      step: sayNumber(step),
    });
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

  /** The reader has changed something of the plan. */
  #planned() {
    this.#describe();
    this.#onPlan(writeRunConfig({ settings: this.#settings, shape: this.#pictures.shape }, this.#base));
  }

  #describe() {
    this.#summary.textContent = summarize(this.#settings);
    this.#fitCaption();
  }

  /** What the host says under the figure is about what it was prepared for; where that is not so any more, the figure's own words hold. */
  #fitCaption() {
    const { kind } = this.#settings;
    const isHosts = this.#prepared ? !this.#pictures.isReplaced : kind === 'both';
    this.#caption.text = words(kind);
    if (isHosts) this.#caption.node.replaceChildren(...this.#slotted);
    else this.#caption.insist(words(kind));
  }

  /** What is there before the reader has chosen anything. */
  async #prepare() {
    if (this.#prepared) await this.#addAny();
    this.#lesson.setSettings(this.#settings);
  }

  /** @param {News} news */
  hear(news) {
    this.#lesson.hear(news);
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

  /** The host shows a few controls only: those of the settings must not be folded away. */
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
      this.#planned();
    });
    on(this.#setup.node, 'shape', ({ side, channels }) => this.#reshape({ channels, height: side, width: side }));
    on(this.#startPicker.node, 'start', (source) => this.#startFrom(source));
    on(this.#setup.node, 'change', () => {
      if (this.#start && !isOf(this.#start, this.#settings)) this.#startFrom(null);
      this.#lesson.setSettings(this.#settings);
      this.#shown();
      this.#planned();
    });
    on(this.#lesson.start, 'turn', () => this.#planned());
    on(this.#lesson.start, 'lock', (isLocked) => this.#lock(isLocked));
  }

  /** Other pictures or other settings. */
  #shown() {
    if (this.#pictures.count !== 1) this.#proposal.close();
    this.#fitCaption();
    this.#estimate();
    this.#pictures.showVariants();
  }

  /** A single picture teaches nothing but itself, unless it is changed. */
  #propose() {
    if (this.#settings.augment) return;
    const text = say(
      'A network learns a single picture by heart within seconds. Changed a little each time, it becomes many: seen in its colors, turned and shifted.',
    );
    this.#proposal.open(text, say('Set up for one picture'), async () => {
      const { seed, pace, awake } = this.#settings;
      this.#setup.set({ ...photo.settings(), seed, pace, awake });
      this.#lesson.setSettings(this.#settings);
      this.#pictures.suit();
    });
  }

  /** Where the reader has set nothing, photographs are seen in their colors, and changed a little: there are few of them. */
  #suitPhotos() {
    if (writeRunConfig({ settings: this.#settings, shape: this.#pictures.shape }, this.#base) !== '') return;
    this.#setup.set({ augment: photo.CHANGES });
    this.#pictures.suit(
      `${this.#pictures.said} ${say('They are seen in their colors, and changed a little each time.')}`,
    );
  }

  /** @param {import('../../engine/engine.js').ImageShape} shape */
  #reshape(shape) {
    this.#pictures.reshape(shape);
    if (this.#start && !hasShape(this.#start, shape)) this.#startFrom(null);
    this.#planned();
  }

  /**
   * Model files of the visitor's: other figures show them, and a run can start from the first.
   * @param {import('../../training/input/dropped.js').DroppedModel[]} models
   * @param {import('../../training/input/images.js').Refusal[]} refused
   */
  async #adoptModels(models, refused) {
    const [{ file }] = models;
    this.#startPicker.offer(file);
    const isRead = await this.#lesson.adopt(models, this.#pictures.data, refused);
    if (!isRead || this.#lesson.isThere) return;
    this.#proposal.open(
      say('You can also train it further, on pictures of yours.'),
      say('Start from this network'),
      () => this.#startFrom({ file }),
    );
  }

  /** The next run starts from a network, and is as that one is. @param {import('./start-picker.js').Source | null} source */
  async #startFrom(source) {
    const { value = null, problem } = source ? await this.#request('readStart', source) : {};
    this.#start = value;
    this.#startPicker.set(value?.start.name ?? '');
    if (!value) return void (problem && (this.#setup.estimate = retell(problem)));
    const learningRate = Math.min(TRAINED, this.#settings.learningRate);
    this.#setup.set({ ...value.settings, learningRate });
    this.#setup.shape = value.shape;
    this.#pictures.reshape(value.shape);
    this.#lesson.setSettings(this.#settings);
    this.#estimate();
    this.#planned();
  }

  /** How large the networks are, and how long an epoch takes on this machine. */
  #estimate() {
    clearTimeout(this.#typing);
    // What it said was about other settings.
    this.#setup.forget();
    this.#typing = setTimeout(async () => {
      const { value, problem } = await this.#request('measure', { settings: this.#settings, shape: this.#pictures.shape });
      if (!value) return void (this.#setup.estimate = retell(problem));
      this.#summary.textContent = summarize(this.#settings, value);
      this.#setup.estimate = describe(
        value,
        this.#pictures.count * (this.#settings.augment ? this.#settings.copies : 1),
        this.#settings,
      );
    }, TYPING);
  }

  /** The run that the settings and the pictures mean. */
  async #begin() {
    // Pictures that are still being read or drawn count; a reader who has not chosen any sees digits being learned.
    await this.#pictures.done;
    if (this.#pictures.count === 0) await this.#addAny();
    const { data, refusal } = this.#pictures;
    if (data.pixels.length === 0) return refusal || say('There are no pictures yet.');
    const { problem } = await this.#request('begin', { settings: { ...this.#settings }, data, start: this.#start?.start });
    if (problem) return problem;
    this.#proposal.close();
    await this.#lesson.begin(this.#settings, data);
    return null;
  }

  /** Pictures for who has none. */
  async #addAny() {
    if (this.#prepared) this.#pictures.addPrepared(await this.#prepared.picture());
    else this.#pictures.addOurs('digits');
    await this.#pictures.done;
  }

  /** @param {boolean} isLocked */
  #lock(isLocked) {
    this.#pictures.lock(isLocked);
    this.#setup.lock(isLocked);
    this.#startPicker.lock(isLocked);
    if (!isLocked) this.#fold.lastElementChild?.append(this.#lesson.dials.node);
  }
}

/**
 * True where a run with these settings can start from a network.
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
    ? `${here} ${say('Both networks start from the same weights and see the same batches; the only difference is what the variational one is asked for.')}`
    : here;
}
