import { say, sayCount, sayNumber } from '../../state/texts.js';
import { adopt } from '../parts/dom.js';
import { roundTrip } from '../parts/round-trip.js';
import { checkStyle } from './check-style.js';
import { thresholds } from './thresholds.js';

/** Marks the pictures of a panel that come back as something else when they are encoded and decoded again. */
export class Check {
  #view;
  /** The texts below the panels, with the names of the networks. @type {Map<string, string>} */
  #notes = new Map();

  /** @param {import('../parts/view.js').View} view */
  constructor(view) {
    this.#view = view;
    adopt(view.node, checkStyle);
  }

  /**
   * The number of marked pictures in words, with the name of their network.
   * @param {'model' | 'compare'} which
   */
  noteOf(which) {
    return this.#notes.get(which) ?? '';
  }

  /**
   * @param {'model' | 'compare'} which
   * @param {import('./panel.js').Panel} panel with its pictures
   * @param {number} latent
   */
  async show(which, panel, latent) {
    const { codes } = panel;
    const model = this.#view.state[which];
    const { line } = panel;
    const isOn = () => this.#view.state.check && panel.codes === codes;
    this.#tell(which, line, '', '');
    panel.mark([]);
    line.hidden = !this.#view.state.check;
    if (line.hidden) return;
    const threshold = thresholds[model];
    if (threshold === undefined) {
      const unknown = say('Not measured for this network: how well held-out pictures come back.');
      return this.#tell(which, line, unknown, panel.name);
    }
    /** @type {import('../parts/round-trip.js').Ask} */
    const ask = (verb, args) => this.#view.ask(verb, args, `check ${which}`);
    const found = await roundTrip(ask, model, codes, latent, isOn);
    if (!found) return;
    const marks = Array.from(found.mse, (error) => error > threshold);
    const count = marks.filter(Boolean).length;
    panel.mark(marks);
    const text = sayCount(
      count,
      '{count} of {all} comes back as something else',
      '{count} of {all} come back as something else',
      { all: sayNumber(marks.length) },
    );
    this.#tell(which, line, text, panel.name);
  }

  /**
   * @param {'model' | 'compare'} which
   * @param {HTMLElement} line
   * @param {string} text
   * @param {string} name of the network
   */
  #tell(which, line, text, name) {
    line.textContent = text;
    this.#notes.set(which, text && say('{name}: {what}', { name, what: text }));
  }
}
