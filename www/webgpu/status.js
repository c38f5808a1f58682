import { button } from '../views/parts/controls.js';
import { h } from '../views/parts/dom.js';

/** Times of an animation change too often to be read. */
const REFRESH = 400;

/**
 * @typedef {object} GpuState
 * @property {string | null} why it is not used; null where nothing speaks against it
 * @property {string} adapter
 * @property {boolean} software
 * @property {boolean} gaveUp whether the reader should hear that without asking
 */

/** One line under a figure: which device computes, and how long a decode takes. Opened, it shows the self-test. */
export class StatusLine {
  #summary = h('summary', { part: 'device' });
  #device = h('dd');
  #test = h('dd', { role: 'status' });
  #again;
  #node;
  /** @type {{device: string, took: number} | null} */
  #last = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {GpuState} */
  #gpu = { why: null, adapter: '', software: false, gaveUp: false };

  /**
   * @param {HTMLElement} place
   * @param {(again: boolean) => void} onTest
   */
  constructor(place, onTest) {
    const test = (/** @type {boolean} */ again) => {
      this.#test.textContent = 'is being run …';
      onTest(again);
    };
    this.#again = button('Test again', 'device-test', () => test(true));
    const facts = h('dl', {}, h('dt', {}, 'WebGPU'), this.#device, h('dt', {}, 'Self-test'), this.#test);
    this.#node = h('details', {}, this.#summary, facts, this.#again);
    this.#node.addEventListener('toggle', () => {
      if (this.#node.open && !this.#test.textContent) test(false);
    });
    this.#draw();
    place.replaceChildren(this.#node);
  }

  /**
   * A device has worked.
   * @param {'CPU' | 'WebGPU'} device
   * @param {number} took milliseconds of a decode; NaN where it was none
   */
  ran(device, took) {
    const changed = this.#last?.device !== device;
    this.#last = { device, took };
    if (changed) this.#draw();
    else
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#draw();
      }, REFRESH);
  }

  /** @param {GpuState} state */
  set gpu(state) {
    this.#gpu = state;
    this.#draw();
  }

  /** @param {import('./trials.js').SelfTest | null} result null when the GPU could not be asked */
  set result(result) {
    this.#test.textContent = result
      ? `${result.pictures} pictures: CPU ${milliseconds(result.cpu)}, WebGPU ${milliseconds(result.gpu)}; ` +
        `no pixel differs by more than ${result.difference.toExponential(0)} (of 1)`
      : 'could not be run: there is only the CPU to ask';
  }

  destroy() {
    clearTimeout(this.#timer);
    this.#node.remove();
  }

  #draw() {
    const { why, adapter, software, gaveUp } = this.#gpu;
    const words = [this.#last?.device ?? 'CPU'];
    if (gaveUp) words.push('WebGPU is not used');
    if (this.#last && this.#last.took >= 0) words.push(`${milliseconds(this.#last.took)} a decode`);
    this.#summary.textContent = words.join(' · ');
    const name = adapter || 'available';
    this.#device.textContent = why ? `not used: ${why}` : software ? `${name}, which is the processor in disguise` : name;
  }
}

/** @param {number} took */
function milliseconds(took) {
  return `${took < 10 ? took.toFixed(1) : Math.round(took)} ms`;
}
