/**
 * Training in the worker: one run of one network, or of several on the same batches. The worker
 * passes commands on. Between any two steps the session lets queued messages in, so that another
 * figure's request waits for at most one step. It must not know figures, storage or history.
 */

import { toggleCritic } from '../critic.js';
import { learningRateAt } from '../learning-rate.js';
import { Answers } from './answers.js';
import { Explosion } from './explosion.js';
import { GroupEnded } from './group.js';
import { Meter } from './held-out.js';
import { Pacer } from './pacer.js';
import { probe } from './probe.js';
import { Rows } from './rows.js';
import { Run } from './run.js';
import { Schedule } from './schedule.js';
import { Sharing } from './sharing.js';
import { buffersOf } from './snapshots.js';

/**
 * @typedef {import('../protocol.js').Bindings} Bindings
 * @typedef {import('../protocol.js').Command} Command
 * @typedef {import('../protocol.js').CreateArgs} CreateArgs
 * @typedef {import('../protocol.js').ExactSnapshot} ExactSnapshot
 * @typedef {import('../protocol.js').Handlers} Handlers
 * @typedef {import('../protocol.js').ModelConfig} ModelConfig
 * @typedef {import('../protocol.js').RunSettings} RunSettings
 * @typedef {import('../protocol.js').SessionEvent} SessionEvent
 * @typedef {import('../protocol.js').Snapshot} Snapshot
 * @typedef {import('../protocol.js').TrainingEvent} TrainingEvent
 */

/** @implements {Handlers} */
export class Session {
  #bindings;
  #emit;
  /** @type {RunSettings} */
  #settings = { beta: 1, learningRate: 0.001, pace: 1, threads: 0 };
  #pacer = new Pacer();
  #run;
  #answers;
  #isRunning = false;
  /** Number of the newest loop: a halted loop may still be in its pause when the next one starts. */
  #loops = 0;
  /** @type {Promise<unknown>} resolves when the trainers are free; a step of all networks is one piece of work */
  #queue = Promise.resolve();
  #rows = new Rows();
  #explosion = new Explosion();
  #meter;
  #schedule = new Schedule();
  #isWatched = true;
  #sharing;

  /**
   * @param {Bindings} bindings
   * @param {(event: TrainingEvent, transfer?: ArrayBuffer[]) => void} emit receives the events of the run, with its id
   */
  constructor(bindings, emit) {
    this.#bindings = bindings;
    this.#emit = (/** @type {SessionEvent} */ event, /** @type {ArrayBuffer[]} */ transfer = []) =>
      emit({ run: this.#run.id, ...event }, transfer);
    this.#run = new Run(bindings, this.#pacer);
    this.#answers = new Answers(bindings, this.#run, {
      pacer: this.#pacer,
      exclusive: (work) => this.#exclusive(work),
      emit: this.#emit,
    });
    this.#sharing = new Sharing(this.#pacer, this.#emit);
    this.#meter = new Meter(bindings);
  }

  /** Carries out a command; refuses it if its run is no longer in the worker. @param {Command} command */
  perform({ run, verb, args }) {
    if (verb !== 'create' && run !== undefined && run !== this.#run.id) {
      throw new Error('this training run is no longer in the worker');
    }
    // The type of a command pairs each verb with its arguments; TypeScript loses the pairing here.
    const handler = /** @type {(args: unknown, run?: number) => unknown} */ (this[verb]);
    return handler.call(this, args, run);
  }

  /** Makes room for another figure, which has just asked for something and may do so again. */
  disturbed() {
    this.#pacer.disturbed();
  }

  /** @param {{configs: ModelConfig[]}} args */
  measure({ configs }) {
    return probe(this.#bindings, configs, this.#pacer, (done, of) =>
      this.#emit({ type: 'measuring', detail: { done, of } }),
    );
  }

  /**
   * @param {CreateArgs} args
   * @param {number} [run] id of the new run
   */
  create({ config, settings, snapshot, isWatched = true }, run) {
    this.#isRunning = false;
    this.#sharing.rest();
    return this.#exclusive(async () => {
      await this.#clear();
      this.#run.id = run;
      this.#schedule.begin();
      try {
        await this.#run.create(config, (done) =>
          this.#emit({ type: 'creating', detail: { stage: 'networks', done, of: config.configs.length } }),
        );
        if (snapshot) await this.#restore(snapshot);
      } catch (error) {
        await this.#clear();
        throw error;
      }
      this.#settings = settings;
      this.#isWatched = isWatched;
    });
  }

  /** @param {{settings: Partial<RunSettings>}} args */
  set({ settings }) {
    const { threads } = this.#settings;
    this.#settings = { ...this.#settings, ...settings };
    if (this.#isRunning && threads !== this.#settings.threads) this.#tellSharing();
  }

  /** @param {{isWatched: boolean}} args whether previews are wanted */
  watch({ isWatched }) {
    this.#isWatched = isWatched;
    this.#schedule.hurry('preview');
  }

  /** Takes steps until `halt`. */
  run() {
    if (this.#isRunning) return;
    this.#run.need();
    this.#isRunning = true;
    this.#tellSharing();
    this.#loop(++this.#loops);
  }

  /** Tells the page how many workers can share the steps: one if there is a critic. */
  #tellSharing() {
    this.#sharing.tell(this.#run.hasCritic ? 1 : this.#run.need().batch, this.#settings.threads);
  }

  /**
   * Shares the following steps with helpers once they are ready, or takes them alone. Answers at once: a step that waits for a lost
   * helper is dropped and taken alone.
   * @param {{ports: MessagePort[]}} args to the helpers
   */
  group({ ports }) {
    const leader = this.#sharing.lead(ports);
    if (!leader) return;
    this.#exclusive(async () => {
      // A critic may have been added meanwhile.
      if (this.#run.hasCritic) return this.#sharing.disband();
      if (leader.hasEnded) return;
      const networks = /** @type {import('./network.js').Network[]} */ (this.#run.networks);
      await this.#sharing.begin(leader, networks, this.#run.need(), await this.#run.snapshot());
    }).catch((error) => {
      if (!(error instanceof GroupEnded)) throw error;
    });
  }

  /** Takes no step after the current one, whose losses on held-out images are the last to be reported. */
  async halt() {
    this.#isRunning = false;
    await this.#exclusive(async () => {
      if (this.#run.config) await this.#measureHeldOut();
      this.#report();
    });
    if (!this.#isRunning) this.#sharing.rest();
  }

  /** Takes one step, and sends its losses, those on held-out images, and a preview. */
  async step() {
    await this.#exclusive(async () => {
      await this.#round();
      await this.#measureHeldOut();
      this.#report();
      await this.#sendPreview();
    });
  }

  /** @returns {Promise<ExactSnapshot>} */
  snapshot() {
    return this.#exclusive(() => this.#run.snapshot());
  }

  /** @param {{snapshot: Snapshot}} args */
  restore({ snapshot }) {
    this.#sharing.disband();
    return this.#exclusive(async () => {
      this.#run.need();
      await this.#restore(snapshot);
    });
  }

  /** @param {Snapshot} snapshot */
  async #restore(snapshot) {
    await this.#run.restore(snapshot);
    this.#meter.seek(this.#run.step);
    this.#rows.clear();
    this.#explosion.forget();
    this.#schedule.delaySnapshot();
  }

  // Questions about the run's networks.

  /** @type {Answers['preview']} */
  preview = (args) => this.#answers.preview(args);

  /** @type {Answers['appraise']} */
  appraise = (args) => this.#answers.appraise(args);

  /** @type {Answers['components']} */
  components = () => this.#answers.components();

  /** @type {Answers['draw']} */
  draw = (args) => this.#answers.draw(args);

  /** @type {Answers['save']} */
  save = (args) => this.#answers.save(args);

  /** @type {Answers['reference']} */
  reference = (args) => this.#answers.reference(args);

  /** Drops the run. */
  async end() {
    this.#isRunning = false;
    this.#sharing.rest();
    await this.#exclusive(() => this.#clear());
  }

  async #clear() {
    this.#sharing.reset();
    await this.#run.clear();
    this.#meter.seek(0);
    this.#rows.clear();
    this.#explosion.forget();
  }

  /** Answers as soon as the worker can, which shows that it is alive. */
  ping() {}

  /** @param {number} number */
  async #loop(number) {
    const goesOn = () => this.#isRunning && number === this.#loops;
    try {
      while (goesOn()) {
        if (this.#settings.until && this.#run.step >= this.#settings.until) return await this.#rest();
        const start = performance.now();
        await this.#exclusive(async () => {
          if (!goesOn()) return;
          await this.#round();
          await this.#afterRound();
        });
        await this.#pacer.rest(performance.now() - start, this.#settings.pace);
      }
    } catch (error) {
      this.#isRunning = false;
      this.#sharing.rest();
      // The worker reports a trap, and then ends.
      if (error instanceof WebAssembly.RuntimeError) throw error;
      this.#report();
      this.#emit({ type: 'stopped', detail: { reason: error instanceof Error ? error.message : String(error) } });
    }
  }

  /** The run has taken its steps: it sends the data that the page keeps, and pauses. */
  async #rest() {
    this.#isRunning = false;
    this.#sharing.rest();
    await this.#exclusive(async () => {
      this.#report();
      await this.#sendSnapshot();
      if (this.#isWatched) await this.#sendPreview();
    });
    this.#emit({ type: 'reached', detail: null });
  }

  /** Takes one step of every network, and lets queued messages in after each. */
  async #round() {
    const { batch, configs } = this.#run.need();
    const { beta, critic } = this.#settings;
    const learningRate = learningRateAt(this.#run.step, this.#settings);
    if (critic && critic === this.#run.step && this.#run.criticSteps.length === 0) await this.#addCritic();
    const row = [this.#run.step + 1];
    const totals = [];
    const start = performance.now();
    const leader = this.#sharing.leader;
    for (const network of this.#run.networks) {
      /** @type {import('../protocol.js').Losses & {verdicts?: number[]}} */
      const losses = await network.step({ batch, beta, learningRate }, this.#pacer);
      const { reconstruction, kl, verdicts } = losses;
      row.push(reconstruction, kl);
      if (verdicts) this.#rows.add('verdicts', [row[0], ...verdicts]);
      // Training against a critic spreads the codes, which raises the KL but is not an explosion.
      else totals.push(reconstruction + kl);
      await this.#pacer.breathe();
    }
    this.#run.step += 1;
    this.#rows.add('losses', row);
    this.#sharing.addTime(leader, performance.now() - start);
    this.#explosion.check(row[0], totals, configs[0]);
  }

  /** Gives the run its critic, at the step set in its settings. */
  async #addCritic() {
    this.#report();
    this.#sharing.disband();
    await this.#restore(toggleCritic(await this.#run.snapshot()));
    if (this.#isRunning) this.#tellSharing();
    await this.#sendSnapshot();
  }

  async #afterRound() {
    await this.#schedule.when('heldOut', () => this.#measureHeldOut());
    await this.#schedule.when('report', () => this.#report());
    if (this.#isWatched) await this.#schedule.when('preview', () => this.#sendPreview());
    await this.#schedule.when('snapshot', () => this.#sendSnapshot());
  }

  /** Measures the networks on held-out images, if there are any. */
  async #measureHeldOut() {
    const row = await this.#meter.measure(this.#run.step, this.#run.networks, this.#run.need(), this.#pacer);
    if (row) this.#rows.add('heldOut', row);
  }

  #report() {
    const rows = this.#rows.take();
    if (rows) this.#emit({ type: 'losses', detail: { ...rows, beta: this.#settings.beta } });
  }

  async #sendPreview() {
    this.#emit({ type: 'preview', detail: { previews: await this.#answers.previews(), step: this.#run.step } });
  }

  /** Transfers a snapshot: a copy of a large one would take the page and the worker many milliseconds. */
  async #sendSnapshot() {
    const snapshot = await this.#run.snapshot();
    this.#emit({ type: 'snapshot', detail: snapshot }, buffersOf(snapshot));
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  #exclusive(work) {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }
}
