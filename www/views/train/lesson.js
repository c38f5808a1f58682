import { retell, say, written } from '../../state/texts.js';
import { evenFrames, evenly } from '../../training/page/history.js';
import { defaults } from '../../training/page/settings.js';
import { button, hold, passFocus, playButton } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { ExportDialog } from '../parts/export-dialog.js';
import { Charts } from './charts.js';
import { film } from './film.js';
import { Keep } from './keep.js';
import { Panel } from './panel.js';
import { Problem } from './problem.js';
import { Progress } from './progress.js';
import { RunSettings } from './run-settings.js';
import { TimeMachine } from './time-machine.js';

/**
 * @typedef {import('../../training/page/settings.js').Settings} Settings
 * @typedef {import('../../training/page/controller.js').DataSet} DataSet
 * @typedef {import('../../training/protocol.js').Precision} Precision
 * @typedef {import('../../training/protocol.js').Preview} Preview
 * @typedef {import('../../training/page/controller.js').RunStatus} RunStatus
 * @typedef {import('../../training/page/requests.js').Request} Request
 */

/** Suggested number of frames of a film, where the history has as many at even intervals. */
const FRAMES = 60;

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
  #charts = new Charts();
  #stage = h('div', { class: 'stage', part: 'stage' });
  #panelPlace = h('div', { class: 'train-panels', part: 'panels' });
  /** @type {Panel[]} */
  #panels = [];
  #time = new TimeMachine();
  #keep = new Keep();
  #export = new ExportDialog();
  /** Steps of the snapshots. */
  #snapshots = /** @type {number[]} */ ([]);
  #spotAt = { x: 0, y: 0 };
  /** The previews that were painted last. @type {Preview[]} */
  #previews = [];
  #settingsPlace = h('div', {});
  /** @type {RunStatus['phase']} */
  #phase = 'empty';
  #isStarting = false;

  /**
   * @param {Request} request
   * @param {() => Promise<string | null>} onBegin creates the run; resolves with the problem, or null
   */
  constructor(request, onBegin) {
    this.#request = request;
    this.#onBegin = onBegin;
    this.runSettings = new RunSettings(this.#settings);
    this.width = this.#charts.width;
    this.start = h(
      'div',
      { class: 'start' },
      h('div', { class: 'row' }, this.#play.node, this.#step, this.#reset),
      ...this.#progress.nodes,
      this.#problem.node,
      this.#unsaved,
    );
    const beside = h('div', { class: 'beside' }, this.#charts.node);
    this.#stage.append(beside);
    this.results = h(
      'div',
      { class: 'results', hidden: true },
      this.#stage,
      this.#settingsPlace,
      this.#time.node,
      this.#panelPlace,
      this.#keep.node,
      this.#export.node,
    );
    this.keepStatus = this.#keep.statusNode;
    /** @param {EventTarget} target @param {string} name @param {(detail: any) => void} then */
    const on = (target, name, then) => {
      target.addEventListener(name, (event) => then(/** @type {CustomEvent} */ (event).detail));
    };
    on(this.runSettings.node, 'set', (change) => this.#set(change));
    on(this.#time.node, 'seek', (index) => this.#seek(index));
    on(this.#time.node, 'branch', (index) => this.#branch(index));
    on(this.#keep.node, 'save', (args) => this.#save(args));
    on(this.#keep.node, 'use', (which) => this.#use(which));
    on(this.#keep.node, 'film', () => {
      if (this.film) this.#export.open(this.film);
    });
    on(this.#keep.node, 'forget', () => this.#clear());
    this.#buttons();
  }

  /** @param {Settings} settings shared with the setup; the run settings change it too */
  setSettings(settings) {
    this.#settings = settings;
    this.runSettings.set(settings);
  }

  /**
   * Shows a run that has just been created.
   * @param {Settings} settings
   * @param {DataSet} data
   */
  async begin(settings, data) {
    this.setSettings(settings);
    this.#data = data;
    const kinds = /** @type {('variational' | 'autoencoder')[]} */ (
      settings.kind === 'both' ? ['variational', 'autoencoder'] : [settings.kind]
    );
    this.#show(kinds.map((kind) => new Panel(kind, settings.latent, data)));
    this.#keep.begin(kinds);
    this.#keep.status = '';
    this.#time.reset();
    this.#settingsPlace.append(this.runSettings.node);
    this.results.hidden = false;
    this.#emit('lock', true);
    await this.#charts.begin(kinds, settings.likelihood === 'bernoulli' ? say('nats') : say('squared error'));
  }

  /** @param {Panel[]} panels one for each network */
  #show(panels) {
    for (const panel of this.#panels) panel.destroy();
    this.#panels = panels;
    for (const panel of panels) {
      panel.node.addEventListener('point', (event) => {
        for (const each of panels) each.mark(/** @type {CustomEvent} */ (event).detail);
      });
      panel.plane?.node.addEventListener('spot', (event) => this.#spot(/** @type {CustomEvent} */ (event).detail));
    }
    for (const old of this.#stage.querySelectorAll('.drawn')) old.remove();
    this.#stage.prepend(...panels.map(({ stage }) => stage));
    this.#panelPlace.replaceChildren(...panels.map(({ node }) => node));
    this.#stage.dataset.count = this.#panelPlace.dataset.count = String(panels.length);
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
    this.#buttons();
    if (phase === 'empty' || !this.#data) {
      if (status.creation) this.#progress.text = status.creation;
      else if (!this.#isStarting) this.#progress.clear();
      return;
    }
    this.#progress.show(status, this.#settings, this.#data);
    this.#charts.show(curve);
    this.#time.show(snapshots);
    this.#snapshots = snapshots;
    this.#keep.node.hidden = status.step === 0;
    if (previews && this.#time.index === null) this.#paint(previews);
    this.#problem.show(problem, phase === 'stopped');
    this.#warn(status.unsaved);
  }

  /** Warns that a reload would lose the run. @param {string | undefined} why */
  #warn(why) {
    this.#unsaved.hidden = !why;
    if (!why || this.#unsaved.dataset.said === why) return;
    this.#unsaved.dataset.said = why;
    const save = button(
      this.#panels.length > 1 ? say('Save both networks as files') : say('Save the network as a file'),
      'save-unsaved',
      async () => {
        for (const which of this.#panels.keys()) await this.#save({ which, precision: 'f32' });
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
   * @returns {Promise<boolean>} true where the first one could be read
   */
  async adopt(models, pictures, refused) {
    const [{ file }] = models;
    this.#keep.status = say('Reading {file}…', { file: models.map(({ file }) => file.name).join(', ') });
    const { value, problem } = await this.#request('adopt', { models, pictures });
    const answer = value ?? { used: [], refused: [{ name: file.name, why: problem ?? '' }] };
    const taken = answer.used.map(({ name, figures }) => used(name, figures));
    const left = [...refused, ...answer.refused].map(({ name, why }) => `${name}: ${retell(why)}.`);
    this.#keep.status = [...taken, ...left].join(' ');
    return !answer.refused.some(({ name }) => name === file.name);
  }

  /** True while there is a run. */
  get isThere() {
    return this.#data !== null;
  }

  destroy() {
    this.#charts.destroy();
    for (const panel of this.#panels) panel.destroy();
  }

  async #toggle() {
    if (this.#phase === 'running') return void (await this.#request('pause'));
    if (await this.#ready()) await this.#request('run');
  }

  async #one() {
    if (await this.#ready()) await this.#request('step');
  }

  /** Creates a run unless there is one. Resolves with false if there is still none. */
  async #ready() {
    if (this.#phase !== 'empty') return true;
    if (this.#isStarting) return false;
    this.#isStarting = true;
    this.#buttons();
    this.#progress.text = say('Making the networks…');
    const problem = await this.#onBegin();
    this.#isStarting = false;
    if (problem) this.#progress.text = retell(problem);
    this.#buttons();
    return problem === null;
  }

  async #clear() {
    const { activeElement: focused } = /** @type {Document | ShadowRoot} */ (this.start.getRootNode());
    await this.#request('reset');
    this.#data = null;
    this.#previews = [];
    this.results.hidden = true;
    this.#problem.show(undefined, false);
    this.#unsaved.hidden = true;
    this.#progress.clear();
    this.#emit('lock', false);
    this.#buttons();
    // The button that was pressed is hidden now.
    if (focused && (this.start.contains(focused) || this.results.contains(focused))) {
      this.#play.node.focus({ preventScroll: true });
    }
  }

  /** @param {Partial<Settings>} change */
  #set(change) {
    Object.assign(this.#settings, change);
    this.runSettings.set(this.#settings);
    this.#emit('set');
    if (this.#phase !== 'empty') this.#request('set', { change });
  }

  /** @param {number | null} index */
  async #seek(index) {
    if (index === null) return void (await this.#request('refresh'));
    const { value } = await this.#request('preview', { index });
    if (value && this.#time.index === index) this.#paint(value);
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

  /** @param {{x: number, y: number}} spot */
  async #spot(spot) {
    this.#spotAt = spot;
    for (const { plane } of this.#panels) plane?.move(spot);
    const { value } = await this.#request('draw', { latent: Float32Array.of(spot.x, spot.y) });
    value?.forEach((rgba, i) => this.#panels[i]?.plane?.paint(rgba));
  }

  /** @param {Preview[]} previews */
  #paint(previews) {
    this.#previews = previews;
    previews.forEach((preview, i) => this.#panels[i]?.show(preview));
    if (this.#panels[0]?.plane && this.#time.index === null) this.#spot(this.#spotAt);
  }

  /** A still of the newest previews; null without one. */
  get still() {
    if (!this.#data || this.#previews.length === 0) return null;
    const { rgba, width, height } = film(this.#data, [this.#previews]);
    const canvas = h('canvas', { width, height });
    canvas
      .getContext('2d')
      ?.putImageData(new ImageData(/** @type {Uint8ClampedArray<ArrayBuffer>} */ (rgba), width, height), 0, 0);
    return { canvases: [canvas], columns: 1, isInk: this.#data.isInk };
  }

  /** A film of the snapshots. @returns {import('../parts/export-dialog.js').Subject | null} */
  get film() {
    const data = this.#data;
    if (!data || this.#snapshots.length === 0) return null;
    return {
      name: 'training',
      most: this.#snapshots.length,
      count: evenFrames(this.#snapshots, FRAMES),
      isInk: data.isInk,
      frames: async (count) => {
        const previews = [];
        for (const index of evenly(this.#snapshots, count)) {
          const { value, problem } = await this.#request('preview', { index });
          if (!value) throw new Error(problem);
          previews.push(value);
        }
        return film(data, previews);
      },
    };
  }

  /** @param {boolean} isPlaying */
  async play(isPlaying) {
    if (isPlaying !== (this.#phase === 'running')) await this.#toggle();
  }

  /** @param {{which: number, precision: Precision}} args */
  async #save({ which, precision }) {
    const { value, problem } = await this.#request('save', { which, precision, index: this.#time.index ?? undefined });
    if (!value) return void (this.#keep.status = problem ?? '');
    const { file, name } = value;
    const address = URL.createObjectURL(new Blob([file], { type: 'application/octet-stream' }));
    h('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    this.#keep.status = say('{file}, {size} MB. It opens in Python with the safetensors package.', {
      file: name,
      size: written((file.length / 1e6).toFixed(2)),
    });
  }

  /** @param {number} which */
  async #use(which) {
    const { value, problem } = await this.#request('use', { which, index: this.#time.index ?? undefined });
    this.#keep.status = value ? used(say('Your network'), value) : (problem ?? '');
  }

  #buttons() {
    const isEmpty = this.#phase === 'empty';
    for (const each of [this.#play.node, this.#step]) hold(each, this.#isStarting);
    this.#play.set(this.#phase === 'running');
    this.#play.word = this.#phase === 'running' ? say('Pause') : isEmpty ? say('Start') : say('Continue');
    passFocus(this.start, this.#play.node, () => {
      this.#play.node.disabled = this.#phase === 'stopped';
      this.#step.disabled = this.#phase === 'running' || this.#phase === 'stopped';
      this.#reset.hidden = isEmpty;
    });
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #emit(name, detail) {
    this.start.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Names of the other figures for the reader. @returns {Record<string, string>} */
const titles = () => ({
  morph: say('the path between two pictures'),
  samples: say('the random codes'),
  map: say('the plane'),
  microscope: say('the microscope'),
});

/**
 * @param {string} name
 * @param {string[]} figures
 */
function used(name, figures) {
  return figures.length > 0
    ? say('{name} is now in: {figures}.', { name, figures: figures.map((figure) => titles()[figure]).join(', ') })
    : say('{name} is ready, but no other figure on this page can show it.', { name });
}
