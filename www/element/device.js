import { modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';
import { pageGpu } from '../engine/webgpu/gpu.js';
import { StatusLine } from './device-status.js';
import { TrainingPlace } from '../engine/webgpu/training.js';
import { prepare } from '../engine/webgpu/route.js';
import { hasPassed, runSelfTest } from '../engine/webgpu/self-test.js';

/**
 * Prepares the device that a figure asks for, and shows in the status line which device computes.
 * Made after the first picture, which the CPU has drawn; from then on the GPU may do the figure's
 * work.
 */
export class FigureDevice {
  #choice;
  #figure;
  #model;
  #status;
  #leave;
  /** True once the GPU has computed for this figure. */
  #usedGpu = false;
  #unwatch = () => {};
  /** @type {(() => void) | null} leaves the training place */
  #training = null;

  /**
   * @param {HTMLElement} place gets the status line
   * @param {Pick<import('../state/state.js').FigureState, 'figure' | 'engine' | 'threads' | 'model'>} state
   * @param {(choice: import('../state/state.js').FigureState['engine']) => void} onChoice gets the reader's choice
   */
  constructor(place, { figure, engine: choice, threads, model }, onChoice) {
    this.#choice = choice;
    this.#figure = figure;
    this.#model = modelAddress(model);
    this.#status = new StatusLine(place, {
      choice,
      keepsRun: figure === 'train',
      onChoice: (chosen) => {
        this.#choose(chosen);
        onChoice(chosen);
      },
      onTest: (isRetry) => this.#test(isRetry),
    });
    this.#leave = pageGpu.watch(() => this.#show());
    this.#prepare();
    if (threads > 0) pageEngine.pool.wanted = threads;
    if (figure === 'train') {
      this.#unwatch = pageEngine.pool.watch((workers) => (this.#status.workers = workers));
      this.#training = TrainingPlace.join(pageEngine, choice, (device) => this.#moved(device));
    }
  }

  /** Passed with each request of the figure. A figure that trains has few, and no self-test runs for them. */
  get choice() {
    return this.#figure === 'train' ? 'cpu' : this.#choice;
  }

  /**
   * A device has computed.
   * @param {string} action
   * @param {number} took milliseconds
   * @param {'CPU' | 'WebGPU'} device
   */
  ran(action, took, device) {
    this.#usedGpu ||= device === 'WebGPU';
    if (action === 'decode') this.#status.ran(device, took);
  }

  /** The figure has gone. */
  destroy() {
    this.#training?.();
    this.#unwatch();
    this.#leave();
    this.#status.destroy();
  }

  #prepare() {
    prepare(this.#choice, this.#figure === 'train' ? null : this.#model);
    this.#show();
  }

  /**
   * The reader has chosen the device of the figure's next requests or, if it trains, of its next run.
   * @param {import('../state/state.js').FigureState['engine']} choice
   */
  #choose(choice) {
    this.#choice = choice;
    if (choice === 'webgpu') pageGpu.resetFailures();
    if (this.#training) TrainingPlace.choose(choice);
    this.#prepare();
  }

  /** @param {'CPU' | 'WebGPU'} device that the figure's training run computes on now */
  #moved(device) {
    this.#usedGpu ||= device === 'WebGPU';
    this.#status.ran(device, NaN);
    this.#show();
  }

  /**
   * Runs the self-test for the status line.
   * @param {boolean} isRetry true to forget earlier failures
   */
  async #test(isRetry) {
    if (isRetry) pageGpu.resetFailures();
    this.#status.result = await runSelfTest(this.#model);
    this.#show();
  }

  #show() {
    const { reason, adapter, isSoftware } = pageGpu;
    const isWanted = this.#choice === 'webgpu';
    const isReady = this.#figure === 'train' ? pageGpu.isReady : hasPassed(this.#model);
    this.#status.gpu = {
      reason,
      adapter,
      isSoftware,
      isMissed: reason !== null && (this.#usedGpu || isWanted),
      isOpening: isWanted && reason === null && !isReady,
      isReady: isWanted && isReady,
    };
  }
}
