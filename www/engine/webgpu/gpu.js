import { moduleAddresses } from '../../assets.js';
import { Failure } from '../../failure.js';
import { Messenger } from '../messenger.js';
import { knock, look } from './adapter.js';

/** A GPU that has not answered by then never will; the first kernels of a slow one take long to compile. */
const PATIENCE = 60_000;

/** After it was lost it is tried again, but not at once, and not for ever. */
const REST = 5_000;
const TRIES = 4;

/** The device is kept this long after the last figure has gone, in case one comes back. */
const IDLE_MILLISECONDS = 5_000;

/**
 * The GPU of the page: one worker with one device, shared by all figures. Whatever goes wrong ends here: the worker is
 * thrown away, `why` says what happened in the reader's words, and the caller goes on elsewhere.
 */
export class Gpu {
  /** @type {Messenger | null} */
  #messenger = null;
  /** Whether its worker has the module and a device: nothing may be asked of it before. */
  #isStarted = false;
  /** @type {Set<string>} models that the present worker has */
  #provided = new Set();
  /** @type {Promise<boolean> | null} */
  #opening = null;
  /** @type {Promise<import('./adapter.js').Sight> | null} */
  #sight = null;
  #failures = 0;
  #restUntil = 0;
  /** @type {Set<() => void>} */
  #watchers = new Set();
  /** @type {Set<(event: import('../../training/protocol.js').TrainingEvent) => void>} */
  #listeners = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;

  /** Why it is not used, in words for the reader; null while nothing speaks against it. @type {string | null} */
  why = null;
  /** What the browser calls it. */
  adapter = '';
  /** Whether it is the processor in disguise. */
  software = false;
  /** Which one it is: another number after each opening. */
  device = 0;

  /** Whether it would take a request now. */
  get ready() {
    return this.#isStarted && this.#messenger?.alive === true && this.why === null;
  }

  /**
   * A figure starts to use it.
   * @param {() => void} watcher called when `ready` or `why` may have changed
   * @returns {() => void} to say that the figure has gone; after the last one the device goes too
   */
  watch(watcher) {
    clearTimeout(this.#idle);
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#idle = setTimeout(() => this.#drop(), IDLE_MILLISECONDS);
    };
  }

  /**
   * @param {(event: import('../../training/protocol.js').TrainingEvent) => void} listener receives the events of its training run
   * @returns {() => void} ends it
   */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Opens it, if it may be tried now.
   * @returns {Promise<boolean>} whether it is ready
   */
  open() {
    if (this.ready) return Promise.resolve(true);
    if (this.#opening) return this.#opening;
    if (this.#failures >= TRIES || performance.now() < this.#restUntil) return Promise.resolve(false);
    this.#opening = this.#open().finally(() => {
      this.#opening = null;
      this.changed();
    });
    return this.#opening;
  }

  /**
   * Looks at the adapter and fetches nothing.
   * @returns {Promise<boolean>} whether it could be opened
   */
  async look() {
    // Asked once for all figures: a browser without an adapter writes a line into its console each time.
    this.#sight ??= look();
    const { hindrance, adapter, software } = await this.#sight;
    Object.assign(this, { why: hindrance, adapter, software });
    return hindrance === null;
  }

  async #open() {
    if (!(await this.look())) {
      this.#rest();
      // What never was there will not come by itself; what was lost may.
      if (this.device === 0) this.#failures = TRIES;
      return false;
    }
    if (!(await knock())) {
      this.fail(new Failure('crash', 'it did not answer'));
      return false;
    }
    /** @type {Messenger | null} */
    let messenger = null;
    try {
      const addresses = { networks: moduleAddresses('webgpu'), media: moduleAddresses('media') };
      const opened = new Messenger((event) => this.#hear(event, opened));
      messenger = this.#messenger = opened;
      this.#provided.clear();
      this.device += 1;
      await inTime(opened.call('start', addresses));
      this.#isStarted = messenger === this.#messenger;
      return this.#isStarted;
    } catch (error) {
      // What was given up meanwhile has its reason already.
      if (messenger === this.#messenger) this.fail(error);
      return false;
    }
  }

  /**
   * One of the worker's actions on a model.
   * @param {string} action
   * @param {Record<string, unknown>} args
   * @param {string} model its address
   * @param {Blob} file
   * @returns {Promise<any>}
   * @throws {unknown} what went wrong, after which the GPU is not ready
   */
  async run(action, args, model, file) {
    const messenger = this.#messenger;
    if (!messenger || !this.#isStarted) throw new Failure('worker', 'the GPU is not open');
    try {
      if (!this.#provided.has(model)) {
        await inTime(messenger.call('load', { model, file }));
        this.#provided.add(model);
      }
      return await inTime(messenger.call(action, { ...args, model }));
    } catch (error) {
      this.#failBy(messenger, error);
      throw error;
    }
  }

  /**
   * A command to the training run of its worker.
   * @template {import('../../training/protocol.js').Verb} V
   * @param {import('../../training/protocol.js').CommandOf<V>} command
   * @returns {Promise<import('../../training/protocol.js').Result<V>>}
   * @throws {unknown} as `run`
   */
  async train(command) {
    const messenger = this.#messenger;
    if (!messenger || !this.#isStarted) throw new Failure('worker', 'the GPU is not open');
    try {
      return await inTime(messenger.call('train', command));
    } catch (error) {
      this.#failBy(messenger, error);
      throw error;
    }
  }

  /**
   * It is not used any more, or not for a while.
   * @param {unknown} error
   * @param {boolean} [forGood] where trying again would give the same
   */
  fail(error, forGood = false) {
    const failure = Failure.from(error, 'crash');
    // Drivers add causes and backtraces in further lines, which are nothing for a reader.
    const [message] = failure.message.split('\n');
    this.why = failure.kind === 'module' ? `its code could not be loaded (${message})` : message;
    this.#drop();
    this.#rest();
    if (forGood) this.#failures = TRIES;
    this.changed();
  }

  /** The reader wants it tried again. */
  forgive() {
    this.#failures = 0;
    this.#restUntil = 0;
  }

  /**
   * Receives the events of its worker.
   * @param {import('../../training/protocol.js').TrainingEvent | import('../../training/protocol.js').Loss} event
   * @param {Messenger} messenger
   */
  #hear(event, messenger) {
    if ('lost' in event) return this.#failBy(messenger, event.lost);
    if (messenger !== this.#messenger) return;
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * The first failure of a worker is the reason; what it still owed fails after that.
   * @param {Messenger} messenger
   * @param {unknown} error
   */
  #failBy(messenger, error) {
    if (messenger === this.#messenger) this.fail(error);
  }

  /** Tells the figures. */
  changed() {
    for (const watcher of this.#watchers) watcher();
  }

  #rest() {
    this.#sight = null;
    this.#failures += 1;
    this.#restUntil = performance.now() + REST;
  }

  #drop() {
    const messenger = this.#messenger;
    this.#messenger = null;
    this.#isStarted = false;
    messenger?.stop(new Failure('worker', 'it is not needed any more'));
    this.#provided.clear();
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function inTime(promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Failure('crash', 'it did not answer')), PATIENCE);
  });
  return Promise.race([promise, /** @type {Promise<never>} */ (late)]).finally(() => clearTimeout(timer));
}

/** The one of this page. */
export const pageGpu = new Gpu();
