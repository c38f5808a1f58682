import { svg } from '../parts/dom.js';

/** @typedef {import('../parts/plane.js').Spot} Spot */

/** Distance that the plane reaches from its middle, in latent units. */
export const EXTENT = 3;

/** Radii of marks, in latent units. */
const TRY = 0.16;
const TARGET = 0.24;

/** Marks on the plane: its axes, rings around the middle, the places of the tries, and at the end the target's. */
export class Board {
  #tries = svg('g', { class: 'places' });
  #target = svg('circle', { class: 'target', r: TARGET });

  constructor() {
    const axes = svg('path', { class: 'axis', d: `M${-EXTENT} 0H${EXTENT}M0 ${-EXTENT}V${EXTENT}` });
    // One and two standard deviations of the prior that targets are drawn from.
    const rings = [1, 2].map((r) => svg('circle', { class: 'ring', r }));
    const box = [-EXTENT, -EXTENT, 2 * EXTENT, 2 * EXTENT].join(' ');
    this.node = svg(
      'svg',
      { class: 'board', viewBox: box, 'aria-hidden': 'true' },
      axes,
      ...rings,
      this.#tries,
      this.#target,
    );
  }

  /**
   * @param {Spot[]} tries
   * @param {Spot | null} target null while it is hidden
   */
  show(tries, target) {
    this.#tries.replaceChildren(...tries.map((spot, index) => mark(spot, String(index + 1))));
    this.#target.toggleAttribute('hidden', !target);
    if (!target) return;
    this.#target.setAttribute('cx', String(target.x));
    this.#target.setAttribute('cy', String(-target.y));
  }
}

/**
 * @param {Spot} spot
 * @param {string} number
 */
function mark({ x, y }, number) {
  const text = svg('text', { y: TRY / 2, 'text-anchor': 'middle' });
  text.textContent = number;
  return svg('g', { transform: `translate(${x} ${-y})` }, svg('circle', { r: TRY }), text);
}
