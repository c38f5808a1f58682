import { say, written } from '../../../state/texts.js';
import { changed, moved, sideOf } from '../../../training/input/placement.js';
import { h } from '../dom.js';
import { emit } from '../events.js';
import { contextOf } from '../pictures.js';

/**
 * @typedef {import('../../../training/input/placement.js').Placement} Placement
 * @typedef {import('../../../training/input/placement.js').Offset} Offset
 */

/** Pixels on a side of the canvas. */
const SIDE = 720;

/** Distance that an arrow key moves the picture, in units of the side, and with the Shift key. */
const STEP = 1 / 20;
const SMALL_STEP = 1 / 200;

/** Factor of a key that zooms, and degrees of a key that turns. */
const FACTOR = 1.1;
const DEGREES = 5;

/** Pixels of wheel movement for twice the size; a pinch on a touchpad sends fewer. */
const WHEEL = 500;
const PINCH = 100;

/** Pixels per line and per page of a wheel. */
const WHEEL_UNITS = [1, 16, 400];

/** @type {Map<string, [right: number, down: number]>} */
const directions = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
]);

const instructions = () =>
  say(
    'Drag to move, pinch or turn the wheel to zoom, turn with two fingers. With the keyboard: arrow keys move the picture, plus and minus zoom, R turns it, Home resets it.',
  );

/**
 * A square with a picture that is moved, zoomed and turned in it, by pointer, touch, wheel or keyboard. Emits on its node: `place`
 * (detail: the new placement) and `reset`.
 */
export class PlacingSquare {
  #canvas = h('canvas', { width: SIDE, height: SIDE });
  #status = h('p', { class: 'unseen', role: 'status' });
  /** Instructions for the square. */
  help = h('p', { class: 'help', id: 'own-help' }, instructions());
  /** The picture at its largest size, to draw from. @type {HTMLCanvasElement | null} */
  #picture = null;
  /** @type {import('../../../training/input/levels.js').Levels | null} */
  #levels = null;
  /** @type {Placement} */
  #placement = { x: 0, y: 0, zoom: 1, turn: 0 };
  /** Places of the fingers or of the pressed mouse. @type {Map<number, Offset>} */
  #pointers = new Map();

  constructor() {
    const label = {
      role: 'application',
      'aria-label': say('Your picture in its square'),
      'aria-describedby': 'own-help',
    };
    this.surface = h('div', { class: 'own-square', part: 'own-square', tabindex: 0, ...label }, this.#canvas);
    this.node = h('div', {}, this.surface, this.#status);
    this.surface.addEventListener('pointerdown', (event) => this.#press(event));
    this.surface.addEventListener('pointermove', (event) => this.#drag(event));
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      this.surface.addEventListener(end, (event) => this.#lift(/** @type {PointerEvent} */ (event)));
    }
    this.surface.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.surface.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @param {import('../../../training/input/levels.js').Levels} levels */
  set levels(levels) {
    const { data, width, height } = levels.largest;
    this.#levels = levels;
    this.#picture = h('canvas', { width, height });
    const pixels = new ImageData(width, height);
    pixels.data.set(data);
    contextOf(this.#picture)?.putImageData(pixels, 0, 0);
  }

  /** @param {Placement} placement */
  show(placement) {
    this.#placement = placement;
    const context = contextOf(this.#canvas);
    if (!context || !this.#levels || !this.#picture) return;
    const { edge, whole } = this.#levels;
    const scale = SIDE / sideOf(whole, placement);
    context.resetTransform();
    context.fillStyle = `rgb(${edge.join(' ')})`;
    context.fillRect(0, 0, SIDE, SIDE);
    context.imageSmoothingQuality = 'high';
    context.translate(SIDE / 2, SIDE / 2);
    context.rotate((placement.turn * Math.PI) / 180);
    context.scale(scale, scale);
    context.drawImage(this.#picture, -placement.x, -placement.y);
  }

  /** Moves the picture by steps, as a key or a button does. @param {number} right @param {number} down @param {number} [step] */
  step(right, down, step = STEP) {
    if (this.#levels) {
      this.#place(moved(this.#levels.whole, this.#placement, { right: right * step, down: down * step }));
    }
  }

  /** @param {{factor?: number, degrees?: number, about?: Offset}} change */
  change(change) {
    if (this.#levels) this.#place(changed(this.#levels.whole, this.#placement, change));
  }

  /** Tells users of screen readers the picture's new place. */
  describe() {
    const { zoom, turn } = this.#placement;
    this.#status.textContent = say('Zoom {zoom}, turned by {turn}°', {
      zoom: `${written(zoom.toFixed(2))}×`,
      turn: written(Math.round(turn)),
    });
  }

  /** @param {Placement} placement */
  #place(placement) {
    emit(this.node, 'place', placement);
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0 || this.#pointers.size === 2) return;
    this.surface.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#offsetOf(event));
    this.surface.classList.add('held');
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before || !this.#levels) return;
    const now = this.#offsetOf(event);
    const [other] = [...this.#pointers].filter(([id]) => id !== event.pointerId).map(([, offset]) => offset);
    this.#pointers.set(event.pointerId, now);
    if (!other) return this.#place(moved(this.#levels.whole, this.#placement, between(before, now)));
    const [was, is] = [between(other, before), between(other, now)];
    const factor = Math.hypot(is.right, is.down) / Math.max(0.01, Math.hypot(was.right, was.down));
    const degrees = ((Math.atan2(is.down, is.right) - Math.atan2(was.down, was.right)) * 180) / Math.PI;
    this.change({ factor, degrees, about: other });
  }

  /** @param {PointerEvent} event */
  #lift(event) {
    this.#pointers.delete(event.pointerId);
    this.surface.classList.toggle('held', this.#pointers.size > 0);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const far = event.deltaY * (WHEEL_UNITS[event.deltaMode] ?? 1);
    this.change({ factor: 2 ** (-far / (event.ctrlKey ? PINCH : WHEEL)), about: this.#offsetOf(event) });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = directions.get(event.key);
    if (direction) this.step(...direction, event.shiftKey ? SMALL_STEP : STEP);
    else if (event.key === '+' || event.key === '=') this.change({ factor: FACTOR });
    else if (event.key === '-') this.change({ factor: 1 / FACTOR });
    else if (event.key.toLowerCase() === 'r') this.change({ degrees: event.shiftKey ? -DEGREES : DEGREES });
    else if (event.key === 'Home') emit(this.node, 'reset');
    else return;
    event.preventDefault();
    this.describe();
  }

  /** @param {MouseEvent} event @returns {Offset} */
  #offsetOf(event) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return { right: (event.clientX - left) / width - 0.5, down: (event.clientY - top) / height - 0.5 };
  }
}

/** @param {Offset} from @param {Offset} to @returns {Offset} */
function between(from, to) {
  return { right: to.right - from.right, down: to.down - from.down };
}
