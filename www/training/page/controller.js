/**
 * The training controller: the page's side of a training run. It gives commands to the worker, records the events, and continues the
 * run from its last snapshot when the worker is lost. A figure's element owns one; it knows no view and touches no node.
 */

import { isSuperseded } from '../../failure.js';
import { toggleCritic } from '../critic.js';
import { Connection } from './connection.js';
import { Record } from './record.js';
import { readReference } from './reference.js';
import { createArgsOf, describeCreation, describeLoss } from './run.js';
import { RunNetworks } from './run-networks.js';
import { RunState } from './run-state.js';
import { Services } from './services.js';
import { configsOf } from './settings.js';
import { Visibility } from './visibility.js';
import { Watchdog } from './watchdog.js';

/**
 * @typedef {import('../protocol.js').ExactSnapshot} ExactSnapshot
 * @typedef {import('../protocol.js').TrainingEvent} TrainingEvent
 * @typedef {import('./record.js').Run} Run
 * @typedef {import('./settings.js').Settings} Settings
 * @typedef {import('./types.js').DataSet} DataSet
 * @typedef {import('./types.js').RunStatus} RunStatus
 */

/** Losses of the worker, without a snapshot in between, after which the run waits for the reader. */
const MOST_CRASHES = 3;

/** Factor of the learning rate after an explosion. */
const LOWER = 1 / 3;

export class TrainingController extends Services {
  #connection;
  #onStatus;
  #record;
  #networks;
  #state = new RunState();
  #visibility = new Visibility({
    onChange: () => this.#onVisibility(),
    onPageHide: () => this.#saveLast(),
  });
  #isApplying = false;
  #watchdog;

  /**
   * @param {import('../../engine/engine.js').Engine} engine
   * @param {(status: RunStatus) => void} onStatus
   * @param {string} [name] name under which the run is stored; each figure of a page has its own
   */
  constructor(engine, onStatus, name = '') {
    super(engine);
    this.#onStatus = onStatus;
    this.#record = new Record(name, (unsaved) => {
      this.#state.unsaved = unsaved;
      this.#report();
    });
    this.#connection = new Connection(engine, this);
    this.#networks = new RunNetworks(engine, this.#connection, this.#record, this.#state);
    this.#watchdog = new Watchdog(
      () => this.#state.phase === 'running',
      () => this.#connection.send({ verb: 'ping' }, 'ping'),
    );
    this.#listen();
  }

  #listen() {
    this.#connection.open();
    this.#visibility.open();
  }

  /** The figure has left the document, perhaps for good: the run is kept here and in the database. */
  async disconnect() {
    this.#visibility.close();
    if (this.#connection.hasRun) await this.#suspend();
    this.#saveLast();
    // The figure may have returned meanwhile.
    if (!this.#visibility.isPlaced) await this.#connection.close();
  }

  /** The figure is in the document again. */
  reconnect() {
    this.#listen();
  }

  /** True while the run takes steps, or is about to. */
  get isBusy() {
    return this.#shouldRun;
  }

  /** Arguments of the command `create` that bring the run back into a worker. */
  resumeArgs() {
    if (!this.#state.run) throw new Error('there is no training run');
    return { ...createArgsOf(this.#state.run), snapshot: this.#record.last, isWatched: this.#visibility.isNear };
  }

  /** Stops the run for another controller, until the reader continues it. */
  async suspend() {
    if (!this.#connection.isReturning) this.#state.isWanted = false;
    await this.#suspend();
    this.#report();
  }

  /** Stops the run at its current step, and stores it. */
  async #suspend() {
    if (!this.#state.canStep) return;
    this.#state.phase = 'paused';
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
    this.#state.step = snapshot.step;
    this.#record.history.add(snapshot);
  }

  /** Opens the current run, or that of an earlier visit, at its last step; null if there is none. */
  async open() {
    if (!this.#state.run && !(await this.#read())) return null;
    const { settings, data, start } = /** @type {Run} */ (this.#state.run);
    return { settings, data, start, step: this.#state.step };
  }

  /** Reads the run of an earlier visit. */
  async #read() {
    const saved = await this.#record.read();
    if (!saved) return false;
    const { settings, data, start, snapshot } = saved;
    this.#state.take({ settings, data, start }, snapshot.step);
    this.#record.restore(configsOf(settings, data.shape).length, saved);
    return true;
  }

  /**
   * Creates a run.
   * @param {Run} run with the `start` from `readStart`, unless it starts from random weights
   * @returns {Promise<DataSet>} its data, with the reference, if any
   */
  async begin({ settings, data, start }) {
    const run = { settings, data, start };
    await this.#connection.create({ ...createArgsOf(run), isWatched: this.#visibility.isNear });
    this.#state.take(run, 0);
    this.#record.start(configsOf(settings, data.shape).length);
    this.#add(await this.#connection.perform({ verb: 'snapshot' }));
    // A run without a reference is better than none.
    const reference = await readReference(this.engine, this.#connection, data).catch(() => null);
    if (reference) run.data = { ...data, reference };
    await this.#record.begin(run);
    return run.data;
  }

  /** Reports the whole status, with new previews. */
  async refresh() {
    if (this.#state.phase === 'empty') return;
    this.#report();
    try {
      this.#report({ previews: await this.#connection.tryPerform({ verb: 'preview' }) });
    } catch (error) {
      this.#complain(error);
    }
  }

  // Questions about the run's networks.

  /** @type {RunNetworks['draw']} */
  draw = (args) => this.#networks.draw(args);

  /** @type {RunNetworks['preview']} */
  preview = (args) => this.#networks.preview(args);

  /** @type {RunNetworks['appraise']} */
  appraise = (args) => this.#networks.appraise(args);

  /** @type {RunNetworks['components']} */
  components = () => this.#networks.components();

  /** @type {RunNetworks['save']} */
  save = (args) => this.#networks.save(args);

  /** @type {RunNetworks['use']} */
  use = (args) => this.#networks.use(args);

  /** Takes steps until `pause`. */
  async run() {
    this.#state.isWanted = true;
    this.#state.problem = undefined;
    this.#state.crashes = 0;
    await this.#apply();
  }

  async pause() {
    this.#state.isWanted = false;
    await this.#apply();
    await this.#takeSnapshot();
    // The last preview may be many steps behind.
    await this.refresh();
  }

  async step() {
    await this.#connection.perform({ verb: 'step' });
    await this.#takeSnapshot(false);
  }

  /** Drops the run, and deletes it from this machine. */
  async reset() {
    this.#state.isWanted = false;
    await this.#connection.end();
    this.#state.drop();
    await this.#record.forget();
    this.#report();
  }

  /** @param {{change: Partial<Settings>}} args beta, learning rate and its fall, pace, threads, or `awake` */
  async set({ change }) {
    if (!this.#state.run) return;
    this.#state.run.settings = { ...this.#state.run.settings, ...change };
    const { settings } = createArgsOf(this.#state.run);
    if (this.#connection.hasRun) {
      await this.#connection.tryPerform({ verb: 'set', args: { settings } });
    }
    this.#record.set(this.#state.run);
    await this.#apply();
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
    if (!this.#state.run) return;
    this.#state.isWanted = false;
    await this.#connection.perform({ verb: 'halt' });
    const snapshot = this.#record.history.at(index);
    await this.#connection.perform({ verb: 'restore', args: { snapshot } });
    this.#state.phase = 'paused';
    this.#state.problem = undefined;
    this.#cut(snapshot.step);
    await this.set({ change });
    await this.refresh();
    await this.#record.save();
  }

  /** Drops everything after a step. @param {number} step */
  #cut(step) {
    this.#state.seek(step);
    this.#record.cut(step);
  }

  /**
   * Gives the run a critic, or removes it if there is one. As after a lost worker, the run is created again from its last snapshot, which
   * moves a GPU's run to the CPU. It continues if it was taking steps.
   */
  async toggleCritic() {
    if (!this.#state.run) return;
    const continues = this.#state.isWanted;
    this.#state.isWanted = false;
    await this.#apply();
    const before = await this.#connection.perform({ verb: 'snapshot' });
    this.#add(before);
    try {
      await this.#connection.create({ ...this.resumeArgs(), snapshot: toggleCritic(before) });
    } catch (error) {
      // The worker now has no run: the next command brings it back as it was.
      await this.#connection.end();
      throw error;
    }
    this.#add(await this.#connection.perform({ verb: 'snapshot' }));
    await this.#record.save();
    if (continues) await this.run();
    await this.refresh();
  }

  /** Goes back to before an explosion, with a lower learning rate. */
  async recover() {
    if (!this.#state.run) return;
    const learningRate = this.#state.run.settings.learningRate * LOWER;
    // The explosion may have begun before the newest snapshot.
    const index = Math.max(0, this.#record.history.steps.length - 2);
    await this.#goBack(index, { learningRate });
    return learningRate;
  }

  /** @param {{isNear: boolean}} args true while the figure is on screen or close to it */
  async watch({ isNear }) {
    this.#visibility.isNear = isNear;
    if (this.#state.phase === 'empty') return;
    if (this.#connection.hasRun) {
      await this.#connection.tryPerform({ verb: 'watch', args: { isWatched: isNear } });
    }
    await this.#apply();
  }

  #onVisibility() {
    if (this.#state.phase === 'empty') return;
    this.#apply();
    if (document.hidden) this.#takeSnapshot();
  }

  /** Stores the last snapshot before the page goes; there is no time for a new one. */
  #saveLast() {
    if (this.#state.phase !== 'empty') this.#record.save();
  }

  /** Makes the worker run or halt, as the reader wishes and the figure's visibility allows. */
  async #apply() {
    if (!this.#state.canStep && !(this.#state.phase === 'stopped' && this.#state.isWanted)) return this.#report();
    if (this.#isApplying) return;
    this.#isApplying = true;
    try {
      // A step may be long: the reader may change their mind while the last step is awaited.
      while (this.#shouldRun !== (this.#state.phase === 'running')) {
        if (this.#shouldRun) {
          this.#state.phase = 'running';
          this.#state.rate.restart();
          await this.#connection.perform({ verb: 'run' });
        } else {
          if (this.#connection.hasRun) await this.#connection.tryPerform({ verb: 'halt' });
          if (this.#state.phase === 'running') this.#state.phase = 'paused';
        }
      }
    } catch (error) {
      this.#state.isWanted = false;
      this.#state.phase = 'paused';
      this.#complain(error);
    } finally {
      this.#isApplying = false;
    }
    this.#watchdog.watch();
    this.#report();
  }

  /** True if the reader wants steps and the figure is visible. */
  get #shouldRun() {
    const { isPlaced, isVisible } = this.#visibility;
    return this.#state.isWanted && isPlaced && (isVisible || this.#state.run?.settings.awake === true);
  }

  /**
   * Takes a snapshot of the current step, and stores it.
   * @param {boolean} [withHistory]
   */
  async #takeSnapshot(withHistory = true) {
    if (!this.#state.canStep || !this.#connection.hasRun) return;
    this.#add(await this.#connection.tryPerform({ verb: 'snapshot' }));
    this.#report();
    await this.#record.save(withHistory);
  }

  /** Takes an event of the run in the worker. @param {TrainingEvent} event */
  onEvent(event) {
    if (event.type === 'creating') return this.#report({ creation: describeCreation(event.detail) });
    if (this.#state.phase === 'empty') return;
    switch (event.type) {
      case 'measuring':
        return;
      case 'losses':
        this.#record.addLosses(event.detail);
        this.#state.reach(this.#record.curve.columns[0].at(-1) ?? this.#state.step);
        break;
      case 'snapshot':
        this.#state.crashes = 0;
        this.#record.history.add(event.detail);
        this.#record.saveIfDue();
        break;
      case 'reached':
        this.#state.phase = 'paused';
        this.#state.isWanted = false;
        this.#record.save(true);
        break;
      case 'stopped':
        this.#state.phase = 'stopped';
        this.#state.isWanted = false;
        this.#state.problem = event.detail.reason;
        break;
      case 'components':
        return this.#report({ components: event.detail });
      case 'preview':
        return this.#report({ previews: event.detail.previews });
    }
    this.#report();
  }

  /**
   * Goes back to the last snapshot after the worker was lost. The next command creates the run again.
   * @param {import('../protocol.js').Loss['lost']} failure
   */
  onLost(failure) {
    if (!this.#state.run || this.#state.phase === 'empty') return;
    const step = this.#record.last?.step ?? 0;
    this.#cut(step);
    this.#state.crashes += 1;
    const isGivenUp = failure.kind !== 'crash' || this.#state.crashes > MOST_CRASHES;
    if (this.#state.phase === 'stopped') return this.#report();
    this.#state.phase = 'paused';
    if (isGivenUp) this.#state.isWanted = false;
    this.#state.problem = describeLoss(failure, step, isGivenUp);
    this.#report();
    this.#apply();
  }

  /** Tells the reader why the run cannot continue, unless another run has taken the worker. @param {unknown} error */
  #complain(error) {
    if (isSuperseded(error)) return;
    this.#state.problem = error instanceof Error ? error.message : String(error);
    this.#report();
  }

  /** @param {Partial<RunStatus>} [more] */
  #report(more = {}) {
    this.#onStatus({ ...this.#state.status(this.#record), ...more });
  }
}
