/**
 * A training controller's way to the worker. Commands and events carry the id of their run, so that those of another run, or of
 * one that is over, reach nobody. A worker that was lost gets the run again with the next command.
 */

import { Failure } from '../../failure.js';
import { hasTurn, inTurn, leaveTurn } from './lock.js';

/**
 * @typedef {import('./controller.js').Verb} Verb
 *
 * @typedef {object} Controller
 * @property {boolean} isBusy its run takes steps, or is about to
 * @property {() => Promise<void>} rest its run has to leave the worker
 * @property {() => object} resumed what `create` needs to bring the run back
 * @property {(event: any) => void} hear an event of its run
 * @property {(failure: Failure) => void} lose the worker that had the run is gone
 */

/** Ids of runs, unique on the page. */
let lastId = 0;

export class Connection {
  #engine;
  #controller;
  #id = 0;
  #stopListening = () => {};
  /** Commands that have not been given yet and will take the worker. */
  #waiting = 0;

  /**
   * @param {import('../../engine/engine.js').Engine} engine
   * @param {Controller} controller
   */
  constructor(engine, controller) {
    this.#engine = engine;
    this.#controller = controller;
  }

  /** Events are heard from now on. */
  open() {
    this.#stopListening();
    this.#stopListening = this.#engine.listen((event) => this.#hear(event));
  }

  /** Ends the run in the worker; nothing is heard any more. */
  async close() {
    this.#stopListening();
    await this.end();
  }

  /** Ends the run in the worker. */
  async end() {
    if (!this.hasRun) return;
    leaveTurn(this);
    await this.send('end').catch(() => {});
  }

  /** True while the run that the worker has is this controller's. */
  get hasRun() {
    return hasTurn(this);
  }

  get isBusy() {
    return this.#waiting > 0 || this.#controller.isBusy;
  }

  /** True while a command of this controller is about to take the worker back. */
  get isReturning() {
    return this.#waiting > 0;
  }

  /**
   * Makes a run in the worker; the one before is given up.
   * @param {object} args
   */
  create(args) {
    return this.#insist({ resumes: false, takes: true }, () => this.#create(args));
  }

  /**
   * A command to the run, which takes the worker where another run has it.
   * @param {Verb} verb
   * @param {object} [args]
   * @returns {Promise<any>}
   */
  order(verb, args) {
    return this.#insist({ resumes: true, takes: true }, () => this.send(verb, args));
  }

  /**
   * A command to the run that nothing has to stop for: superseded where another run takes steps.
   * @param {Verb} verb
   * @param {object} [args]
   * @param {string} [slot] the latest command of a slot replaces one that still waits
   * @returns {Promise<any>}
   */
  ask(verb, args, slot) {
    return this.#insist({ resumes: true, takes: false }, () => this.send(verb, args, slot));
  }

  /**
   * A command to the run while the worker has it.
   * @param {Verb} verb
   * @param {object} [args]
   * @param {string} [slot]
   * @returns {Promise<any>}
   */
  send(verb, args, slot) {
    return this.#engine.train({ run: this.#id, verb, args }, slot);
  }

  /** Another controller needs the worker. */
  rest() {
    return this.#controller.rest();
  }

  /** The worker is this controller's again. */
  async resume() {
    await this.#create(this.#controller.resumed());
  }

  /** @param {object} args */
  #create(args) {
    // Events of the run before are not about this one.
    this.#id = ++lastId;
    return this.send('create', args);
  }

  /**
   * A command that a lost worker had in its hands is given once more.
   * @param {import('./lock.js').Manner} manner
   * @param {() => Promise<any>} command
   */
  async #insist(manner, command) {
    try {
      return await this.#give(manner, command);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'crash') throw error;
      return this.#give(manner, command);
    }
  }

  /**
   * @param {import('./lock.js').Manner} manner
   * @param {() => Promise<any>} command
   */
  async #give(manner, command) {
    let waits = Number(manner.takes);
    this.#waiting += waits;
    const given = () => {
      this.#waiting -= waits;
      waits = 0;
    };
    try {
      return await inTurn(this, manner, () => {
        given();
        return command();
      });
    } finally {
      given();
    }
  }

  /** @param {any} event of the worker */
  #hear(event) {
    if (event.lost) {
      if (!this.hasRun) return;
      leaveTurn(this);
      this.#controller.lose(event.lost);
    } else if (event.run === this.#id) this.#controller.hear(event);
  }
}
