import { workerAddress } from '../assets.js';
import { Failure } from '../failure.js';

/**
 * @typedef {import('../training/protocol.js').Loss} Loss
 * @typedef {import('../training/protocol.js').TrainingEvent} TrainingEvent
 */

/** A worker that has not even said hello by then is blocked by something that does not tell us. */
const HELLO_MILLISECONDS = 20_000;

/** A worker that owes an answer is asked this often whether it is alive, in milliseconds. */
export const PING = 2_000;

/**
 * One that has said nothing after so many questions has closed itself, or hangs. Questions are counted and no time is measured:
 * after a page or its machine has slept, the worker still has all of them.
 */
export const MOST_UNANSWERED = 15;

/**
 * One worker: numbered calls out, answers back. A messenger that has stopped stays stopped; whoever wants to go
 * on makes a new one.
 */
export class Messenger {
  /** @type {Map<number, {resolve: (value: any) => void, reject: (failure: Failure) => void}>} */
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
   * @param {(event: TrainingEvent | Loss) => void} onEvent receives the events of a training run, and `{lost}` when the worker is gone
   * @throws {Failure} where the browser refuses workers at once
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
    this.#timer = setTimeout(() => this.stop(new Failure('worker', 'it gave no sign of life')), HELLO_MILLISECONDS);
  }

  get alive() {
    return this.#stopped === null;
  }

  /**
   * @param {string} action one of worker.js's actions
   * @param {object} args
   * @returns {Promise<any>}
   */
  call(action, args) {
    return new Promise((resolve, reject) => {
      if (this.#stopped) return reject(this.#stopped);
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, action, args });
      this.#watchdog ??= setInterval(() => this.#ask(), PING);
    });
  }

  #ask() {
    if (!this.#saidHello) return;
    if (this.#unanswered >= MOST_UNANSWERED) return this.stop(new Failure('crash', 'it does not answer any more'));
    this.#unanswered += 1;
    this.#worker.postMessage({ ping: true });
  }

  #rest() {
    clearInterval(this.#watchdog);
    this.#watchdog = undefined;
  }

  /**
   * Ends the worker; what it still owed fails.
   * @param {Failure} failure
   */
  stop(failure) {
    if (this.#stopped) return;
    this.#stopped = failure;
    clearTimeout(this.#timer);
    this.#rest();
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
      if (this.#pending.size === 0) this.#rest();
    }
  }
}

/**
 * A worker must be of the page's origin: for a page elsewhere, a blob of its own imports our script. A sandboxed page has an address
 * and no origin; there Chromium starts no module from a blob, but all browsers do from a data address.
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
  // Until the browser has read it; a worker that never reads it has failed by then.
  setTimeout(() => URL.revokeObjectURL(address), HELLO_MILLISECONDS);
  return new Worker(trusted(address), options);
}

/** @type {{createScriptURL(address: string): any} | undefined} */
let policy;

/**
 * Where a page demands Trusted Types, it has to allow our policy by its name.
 * @param {string} address of our own worker
 * @returns {any}
 */
function trusted(address) {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  try {
    policy ??= trustedTypes?.createPolicy('latent-lab', { createScriptURL: (/** @type {string} */ own) => own });
  } catch {
    // Not among the policies that the page allows; where it does not demand one, the address will do.
  }
  return policy ? policy.createScriptURL(address) : address;
}
