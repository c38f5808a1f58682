import { originalsAddress } from '../assets.js';
import { MotionPreference } from '../state/reader.js';
import { say, written } from '../state/texts.js';
import { Caption } from './parts/caption.js';
import { CodeChart } from './parts/code-chart.js';
import { button, choice, paintTrack, playButton, slider } from './parts/controls.js';
import { h } from './parts/dom.js';
import { EndPicker } from './parts/end-picker.js';
import { filmOfPath } from './parts/film.js';
import { isOffered } from './parts/offered.js';
import { originalsOf } from './parts/originals.js';
import { LargePicture, Tiles, wholeMultiple } from './parts/pictures.js';
import { codeOf, expected, nameOf, UNLABELED } from './parts/stored.js';
import { PathPlayer } from './parts/path-player.js';
import { View } from './parts/view.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

const STRIP = 11;

/** Frames of the path: a multiple of the strip's ten steps, and finer than an animation shows. */
const FRAMES = 24 * (STRIP - 1) + 1;

const ownCaption = () =>
  say(
    'Two pictures and the path between them, drawn by your own network. It turns each into a code, a short list of numbers; each picture in the strip is drawn from a code in between.',
  );

/** Two pictures and the path between them. */
export class MorphView extends View {
  #picture = this.fitted(new LargePicture('picture', UNLABELED.get(this.state.model)?.side));
  #strip = this.fitted(
    new Tiles(STRIP, {
      part: 'strip',
      expected: UNLABELED.get(this.state.model)?.side,
      layout: (room, pixels) => ({ columns: STRIP, side: wholeMultiple(room / STRIP, pixels) }),
    }),
  );
  #slider = h('input', {
    type: 'range',
    class: 'way',
    part: 't',
    'data-control': 't',
    min: 0,
    max: FRAMES - 1,
    step: 1,
  });
  #chart = new CodeChart(UNLABELED.get(this.state.model)?.latent);
  #caption = new Caption(captionOf(this.state, UNLABELED.has(this.state.model), true));
  /** @type {ReturnType<typeof originalsOf> | undefined} */
  #originals;
  /** @type {import('./parts/pad-dialog.js').PadDialog | null} */
  #pad = null;
  #player = new PathPlayer((t) => this.#moveTo(t));
  #play = playButton(() => this.#toggle());
  #from;
  #to;
  #path;
  #loop;
  #speed;
  /** @type {import('./parts/export-dialog.js').ExportDialog | null} */
  #exporter = null;
  /** @type {import('./parts/view.js').FigureData | null} */
  #data = null;
  /** @type {Float32Array} latents of the path, [FRAMES, latent] */
  #latents = new Float32Array();
  #motion = new MotionPreference(() => this.#setPlaying(this.#player.isPlaying && !this.#motion.isReduced));

  /** @param {FigureState} state */
  constructor(state) {
    super(state, h('figure', { class: 'morph', part: 'figure' }));
    this.#from = this.#picker('from', say('From'));
    this.#to = this.#picker('to', say('To'));
    this.#slider.setAttribute('aria-label', say('Position between the first picture and the second'));
    this.#path = choice(
      {
        legend: say('Path'),
        name: 'path',
        values: [
          ['slerp', say('Arc')],
          ['lerp', say('Line')],
        ],
        value: state.path,
      },
      (path) => {
        this.change({ path });
        this.#loadPath();
      },
    );
    const ways = /** @type {const} */ ([
      ['bounce', say('Back and forth')],
      ['restart', say('Start over')],
    ]);
    this.#loop = choice({ legend: say('At the end'), name: 'loop', values: ways, value: state.loop }, (loop) => {
      this.change({ loop });
      this.#player.loop = loop;
    });
    this.#speed = slider({
      label: say('Speed'),
      part: 'speed',
      min: 0.25,
      max: 3,
      step: 0.25,
      value: state.speed,
      format: (speed) => `${written(speed)}\u00d7`,
    });
    this.#speed.input.addEventListener('input', () => {
      this.change({ speed: this.#speed.input.valueAsNumber });
      this.#player.speed = this.state.speed;
    });
    this.#slider.addEventListener('input', () => this.#seek(this.#slider.valueAsNumber / (FRAMES - 1)));
    this.#strip.node.addEventListener('click', (event) => this.#jump(event));
    this.#assemble();
    this.#apply();
    this.#player.isPlaying = state.autoplay && !this.#motion.isReduced;
    this.#play.set(this.#player.isPlaying);
  }

  #assemble() {
    const settings = h(
      'div',
      { class: 'settings' },
      this.#play.node,
      this.#speed.node,
      this.#path.node,
      this.#loop.node,
      button(say('Export'), 'export', () => this.#export()),
    );
    this.#strip.node.classList.add('strip');
    this.#strip.node.append(this.#slider);
    this.node.append(
      this.#picture.frame,
      this.#strip.node,
      settings,
      this.#chart.node,
      this.#from.node,
      this.#to.node,
      this.#caption.node,
    );
  }

  /**
   * @param {FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
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
    return { canvases: this.#strip.pictures.map(({ canvas }) => canvas), columns: STRIP };
  }

  async shownCodes() {
    const stored = this.#data?.stored;
    if (!stored || this.#latents.length === 0) return [];
    return [{ codes: this.#codeAt(this.#frame()), stored, picture: this.#picture }];
  }

  #apply() {
    const { path, loop, speed, t } = this.state;
    this.#path.set(path);
    this.#loop.set(loop);
    this.#speed.set(speed);
    Object.assign(this.#player, { loop, speed, t });
    this.#showPosition();
    this.#from.set(this.state.from, this.state.z.from !== null);
    this.#to.set(this.state.to, this.state.z.to !== null);
  }

  /** @param {import('./parts/view.js').FigureData} data */
  receive(data) {
    this.#data = data;
    if (data.stored) {
      const isGray = data.models[this.state.model].config.image.channels === 1;
      this.#from.offer(data.stored, isGray);
      this.#to.offer(data.stored, isGray);
      if (data.stored.own) this.#caption.insist(ownCaption());
      else this.#caption.text = captionOf(this.state, !data.stored.labels, isGray);
    }
    this.#loadPath();
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#player.mayRun = isNear;
  }

  destroy() {
    super.destroy();
    this.#player.mayRun = false;
    this.#motion.destroy();
  }

  /** Loads a new path: its latents, its strip and the current picture, decoded in one batch. */
  async #loadPath() {
    if (!this.#data) return;
    const { model, path } = this.state;
    const { latent, image } = this.#data.models[model].config;
    const latents = await this.ask(
      'interpolate',
      { path, from: this.#code('from'), to: this.#code('to'), frames: FRAMES },
      'path',
    );
    this.#latents = latents;
    this.#chart.show(latents, latent);
    const frames = Array.from({ length: STRIP }, (_, i) => i * ((FRAMES - 1) / (STRIP - 1)));
    const codes = new Float32Array((STRIP + 1) * latent);
    [...frames, this.#frame()].forEach((frame, i) => codes.set(this.#codeAt(frame), i * latent));
    const pictures = await this.ask('decode', { model, latents: codes }, 'strip');
    const [from, to] = [this.#name('from'), this.#name('to')];
    this.#strip.paint(image, pictures, say('Eleven pictures on the path from {from} to {to}', { from, to }));
    this.#picture.paint(image, pictures, STRIP);
    this.#picture.label = say('Decoded picture between {from} and {to}', { from, to });
    this.#show();
    this.painted();
    for (const picker of [this.#from, this.#to]) picker.paint();
  }

  /** @param {number} t */
  #moveTo(t) {
    this.#player.t = t;
    this.amend({ t });
    this.#showPosition();
    this.#decode();
  }

  #showPosition() {
    this.#slider.value = String(this.#frame());
    this.#slider.setAttribute(
      'aria-valuetext',
      say('{percent} percent of the way', { percent: Math.round(this.state.t * 100) }),
    );
    paintTrack(this.#slider);
  }

  async #decode() {
    if (!this.#data || this.#latents.length === 0) return;
    const { model } = this.state;
    this.#show();
    const picture = await this.ask('decode', { model, latents: this.#codeAt(this.#frame()).slice() }, 'frame');
    this.#picture.paint(this.#data.models[model].config.image, picture);
  }

  #show() {
    this.#chart.move(this.#frame());
  }

  #frame() {
    return Math.round(this.state.t * (FRAMES - 1));
  }

  /** @param {number} frame */
  #codeAt(frame) {
    const latent = this.#latents.length / FRAMES;
    return this.#latents.subarray(frame * latent, (frame + 1) * latent);
  }

  get #stored() {
    return /** @type {import('./parts/stored.js').StoredLatents} */ (this.#data?.stored);
  }

  /**
   * The latent of one end.
   * @param {'from' | 'to'} end
   */
  #code(end) {
    return codeOf(this.#stored, this.state[end], this.state.z[end]);
  }

  /** @returns {import('./parts/export-dialog.js').Subject | null} */
  get film() {
    if (!this.#data || this.#latents.length === 0) return null;
    const { model } = this.state;
    const { image } = this.#data.models[model].config;
    return filmOfPath({
      ...{ name: 'morph', image, most: FRAMES },
      codeAt: (share) => this.#codeAt(Math.round(share * (FRAMES - 1))),
      decode: (latents) => this.demand('decode', { model, latents }),
    });
  }

  /** Opens the dialog that exports the path. */
  #export() {
    const { film } = this;
    if (!film) return;
    this.loadOptional(import('./parts/export-dialog.js'), ({ ExportDialog }) => {
      this.#exporter ??= new ExportDialog();
      this.#exporter.open(film, this.node);
    });
  }

  /** @param {'from' | 'to'} end */
  #name(end) {
    return this.state.z[end] ? say('your drawing') : nameOf(this.#stored, this.state[end]);
  }

  /**
   * @param {'from' | 'to'} end
   * @param {string} legend
   */
  #picker(end, legend) {
    return new EndPicker({
      legend,
      name: end,
      value: this.state[end],
      onPick: (endpoint) => {
        this.change({ [end]: endpoint, z: { ...this.state.z, [end]: null } });
        this.#apply();
        this.#loadPath();
      },
      onDraw: () => this.#draw(end),
      decode: async (latents) => {
        const { model } = this.state;
        const { image } = /** @type {import('./parts/view.js').FigureData} */ (this.#data).models[model].config;
        return { image, rgba: await this.ask('decode', { model, latents }, `small ${end}`) };
      },
      originals: originalsAddress(this.state.model) ? () => (this.#originals ??= originalsOf(this.state.model)) : null,
      expected: expected(this.state.model),
    });
  }

  /** @param {'from' | 'to'} end */
  #draw(end) {
    if (!this.#data) return;
    const { model } = this.state;
    const { image } = this.#data.models[model].config;
    this.loadOptional(import('./parts/pad-dialog.js'), ({ PadDialog }) => {
      this.#pad ??= new PadDialog();
      this.#pad.open(this.node, model, image, (code) => {
        this.change({ z: { ...this.state.z, [end]: Array.from(code) } });
        this.#apply();
        this.#loadPath();
      });
    });
  }

  /** @param {MouseEvent} event */
  #jump(event) {
    const { index } = /** @type {HTMLElement} */ (event.target).dataset;
    if (index === undefined) return;
    this.#seek(Number(index) / (STRIP - 1));
  }

  /**
   * Moves to where the reader has pointed, and ends the animation.
   * @param {number} t
   */
  #seek(t) {
    this.#setPlaying(false);
    this.#moveTo(t);
    this.change({ t });
  }

  #toggle() {
    this.#setPlaying(!this.#player.isPlaying);
  }

  /** @param {boolean} isPlaying */
  #setPlaying(isPlaying) {
    this.#player.isPlaying = isPlaying;
    this.#play.set(isPlaying);
  }
}

/**
 * The caption, which suggests only what the host's controls allow.
 * @param {FigureState} state
 * @param {boolean} areUnlabeled true if the pictures have no labels
 * @param {boolean} canDraw true if the network can encode drawings
 */
function captionOf({ controls }, areUnlabeled, canDraw) {
  const mayPick = isOffered(controls, 'from', 'to', 'from-picture', 'to-picture', 'from-another', 'to-another');
  const mayDraw = canDraw && isOffered(controls, 'from-draw', 'to-draw');
  if (areUnlabeled) {
    const about = say(
      'Two pictures that the network has not seen in training, and the path between them. It turns each into a code, a short list of numbers; each picture in the strip is drawn from a code in between.',
    );
    return `${about} ${mayPick ? say('Pick others, and look for what changes first.') : say('Look for what changes first.')}`;
  }
  const about = say(
    'Two handwritten digits and the path between them. The network turns each into a code, a short list of numbers; each picture in the strip is drawn from a code in between.',
  );
  if (mayPick && mayDraw) {
    return `${about} ${say('Pick other digits or draw your own, and look for the moment when one turns into the other.')}`;
  }
  if (mayPick) return `${about} ${say('Pick other digits, and look for the moment when one turns into the other.')}`;
  if (mayDraw) return `${about} ${say('Draw your own, and look for the moment when one turns into the other.')}`;
  return `${about} ${say('Look for the moment when one turns into the other.')}`;
}
