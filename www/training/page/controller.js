/**
 * The training controller: the page's side of a training run. It gives commands to the worker, records the events, and continues the
 * run from its last snapshot when the worker is lost. A figure's element owns one; it knows no view and touches no node.
 */

import { isSuperseded } from '../../failure.js';
import { toggleCritic } from '../critic.js';
import { show } from '../input/sources.js';
import { Connection } from './connection.js';
import { Rate } from './rate.js';
import { Record } from './record.js';
import { readReference } from './reference.js';
import { cardOf, companionsOf, createArgsOf, describeCreation, describeLoss } from './run.js';
import { Services } from './services.js';
import { configsOf } from './settings.js';
import { Watchdog } from './watchdog.js';

/**
 * @typedef {import('../protocol.js').ExactSnapshot} ExactSnapshot
 * @typedef {import('../protocol.js').Precision} Precision
 * @typedef {import('../protocol.js').Preview} Preview
 * @typedef {import('../protocol.js').TrainingEvent} TrainingEvent
 * @typedef {import('./settings.js').Settings} Settings
 * @typedef {import('./record.js').Run} Run
 *
 * @typedef {object} DataSet
 * @property {import('../../engine/types.js').ImageShape} shape
 * @property {Uint8Array} pixels [n, channels, height, width]
 * @property {Uint8Array | null} labels [n]; null where they are unknown
 * @property {string} name description of the images, for the card of a model
 * @property {boolean} isInk white strokes on black, which are shown as ink on paper
 * @property {import('../input/published.js').Dataset | null} [dataset] that all images are of, in its own size
 * @property {import('./reference.js').Reference} [reference] where a network of this page decoded the images
 * @property {number} [heldOut] how many of the images, the last ones, are held out (input/held-out.js); missing in earlier versions
 *
 * @typedef {'empty' | 'paused' | 'running' | 'stopped'} Phase
 *
 * @typedef {object} RunStatus
 * @property {Phase} phase
 * @property {boolean} isWaiting the run continues once the figure is on screen again
 * @property {number} step
 * @property {number[][]} curve steps, then reconstruction and KL of each network
 * @property {number[][]} heldOut the same on held-out images, at the steps after which they were measured
 * @property {number[][]} verdicts steps against a critic, then its mean verdicts on images and on drawn pictures, its loss, and how sure
 *   it is
 * @property {number[]} critic steps at which a critic was added, removed and so on
 * @property {number[]} snapshots steps that the run can go back to
 * @property {{steps: number, seconds: number}} rate of the last seconds
 * @property {string} [problem] why the run has stopped, or what became of its worker
 * @property {string} [unsaved] why a reload would lose the run, which continues all the same
 * @property {string} [creation] progress of a run that is being created
 * @property {Preview[]} [previews] of the networks at the current step
 * @property {import('../protocol.js').Appraisal[]} [components] how closely principal components redraw held-out images
 */

/** Losses of the worker, without a snapshot in between, after which the run waits for the reader. */
const MOST_CRASHES = 3;

/** Factor of the learning rate after an explosion. */
export const LOWER = 1 / 3;

export class TrainingController extends Services {
  #connection;
  #onStatus;
  #record;
  /** @type {Phase} */
  #phase = 'empty';
  #isWanted = false;
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
  #isApplying = false;
  #watchdog;

  /**
   * @param {import('../../engine/engine.js').Engine} engine
   * @param {(status: RunStatus) => void} onStatus
   * @param {string} [name] under which the run is stored; each figure of a page has its own
   */
  constructor(engine, onStatus, name = '') {
    super(engine);
    this.#onStatus = onStatus;
    this.#record = new Record(name, (unsaved) => {
      this.#unsaved = unsaved;
      this.#report();
    });
    this.#connection = new Connection(engine, this);
    this.#watchdog = new Watchdog(
      () => this.#phase === 'running',
      () => this.#connection.send({ verb: 'ping' }, 'ping'),
    );
    this.#listen();
  }

  #listen() {
    this.#connection.open();
    document.addEventListener('visibilitychange', this.#onVisibility);
    addEventListener('pagehide', this.#onPageHide);
  }

  /** The figure has left the document, perhaps for good: the run is kept here and in the database. */
  async disconnect() {
    this.#mayRun.isPlaced = false;
    document.removeEventListener('visibilitychange', this.#onVisibility);
    removeEventListener('pagehide', this.#onPageHide);
    if (this.#connection.hasRun) await this.#suspend();
    this.#onPageHide();
    // The figure may have returned meanwhile.
    if (!this.#mayRun.isPlaced) await this.#connection.close();
  }

  /** The figure is in the document again. */
  reconnect() {
    this.#mayRun = { ...this.#mayRun, isPlaced: true, isShown: !document.hidden };
    this.#listen();
  }

  /** True while the run takes steps, or is about to. */
  get isBusy() {
    return this.#shouldRun;
  }

  /** Arguments of the command `create` that bring the run back into a worker. */
  resumeArgs() {
    if (!this.#run) throw new Error('there is no training run');
    return { ...createArgsOf(this.#run), snapshot: this.#record.last, isWatched: this.#mayRun.isNear };
  }

  /** Stops the run for another controller, until the reader continues it. */
  async suspend() {
    if (!this.#connection.isReturning) this.#isWanted = false;
    await this.#suspend();
    this.#report();
  }

  /** Stops the run at its current step, and writes it. */
  async #suspend() {
    if (this.#phase === 'empty' || this.#phase === 'stopped') return;
    this.#phase = 'paused';
    try {
      await this.#connection.send({ verb: 'halt' });
      this.#add(await this.#connection.send({ verb: 'snapshot' }));
    } catch {
      // The worker is lost: this run continues from its last snapshot.
    }
    this.#record.save(true);
  }

  /** @param {ExactSnapshot} snapshot of the current step */
  #add(snapshot) {
    this.#step = snapshot.step;
    this.#record.history.add(snapshot);
  }

  /** Opens the run that is here, or that of an earlier visit, at its last step; null where there is none. */
  async open() {
    if (!this.#run && !(await this.#read())) return null;
    const { settings, data, start } = /** @type {Run} */ (this.#run);
    return { settings, data, start, step: this.#step };
  }

  /** Reads the run of an earlier visit. */
  async #read() {
    const saved = await this.#record.read();
    if (!saved) return false;
    const { settings, data, start, snapshot } = saved;
    this.#take({ settings, data, start }, snapshot.step);
    this.#record.restore(configsOf(settings, data.shape).length, saved);
    return true;
  }

  /**
   * Creates a run.
   * @param {Run} run with the `start` of `readStart` unless it starts from random weights
   * @returns {Promise<DataSet>} its data, with the reference if there is one
   */
  async begin({ settings, data, start }) {
    const run = { settings, data, start };
    await this.#connection.create({ ...createArgsOf(run), isWatched: this.#mayRun.isNear });
    this.#take(run, 0);
    this.#record.start(configsOf(settings, data.shape).length);
    this.#add(await this.#connection.perform({ verb: 'snapshot' }));
    // It is worth no failure.
    const reference = await readReference(this.engine, this.#connection, data).catch(() => null);
    if (reference) run.data = { ...data, reference };
    await this.#record.begin(run);
    return run.data;
  }

  /**
   * Makes a run the current one, paused at a step.
   * @param {Run} run
   * @param {number} step
   */
  #take(run, step) {
    this.#isWanted = false;
    this.#run = run;
    this.#phase = 'paused';
    this.#problem = undefined;
    this.#step = step;
    this.#crashes = 0;
    this.#rate.restart();
  }

  /** Reports the whole status, with new previews. */
  async refresh() {
    if (this.#phase === 'empty') return;
    this.#report();
    try {
      this.#report({ previews: await this.#connection.tryPerform({ verb: 'preview' }) });
    } catch (error) {
      this.#complain(error);
    }
  }

  /** Takes steps until `pause`. */
  async run() {
    this.#isWanted = true;
    this.#problem = undefined;
    this.#crashes = 0;
    await this.#apply();
  }

  async pause() {
    this.#isWanted = false;
    await this.#apply();
    await this.#takeSnapshot();
    // The last preview may be many steps old.
    await this.refresh();
  }

  async step() {
    await this.#connection.perform({ verb: 'step' });
    await this.#takeSnapshot(false);
  }

  /** Drops the run, and deletes it from this machine. */
  async reset() {
    this.#isWanted = false;
    await this.#connection.end();
    this.#phase = 'empty';
    this.#run = null;
    this.#step = 0;
    this.#problem = undefined;
    await this.#record.forget();
    this.#report();
  }

  /** @param {{change: Partial<Settings>}} args beta, learning rate, pace, threads, or `awake` */
  async set({ change }) {
    if (!this.#run) return;
    this.#run.settings = { ...this.#run.settings, ...change };
    const { settings } = createArgsOf(this.#run);
    if (this.#connection.hasRun) {
      await this.#connection.tryPerform({ verb: 'set', args: { settings } });
    }
    this.#record.set(this.#run);
    await this.#apply();
  }

  /** Decodes a latent with each network; a newer one replaces one that waits. @param {{latent: Float32Array}} args */
  draw({ latent }) {
    return this.#connection.tryPerform({ verb: 'draw', args: { latent } }, 'cursor');
  }

  /**
   * How closely each network of an experiment redraws held-out images.
   * @param {{index?: number}} [args] `index` of an earlier snapshot
   */
  appraise({ index } = {}) {
    const snapshot = index === undefined ? undefined : this.#record.history.at(index);
    return this.#connection.tryPerform({ verb: 'appraise', args: { snapshot } });
  }

  /** Asks for the same for principal components; the status will have it. */
  components() {
    return this.#connection.perform({ verb: 'components' });
  }

  /** Previews of a snapshot. @param {{index: number}} args */
  async preview({ index }) {
    return this.#connection.perform({ verb: 'preview', args: { snapshot: this.#record.history.at(index) } });
  }

  /**
   * Continues at once from an earlier snapshot, and drops everything after it.
   * @param {{index: number}} args
   */
  async branch({ index }) {
    await this.#goBack(index, {});
    await this.run();
  }

  /**
   * @param {number} index of a snapshot
   * @param {Partial<Settings>} change
   */
  async #goBack(index, change) {
    if (!this.#run) return;
    this.#isWanted = false;
    await this.#connection.perform({ verb: 'halt' });
    const snapshot = this.#record.history.at(index);
    await this.#connection.perform({ verb: 'restore', args: { snapshot } });
    this.#phase = 'paused';
    this.#problem = undefined;
    this.#cut(snapshot.step);
    await this.set({ change });
    await this.refresh();
    await this.#record.save();
  }

  /** Drops everything after a step. @param {number} step */
  #cut(step) {
    this.#step = step;
    this.#rate.restart();
    this.#record.cut(step);
  }

  /**
   * Gives the run a critic if it has none, and else takes it away. The run is created again from its last snapshot, as after a lost
   * worker, and goes on if it did: a GPU's run moves to the CPU so.
   */
  async toggleCritic() {
    if (!this.#run) return;
    const goesOn = this.#isWanted;
    this.#isWanted = false;
    await this.#apply();
    const before = await this.#connection.perform({ verb: 'snapshot' });
    this.#add(before);
    try {
      await this.#connection.create({ ...this.resumeArgs(), snapshot: toggleCritic(before) });
    } catch (error) {
      // The worker has no run now: the next command brings it back as it was.
      await this.#connection.end();
      throw error;
    }
    this.#add(await this.#connection.perform({ verb: 'snapshot' }));
    await this.#record.save();
    if (goesOn) await this.run();
    await this.refresh();
  }

  /** Goes back to before an explosion, with a lower learning rate. */
  async recover() {
    if (!this.#run) return;
    const learningRate = this.#run.settings.learningRate * LOWER;
    // The explosion may have begun before the newest snapshot.
    const index = Math.max(0, this.#record.history.steps.length - 2);
    await this.#goBack(index, { learningRate });
    return learningRate;
  }

  /**
   * Makes a model file of one network, and stored latents of the first images.
   * @param {{which: number, precision: Precision, index?: number}} args `index` of an earlier snapshot
   */
  async save({ which, precision, index }) {
    if (!this.#run) throw new Error('there is no training run');
    const snapshot = index === undefined ? undefined : this.#record.history.at(index);
    const steps = snapshot?.step ?? this.#step;
    // Only the first network ever has a critic.
    const critic = which === 0 ? ((snapshot ?? this.#record.last)?.critic?.steps ?? []) : [];
    const { count, labels, originals, config } = companionsOf(this.#run, which);
    const { file, mean, divergence } = await this.#connection.perform({
      verb: 'save',
      args: { which, precision, card: cardOf(this.#run, steps, critic), count, snapshot },
    });
    const name = `${config.kind}-${config.latent}-step-${steps}.safetensors`;
    return {
      file,
      name,
      config,
      stored: { latent: config.latent, mean, divergence, labels, originals, own: /** @type {const} */ ('pictures') },
    };
  }

  /**
   * Shows the networks in the other figures of the page.
   * @param {{which: number, index?: number}} args
   * @returns {Promise<string[]>} the figures that show one now
   */
  async use({ which, index }) {
    const both = this.#run?.settings.kind === 'both';
    const saved = [];
    for (const each of both ? [which, 1 - which] : [which]) {
      saved.push(await this.save({ which: each, precision: 'f32', index }));
    }
    return show(this.engine, saved);
  }

  /** @param {{isNear: boolean}} args true while the figure is on screen or close to it */
  async watch({ isNear }) {
    this.#mayRun.isNear = isNear;
    if (this.#phase === 'empty') return;
    if (this.#connection.hasRun) {
      await this.#connection.tryPerform({ verb: 'watch', args: { isWatched: isNear } });
    }
    await this.#apply();
  }

  #onVisibility = () => {
    this.#mayRun.isShown = !document.hidden;
    if (this.#phase === 'empty') return;
    this.#apply();
    if (document.hidden) this.#takeSnapshot();
  };

  /**
   * Writes the last snapshot before the page goes; there is no time for a new one. A page that is only put aside, to come back, is
   * suspended with what it has begun to write, and in WebKit no other page could read the run until then.
   */
  #onPageHide = (/** @type {PageTransitionEvent | undefined} */ event = undefined) => {
    if (this.#phase !== 'empty' && !event?.persisted) this.#record.save();
  };

  /** Makes the worker run or halt, as the reader wants and the figure's visibility allows. */
  async #apply() {
    if (this.#phase === 'empty' || (this.#phase === 'stopped' && !this.#isWanted)) return this.#report();
    if (this.#isApplying) return;
    this.#isApplying = true;
    try {
      // A step may be long: the reader may change their mind while the last one is awaited.
      while (this.#shouldRun !== (this.#phase === 'running')) {
        if (this.#shouldRun) {
          this.#phase = 'running';
          this.#rate.restart();
          await this.#connection.perform({ verb: 'run' });
        } else {
          if (this.#connection.hasRun) await this.#connection.tryPerform({ verb: 'halt' });
          if (this.#phase === 'running') this.#phase = 'paused';
        }
      }
    } catch (error) {
      this.#isWanted = false;
      this.#phase = 'paused';
      this.#complain(error);
    } finally {
      this.#isApplying = false;
    }
    this.#watchdog.watch();
    this.#report();
  }

  /** True where the reader wants steps and the figure is visible. */
  get #shouldRun() {
    const { isNear, isShown, isPlaced } = this.#mayRun;
    return this.#isWanted && isPlaced && ((isNear && isShown) || this.#run?.settings.awake === true);
  }

  /**
   * Takes a snapshot of the current step, and writes it.
   * @param {boolean} [withHistory]
   */
  async #takeSnapshot(withHistory = true) {
    if (this.#phase === 'empty' || this.#phase === 'stopped' || !this.#connection.hasRun) return;
    this.#add(await this.#connection.tryPerform({ verb: 'snapshot' }));
    this.#report();
    await this.#record.save(withHistory);
  }

  /** Takes an event of the run in the worker. @param {TrainingEvent} event */
  onEvent(event) {
    if (event.type === 'creating') return this.#report({ creation: describeCreation(event.detail) });
    if (this.#phase === 'empty') return;
    switch (event.type) {
      case 'measuring':
        return;
      case 'losses':
        this.#addLosses(event.detail);
        break;
      case 'snapshot':
        this.#crashes = 0;
        this.#record.history.add(event.detail);
        this.#record.saveIfDue();
        break;
      case 'reached':
        this.#phase = 'paused';
        this.#isWanted = false;
        this.#record.save(true);
        break;
      case 'stopped':
        this.#phase = 'stopped';
        this.#isWanted = false;
        this.#problem = event.detail.reason;
        break;
      case 'components':
        return this.#report({ components: event.detail });
      case 'preview':
        return this.#report({ previews: event.detail.previews });
    }
    this.#report();
  }

  /** @param {import('../protocol.js').Events['losses']} losses */
  #addLosses({ rows, heldOut, verdicts }) {
    const { curve } = this.#record;
    curve.add(rows);
    if (heldOut) this.#record.heldOut.add(heldOut);
    if (verdicts) this.#record.verdicts.add(verdicts);
    this.#step = curve.columns[0].at(-1) ?? this.#step;
    this.#rate.tick(this.#step);
  }

  /**
   * Falls back to the last snapshot after the worker was lost. The next command creates the run again.
   * @param {import('../protocol.js').Loss['lost']} failure
   */
  onLost(failure) {
    if (!this.#run || this.#phase === 'empty') return;
    const step = this.#record.last?.step ?? 0;
    this.#cut(step);
    this.#crashes += 1;
    const isGivenUp = failure.kind !== 'crash' || this.#crashes > MOST_CRASHES;
    if (this.#phase === 'stopped') return this.#report();
    this.#phase = 'paused';
    if (isGivenUp) this.#isWanted = false;
    this.#problem = describeLoss(failure, step, isGivenUp);
    this.#report();
    this.#apply();
  }

  /** Tells the reader why the run cannot continue, unless another run has taken the worker. @param {unknown} error */
  #complain(error) {
    if (isSuperseded(error)) return;
    this.#problem = error instanceof Error ? error.message : String(error);
    this.#report();
  }

  /** @param {Partial<RunStatus>} [more] */
  #report(more = {}) {
    this.#onStatus({
      phase: this.#phase,
      isWaiting: this.#isWanted && this.#phase === 'paused',
      step: this.#step,
      curve: this.#record.curve.columns,
      heldOut: this.#record.heldOut.columns,
      verdicts: this.#record.verdicts.columns,
      critic: this.#record.last?.critic?.steps ?? [],
      snapshots: this.#record.history.steps,
      rate: this.#rate.now,
      problem: this.#problem,
      unsaved: this.#unsaved,
      ...more,
    });
  }
}
