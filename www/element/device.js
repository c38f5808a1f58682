import { modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';
import { pageGpu } from '../engine/webgpu/gpu.js';
import { StatusLine } from './device-status.js';
import { TrainingPlace } from '../engine/webgpu/training.js';
import { savesData } from '../state/reader.js';
import { hasPassed, isFaster, runSelfTest } from '../engine/webgpu/self-test.js';

/**
 * Chooses the device that computes for one figure, and shows it in the status line. Made after the first picture, which the CPU
 * has drawn; from then on the GPU gets the figure's work if it is wanted, open and has passed its self-test, and the CPU the rest.
 */
export class FigureDevice {
  #choice;
  #figure;
  #model;
  #status;
  #leave;
  /** True if `auto` may fetch the module; null before the adapter was probed. @type {boolean | null} */
  #isWorthwhile = null;
  /** True once the GPU has computed for this figure. */
  #usedGpu = false;
  /** @type {(() => void) | null} leaves the training place */
  #training = null;

  /**
   * @param {HTMLElement} place gets the status line
   * @param {Pick<import('../state/state.js').FigureState, 'figure' | 'engine' | 'model'>} state
   */
  constructor(place, { figure, engine: choice, model }) {
    this.#choice = choice;
    this.#figure = figure;
    this.#model = modelAddress(model);
    this.#status = new StatusLine(place, (isRetry) => this.#test(isRetry));
    this.#leave = pageGpu.watch(() => this.#show());
    if (choice !== 'cpu') this.#prepare(this.#model);
    this.#show();
    if (figure === 'train') this.#training = TrainingPlace.join(pageEngine, choice, (device) => this.#moved(device));
  }

  /**
   * A device has computed.
   * @param {'CPU' | 'WebGPU'} device
   * @param {number} took milliseconds of a decode; NaN for other work
   */
  ran(device, took) {
    this.#status.ran(device, took);
  }

  /** The figure has gone. */
  destroy() {
    this.#training?.();
    this.#leave();
    this.#status.destroy();
  }

  /** @param {'CPU' | 'WebGPU'} device that the figure's training run computes on now */
  #moved(device) {
    this.#usedGpu ||= device === 'WebGPU';
    this.ran(device, NaN);
    this.#show();
  }

  /** Passed with each request of the figure. @type {import('../engine/engine.js').Elsewhere} */
  elsewhere = async (action, args, model, file) => {
    if (this.#choice === 'cpu') return undefined;
    if (!hasPassed(model)) {
      // Not awaited: the self-test waits in the same queue as this request.
      this.#prepare(model);
      return undefined;
    }
    if (this.#choice === 'auto' && !this.#isFaster(action, args, model)) return undefined;
    const start = performance.now();
    try {
      const value = await pageGpu.run(action, args, model, file);
      this.#usedGpu = true;
      if (action === 'decode') this.ran('WebGPU', performance.now() - start);
      return value;
    } catch {
      // The status line shows the GPU's reason; the CPU does the work.
      return undefined;
    }
  };

  /**
   * @param {string} action
   * @param {Record<string, unknown>} args
   * @param {string} model
   */
  #isFaster(action, args, model) {
    return action === 'decode' && isFaster(model, /** @type {Float32Array} */ (args.latents));
  }

  /** @param {string} model its address */
  async #prepare(model) {
    if (this.#choice === 'auto' && this.#isWorthwhile === null) {
      this.#isWorthwhile = false;
      this.#isWorthwhile = (await pageGpu.probe()) && !pageGpu.isSoftware && !savesData();
      this.#show();
    }
    if (this.#choice !== 'webgpu' && !this.#isWorthwhile) return;
    // A training run is compared by its own first steps instead.
    await (this.#figure === 'train' ? pageGpu.open() : runSelfTest(model));
  }

  /**
   * Runs the self-test for the status line.
   * @param {boolean} isRetry true if failures so far are to be forgotten
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
