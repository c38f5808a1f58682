import { retell, say, written } from '../state/texts.js';
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
 * @property {boolean} isComing whether it was asked for and is not there yet
 * @property {boolean} isReady whether it was asked for and waits for work
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
  #gpu = { why: null, adapter: '', software: false, gaveUp: false, isComing: false, isReady: false };

  /**
   * @param {HTMLElement} place
   * @param {(again: boolean) => void} onTest
   */
  constructor(place, onTest) {
    const test = (/** @type {boolean} */ again) => {
      this.#test.textContent = say('is being run …');
      onTest(again);
    };
    this.#again = button(say('Test again'), 'device-test', () => test(true));
    const facts = h('dl', {}, h('dt', {}, 'WebGPU'), this.#device, h('dt', {}, say('Self-test')), this.#test);
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
    else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#draw();
      }, REFRESH);
    }
  }

  /** @param {GpuState} state */
  set gpu(state) {
    this.#gpu = state;
    this.#draw();
  }

  /** @param {import('../engine/webgpu/self-test.js').SelfTest | null} result null when the GPU could not be asked */
  set result(result) {
    this.#test.textContent = result
      ? say('{count} pictures: CPU {cpu}, WebGPU {gpu}; no pixel differs by more than {difference} (of 1)', {
          count: result.pictures,
          cpu: milliseconds(result.cpu),
          gpu: milliseconds(result.gpu),
          difference: written(result.difference.toExponential(0)),
        })
      : say('could not be run: there is only the CPU to ask');
  }

  destroy() {
    clearTimeout(this.#timer);
    this.#node.remove();
  }

  #draw() {
    const { why, adapter, software, gaveUp, isComing, isReady } = this.#gpu;
    const words = this.#last ? [this.#last.device] : isComing || isReady ? [] : ['CPU'];
    if (gaveUp) words.push(say('WebGPU is not used'));
    if (isComing) words.push(say('WebGPU is being started…'));
    else if (!this.#last && isReady) words.push(say('WebGPU is ready'));
    if (this.#last && this.#last.took >= 0) words.push(say('{time} a decode', { time: milliseconds(this.#last.took) }));
    this.#summary.textContent = words.join(' · ');
    const name = adapter || say('available');
    this.#device.textContent = why
      ? say('not used: {why}', { why: retell(why) })
      : software
        ? say('{name}, which is the processor in disguise', { name })
        : name;
  }
}

/** @param {number} took */
function milliseconds(took) {
  return `${took < 10 ? written(took.toFixed(1)) : Math.round(took)} ms`;
}
