import { say } from '../../state/texts.js';
import { paintTrack } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { Tiles, wholeMultiple } from '../parts/pictures.js';
import { frameAt, FRAMES, STRIP } from './path.js';

/** Pictures along the path in a row, with a slider below. */
export class Strip {
  #tiles;
  #slider = h('input', {
    type: 'range',
    class: 'way',
    part: 't',
    'data-control': 't',
    min: 0,
    max: FRAMES - 1,
    step: 1,
  });
  /** Where the lens goes: as tall before it arrives, so that nothing below moves. */
  room = h('div', { class: 'lens-room', hidden: true });
  #onSeek;

  /**
   * @param {number | undefined} expected side of the model's pictures, if it is known beforehand
   * @param {(t: number) => void} onSeek gets the position that the reader has pointed to
   */
  constructor(expected, onSeek) {
    this.#onSeek = onSeek;
    this.#tiles = new Tiles(STRIP, {
      ...{ part: 'strip', expected },
      layout: (room, pixels) => ({ columns: STRIP, side: wholeMultiple(room / STRIP, pixels) }),
    });
    this.width = this.#tiles.width;
    this.node = this.#tiles.node;
    this.node.classList.add('strip');
    this.node.append(this.#slider, this.room);
    this.#slider.setAttribute('aria-label', say('Position between the first picture and the second'));
    this.#slider.addEventListener('input', () => onSeek(this.#slider.valueAsNumber / (FRAMES - 1)));
    this.node.addEventListener('click', (event) => this.#jump(event));
  }

  get canvases() {
    return this.#tiles.pictures.map(({ canvas }) => canvas);
  }

  /**
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {Uint8ClampedArray} rgba at least as many pictures as the strip has
   * @param {{from: string, to: string}} names of the two ends
   */
  paint(image, rgba, names) {
    this.#tiles.paint(image, rgba, say('Eleven pictures on the path from {from} to {to}', names));
  }

  /** @param {import('../../state/state.js').FigureState['lens']} lens */
  set lens(lens) {
    this.room.hidden = lens === 'none';
  }

  /** Shows the position on the slider. @param {number} t */
  move(t) {
    this.#slider.value = String(frameAt(t));
    this.#slider.setAttribute('aria-valuetext', say('{percent} percent of the way', { percent: Math.round(t * 100) }));
    paintTrack(this.#slider);
  }

  /** @param {MouseEvent} event */
  #jump(event) {
    const { index } = /** @type {HTMLElement} */ (event.target).dataset;
    if (index === undefined) return;
    this.#onSeek(Number(index) / (STRIP - 1));
  }
}
