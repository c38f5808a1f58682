import { say, written } from '../../state/texts.js';
import { button, choice, playButton, slider } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { lensChoice } from '../parts/lens-choice.js';

/** @typedef {import('../../state/state.js').FigureState} FigureState */

/** Controls of the path and of its animation. */
export class Settings {
  #play;
  #speed;
  #path;
  #loop;
  #lens;
  #status = h('span', { class: 'status', role: 'status' });

  /**
   * @param {FigureState} state
   * @param {object} on
   * @param {() => void} on.toggle
   * @param {(speed: number) => void} on.speed
   * @param {(path: FigureState['path']) => void} on.path
   * @param {(loop: FigureState['loop']) => void} on.loop
   * @param {(lens: FigureState['lens']) => void} on.lens
   * @param {() => void} on.export
   */
  constructor(state, on) {
    this.#play = playButton(on.toggle);
    this.#speed = speedSlider(state.speed, on.speed);
    this.#path = pathChoice(state.path, on.path);
    // On the line of the name, so that nothing moves.
    this.#path.node.firstElementChild?.append(this.#status);
    this.#loop = loopChoice(state.loop, on.loop);
    this.#lens = lensChoice(state.lens, on.lens);
    this.node = h(
      'div',
      { class: 'settings' },
      this.#play.node,
      this.#speed.node,
      this.#path.node,
      this.#loop.node,
      this.#lens.node,
      button(say('Export'), 'export', on.export),
    );
  }

  /** @param {FigureState} state */
  apply({ path, loop, speed, lens }) {
    this.#path.set(path);
    this.#loop.set(loop);
    this.#lens.set(lens);
    this.#speed.set(speed);
  }

  /** @param {string} text about the path */
  set status(text) {
    this.#status.textContent = text;
  }

  /** @param {boolean} isPlaying */
  set isPlaying(isPlaying) {
    this.#play.set(isPlaying);
  }
}

/**
 * @param {number} value
 * @param {(speed: number) => void} onChange
 */
function speedSlider(value, onChange) {
  const made = slider({
    ...{ label: say('Speed'), part: 'speed', min: 0.25, max: 3, step: 0.25, value },
    format: (speed) => `${written(speed)}\u00d7`,
  });
  made.input.addEventListener('input', () => onChange(made.input.valueAsNumber));
  return made;
}

/**
 * @param {FigureState['path']} value
 * @param {(path: FigureState['path']) => void} onChange
 */
function pathChoice(value, onChange) {
  const values = /** @type {const} */ ([
    ['slerp', say('Arc')],
    ['lerp', say('Line')],
    ['geodesic', say('Through pictures')],
  ]);
  return choice({ legend: say('Path'), name: 'path', values, value }, onChange);
}

/**
 * @param {FigureState['loop']} value
 * @param {(loop: FigureState['loop']) => void} onChange
 */
function loopChoice(value, onChange) {
  const values = /** @type {const} */ ([
    ['bounce', say('Back and forth')],
    ['restart', say('Start over')],
  ]);
  return choice({ legend: say('At the end'), name: 'loop', values, value }, onChange);
}
