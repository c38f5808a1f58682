import { retell, say } from '../../../state/texts.js';
import { framingOf } from '../../../training/input/framing.js';
import { levelsOf } from '../../../training/input/levels.js';
import { button, checkbox, hold } from '../controls.js';
import { adopt, h } from '../dom.js';
import { on } from '../events.js';
import { openModal } from '../modal.js';
import { demand } from '../request.js';
import { Handles } from './handles.js';
import { Offers } from './offers.js';
import { Redrawing } from './redrawing.js';
import { levelsOfDrawing, levelsOfFile, OwnSource } from './source.js';
import { ownStyle } from './style.js';
import { PlacingSquare } from './square.js';

/**
 * @typedef {import('../../../engine/types.js').ImageShape} ImageShape
 * @typedef {import('../../../training/input/levels.js').Levels} Levels
 *
 * @typedef {object} Taken a picture of the reader's as an end of a path
 * @property {number[]} code
 * @property {Uint8ClampedArray} seen the picture as the network saw it, RGBA
 * @property {OwnSource} source to change its place again
 *
 * @typedef {object} Subject
 * @property {string} model
 * @property {ImageShape} image
 * @property {import('../stored.js').StoredLatents} stored
 * @property {string} end the name of the end that the picture is for
 * @property {OwnSource | null} source a picture that is there already
 * @property {(taken: Taken) => void} onTake
 */

/** Number of stored codes whose pictures show how a network's pictures are framed. */
const EXAMPLES = 20;

/** Side of a drawing, in pixels: much more than a network sees, since the drawing can be zoomed. */
const DRAWING = 280;

const NO_FRAMING = { isInk: false, share: 1, isBalanced: false };

/** A dialog in which the reader chooses a picture and places it by hand, with its redrawing beside it. */
export class OwnDialog {
  #offers = new Offers();
  #square = new PlacingSquare();
  #redrawing = new Redrawing();
  #handles = new Handles({
    move: (right, down) => this.#byHand(() => this.#square.step(right, down)),
    zoom: (zoom) => this.#place({ zoom }),
    turn: (turn) => this.#place({ turn }),
    quarter: () => this.#byHand(() => this.#square.change({ degrees: 90 })),
    reset: () => this.#reset(),
  });
  #ink = checkbox(say('Dark on light paper: remove the paper'), false, 'own-ink', (isInk) => {
    if (this.#source) this.#source.isInk = isInk;
    this.#show();
  });
  #title = h('h2', { id: 'own-title' });
  #status = h('p', { class: 'help own-status', part: 'own-status', role: 'status' });
  #use = button('', 'own-use', () => this.#take());
  #placing = h('div', { class: 'own-placing', hidden: true });
  #hint = h('p', { class: 'help own-hint' });
  /** @type {Subject | null} */
  #subject = null;
  /** @type {OwnSource | null} */
  #source = null;
  #framing = NO_FRAMING;
  /** The model of the current framing. */
  #framed = '';
  /** Number of the last requested picture. Older ones that arrive later are dropped. */
  #last = 0;
  #isDue = false;

  constructor() {
    this.#use.textContent = say('Use this picture');
    this.#use.classList.add('primary');
    this.#hint.textContent = say('Or drop a picture here, or paste one. It stays on this machine.');
    this.#placing.append(
      this.#square.node,
      h('div', { class: 'own-side' }, this.#redrawing.node, this.#handles.node, this.#ink.node, this.#square.help),
    );
    this.node = h(
      'dialog',
      { 'aria-labelledby': 'own-title', part: 'own-dialog', class: 'plain own' },
      this.#title,
      this.#offers.node,
      this.#hint,
      this.#status,
      this.#placing,
      h(
        'div',
        { class: 'row' },
        this.#use,
        button(say('Cancel'), 'own-cancel', () => this.node.close()),
      ),
    );
    this.#listen();
  }

  /**
   * @param {HTMLElement} place in the figure
   * @param {Subject} subject
   */
  open(place, subject) {
    adopt(place, ownStyle);
    if (!openModal(this.node, place)) return;
    this.#subject = subject;
    this.#title.textContent = subject.end;
    this.#status.textContent = '';
    this.#redrawing.open(subject.model, subject.image);
    this.#put(subject.source);
    if (!subject.source) this.#offers.first.focus();
  }

  /** Reads a picture that was dropped or pasted. @param {File[]} files */
  addFiles(files) {
    const [file] = files;
    if (!file || !this.node.open) return;
    this.#read(() => levelsOfFile(file), file.name);
  }

  /** Ends the dialog with its figure. */
  destroy() {
    this.#end();
    this.node.close();
  }

  #listen() {
    on(this.#offers.node, 'files', (/** @type {File[]} */ files) => this.addFiles(files));
    on(this.#offers.node, 'shot', (/** @type {HTMLCanvasElement} */ canvas) =>
      this.#read(async () => levelsOf(canvas), ''),
    );
    on(this.#offers.node, 'drawing', (/** @type {import('../pad.js').Pad} */ pad) => this.#draw(pad));
    on(this.#offers.node, 'open', () => this.#hide(true));
    on(this.#offers.node, 'problem', (/** @type {string} */ problem) => {
      this.#hide(false);
      this.#status.textContent = problem;
    });
    on(this.#square.node, 'place', (/** @type {import('./square.js').Placement} */ placement) =>
      this.#place(placement),
    );
    on(this.#square.node, 'reset', () => this.#reset());
    this.node.addEventListener('close', () => this.#end());
  }

  #end() {
    this.#last += 1;
    this.#offers.close();
    this.#put(null);
  }

  /**
   * Reads a picture and shows it. After a failure everything stays as it was.
   * @param {() => Promise<Levels>} read
   * @param {string} name of its file
   */
  async #read(read, name) {
    const number = ++this.#last;
    this.#status.textContent = say('Reading the picture…');
    try {
      const [levels, framing] = await Promise.all([read(), this.#framingOf()]);
      if (number === this.#last) this.#put(new OwnSource(levels, framing));
    } catch (error) {
      if (number !== this.#last) return;
      const why = retell(error);
      this.#status.textContent = name
        ? say('{name} cannot be used: {why}.', { name, why })
        : say('That did not work: {why}.', { why });
    }
  }

  /** @param {import('../pad.js').Pad} pad */
  #draw(pad) {
    const values = pad.picture(DRAWING);
    if (!values) return;
    this.#read(async () => levelsOfDrawing(values, (await this.#framingOf()).isInk), '');
  }

  /** The framing of the network's pictures, found from some that it draws of stored codes. */
  async #framingOf() {
    const { model, image, stored } = /** @type {Subject} */ (this.#subject);
    if (this.#framed === model) return this.#framing;
    const latents = stored.mean.slice(0, EXAMPLES * stored.latent);
    this.#framing = framingOf(await demand(this.node, 'decode', { model, latents }), image);
    this.#framed = model;
    return this.#framing;
  }

  /** Shows a picture in the square, or none. @param {OwnSource | null} source */
  #put(source) {
    this.#source = source;
    this.#hide(false);
    if (!source) return;
    this.#offers.close();
    this.#ink.node.hidden = !source.knowsInk;
    this.#ink.input.checked = source.isInk;
    this.#square.levels = source.levels;
    this.#handles.picture = source.levels.whole;
    this.#show();
    this.#square.surface.focus();
  }

  /** @param {boolean} isHidden true while the camera or the pad takes the place of the picture */
  #hide(isHidden) {
    this.#status.textContent = '';
    this.#placing.hidden = this.#use.disabled = isHidden || !this.#source;
  }

  /** @param {Partial<import('./square.js').Placement>} changed */
  #place(changed) {
    if (!this.#source) return;
    this.#source.placement = { ...this.#source.placement, ...changed };
    this.#show();
  }

  #reset() {
    if (this.#source) this.#place(this.#source.first);
    this.#square.describe();
  }

  /** Moves the picture by a button, and says where it is. @param {() => void} move */
  #byHand(move) {
    move();
    this.#square.describe();
  }

  /** Shows the placed picture, and its redrawing with the next frame. */
  #show() {
    if (!this.#source) return;
    this.#square.show(this.#source.placement);
    this.#handles.show(this.#source.placement);
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      if (this.#source && this.#subject) this.#redrawing.show(this.#source.square(this.#subject.image));
    });
  }

  /** Encodes the picture as it is placed now, which the redrawing may not show yet. */
  async #take() {
    const [source, subject] = [this.#source, this.#subject];
    if (!source || !subject) return;
    hold(this.#use, true);
    const seen = this.#redrawing.seen(source.square(subject.image));
    const encoded = await this.#redrawing.encode(seen).catch((error) => retell(error));
    hold(this.#use, false);
    if (typeof encoded === 'string') {
      return void (this.#status.textContent = say('That did not work: {why}.', { why: encoded }));
    }
    if (source !== this.#source) return;
    this.node.close();
    subject.onTake({ code: Array.from(encoded), seen, source });
  }
}
