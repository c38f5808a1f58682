/**
 * Follows one code through every layer of the decoder: a path between two pictures, the position on it, and the feature maps there. Owned
 * by the microscope's figure. It must not know the engine: it asks its owner.
 */

import { MotionPreference } from '../../state/reader.js';
import { say } from '../../state/texts.js';
import { paintTrack, playButton } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { filmOfPath } from '../parts/film.js';
import { LargePicture } from '../parts/pictures.js';
import { PathPlayer } from '../parts/path-player.js';
import { mapsOf } from './layers.js';
import { PathEnds } from './path-ends.js';
import { Stages } from './stages.js';

/**
 * @typedef {import('../../state/state.js').FigureState} FigureState
 * @typedef {import('./layers.js').FeatureMaps} FeatureMaps
 */

/** Frames of the path. */
const FRAMES = 121;

/** Positions on the path that set the color scale of each layer, so that colors do not flicker along it. */
const SAMPLES = [0, 0.25, 0.5, 0.75, 1];

export class DecoderPanel {
  #owner;
  #state;
  /** @type {(value: unknown) => void} */
  #completed = () => {};
  #player = new PathPlayer((t) => this.#moveTo(t));
  #play = playButton(() => this.#setPlaying(!this.#player.isPlaying));
  #slider = h('input', { type: 'range', part: 't', min: 0, max: FRAMES - 1, step: 1 });
  #ends;
  #picture = new LargePicture('picture');
  #stages = new Stages();
  /** @type {import('../parts/view.js').FigureData | null} */
  #data = null;
  /** @type {Float32Array} [FRAMES, latent] */
  #latents = new Float32Array();
  /** Number of the current path. Work on older ones is stale and stops. */
  #run = 0;
  #motion = new MotionPreference(() => this.#setPlaying(this.#player.isPlaying && !this.#motion.isReduced));

  /**
   * @param {FigureState} state
   * @param {import('./figure.js').Owner} owner
   */
  constructor(state, owner) {
    this.#state = state;
    this.#owner = owner;
    this.#ends = new PathEnds(
      owner,
      () => this.#state,
      (changed) => this.#replace(changed),
    );
    this.#play.node.setAttribute('part', 'journey-play');
    this.#play.node.dataset.control = 'journey-play';
    /** Parts whose size depends on their place. */
    this.fitted = [this.#picture];
    /** Resolves with the first picture and its maps, of any request. */
    this.complete = new Promise((resolve) => (this.#completed = resolve));
    const position = h(
      'label',
      { class: 'field way-field', 'data-control': 't' },
      h('span', { class: 'name' }, say('Position between the two pictures')),
      this.#slider,
    );
    const controls = h(
      'div',
      { class: 'journey-controls', role: 'group', 'aria-label': say('One code through the decoder') },
      this.#play.node,
      position,
      this.#ends.node,
    );
    const drawn = h(
      'div',
      { class: 'drawn' },
      this.#picture.frame,
      h('p', { class: 'hint' }, say('The picture: the logits after the sigmoid.')),
    );
    const aside = h('div', { class: 'beside' }, this.#stages.lens.node, drawn);
    this.node = h(
      'div',
      { class: 'journey' },
      this.#stages.colors.node,
      controls,
      h('div', { class: 'columns' }, this.#stages.node, aside),
    );
    this.#slider.addEventListener('input', () => {
      this.#setPlaying(false);
      this.#moveTo(this.#slider.valueAsNumber / (FRAMES - 1));
    });
    this.#apply();
    this.#setPlaying(state.autoplay && !this.#motion.isReduced);
  }

  /**
   * @param {FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    this.#state = state;
    this.#ends.forget(changed);
    this.#apply();
    if (changed.has('autoplay')) this.#setPlaying(state.autoplay && !this.#motion.isReduced);
    this.#loadPath();
  }

  /** @param {boolean} isPlaying */
  play(isPlaying) {
    this.#setPlaying(isPlaying);
  }

  get isPlaying() {
    return this.#player.isPlaying;
  }

  get still() {
    return { canvases: [this.#picture.canvas], columns: 1 };
  }

  /** The pictures of the path. @returns {import('../parts/export-dialog.js').Subject | null} */
  get film() {
    if (!this.#data || this.#latents.length === 0) return null;
    const { model } = this.#state;
    return filmOfPath({
      ...{ name: 'microscope', image: this.#data.models[model].config.image, most: FRAMES },
      codeAt: (share) => this.#codeAt(share),
      decode: (latents) => this.#owner.demand('decode', { model, latents }),
    });
  }

  /** @returns {Promise<import('../parts/announcer.js').ShownCodes[]>} */
  async shownCodes() {
    const stored = this.#data?.stored;
    return stored && this.#latents.length > 0
      ? [{ codes: this.#codeAt(this.#state.t), stored, picture: this.#picture }]
      : [];
  }

  /** @param {import('../parts/view.js').FigureData} data */
  async receive(data) {
    this.#data = data;
    this.#ends.receive(data);
    this.#apply();
    this.#stages.build(data.models[this.#state.model].config);
    this.#picture.width.measure();
    // The first path's requests may be replaced by those of an animation or of a newly chosen picture.
    await Promise.race([this.complete, this.#loadPath().then(() => this.complete)]);
  }

  /** Prints in light colors, regardless of the screen's. @param {boolean} isPrinting */
  print(isPrinting) {
    this.#stages.print(isPrinting);
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#player.mayRun = isNear;
  }

  destroy() {
    this.#ends.destroy();
    this.#motion.destroy();
    this.#stages.destroy();
  }

  /** Names of the stored pictures that a link shows in place of the reader's. */
  get unlinked() {
    return this.#ends.unlinked;
  }

  /** The reader has chosen another picture at an end. @param {Partial<FigureState>} changed */
  #replace(changed) {
    this.#state = { ...this.#state, ...changed };
    this.#owner.change(changed);
    this.#ends.show();
    this.#loadPath();
  }

  #apply() {
    const { t, speed, loop } = this.#state;
    this.#ends.show();
    Object.assign(this.#player, { t, speed, loop });
    this.#showPosition();
  }

  /** @param {boolean} isPlaying */
  #setPlaying(isPlaying) {
    this.#player.isPlaying = isPlaying;
    this.#play.set(isPlaying);
  }

  /** Loads a new path and the color scales of its maps. */
  async #loadPath() {
    if (!this.#data) return;
    // Not a geodesic: its detour through other pictures would not help to follow the maps.
    const path = /** @type {'lerp' | 'slerp'} */ (this.#state.path === 'lerp' ? 'lerp' : 'slerp');
    const args = { path, from: this.#ends.code('from'), to: this.#ends.code('to'), frames: FRAMES };
    const run = ++this.#run;
    const latents = await this.#owner.ask('interpolate', args, 'decoder path');
    /** @type {FeatureMaps[][]} */
    const samples = [];
    for (const t of SAMPLES) samples.push(await this.#ask(codeAt(latents, t)));
    if (run !== this.#run) return;
    this.#latents = latents;
    this.#ends.paint([codeAt(latents, 0), codeAt(latents, 1)], () => latents !== this.#latents);
    this.#stages.scale(samples);
    await this.#decode();
  }

  /** @param {number} t */
  #moveTo(t) {
    this.#player.t = t;
    this.#state = { ...this.#state, t };
    this.#owner.amend({ t });
    this.#showPosition();
    this.#decode();
  }

  #showPosition() {
    const { t } = this.#state;
    this.#slider.value = String(Math.round(t * (FRAMES - 1)));
    this.#slider.setAttribute('aria-valuetext', say('{percent} percent of the way', { percent: Math.round(t * 100) }));
    paintTrack(this.#slider);
  }

  async #decode() {
    if (!this.#data || this.#latents.length === 0) return;
    const { model, t } = this.#state;
    const code = this.#codeAt(t);
    const [maps, picture] = await Promise.all([
      this.#ask(code, 'decoder maps'),
      this.#owner.ask('decode', { model, latents: code }, 'decoder picture'),
    ]);
    this.#picture.paint(this.#data.models[model].config.image, picture);
    const [from, to] = [this.#ends.name('from'), this.#ends.name('to')];
    this.#picture.label = say('Decoded picture between {from} and {to}', { from, to });
    this.#stages.paint(maps);
    this.#completed(undefined);
  }

  /**
   * The maps of one code.
   * @param {Float32Array} latent
   * @param {string} [slot]
   */
  async #ask(latent, slot) {
    const { model } = this.#state;
    const { config } = /** @type {import('../parts/view.js').FigureData} */ (this.#data).models[model];
    return mapsOf(config, await this.#owner.ask('maps', { model, latent }, slot));
  }

  /** @param {number} t */
  #codeAt(t) {
    return codeAt(this.#latents, t);
  }
}

/**
 * @param {Float32Array} path [FRAMES, latent]
 * @param {number} t from 0 to 1
 */
function codeAt(path, t) {
  const latent = path.length / FRAMES;
  const frame = Math.round(t * (FRAMES - 1));
  return path.slice(frame * latent, (frame + 1) * latent);
}
