import { latentsAddress, modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';
import { savesData } from '../state/reader.js';
import { say, written } from '../state/texts.js';
import { button } from '../views/parts/controls.js';
import { h } from '../views/parts/dom.js';
import { check, megabytesOf, needs } from './figures.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

/** Loads a figure's files, and shows the progress below the figure. Readers who save data get a button first. */
export class Loading {
  node = h('p', { class: 'loading', role: 'status' });
  /** True once the reader has pressed the button. */
  #isWanted = false;

  /**
   * @param {FigureState} state
   * @returns {boolean} true if the files must wait until the reader asks for them
   */
  mustWait({ loading }) {
    return savesData() && !this.#isWanted && loading === 'lazy';
  }

  /**
   * Shows a button that loads the files.
   * @param {FigureState} state
   * @param {() => void} onPress
   */
  offer(state, onPress) {
    const size = megabytesOf(state);
    const load = button(
      size ? say('Load the figure, about {size} MB', { size: written(size.toFixed(1)) }) : say('Load the figure'),
      'load',
      () => {
        this.#isWanted = true;
        this.clear();
        onPress();
      },
    );
    load.classList.add('primary');
    delete load.dataset.control;
    this.node.replaceChildren(load);
  }

  clear() {
    this.node.textContent = '';
  }

  /**
   * Loads the models and the stored latents that the figure needs.
   * @param {FigureState} state
   * @param {AbortSignal} signal of the view
   * @param {(done: number, of: number) => void} onFile called after each file
   * @returns {Promise<import('../views/parts/view.js').FigureData>}
   */
  async load(state, signal, onFile) {
    this.node.textContent = say('Loading the network…');
    const { models, stored } = needs[state.figure](state);
    const of = models.length + Number(stored);
    let done = 0;
    /** @template T @param {Promise<T>} file */
    const counted = async (file) => {
      const value = await file;
      if (!signal.aborted) onFile(++done, of);
      return value;
    };
    const [latents, ...infos] = await Promise.all([
      stored ? counted(pageEngine.latents(latentsAddress(state.model), { signal })) : null,
      ...models.map((name) => counted(pageEngine.load(modelAddress(name), { signal }))),
    ]);
    if (infos.length > 0) check(state, infos[0].config.latent, latents);
    return { models: Object.fromEntries(models.map((name, i) => [name, infos[i]])), stored: latents };
  }
}
