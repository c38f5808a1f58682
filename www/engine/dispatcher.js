/**
 * Gives work to workers, for the engine. Requests wait in one queue, where they can still be replaced or withdrawn; commands to a
 * training run wait in another. After a crash a new worker gets the models again from the files kept here, and the failed request is
 * tried once more. It does not know what an action does.
 */

import { Failure } from '../failure.js';
import { EngineWorker } from './engine-worker.js';
import { Files } from './files.js';
import { Pool } from './pool.js';
import { Queue } from './queue.js';
import { Router } from './router.js';
import { pickBuild } from './support.js';

/**
 * @typedef {import('./engine-worker.js').Work} Work
 * @typedef {Work & import('./queue.js').Waiting & {crashes: number}} Job
 * @typedef {import('../training/protocol.js').Loss} Loss
 * @typedef {import('../training/protocol.js').TrainingEvent} TrainingEvent
 */

export class Dispatcher {
  files = new Files();
  router = new Router();
  pool;
  #cpu;
  /** @type {Queue<Job>} */
  #requests = new Queue(
    (job) => this.#send(job),
    (job, error) => mayRetry(job, error),
  );
  /** @type {Queue<Job>} commands to a training run on the CPU */
  #commands = new Queue(
    (job) => this.#runOnCpu(job),
    (job, error) => mayRetry(job, error),
  );

  /** @param {(event: TrainingEvent | Loss) => void} onEvent gets the events of the CPU's worker, and `{lost}` after its failure */
  constructor(onEvent) {
    this.#cpu = new EngineWorker({
      device: 'CPU',
      pickBuild,
      onEvent: (event) => {
        this.pool.receive(event);
        onEvent(event);
      },
    });
    this.pool = new Pool({
      makeWorker: (onPoolEvent) => new EngineWorker({ device: 'CPU', pickBuild, onEvent: onPoolEvent }),
      // Bypasses the queue: a command there may wait for a step that itself waits for a lost helper.
      send: (command) => this.#cpu.run({ action: 'train', args: command, transfer: command.args.ports, options: {} }),
    });
  }

  /** Starts the CPU's worker before the first request. */
  start() {
    return this.#cpu.start();
  }

  /**
   * Ends the CPU's workers and drops the fetched files.
   * @returns {boolean} true where a worker was ready, and may have had a training run
   */
  stop() {
    const wasReady = this.#cpu.isReady;
    this.#cpu.stop();
    this.pool.stop();
    this.files.forgetAll();
    return wasReady;
  }

  /** @param {Work} work @returns {Promise<unknown>} */
  request(work) {
    return wait(this.#requests, work);
  }

  /** Gives a command. No request waits behind it: it may take long, and the run lets other work in between. @param {Work} work */
  command(work) {
    return this.router.send(work, () => wait(this.#commands, work));
  }

  /** Drops every copy of a model or of stored latents. @param {string} address */
  forget(address) {
    this.files.forget(address);
    this.#cpu.forget(address);
    this.router.forget(address);
    this.pool.forget(address);
  }

  /** @param {Job} job */
  async #send(job) {
    const { signal } = job.options;
    signal?.throwIfAborted();
    const work = job.model === undefined ? job : { ...job, file: await this.files.get(job.model) };
    const value = await this.router.send(work, () => this.#runOnCpu(work));
    signal?.throwIfAborted();
    return value;
  }

  /** @param {Work} work */
  async #runOnCpu(work) {
    try {
      await this.#cpu.start();
    } catch (error) {
      // All waiting jobs would fail the same way.
      for (const queue of [this.#requests, this.#commands]) queue.rejectAll(error);
      throw error;
    }
    try {
      const size = work.model === undefined ? undefined : this.#cpu.configOf(work.model);
      return await this.pool.split({ ...work, size }, (part) => this.#cpu.run(part));
    } catch (error) {
      if (work.model !== undefined) this.files.forgetBroken(work.model, error);
      throw error;
    }
  }
}

/**
 * @param {Queue<Job>} queue
 * @param {Work} work
 * @returns {Promise<unknown>}
 */
function wait(queue, work) {
  return new Promise((resolve, reject) => {
    queue.add({ ...work, slot: work.options.slot, crashes: 0, resolve, reject });
  });
}

/**
 * True, once, for the job that a crashed worker was working on.
 * @param {Job} job
 * @param {unknown} error
 */
function mayRetry(job, error) {
  return error instanceof Failure && error.kind === 'crash' && !job.options.once && job.crashes++ === 0;
}
