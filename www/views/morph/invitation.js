import { emit } from '../parts/events.js';
import { h } from '../parts/dom.js';

/** The place of a drawing's invitation to draw the other end. Its code is fetched once an end is a drawing. */
export class Invitation {
  #view;
  #ends;
  /** @type {import('./two-people.js').TwoPeople | null} */
  #two = null;

  /**
   * @param {import('../parts/view.js').View} view
   * @param {import('../parts/ends.js').Ends} ends
   */
  constructor(view, ends) {
    this.#view = view;
    this.#ends = ends;
    this.node = h('div', { class: 'two', part: 'two', 'data-control': 'two', hidden: !view.state.invite });
  }

  /** Shows the actions for the current ends. */
  show() {
    const phase = this.#phase;
    this.node.hidden = phase === null;
    if (!phase) return;
    this.#view.loadOptional(import('./two-people.js'), ({ TwoPeople, gifOf }) => {
      if (!this.#two) {
        this.#two = new TwoPeople({
          draw: () => this.#ends.draw('to'),
          send: (isAnswered) => this.#send(isAnswered),
          save: () => gifOf(this.#view),
        });
        this.node.append(...this.#two.nodes);
      }
      this.#two.show(phase, this.#ends.onlyDrawing?.length ?? 0);
    });
  }

  /** @returns {import('./two-people.js').Phase | null} */
  get #phase() {
    const { hasDrawing, areDrawings, onlyDrawing } = this.#ends;
    // Codes set by a host are pictures like any others.
    if (hasDrawing) return areDrawings ? 'keep' : onlyDrawing && 'send';
    const { invite, z } = this.#view.state;
    return invite && z.from && !z.to ? 'answer' : null;
  }

  /**
   * @param {boolean} isAnswered
   * @returns {ReturnType<import('./two-people.js').Actions['send']>}
   */
  #send(isAnswered) {
    const invitation = { z: { from: this.#ends.onlyDrawing, to: null }, invite: true, autoplay: false, t: 0 };
    const changed = isAnswered ? { invite: false, autoplay: true, t: 0 } : invitation;
    return new Promise((resolve, reject) => emit(this.#view.node, 'latent-send', { changed, resolve, reject }));
  }
}
