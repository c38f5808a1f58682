import { h } from '../parts/dom.js';

/** @typedef {{left: string, top: string, width: string, height: string}} Place a rectangle, as a style */

/**
 * A critic's verdicts as small bars, one at the lower edge of each picture of a mosaic: to the right from the middle if it takes the
 * picture for real, to the left if not, and longer the surer it is. The text beside the mosaic says it in words.
 */
export class VerdictMarks {
  node = h('div', { class: 'verdicts', 'aria-hidden': 'true', hidden: true });

  /**
   * @param {ArrayLike<number> | null} verdicts null without a critic
   * @param {(index: number) => Place} placeOf
   */
  show(verdicts, placeOf) {
    this.node.hidden = !verdicts;
    if (!verdicts) return;
    while (this.node.children.length < verdicts.length) this.node.append(h('div', {}, h('span')));
    while (this.node.children.length > verdicts.length) this.node.lastElementChild?.remove();
    for (const [index, mark] of /** @type {HTMLElement[]} */ ([...this.node.children]).entries()) {
      Object.assign(mark.style, placeOf(index));
      mark.dataset.real = String(verdicts[index] > 0);
      mark.style.setProperty('--sure', String(Math.tanh(Math.abs(verdicts[index]))));
    }
  }
}

/**
 * The number of pictures that the critic takes for real.
 * @param {ArrayLike<number>} verdicts
 */
export function takenForReal(verdicts) {
  return Array.from(verdicts).filter((verdict) => verdict > 0).length;
}
