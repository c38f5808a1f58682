import { retell, say, sayCount, sayNumber } from '../../texts.js';
import { Collection } from '../../training/collection.js';
import { sortFiles } from '../../training/dropped.js';
import { readPlan, writePlan } from '../../training/plan.js';
import { defaults } from '../../training/settings.js';
import { Caption } from '../parts/caption.js';
import { h } from '../parts/dom.js';
import { CameraDialog } from './camera.js';
import { chartStyle } from './charts.js';
import { DrawDialog } from './draw-dialog.js';
import { Lesson } from './lesson.js';
import { Setup } from './setup.js';
import { Sheet } from './sheet.js';
import { droppedFiles, Sources } from './sources.js';
import { StartPicker } from './start-picker.js';
import { trainStyle } from './style.js';
import { Variants } from './variants.js';
import { duration } from './words.js';

/**
 * @typedef {import('../../training/desk.js').News} News
 * @typedef {(command: string, args?: object) => Promise<{value?: any, problem?: string}>} Tell
 */

/** Settings are still being typed; the probe of their speed waits this long, in milliseconds. */
const TYPING = 500;

/** From pictures to a network that has learned them: what goes in, how it learns, and what comes out. */
export class TrainFigure {
  #node;
  #tell;
  #settings = defaults();
  #collection;
  #sources = new Sources();
  #sheet = new Sheet();
  #variants = new Variants();
  #setup = new Setup(this.#settings);
  #startPicker = new StartPicker();
  /** The network that a run will start from. @type {import('../../training/start.js').StartInfo | null} */
  #start = null;
  #lesson;
  #prepared;
  #onPlan;
  /** @type {import('../../training/plan.js').Plan} what it is prepared with */
  #base;
  #camera = new CameraDialog((picture) => this.#addFiles([picture]));
  #draw = new DrawDialog((pixels, side) => this.#addDrawing(pixels, side));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;
  #isLocked = false;
  #isNear = false;
  #name = 'pictures of a visitor';
  #work = Promise.resolve();
  /** Why the last pictures are not here. */
  #refusal = '';

  /**
   * @param {HTMLElement} node the figure, empty
   * @param {object} options
   * @param {Tell} options.tell a command to the desk
   * @param {typeof import('./one-picture.js') | null} options.lesson what it is prepared for
   * @param {string} options.plan settings that differ from those it is prepared with
   * @param {(plan: string) => void} options.onPlan hears of them when the reader changes some
   */
  constructor(node, { tell, lesson, plan, onPlan }) {
    this.#node = node;
    this.#prepared = lesson;
    this.#tell = tell;
    this.#onPlan = onPlan;
    this.#collection = new Collection(async (rgba, image) => {
      const { value, problem } = await tell('bytes', { rgba, image });
      if (!value) throw new Error(problem);
      return value;
    });
    this.#base = { settings: lesson?.settings ?? defaults(), shape: lesson?.shape ?? this.#collection.shape };
    const { settings, shape, wrong } = readPlan(plan, this.#base);
    if (wrong.length > 0) console.warn(`latent-lab: plan="${wrong.join('; ')}" makes no sense here, the default is taken`);
    this.#adopt(settings, shape);
    this.#lesson = new Lesson(tell, () => this.#begin());
    this.#lesson.node.addEventListener('turn', () => this.#planned());
    this.#lesson.node.addEventListener('lock', (event) => this.#lock(/** @type {CustomEvent} */ (event).detail));
    this.fitted = [this.#sheet, this.#variants, this.#lesson];
    const choices = [
      part(say('Pictures'), this.#sources.node, this.#sheet.node),
      part(say('Networks'), this.#startPicker.node, this.#setup.node),
    ];
    const before = h('div', { class: 'before' }, ...choices);
    const training = part(say('Training'), this.#lesson.node);
    if (lesson) {
      // Landmarks are the other figure's: with the same names they would tell nobody where they are.
      for (const each of [...choices, training]) each.removeAttribute('aria-label');
      // What is prepared need not be chosen: the choices stand aside.
      const summary = h('summary', { part: 'choices' }, `${say('Pictures')}, ${say('Networks')}`);
      this.#variants.reserve(lesson.shape);
      node.append(this.#variants.node, training, h('details', { class: 'aside' }, summary, before));
    } else {
      choices[0].append(this.#variants.node);
      node.append(before, training);
    }
    node.append(new Caption(words()).node, this.#camera.node, this.#draw.node);
    this.#listen();
    this.#sheet.show(this.#collection);
    this.#estimate();
  }

  /** Styles of its own, and a run of an earlier visit. */
  async receive() {
    const root = /** @type {ShadowRoot} */ (this.#node.getRootNode());
    if (!root.adoptedStyleSheets.includes(trainStyle)) {
      const charts = await chartStyle();
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...(charts ? [charts] : []), trainStyle];
    }
    const { value } = await this.#tell('open');
    if (!value) return this.#prepare();
    const { settings, data, start, step } = value;
    this.#adopt(settings, data.shape);
    this.#start = start ? { start, settings, shape: data.shape } : null;
    if (start) this.#startPicker.show(start);
    this.#name = data.name;
    this.#collection.restore(data);
    this.#sheet.show(this.#collection);
    await this.#lesson.resume(this.#settings, data);
    this.#sources.status = say('This is your run of an earlier visit, at step {step}. It was kept on this machine.', { step: sayNumber(step) });
    this.#lock(true);
    this.#estimate();
  }

  /**
   * @param {import('../../training/settings.js').Settings} settings
   * @param {import('../../engine.js').ImageShape} shape
   */
  #adopt(settings, shape) {
    this.#setup.set(settings);
    this.#sources.shape = shape;
    this.#collection.setShape(shape);
  }

  /** The reader has changed something of the plan. */
  #planned() {
    this.#onPlan(writePlan({ settings: this.#settings, shape: this.#collection.shape }, this.#base));
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

  /** @param {boolean} isNear */
  run(isNear) {
    this.#isNear = isNear;
    this.#tell('watch', { isNear });
  }

  destroy() {
    document.removeEventListener('paste', this.#paste);
    clearTimeout(this.#typing);
    this.#camera.node.close();
    this.#lesson.destroy();
  }

  #listen() {
    /** @param {EventTarget} target @param {string} name @param {(detail: any) => void} then */
    const on = (target, name, then) => {
      target.addEventListener(name, (event) => then(/** @type {CustomEvent} */ (event).detail));
    };
    on(this.#sources.node, 'files', (files) => this.#addFiles(files));
    on(this.#sources.node, 'supply', (model) => this.#addOurs(model));
    on(this.#sources.node, 'camera', () => this.#camera.open());
    on(this.#sources.node, 'draw', () => this.#draw.open(this.#collection.shape.width));
    on(this.#sources.node, 'shape', ({ side, channels }) => this.#reshape({ channels, height: side, width: side }));
    on(this.#sheet.node, 'remove', (index) => {
      this.#collection.remove(index);
      this.#shown();
    });
    on(this.#sheet.node, 'clear', () => {
      this.#collection.clear();
      this.#sources.status = '';
      this.#shown();
      this.#sources.focus();
    });
    on(this.#startPicker.node, 'start', (source) => this.#startFrom(source));
    on(this.#setup.node, 'change', () => {
      if (this.#start && !isOf(this.#start, this.#settings)) this.#startFrom(null);
      this.#estimate();
      this.#showVariants();
      this.#planned();
    });
    document.addEventListener('paste', this.#paste);
    this.#node.addEventListener('dragover', (event) => {
      event.preventDefault();
      this.#node.dataset.dragging = '';
    });
    this.#node.addEventListener('dragleave', () => delete this.#node.dataset.dragging);
    this.#node.addEventListener('drop', async (event) => {
      event.preventDefault();
      delete this.#node.dataset.dragging;
      if (event.dataTransfer) this.#addFiles(await droppedFiles(event.dataTransfer));
    });
  }

  /** Pasted pictures are for the figure that the reader looks at. @param {ClipboardEvent} event */
  #paste = (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || !this.#isNear || this.#isLocked) return;
    event.preventDefault();
    this.#addFiles(files);
  };

  /** @param {File[]} files */
  #addFiles(files) {
    this.#queue(async () => {
      const { models, others, refused } = await sortFiles(files);
      if (others.length > 0 || models.length === 0) await this.#addPictures(others, refused);
      if (models.length === 0) return;
      this.#startPicker.offer(models[0].file);
      await this.#lesson.adopt(models, this.#collection.data(), refused);
    });
  }

  /** @param {File[]} files @param {import('../../training/collection.js').Refusal[]} others that were dropped with them */
  async #addPictures(files, others) {
    if (this.#isLocked) {
      this.#sources.status = say('A run keeps the pictures that it began with. Reset it to train on others.');
      return;
    }
    this.#name = 'pictures of a visitor';
    const { taken, labeled, refused } = await this.#collection.addFiles(files, (done, of) => this.#progress(say('Reading'), done, of));
    const added = taken > 0 ? [sayCount(taken, 'One added.', '{count} added.')] : [];
    const named = labeled.map((each) => say('{count} pictures of {images} have the labels of {labels}.', { ...each, count: sayNumber(each.count) }));
    await this.#render([...others, ...refused], [...added, ...named].join(' '));
  }

  /** The next run starts from a network, and is as that one is. @param {import('./start-picker.js').Source | null} source */
  async #startFrom(source) {
    const { value = null, problem } = source ? await this.#tell('readStart', source) : {};
    this.#start = value;
    this.#startPicker.set(value?.start.name ?? '');
    if (!value) return void (problem && (this.#setup.estimate = retell(problem)));
    this.#setup.set({ ...this.#settings, ...value.settings });
    this.#sources.shape = value.shape;
    this.#reshape(value.shape);
    this.#estimate();
  }

  /** @param {import('./sources.js').Supplier} model */
  #addOurs(model) {
    this.#queue(async () => {
      this.#sources.status = say('Drawing pictures…');
      const { value, problem } = await this.#tell('supply', { model });
      if (!value) return void (this.#sources.status = problem ?? '');
      const { pixels, shape, labels, stored, license } = /** @type {import('../../training/supplies.js').Supply} */ (value);
      const name = `pictures that the model ${model} decoded from ${stored} stored codes of test images and from points between them${license && `; its data: ${license}`}`;
      const isFirst = this.#collection.items.length === 0;
      this.#name = isFirst ? name : `${this.#name}; ${name}`;
      // Where there is nothing else yet and no size was asked for, they are seen as they are.
      const { channels, width } = this.#collection.shape;
      if (isFirst && channels === this.#base.shape.channels && width === this.#base.shape.width) {
        this.#sources.shape = shape;
        this.#collection.setShape(shape);
        this.#planned();
      }
      const taken = this.#collection.addRaw(pixels, { shape, labels, name: say('a decoded picture') });
      this.#sources.status = say('{count} pictures drawn by the decoder of this page.', { count: sayNumber(taken) });
      await this.#render([]);
    });
  }

  /**
   * @param {Uint8Array} pixels
   * @param {number} side
   */
  #addDrawing(pixels, side) {
    this.#collection.addRaw(pixels, { shape: { channels: 1, height: side, width: side }, labels: null, name: say('a drawing') });
    this.#queue(() => this.#render([]));
  }

  /** @param {import('../../engine.js').ImageShape} shape */
  #reshape(shape) {
    const dropped = this.#collection.setShape(shape);
    this.#planned();
    const note = dropped > 0 ? sayCount(dropped, 'One picture no longer fits into memory at this size and was left out.', '{count} pictures no longer fit into memory at this size and were left out.') : '';
    this.#queue(() => this.#render([], note));
  }

  /**
   * @param {import('../../training/collection.js').Refusal[]} refused
   * @param {string} [note] to be said at the end
   */
  async #render(refused, note = undefined) {
    const rendered = await this.#collection.render((done, of) => this.#progress(say('Resizing'), done, of));
    if (!rendered.isDone) return;
    if (note !== undefined) this.#sources.status = note;
    const all = [...refused, ...rendered.refused];
    this.#refusal = all.length > 0 ? `${all[0].name}: ${retell(all[0].why)}` : '';
    this.#sources.refuse(all, note);
    this.#shown();
  }

  #shown() {
    this.#sheet.show(this.#collection);
    this.#estimate();
    this.#showVariants();
  }

  async #showVariants() {
    const first = this.#collection.items.find((item) => item.seen);
    const { augment } = this.#settings;
    this.#variants.node.hidden = !first || !augment;
    if (!first?.seen || !augment) return;
    const { shape } = this.#collection;
    const { value } = await this.#tell('augment', { picture: first.seen, height: shape.height, width: shape.width, augment, count: 10 });
    if (value) this.#variants.show(value, shape, this.#collection.isInk);
  }

  /** One thing after the other. @param {() => Promise<void>} work */
  #queue(work) {
    this.#work = this.#work.then(work).catch((error) => {
      this.#sources.status = retell(error);
    });
  }

  /** @param {string} what @param {number} done @param {number} of */
  #progress(what, done, of) {
    this.#sources.status = say('{what}: {done} of {of}', { what, done: sayNumber(done), of: sayNumber(of) });
  }

  /** How large the networks are, and how long an epoch takes on this machine. */
  #estimate() {
    clearTimeout(this.#typing);
    // What it said was about other settings.
    this.#setup.forget();
    this.#typing = setTimeout(async () => {
      const { shape, items } = this.#collection;
      const { value, problem } = await this.#tell('measure', { settings: this.#settings, shape });
      if (!value) return void (this.#setup.estimate = problem ?? '');
      this.#setup.estimate = describe(value, items.length * (this.#settings.augment ? this.#settings.copies : 1), this.#settings);
    }, TYPING);
  }

  /** The run that the settings and the pictures mean. */
  async #begin() {
    // Pictures that are still being read or drawn count; a reader who has not chosen any sees digits being learned.
    await this.#work;
    if (this.#collection.items.length === 0) await this.#addAny();
    const { pixels, labels } = this.#collection.data();
    if (pixels.length === 0) return this.#refusal || say('There are no pictures yet.');
    const data = { shape: this.#collection.shape, pixels, labels, name: this.#name, isInk: this.#collection.isInk };
    const { problem } = await this.#tell('begin', { settings: { ...this.#settings }, data, start: this.#start?.start });
    if (problem) return problem;
    await this.#lesson.begin(this.#settings, data);
    return null;
  }

  /** Pictures for who has none. */
  async #addAny() {
    if (this.#prepared) this.#addFiles([await this.#prepared.picture()]);
    else this.#addOurs('digits');
    await this.#work;
  }

  /** @param {boolean} isLocked */
  #lock(isLocked) {
    this.#isLocked = isLocked;
    this.#sources.lock(isLocked);
    this.#sheet.lock(isLocked);
    this.#setup.lock(isLocked);
    this.#startPicker.lock(isLocked);
  }
}

/**
 * True where a run with these settings can start from a network.
 * @param {import('../../training/start.js').StartInfo} start
 * @param {import('../../training/settings.js').Settings} now
 */
function isOf({ settings: { layers, latent, likelihood } }, now) {
  return JSON.stringify([layers, latent, likelihood]) === JSON.stringify([now.layers, now.latent, now.likelihood]);
}

/**
 * @param {{parameters: number[], perStep: number, perPicture: number}} measured seconds
 * @param {number} pictures of an epoch
 * @param {import('../../training/settings.js').Settings} settings
 */
function describe({ parameters, perStep, perPicture }, pictures, { batch }) {
  const counts = parameters.map(sayNumber).join(say(' and '));
  const step = perStep + Math.min(batch, pictures || batch) * perPicture;
  const epoch = Math.ceil(pictures / batch) * perStep + pictures * perPicture;
  const words = [
    say('{counts} parameters.', { counts }),
    pictures > 0
      ? say('On this machine a step takes about {step}, an epoch of {pictures} pictures about {epoch}.', {
          ...{ step: duration(step), epoch: duration(epoch) },
          pictures: sayNumber(pictures),
        })
      : say('On this machine a step takes about {step}.', { step: duration(step) }),
  ];
  if (step > 0.2) words.push(say('That is long: other figures may have to wait for it. A smaller batch makes it shorter.'));
  return words.join(' ');
}

/**
 * @param {string} title
 * @param {...Node} content
 */
function part(title, ...content) {
  return h('section', { class: 'train-part', 'aria-label': title }, h('h3', {}, title), ...content);
}

function words() {
  return say(
    'Everything happens in this tab: the pictures are read, the networks are trained and kept here, and nothing is sent anywhere. Both networks start from the same weights and see the same batches; the only difference is what the variational one is asked for. A run survives a reload.',
  );
}
