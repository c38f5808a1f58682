/**
 * One filter, step by step: input, kernel and output as grids of numbers, which the reader changes
 * and points at. The microscope's figure owns it. It must not know the network.
 */

import { say } from '../../state/texts.js';
import { choice } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { on } from '../parts/events.js';
import { heading } from '../parts/heading.js';
import { canvasCells, values } from './cells.js';
import { FilterState } from './filter-state.js';
import { formula } from './formula.js';
import { Grid } from './grid.js';
import { inputs, kernels, LIMIT, presetLabels, SIDE } from './presets.js';
import { read } from './reading.js';
import { Stepper } from './stepper.js';
import { canvasSide, convolution, cropped, fineAt, fineSide, links, overlaps, stamp, stamped } from './transposed.js';
import { size } from './words.js';

/** @typedef {import('../../state/state.js').FigureState} FigureState */

const names = () => ({
  transposed: [say('Input'), say('Output')],
  overlap: [say('Input'), say('Stamps on each place of the output')],
  convolution: [say('Output'), say('Input')],
});

const hints = () => ({
  transposed: say(
    'Each input value scales the kernel and stamps it onto the output. Stamps add up where they overlap; whatever falls into the hatched padding is cut off.',
  ),
  overlap: say(
    'The number of stamps that cover each place. Where it is uneven, a flat input becomes a checkerboard, unless the weights compensate: try “All ones” with kernel 3, then with kernel 4, then “Blur”.',
  ),
  convolution: say(
    'The same connections backward: each output value is the sum of the inputs under the kernel, weighted by it. The input here is the output of the transposed convolution; the hatched padding is zeros.',
  ),
});

export class FilterPanel {
  #owner;
  #filter = new FilterState();
  #pen = 1;
  /** Value that the pen writes until it is lifted. @type {number | null} */
  #ink = null;
  /** @type {import('./reading.js').Spot} */
  #spot = null;
  #stepper = new Stepper(say('Steps done'));
  #reading = h('p', { class: 'reading-line', part: 'reading', role: 'status' });
  #hint = h('p', { class: 'hint way-hint' });
  #formula = h('div', { class: 'formula', part: 'formula', role: 'img' });
  #grids = {
    small: new Grid({ part: 'input', name: say('Input'), edit: this.#edit('input', 1) }),
    result: new Grid({ part: 'result', name: say('Output') }),
    kernel: new Grid({ part: 'kernel', name: say('Kernel'), edit: this.#edit('kernel', 0.5) }),
    large: new Grid({ part: 'canvas', name: say('Output') }),
  };
  #titles = { small: heading(4), kernel: heading(4), large: heading(4) };
  #picks = {
    input: picker(say('Input values'), 'input-preset', inputs, (name) => this.#pick('input', name)),
    kernel: picker(say('Kernel values'), 'kernel-preset', kernels, (name) => this.#pick('kernel', name)),
  };
  #choices;

  /**
   * @param {FigureState} state
   * @param {Pick<import('./figure.js').Owner, 'change' | 'amend'>} owner
   */
  constructor(state, owner) {
    this.#owner = owner;
    const ways = /** @type {const} */ ([
      ['transposed', say('Transposed')],
      ['overlap', say('Overlap')],
      ['convolution', say('Convolution')],
    ]);
    const way = choice({ legend: say('Look at'), name: 'way', values: ways, value: this.#filter.way }, (way) => {
      this.#filter.way = way;
      this.#change();
    });
    this.#choices = {
      way,
      kernel: this.#choice(say('Kernel'), 'kernel-side', [3, 4, 5], (kernel) => this.#setGeometry({ kernel })),
      stride: this.#choice(say('Stride'), 'stride', [1, 2], (stride) => this.#setGeometry({ stride })),
      padding: this.#choice(say('Padding'), 'padding', [0, 1, 2], (padding) => this.#setGeometry({ padding })),
      outputPadding: this.#choice(say('Output padding'), 'output-padding', [0, 1], (outputPadding) =>
        this.#setGeometry({ outputPadding }),
      ),
    };
    const pen = this.#penChoice();
    this.node = this.#lay([...Object.values(this.#choices), pen].map(({ node }) => node));
    this.#listen();
    this.update(state);
  }

  #penChoice() {
    const pens = /** @type {const} */ ([
      ['-1', '\u22121'],
      ['0', '0'],
      ['1', '1'],
      ['2', '2'],
    ]);
    const pen = choice(
      { legend: say('Pen'), name: 'pen', values: pens, value: '1' },
      (value) => (this.#pen = Number(value)),
    );
    pen.node.classList.add('pen-choice');
    return pen;
  }

  /** @param {Node[]} settings the choice of the operation, then all others */
  #lay([choices, ...rest]) {
    const bench = h(
      'div',
      { class: 'bench' },
      h(
        'div',
        { class: 'pane small' },
        this.#titles.small,
        this.#grids.small.node,
        this.#grids.result.node,
        this.#picks.input.node,
      ),
      h('div', { class: 'pane filter' }, this.#titles.kernel, this.#grids.kernel.node, this.#picks.kernel.node),
      h('div', { class: 'pane large' }, this.#titles.large, this.#grids.large.node),
      h('div', { class: 'pane below' }, this.#reading, this.#stepper.node),
    );
    return h(
      'div',
      { class: 'hand' },
      h('div', { class: 'way' }, choices, this.#hint),
      bench,
      h('div', { class: 'settings' }, ...rest),
      this.#formula,
      help(),
    );
  }

  #listen() {
    const grids = this.#grids;
    for (const [name, grid] of Object.entries(grids)) {
      on(grid.node, 'point', (/** @type {number} */ index) => {
        this.#spot = index < 0 ? null : { grid: /** @type {keyof typeof grids} */ (name), index };
        this.#describeSpot();
      });
    }
    on(this.#stepper.node, 'step', (/** @type {{isPlaying: boolean}} */ { isPlaying }) => {
      const { step } = this.#stepper;
      if (isPlaying) this.#owner.amend({ step });
      else this.#owner.change({ step });
      this.#render();
    });
  }

  /** @param {FigureState} state */
  update(state) {
    this.#filter.read(state);
    this.#stepper.set(state.step, SIDE * SIDE);
    this.#owner.amend(this.#filter.attributes);
    this.#render();
  }

  /** The reader has changed something. */
  #change() {
    this.#owner.change(this.#filter.attributes);
    this.#render();
  }

  /**
   * @param {'input' | 'kernel'} name
   * @param {string} values name of a preset
   */
  #pick(name, values) {
    this.#filter.pick(name, values);
    this.#change();
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#stepper.mayRun = isNear;
  }

  /**
   * @param {'input' | 'kernel'} name
   * @param {number} step
   * @returns {import('./grid.js').Edit}
   */
  #edit(name, step) {
    const set = (/** @type {number} */ index, /** @type {number} */ value) => {
      this.#filter.set(name, index, value);
      this.#change();
    };
    return {
      step,
      limit: LIMIT,
      set,
      value: (index) => this.#filter[name][index],
      paint: (index) => {
        // A stroke that starts on a cell with the pen's value erases.
        this.#ink ??= this.#filter[name][index] === this.#pen ? 0 : this.#pen;
        set(index, this.#ink);
      },
      lift: () => (this.#ink = null),
    };
  }

  /**
   * @param {string} legend
   * @param {string} name
   * @param {number[]} values
   * @param {(value: number) => void} onChange
   */
  #choice(legend, name, values, onChange) {
    const labels = values.map((value) => /** @type {const} */ ([String(value), String(value)]));
    return choice({ legend, name, values: labels, value: String(values[0]) }, (value) => onChange(Number(value)));
  }

  /** @param {Partial<import('./transposed.js').Geometry>} changed */
  #setGeometry(changed) {
    this.#filter.setGeometry(changed);
    this.#change();
  }

  /** Updates the controls. */
  #showSettings() {
    const { kernel, stride, padding, outputPadding } = this.#filter.geometry;
    this.#choices.way.set(this.#filter.way);
    this.#choices.kernel.set(String(kernel));
    this.#choices.stride.set(String(stride));
    this.#choices.padding.set(String(padding));
    this.#choices.outputPadding.set(String(outputPadding));
    this.#choices.outputPadding.inputs[1].disabled = stride === 1;
    this.#picks.input.set(this.#filter.names.input);
    this.#picks.kernel.set(this.#filter.names.kernel);
  }

  #render() {
    this.#showSettings();
    const { way, geometry, input, kernel } = this.#filter;
    const [fine, canvas] = [fineSide(geometry), canvasSide(geometry)];
    const { step } = this.#stepper;
    const whole = stamped(geometry, input, kernel);
    const sums =
      way === 'overlap'
        ? overlaps(geometry, step)
        : way === 'transposed'
          ? stamped(geometry, input, kernel, step)
          : whole;
    const back = convolution(geometry, cropped(geometry, whole), kernel);
    const isBack = way === 'convolution';
    this.#grids.small.node.hidden = isBack;
    this.#picks.input.node.hidden = isBack;
    this.#grids.result.node.hidden = !isBack;
    this.#grids.small.show(SIDE, values(input, SIDE));
    this.#grids.kernel.show(geometry.kernel, values(kernel, geometry.kernel));
    this.#grids.result.show(
      SIDE,
      values(back, SIDE).map((cell, i) => (i < step ? cell : { ...cell, text: '', tone: 0, kind: 'blank' })),
    );
    const reached = overlaps(geometry, way === 'transposed' ? step : undefined);
    this.#grids.large.show(canvas, canvasCells(geometry, sums, { isBack, isReached: (at) => reached[at] > 0 }));
    const [small, large] = names()[way];
    this.#titles.small.textContent = `${small}, ${size(SIDE)}`;
    this.#titles.kernel.textContent = `${say('Kernel')}, ${size(geometry.kernel)}`;
    this.#titles.large.textContent = `${large}, ${size(fine)}`;
    this.#grids.large.name = say('{name}, {side} by {side}, with a padding of {padding}', {
      name: large,
      side: fine,
      padding: geometry.padding,
    });
    this.#grids.result.name = say('{name}, {side} by {side}', { name: small, side: SIDE });
    formula(this.#formula, geometry, isBack);
    this.#hint.textContent = hints()[way];
    this.#describeSpot();
  }

  /** Frames the cells that belong to the spot, and describes them. */
  #describeSpot() {
    const { way, geometry, input, kernel } = this.#filter;
    const { step } = this.#stepper;
    const canvas = canvasSide(geometry);
    const spot = this.#spot;
    const small = way === 'convolution' ? this.#grids.result : this.#grids.small;
    const isSmall = spot?.grid === 'small' || spot?.grid === 'result';
    const coarse = isSmall ? spot.index : spot ? -1 : step - 1;
    small.frame(coarse < 0 ? null : { row: Math.floor(coarse / SIDE), column: coarse % SIDE, side: 1 });
    const corner = coarse < 0 ? -1 : stamp(geometry, coarse)[0];
    this.#grids.large.frame(
      corner < 0 ? null : { row: Math.floor(corner / canvas), column: corner % canvas, side: geometry.kernel },
    );
    const isLarge = spot?.grid === 'large';
    const fine = isLarge ? fineAt(geometry, spot.index) : -1;
    const linked = links(geometry).filter((link) => fine >= 0 && link.fine === fine);
    small.mark(linked.map((link) => link.coarse));
    const tap = spot?.grid === 'kernel' ? [spot.index] : [];
    this.#grids.kernel.mark([...linked.map((link) => link.tap), ...tap]);
    this.#grids.large.mark(isLarge ? [spot.index] : []);
    this.#reading.textContent = read({ way, geometry, input, kernel, step, spot });
  }
}

/**
 * @param {string} label
 * @param {string} part
 * @param {readonly import('./presets.js').Preset[]} presets
 * @param {(name: string) => void} onPick
 */
function picker(label, part, presets, onPick) {
  const labels = presetLabels();
  const own = h('option', { value: '', hidden: true }, say('Your own'));
  const options = presets.map(([value]) => h('option', { value }, labels[value]));
  const select = h('select', { part, 'aria-label': label, 'data-control': part }, ...options, own);
  select.addEventListener('change', () => onPick(select.value));
  return {
    node: select,
    /** @param {string} name */
    set(name) {
      select.value = name;
    },
  };
}

function help() {
  return h(
    'p',
    { class: 'hint' },
    say(
      'Change the input and the kernel: press or draw with the pen, or use the keyboard: a digit, minus, or the up and down arrows. Point at any number to see where it comes from.',
    ),
  );
}
