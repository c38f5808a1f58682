import { say, written } from '../../state/texts.js';
import { button, checkbox, choice, numberField, slider } from '../parts/controls.js';
import { h } from '../parts/dom.js';

/** @typedef {import('../../state/state.js').FigureState} FigureState */

/** Seeds that the button draws from: short enough to remember. */
const SEEDS = 10_000;

/** Controls of the random codes, and of which networks are shown. */
export class Settings {
  #seed;
  #temperature;
  #show;
  #prior;
  #fit;
  #check;

  /**
   * @param {FigureState} state
   * @param {object} on
   * @param {(seed: number) => void} on.seed
   * @param {(temperature: number) => void} on.temperature
   * @param {(show: FigureState['show']) => void} on.show
   * @param {(prior: FigureState['prior']) => void} on.prior
   * @param {(fit: boolean) => void} on.fit
   * @param {(check: boolean) => void} on.check
   */
  constructor(state, on) {
    this.#seed = numberField({ label: say('Seed'), part: 'seed', low: 0, high: 0xffff_ffff, value: 0 }, on.seed);
    this.#temperature = temperatureSlider(state.temperature, on.temperature);
    this.#show = showChoice(state.show, on.show);
    this.#prior = priorChoice(state.prior, on.prior);
    this.#fit = checkbox(say('Aim at each network’s own codes'), state.fit, 'fit', on.fit);
    this.#check = checkbox(say('Mark what comes back as something else'), state.check, 'check', on.check);
    this.node = h(
      'div',
      { class: 'settings' },
      seedButton(on.seed),
      this.#seed.node,
      this.#temperature.node,
      this.#show.node,
      this.#prior.node,
      this.#fit.node,
      this.#check.node,
    );
  }

  /**
   * @param {FigureState} state
   * @param {boolean} hasPrior true if a model of the figure has a fitted prior
   */
  apply({ seed, temperature, prior, fit, check, show, compare }, hasPrior) {
    this.#prior.set(prior);
    this.#prior.node.hidden = !hasPrior;
    this.#fit.input.checked = fit;
    this.#check.input.checked = check;
    // Codes from a fitted prior are already aimed.
    this.#fit.node.hidden = hasPrior && prior !== 'normal';
    this.#seed.set(seed);
    this.#temperature.set(temperature);
    this.#show.set(show);
    this.#show.node.hidden = !compare;
  }
}

/** @param {(seed: number) => void} onChange */
function seedButton(onChange) {
  const node = button(say('New random numbers'), 'new-seed', () => onChange(Math.floor(Math.random() * SEEDS)));
  node.classList.add('primary');
  return node;
}

/**
 * @param {number} value
 * @param {(temperature: number) => void} onChange
 */
function temperatureSlider(value, onChange) {
  const made = slider({
    ...{ label: say('Spread'), part: 'temperature', min: 0, max: 2, step: 0.05, value },
    format: (spread) => written(spread.toFixed(2)),
  });
  made.input.addEventListener('input', () => onChange(made.input.valueAsNumber));
  return made;
}

/**
 * @param {FigureState['show']} value
 * @param {(show: FigureState['show']) => void} onChange
 */
function showChoice(value, onChange) {
  const values = /** @type {const} */ ([
    ['both', say('Both')],
    ['model', say('VAE')],
    ['compare', say('Plain')],
  ]);
  return choice({ legend: say('Show'), name: 'show', values, value }, onChange);
}

/**
 * @param {FigureState['prior']} value
 * @param {(prior: FigureState['prior']) => void} onChange
 */
function priorChoice(value, onChange) {
  const values = /** @type {const} */ ([
    ['normal', say('Standard normal')],
    ['gaussian', say('Fitted normal')],
    ['mixture', say('Mixture')],
  ]);
  return choice({ legend: say('Draw from'), name: 'prior', values, value }, onChange);
}
