import { retell, say } from '../../state/texts.js';
import { trainingPart } from '../../training/input/held-out.js';
import { defaults } from '../../training/page/settings.js';
import { button, hold, passFocus, playButton } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { emit, on } from '../parts/events.js';
import { ExportDialog } from '../parts/export-dialog.js';
import { lossCharts } from './chart-specs.js';
import { Charts } from './charts.js';
import { CriticControl } from './critic.js';
import { HeldOut } from './held-out.js';
import { Keep } from './keep.js';
import { Networks } from './networks.js';
import { Panel } from './panel.js';
import { Problem } from './problem.js';
import { Progress } from './progress.js';
import { RunSettings } from './run-settings.js';
import { Stage } from './stage.js';
import { TimeMachine } from './time-machine.js';

/**
 * @typedef {import('../../training/page/settings.js').Settings} Settings
 * @typedef {import('../../training/page/types.js').DataSet} DataSet
 * @typedef {import('../../training/page/types.js').RunStatus} RunStatus
 * @typedef {import('../../training/page/requests.js').Request} Request
 */

/**
 * A run from its first step to a saved network: `start` has the buttons and the progress, `results` the previews, losses, time machine
 * and export. Emits on `start`: `lock` (detail: true while there is a run), and `set` when the reader has changed a run setting.
 */
export class Lesson {
  #request;
  #onBegin;
  #settings = defaults();
  /** @type {DataSet | null} */
  #data = null;
  #play = playButton(() => this.#toggle());
  #step = button(say('One step'), 'step', () => this.#one());
  #reset = button(say('Reset'), 'reset', () => this.#clear());
  #progress = new Progress();
  #problem = new Problem(() => this.#recover());
  #unsaved = h('div', { class: 'problem', part: 'unsaved', role: 'status', hidden: true });
  #charts = new Charts({ part: 'losses', hasScale: true });
  heldOut = new HeldOut();
  /** Adds a critic and shows its verdicts. */
  critic;
  #stage;
  #time = new TimeMachine();
  #keep = new Keep();
  #export = new ExportDialog();
  #networks;
  /** How many networks the run trains. */
  #count = 0;
  /** Steps of the snapshots. */
  #snapshots = /** @type {number[]} */ ([]);
  #settingsPlace = h('div', {});
  /** @type {RunStatus['phase']} */
  #phase = 'empty';
  #isStarting = false;
  /** True while the run is being deleted: until the end, all of it stays on screen, and no other run starts. */
  #isClearing = false;

  /**
   * @param {Request} request
   * @param {() => Promise<string | null>} onBegin creates the run; resolves with the problem, or null
   */
  constructor(request, onBegin) {
    this.#request = request;
    this.#onBegin = onBegin;
    this.runSettings = new RunSettings(this.#settings);
    this.width = this.#charts.width;
    this.critic = new CriticControl(request);
    this.start = h(
      'div',
      { class: 'start' },
      h('div', { class: 'row' }, this.#play.node, this.#step, this.#reset),
      ...this.#progress.nodes,
      this.#problem.node,
      this.#unsaved,
    );
    this.#stage = new Stage(request, this.#charts.node);
    this.#networks = new Networks(request, (text) => (this.#keep.status = text));
    this.results = h(
      'div',
      { class: 'results', hidden: true },
      this.#stage.node,
      this.heldOut.node,
      this.critic.node,
      this.#settingsPlace,
      this.#time.node,
      this.#stage.place,
      this.#keep.node,
      this.#export.node,
    );
    this.keepStatus = this.#keep.statusNode;
    this.#listen();
    this.#buttons();
  }

  #listen() {
    on(this.runSettings.node, 'set', (/** @type {Partial<Settings>} */ change) => this.#set(change));
    on(this.#time.node, 'seek', (/** @type {number | null} */ index) => this.#seek(index));
    on(this.#time.node, 'branch', (/** @type {number} */ index) => this.#branch(index));
    on(this.#keep.node, 'save', (/** @type {import('./keep.js').Save} */ save) =>
      this.#networks.save({ ...save, index: this.#index }),
    );
    on(this.#keep.node, 'use', (/** @type {number} */ which) => this.#networks.use({ which, index: this.#index }));
    on(this.#keep.node, 'film', () => {
      if (this.film) this.#export.open(this.film);
    });
    on(this.#keep.node, 'forget', () => this.#clear());
  }

  /** Index of the snapshot that is shown; undefined for the current step. */
  get #index() {
    return this.#time.index ?? undefined;
  }

  /** @param {Settings} settings shared with the setup; the run settings change it too */
  setSettings(settings) {
    this.#settings = settings;
    this.runSettings.set(settings);
  }

  /**
   * Shows a run that has just been created.
   * @param {Settings} settings
   * @param {DataSet} all with the held-out pictures
   */
  async begin(settings, all) {
    this.setSettings(settings);
    const data = trainingPart(all);
    this.#data = data;
    const kinds = /** @type {('variational' | 'autoencoder')[]} */ (
      settings.kind === 'both' ? ['variational', 'autoencoder'] : [settings.kind]
    );
    this.#count = kinds.length;
    this.#stage.begin(
      kinds.map((kind) => new Panel(kind, settings.latent, data)),
      data,
    );
    this.#keep.begin(kinds);
    this.#keep.status = '';
    this.#time.reset();
    this.#settingsPlace.append(this.runSettings.node);
    this.results.hidden = false;
    emit(this.start, 'lock', true);
    const unit = settings.likelihood === 'bernoulli' ? say('nats') : say('squared error');
    await Promise.all([
      this.#charts.begin(lossCharts(kinds, unit)),
      this.heldOut.begin(settings, kinds, all),
      this.critic.begin(),
    ]);
  }

  /**
   * Shows a run of an earlier visit.
   * @param {Settings} settings
   * @param {DataSet} data
   */
  async resume(settings, data) {
    await this.begin(settings, data);
    await this.#request('refresh');
  }

  /** @param {RunStatus} status */
  update(status) {
    const { phase, curve, snapshots, problem, previews } = status;
    this.#phase = phase;
    if (this.#isClearing) return;
    this.#buttons();
    if (phase === 'empty' || !this.#data) {
      if (status.creation) this.#progress.text = status.creation;
      else if (!this.#isStarting) this.#progress.clear();
      return;
    }
    this.#progress.show(status, { settings: this.#settings, data: this.#data, heldOut: this.heldOut.spoken });
    this.#charts.show(curve);
    this.heldOut.show(status);
    this.critic.show(status);
    this.#time.show(snapshots);
    this.#snapshots = snapshots;
    this.#keep.node.hidden = status.step === 0;
    this.runSettings.follow(status.step);
    if (previews && this.#time.index === null) this.#stage.paint(previews, true);
    this.#problem.show(problem, phase === 'stopped');
    this.#warn(status.unsaved);
  }

  /** Warns that a reload would lose the run. @param {string | undefined} why */
  #warn(why) {
    this.#unsaved.hidden = !why;
    if (!why || this.#unsaved.dataset.said === why) return;
    this.#unsaved.dataset.said = why;
    const save = button(
      this.#count > 1 ? say('Save both networks as files') : say('Save the network as a file'),
      'save-unsaved',
      async () => {
        for (let which = 0; which < this.#count; which++) {
          await this.#networks.save({ which, precision: 'f32', index: this.#index });
        }
      },
    );
    this.#unsaved.replaceChildren(
      h(
        'p',
        {},
        say('This browser does not keep the run for your next visit: {why}. Training continues.', { why: retell(why) }),
      ),
      save,
    );
  }

  /**
   * Shows dropped model files in the other figures.
   * @param {import('../../training/input/dropped.js').DroppedModel[]} models
   * @param {import('../../training/page/adopt.js').Pictures} pictures whose latents stand in for stored ones
   * @param {import('../../training/input/images.js').Refusal[]} refused other files of the same drop
   * @returns {Promise<boolean>} true if the first one could be read
   */
  adopt(models, pictures, refused) {
    return this.#networks.adopt(models, pictures, refused);
  }

  /** True while there is a run. */
  get isThere() {
    return this.#data !== null;
  }

  destroy() {
    this.#charts.destroy();
    this.heldOut.destroy();
    this.critic.destroy();
    this.#stage.destroy();
  }

  async #toggle() {
    if (this.#phase === 'running') return void (await this.#request('pause'));
    if (await this.#ready()) await this.#request('run');
  }

  async #one() {
    if (await this.#ready()) await this.#request('step');
  }

  /** Creates a run, unless there is one. Resolves with false if there still is none. */
  async #ready() {
    if (this.#phase !== 'empty') return true;
    if (this.#isStarting || this.#isClearing) return false;
    this.#isStarting = true;
    this.#buttons();
    this.#progress.text = say('Making the networks…');
    const problem = await this.#onBegin().finally(() => (this.#isStarting = false));
    if (problem) this.#progress.text = retell(problem);
    this.#buttons();
    return problem === null;
  }

  async #clear() {
    if (this.#isClearing) return;
    this.#isClearing = true;
    this.#buttons();
    try {
      await this.#request('reset');
    } finally {
      this.#isClearing = false;
    }
    this.#data = null;
    this.#stage.clear();
    this.#problem.show(undefined, false);
    this.#unsaved.hidden = true;
    this.#progress.clear();
    emit(this.start, 'lock', false);
    this.#buttons();
    passFocus(this.results, this.#play.node, () => (this.results.hidden = true));
  }

  /** @param {Partial<Settings>} change */
  #set(change) {
    Object.assign(this.#settings, change);
    this.runSettings.set(this.#settings);
    emit(this.start, 'set');
    if (this.#phase !== 'empty') this.#request('set', { change });
  }

  /** @param {number | null} index */
  async #seek(index) {
    if (index === null) return void (await this.#request('refresh'));
    const { value } = await this.#request('preview', { index });
    if (value && this.#time.index === index) this.#stage.paint(value, false);
  }

  /** @param {number} index */
  async #branch(index) {
    this.#time.reset();
    const { problem } = await this.#request('branch', { index });
    if (problem) this.#problem.show(problem, this.#phase === 'stopped');
  }

  async #recover() {
    const { value, problem } = await this.#request('recover');
    if (value) this.#set({ learningRate: value });
    else if (problem) this.#problem.show(problem, true);
  }

  get still() {
    return this.#stage.still;
  }

  get film() {
    return this.#stage.film(this.#snapshots);
  }

  /** @param {boolean} isPlaying */
  async play(isPlaying) {
    if (isPlaying !== (this.#phase === 'running')) await this.#toggle();
  }

  #buttons() {
    const isEmpty = this.#phase === 'empty';
    for (const each of [this.#play.node, this.#step]) hold(each, this.#isStarting || this.#isClearing);
    this.#play.set(this.#phase === 'running');
    this.#play.word = this.#phase === 'running' ? say('Pause') : isEmpty ? say('Start') : say('Continue');
    passFocus(this.start, this.#play.node, () => {
      this.#play.node.disabled = this.#phase === 'stopped';
      this.#step.disabled = this.#phase === 'running' || this.#phase === 'stopped';
      this.#reset.hidden = isEmpty;
    });
  }
}
