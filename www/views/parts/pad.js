import { say } from '../../state/texts.js';
import { centered } from './center.js';
import { h } from './dom.js';
import { contextOf } from './pictures.js';

/** @typedef {import('./center.js').Stroke} Stroke */

/** Distance that an arrow key moves the pen, in units of the pad's side. */
const KEY_STEP = 1 / 28;

/** @type {Map<string, [right: number, down: number]>} */
const directions = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
]);

/** Smallest distance between two points of a stroke. */
const NEAR = 1 / 200;

/** The pen's width on the pad. The model's input has its own width. */
const LINE = 0.07;

const instructions = () =>
  say(
    'Draw with a pointer or a finger. With the keyboard: arrow keys move the pen, Space sets it down or lifts it, Backspace removes the last stroke.',
  );

/** A square to draw on, by pointer, touch or keyboard. Emits `ink` on its node whenever the drawing changes. */
export class Pad {
  /** @type {Stroke[]} */
  #strokes = [];
  #pen = { x: 0.5, y: 0.3 };
  #keyIsDown = false;
  #canvas = h('canvas', { width: 560, height: 560 });
  #penMark = h('div', { class: 'pen' });
  #status = h('p', { class: 'unseen', role: 'status' });

  constructor() {
    const help = h('p', { class: 'help', id: 'pad-help' }, instructions());
    const label = { role: 'application', 'aria-label': say('Drawing pad'), 'aria-describedby': 'pad-help' };
    this.surface = h('div', { class: 'pad picture', part: 'pad', tabindex: 0, ...label }, this.#canvas, this.#penMark);
    this.node = h('div', {}, this.surface, help, this.#status);
    this.surface.addEventListener('pointerdown', (event) => this.#press(event));
    this.surface.addEventListener('pointermove', (event) => this.#drag(event));
    this.surface.addEventListener('keydown', (event) => this.#key(event));
    this.#redraw();
  }

  /**
   * The drawing as input of the model.
   * @param {number} side
   */
  picture(side) {
    return centered(this.#strokes, side);
  }

  clear() {
    this.#strokes = [];
    this.#keyIsDown = false;
    this.#changed();
  }

  undo() {
    this.#strokes.pop();
    this.#keyIsDown = false;
    this.#changed();
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    this.surface.setPointerCapture(event.pointerId);
    this.#keyIsDown = false;
    this.#strokes.push([this.#pointOf(event)]);
    this.#changed();
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.surface.hasPointerCapture(event.pointerId)) return;
    const stroke = this.#strokes[this.#strokes.length - 1];
    const fine = event.getCoalescedEvents?.() ?? [];
    for (const each of fine.length > 0 ? fine : [event]) {
      const point = this.#pointOf(each);
      const last = stroke[stroke.length - 1];
      if (Math.hypot(point.x - last.x, point.y - last.y) > NEAR) stroke.push(point);
    }
    this.#changed();
  }

  /** @param {MouseEvent} event */
  #pointOf(event) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return { x: clamp((event.clientX - left) / width), y: clamp((event.clientY - top) / height) };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const direction = directions.get(event.key);
    if (direction) this.#step(...direction);
    else if (event.key === ' ') this.#toggleKeyPen();
    else if (event.key === 'Backspace') this.undo();
    else return;
    event.preventDefault();
  }

  /**
   * @param {number} right
   * @param {number} down
   */
  #step(right, down) {
    this.#pen = { x: clamp(this.#pen.x + right * KEY_STEP), y: clamp(this.#pen.y + down * KEY_STEP) };
    if (this.#keyIsDown) this.#strokes[this.#strokes.length - 1].push(this.#pen);
    this.#changed();
  }

  #toggleKeyPen() {
    this.#keyIsDown = !this.#keyIsDown;
    if (this.#keyIsDown) this.#strokes.push([this.#pen]);
    this.#status.textContent = this.#keyIsDown ? say('Pen down') : say('Pen lifted');
    this.#changed();
  }

  #changed() {
    this.#redraw();
    this.node.dispatchEvent(new Event('ink'));
  }

  /** White on black, like the data; the style turns it into ink on paper. */
  #redraw() {
    const context = contextOf(this.#canvas);
    if (!context) return;
    const side = this.#canvas.width;
    context.fillStyle = '#000';
    context.fillRect(0, 0, side, side);
    context.strokeStyle = '#fff';
    context.lineWidth = LINE * side;
    context.lineCap = context.lineJoin = 'round';
    for (const stroke of this.#strokes) {
      context.beginPath();
      for (const { x, y } of [stroke[0], ...stroke]) context.lineTo(x * side, y * side);
      context.stroke();
    }
    this.#penMark.classList.toggle('down', this.#keyIsDown);
    this.#penMark.style.insetInlineStart = `${this.#pen.x * 100}%`;
    this.#penMark.style.insetBlockStart = `${this.#pen.y * 100}%`;
  }
}

/** @param {number} value */
function clamp(value) {
  return Math.min(1, Math.max(0, value));
}
