/**
 * A training run inside the worker: one network, or two on the same batches. The worker creates it and passes commands on. Between
 * any two steps it lets the worker's queue in, so that another figure's request waits for one step at most. It knows nothing of
 * figures, storage or history.
 */

import { isOn, toggleCritic } from '../critic.js';
import { appraise, appraiseComponents } from './appraisal.js';
import { restoreAll, snapshotOf } from './critic.js';
import { Explosion } from './explosion.js';
import { GroupEnded, makeTrainer } from './group.js';
import { Meter, referenceOf } from './held-out.js';
import { Network } from './network.js';
import { Pacer } from './pacer.js';
import { previewsOf } from './previews.js';
import { probe } from './probe.js';
import { Rows } from './rows.js';
import { save } from './save.js';
import { Schedule } from './schedule.js';
import { Sharing } from './sharing.js';
import { Viewers } from './viewers.js';

/**
 * @typedef {import('../protocol.js').Appraisal} Appraisal
 * @typedef {import('../protocol.js').Bindings} Bindings
 * @typedef {import('../protocol.js').Command} Command
 * @typedef {import('../protocol.js').CreateArgs} CreateArgs
 * @typedef {import('../protocol.js').ExactSnapshot} ExactSnapshot
 * @typedef {import('../protocol.js').Handlers} Handlers
 * @typedef {import('../protocol.js').ModelConfig} ModelConfig
 * @typedef {import('../protocol.js').RunConfig} RunConfig
 * @typedef {import('../protocol.js').RunSettings} RunSettings
 * @typedef {import('../protocol.js').SaveArgs} SaveArgs
 * @typedef {import('../protocol.js').SessionEvent} SessionEvent
 * @typedef {import('../protocol.js').Snapshot} Snapshot
 * @typedef {import('../protocol.js').TrainingEvent} TrainingEvent
 */

/** @implements {Handlers} */
export class Session {
  #bindings;
  #emit;
  /** @type {number | undefined} id of the run */
  #id;
  /** @type {import('./held-out.js').Networks} */
  #networks = [];
  #viewers;
  /** @type {RunConfig | null} */
  #config = null;
  /** The run whose images components are being fitted to. @type {RunConfig | null} */
  #fitted = null;
  /** @type {RunSettings} */
  #settings = { beta: 1, learningRate: 0.001, pace: 1, threads: 0 };
  #pacer = new Pacer();
  #isRunning = false;
  /** Number of the newest loop: a halted loop may still be in its pause when the next one begins. */
  #loops = 0;
  /** @type {Promise<unknown>} resolves when the trainers are free; a step of all networks is one piece of work */
  #queue = Promise.resolve();
  #rows = new Rows();
  /** @type {number[]} steps at which a critic was added, removed and so on */
  #criticSteps = [];
  #explosion = new Explosion();
  /** Steps taken. */
  #step = 0;
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
      emit({ run: this.#id, ...event }, transfer);
    this.#sharing = new Sharing(this.#pacer, this.#emit);
    this.#viewers = new Viewers(bindings);
    this.#meter = new Meter(bindings);
  }

  /** Carries out a command; one to a run that the worker no longer has is refused. @param {Command} command */
  perform({ run, verb, args }) {
    if (verb !== 'create' && run !== undefined && run !== this.#id) {
      throw new Error('this training run is not in the worker any more');
    }
    // The type of a command pairs each verb with its arguments; TypeScript loses the pair here.
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
      this.#id = run;
      this.#schedule.begin();
      try {
        const of = config.configs.length;
        for (const done of config.configs.keys()) {
          this.#emit({ type: 'creating', detail: { stage: 'networks', done, of } });
          this.#networks.push(new Network(await makeTrainer(this.#bindings, config, done)));
        }
        this.#config = config;
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
    this.#need();
    this.#isRunning = true;
    this.#tellSharing();
    this.#loop(++this.#loops);
  }

  /** Tells the page how many workers can share the steps: one where there is a critic. */
  #tellSharing() {
    this.#sharing.tell(this.#hasCritic ? 1 : this.#need().batch, this.#settings.threads);
  }

  get #hasCritic() {
    return isOn({ steps: this.#criticSteps });
  }

  /**
   * Shares the following steps with helpers once they are ready, or takes them alone. Answers at once: a step that waits for a lost
   * helper is given up and taken alone.
   * @param {{ports: MessagePort[]}} args to the helpers
   */
  group({ ports }) {
    const leader = this.#sharing.lead(ports);
    if (!leader) return;
    this.#exclusive(async () => {
      // A critic may have come meanwhile.
      if (this.#hasCritic) return this.#sharing.disband();
      if (leader.hasEnded) return;
      const networks = /** @type {Network[]} */ (this.#networks);
      await this.#sharing.begin(leader, networks, this.#need(), await this.#takeSnapshot());
    }).catch((error) => {
      if (!(error instanceof GroupEnded)) throw error;
    });
  }

  /** Takes no step after the current one, whose losses on held-out images are the last that are reported. */
  async halt() {
    this.#isRunning = false;
    await this.#exclusive(async () => {
      if (this.#config) await this.#measureHeldOut();
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
    return this.#exclusive(async () => this.#takeSnapshot());
  }

  /** @param {{snapshot: Snapshot}} args */
  restore({ snapshot }) {
    this.#sharing.disband();
    return this.#exclusive(async () => {
      this.#need();
      await this.#restore(snapshot);
    });
  }

  /** @param {Snapshot} snapshot */
  async #restore(snapshot) {
    await restoreAll(this.#bindings, this.#need(), this.#networks, snapshot, this.#pacer);
    this.#step = snapshot.step;
    this.#meter.seek(this.#step);
    this.#criticSteps = snapshot.critic?.steps ?? [];
    this.#rows.clear();
    this.#explosion.forget();
    this.#schedule.delaySnapshot();
  }

  /**
   * Previews of the networks at the current step, or at an earlier one.
   * @param {{snapshot?: Snapshot} | void} args
   */
  preview(args) {
    const { snapshot } = args ?? {};
    return this.#exclusive(async () =>
      snapshot
        ? this.#previewsOf(await this.#viewers.of(snapshot, this.#need(), this.#pacer), snapshot.critic?.steps ?? [])
        : this.#previewsOf(this.#networks),
    );
  }

  /**
   * How closely each network of an experiment redraws held-out images.
   * @param {{snapshot?: Snapshot} | void} args
   */
  appraise(args) {
    const { snapshot } = args ?? {};
    return this.#exclusive(async () => {
      const config = this.#need();
      const networks = snapshot ? await this.#viewers.of(snapshot, config, this.#pacer) : this.#networks;
      const all = [];
      for (const [i, network] of networks.entries()) {
        all.push(await network.with((model) => appraise(this.#bindings, model, { config, network: i }, this.#pacer)));
      }
      return { step: snapshot?.step ?? this.#step, networks: all };
    });
  }

  /** Begins to fit principal components, unless that is being done. */
  components() {
    const config = this.#need();
    if (this.#fitted === config) return;
    this.#fitted = config;
    const isStale = () => this.#config !== config;
    appraiseComponents(this.#bindings, config, this.#pacer, isStale).then((detail) => {
      this.#fitted = null;
      if (detail) this.#emit({ type: 'components', detail });
    });
  }

  /**
   * Decodes one latent with each network. The second network may already be a step ahead of the first.
   * @param {{latent: Float32Array}} args
   * @returns {Promise<Uint8ClampedArray[]>} RGBA
   */
  draw({ latent }) {
    return Promise.all(
      this.#networks.map((network) => network.with(async (model) => (await model.decodeImages(latent)).data)),
    );
  }

  /**
   * A network as a model file, and latents of training images beside it.
   * @param {SaveArgs} args
   */
  save({ snapshot, ...args }) {
    return this.#exclusive(async () => {
      const config = this.#need();
      const networks = snapshot ? await this.#viewers.of(snapshot, config, this.#pacer) : this.#networks;
      const { length: changes } = snapshot ? (snapshot.critic?.steps ?? []) : this.#criticSteps;
      const isFitted = args.which === 0 && changes > 0;
      return save(this.#bindings, networks[args.which], config, { ...args, isFitted }, this.#pacer);
    });
  }

  /** @param {{file: Uint8Array}} args */
  reference({ file }) {
    return this.#exclusive(() => referenceOf(this.#bindings, file, this.#need(), this.#pacer));
  }

  /** Drops the run. */
  async end() {
    this.#isRunning = false;
    this.#sharing.rest();
    await this.#exclusive(() => this.#clear());
  }

  async #clear() {
    this.#sharing.reset();
    this.#id = undefined;
    for (const network of this.#networks) await network.free();
    this.#networks = [];
    await this.#viewers.clear();
    this.#config = null;
    this.#step = 0;
    this.#meter.seek(0);
    this.#rows.clear();
    this.#criticSteps = [];
    this.#explosion.forget();
  }

  /** Answers as soon as the worker can, which shows that it is alive. */
  ping() {}

  /** @param {number} number */
  async #loop(number) {
    const goesOn = () => this.#isRunning && number === this.#loops;
    try {
      while (goesOn()) {
        if (this.#settings.until && this.#step >= this.#settings.until) return await this.#rest();
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
      // The worker reports a trap, and ends with it.
      if (error instanceof WebAssembly.RuntimeError) throw error;
      this.#report();
      this.#emit({ type: 'stopped', detail: { reason: error instanceof Error ? error.message : String(error) } });
    }
  }

  /** The run has taken its steps: it sends what the page keeps of them, and pauses. */
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

  /** Takes one step of every network, and lets the worker's queue in after each. */
  async #round() {
    const { batch, configs } = this.#need();
    const { beta, learningRate, critic } = this.#settings;
    if (critic && critic === this.#step && this.#criticSteps.length === 0) await this.#addCritic();
    const row = [this.#step + 1];
    const totals = [];
    const start = performance.now();
    const leader = this.#sharing.leader;
    for (const network of this.#networks) {
      /** @type {import('../protocol.js').Losses & {verdicts?: number[]}} */
      const losses = await network.step({ batch, beta, learningRate }, this.#pacer);
      const { reconstruction, kl, verdicts } = losses;
      row.push(reconstruction, kl);
      if (verdicts) this.#rows.add('verdicts', [row[0], ...verdicts]);
      // Against a critic codes may spread without harm.
      else totals.push(reconstruction + kl);
      await this.#pacer.breathe();
    }
    this.#step += 1;
    this.#rows.add('losses', row);
    this.#sharing.addTime(leader, performance.now() - start);
    this.#explosion.check(row[0], totals, configs[0]);
  }

  /** Gives the run its critic, at the step that its settings name. */
  async #addCritic() {
    this.#report();
    this.#sharing.disband();
    await this.#restore(toggleCritic(await this.#takeSnapshot()));
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
    const row = await this.#meter.measure(this.#step, this.#networks, this.#need(), this.#pacer);
    if (row) this.#rows.add('heldOut', row);
  }

  #report() {
    const rows = this.#rows.take();
    if (rows) this.#emit({ type: 'losses', detail: { ...rows, beta: this.#settings.beta } });
  }

  async #sendPreview() {
    this.#emit({ type: 'preview', detail: { previews: await this.#previewsOf(this.#networks), step: this.#step } });
  }

  /** @param {import('./held-out.js').Networks} networks @param {number[]} [criticSteps] of their snapshot */
  #previewsOf(networks, criticSteps = this.#criticSteps) {
    return previewsOf(this.#bindings, networks, this.#need(), criticSteps, this.#pacer);
  }

  /** Gives a snapshot away: a copy of a large one would take the page and the worker many milliseconds. */
  async #sendSnapshot() {
    const snapshot = await this.#takeSnapshot();
    this.#emit({ type: 'snapshot', detail: snapshot }, buffersOf(snapshot));
  }

  /** @returns {Promise<ExactSnapshot>} */
  #takeSnapshot() {
    this.#need();
    return snapshotOf(this.#networks, { step: this.#step, criticSteps: this.#criticSteps }, this.#pacer);
  }

  #need() {
    if (!this.#config) throw new Error('there is no training run');
    return this.#config;
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

/**
 * The buffers of a snapshot, each once.
 * @param {ExactSnapshot} snapshot
 */
function buffersOf({ states, critic }) {
  const arrays = [...states, ...(critic?.states ?? []), critic?.rest];
  const buffers = arrays.flatMap((array) => (array ? [/** @type {ArrayBuffer} */ (array.buffer)] : []));
  return [...new Set(buffers)];
}
