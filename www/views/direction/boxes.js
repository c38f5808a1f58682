/**
 * The boxes with chosen pictures: two groups of examples, the start, and the analogy's three slots with its result. The figure owns them.
 * They must not change what is chosen.
 */

import { h } from '../parts/dom.js';
import { Analogy } from './analogy.js';
import { TARGETS } from './selection.js';
import { SlotBox } from './slots.js';

/** @typedef {import('./words.js').Target} Target */

export class Boxes {
  #boxes;
  analogy;

  /** @param {ConstructorParameters<typeof SlotBox>[1]} on */
  constructor(on) {
    const box = (/** @type {Target} */ target) => new SlotBox(target, on);
    this.#boxes = { minus: box('minus'), plus: box('plus'), from: box('from'), a: box('a'), b: box('b'), c: box('c') };
    this.analogy = new Analogy(this.#boxes);
    const { minus, plus, from } = this.#boxes;
    /** The groups and the start; the analogy has a node of its own. */
    this.node = h('div', { class: 'groups' }, minus.node, plus.node, from.node);
  }

  /** @param {Record<Target, string>} names */
  call(names) {
    for (const target of TARGETS) {
      this.#boxes[target].call(names[target], target.length === 1 ? target : undefined);
    }
  }

  /**
   * Shows the pictures of all groups and slots, and the result of the analogy.
   * @param {import('./selection.js').Selection} selection
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {(latents: Float32Array) => Promise<Uint8ClampedArray>} decode
   */
  async paint(selection, image, decode) {
    const { chosen } = selection;
    const groups = TARGETS.map((target) => ({ target, ids: selection.ids(target) }));
    const ids = [...new Set(groups.flatMap((group) => group.ids))];
    const codes = [...ids.map((id) => chosen.codeOf(id)), selection.analogy];
    const rgba = await decode(Float32Array.from(codes.flatMap((code) => [...code])));
    const size = image.width * image.height * 4;
    const pictureOf = (/** @type {number} */ i) => rgba.subarray(i * size, (i + 1) * size);
    for (const { target, ids: own } of groups) {
      const names = own.map((id) => chosen.fullNameOf(id));
      this.#boxes[target].show({ names, image, pictures: own.map((id) => pictureOf(ids.indexOf(id))) });
    }
    const [a, b, c] = [groups[3], groups[4], groups[5]].map((group) => chosen.nameOf(group.ids[0]));
    this.analogy.paint(image, pictureOf(ids.length), { a, b, c });
  }
}
