import { MotionPreference } from '../state/reader.js';
import { say } from '../state/texts.js';
import { captionOf, ownCaption } from './morph/captions.js';
import { PathDisplay } from './morph/display.js';
import { STRIP } from './morph/path.js';
import { Settings } from './morph/settings.js';
import { Invitation } from './morph/invitation.js';
import { Caption } from './parts/caption.js';
import { h } from './parts/dom.js';
import { Ends } from './parts/ends.js';
import { emit } from './parts/events.js';
import { Exporter } from './parts/exporter.js';
import { isOffered } from './parts/offered.js';
import { UNLABELED } from './parts/stored.js';
import { PathPlayer } from './parts/path-player.js';
import { View } from './parts/view.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

/** Two pictures and the path between them. */
export class MorphView extends View {
  #display = new PathDisplay(this, (t) => this.#seek(t));
  #ends = new Ends(
    this,
    () => this.#renew(),
    // The invitation's code comes with the pad's, so that nothing is requested once there is a drawing.
    () => void import('./morph/two-people.js').catch(() => {}),
  );
  /** Fetched with the first choice. @type {import('./morph/lens.js').PathLens | null} */
  #lens = null;
  #exporter = new Exporter(this);
  #invitation = new Invitation(this, this.#ends);
  #settings = new Settings(this.state, {
    toggle: () => this.play(!this.isPlaying),
    speed: (speed) => this.#change({ speed }),
    path: (path) => {
      this.change({ path });
      this.#loadPath();
    },
    loop: (loop) => this.#change({ loop }),
    lens: (lens) => {
      this.change({ lens });
      this.#display.strip.lens = lens;
      this.#look();
    },
    export: () => this.#exporter.open(),
  });
  #caption = new Caption(captionOf(this.state, UNLABELED.has(this.state.model), true));
  #player = new PathPlayer((t) => this.#moveTo(t));
  #motion = new MotionPreference(() => this.play(this.isPlaying && !this.#motion.isReduced));
  /** @type {import('./parts/view.js').FigureData | null} */
  #data = null;
  /** True if the last geodesic could not be computed. */
  #hasFailed = false;

  /** @param {FigureState} state */
  constructor(state) {
    super(state, h('figure', { class: 'morph', part: 'figure' }));
    const { picture, strip, chart } = this.#display;
    this.node.append(
      picture.frame,
      strip.node,
      this.#invitation.node,
      this.#settings.node,
      chart.node,
      ...this.#ends.nodes,
      this.#caption.node,
    );
    this.#apply();
    this.play(state.autoplay && !this.#motion.isReduced);
  }

  /**
   * @param {FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
    this.#ends.update(changed);
    this.#apply();
    if (changed.has('autoplay')) this.play(state.autoplay && !this.#motion.isReduced);
    this.#loadPath();
  }

  /** @param {boolean} isPlaying */
  play(isPlaying) {
    this.#player.isPlaying = isPlaying;
    this.#settings.isPlaying = isPlaying;
  }

  get isPlaying() {
    return this.#player.isPlaying;
  }

  rest() {
    this.#ends.listen();
  }

  get unlinked() {
    return this.#ends.unlinked;
  }

  get hasDrawing() {
    return this.#ends.hasDrawing;
  }

  get still() {
    return { canvases: this.#display.strip.canvases, columns: STRIP };
  }

  async shownCodes() {
    await this.#lens?.arrival;
    const stored = this.#data?.stored;
    const { path, code, picture } = this.#display;
    return stored && !path.isEmpty ? [{ codes: code, stored, picture, note: this.#lens?.note }] : [];
  }

  /** @param {import('./parts/view.js').FigureData} data */
  receive(data) {
    this.#data = data;
    this.#ends.receive(data);
    if (data.stored?.own) this.#caption.insist(ownCaption());
    else if (data.stored) {
      const isGray = data.models[this.state.model].config.image.channels === 1;
      this.#caption.text = captionOf(this.state, !data.stored.labels, isGray);
    }
    this.#loadPath();
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#player.mayRun = isNear;
  }

  destroy() {
    super.destroy();
    this.#ends.destroy();
    this.#player.mayRun = false;
    this.#motion.destroy();
  }

  /** @returns {import('./parts/export-dialog.js').Subject | null} */
  get film() {
    return this.#data && this.#display.film(this.#data.models[this.state.model].config, this.#ends);
  }

  #apply() {
    const { loop, speed, t, lens } = this.state;
    this.#settings.apply(this.state);
    Object.assign(this.#player, { loop, speed, t });
    this.#display.strip.move(t);
    this.#display.strip.lens = lens;
    this.#ends.apply();
    // For the caption's place.
    const missing = [...this.#ends.missing, ...(isOffered(this.state.controls, 'code') ? [] : ['code'])];
    this.node.dataset.without = missing.join(' ');
  }

  /** @param {{speed: number} | {loop: FigureState['loop']}} changed of the animation */
  #change(changed) {
    this.change(changed);
    Object.assign(this.#player, changed);
  }

  /** Shows new ends. */
  #renew() {
    this.#apply();
    this.#loadPath();
  }

  async #loadPath() {
    if (!this.#data) return;
    const { config, components } = this.#data.models[this.state.model];
    const isGeodesic = this.state.path === 'geodesic';
    this.#settings.status = isGeodesic ? say('Finding the path…') : '';
    await this.#display.load(config, this.#ends);
    this.#ends.paint();
    this.#invitation.show();
    if (isGeodesic && !(await this.#loadGeodesic(config, components > 0))) return;
    this.painted();
    this.#look();
  }

  /** Shows the state's lens along the path, if any. */
  #look() {
    const { latents } = this.#display.path;
    const data = this.#data;
    if (!data?.stored || !(latents.length && (this.#lens || this.state.lens !== 'none'))) return;
    this.loadOptional(import('./morph/lens.js'), ({ PathLens }) => {
      this.#lens ??= new PathLens(this, this.#display.strip.room);
      this.#lens.show(latents, data);
    });
  }

  /**
   * @param {import('../engine/types.js').ModelConfig} config
   * @param {boolean} hasPrior
   * @returns {Promise<boolean>} false if there is a newer path
   */
  async #loadGeodesic(config, hasPrior) {
    const found = await this.#display.loadGeodesic(config, this.#ends);
    if (!found) return false;
    const { problem } = found;
    this.#settings.status = problem || hasPrior ? '' : say('No fitted prior: an even arc');
    if (problem) emit(this.node, 'latent-notice', say('The path could not be found: {problem}', { problem }), true);
    else if (this.#hasFailed) emit(this.node, 'latent-notice', '', true);
    this.#hasFailed = problem !== undefined;
    return true;
  }

  /** @param {number} t */
  #moveTo(t) {
    this.#player.t = t;
    this.amend({ t });
    this.#display.strip.move(t);
    this.#decode();
  }

  /** Shows the picture at the current position, then the lens's reading of it. */
  async #decode() {
    if (!this.#data) return;
    await this.#display.decode(this.#data.models[this.state.model].config);
    this.#lens?.move();
  }

  /**
   * Moves to the position that the reader pointed to, and ends the animation.
   * @param {number} t
   */
  #seek(t) {
    this.play(false);
    this.#moveTo(t);
    this.change({ t });
  }
}
