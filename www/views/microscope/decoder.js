import { MotionPreference } from '../../state/reader.js';
import { say } from '../../state/texts.js';
import { paintTrack, playButton } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { on } from '../parts/events.js';
import { heading } from '../parts/heading.js';
import { filmOfPath } from '../parts/film.js';
import { LargePicture } from '../parts/pictures.js';
import { OwnPictures } from '../parts/own/own-pictures.js';
import { originalsOf } from '../parts/originals.js';
import { codeOf, nameOf, placeOf } from '../parts/stored.js';
import { PathPlayer } from '../parts/path-player.js';
import { Colors } from './colors.js';
import { EndPickers } from './end-pickers.js';
import { describe, layersOf, mapsOf, shapesOf, strongest, typicalLimit } from './layers.js';
import { Lens } from './lens.js';
import { MapSheet } from './sheet.js';
import { plain } from './words.js';

/** @typedef {import('../../state/state.js').FigureState} FigureState */
/** @typedef {import('./layers.js').FeatureMaps} FeatureMaps */
/** @typedef {'from' | 'to'} End */

const ENDS = /** @type {const} */ (['from', 'to']);

/** Frames of the path. */
const FRAMES = 121;

/** Positions on the path that set the color scale of each layer, so that colors do not flicker along it. */
const SAMPLES = [0, 0.25, 0.5, 0.75, 1];

/** Follows one code through every layer of the decoder. */
export class DecoderPanel {
  #owner;
  #state;
  /** @type {(value: unknown) => void} */
  #completed = () => {};
  #player = new PathPlayer((t) => this.#moveTo(t));
  #play = playButton(() => this.#setPlaying(!this.#player.isPlaying));
  #slider = h('input', { type: 'range', part: 't', min: 0, max: FRAMES - 1, step: 1 });
  #ends = new EndPickers({
    pick: (end, endpoint) => this.#replace(end, null, { [end]: endpoint }),
    own: (end) => this.#own?.open(end),
  });
  /** Pictures of the reader's, which are not in the state, so that no link carries them. */
  #taken = {
    from: /** @type {import('../parts/own/dialog.js').Taken | null} */ (null),
    to: /** @type {import('../parts/own/dialog.js').Taken | null} */ (null),
  };
  /** @type {OwnPictures | null} */
  #own = null;
  /** @type {ReturnType<typeof originalsOf> | undefined} */
  #originals;
  #colors = new Colors();
  /** @type {import('./colors.js').Color[]} colors of the last painting */
  #painted = [];
  #picture = new LargePicture('picture');
  #lens = new Lens();
  #flow = h('div', { class: 'flow' });
  /** @type {{sheet: MapSheet, name: string, limit: number}[]} */
  #stages = [];
  /** @type {FeatureMaps[]} */
  #maps = [];
  #chosen = { layer: -1, map: 0 };
  /** @type {import('../parts/view.js').FigureData | null} */
  #data = null;
  /** @type {Float32Array} [FRAMES, latent] */
  #latents = new Float32Array();
  /** Number of the current path. Older ones are stale and stop. */
  #run = 0;
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #repaint = () => this.#paint();
  #motion = new MotionPreference(() => this.#setPlaying(this.#player.isPlaying && !this.#motion.isReduced));

  /**
   * @param {FigureState} state
   * @param {import('./figure.js').Owner} owner
   */
  constructor(state, owner) {
    this.#state = state;
    this.#owner = owner;
    this.#play.node.setAttribute('part', 'journey-play');
    this.#play.node.dataset.control = 'journey-play';
    /** Parts whose size follows their place. */
    this.fitted = [this.#picture];
    /** Resolves with the first picture and its maps, from whichever request. */
    this.complete = new Promise((resolve) => (this.#completed = resolve));
    const way = h(
      'label',
      { class: 'field way-field', 'data-control': 't' },
      h('span', { class: 'name' }, say('Position between the two pictures')),
      this.#slider,
    );
    const controls = h(
      'div',
      { class: 'journey-controls', role: 'group', 'aria-label': say('One code through the decoder') },
      this.#play.node,
      way,
      this.#ends.node,
    );
    const drawn = h(
      'div',
      { class: 'drawn' },
      this.#picture.frame,
      h('p', { class: 'hint' }, say('The picture: the logits after the sigmoid.')),
    );
    const aside = h('div', { class: 'beside' }, this.#lens.node, drawn);
    this.node = h(
      'div',
      { class: 'journey' },
      this.#colors.node,
      controls,
      h('div', { class: 'columns' }, this.#flow, aside),
    );
    this.#slider.addEventListener('input', () => {
      this.#setPlaying(false);
      this.#moveTo(this.#slider.valueAsNumber / (FRAMES - 1));
    });
    this.#dark.addEventListener('change', this.#repaint);
    this.#apply();
    this.#setPlaying(state.autoplay && !this.#motion.isReduced);
  }

  /**
   * @param {FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    this.#state = state;
    for (const end of ENDS) if (changed.has(end) || changed.has('z')) this.#taken[end] = null;
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
    this.#own ??= new OwnPictures(
      { node: this.#owner.node, state: () => this.#state, loadOptional: this.#owner.loadOptional },
      {
        data: () => this.#data,
        own: (end) => this.#taken[end],
        onTake: (end, taken) => this.#replace(end, taken, {}),
      },
    );
    this.#ends.offer(this.#stored);
    this.#apply();
    const { config } = data.models[this.#state.model];
    const layers = layersOf(config);
    this.#stages = layers.map(({ name, short }, layer) => {
      const sheet = new MapSheet(`maps-${layer}`, say('Feature maps: {layer}', { layer: name }));
      on(sheet.node, 'choose', (/** @type {number} */ map) => this.#choose(layer, map));
      sheet.node.addEventListener('fit', () => this.#show());
      return { sheet, name: short, limit: 1 };
    });
    this.#flow.replaceChildren(
      ...layers.map(({ name, about }, layer) =>
        h(
          'div',
          { class: 'stage' },
          h('div', { class: 'stage-text' }, heading(4, {}, name), h('p', {}, about)),
          this.#stages[layer].sheet.node,
        ),
      ),
    );
    const shapes = shapesOf(config);
    this.#stages.forEach(({ sheet }, layer) => {
      sheet.width.measure();
      sheet.reserve(shapes[layer]);
    });
    this.#picture.width.measure();
    // The first path's requests may be replaced by those of an animation or of a newly chosen picture.
    await Promise.race([this.complete, this.#loadPath().then(() => this.complete)]);
  }

  /** Prints in light colors, whatever the screen has. @param {boolean} isPrinting */
  print(isPrinting) {
    this.#colors.scheme = isPrinting ? 'light' : '';
    this.#paint();
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#player.mayRun = isNear;
  }

  destroy() {
    this.#own?.destroy();
    this.#motion.destroy();
    this.#dark.removeEventListener('change', this.#repaint);
    for (const { sheet } of this.#stages) sheet.width.destroy();
  }

  /** Names of the stored pictures that a link shows in place of the reader's. */
  get unlinked() {
    return ENDS.filter((end) => this.#taken[end]).map((end) => nameOf(this.#stored, this.#state[end]));
  }

  /**
   * Shows another picture at an end.
   * @param {End} end
   * @param {import('../parts/own/dialog.js').Taken | null} taken a picture of the reader's
   * @param {Partial<FigureState>} changed
   */
  #replace(end, taken, changed) {
    this.#taken[end] = taken;
    this.#change({ ...changed, z: { ...this.#state.z, [end]: null } });
    this.#ends.show(this.#state, this.#taken);
    this.#loadPath();
  }

  /** @param {Partial<FigureState>} changed */
  #change(changed) {
    this.#state = { ...this.#state, ...changed };
    this.#owner.change(changed);
  }

  #apply() {
    const { t, speed, loop } = this.#state;
    this.#ends.show(this.#state, this.#taken);
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
    // Maps are shown on the way between two codes; a detour through other pictures would only be in the way.
    const path = /** @type {'lerp' | 'slerp'} */ (this.#state.path === 'lerp' ? 'lerp' : 'slerp');
    const args = { path, from: this.#code('from'), to: this.#code('to'), frames: FRAMES };
    const run = ++this.#run;
    const latents = await this.#owner.ask('interpolate', args, 'decoder path');
    /** @type {FeatureMaps[][]} */
    const samples = [];
    for (const t of SAMPLES) samples.push(await this.#ask(codeAt(latents, t)));
    if (run !== this.#run) return;
    this.#latents = latents;
    this.#paintEnds(latents);
    this.#stages.forEach((stage, layer) => (stage.limit = typicalLimit(samples.map((maps) => maps[layer].values))));
    if (this.#chosen.layer < 0) {
      const layer = Math.min(1, samples[0].length - 1);
      this.#chosen = { layer, map: strongest(samples[0][layer]) };
    }
    await this.#decode();
  }

  /** Paints small pictures of both ends beside their names. @param {Float32Array} path */
  async #paintEnds(path) {
    const { model } = this.#state;
    const [from, to] = [codeAt(path, 0), codeAt(path, 1)];
    const latents = Float32Array.of(...from, ...to);
    const pictures = await this.#owner.ask('decode', { model, latents }, 'decoder ends');
    const { image } = /** @type {import('../parts/view.js').FigureData} */ (this.#data).models[model].config;
    const draw = await (this.#originals ??= originalsOf(model, this.#stored, image));
    if (path !== this.#latents) return;
    this.#ends.paint(image, pictures, (end, original) => {
      const taken = this.#taken[end];
      if (taken) original.paint(image, taken.seen);
      else if (!this.#state.z[end]) draw?.(placeOf(this.#stored, this.#state[end]), original);
      return taken !== null || (draw !== null && !this.#state.z[end]);
    });
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
    this.#maps = maps;
    this.#picture.paint(this.#data.models[model].config.image, picture);
    const [from, to] = [this.#name('from'), this.#name('to')];
    this.#picture.label = say('Decoded picture between {from} and {to}', { from, to });
    this.#paint();
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

  #paint() {
    this.#painted = this.#colors.now();
    this.#maps.forEach((maps, layer) =>
      this.#stages[layer].sheet.paint(maps, this.#stages[layer].limit, this.#painted),
    );
    this.#show();
  }

  /** Shows the chosen map in the lens. */
  #show() {
    const { layer, map } = this.#chosen;
    const maps = this.#maps[layer];
    if (!maps) return;
    const { name, limit } = this.#stages[layer];
    const said = describe(maps, map);
    this.#lens.show(maps, map, {
      limit,
      colors: this.#painted,
      layer: name,
      ...said,
      ends: [`≤ ${plain(-limit)}`, `≥ ${plain(limit)}`],
    });
    this.#stages.forEach(({ sheet }, i) => sheet.mark(i === layer ? map : -1, `${said.title}, ${said.about}`));
  }

  /**
   * @param {number} layer
   * @param {number} map
   */
  #choose(layer, map) {
    this.#chosen = { layer, map };
    this.#show();
  }

  /** @param {number} t */
  #codeAt(t) {
    return codeAt(this.#latents, t);
  }

  get #stored() {
    return /** @type {import('../parts/stored.js').StoredLatents} */ (this.#data?.stored);
  }

  /** @param {End} end */
  #code(end) {
    return codeOf(this.#stored, this.#state[end], this.#taken[end]?.code ?? this.#state.z[end]);
  }

  /** @param {End} end */
  #name(end) {
    if (this.#taken[end]) return say('your picture');
    return this.#state.z[end] ? say('your drawing') : nameOf(this.#stored, this.#state[end]);
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
