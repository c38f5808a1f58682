/**
 * Additional workers on the CPU, if the reader has processors to spare: they share the steps of the run in the first worker, and large
 * requests. The engine has one pool. It decides how many workers there are; what they compute has the same bits with any number.
 *
 * @typedef {import('./engine-worker.js').EngineWorker} EngineWorker
 * @typedef {import('./engine-worker.js').Work} Work
 * @typedef {import('../training/protocol.js').Loss} Loss
 * @typedef {import('../training/protocol.js').TrainingEvent} TrainingEvent
 * @typedef {import('../training/protocol.js').CommandOf<'group'>} GroupCommand
 *
 * @typedef {{run: number | undefined, workers: number, isChosen: boolean}} Shared `isChosen` by the reader or the host
 */

import { savesData, savesPower } from '../state/reader.js';
import { MOST_WORKERS, mostWorkers } from '../training/shards.js';
import { FrameWatch } from './frame-watch.js';
import { join, split, worthSplitting } from './split.js';

/** Milliseconds after which idle workers are ended. */
const IDLE = 15_000;

/** Losses of helpers in one run after which it continues without them. */
const MOST_LOSSES = 3;

/** A shared step must take at most this share of one worker's time, or fewer workers are tried. */
const WORTHWHILE = 0.9;

export class Pool {
  #makeWorker;
  #send;
  /** @type {EngineWorker[]} */
  #helpers = [];
  /** @type {Shared | null} the run that shares its steps */
  #shared = null;
  /** Number of the newest attempt to form a group: older ones give up. */
  #attempt = 0;
  #losses = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;
  /** @type {Set<(workers: number) => void>} */
  #listeners = new Set();
  /** Resolves when the helpers last asked for can take requests. @type {Promise<void>} */
  ready = Promise.resolve();
  /** Share of its time that a worker does not spend on exchanges with others. */
  #efficiency = 0.7;
  /** Workers that the host asks for; 0 to have them chosen. */
  wanted = 0;
  #frames = new FrameWatch(() => this.#shrink());

  /**
   * @param {object} parts
   * @param {(onEvent: (event: TrainingEvent | Loss) => void) => EngineWorker} parts.makeWorker
   * @param {(command: GroupCommand) => Promise<unknown>} parts.send to the first worker
   */
  constructor({ makeWorker, send }) {
    this.#makeWorker = makeWorker;
    this.#send = send;
  }

  /** Workers that share the steps of the run now; 1 where it is alone. */
  get workers() {
    return this.#shared?.workers ?? 1;
  }

  /**
   * @param {(workers: number) => void} listener gets the number of workers of the run when it changes
   * @returns {() => void} removes the listener
   */
  watch(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param {TrainingEvent | Loss} event of the first worker */
  receive(event) {
    if ('lost' in event) return this.#release();
    if (event.type === 'resting') this.#release();
    else if (event.type === 'running') this.#begin(event.run, event.detail);
    else if (event.type === 'shared') this.#judge(event.detail);
    else if (event.type === 'stalled') this.#replaceAll();
  }

  /**
   * @param {number | undefined} run
   * @param {{most: number, threads: number}} detail
   */
  async #begin(run, { most, threads }) {
    const attempt = ++this.#attempt;
    this.#losses = 0;
    const asked = threads || this.wanted;
    const workers = Math.min(most, asked || (await choose()));
    if (attempt === this.#attempt) await this.#form(run, workers, asked > 0);
  }

  /**
   * Makes a group of the first worker and helpers. The run continues meanwhile.
   * @param {number | undefined} run
   * @param {number} workers
   * @param {boolean} isChosen by the reader or the host; otherwise fewer are tried if that is faster
   */
  async #form(run, workers, isChosen) {
    const attempt = ++this.#attempt;
    clearTimeout(this.#idle);
    try {
      const helpers = workers > 1 ? await this.#start(workers - 1) : [];
      if (attempt !== this.#attempt) return;
      const [ports, ...others] = meshOf(helpers.length + 1);
      await Promise.all(helpers.map((helper, i) => helper.run(help(i + 1, others[i]))));
      if (attempt !== this.#attempt) return;
      // Before the group exists, so that the loss of a helper meanwhile is noticed.
      this.#shared = { run, workers: helpers.length + 1, isChosen };
      await this.#send({ verb: 'group', run, args: { ports: /** @type {MessagePort[]} */ (ports.slice(1)) } });
      if (attempt !== this.#attempt) return;
      this.#retire(helpers.length);
      // A chosen number stays, however slow the page feels; watching its frames would only take time from the workers.
      if (helpers.length > 0 && !isChosen) this.#frames.start();
      else this.#frames.stop();
    } catch {
      if (attempt !== this.#attempt) return;
      // The run has ended, or a helper could not start: the first worker continues alone.
      this.#shared = null;
      this.#rearm();
    }
    this.#tell();
  }

  /**
   * Workers that are ready, up to `count`: fewer if the browser does not start more.
   * @param {number} count
   */
  async #start(count) {
    while (this.#helpers.length < count) {
      /** @type {EngineWorker} */
      const helper = this.#makeWorker((event) => {
        if ('lost' in event) this.#lose(helper);
      });
      this.#helpers.push(helper);
    }
    const helpers = this.#helpers.slice(0, count);
    const started = await Promise.allSettled(helpers.map((helper) => helper.start()));
    return helpers.filter((_, i) => started[i].status === 'fulfilled');
  }

  /** A helper hangs without reporting it. */
  #replaceAll() {
    const shared = this.#shared;
    this.#shared = null;
    this.#retire(0);
    this.#losses += 1;
    if (shared) this.#again(shared);
    this.#tell();
  }

  /**
   * Expected speed of a run relative to one worker: measured during this visit, or a guess.
   * @param {number} batch
   */
  async gain(batch) {
    const workers = Math.min(mostWorkers(batch), this.wanted || (await choose()));
    return Math.max(1, workers * this.#efficiency);
  }

  /** @param {EngineWorker} helper that has crashed */
  #lose(helper) {
    const shared = this.#shared;
    if (!this.#helpers.includes(helper)) return;
    this.#helpers = this.#helpers.filter((each) => each !== helper);
    if (!shared) return;
    this.#losses += 1;
    // First the step that waits for the lost helper is taken.
    this.#shared = null;
    this.#send({ verb: 'group', run: shared.run, args: { ports: [] } }).then(
      () => this.#again(shared),
      () => {},
    );
    this.#tell();
  }

  /**
   * Forms a group again after a loss, unless there were too many.
   * @param {Shared} shared
   */
  #again({ run, workers, isChosen }) {
    if (this.#losses <= MOST_LOSSES) this.#form(run, workers, isChosen);
  }

  /** @param {{workers: number, alone: number, shared: number}} times milliseconds of a step */
  #judge({ workers, alone, shared }) {
    if (Number.isFinite(alone / shared)) this.#efficiency = alone / shared / workers;
    if (!this.#shared || this.#shared.isChosen || shared <= WORTHWHILE * alone) return;
    this.#shrink();
  }

  /** Keeps half of the helpers, since they do not pay off or the page feels slow. */
  #shrink() {
    if (!this.#shared || this.#shared.isChosen) return;
    const { run, workers } = this.#shared;
    this.#form(run, Math.floor(workers / 2), false);
  }

  /** The run takes no steps now. */
  #release() {
    this.#attempt += 1;
    this.#shared = null;
    this.#frames.stop();
    this.#tell();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#retire(0), IDLE);
  }

  /** Ends all helpers except the first ones. @param {number} kept */
  #retire(kept) {
    const retired = this.#helpers.splice(kept);
    for (const helper of retired) helper.stop();
    if (kept === 0) this.#frames.stop();
  }

  /** Ends all helpers. */
  stop() {
    this.#release();
    clearTimeout(this.#idle);
    this.#retire(0);
  }

  /** @param {string} model whose file has been replaced */
  forget(model) {
    for (const helper of this.#helpers) helper.forget(model);
  }

  /**
   * Runs work on the first worker, or shares it with idle helpers if it is large.
   * @param {Work} work
   * @param {(work: Work) => Promise<unknown>} runFirst
   * @returns {Promise<unknown>}
   */
  async split(work, runFirst) {
    if (this.#shared || !worthSplitting(work)) return runFirst(work);
    const ready = this.#helpers.filter((helper) => helper.isReady);
    if (ready.length === 0) {
      this.ready = this.#prepare();
      return runFirst(work);
    }
    this.#rearm();
    const runs = [runFirst, ...ready.map((helper) => (/** @type {Work} */ part) => helper.run(part))];
    const parts = split(work, runs.length);
    const results = parts.map((part, i) =>
      i === 0 ? runFirst(part) : runs[i]({ ...part, options: {} }).catch(() => runFirst({ ...part, options: {} })),
    );
    return join(work.action, await Promise.all(results));
  }

  /** Starts helpers for the next large request. */
  async #prepare() {
    const workers = this.wanted || (await choose());
    if (workers < 2 || this.#shared) return;
    await this.#start(workers - 1);
    this.#rearm();
  }

  #rearm() {
    if (this.#shared) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#retire(0), IDLE);
  }

  #tell() {
    for (const listener of this.#listeners) listener(this.workers);
  }
}

/** How many workers this machine can run beside the page itself: one if the reader saves data or power. */
async function choose() {
  if (savesData() || (await savesPower())) return 1;
  return Math.max(1, Math.min(MOST_WORKERS, (navigator.hardwareConcurrency ?? 1) - 1));
}

/**
 * A port between every two of `count` workers.
 * @param {number} count
 * @returns {(MessagePort | null)[][]} for each worker its ports to all ranks; null for itself
 */
function meshOf(count) {
  const ports = Array.from(
    { length: count },
    () => /** @type {(MessagePort | null)[]} */ (new Array(count).fill(null)),
  );
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a][b] = port1;
      ports[b][a] = port2;
    }
  }
  return ports;
}

/**
 * @param {number} rank
 * @param {(MessagePort | null)[]} ports
 * @returns {Work}
 */
function help(rank, ports) {
  const transfer = /** @type {MessagePort[]} */ (ports.filter((port) => port !== null));
  return { action: 'help', args: { rank, ports }, transfer, options: {} };
}
