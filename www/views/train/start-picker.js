import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';

/** @typedef {{model: string} | {file: File}} Source a shipped network by its name, or a model file */

const shipped = () =>
  /** @type {const} */ ([
    ['digits', say('our digits')],
    ['digits-plain', say('our digits, plain network')],
    ['map', say('our digits, two numbers')],
    ['fashion', say('our clothes')],
    ['emoji', say('our emoji')],
    ['cats', say('our cats')],
  ]);

/** A choice of the network from which a run starts. Emits `start` on its node (detail: a Source, or null for random weights). */
export class StartPicker {
  #select = h(
    'select',
    { part: 'start-from' },
    h('option', { value: '' }, say('random weights')),
    ...shipped().map(([model, name]) => h('option', { value: model }, name)),
  );
  /** @type {File | null} the last dropped file */
  #file = null;

  constructor() {
    this.node = h(
      'label',
      { class: 'field', 'data-control': 'start-from' },
      h('span', { class: 'name' }, say('Start from')),
      this.#select,
    );
    this.#select.addEventListener('change', () => {
      const { value } = this.#select;
      const source = value === 'file' && this.#file ? { file: this.#file } : value ? { model: value } : null;
      emit(this.node, 'start', source);
    });
  }

  /** Adds the visitor's model file to the choice. @param {File} file */
  offer(file) {
    this.#file = file;
    this.#select.querySelector('[value=file]')?.remove();
    this.#select.append(h('option', { value: 'file' }, file.name));
  }

  /** Shows the start of a run. @param {import('../../training/page/start.js').Start} start */
  show({ name, file }) {
    const isShipped = [...this.#select.options].some(({ value }) => value === name);
    if (!isShipped) this.offer(new File([/** @type {Uint8Array<ArrayBuffer>} */ (file)], name));
    this.set(name);
  }

  /** Selects a network. @param {string} name a shipped network, or the file's name; empty for random weights */
  set(name) {
    this.#select.value = name === this.#file?.name ? 'file' : name;
  }

  /** @param {boolean} isLocked */
  lock(isLocked) {
    this.#select.disabled = isLocked;
  }
}
