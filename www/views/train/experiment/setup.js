import { say, sayNumber } from '../../../state/texts.js';
import { checkbox, numberField } from '../../parts/controls.js';
import { h } from '../../parts/dom.js';
import { emit } from '../../parts/events.js';
import { COUNTS, SIZES, STEPS } from './plan.js';

/** @typedef {import('./experiments.js').Experiment} Experiment */

/** Latent sizes to choose from. */
const OFFERED = [2, 4, 8, 16, 32, 64];

/**
 * The form of an experiment: the difference between its networks, steps and seed. Emits `change` on its node (detail: the changed
 * settings).
 */
export class ExperimentSetup {
  node = h('fieldset', { class: 'setup-form' }, h('legend', { class: 'unseen' }, say('Settings')));
  /** @type {{input: HTMLInputElement, size: number}[]} */
  #boxes = [];
  /** @type {ReturnType<typeof numberField>[]} */
  #counts = [];
  #latent = numberField(
    { label: say('Latent numbers'), part: 'latent', low: SIZES[0], high: SIZES[1], value: 16 },
    (latent) => this.#change({ latent }),
  );
  #steps = numberField({ label: say('Steps'), part: 'steps', low: STEPS[0], high: STEPS[1], value: 1 }, (until) =>
    this.#change({ until }),
  );
  #seed = numberField({ label: say('Seed'), part: 'train-seed', low: 0, high: 0xffff_ffff, value: 1 }, (seed) =>
    this.#change({ seed }),
  );
  #sizes;

  /** @param {Experiment} plan */
  constructor({ settings: { sizes, counts = [] } }) {
    this.#sizes = sizes ? [...new Set([...OFFERED, ...sizes])].sort((a, b) => a - b) : [];
    this.#boxes = this.#sizes.map((size) => {
      const { node, input } = checkbox(sayNumber(size), false, `size-${size}`, () => this.#sized(input));
      return { node, input, size };
    });
    const labels = [say('Few pictures'), say('Many pictures')];
    this.#counts =
      counts.length === 2
        ? counts.map((value, i) =>
            numberField({ label: labels[i], part: ['few', 'many'][i], low: COUNTS[0], high: COUNTS[1], value }, () =>
              this.#counted(),
            ),
          )
        : [];
    const boxes = h(
      'fieldset',
      { class: 'field sizes', 'data-control': 'sizes' },
      h('legend', { class: 'name' }, say('Numbers in the code')),
      h('div', { class: 'row' }, ...this.#boxes.map(({ input }) => /** @type {Node} */ (input.parentElement))),
    );
    this.node.append(
      ...(sizes ? [boxes] : [row(...this.#counts.map(({ node }) => node), this.#latent.node)]),
      row(this.#steps.node, this.#seed.node),
    );
  }

  /** @param {Experiment} plan */
  show({ settings: { sizes, counts, latent, until = 1, seed } }) {
    for (const { input, size } of this.#boxes) input.checked = sizes?.includes(size) ?? false;
    this.#counts.forEach(({ set }, i) => set(counts?.[i] ?? 1));
    this.#latent.set(latent);
    this.#steps.set(until);
    this.#seed.set(seed);
  }

  /** @param {boolean} isLocked true while there is a run */
  lock(isLocked) {
    this.node.disabled = isLocked;
  }

  /** At least one size stays. @param {HTMLInputElement} changed */
  #sized(changed) {
    const sizes = this.#boxes.filter(({ input }) => input.checked).map(({ size }) => size);
    if (sizes.length === 0) changed.checked = true;
    else this.#change({ sizes });
  }

  #counted() {
    const counts = this.#counts.map(({ input }) => input.valueAsNumber).sort((a, b) => a - b);
    // Both networks stay, even if they see the same pictures.
    this.#change({ counts });
  }

  /** @param {Partial<import('../../../training/page/settings.js').Settings>} changed */
  #change(changed) {
    emit(this.node, 'change', changed);
  }
}

/** @param {...Node} nodes */
function row(...nodes) {
  return h('div', { class: 'row' }, ...nodes);
}
