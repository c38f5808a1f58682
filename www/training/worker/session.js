/**
 * A training run inside the worker: one network, or two on the same batches. It takes steps in a loop of its own and lets
 * the worker's queue in after each of them, so that what another figure asks for waits for one step at most.
 */

import { encode, glimpse } from './preview.js';
import { fromHalves } from '../halves.js';
import { Network } from './network.js';
import { Pacer } from './pacer.js';
import { probe } from './probe.js';

/**
 * @typedef {import('../../engine/engine.js').ModelConfig} ModelConfig
 *
 * @typedef {import('../../pkg/cpu/latent_lab.js').Losses} Losses
 * @typedef {import('../../pkg/cpu/latent_lab.js').Augmentation} Augmentation
 *
 * @typedef {object} Plan what is fixed for a whole run
 * @property {ModelConfig[]} configs one, or two that differ in their kind alone
 * @property {number} seed
 * @property {number} batch
 * @property {Augmentation} augment
 * @property {Uint8Array} pixels [n, channels, height, width]
 * @property {number} copies how often an epoch shows each of them
 * @property {Uint8Array} [start] a model file whose weights the networks start from
 *
 * @typedef {object} Knobs what may change between steps
 * @property {number} beta
 * @property {number} learningRate
 * @property {number} pace share of the time that steps may take, up to 1
 *
 * @typedef {Exclude<keyof Session, 'disturbed' | 'perform'>} Verb
 *
 * @typedef {object} Command
 * @property {number} [run] id of the run that it is for; none where it is for whatever run there is
 * @property {Verb} verb
 * @property {any} [args]
 *
 * @typedef {{step: number, states: Float32Array[]}} Moment everything that training changed, and when
 * @typedef {{step: number, states: (Float32Array | Uint16Array)[]}} Kept a moment that may be in half precision; see halves.js
 *
 * @typedef {typeof import('../../pkg/cpu/latent_lab.js')} Face the wasm module
 */

/** Between two reports of the losses, in milliseconds: often enough for curves that seem to flow. */
const REPORT = 200;

/** Looks and snapshots wait this many times as long as they took: together at most a tenth of the time goes to them. */
const REST_AFTER_LOOK = 16;
const REST_AFTER_SNAPSHOT = 40;

/**
 * The shortest time between two snapshots, in milliseconds: `SOON` at first, so that the history of a short run has enough of them, then a
 * share of the run's age, and `SNAPSHOT` from its first minute on.
 */
const SOON = 250;
const SNAPSHOT = 1_500;
const SHARE = SNAPSHOT / 60_000;

/** Losses of so many steps in a row must be hopeless before a run is stopped. */
const HOPELESS_STEPS = 3;

export class Session {
  #face;
  #tell;
  /** @type {number | undefined} id of the run */
  #id;
  /** @type {Network[]} */
  #networks = [];
  /** @type {Network[]} networks of a moment that is past, for looking at only */
  #viewers = [];
  /** @type {Plan | null} */
  #plan = null;
  /** @type {Knobs} */
  #knobs = { beta: 1, learningRate: 0.001, pace: 1 };
  #pacer = new Pacer();
  #isRunning = false;
  /** Counts the loops: one that has been halted may still rest when the next begins. */
  #loops = 0;
  /** @type {Promise<unknown>} what has the trainers now; a step of all of them is one piece */
  #turn = Promise.resolve();
  /** @type {number[]} rows of losses not reported yet: step, then reconstruction and KL of each network */
  #rows = [];
  #hopeless = 0;
  /** Steps taken. */
  #step = 0;
  #next = { report: 0, look: 0, snapshot: 0 };
  #isWatched = true;
  /** When the run was made. */
  #began = 0;

  /**
   * @param {Face} face
   * @param {(news: object) => void} tell hears of the run, by its id
   */
  constructor(face, tell) {
    this.#face = face;
    this.#tell = (/** @type {object} */ news) => tell({ run: this.#id, ...news });
  }

  /** A command by its name. One to a run that is not here any more is refused. @param {Command} command */
  perform({ run, verb, args = {} }) {
    if (verb === 'create') return this.create({ ...args, run });
    if (run !== undefined && run !== this.#id) throw new Error('this training run is not in the worker any more');
    return this[verb](args);
  }

  /** Another figure has asked for something: more may follow soon. */
  disturbed() {
    this.#pacer.disturbed();
  }

  /**
   * What is known before the start: parameters, what a step takes on this machine, in seconds, and the losses of a first
   * step, which are the same on every device.
   * @param {{configs: ModelConfig[]}} args
   */
  measure({ configs }) {
    return probe(this.#face, configs, this.#pacer, (done, of) => this.#tell({ measuring: { done, of } }));
  }

  /**
   * A run that has taken no step; the one before is given up.
   * @param {{run?: number, plan: Plan, knobs: Knobs, moment?: Kept, isWatched?: boolean}} args
   */
  create({ run, plan, knobs, moment, isWatched = true }) {
    this.#isRunning = false;
    return this.#exclusive(async () => {
      await this.#clear();
      this.#id = run;
      this.#began = performance.now();
      try {
        const of = plan.configs.length;
        for (const [done, config] of plan.configs.entries()) {
          this.#tell({ making: { stage: 'networks', done, of } });
          this.#networks.push(await this.#make(config, plan));
        }
        this.#plan = plan;
        if (moment) await this.#restore(moment);
      } catch (error) {
        await this.#clear();
        throw error;
      }
      this.#knobs = knobs;
      this.#isWatched = isWatched;
    });
  }

  /**
   * @param {ModelConfig} config
   * @param {Plan} plan
   */
  async #make(config, plan) {
    const { seed, batch, augment, start } = plan;
    const trainer = await this.#face.Trainer.create(config, { seed, batch, twin: true }, undefined, start);
    trainer.setAugment(augment);
    trainer.setImages(repeated(plan));
    return new Network(trainer);
  }

  /** @param {{knobs: Partial<Knobs>}} args */
  set({ knobs }) {
    this.#knobs = { ...this.#knobs, ...knobs };
  }

  /** @param {{isWatched: boolean}} args whether anybody sees the pictures */
  watch({ isWatched }) {
    this.#isWatched = isWatched;
    this.#next.look = 0;
  }

  /** Steps from now on, until `halt`. */
  run() {
    if (this.#isRunning) return;
    this.#need();
    this.#isRunning = true;
    this.#loop(++this.#loops);
  }

  /** No step after the present one. */
  async halt() {
    this.#isRunning = false;
    await this.#exclusive(async () => this.#report());
  }

  /** One step, and what came of it. */
  async step() {
    await this.#exclusive(async () => {
      await this.#round();
      this.#report();
      await this.#look();
    });
  }

  /** @returns {Promise<Moment>} */
  now() {
    return this.#exclusive(async () => this.#moment());
  }

  /** @param {{moment: Kept}} args */
  restore({ moment }) {
    return this.#exclusive(async () => {
      this.#need();
      await this.#restore(moment);
    });
  }

  /** @param {Kept} moment */
  async #restore(moment) {
    for (const [i, network] of this.#networks.entries()) await network.restore(exact(moment.states[i]), moment.step);
    this.#step = moment.step;
    this.#rows = [];
    this.#hopeless = 0;
    this.#next.snapshot = performance.now() + this.#pause;
  }

  /**
   * Pictures of the networks as they are, or as they were.
   * @param {{moment?: Kept}} args
   */
  look({ moment }) {
    return this.#exclusive(async () => this.#glimpses(moment ? await this.#past(moment) : this.#networks));
  }

  /**
   * What each network draws at one place; it may be between the steps of the two.
   * @param {{latent: Float32Array}} args
   * @returns {Promise<Uint8ClampedArray[]>} RGBA
   */
  draw({ latent }) {
    return Promise.all(
      this.#networks.map((network) => network.with(async (model) => (await model.decodeImages(latent)).data)),
    );
  }

  /**
   * A model file of one of the networks, and the codes of training pictures beside it.
   * @param {{which: number, precision: string, card: import('../../pkg/cpu/latent_lab.js').Card, count: number, moment?: Kept}} args
   */
  keep({ which, precision, card, count, moment }) {
    return this.#exclusive(async () => {
      const networks = moment ? await this.#past(moment) : this.#networks;
      const { configs, pixels } = this.#need();
      const { image, latent } = configs[which];
      const what = {
        indices: Array.from({ length: count }, (_, i) => i),
        size: image.channels * image.height * image.width,
        latent,
      };
      return networks[which].with(async (model) => {
        const { mean } = await encode(model, pixels, what, this.#pacer);
        return { file: await model.save(precision, card), mean };
      });
    });
  }

  /** Everything goes. */
  async end() {
    this.#isRunning = false;
    await this.#exclusive(() => this.#clear());
  }

  async #clear() {
    this.#id = undefined;
    for (const network of [...this.#networks, ...this.#viewers]) await network.free();
    this.#networks = [];
    this.#viewers = [];
    this.#plan = null;
    this.#step = 0;
    this.#rows = [];
    this.#hopeless = 0;
    this.#next = { report: 0, look: 0, snapshot: 0 };
  }

  /** Answers as soon as the worker can: whoever asks learns that it is alive. */
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
        await this.#pacer.rest(performance.now() - start, this.#knobs.pace);
      }
    } catch (error) {
      this.#isRunning = false;
      // A trap is the worker's to report: whoever holds this promise does.
      if (error instanceof WebAssembly.RuntimeError) throw error;
      this.#report();
      this.#tell({ stopped: error instanceof Error ? error.message : String(error) });
    }
  }

  /** One step of every network, with a breath after each. */
  async #round() {
    const plan = this.#need();
    const { beta, learningRate } = this.#knobs;
    const row = [this.#step + 1];
    let isHopeless = false;
    for (const network of this.#networks) {
      const { reconstruction, kl } = await network.step({ batch: plan.batch, beta, learningRate }, this.#pacer);
      row.push(reconstruction, kl);
      isHopeless ||= reconstruction + kl > 3 * ignorance(plan.configs[0]);
      await this.#pacer.breathe();
    }
    this.#step += 1;
    this.#rows.push(...row);
    this.#hopeless = isHopeless && row[0] > HOPELESS_STEPS ? this.#hopeless + 1 : 0;
    if (this.#hopeless >= HOPELESS_STEPS) {
      this.#hopeless = 0;
      throw new Error(`the loss has exploded: step ${row[0]} is three times worse than a network that knows nothing`);
    }
  }

  async #afterRound() {
    const now = performance.now();
    if (now >= this.#next.report) {
      this.#report();
      this.#next.report = now + REPORT;
    }
    if (this.#isWatched && now >= this.#next.look) {
      await this.#look();
      this.#next.look = performance.now() + Math.max(REPORT, REST_AFTER_LOOK * (performance.now() - now));
    }
    const then = performance.now();
    if (then >= this.#next.snapshot) {
      const moment = await this.#moment();
      this.#tell({ moment });
      this.#next.snapshot = then + Math.max(this.#pause, REST_AFTER_SNAPSHOT * (performance.now() - then));
    }
  }

  /** Between two snapshots now. */
  get #pause() {
    return Math.min(SNAPSHOT, Math.max(SOON, SHARE * (performance.now() - this.#began)));
  }

  #report() {
    if (this.#rows.length === 0) return;
    this.#tell({ losses: Float64Array.from(this.#rows), beta: this.#knobs.beta });
    this.#rows = [];
  }

  async #look() {
    this.#tell({ look: await this.#glimpses(this.#networks), step: this.#step });
  }

  /** @param {Network[]} networks */
  async #glimpses(networks) {
    const plan = this.#need();
    const looks = [];
    for (const network of networks) {
      looks.push(await network.with((model) => glimpse(this.#face, model, plan, this.#pacer)));
    }
    return looks;
  }

  /** @returns {Promise<Moment>} */
  async #moment() {
    this.#need();
    const states = [];
    for (const network of this.#networks) {
      states.push(await network.state());
      await this.#pacer.breatheIfDue();
    }
    return { step: this.#step, states };
  }

  /**
   * Networks of another moment, beside those that train.
   * @param {Kept} moment
   */
  async #past({ states, step }) {
    const { configs, seed } = this.#need();
    for (const [i, config] of configs.entries()) {
      this.#viewers[i] ??= new Network(await this.#face.Trainer.create(config, { seed, batch: 1, twin: true }));
      await this.#viewers[i].restore(exact(states[i]), step);
      await this.#pacer.breatheIfDue();
    }
    return this.#viewers;
  }

  #need() {
    if (!this.#plan) throw new Error('there is no training run');
    return this.#plan;
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  #exclusive(work) {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

/**
 * The pictures that a trainer goes through. A few that are shown again and again, each time changed, fill a batch; of many
 * there is no need for copies, since their next epoch does the same.
 * @param {Plan} plan
 */
function repeated({ configs: [{ image }], pixels, copies, batch }) {
  const count = pixels.length / (image.channels * image.height * image.width);
  const times = Math.min(copies, Math.ceil(batch / count));
  if (times === 1) return pixels;
  const all = new Uint8Array(pixels.length * times);
  for (let i = 0; i < times; i++) all.set(pixels, i * pixels.length);
  return all;
}

/** @param {Float32Array | Uint16Array} state */
function exact(state) {
  return state instanceof Float32Array ? state : fromHalves(state);
}

/**
 * The reconstruction loss of a network that answers one half for every pixel, in nats or squared error.
 * @param {ModelConfig} config
 */
function ignorance({ image: { channels, height, width }, likelihood }) {
  return channels * height * width * (likelihood === 'bernoulli' ? Math.LN2 : 0.25);
}
