/**
 * A training run inside the worker: one network, or two on the same batches. The worker creates it and passes commands on. Between
 * any two steps it lets the worker's queue in, so that another figure's request waits for one step at most. It knows nothing of
 * figures, storage or history.
 */

import { isOn, toggleCritic } from '../critic.js';
import { CriticNetwork, restoreAll } from './critic.js';
import { GroupEnded, makeTrainer } from './group.js';
import { Network } from './network.js';
import { Pacer } from './pacer.js';
import { encode, preview } from './preview.js';
import { probe } from './probe.js';
import { Sharing } from './sharing.js';

/**
 * @typedef {import('../protocol.js').Bindings} Bindings
 * @typedef {import('../protocol.js').Command} Command
 * @typedef {import('../protocol.js').CreateArgs} CreateArgs
 * @typedef {import('../protocol.js').ExactSnapshot} ExactSnapshot
 * @typedef {import('../protocol.js').Handlers} Handlers
 * @typedef {import('../protocol.js').ModelConfig} ModelConfig
 * @typedef {import('../protocol.js').Preview} Preview
 * @typedef {import('../protocol.js').RunConfig} RunConfig
 * @typedef {import('../protocol.js').RunSettings} RunSettings
 * @typedef {import('../protocol.js').SaveArgs} SaveArgs
 * @typedef {import('../protocol.js').SessionEvent} SessionEvent
 * @typedef {import('../protocol.js').Snapshot} Snapshot
 * @typedef {import('../protocol.js').TrainingEvent} TrainingEvent
 */

/** Milliseconds between two reports of the losses: often enough for curves that seem to flow. */
const REPORT = 200;

/** Pauses after a preview and a snapshot, in multiples of the time it took: together they take at most a tenth of the time. */
const REST_AFTER_PREVIEW = 16;
const REST_AFTER_SNAPSHOT = 40;

/**
 * Shortest time between two snapshots, in milliseconds: `SOON` at first, so that the history of a short run has enough of them, then a
 * share of the run's age, and `SNAPSHOT` after its first minute.
 */
const SOON = 250;
const SNAPSHOT = 1_500;
const SHARE = SNAPSHOT / 60_000;

/** Consecutive steps with an exploded loss before a run is stopped. */
const EXPLODED_STEPS = 3;

/** @implements {Handlers} */
export class Session {
  #bindings;
  #emit;
  /** @type {number | undefined} id of the run */
  #id;
  /** @type {(Network | CriticNetwork)[]} */
  #networks = [];
  /** @type {(Network | CriticNetwork)[]} networks of an earlier snapshot, which are drawn with and never trained */
  #viewers = [];
  /** @type {RunConfig | null} */
  #config = null;
  /** @type {RunSettings} */
  #settings = { beta: 1, learningRate: 0.001, pace: 1, threads: 0 };
  #pacer = new Pacer();
  #isRunning = false;
  /** Number of the newest loop: a halted loop may still be in its pause when the next one begins. */
  #loops = 0;
  /** @type {Promise<unknown>} resolves when the trainers are free; a step of all networks is one piece of work */
  #queue = Promise.resolve();
  /** @type {number[]} rows of losses that have not been reported: step, then reconstruction and KL of each network */
  #rows = [];
  /** @type {number[]} rows of the critic's verdicts that have not been reported */
  #verdicts = [];
  /** @type {number[]} steps at which a critic was added, removed and so on */
  #criticSteps = [];
  #exploded = 0;
  /** Steps taken. */
  #step = 0;
  #next = { report: 0, preview: 0, snapshot: 0 };
  #isWatched = true;
  /** Time at which the run was created. */
  #began = 0;
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
      this.#began = performance.now();
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
    this.#next.preview = 0;
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

  /** Takes no step after the current one. */
  async halt() {
    this.#isRunning = false;
    await this.#exclusive(async () => this.#report());
    if (!this.#isRunning) this.#sharing.rest();
  }

  /** Takes one step, and sends its losses and a preview. */
  async step() {
    await this.#exclusive(async () => {
      await this.#round();
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
    this.#criticSteps = snapshot.critic?.steps ?? [];
    this.#rows = [];
    this.#verdicts = [];
    this.#exploded = 0;
    this.#next.snapshot = performance.now() + this.#pause;
  }

  /**
   * Previews of the networks at the current step, or at an earlier one.
   * @param {{snapshot?: Snapshot} | void} args
   */
  preview(args) {
    const { snapshot } = args ?? {};
    return this.#exclusive(async () =>
      snapshot
        ? this.#previewsOf(await this.#viewersOf(snapshot), snapshot.critic?.steps ?? [])
        : this.#previewsOf(this.#networks),
    );
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
  save({ which, precision, card, count, snapshot }) {
    return this.#exclusive(async () => {
      const networks = snapshot ? await this.#viewersOf(snapshot) : this.#networks;
      const { configs, pixels } = this.#need();
      const { image, latent } = configs[which];
      const selection = {
        indices: Array.from({ length: count }, (_, i) => i),
        size: image.channels * image.height * image.width,
        latent,
      };
      const { length: changes } = snapshot ? (snapshot.critic?.steps ?? []) : this.#criticSteps;
      return networks[which].with(async (model) => {
        const { mean, logVar } = await encode(model, pixels, selection, this.#pacer);
        const divergence = logVar ? this.#bindings.latentDivergences(latent, mean, logVar) : null;
        // Random codes for the saved network: see #previewsOf.
        if (which === 0 && changes > 0) model.fitPrior(mean, logVar);
        const file = /** @type {Uint8Array<ArrayBuffer>} */ (await model.save(precision, card));
        return { file, mean, divergence };
      });
    });
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
    for (const network of [...this.#networks, ...this.#viewers]) await network.free();
    this.#networks = [];
    this.#viewers = [];
    this.#config = null;
    this.#step = 0;
    this.#rows = [];
    this.#verdicts = [];
    this.#criticSteps = [];
    this.#exploded = 0;
    this.#next = { report: 0, preview: 0, snapshot: 0 };
  }

  /** Answers as soon as the worker can, which shows that it is alive. */
  ping() {}

  /** @param {number} number */
  async #loop(number) {
    const goesOn = () => this.#isRunning && number === this.#loops;
    try {
      while (goesOn()) {
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

  /** Takes one step of every network, and lets the worker's queue in after each. */
  async #round() {
    const { batch, configs } = this.#need();
    const { beta, learningRate, critic } = this.#settings;
    if (critic && critic === this.#step && this.#criticSteps.length === 0) await this.#addCritic();
    const row = [this.#step + 1];
    let hasExploded = false;
    const start = performance.now();
    const leader = this.#sharing.leader;
    for (const network of this.#networks) {
      /** @type {import('../protocol.js').Losses & {verdicts?: number[]}} */
      const losses = await network.step({ batch, beta, learningRate }, this.#pacer);
      const { reconstruction, kl, verdicts } = losses;
      row.push(reconstruction, kl);
      if (verdicts) this.#verdicts.push(row[0], ...verdicts);
      // Against a critic codes may spread without harm.
      else hasExploded ||= reconstruction + kl > 3 * uninformedLoss(configs[0]);
      await this.#pacer.breathe();
    }
    this.#step += 1;
    this.#rows.push(...row);
    this.#sharing.addTime(leader, performance.now() - start);
    this.#exploded = hasExploded && row[0] > EXPLODED_STEPS ? this.#exploded + 1 : 0;
    if (this.#exploded >= EXPLODED_STEPS) {
      this.#exploded = 0;
      throw new Error(`the loss has exploded: step ${row[0]} is three times worse than a network that knows nothing`);
    }
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
    const now = performance.now();
    if (now >= this.#next.report) {
      this.#report();
      this.#next.report = now + REPORT;
    }
    if (this.#isWatched && now >= this.#next.preview) {
      await this.#sendPreview();
      this.#next.preview = performance.now() + Math.max(REPORT, REST_AFTER_PREVIEW * (performance.now() - now));
    }
    const then = performance.now();
    if (then >= this.#next.snapshot) {
      await this.#sendSnapshot();
      this.#next.snapshot = then + Math.max(this.#pause, REST_AFTER_SNAPSHOT * (performance.now() - then));
    }
  }

  /** Milliseconds between two snapshots at the run's present age. */
  get #pause() {
    return Math.min(SNAPSHOT, Math.max(SOON, SHARE * (performance.now() - this.#began)));
  }

  #report() {
    if (this.#rows.length === 0) return;
    const [rows, verdicts] = [this.#rows, this.#verdicts].map((values) => Float64Array.from(values));
    const detail = { rows, beta: this.#settings.beta, ...(verdicts.length > 0 && { verdicts }) };
    this.#emit({ type: 'losses', detail });
    this.#rows = [];
    this.#verdicts = [];
  }

  async #sendPreview() {
    this.#emit({ type: 'preview', detail: { previews: await this.#previewsOf(this.#networks), step: this.#step } });
  }

  /**
   * @param {(Network | CriticNetwork)[]} networks
   * @param {number[]} [criticSteps] of their snapshot
   */
  async #previewsOf(networks, criticSteps = this.#criticSteps) {
    const config = this.#need();
    /** @type {Preview[]} */
    const previews = [];
    for (const [i, network] of networks.entries()) {
      // The codes of the network that had a critic are not where a standard normal distribution is.
      const options = {
        isFitted: i === 0 && criticSteps.length > 0,
        critic: network instanceof CriticNetwork ? network : null,
      };
      previews.push(await network.with((model) => preview(this.#bindings, model, config, options, this.#pacer)));
    }
    return previews;
  }

  /** Gives a snapshot away: a copy of a large one would take the page and the worker many milliseconds. */
  async #sendSnapshot() {
    const snapshot = await this.#takeSnapshot();
    this.#emit({ type: 'snapshot', detail: snapshot }, buffersOf(snapshot));
  }

  /** @returns {Promise<ExactSnapshot>} */
  async #takeSnapshot() {
    this.#need();
    const states = [];
    for (const network of this.#networks) {
      states.push(await network.state());
      await this.#pacer.breatheIfDue();
    }
    const [first] = this.#networks;
    const steps = this.#criticSteps;
    const critic = first instanceof CriticNetwork ? { steps, ...first.critic() } : { steps };
    return { step: this.#step, states, ...(steps.length > 0 && { critic }) };
  }

  /**
   * Networks of a snapshot, beside those that train.
   * @param {Snapshot} snapshot
   */
  async #viewersOf(snapshot) {
    const { configs, seed } = this.#need();
    for (const [i, config] of configs.entries()) {
      this.#viewers[i] ??= new Network(await this.#bindings.Trainer.create(config, { seed, batch: 1, twin: true }));
    }
    await restoreAll(this.#bindings, this.#need(), this.#viewers, snapshot, this.#pacer);
    return this.#viewers;
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

/**
 * Reconstruction loss of a network that returns one half for every pixel, in nats or squared error.
 * @param {ModelConfig} config
 */
function uninformedLoss({ image: { channels, height, width }, likelihood }) {
  return channels * height * width * (likelihood === 'bernoulli' ? Math.LN2 : 0.25);
}
