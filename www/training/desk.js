/**
 * The page's side of a training run: it gives the worker its orders, records what comes of them, and starts the run again
 * from its last moment when the worker is lost.
 */

import { Rate } from './rate.js';
import { Record } from './record.js';
import { configsOf, NO_AUGMENT, sizeOf } from './settings.js';
import { creditOf, readStart } from './start.js';
import { adopt, ourPictures, show } from './supplies.js';
import { hasTurn, inTurn } from './turn.js';

/**
 * @typedef {import('./settings.js').Settings} Settings
 * @typedef {import('./record.js').Run} Run
 * @typedef {Exclude<keyof import('./session.js').Session, 'disturbed'>} Verb
 *
 * @typedef {object} DataSet
 * @property {import('../engine.js').ImageShape} shape
 * @property {Uint8Array} pixels [n, channels, height, width]
 * @property {Uint8Array | null} labels [n], where they are known
 * @property {string} name what the pictures are, in words
 * @property {boolean} isInk white strokes on black, which are shown as ink on paper
 *
 * @typedef {'empty' | 'paused' | 'running' | 'stopped'} Phase
 *
 * @typedef {object} News
 * @property {Phase} phase
 * @property {boolean} isResting wants to run, and waits for the figure to be seen again
 * @property {number} step
 * @property {number[][]} curve steps, then reconstruction and KL of each network
 * @property {number[]} moments steps that can be gone back to
 * @property {{steps: number, seconds: number}} rate of the last seconds
 * @property {string} [problem] why the run has stopped, or what the browser did not let us do
 * @property {import('./glimpse.js').Look[]} [look] what the networks draw now
 */

/** A run that kills its worker so often is given up. */
const MOST_CRASHES = 3;

/** What a run that blew up is offered to go on with. */
export const LOWER = 1 / 3;

export class Desk {
  #engine;
  #tell;
  #record;
  /** @type {Phase} */
  #phase = 'empty';
  #wants = false;
  #mayRun = { isNear: true, isShown: true };
  /** @type {Run | null} */
  #run = null;
  #step = 0;
  #crashes = 0;
  /** @type {string | undefined} */
  #problem;
  #rate = new Rate();
  #isTurning = false;
  #deaf;

  /**
   * @param {import('../engine.js').Engine} engine
   * @param {(news: News) => void} tell
   * @param {string} [name] under which the run is kept; several figures of a page have one each
   */
  constructor(engine, tell, name = '') {
    this.#engine = engine;
    this.#tell = tell;
    this.#record = new Record(name, (problem) => {
      this.#problem = problem;
      this.#news();
    });
    this.#deaf = engine.listen((news) => this.#hear(news));
    document.addEventListener('visibilitychange', this.#glance);
    addEventListener('pagehide', this.#leave);
  }

  /** The figure goes; the run stays in the database. */
  close() {
    this.#leave();
    this.#deaf();
    this.#wants = false;
    document.removeEventListener('visibilitychange', this.#glance);
    removeEventListener('pagehide', this.#leave);
    if (this.#phase !== 'empty' && this.#holds) this.#order('end').catch(() => {});
  }

  /** Whether the run that the worker has is this desk's. */
  get #holds() {
    return hasTurn(this);
  }

  /**
   * An order to the run.
   * @param {Verb} verb
   * @param {object} [args]
   * @param {string} [slot]
   * @returns {Promise<any>}
   */
  #order(verb, args, slot) {
    return inTurn(this, verb !== 'create' && verb !== 'end', () => this.#engine.train(verb, args, slot));
  }

  /** The worker is this desk's again: the run goes back from its last moment. */
  async resume() {
    const moment = this.#record.last;
    if (!this.#run || !moment) return;
    await this.#engine.train('create', { ...planOf(this.#run), moment });
  }

  /** Another desk needs the worker: what there is now is kept, and nothing happens until the reader wants it. */
  async rest() {
    this.#wants = false;
    if (this.#phase === 'empty' || this.#phase === 'stopped') return;
    this.#phase = 'paused';
    try {
      await this.#engine.train('halt');
      this.#arrive(await this.#engine.train('now'));
    } catch {
      // The worker is lost: the last moment is where this run goes on.
    }
    this.#news();
    this.#record.save(true);
  }

  /** @param {import('./session.js').Moment} moment of now */
  #arrive(moment) {
    this.#step = moment.step;
    this.#record.history.add(moment);
  }

  /** Pictures without a data set. @param {{model: string}} args */
  supply({ model }) {
    return ourPictures(this.#engine, model);
  }

  /** @param {Parameters<import('../engine.js').Engine['bytes']>[0]} args */
  bytes(args) {
    return this.#engine.bytes(args);
  }

  /** @param {Parameters<import('../engine.js').Engine['augment']>[0]} args */
  augment(args) {
    return this.#engine.augment(args);
  }

  /** A run of an earlier visit, made ready where it was left; null where there is none. */
  async open() {
    const saved = await this.#record.read();
    if (!saved) return null;
    const { settings, data, start, moment } = saved;
    await this.#create({ settings, data, start }, moment);
    this.#record.restore(configsOf(settings, data.shape).length, saved);
    this.#crashes = 0;
    return { settings, data, start, step: moment.step };
  }

  /** @param {{settings: Settings, shape: import('../engine.js').ImageShape}} args */
  measure({ settings, shape }) {
    return this.#engine.train('measure', { configs: configsOf(settings, shape) });
  }

  /**
   * A network that a run can start from, and the settings that such a run must have.
   * @param {Parameters<typeof readStart>[1]} source a shipped model by its name, or a model file
   */
  readStart(source) {
    return readStart(this.#engine, source);
  }

  /** @param {Run} run with the `start` of `readStart` where it is not to start from random weights */
  async begin({ settings, data, start }) {
    await this.#create({ settings, data, start });
    this.#record.start(configsOf(settings, data.shape).length);
    this.#crashes = 0;
    this.#arrive(await this.#order('now'));
    await this.#record.begin({ settings, data, start });
  }

  /** Says everything again, with what the networks draw now. */
  async refresh() {
    if (this.#phase === 'empty') return;
    const look = await this.#order('look');
    this.#news({ look });
  }

  /** Steps until further notice. */
  async run() {
    this.#wants = true;
    this.#problem = undefined;
    await this.#apply();
  }

  async pause() {
    this.#wants = false;
    await this.#apply();
    await this.#mark();
    // The last look may be many steps old.
    await this.refresh();
  }

  async step() {
    await this.#order('step');
    await this.#mark(false);
  }

  /** Nothing has been trained, and nothing of it stays on this machine. */
  async reset() {
    this.#wants = false;
    await this.#order('end');
    this.#phase = 'empty';
    this.#run = null;
    this.#step = 0;
    this.#problem = undefined;
    await this.#record.forget();
    this.#news();
  }

  /** @param {{change: Partial<Settings>}} args beta, learning rate, pace, or whether to go on while hidden */
  async set({ change }) {
    if (!this.#run) return;
    this.#run.settings = { ...this.#run.settings, ...change };
    const { beta, learningRate, pace } = this.#run.settings;
    await this.#order('set', { knobs: { beta, learningRate, pace } });
    this.#record.set(this.#run);
    await this.#apply();
  }

  /** @param {{latent: Float32Array}} args what each network draws there; a newer question replaces a waiting one */
  draw({ latent }) {
    return this.#order('draw', { latent }, 'training cursor');
  }

  /** @param {{index: number}} args one of the moments */
  async look({ index }) {
    return this.#order('look', { moment: this.#record.history.at(index) });
  }

  /**
   * Goes on from a moment that is past; what came after it has not happened.
   * @param {{index: number, change?: Partial<Settings>}} args
   */
  async branch({ index, change = {} }) {
    if (!this.#run) return;
    this.#wants = false;
    await this.#order('halt');
    const moment = this.#record.history.at(index);
    await this.#order('restore', { moment });
    this.#phase = 'paused';
    this.#problem = undefined;
    this.#step = moment.step;
    this.#rate.restart();
    this.#record.cut(moment.step);
    await this.set({ change });
    await this.refresh();
    await this.#record.save();
  }

  /** After an explosion: the last moment before it, with a lower learning rate. */
  async recover() {
    if (!this.#run) return;
    const learningRate = this.#run.settings.learningRate * LOWER;
    // The newest moment may hold the beginning of the end.
    const index = Math.max(0, this.#record.history.steps.length - 2);
    await this.branch({ index, change: { learningRate } });
    return learningRate;
  }

  /**
   * One of the networks as a model file, and the codes of the first pictures.
   * @param {{which: number, precision: 'f32' | 'f16' | 'i8', index?: number}} args `index` of a moment that is past
   */
  async keep({ which, precision, index }) {
    if (!this.#run) throw new Error('there is no training run');
    const { settings, data, start } = this.#run;
    const moment = index === undefined ? undefined : this.#record.history.at(index);
    const card = {
      name: 'trained in a browser',
      data: data.name,
      seed: settings.seed,
      steps: moment?.step ?? this.#step,
      beta: settings.beta,
      ...(start && creditOf(start)),
    };
    const count = Math.min(500, data.pixels.length / sizeOf(data.shape));
    const { file, mean } = await this.#order('keep', { which, precision, card, count, moment });
    const labels = data.labels?.slice(0, count) ?? null;
    const config = configsOf(settings, data.shape)[which];
    const name = `${config.kind}-${config.latent}-step-${card.steps}.safetensors`;
    return { file, name, config, stored: { latent: settings.latent, mean, labels, own: /** @type {const} */ ('pictures') } };
  }

  /**
   * The networks go into the other figures of the page.
   * @param {{which: number, index?: number}} args
   * @returns {Promise<string[]>} the figures that show one now
   */
  async use({ which, index }) {
    const both = this.#run?.settings.kind === 'both';
    const kept = [];
    for (const each of both ? [which, 1 - which] : [which]) kept.push(await this.keep({ which: each, precision: 'f32', index }));
    return show(this.#engine, kept);
  }

  /**
   * A model file from outside goes into the other figures of the page.
   * @param {{file: File, pictures: {pixels: Uint8Array, labels: Uint8Array | null}}} args
   */
  adopt({ file, pictures }) {
    return adopt(this.#engine, file, pictures);
  }

  /** @param {{isNear: boolean}} args whether the figure is on the screen */
  async watch({ isNear }) {
    this.#mayRun.isNear = isNear;
    if (this.#phase === 'empty') return;
    if (this.#holds) await this.#order('watch', { isWatched: isNear });
    // What was started out of sight, while another had the worker, begins now.
    if (this.#holds || this.#wants) await this.#apply();
  }

  #glance = () => {
    this.#mayRun.isShown = !document.hidden;
    if (this.#phase === 'empty' || !(this.#holds || this.#wants)) return;
    this.#apply();
    if (document.hidden) this.#mark();
  };

  /** The page may be gone in a moment: the last moment that is here is written, a new one would come too late. */
  #leave = () => {
    if (this.#phase !== 'empty') this.#record.save();
  };

  /**
   * @param {Run} run
   * @param {import('./session.js').Kept} [moment]
   */
  async #create(run, moment) {
    this.#wants = false;
    await this.#order('create', { ...planOf(run), moment });
    this.#run = run;
    this.#phase = 'paused';
    this.#problem = undefined;
    this.#step = moment?.step ?? 0;
    this.#rate.restart();
  }

  /** Lets the worker run or rest, as wanted and as seen. */
  async #apply() {
    if (this.#phase === 'empty' || (this.#phase === 'stopped' && !this.#wants)) return this.#news();
    if (this.#isTurning) return;
    this.#isTurning = true;
    try {
      // A step may be long: what is wanted can change while the last one is awaited.
      while (this.#runs !== (this.#phase === 'running')) {
        if (this.#runs) {
          this.#phase = 'running';
          this.#rate.restart();
          await this.#order('run');
        } else {
          await this.#order('halt');
          if (this.#phase === 'running') this.#phase = 'paused';
        }
      }
    } finally {
      this.#isTurning = false;
    }
    this.#news();
  }

  /** Whether steps should be taken: wanted, and the figure seen. */
  get #runs() {
    const { isNear, isShown } = this.#mayRun;
    return this.#wants && ((isNear && isShown) || this.#run?.settings.awake === true);
  }

  /**
   * A moment of now, kept and written: where one comes back to.
   * @param {boolean} [withHistory]
   */
  async #mark(withHistory = true) {
    if (this.#phase === 'empty' || this.#phase === 'stopped' || !this.#holds) return;
    this.#arrive(await this.#order('now'));
    this.#news();
    await this.#record.save(withHistory);
  }

  /** @param {any} news of the worker */
  #hear(news) {
    if (this.#phase === 'empty' || !this.#holds) return;
    if (news.lost) return this.#revive(news.lost);
    if (news.losses) {
      const { curve } = this.#record;
      curve.add(news.losses);
      this.#step = curve.columns[0][curve.length - 1];
      this.#rate.tick(this.#step);
    }
    if (news.moment) {
      this.#record.history.add(news.moment);
      this.#record.keep();
    }
    if (news.stopped) {
      this.#phase = 'stopped';
      this.#wants = false;
      this.#problem = news.stopped;
    }
    this.#news(news.look ? { look: news.look } : {});
  }

  /**
   * The worker was lost, and with it everything since the last moment.
   * @param {Error & {kind?: string}} failure
   */
  async #revive(failure) {
    if (failure.kind !== 'crash' || !this.#run) return;
    const wanted = this.#wants;
    const moment = this.#record.last;
    this.#crashes += 1;
    if (this.#crashes > MOST_CRASHES || !moment) {
      this.#phase = 'stopped';
      this.#problem = failure.message;
      return this.#news();
    }
    try {
      await this.#create(this.#run, moment);
    } catch (error) {
      this.#phase = 'stopped';
      this.#problem = error instanceof Error ? error.message : String(error);
      return this.#news();
    }
    this.#record.cut(moment.step);
    this.#problem = `The worker was lost and has been started again from step ${moment.step}.`;
    this.#wants = wanted;
    await this.#apply();
  }

  /** @param {Partial<News>} [more] */
  #news(more = {}) {
    this.#tell({
      phase: this.#phase,
      isResting: this.#wants && this.#phase === 'paused',
      step: this.#step,
      curve: this.#record.curve.columns,
      moments: this.#record.history.steps,
      rate: this.#rate.now,
      problem: this.#problem,
      ...more,
    });
  }
}

/**
 * What the worker has to know for a run.
 * @param {Run} run
 */
function planOf({ settings, data, start }) {
  const { beta, learningRate, pace, seed, batch, augment } = settings;
  const copies = augment ? settings.copies : 1;
  const plan = { configs: configsOf(settings, data.shape), seed, batch, augment: augment ?? NO_AUGMENT, pixels: data.pixels, copies, start: start?.file };
  return { plan, knobs: { beta, learningRate, pace } };
}
