import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { LargePicture } from '../parts/pictures.js';
import { coordinate, nearest } from '../parts/plane.js';

const NEIGHBORS = 5;

/** Describes one spot of the plane: its picture, its coordinates and the labels of the codes close to it. */
export class Reading {
  picture = new LargePicture('picture');
  #coordinates = h('p', { class: 'coordinates', dir: 'auto' });
  #neighbors = h('p', { class: 'neighbors', dir: 'auto' });

  constructor() {
    const text = h('div', {}, this.#coordinates, this.#neighbors);
    this.width = this.picture.width;
    this.node = h('div', { class: 'reading' }, this.picture.frame, text);
  }

  /**
   * @param {import('../parts/plane.js').Spot} spot
   * @param {import('../../engine/engine.js').StoredLatents | null | undefined} stored
   * @returns {string} text about the codes close to the spot
   */
  show(spot, stored) {
    const here = say('({x}, {y})', { x: coordinate(spot.x), y: coordinate(spot.y) });
    const labels = stored ? nearest(spot, stored, NEIGHBORS) : [];
    const near = labels.length > 0 ? `${closest(stored)}: ${labels.join(', ')}` : '\u00a0';
    this.#coordinates.textContent = here;
    this.#neighbors.textContent = near;
    this.picture.label = say('Decoded picture at {place}', { place: here });
    return near;
  }
}

/** @param {import('../../engine/engine.js').StoredLatents | null | undefined} stored */
function closest(stored) {
  if (!stored?.own) return say('Closest test digits');
  if (stored.own === 'draws') return say('Closest random codes');
  return stored.labels ? say('Classes of the closest pictures') : say('Closest pictures');
}
