import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';

/** Something that the reader may want now, with a button for it. */
export class Proposal {
  node = h('div', { class: 'proposal', part: 'proposal', role: 'status', hidden: true });

  /**
   * @param {string} text
   * @param {string} label of the button
   * @param {() => void} onAccept
   */
  open(text, label, onAccept) {
    const accept = button(label, 'accept', () => {
      this.close();
      onAccept();
    });
    // Whatever controls the host shows, this is for now only.
    delete accept.dataset.control;
    this.node.replaceChildren(h('p', {}, text), accept);
    this.node.hidden = false;
  }

  close() {
    this.node.hidden = true;
  }
}
