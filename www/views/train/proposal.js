import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';

/** A proposal to the reader, with a button to accept it. */
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
    // Shown even if the host hides controls, since it is temporary.
    delete accept.dataset.control;
    this.node.replaceChildren(h('p', {}, text), accept);
    this.node.hidden = false;
  }

  close() {
    this.node.hidden = true;
  }
}
