/**
 * The page's side of a training run: it gives the worker its commands, records what comes of them, and brings the run back from
 * its last moment when the worker is lost.
 */

import { isSuperseded } from '../../failure.js';
import { Connection } from './connection.js';
import { Rate } from './rate.js';
import { Record } from './record.js';
import { cardOf, lossOf, makingOf, planOf, productOf } from './run.js';
import { Services } from './services.js';
import { configsOf } from './settings.js';
import { show } from '../input/sources.js';
import { Watchdog } from './watchdog.js';

/**
 * @typedef {import('./settings.js').Settings} Settings
 * @typedef {import('./record.js').Run} Run
 * @typedef {import('../worker/session.js').Verb} Verb
 *
 * @typedef {object} DataSet
 * @property {import('../../engine/engine.js').ImageShape} shape
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
 * @property {string} [problem] why the run has stopped, or what became of its worker
 * @property {string} [unsaved] why a reload would lose the run; it goes on all the same
 * @property {string} [making] how far the networks of a run that begins have got
 * @property {import('../worker/preview.js').Look[]} [look] what the networks draw now
 */

/** A run that loses its worker so often without getting on is not started again by itself. */
const MOST_CRASHES = 3;

/** What a run that blew up is offered to go on with. */
export const LOWER = 1 / 3;

export class Desk extends Services {
  #connection;
  #tell;
  #record;
  /** @type {Phase} */
  #phase = 'empty';
  #wants = false;
  #mayRun = { isNear: true, isShown: !document.hidden, isPlaced: true };
  /** @type {Run | null} */
  #run = null;
  #step = 0;
  #crashes = 0;
  /** @type {string | undefined} */
  #problem;
  /** @type {string | undefined} */
  #unsaved;
  #rate = new Rate();
  #isTurning = false;
  #watchdog;

  /**
   * @param {import('../../engine/engine.js').Engine} engine
   * @param {(news: News) => void} tell
   * @param {string} [name] under which the run is kept; several figures of a page have one each
   */
  constructor(engine, tell, name = '') {
    super(engine);
    this.#tell = tell;
    this.#record = new Record(name, (unsaved) => {
      this.#unsaved = unsaved;
      this.#news();
    });
    this.#connection = new Connection(engine, this);
    this.#watchdog = new Watchdog(
      () => this.#phase === 'running',
      () => this.#connection.send('ping', {}, 'ping'),
    );
    this.#listen();
  }

  #listen() {
    this.#connection.open();
    document.addEventListener('visibilitychange', this.#glance);
    addEventListener('pagehide', this.#leave);
  }

  /** The figure leaves the document, perhaps for good: the run stays here, and in the database. */
  async leave() {
    this.#mayRun.isPlaced = false;
    document.removeEventListener('visibilitychange', this.#glance);
    removeEventListener('pagehide', this.#leave);
    if (this.#connection.hasRun) await this.#put();
    this.#leave();
    // It may be back by now.
    if (!this.#mayRun.isPlaced) await this.#connection.close();
  }

  /** The figure is in the document again. */
  back() {
    this.#mayRun = { ...this.#mayRun, isPlaced: true, isShown: !document.hidden };
    this.#listen();
  }

  /** True while the run takes steps, or is about to. */
  get isBusy() {
    return this.#runs;
  }

  /** Arguments of the command `create` that bring the run back into a worker. */
  resumed() {
    if (!this.#run) throw new Error('there is no training run');
    return { ...planOf(this.#run), moment: this.#record.last, isWatched: this.#mayRun.isNear };
  }

  /** Another controller needs the worker: what there is now is kept, and nothing happens until the reader wants it. */
  async rest() {
    if (!this.#connection.isReturning) this.#wants = false;
    await this.#put();
    this.#news();
  }

  /** The run stops where it is, and is kept. */
  async #put() {
    if (this.#phase === 'empty' || this.#phase === 'stopped') return;
    this.#phase = 'paused';
    try {
      await this.#connection.send('halt');
      this.#arrive(await this.#connection.send('now'));
    } catch {
      // The worker is lost: the last moment is where this run goes on.
    }
    this.#record.save(true);
  }

  /** @param {import('../worker/session.js').Moment} moment of now */
  #arrive(moment) {
    this.#step = moment.step;
    this.#record.history.add(moment);
  }

  /** The run that is here, or one of an earlier visit, made ready where it was left; null where there is none. */
  async open() {
    if (!this.#run && !(await this.#read())) return null;
    const { settings, data, start } = /** @type {Run} */ (this.#run);
    return { settings, data, start, step: this.#step };
  }

  /** A run of an earlier visit. */
  async #read() {
    const saved = await this.#record.read();
    if (!saved) return false;
    const { settings, data, start, moment } = saved;
    this.#ready({ settings, data, start }, moment.step);
    this.#record.restore(configsOf(settings, data.shape).length, saved);
    return true;
  }

  /** @param {Run} run with the `start` of `readStart` where it is not to start from random weights */
  async begin({ settings, data, start }) {
    const run = { settings, data, start };
    await this.#connection.create({ ...planOf(run), isWatched: this.#mayRun.isNear });
    this.#ready(run, 0);
    this.#record.start(configsOf(settings, data.shape).length);
    this.#arrive(await this.#connection.order('now'));
    await this.#record.begin(run);
  }

  /**
   * @param {Run} run
   * @param {number} step
   */
  #ready(run, step) {
    this.#wants = false;
    this.#run = run;
    this.#phase = 'paused';
    this.#problem = undefined;
    this.#step = step;
    this.#crashes = 0;
    this.#rate.restart();
  }

  /** Says everything again, with what the networks draw now. */
  async refresh() {
    if (this.#phase === 'empty') return;
    this.#news();
    try {
      this.#news({ look: await this.#connection.ask('look') });
    } catch (error) {
      this.#complain(error);
    }
  }

  /** Steps until further notice. */
  async run() {
    this.#wants = true;
    this.#problem = undefined;
    this.#crashes = 0;
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
    await this.#connection.order('step');
    await this.#mark(false);
  }

  /** Nothing has been trained, and nothing of it stays on this machine. */
  async reset() {
    this.#wants = false;
    await this.#connection.end();
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
    if (this.#connection.hasRun) await this.#connection.ask('set', { knobs: { beta, learningRate, pace } });
    this.#record.set(this.#run);
    await this.#apply();
  }

  /** @param {{latent: Float32Array}} args what each network draws there; a newer question replaces a waiting one */
  draw({ latent }) {
    return this.#connection.ask('draw', { latent }, 'cursor');
  }

  /** @param {{index: number}} args one of the moments */
  async look({ index }) {
    return this.#connection.order('look', { moment: this.#record.history.at(index) });
  }

  /**
   * Goes on at once from a moment that is past; what came after it has not happened.
   * @param {{index: number}} args
   */
  async branch({ index }) {
    await this.#goBack(index, {});
    await this.run();
  }

  /**
   * @param {number} index of a moment
   * @param {Partial<Settings>} change
   */
  async #goBack(index, change) {
    if (!this.#run) return;
    this.#wants = false;
    await this.#connection.order('halt');
    const moment = this.#record.history.at(index);
    await this.#connection.order('restore', { moment });
    this.#phase = 'paused';
    this.#problem = undefined;
    this.#cut(moment.step);
    await this.set({ change });
    await this.refresh();
    await this.#record.save();
  }

  /** What came after a step has not happened. @param {number} step */
  #cut(step) {
    this.#step = step;
    this.#rate.restart();
    this.#record.cut(step);
  }

  /** After an explosion: the last moment before it, with a lower learning rate. */
  async recover() {
    if (!this.#run) return;
    const learningRate = this.#run.settings.learningRate * LOWER;
    // The newest moment may hold the beginning of the end.
    const index = Math.max(0, this.#record.history.steps.length - 2);
    await this.#goBack(index, { learningRate });
    return learningRate;
  }

  /**
   * One of the networks as a model file, and the codes of the first pictures.
   * @param {{which: number, precision: 'f32' | 'f16' | 'i8', index?: number}} args `index` of a moment that is past
   */
  async keep({ which, precision, index }) {
    if (!this.#run) throw new Error('there is no training run');
    const moment = index === undefined ? undefined : this.#record.history.at(index);
    const steps = moment?.step ?? this.#step;
    const { count, labels, config } = productOf(this.#run, which);
    const { file, mean } = await this.#connection.order('keep', {
      which,
      precision,
      card: cardOf(this.#run, steps),
      count,
      moment,
    });
    const name = `${config.kind}-${config.latent}-step-${steps}.safetensors`;
    return {
      file,
      name,
      config,
      stored: { latent: config.latent, mean, labels, own: /** @type {const} */ ('pictures') },
    };
  }

  /**
   * The networks go into the other figures of the page.
   * @param {{which: number, index?: number}} args
   * @returns {Promise<string[]>} the figures that show one now
   */
  async use({ which, index }) {
    const both = this.#run?.settings.kind === 'both';
    const kept = [];
    for (const each of both ? [which, 1 - which] : [which]) {
      kept.push(await this.keep({ which: each, precision: 'f32', index }));
    }
    return show(this.engine, kept);
  }

  /** @param {{isNear: boolean}} args whether the figure is on the screen */
  async watch({ isNear }) {
    this.#mayRun.isNear = isNear;
    if (this.#phase === 'empty') return;
    if (this.#connection.hasRun) await this.#connection.ask('watch', { isWatched: isNear });
    await this.#apply();
  }

  #glance = () => {
    this.#mayRun.isShown = !document.hidden;
    if (this.#phase === 'empty') return;
    this.#apply();
    if (document.hidden) this.#mark();
  };

  /** The page may be gone in a moment: the last moment that is here is written, a new one would come too late. */
  #leave = () => {
    if (this.#phase !== 'empty') this.#record.save();
  };

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
          await this.#connection.order('run');
        } else {
          if (this.#connection.hasRun) await this.#connection.ask('halt');
          if (this.#phase === 'running') this.#phase = 'paused';
        }
      }
    } catch (error) {
      this.#wants = false;
      this.#phase = 'paused';
      this.#complain(error);
    } finally {
      this.#isTurning = false;
    }
    this.#watchdog.watch();
    this.#news();
  }

  /** Whether steps should be taken: wanted, and the figure seen. */
  get #runs() {
    const { isNear, isShown, isPlaced } = this.#mayRun;
    return this.#wants && isPlaced && ((isNear && isShown) || this.#run?.settings.awake === true);
  }

  /**
   * A moment of now, kept and written: where one comes back to.
   * @param {boolean} [withHistory]
   */
  async #mark(withHistory = true) {
    if (this.#phase === 'empty' || this.#phase === 'stopped' || !this.#connection.hasRun) return;
    this.#arrive(await this.#connection.ask('now'));
    this.#news();
    await this.#record.save(withHistory);
  }

  /** @param {any} news of the run in the worker */
  hear(news) {
    if (news.making) return this.#news({ making: makingOf(news.making) });
    if (this.#phase === 'empty' || news.measuring) return;
    if (news.losses) {
      const { curve } = this.#record;
      curve.add(news.losses);
      this.#step = curve.columns[0][curve.length - 1];
      this.#rate.tick(this.#step);
    }
    if (news.moment) {
      this.#crashes = 0;
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
   * The worker was lost, and with it everything since the last moment. The next command brings the run back.
   * @param {Error & {kind?: string, device?: string}} failure
   */
  lose(failure) {
    if (!this.#run || this.#phase === 'empty') return;
    const step = this.#record.last?.step ?? 0;
    this.#cut(step);
    this.#crashes += 1;
    const isGivenUp = failure.kind !== 'crash' || this.#crashes > MOST_CRASHES;
    if (this.#phase === 'stopped') return this.#news();
    this.#phase = 'paused';
    if (isGivenUp) this.#wants = false;
    this.#problem = lossOf(failure, step, isGivenUp);
    this.#news();
    this.#apply();
  }

  /** Tells the reader why the run cannot go on; another run that has the worker is no reason. @param {unknown} error */
  #complain(error) {
    if (isSuperseded(error)) return;
    this.#problem = error instanceof Error ? error.message : String(error);
    this.#news();
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
      unsaved: this.#unsaved,
      ...more,
    });
  }
}
