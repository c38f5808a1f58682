import { retell, say, sayCount, sayNumber } from '../../state/texts.js';
import { ImageCollection } from '../../training/input/images.js';
import { sortFiles } from '../../training/input/dropped.js';
import { CameraDialog } from './camera.js';
import { DrawDialog } from './draw-dialog.js';
import { isGray, SIDE } from './photo.js';
import { Sheet } from './sheet.js';
import { droppedFiles, Sources } from './sources.js';
import { Variants } from './variants.js';

/**
 * @typedef {import('../../engine/engine.js').ImageShape} ImageShape
 * @typedef {import('../../training/page/settings.js').Settings} Settings
 * @typedef {import('../../training/input/images.js').Refusal} Refusal
 * @typedef {import('../../training/page/requests.js').Request} Request
 */

/** How visitors' own pictures are called on a model's card. */
const OWN = 'pictures of a visitor';

/**
 * The pictures of a run, from where they come to the contact sheet. Emits on its sheet's node: `change` when there are others, `shape`
 * when they
 * got another size, `models` (detail: {models, refused}), and `first` when files of pictures have come and there were none before.
 */
export class Pictures {
  sources = new Sources();
  sheet = new Sheet();
  variants = new Variants();
  #collection;
  #request;
  #settings;
  #preparedShape;
  #isReplacing;
  /** Why the last pictures are not here; empty where they are. */
  refusal = '';
  #camera = new CameraDialog((picture) => this.addFiles([picture]));
  #draw = new DrawDialog((pixels, side) => this.#addDrawing(pixels, side));
  #isLocked = false;
  #isNear = false;
  #name = OWN;
  #work = Promise.resolve();

  /**
   * @param {object} options
   * @param {Request} options.request
   * @param {Settings} options.settings the figure's own, for the changes of pictures
   * @param {ImageShape} options.shape that the figure is prepared with
   * @param {boolean} options.isReplacing the visitor's first pictures take the place of what is there; files bring their own shape
   */
  constructor({ request, settings, shape, isReplacing }) {
    this.#request = request;
    this.#settings = settings;
    this.#preparedShape = shape;
    this.#isReplacing = isReplacing;
    this.#collection = new ImageCollection(async (rgba, image) => {
      const { value, problem } = await request('bytes', { rgba, image });
      if (!value) throw new Error(problem);
      return value;
    });
    this.node = this.sheet.node;
    this.dialogs = [this.#camera.node, this.#draw.node];
    this.#listen();
    this.sheet.show(this.#collection);
  }

  get shape() {
    return this.#collection.shape;
  }

  get count() {
    return this.#collection.items.length;
  }

  /** Everything that there is, for a run. */
  get data() {
    const { pixels, labels } = this.#collection.data();
    return { shape: this.shape, pixels, labels, name: this.#name, isInk: this.#collection.isInk };
  }

  /** @param {string} text */
  set status(text) {
    this.sources.status = text;
  }

  /** Resolves when everything that was asked for has been done. */
  get done() {
    return this.#work;
  }

  /** @param {ImageShape} shape before there are pictures */
  set shape(shape) {
    this.#collection.setShape(shape);
  }

  /** Those of an earlier visit. @param {import('../../training/page/controller.js').DataSet} data */
  restore(data) {
    this.#name = data.name;
    this.#collection.restore(data);
    this.sheet.show(this.#collection);
  }

  /** Files that the visitor gave. @param {File[]} files */
  addFiles(files) {
    this.#queue(async () => {
      const { models, others, refused } = await sortFiles(files);
      if (others.length > 0 || models.length === 0) await this.#addPictures(others, refused);
      if (models.length > 0) this.#emit('models', { models, refused });
    });
  }

  /** A picture that is there from the beginning. @param {File} file */
  addPrepared(file) {
    this.#queue(async () => {
      const { refused } = await this.#collection.addFiles([file], () => {});
      await this.#render(refused);
    });
  }

  /**
   * @param {File[]} files
   * @param {Refusal[]} others that were given with them
   */
  async #addPictures(files, others) {
    if (this.#isLocked) {
      this.status = say('A run keeps the pictures that it began with. Reset it to train on others.');
      return;
    }
    const isFirst = this.count === 0;
    const { taken, labeled, refused } = await this.#read(files);
    const added =
      taken > 0
        ? [
            this.#isReplacing
              ? sayCount(
                  taken,
                  'Your picture is in place of the drawing.',
                  'Your {count} pictures are in place of the drawing.',
                )
              : sayCount(taken, 'One added.', '{count} added.'),
          ]
        : [];
    const named = labeled.map((each) =>
      sayCount(
        each.count,
        'One picture of {images} has its label of {labels}.',
        '{count} pictures of {images} have the labels of {labels}.',
        { images: each.images, labels: each.labels },
      ),
    );
    if (taken > 0) this.#name = OWN;
    if (this.#isReplacing && taken > 0) {
      this.#isReplacing = false;
      await this.#suit();
    }
    await this.#render([...others, ...refused], [...added, ...named].join(' '));
    const arePhotos = this.#collection.items.every(({ file }) => file);
    if (isFirst && taken > 0 && arePhotos && !this.#isReplacing) this.#emit('first');
  }

  /** @param {File[]} files */
  async #read(files) {
    const before = this.#collection.items;
    if (this.#isReplacing) this.#collection.clear();
    const read = await this.#collection.addFiles(files, (done, of) => this.#progress(say('Reading'), done, of));
    if (this.#isReplacing && read.taken === 0) this.#collection.items = before;
    return read;
  }

  /** The shape that suits what is there. @param {string} [note] to be said then */
  suit(note) {
    this.#queue(async () => {
      await this.#suit();
      await this.#render([], note);
    });
  }

  /** Whether a prepared figure has lost what it was prepared with. */
  get isReplaced() {
    return !this.#isReplacing;
  }

  get said() {
    return this.sources.statusNode.textContent ?? '';
  }

  /** A side for a photograph, and color where there is some. */
  async #suit() {
    const color = { channels: 3, height: SIDE, width: SIDE };
    this.#collection.setShape(color);
    await this.#collection.render(() => {});
    if (isGray(this.#collection.data().pixels, color)) this.#collection.setShape({ ...color, channels: 1 });
    this.#emit('shape');
  }

  /** @param {import('./sources.js').Supplier} model */
  addOurs(model) {
    this.#queue(async () => {
      this.status = say('Drawing pictures…');
      const { value, problem } = await this.#request('supply', { model });
      if (!value) return void (this.status = retell(problem));
      const { pixels, shape, labels, stored, license } =
        /** @type {import('../../training/input/sources.js').Supply} */ (value);
      this.#giveWay();
      const name = `pictures that the model ${model} decoded from ${stored} stored codes of test images and from points between them${license && `; its data: ${license}`}`;
      const isFirst = this.count === 0;
      this.#name = isFirst ? name : `${this.#name}; ${name}`;
      // Without other pictures, and where no size was asked for, they keep their own.
      const { channels, width } = this.shape;
      if (isFirst && channels === this.#preparedShape.channels && width === this.#preparedShape.width) {
        this.#collection.setShape(shape);
        this.#emit('shape');
      }
      const taken = this.#collection.addRaw(pixels, { shape, labels, name: say('a decoded picture') });
      this.status = sayCount(
        taken,
        'One picture drawn by the decoder of this page.',
        '{count} pictures drawn by the decoder of this page.',
      );
      await this.#render([]);
    });
  }

  /** What a figure is prepared with goes when others come. */
  #giveWay() {
    if (this.#isReplacing) this.#collection.clear();
    this.#isReplacing = false;
  }

  /**
   * @param {Uint8Array} pixels
   * @param {number} side
   */
  #addDrawing(pixels, side) {
    this.#queue(async () => {
      this.#giveWay();
      this.#collection.addRaw(pixels, {
        shape: { channels: 1, height: side, width: side },
        labels: null,
        name: say('a drawing'),
      });
      await this.#render([]);
    });
  }

  /** Another size or other colors. @param {ImageShape} shape */
  reshape(shape) {
    const dropped = this.#collection.setShape(shape);
    const note =
      dropped > 0
        ? sayCount(
            dropped,
            'One picture no longer fits into memory at this size and was left out.',
            '{count} pictures no longer fit into memory at this size and were left out.',
          )
        : '';
    this.#queue(() => this.#render([], note));
  }

  /** Shows what the changes make of the first picture. */
  async showVariants() {
    const first = this.#collection.items.find((item) => item.seen);
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
    if (value) this.variants.show(value, shape, this.#collection.isInk);
  }

  /** @param {boolean} isLocked while there is a run, whose pictures stay */
  lock(isLocked) {
    this.#isLocked = isLocked;
    this.sources.lock(isLocked);
    this.sheet.lock(isLocked);
  }

  /** @param {boolean} isNear the screen */
  run(isNear) {
    this.#isNear = isNear;
  }

  /** Takes what is dropped on the figure. @param {HTMLElement} figure */
  catch(figure) {
    figure.addEventListener('dragover', (event) => {
      event.preventDefault();
      figure.dataset.dragging = '';
    });
    figure.addEventListener('dragleave', () => delete figure.dataset.dragging);
    figure.addEventListener('drop', async (event) => {
      event.preventDefault();
      delete figure.dataset.dragging;
      if (event.dataTransfer) this.addFiles(await droppedFiles(event.dataTransfer));
    });
  }

  destroy() {
    document.removeEventListener('paste', this.#paste);
    this.#camera.node.close();
  }

  #listen() {
    /** @param {EventTarget} target @param {string} name @param {(detail: any) => void} then */
    const on = (target, name, then) => {
      target.addEventListener(name, (event) => then(/** @type {CustomEvent} */ (event).detail));
    };
    on(this.sources.node, 'files', (files) => this.addFiles(files));
    on(this.sources.node, 'supply', (model) => this.addOurs(model));
    on(this.sources.node, 'camera', () => this.#camera.open());
    on(this.sources.node, 'draw', () => this.#draw.open(this.shape.width));
    on(this.sheet.node, 'remove', (index) => {
      this.#collection.remove(index);
      this.#shown();
    });
    on(this.sheet.node, 'clear', () => {
      this.#collection.clear();
      this.status = '';
      this.#shown();
      this.sources.focus();
    });
    document.addEventListener('paste', this.#paste);
  }

  /** Pasted pictures are for the figure that the reader looks at. @param {ClipboardEvent} event */
  #paste = (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || !this.#isNear || this.#isLocked) return;
    event.preventDefault();
    this.addFiles(files);
  };

  /**
   * @param {Refusal[]} refused
   * @param {string} [note] to be said at the end
   */
  async #render(refused, note = undefined) {
    const rendered = await this.#collection.render((done, of) => this.#progress(say('Resizing'), done, of));
    if (!rendered.isDone) return;
    if (note !== undefined) this.status = note;
    const all = [...refused, ...rendered.refused];
    this.refusal = all.length > 0 ? `${all[0].name}: ${retell(all[0].why)}` : '';
    this.sources.refuse(all, note);
    this.#shown();
  }

  #shown() {
    this.sheet.show(this.#collection);
    this.#emit('change');
  }

  /** One thing after the other. @param {() => Promise<unknown>} work */
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

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #emit(name, detail) {
    this.node.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
