import { workerAddress } from '../assets.js';
import { Failure } from '../failure.js';

/**
 * @typedef {import('../training/protocol.js').Loss} Loss
 * @typedef {import('../training/protocol.js').TrainingEvent} TrainingEvent
 */

/** Longest wait for a worker's first message. A worker can be blocked without an error. */
const HELLO_MILLISECONDS = 20_000;

/** Milliseconds between pings, while a call is pending. */
export const PING = 2_000;

/**
 * A worker that has left this many pings unanswered has closed itself, or hangs. Pings are counted rather than time, since a page or its
 * machine may sleep.
 */
export const MOST_UNANSWERED = 15;

/**
 * One worker: sends numbered calls, receives answers and events. A stopped messenger cannot be started again; the caller makes
 * a new one.
 */
export class Messenger {
  /** @type {Map<number, {resolve: (value: unknown) => void, reject: (failure: Failure) => void}>} */
  #pending = new Map();
  #lastId = 0;
  #saidHello = false;
  /** @type {Failure | null} */
  #stopped = null;
  #worker;
  #timer;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #watchdog;
  #unanswered = 0;
  #onEvent;

  /**
   * @param {(event: TrainingEvent | Loss) => void} onEvent gets the worker's events, and `{lost}` with the failure when the worker has
   *   stopped
   * @throws {Failure} if the browser refuses to make a worker
   */
  constructor(onEvent = () => {}) {
    this.#onEvent = onEvent;
    try {
      this.#worker = spawn();
    } catch (error) {
      throw Failure.from(error, 'worker');
    }
    this.#worker.addEventListener('message', (event) => this.#receive(event.data));
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.stop(new Failure(this.#saidHello ? 'crash' : 'worker', event.message ?? 'its script could not be loaded'));
    });
    this.#timer = setTimeout(() => this.stop(new Failure('worker', 'it did not start in time')), HELLO_MILLISECONDS);
  }

  get alive() {
    return this.#stopped === null;
  }

  /**
   * @param {string} action one of worker.js's actions
   * @param {object} args
   * @param {Transferable[]} [transfer]
   * @returns {Promise<unknown>}
   */
  call(action, args, transfer = []) {
    return new Promise((resolve, reject) => {
      if (this.#stopped) return reject(this.#stopped);
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, action, args }, transfer);
      this.#watchdog ??= setInterval(() => this.#ping(), PING);
    });
  }

  #ping() {
    if (!this.#saidHello) return;
    if (this.#unanswered >= MOST_UNANSWERED) return this.stop(new Failure('crash', 'it no longer answers'));
    this.#unanswered += 1;
    this.#worker.postMessage({ ping: true });
  }

  #stopPings() {
    clearInterval(this.#watchdog);
    this.#watchdog = undefined;
  }

  /**
   * Ends the worker. Pending calls fail.
   * @param {Failure} failure
   */
  stop(failure) {
    if (this.#stopped) return;
    this.#stopped = failure;
    clearTimeout(this.#timer);
    this.#stopPings();
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(failure);
    this.#pending.clear();
    this.#onEvent({ lost: failure });
  }

  /**
   * @param {{hello?: true, crash?: string, event?: TrainingEvent, id?: number, value?: unknown, failure?: {kind:
   * import('../failure.js').FailureKind, message: string}}} message
   */
  #receive(message) {
    this.#unanswered = 0;
    if (message.hello) {
      this.#saidHello = true;
      clearTimeout(this.#timer);
    } else if (message.crash !== undefined) {
      this.stop(new Failure('crash', message.crash));
    } else if (message.event) {
      this.#onEvent(message.event);
    } else if (message.id !== undefined) {
      const waiting = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.failure) waiting?.reject(new Failure(message.failure.kind, message.failure.message));
      else waiting?.resolve(message.value);
      if (this.#pending.size === 0) this.#stopPings();
    }
  }
}

/**
 * Starts the worker. Browsers demand a script from the page's origin: on other origins, a blob of the page imports
 * ours. A sandboxed page has an opaque origin, and there Chromium starts no module from a blob; a data address
 * works in all browsers.
 * @returns {Worker}
 */
function spawn() {
  const options = /** @type {const} */ ({ type: 'module', name: 'latent-lab' });
  if (workerAddress.origin === (globalThis.origin ?? workerAddress.origin)) {
    return new Worker(trusted(workerAddress.href), options);
  }
  const script = `import ${JSON.stringify(workerAddress.href)};`;
  if (globalThis.origin === 'null') {
    return new Worker(trusted(`data:text/javascript,${encodeURIComponent(script)}`), options);
  }
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  // By then the browser has read it, or the worker has failed.
  setTimeout(() => URL.revokeObjectURL(address), HELLO_MILLISECONDS);
  return new Worker(trusted(address), options);
}

/**
 * Trusted Types, as far as they are used here: browsers that have them may demand a trusted address for a worker.
 * @typedef {{createScriptURL: (address: string) => string}} Policy
 * @typedef {{trustedTypes?: {createPolicy: (name: string, rules: Policy) => Policy}}} TrustedScope
 */

/** @type {Policy | undefined} */
let policy;

/**
 * Marks an address as trusted. A page that demands Trusted Types has to allow our policy by its name.
 * @param {string} address of our own worker
 * @returns {string} the policy's result, a string only according to the types
 */
function trusted(address) {
  const { trustedTypes } = /** @type {TrustedScope} */ (globalThis);
  try {
    policy ??= trustedTypes?.createPolicy('latent-lab', { createScriptURL: (url) => url });
  } catch {
    // The page does not allow this policy. If it does not demand Trusted Types, the plain address works.
  }
  return policy ? policy.createScriptURL(address) : address;
}
