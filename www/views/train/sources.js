import { retell, say } from '../../state/texts.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';

/** @typedef {'digits' | 'fashion' | 'emoji' | 'cats'} ShippedModel a model that decodes pictures to train on */

const otherModels = () =>
  /** @type {const} */ ([
    ['fashion', say('Clothes')],
    ['emoji', say('Emoji')],
    ['cats', say('Cats')],
  ]);

/** Most refused files that are named; the others are counted. */
const NAMED = 3;

/**
 * Buttons for the image sources. Emits on its node: `files` (detail: an array of files), `model` (detail: the shipped model to decode
 * pictures with), `camera` and `draw`.
 */
export class Sources {
  #input = h('input', { type: 'file', multiple: true, hidden: true, part: 'files' });
  #folder = h('input', { type: 'file', multiple: true, webkitdirectory: true, hidden: true, part: 'folder' });
  /** Separate from the buttons, since the text stays valid while they are hidden. */
  statusNode = h('p', { class: 'sources-status', part: 'sources-status', role: 'status' });
  #buttons;

  constructor() {
    for (const input of [this.#input, this.#folder]) {
      input.addEventListener('change', () => {
        if (input.files?.length) emit(this.node, 'files', [...input.files]);
        input.value = '';
      });
    }
    const others = h('select', {
      part: 'use-other',
      'data-control': 'use-other',
      'aria-label': say('Pictures from another network on this page'),
    });
    others.append(
      h('option', { value: '' }, say('Our other pictures')),
      ...otherModels().map(([model, name]) => h('option', { value: model }, name)),
    );
    others.addEventListener('change', () => {
      if (others.value) emit(this.node, 'model', others.value);
      others.value = '';
    });
    this.#buttons = [
      button(say('Our digits'), 'use-digits', () => emit(this.node, 'model', 'digits')),
      others,
      button(say('Choose files'), 'choose-files', () => this.#input.click()),
      button(say('Choose a folder'), 'choose-folder', () => this.#folder.click()),
      button(say('Camera'), 'camera', () => emit(this.node, 'camera')),
      button(say('Draw'), 'draw', () => emit(this.node, 'draw')),
    ];
    this.node = h(
      'div',
      { class: 'offers' },
      h('div', { class: 'row' }, ...this.#buttons, this.#input, this.#folder),
      h(
        'p',
        { class: 'hint' },
        say(
          'Or drop pictures, a folder or MNIST files (IDX, also gzipped) on this figure, or paste a picture. Nothing leaves your machine.',
        ),
      ),
      h(
        'details',
        { class: 'hint' },
        h('summary', {}, say('Where our pictures come from')),
        say(
          'They are neither a download nor handwriting: the decoder of this page draws them from the stored codes of 500 test digits and from points between two of the same digit. The page’s other networks draw theirs in the same way.',
        ),
      ),
    );
  }

  /** @param {string} text */
  set status(text) {
    this.statusNode.textContent = text;
  }

  /** Moves the focus to the first source. */
  focus() {
    this.#buttons[0].focus({ preventScroll: true });
  }

  /**
   * @param {import('../../training/input/images.js').Refusal[]} refused
   * @param {string} [taken] text about the files that were accepted
   */
  refuse(refused, taken = '') {
    if (refused.length === 0) return;
    const named = refused.slice(0, NAMED).map(({ name, why }) => `${name}: ${retell(why)}.`);
    const more = refused.length > NAMED ? say('And {count} more.', { count: refused.length - NAMED }) : '';
    this.statusNode.textContent = [taken, say('Left out:'), ...named, more].join(' ').trim();
  }

  /** @param {boolean} isLocked true while there is a run, which keeps its pictures */
  lock(isLocked) {
    this.node.hidden = isLocked;
  }
}
