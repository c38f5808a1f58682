import { Failure } from '../../failure.js';
import { EngineWorker } from '../engine-worker.js';
import { deviceAnswers, probeAdapter } from './adapter.js';

/** Longest wait for an answer, in milliseconds. The first kernels of a slow GPU take long to compile. */
const TIMEOUT = 60_000;

/** Milliseconds after which a lost GPU is tried again, and the most tries. */
const RETRY_DELAY = 5_000;
const MOST_FAILURES = 4;

/** How long the device stays open after the last figure has gone, in case one comes back. */
const IDLE_MILLISECONDS = 5_000;

/**
 * The GPU of the page: one worker with one device, shared by all figures. After any failure the worker is discarded, `reason` tells the
 * reader what happened, and callers continue on the CPU.
 */
export class Gpu {
  #worker = new EngineWorker({
    device: 'WebGPU',
    pickBuild: () => 'webgpu',
    onEvent: (event) => this.#receive(event),
    timeout: TIMEOUT,
  });
  /** @type {Promise<boolean> | null} */
  #opening = null;
  /** @type {Promise<import('./adapter.js').AdapterProbe> | null} */
  #probe = null;
  #failures = 0;
  #retryAt = 0;
  /** @type {Set<() => void>} */
  #watchers = new Set();
  /** @type {Set<(event: import('../../training/protocol.js').TrainingEvent) => void>} */
  #listeners = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;

  /** Why the GPU is not used, in words for the reader; null if there is no known reason. @type {string | null} */
  reason = null;
  /** Name of the GPU, as the browser reports it. */
  adapter = '';
  /** True for an adapter that computes on the processor. */
  isSoftware = false;
  /** Number of the device, which changes with each opening. */
  device = 0;

  /** True if a request can be sent now. */
  get isReady() {
    return this.#worker.isReady && this.reason === null;
  }

  /**
   * A figure starts to use it.
   * @param {() => void} watcher called when `isReady` or `reason` may have changed
   * @returns {() => void} ends the use; after the last figure the device is closed
   */
  watch(watcher) {
    clearTimeout(this.#idle);
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#idle = setTimeout(() => this.#worker.stop(), IDLE_MILLISECONDS);
    };
  }

  /**
   * @param {(event: import('../../training/protocol.js').TrainingEvent) => void} listener gets the events of the worker's training run
   * @returns {() => void} removes the listener
   */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Opens the device, if a try is due.
   * @returns {Promise<boolean>} true if the GPU is ready
   */
  open() {
    if (this.isReady) return Promise.resolve(true);
    if (this.#opening) return this.#opening;
    if (this.#failures >= MOST_FAILURES || performance.now() < this.#retryAt) return Promise.resolve(false);
    this.#opening = this.#open().finally(() => {
      this.#opening = null;
      this.changed();
    });
    return this.#opening;
  }

  /**
   * Probes the adapter, without fetching anything.
   * @returns {Promise<boolean>} true if the GPU can be used
   */
  async probe() {
    // Once for all figures: a browser without an adapter writes a line into its console each time.
    this.#probe ??= probeAdapter();
    const { adapter, reason, isSoftware } = await this.#probe;
    Object.assign(this, { adapter, reason, isSoftware });
    return reason === null;
  }

  async #open() {
    if (!(await this.probe())) {
      this.#delayRetry();
      // A lost GPU may come back; one that was never there will not.
      if (this.device === 0) this.#failures = MOST_FAILURES;
      return false;
    }
    if (!(await deviceAnswers())) {
      this.fail(new Failure('crash', 'it did not answer'));
      return false;
    }
    this.device += 1;
    try {
      await this.#worker.start();
      return true;
    } catch {
      // The worker has reported its loss, unless it was stopped on purpose.
      return false;
    }
  }

  /**
   * Runs one of the worker's actions.
   * @param {import('../engine-worker.js').Work} work
   * @returns {Promise<unknown>}
   * @throws {unknown} after which the GPU is not ready
   */
  async run(work) {
    if (!this.isReady) throw new Failure('worker', 'the GPU is not open');
    try {
      return await this.#worker.run(work);
    } catch (error) {
      // The first failure of a worker is the reason. Its pending requests fail afterward, which changes nothing.
      if (this.isReady) this.fail(error);
      throw error;
    }
  }

  /**
   * Sends a command to the training run of its worker.
   * @template {import('../../training/protocol.js').Verb} V
   * @param {import('../../training/protocol.js').CommandOf<V>} command
   * @returns {Promise<import('../../training/protocol.js').Result<V>>}
   * @throws {unknown} as `run`
   */
  async train(command) {
    const result = await this.run({ action: 'train', args: command, options: {} });
    return /** @type {import('../../training/protocol.js').Result<V>} */ (result);
  }

  /**
   * The file at this address has been replaced by another model.
   * @param {string} model
   */
  forget(model) {
    this.#worker.forget(model);
  }

  /**
   * Stops using the GPU, for a while or for good.
   * @param {unknown} error
   * @param {boolean} [forGood] if another try would fail the same way
   */
  fail(error, forGood = false) {
    const failure = Failure.from(error, 'crash');
    // Further lines are causes and backtraces that drivers add; readers need only the first.
    const [message] = failure.message.split('\n');
    this.reason = failure.kind === 'module' ? `its code could not be loaded (${message})` : message;
    this.#worker.stop();
    this.#delayRetry();
    if (forGood) this.#failures = MOST_FAILURES;
    this.changed();
  }

  /** Lets the next `open` try again, regardless of earlier failures. */
  resetFailures() {
    this.#failures = 0;
    this.#retryAt = 0;
  }

  /**
   * Passes on the events of its worker.
   * @param {import('../../training/protocol.js').TrainingEvent | import('../../training/protocol.js').Loss} event
   */
  #receive(event) {
    if ('lost' in event) return this.fail(event.lost);
    for (const listener of this.#listeners) listener(event);
  }

  /** Notifies the figures. */
  changed() {
    for (const watcher of this.#watchers) watcher();
  }

  #delayRetry() {
    this.#probe = null;
    this.#failures += 1;
    this.#retryAt = performance.now() + RETRY_DELAY;
  }
}

/** The GPU that all figures of a page share. */
export const pageGpu = new Gpu();
