import { isMade } from '../assets.js';
import { Caption } from './parts/caption.js';
import { h } from './parts/dom.js';
import { View } from './parts/view.js';
import { captionOf } from './samples/captions.js';
import { RandomCodes } from './samples/codes.js';
import { filmOfGrowth } from './samples/film.js';
import { EXPORT_COLUMNS, Panel, sideBySide } from './samples/panel.js';
import { Settings } from './samples/settings.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

/** The same random latents, decoded by two models. */
export class SamplesView extends View {
  #panels = {
    model: this.fitted(new Panel('model', 'variational')),
    compare: this.fitted(new Panel('compare', 'autoencoder')),
  };
  #settings = new Settings(this.state, {
    seed: (seed) => {
      this.change({ seed });
      this.#apply();
      this.#sample();
    },
    temperature: (temperature) => {
      this.change({ temperature });
      this.#sample();
    },
    show: (show) => {
      this.change({ show });
      this.#apply();
    },
    prior: (prior) => {
      this.change({ prior });
      this.#apply();
      this.#sample();
    },
    fit: (fit) => {
      this.change({ fit });
      this.#sample();
    },
    check: (check) => {
      this.change({ check });
      this.#look();
    },
  });
  #caption = new Caption(captionOf(this.state));
  #codes = new RandomCodes(this);
  /** Fetched when the pictures are first checked. @type {import('./samples/check.js').Check | null} */
  #check = null;
  /** @type {import('./parts/view.js').FigureData | null} */
  #data = null;
  /** Number of the current draw. Older ones are stale and stop. */
  #run = 0;

  /** @param {FigureState} state */
  constructor(state) {
    super(state, h('figure', { class: 'samples', part: 'figure' }));
    if (isMade(state.model)) this.#caption.insist(captionOf(state));
    this.node.append(sideBySide(Object.values(this.#panels)), this.#settings.node, this.#caption.node);
    this.#apply();
    // Before the check arrives, so that nothing below the lines moves then.
    if (state.check) for (const which of this.#shown()) this.#panels[which].keepLine();
  }

  /**
   * @param {FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
    this.#apply();
    this.#sample();
  }

  get still() {
    return { canvases: this.#visible().flatMap((which) => this.#panels[which].canvases), columns: EXPORT_COLUMNS };
  }

  /** An animation in which the spread grows from 0 to its value. @returns {import('./parts/export-dialog.js').Subject | null} */
  get film() {
    if (!this.#data) return null;
    const networks = this.#visible().map((which) => this.#network(which));
    return filmOfGrowth(networks, this.state.temperature, async (network, temperature) => {
      const latents = await this.#codes.of(network, temperature);
      return this.demand('decode', { model: network.model, latents });
    });
  }

  async shownCodes() {
    return Promise.all(
      this.#visible().map(async (which) => ({
        codes: this.#panels[which].codes,
        stored: await this.ask('stored', { model: this.state[which] }),
        name: this.#panels[which].name,
        note: this.#check?.noteOf(which),
      })),
    );
  }

  /** @param {import('./parts/view.js').FigureData} data */
  receive(data) {
    this.#data = data;
    for (const which of this.#shown()) this.#panels[which].kind = this.#network(which).kind;
    this.#apply();
    this.#sample();
  }

  #apply() {
    const { show, compare } = this.state;
    const hasPrior = this.#shown().some((which) => this.#mayHavePrior(this.state[which]));
    this.#settings.apply(this.state, hasPrior);
    const prior = hasPrior ? this.state.prior : 'normal';
    if (!isMade(this.state.model)) this.#caption.text = captionOf({ ...this.state, prior });
    this.node.dataset.show = compare ? show : 'model';
  }

  /**
   * True if a model has a fitted prior, or may have one while it is loading: so the choices have their place from the start, and nothing
   * below them moves.
   * @param {string} model
   */
  #mayHavePrior(model) {
    const loaded = this.#data?.models[model];
    return loaded ? loaded.components > 0 : !isMade(model);
  }

  /** Networks whose pictures are shown. */
  #visible() {
    const { show } = this.state;
    return this.#shown().filter((which) => show === which || show === 'both' || !this.state.compare);
  }

  /** @returns {('model' | 'compare')[]} */
  #shown() {
    return this.state.compare ? ['model', 'compare'] : ['model'];
  }

  /**
   * A loaded network: its name in the state, its config, and the components of its fitted prior.
   * @param {'model' | 'compare'} which
   */
  #network(which) {
    const model = this.state[which];
    const { config, components } = /** @type {import('./parts/view.js').FigureData} */ (this.#data).models[model];
    return { ...config, model, components };
  }

  /** Marks pictures that come back as something else, if the state asks for it. */
  #look() {
    if (!this.#data || !(this.state.check || this.#check)) return;
    this.loadOptional(import('./samples/check.js'), ({ Check }) => {
      this.#check ??= new Check(this);
      for (const which of this.#shown()) this.#check.show(which, this.#panels[which], this.#network(which).latent);
    });
  }

  async #sample() {
    if (!this.#data) return;
    const run = ++this.#run;
    const filled = await Promise.all(this.#shown().map((which) => this.#fill(which, run)));
    if (!filled.every(Boolean)) return;
    this.painted();
    this.#look();
  }

  /**
   * @param {'model' | 'compare'} which
   * @param {number} run
   * @returns {Promise<boolean>} false if a newer draw has started meanwhile
   */
  async #fill(which, run) {
    const { seed, temperature, prior } = this.state;
    const network = this.#network(which);
    const { model, image } = network;
    const latents = await this.#codes.of(network, temperature);
    // These codes may have waited for a file that newer codes do not need.
    if (run !== this.#run) return false;
    const pictures = await this.ask('decode', { model, latents }, `decode ${which}`);
    this.#panels[which].codes = latents;
    this.#panels[which].paint(image, pictures, seed, network.components > 0 ? prior : 'normal');
    return true;
  }
}
