import { say } from '../../state/texts.js';
import { button, choice } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';

/**
 * @typedef {object} Save
 * @property {number} which index of the network
 * @property {import('../../training/protocol.js').Precision} precision of its weights in the file
 */

/**
 * Controls for a trained network: save, use in other figures, export, forget. Emits on its node: `save` (detail: a Save),
 * `use` (detail: which), `film`, and `forget`.
 */
export class Keep {
  #which = h('div', {});
  #selected = 0;
  #precision = /** @type {'f32' | 'f16' | 'i8'} */ ('f32');
  /** Separate from the controls, since it also reports dropped model files. */
  statusNode = h('p', { class: 'hint', part: 'keep-status', role: 'status' });
  #forget = button(say('Forget everything'), 'forget', () => this.#ask());
  #isAsking = false;

  constructor() {
    const precision = choice(
      {
        legend: say('Numbers'),
        name: 'precision',
        values: /** @type {const} */ ([
          ['f32', say('32 bits')],
          ['f16', '16'],
          ['i8', '8'],
        ]),
        value: this.#precision,
      },
      (value) => (this.#precision = value),
    );
    const save = button(say('Save as .safetensors'), 'save', () =>
      emit(this.node, 'save', { which: this.#selected, precision: this.#precision }),
    );
    const use = button(say('Use in the figures above'), 'use', () => emit(this.node, 'use', this.#selected));
    const film = button(say('Export the history'), 'export', () => emit(this.node, 'film', undefined));
    this.node = h(
      'div',
      { class: 'keep', hidden: true },
      h('div', { class: 'settings' }, this.#which, precision.node),
      h('div', { class: 'row' }, save, use, film, this.#forget),
    );
  }

  /** @param {('variational' | 'autoencoder')[]} kinds */
  begin(kinds) {
    this.#selected = 0;
    const values = kinds.map(
      (kind, i) => /** @type {const} */ ([String(i), kind === 'variational' ? say('VAE') : say('Plain')]),
    );
    const which = choice(
      { legend: say('Network'), name: 'which', values, value: '0' },
      (value) => (this.#selected = Number(value)),
    );
    this.#which.hidden = kinds.length === 1;
    this.#which.replaceChildren(...(kinds.length > 1 ? [which.node] : []));
  }

  /** @param {string} text */
  set status(text) {
    this.statusNode.textContent = text;
  }

  /** Asks for confirmation, since a deleted run cannot be restored. */
  #ask() {
    if (this.#isAsking) emit(this.node, 'forget', undefined);
    this.#isAsking = !this.#isAsking;
    this.#forget.textContent = this.#isAsking
      ? say('Really? Forget the run and its pictures')
      : say('Forget everything');
  }
}
