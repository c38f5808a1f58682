import { modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';
import { pageGpu } from '../engine/webgpu/gpu.js';
import { StatusLine } from './device-status.js';
import { TrainingPlace } from '../engine/webgpu/training.js';
import { savesData } from '../state/reader.js';
import { earnTrust, isFaster, isTrusted } from '../engine/webgpu/self-test.js';

/**
 * Which device computes for one figure, and what the figure says about it. Made after the first picture, which the CPU has
 * drawn; from then on the GPU gets the figure's work where it is wanted, open and trusted, and the CPU everything else.
 */
export class FigureDevice {
  #choice;
  #figure;
  #model;
  #status;
  #leave;
  /** Whether `auto` may fetch the module; not known before the adapter was looked at. @type {boolean | null} */
  #isWorthwhile = null;
  /** Whether the GPU has ever worked for this figure. */
  #usedGpu = false;
  /** @type {(() => void) | null} leaves the place where runs compute */
  #training = null;

  /**
   * @param {HTMLElement} place where the status goes
   * @param {Pick<import('../state/state.js').FigureState, 'figure' | 'engine' | 'model'>} state
   */
  constructor(place, { figure, engine: choice, model }) {
    this.#choice = choice;
    this.#figure = figure;
    this.#model = modelAddress(model);
    this.#status = new StatusLine(place, (again) => this.#test(again));
    this.#leave = pageGpu.watch(() => this.#tell());
    if (choice !== 'cpu') this.#prepare(this.#model);
    this.#tell();
    if (figure === 'train') this.#training = TrainingPlace.join(pageEngine, choice, (device) => this.#trains(device));
  }

  /**
   * A device has worked.
   * @param {'CPU' | 'WebGPU'} device
   * @param {number} took milliseconds of a decode; NaN where it was none
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

  /** @param {'CPU' | 'WebGPU'} device where the figure's run is now */
  #trains(device) {
    this.#usedGpu ||= device === 'WebGPU';
    this.ran(device, NaN);
    this.#tell();
  }

  /** What a request of the figure takes along. @type {import('../engine/engine.js').Elsewhere} */
  elsewhere = async (action, args, model, file) => {
    if (this.#choice === 'cpu') return undefined;
    if (!isTrusted(model)) {
      // Not waited for: the CPU is there, and the self-test stands in the same queue as this.
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
      // The GPU keeps the reason, which the status shows; the CPU does the work.
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
      this.#isWorthwhile = (await pageGpu.look()) && !pageGpu.software && !savesData();
      this.#tell();
    }
    if (this.#choice !== 'webgpu' && !this.#isWorthwhile) return;
    // A run is compared with the CPU's by its own first steps.
    await (this.#figure === 'train' ? pageGpu.open() : earnTrust(model));
  }

  /**
   * What a click on the status asks for.
   * @param {boolean} again
   */
  async #test(again) {
    if (again) pageGpu.forgive();
    this.#status.result = await earnTrust(this.#model);
    this.#tell();
  }

  #tell() {
    const { why, adapter, software } = pageGpu;
    const isWanted = this.#choice === 'webgpu';
    const isReady = this.#figure === 'train' ? pageGpu.ready : isTrusted(this.#model);
    const gaveUp = why !== null && (this.#usedGpu || isWanted);
    this.#status.gpu = {
      why,
      adapter,
      software,
      gaveUp,
      isComing: isWanted && why === null && !isReady,
      isReady: isWanted && isReady,
    };
  }
}
