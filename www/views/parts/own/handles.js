import { say, written } from '../../../state/texts.js';
import { leastZoom, MOST_ZOOM } from '../../../training/input/placement.js';
import { button, slider } from '../controls.js';
import { h, svg } from '../dom.js';

/** An arrow that points up, on 16 by 16. */
const ARROW = 'M8 2.5 13 8l-1.2 1.1L8.9 6v7.5H7.1V6L4.2 9.1 3 8z';

const moves = () =>
  /** @type {const} */ ([
    { name: 'left', label: say('Move left'), right: -1, down: 0, angle: -90 },
    { name: 'up', label: say('Move up'), right: 0, down: -1, angle: 0 },
    { name: 'down', label: say('Move down'), right: 0, down: 1, angle: 180 },
    { name: 'right', label: say('Move right'), right: 1, down: 0, angle: 90 },
  ]);

/** Controls that do the same as a pointer in the square: buttons that move, sliders that zoom and turn. */
export class Handles {
  /** @type {ReturnType<typeof slider>} */
  #zoom;
  #turn;

  /**
   * @param {object} on
   * @param {(right: number, down: number) => void} on.move by steps
   * @param {(zoom: number) => void} on.zoom
   * @param {(degrees: number) => void} on.turn
   * @param {() => void} on.quarter turns by 90 degrees
   * @param {() => void} on.reset
   */
  constructor(on) {
    // The slider is logarithmic: each step has the same factor.
    this.#zoom = slider({
      ...{ label: say('Zoom'), part: 'own-zoom', min: -3, max: Math.log2(MOST_ZOOM), step: 0.01, value: 0 },
      format: (doublings) => `${written((2 ** doublings).toFixed(2))}×`,
    });
    this.#turn = slider({
      ...{ label: say('Turn'), part: 'own-turn', min: -180, max: 180, step: 1, value: 0 },
      format: (degrees) => `${written(degrees)}°`,
    });
    this.#zoom.input.addEventListener('input', () => on.zoom(2 ** this.#zoom.input.valueAsNumber));
    this.#turn.input.addEventListener('input', () => on.turn(this.#turn.input.valueAsNumber));
    const arrows = moves().map(({ right, down, ...look }) => arrow(look, () => on.move(right, down)));
    this.node = h(
      'div',
      { class: 'own-handles' },
      this.#zoom.node,
      this.#turn.node,
      h(
        'div',
        { class: 'row' },
        h('span', { class: 'arrows' }, ...arrows),
        button(say('Quarter turn'), 'own-quarter', on.quarter),
        button(say('Reset'), 'own-reset', on.reset),
      ),
    );
  }

  /** @param {import('../../../training/input/placement.js').Size} picture that is placed */
  set picture(picture) {
    this.#zoom.input.min = String(Math.floor(100 * Math.log2(leastZoom(picture))) / 100);
  }

  /** @param {import('../../../training/input/placement.js').Placement} placement */
  show({ zoom, turn }) {
    this.#zoom.set(Math.log2(zoom));
    this.#turn.set(Math.round(turn));
  }
}

/**
 * @param {{name: string, label: string, angle: number}} look
 * @param {() => void} onClick
 */
function arrow({ name, label, angle }, onClick) {
  const node = button('', `own-${name}`, onClick);
  node.setAttribute('aria-label', label);
  const shape = svg('path', { d: ARROW, transform: `rotate(${angle} 8 8)` });
  node.append(svg('svg', { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' }, shape));
  return node;
}
