import { retell, say, sayNumber } from '../../state/texts.js';
import { ImageCollection } from '../../training/input/images.js';
import { sortFiles } from '../../training/input/dropped.js';
import { emit, on } from '../parts/events.js';
import { Incoming } from '../parts/incoming.js';
import { CameraDialog } from './camera.js';
import { DrawDialog } from './draw-dialog.js';
import * as notes from './notes.js';
import { isGray, SIDE } from './photo.js';
import { Sheet } from './sheet.js';
import { Sources } from './sources.js';
import { Variants } from './variants.js';

/**
 * @typedef {import('../../engine/types.js').ImageShape} ImageShape
 * @typedef {import('../../training/page/settings.js').Settings} Settings
 * @typedef {import('../../training/input/images.js').Refusal} Refusal
 * @typedef {import('../../training/page/requests.js').Request} Request
 *
 * @typedef {object} Dropped
 * @property {import('../../training/input/dropped.js').DroppedModel[]} models
 * @property {Refusal[]} refused other files of the same drop
 */

/** Name of a visitor's pictures on a model's card. */
const OWN = 'pictures of a visitor';

/**
 * The pictures of a run, from their source to the contact sheet. Emits on the sheet's node: `change` when pictures were added or removed,
 * `shape` when they got another size, `models` (detail: Dropped), and `first` when the first pictures from files were added.
 */
export class Pictures {
  sources = new Sources();
  sheet = new Sheet();
  variants = new Variants();
  #images;
  #request;
  #settings;
  #preparedShape;
  #isReplacing;
  /** Reason why the last pictures were refused; empty if they were not. */
  refusal = '';
  #camera = new CameraDialog((picture) => this.addFiles([picture]));
  #draw = new DrawDialog((pixels, side) => this.#addDrawing(pixels, side));
  #incoming = new Incoming({ onFiles: (files) => this.addFiles(files) });
  #isLocked = false;
  #name = OWN;
  #work = Promise.resolve();

  /**
   * @param {object} options
   * @param {Request} options.request
   * @param {Settings} options.settings shared with the figure, for augmentation
   * @param {ImageShape} options.shape shape of the prepared images
   * @param {boolean} options.isReplacing the visitor's first pictures replace the prepared ones, and set the shape
   */
  constructor({ request, settings, shape, isReplacing }) {
    this.#request = request;
    this.#settings = settings;
    this.#preparedShape = shape;
    this.#isReplacing = isReplacing;
    this.#images = new ImageCollection(async (rgba, image) => {
      const { value, problem } = await request('bytes', { rgba, image });
      if (!value) throw new Error(problem);
      return value;
    });
    this.node = this.sheet.node;
    this.dialogs = [this.#camera.node, this.#draw.node];
    this.#listen();
    this.sheet.show(this.#images);
  }

  get shape() {
    return this.#images.shape;
  }

  get count() {
    return this.#images.items.length;
  }

  /** The dataset for a run. @returns {import('../../training/page/types.js').DataSet} */
  get data() {
    const { pixels, labels } = this.#images.data();
    const { isInk, dataset } = this.#images;
    return { shape: this.shape, pixels, labels, name: this.#name, isInk, dataset };
  }

  /** @param {string} text */
  set status(text) {
    this.sources.status = text;
  }

  /** Resolves when all pending work is done. */
  get done() {
    return this.#work;
  }

  /** Sets the shape while there are no pictures. @param {ImageShape} shape */
  set shape(shape) {
    this.#images.setShape(shape);
  }

  /** Shows the pictures of an earlier visit. @param {import('../../training/page/types.js').DataSet} data */
  restore(data) {
    this.#name = data.name;
    this.#images.restore(data);
    this.sheet.show(this.#images);
  }

  /** Adds files of the visitor's. @param {File[]} files */
  addFiles(files) {
    this.#queue(async () => {
      const { models, others, refused } = await sortFiles(files);
      if (others.length > 0 || models.length === 0) await this.#addPictures(others, refused);
      if (models.length > 0) emit(this.node, 'models', { models, refused });
    });
  }

  /** Adds the picture that the figure is prepared with. @param {File} file */
  addPrepared(file) {
    this.#queue(async () => {
      const { refused } = await this.#images.addFiles([file], () => {});
      await this.#render(refused);
    });
  }

  /**
   * @param {File[]} files
   * @param {Refusal[]} others refused files of the same drop
   */
  async #addPictures(files, others) {
    if (this.#isLocked) {
      this.status = say('A run keeps the pictures that it began with. Reset it to train on others.');
      return;
    }
    const isFirst = this.count === 0;
    const { taken, labeled, refused } = await this.#read(files);
    const added = taken > 0 ? [notes.added(taken, this.#isReplacing)] : [];
    const named = labeled.map(notes.labeled);
    if (taken > 0) this.#name = OWN;
    if (this.#isReplacing && taken > 0) {
      this.#isReplacing = false;
      await this.#suit();
    }
    await this.#render([...others, ...refused], [...added, ...named].join(' '));
    const arePhotos = this.#images.items.every(({ file }) => file);
    if (isFirst && taken > 0 && arePhotos && !this.#isReplacing) emit(this.node, 'first');
  }

  /** @param {File[]} files */
  async #read(files) {
    const before = this.#images.items;
    if (this.#isReplacing) this.#images.clear();
    const read = await this.#images.addFiles(files, (done, of) => this.#progress(say('Reading'), done, of));
    if (this.#isReplacing && read.taken === 0) this.#images.items = before;
    return read;
  }

  /** Sets a shape that suits the pictures. @param {string} [note] for the status line */
  suit(note) {
    this.#queue(async () => {
      await this.#suit();
      await this.#render([], note);
    });
  }

  /** True if the visitor's pictures have replaced the prepared ones. */
  get isReplaced() {
    return !this.#isReplacing;
  }

  get status() {
    return this.sources.statusNode.textContent ?? '';
  }

  /** Sets a side that suits photographs, and color unless all of them are gray. */
  async #suit() {
    const color = { channels: 3, height: SIDE, width: SIDE };
    this.#images.setShape(color);
    await this.#images.render(() => {});
    if (isGray(this.#images.data().pixels, color)) this.#images.setShape({ ...color, channels: 1 });
    emit(this.node, 'shape');
  }

  /** @param {import('./sources.js').ShippedModel} model */
  addDrawn(model) {
    this.#queue(async () => {
      this.status = say('Drawing pictures…');
      const { value, problem } = await this.#request('drawPictures', { model });
      if (!value) return void (this.status = retell(problem));
      const { pixels, shape, labels, stored, license } = value;
      this.#dropPrepared();
      const name = `pictures that the model ${model} decoded from ${stored} stored codes of test images and from points between them${license && `; its data: ${license}`}`;
      const isFirst = this.count === 0;
      this.#name = isFirst ? name : `${this.#name}; ${name}`;
      // They keep their own size, unless the reader has chosen a size, or there are other pictures.
      const { channels, width } = this.shape;
      if (isFirst && channels === this.#preparedShape.channels && width === this.#preparedShape.width) {
        this.#images.setShape(shape);
        emit(this.node, 'shape');
      }
      const dataset = /** @type {const} */ (`drawn by ${model}`);
      const taken = this.#images.addRaw(pixels, { shape, labels, name: say('a decoded picture'), dataset });
      this.status = notes.decoded(taken);
      await this.#render([]);
    });
  }

  /** Removes the prepared pictures when others are added. */
  #dropPrepared() {
    if (this.#isReplacing) this.#images.clear();
    this.#isReplacing = false;
  }

  /**
   * @param {Uint8Array} pixels
   * @param {number} side
   */
  #addDrawing(pixels, side) {
    this.#queue(async () => {
      this.#dropPrepared();
      this.#images.addRaw(pixels, {
        shape: { channels: 1, height: side, width: side },
        labels: null,
        name: say('a drawing'),
      });
      await this.#render([]);
    });
  }

  /** Changes size or channels. @param {ImageShape} shape */
  reshape(shape) {
    const dropped = this.#images.setShape(shape);
    const note = dropped > 0 ? notes.leftOut(dropped) : '';
    this.#queue(() => this.#render([], note));
  }

  /** Shows the first picture with random augmentations. */
  async showVariants() {
    const first = this.#images.items.find((item) => item.seen);
    const { augment } = this.#settings;
    this.variants.node.hidden = !first || !augment;
    if (!first?.seen || !augment) return;
    const { shape } = this;
    const { value } = await this.#request('augment', {
      picture: first.seen,
      height: shape.height,
      width: shape.width,
      augment,
      count: 10,
    });
    this.variants.of = this.count;
    if (value) this.variants.show(value, shape, this.#images.isInk);
  }

  /** @param {boolean} isLocked true while there is a run, whose pictures are fixed */
  lock(isLocked) {
    this.#isLocked = isLocked;
    this.#incoming.isLocked = isLocked;
    this.sources.lock(isLocked);
    this.sheet.lock(isLocked);
  }

  /** @param {boolean} isNear the screen */
  run(isNear) {
    this.#incoming.isNear = isNear;
  }

  /** Accepts files dropped on the figure. @param {HTMLElement} figure */
  catch(figure) {
    this.#incoming.catch(figure);
  }

  destroy() {
    this.#incoming.destroy();
    this.#camera.node.close();
  }

  #listen() {
    on(this.sources.node, 'files', (/** @type {File[]} */ files) => this.addFiles(files));
    on(this.sources.node, 'model', (/** @type {import('./sources.js').ShippedModel} */ model) => this.addDrawn(model));
    on(this.sources.node, 'camera', () => this.#camera.open());
    on(this.sources.node, 'draw', () => this.#draw.open(this.shape.width));
    on(this.sheet.node, 'remove', (/** @type {number} */ index) => {
      this.#images.remove(index);
      this.#shown();
    });
    on(this.sheet.node, 'clear', () => {
      this.#images.clear();
      this.status = '';
      this.#shown();
      this.sources.focus();
    });
  }

  /**
   * @param {Refusal[]} refused
   * @param {string} [note] for the status line
   */
  async #render(refused, note = undefined) {
    const rendered = await this.#images.render((done, of) => this.#progress(say('Resizing'), done, of));
    if (!rendered.isDone) return;
    if (note !== undefined) this.status = note;
    const all = [...refused, ...rendered.refused];
    this.refusal = all.length > 0 ? `${all[0].name}: ${retell(all[0].why)}` : '';
    this.sources.refuse(all, note);
    this.#shown();
  }

  #shown() {
    this.sheet.show(this.#images);
    emit(this.node, 'change');
  }

  /** Does work after all earlier work. @param {() => Promise<unknown>} work */
  #queue(work) {
    this.#work = this.#work
      .then(async () => void (await work()))
      .catch((error) => {
        this.status = retell(error);
      });
  }

  /** @param {string} what @param {number} done @param {number} of */
  #progress(what, done, of) {
    this.status = say('{what}: {done} of {of}', { what, done: sayNumber(done), of: sayNumber(of) });
  }
}
