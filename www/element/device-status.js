/** The status line of a figure's device. Made by device.js. */

import { retell, say, sayCount, written } from '../state/texts.js';
import { button, choice } from '../views/parts/controls.js';
import { h } from '../views/parts/dom.js';

/** Shortest time between two updates of the text, in milliseconds: those of an animation change too fast to read. */
const REFRESH = 400;

/**
 * @typedef {import('../state/state.js').FigureState['engine']} Choice
 *
 * @typedef {object} StatusOptions
 * @property {Choice} choice of the device
 * @property {boolean} keepsRun true if a run stays on the device that it began on
 * @property {(choice: Choice) => void} onChoice gets the reader's choice
 * @property {(isRetry: boolean) => void} onTest
 *
 * @typedef {object} GpuState
 * @property {string | null} reason why the GPU is not used; null if it can be
 * @property {string} adapter name of the GPU
 * @property {boolean} isSoftware true for an adapter that computes on the processor
 * @property {boolean} isMissed true if the summary says that the GPU is not used, since it was asked for or has computed before
 * @property {boolean} isOpening true if the GPU was asked for and is not ready yet
 * @property {boolean} isReady true if the GPU was asked for and waits for work
 */

/** The line below a figure: the device that computes, and the time of a decode. Opened, it offers the devices and shows the self-test. */
export class StatusLine {
  #summary = h('summary', { part: 'device' });
  #device = h('dd');
  #test = h('dd', { role: 'status' });
  #again;
  #node;
  /** @type {{device: string, took: number} | null} */
  #last = null;
  #workers = 1;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {GpuState} */
  #gpu = { reason: null, adapter: '', isSoftware: false, isMissed: false, isOpening: false, isReady: false };

  /**
   * @param {HTMLElement} place
   * @param {StatusOptions} options
   */
  constructor(place, { choice: chosen, keepsRun, onChoice, onTest }) {
    const test = (/** @type {boolean} */ isRetry) => {
      this.#test.textContent = say('running…');
      onTest(isRetry);
    };
    this.#again = button(say('Test again'), 'device-test', () => test(true));
    const facts = h('dl', {}, h('dt', {}, 'WebGPU'), this.#device, h('dt', {}, say('Self-test')), this.#test);
    const devices = /** @type {[Choice, string][]} */ ([
      ['auto', say('Whichever is faster')],
      ['cpu', 'CPU'],
      ['webgpu', 'WebGPU'],
    ]);
    const device = choice({ legend: say('Runs on'), name: 'engine', values: devices, value: chosen }, onChoice);
    const note = keepsRun ? [h('p', { class: 'help' }, say('A run stays on the device that it began on.'))] : [];
    this.#node = h('details', {}, this.#summary, device.node, ...note, facts, this.#again);
    this.#node.addEventListener('toggle', () => {
      if (this.#node.open && !this.#test.textContent) test(false);
    });
    this.#draw();
    place.replaceChildren(this.#node);
  }

  /**
   * A device has computed.
   * @param {'CPU' | 'WebGPU'} device
   * @param {number} took milliseconds of a decode; NaN for other work
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

  /** @param {number} workers that share the run's steps on the CPU */
  set workers(workers) {
    this.#workers = workers;
    this.#draw();
  }

  /** @param {GpuState} state */
  set gpu(state) {
    this.#gpu = state;
    this.#draw();
  }

  /** @param {import('../engine/webgpu/self-test.js').SelfTest | null} result null if the GPU cannot be used */
  set result(result) {
    this.#test.textContent = result
      ? say(
          '{count} pictures: CPU {cpu}, WebGPU {gpu}; no pixel differs by more than {difference} on a scale from 0 to 1',
          {
            count: result.pictures,
            cpu: milliseconds(result.cpu),
            gpu: milliseconds(result.gpu),
            difference: written(result.difference.toExponential(0)),
          },
        )
      : say('could not run: only the CPU is available');
  }

  destroy() {
    clearTimeout(this.#timer);
    this.#node.remove();
  }

  #draw() {
    const { reason, adapter, isSoftware, isMissed, isOpening, isReady } = this.#gpu;
    const words = this.#last ? [this.#last.device] : isOpening || isReady ? [] : ['CPU'];
    if (this.#workers > 1) words.push(sayCount(this.#workers, '{count} worker', '{count} workers'));
    if (isMissed) words.push(say('WebGPU is not used'));
    if (isOpening) words.push(say('WebGPU is being started…'));
    else if (!this.#last && isReady) words.push(say('WebGPU is ready'));
    if (this.#last && this.#last.took >= 0) {
      words.push(say('{time} per decode', { time: milliseconds(this.#last.took) }));
    }
    this.#summary.textContent = words.join(' · ');
    const name = adapter || say('available');
    this.#device.textContent = reason
      ? say('not used: {why}', { why: retell(reason) })
      : isSoftware
        ? say('{name}, software that runs on the processor', { name })
        : name;
  }
}

/** @param {number} took */
function milliseconds(took) {
  return `${took < 10 ? written(took.toFixed(1)) : Math.round(took)} ms`;
}
