import { isMade } from '../assets.js';
import { say, written } from '../state/texts.js';
import { Caption } from './parts/caption.js';
import { button, checkbox, choice, numberField, slider } from './parts/controls.js';
import { h } from './parts/dom.js';
import { Frames } from './parts/film.js';
import { isOffered } from './parts/offered.js';
import { Tiles, wholeMultiple } from './parts/pictures.js';
import { spreadOf } from './parts/spread.js';
import { View } from './parts/view.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

const COUNT = 40;

/** Numbers of columns that leave no row incomplete. */
const COLUMNS = [10, 8, 5, 4];

/** Frames of the exported animation, and the gap between two networks' pictures in it, in pixels. */
const GROWTH = 81;
const BETWEEN = 8;

/** A column is at least this wide, in CSS pixels. */
const NARROWEST = 56;

/** Seeds that the button draws from: short enough to remember. */
const SEEDS = 10_000;

const titles = () => ({ variational: say('Variational autoencoder'), autoencoder: say('Plain autoencoder') });

/** The same random latents, decoded by two models. */
export class SamplesView extends View {
  #panels = { model: panel('model', titles().variational), compare: panel('compare', titles().autoencoder) };
  #seed = numberField({ label: say('Seed'), part: 'seed', low: 0, high: 0xffff_ffff, value: 0 }, (seed) =>
    this.#setSeed(seed),
  );
  #caption = new Caption(captionOf(this.state));
  #temperature;
  #fit;
  #show;
  /** @type {import('./parts/view.js').FigureData | null} */
  #data = null;
  /** @type {{seed: number, latent: number, draws: Promise<Float32Array>} | null} */
  #last = null;
  /** Number of the current draw. Older ones are stale and stop. */
  #run = 0;
  /** Codes of the pictures on the screen. */
  #codes = { model: new Float32Array(), compare: new Float32Array() };
  /** @type {Map<string, Promise<import('./parts/spread.js').Spread>>} by model */
  #spreads = new Map();

  /** @param {FigureState} state */
  constructor(state) {
    super(state, h('figure', { class: 'samples', part: 'figure' }));
    this.#temperature = slider({
      label: say('Spread'),
      part: 'temperature',
      min: 0,
      max: 2,
      step: 0.05,
      value: state.temperature,
      format: (spread) => written(spread.toFixed(2)),
    });
    const shown = /** @type {const} */ ([
      ['both', say('Both')],
      ['model', say('VAE')],
      ['compare', say('Plain')],
    ]);
    this.#show = choice({ legend: say('Show'), name: 'show', values: shown, value: state.show }, (show) => {
      this.change({ show });
      this.#apply();
    });
    this.#fit = checkbox(say('Aim at each network’s own codes'), state.fit, 'fit', (fit) => {
      this.change({ fit });
      this.#sample();
    });
    const another = button(say('New random numbers'), 'new-seed', () =>
      this.#setSeed(Math.floor(Math.random() * SEEDS)),
    );
    another.classList.add('primary');
    this.#temperature.input.addEventListener('input', () => {
      this.change({ temperature: this.#temperature.input.valueAsNumber });
      this.#sample();
    });
    const settings = h(
      'div',
      { class: 'settings' },
      another,
      this.#seed.node,
      this.#temperature.node,
      this.#show.node,
      this.#fit.node,
    );
    const panels = h('div', { class: 'panels' }, this.#panels.model.node, this.#panels.compare.node);
    panels.addEventListener('pointerover', (event) => this.#highlight(event));
    panels.addEventListener('pointerleave', (event) => this.#highlight(event));
    if (isMade(state.model)) this.#caption.insist(captionOf(state));
    this.node.append(panels, settings, this.#caption.node);
    for (const { tiles } of Object.values(this.#panels)) this.fitted(tiles);
    this.#apply();
  }

  /**
   * @param {FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
    if (!isMade(state.model)) this.#caption.text = captionOf(state);
    this.#apply();
    this.#sample();
  }

  get still() {
    const shown = this.#visible().map((which) => this.#panels[which]);
    return { canvases: shown.flatMap(({ tiles }) => tiles.pictures.map(({ canvas }) => canvas)), columns: COLUMNS[1] };
  }

  /** An animation in which the spread grows from 0 to its value. @returns {import('./parts/export-dialog.js').Subject | null} */
  get film() {
    if (!this.#data) return null;
    const networks = this.#visible().map((which) => {
      const model = this.state[which];
      const { image, latent } = /** @type {import('./parts/view.js').FigureData} */ (this.#data).models[model].config;
      return { model, latent, size: { width: image.width, height: image.height }, isInk: image.channels === 1 };
    });
    const columns = COLUMNS[1];
    const width = networks.reduce((sum, { size }) => sum + columns * size.width + BETWEEN, -BETWEEN);
    const height = Math.max(...networks.map(({ size }) => (COUNT / columns) * size.height));
    const { temperature } = this.state;
    return {
      ...{ name: 'samples', most: GROWTH, count: 49, isInk: networks.every(({ isInk }) => isInk) },
      frames: async (count) => {
        const frames = new Frames(count, { width, height });
        let start = 0;
        for (const { model, latent, size } of networks) {
          const length = size.width * size.height * 4;
          for (let frame = 0; frame < count; frame++) {
            const latents = await this.#codesOf(model, latent, (temperature * frame) / (count - 1));
            const pictures = await this.demand('decode', { model, latents });
            for (let i = 0; i < COUNT; i++) {
              const place = { left: start + (i % columns) * size.width, top: Math.floor(i / columns) * size.height };
              frames.lay(frame, pictures.subarray(i * length, (i + 1) * length), size, place);
            }
          }
          start += columns * size.width + BETWEEN;
        }
        return frames;
      },
    };
  }

  async shownCodes() {
    return Promise.all(
      this.#visible().map(async (which) => ({
        codes: this.#codes[which],
        stored: await this.ask('stored', { model: this.state[which] }),
        name: this.#panels[which].title.textContent ?? '',
      })),
    );
  }

  /** @param {import('./parts/view.js').FigureData} data */
  receive(data) {
    this.#data = data;
    for (const which of this.#shown()) {
      this.#panels[which].title.textContent = titles()[data.models[this.state[which]].config.kind];
    }
    this.#sample();
  }

  #apply() {
    const { seed, temperature, fit, show, compare } = this.state;
    this.#fit.input.checked = fit;
    this.#seed.set(seed);
    this.#temperature.set(temperature);
    this.#show.set(show);
    this.node.dataset.show = compare ? show : 'model';
    this.#show.node.hidden = !compare;
  }

  /** Networks whose pictures are not hidden. */
  #visible() {
    const { show } = this.state;
    return this.#shown().filter((which) => show === which || show === 'both' || !this.state.compare);
  }

  /** @returns {('model' | 'compare')[]} */
  #shown() {
    return this.state.compare ? ['model', 'compare'] : ['model'];
  }

  /** @param {number} seed */
  #setSeed(seed) {
    this.change({ seed });
    this.#apply();
    this.#sample();
  }

  async #sample() {
    if (!this.#data) return;
    const run = ++this.#run;
    const filled = await Promise.all(this.#shown().map((which) => this.#fill(which, run)));
    if (filled.every(Boolean)) this.painted();
  }

  /**
   * @param {'model' | 'compare'} which
   * @param {number} run
   * @returns {Promise<boolean>} false if a newer draw has started meanwhile
   */
  async #fill(which, run) {
    const { seed, temperature } = this.state;
    const model = this.state[which];
    const { latent, image } = /** @type {import('./parts/view.js').FigureData} */ (this.#data).models[model].config;
    const latents = await this.#codesOf(model, latent, temperature);
    // These codes may have waited for a file that newer ones do not need.
    if (run !== this.#run) return false;
    const pictures = await this.ask('decode', { model, latents }, `decode ${which}`);
    this.#codes[which] = latents;
    const { tiles, title } = this.#panels[which];
    tiles.paint(
      image,
      pictures,
      say('{count} decoded random codes, {network}, seed {seed}', {
        count: COUNT,
        network: title.textContent ?? '',
        seed,
      }),
    );
    return true;
  }

  /**
   * The random codes of the current seed.
   * @param {string} model
   * @param {number} latent
   * @param {number} temperature
   */
  async #codesOf(model, latent, temperature) {
    const draws = await this.#draws(latent);
    const spread = this.state.fit ? await this.#spread(model) : null;
    const scale = Math.fround(temperature);
    return draws.map((value, i) => {
      const scaled = Math.fround(value * scale);
      return spread ? spread.mean[i % latent] + Math.fround(scaled * spread.deviation[i % latent]) : scaled;
    });
  }

  /**
   * The random numbers of the current seed, the same for all models with this latent size.
   * @param {number} latent
   */
  #draws(latent) {
    const { seed } = this.state;
    if (this.#last?.seed !== seed || this.#last.latent !== latent) {
      this.#last = { seed, latent, draws: this.ask('draws', { seed, stream: 0, count: COUNT * latent }) };
    }
    return this.#last.draws;
  }

  /** @param {string} model */
  #spread(model) {
    const known = this.#spreads.get(model);
    if (known) return known;
    const spread = this.ask('stored', { model }).then(spreadOf);
    this.#spreads.set(model, spread);
    return spread;
  }

  /**
   * Highlights the same latent in both grids.
   * @param {PointerEvent} event
   */
  #highlight(event) {
    const { index } = /** @type {HTMLElement} */ (event.target).dataset;
    for (const { tiles } of Object.values(this.#panels)) {
      tiles.pictures.forEach((picture, i) => picture.node.classList.toggle('twin', String(i) === index));
    }
  }
}

/**
 * @param {string} part
 * @param {string} name
 */
function panel(part, name) {
  const title = h('p', { class: 'panel-title' }, name);
  const tiles = new Tiles(COUNT, { part: `samples-${part}`, layout });
  return { title, tiles, node: h('div', { class: `panel ${part}` }, title, tiles.node) };
}

/**
 * @param {number} room
 * @param {number} pixels
 */
function layout(room, pixels) {
  const columns = COLUMNS.find((count) => room / count >= NARROWEST) ?? COLUMNS[COLUMNS.length - 1];
  return { columns, side: wholeMultiple(room / columns, pixels) };
}

/**
 * The caption, which suggests only what the host's controls allow.
 * @param {FigureState} state
 */
function captionOf({ model, compare, show, controls }) {
  const isOwn = isMade(model);
  const areTwo = compare !== '' && show === 'both';
  // The claims below hold for these two networks only.
  const areOurs = areTwo && model === 'digits' && compare === 'digits-plain';
  const maySpread = isOffered(controls, 'temperature');
  const mayAim = areOurs && isOffered(controls, 'fit');
  const tail = () => {
    if (maySpread && mayAim) {
      return say(
        'Drag the spread toward 0 and all pictures become one; aim at each network’s own codes and the plain one does better, but its strokes stay broken.',
      );
    }
    if (mayAim) {
      return say('Aim at each network’s own codes and the plain one does better, but its strokes stay broken.');
    }
    if (!maySpread) return '';
    return areTwo
      ? say('Drag the spread toward 0 and all pictures become one, the mean of what the network knows.')
      : say(
          'Drag the spread toward 0 and all pictures become one, the mean of what the network knows; drag it up and they become daring, then strange.',
        );
  };
  return [
    about(isOwn, areTwo),
    areOurs ? say('The variational autoencoder draws digits from most of them, the plain one from hardly any.') : '',
    tail(),
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * @param {boolean} isOwn
 * @param {boolean} areTwo
 */
function about(isOwn, areTwo) {
  const count = COUNT;
  if (isOwn && areTwo) {
    return say(
      '{count} lists of random numbers, each decoded by both of your networks: the same place in both grids holds the same numbers.',
      { count },
    );
  }
  if (isOwn) return say('{count} lists of random numbers, decoded by your network.', { count });
  if (areTwo) {
    return say(
      '{count} lists of random numbers, each decoded by two networks: the same place in both grids holds the same numbers.',
      { count },
    );
  }
  return say('{count} lists of random numbers, decoded: no picture of the training set is among them.', { count });
}
