/**
 * Connects a training controller to the worker. Commands and events have the id of their run; events of another
 * run, or of a run that has ended, are dropped. After the worker is lost, the next command creates the run
 * again. It records nothing.
 */

import { Failure } from '../../failure.js';
import { holdsLock, releaseLock, withLock } from './lock.js';

/**
 * @typedef {import('../protocol.js').CreateArgs} CreateArgs
 * @typedef {import('../protocol.js').Loss} Loss
 * @typedef {import('../protocol.js').TrainingEvent} TrainingEvent
 * @typedef {import('../protocol.js').Verb} Verb
 */

/**
 * @template {Verb} V
 * @typedef {import('../protocol.js').CommandOf<V>} CommandOf
 */

/**
 * @template {Verb} V
 * @typedef {import('../protocol.js').Result<V>} Result
 */

/**
 * @typedef {object} Controller
 * @property {boolean} isBusy its run takes steps, or is about to
 * @property {() => Promise<void>} suspend stops its run, which has to leave the worker
 * @property {() => CreateArgs} resumeArgs arguments of `create` that bring the run back
 * @property {(event: TrainingEvent) => void} onEvent
 * @property {(failure: Loss['lost']) => void} onLost the run's worker is gone
 */

/** The last id of a run; unique on the page. */
let lastId = 0;

export class Connection {
  #engine;
  #controller;
  #id = 0;
  #stopListening = () => {};
  /** Number of pending commands that will take the lock. */
  #waiting = 0;

  /**
   * @param {import('../../engine/engine.js').Engine} engine
   * @param {Controller} controller
   */
  constructor(engine, controller) {
    this.#engine = engine;
    this.#controller = controller;
  }

  /** Listens to events from now on. */
  open() {
    this.#stopListening();
    this.#stopListening = this.#engine.listen((event) => this.#onEvent(event));
  }

  /** Ends the run in the worker and stops listening. */
  async close() {
    this.#stopListening();
    await this.end();
  }

  /** Ends the run in the worker. */
  async end() {
    if (!this.hasRun) return;
    releaseLock(this);
    await this.send({ verb: 'end' }).catch(() => {});
  }

  /** True while the worker has this controller's run. */
  get hasRun() {
    return holdsLock(this);
  }

  get isBusy() {
    return this.#waiting > 0 || this.#controller.isBusy;
  }

  /** True while a command of this controller is about to take the lock back. */
  get isReturning() {
    return this.#waiting > 0;
  }

  /**
   * Creates a run in the worker; the run before it is dropped.
   * @param {CreateArgs} args
   */
  create(args) {
    return this.#retried({ resumes: false, takes: true }, () => this.#create(args));
  }

  /**
   * Gives a command, and takes the worker from another figure's run.
   * @template {Verb} V
   * @param {CommandOf<V>} command
   * @returns {Promise<Result<V>>}
   */
  perform(command) {
    return this.#retried({ resumes: true, takes: true }, () => this.send(command));
  }

  /**
   * Gives a command that is not worth stopping another figure's run: it is superseded while such a run takes steps.
   * @template {Verb} V
   * @param {CommandOf<V>} command
   * @param {string} [slot] the latest command of a slot replaces one that still waits
   * @returns {Promise<Result<V>>}
   */
  tryPerform(command, slot) {
    return this.#retried({ resumes: true, takes: false }, () => this.send(command, slot));
  }

  /**
   * Gives a command without the lock, for a run that the worker has.
   * @template {Verb} V
   * @param {CommandOf<V>} command
   * @param {string} [slot]
   * @returns {Promise<Result<V>>}
   */
  send(command, slot) {
    return this.#engine.train({ ...command, run: this.#id }, slot);
  }

  /** Another controller needs the worker. */
  suspend() {
    return this.#controller.suspend();
  }

  /** The worker is this controller's again. */
  async resume() {
    await this.#create(this.#controller.resumeArgs());
  }

  /** @param {CreateArgs} args */
  #create(args) {
    // A new id, since events of the run before may still arrive.
    this.#id = ++lastId;
    return this.send({ verb: 'create', args });
  }

  /**
   * Gives a command, and repeats it once if the worker is lost meanwhile.
   * @template T
   * @param {import('./lock.js').LockOptions} options
   * @param {() => Promise<T>} command
   */
  async #retried(options, command) {
    try {
      return await this.#locked(options, command);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'crash') throw error;
      return this.#locked(options, command);
    }
  }

  /**
   * @template T
   * @param {import('./lock.js').LockOptions} options
   * @param {() => Promise<T>} command
   */
  async #locked(options, command) {
    let waits = Number(options.takes);
    this.#waiting += waits;
    const given = () => {
      this.#waiting -= waits;
      waits = 0;
    };
    try {
      return await withLock(this, options, () => {
        given();
        return command();
      });
    } finally {
      given();
    }
  }

  /** @param {TrainingEvent | Loss} event */
  #onEvent(event) {
    if ('lost' in event) {
      if (!this.hasRun) return;
      releaseLock(this);
      this.#controller.onLost(event.lost);
    } else if (event.run === this.#id) this.#controller.onEvent(event);
  }
}
