import { say } from '../../state/texts.js';
import { Caption } from '../parts/caption.js';

/** @typedef {import('../../training/page/settings.js').Settings['kind']} Kind */

/** The caption of a figure that trains: the host's, or a caption that fits the settings. */
export class TrainCaption {
  #caption = new Caption('');
  /** The slot of the host's caption. */
  #slotted = [...this.#caption.node.childNodes];
  node = this.#caption.node;

  /**
   * @param {Kind} kind
   * @param {boolean} isHosts true to show the host's caption, if there is one
   */
  show(kind, isHosts) {
    const text = words(kind);
    this.#caption.text = text;
    if (isHosts) this.node.replaceChildren(...this.#slotted);
    else this.#caption.insist(text);
  }
}

/** @param {Kind} kind */
function words(kind) {
  const here = say(
    'Everything happens in this tab: the pictures are read, the networks are trained and kept here, and nothing is sent anywhere. A run survives a reload.',
  );
  return kind === 'both'
    ? `${here} ${say('Both networks start from the same weights and see the same batches; they differ only in their loss.')}`
    : here;
}
