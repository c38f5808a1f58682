import { say } from '../../texts.js';
import { choice } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { formula } from './formula.js';
import { Grid } from './grid.js';
import { inputs, kernels, LIMIT, preset, presetLabels, SIDE } from './presets.js';
import { read } from './reading.js';
import { Stepper } from './stepper.js';
import { canvasSide, convolution, cropped, fineAt, fineSide, links, overlaps, stamp, stamped } from './transposed.js';
import { placeOf, plain, size } from './words.js';

/** @typedef {'transposed' | 'overlap' | 'convolution'} Way */

/** Where the animation stands at first: far enough to show a stamp on sums. */
const FIRST_STEP = 7;

const names = () => ({
  transposed: [say('Input'), say('Output')],
  overlap: [say('Input'), say('Stamps on each place of the output')],
  convolution: [say('Output'), say('Input')],
});

const hints = () => ({
  transposed:
    say('Each input value stamps the kernel, times itself, onto the output. Where stamps overlap they add up; what falls into the hatched padding is cut off.'),
  overlap:
    say('How many stamps cover each place. Where the counts are uneven, a flat input becomes a checkerboard, unless the weights make up for it: try all ones with kernel 3, then with kernel 4, then the blur.'),
  convolution:
    say('The same links backward: each output value sums up what lies under the kernel. The input here is what the transposed convolution has made of yours; the hatched padding is zeros.'),
});

/** One filter by hand: input, kernel, and what comes of them step by step. */
export class Hand {
  /** @type {Way} */
  #way = 'transposed';
  #geometry = { coarse: SIDE, kernel: 3, stride: 2, padding: 1, outputPadding: 0 };
  #input = preset(inputs, 'corner', SIDE);
  #kernel = preset(kernels, 'blur', 3);
  #kernelName = 'blur';
  #pen = 1;
  /** What the pen writes until it is lifted. @type {number | null} */
  #ink = null;
  /** @type {import('./reading.js').Spot} */
  #spot = null;
  #stepper = new Stepper(say('Steps done'));
  #reading = h('p', { class: 'reading-line', part: 'reading', role: 'status' });
  #hint = h('p', { class: 'hint way-hint' });
  #formula = h('div', { class: 'formula', part: 'formula', role: 'img' });
  #grids = {
    small: new Grid({ part: 'input', name: say('Input'), edit: this.#edit(() => this.#input, 1) }),
    result: new Grid({ part: 'result', name: say('Output') }),
    kernel: new Grid({ part: 'kernel', name: say('Kernel'), edit: this.#edit(() => this.#kernel, 0.5, () => (this.#kernelName = '')) }),
    large: new Grid({ part: 'canvas', name: say('Output') }),
  };
  #titles = { small: h('h4'), kernel: h('h4'), large: h('h4') };
  #picks = {
    input: picker(say('Input values'), 'input-preset', inputs, (name) => {
      this.#input = preset(inputs, name, SIDE);
      this.#render();
    }),
    kernel: picker(say('Kernel values'), 'kernel-preset', kernels, (name) => {
      this.#kernelName = name;
      this.#kernel = preset(kernels, name, this.#geometry.kernel);
      this.#render();
    }),
  };
  #padding;
  #outputPadding;

  constructor() {
    const ways = /** @type {const} */ ([
      ['transposed', say('Transposed')],
      ['overlap', say('Overlap')],
      ['convolution', say('Convolution')],
    ]);
    const way = choice({ legend: say('Look at'), name: 'way', values: ways, value: this.#way }, (way) => {
      this.#way = way;
      this.#render();
    });
    const sides = this.#choice(say('Kernel'), 'kernel-side', [3, 4, 5], (kernel) => {
      this.#kernel = preset(kernels, this.#kernelName || 'blur', kernel);
      this.#kernelName ||= 'blur';
      this.#measure({ kernel });
    });
    const strides = this.#choice(say('Stride'), 'stride', [1, 2], (stride) => this.#measure({ stride }));
    this.#padding = this.#choice(say('Padding'), say('padding'), [0, 1, 2], (padding) => this.#measure({ padding }));
    this.#outputPadding = this.#choice(say('Output padding'), 'output-padding', [0, 1], (outputPadding) => this.#measure({ outputPadding }));
    sides.set('3');
    strides.set('2');
    const pens = /** @type {const} */ ([
      ['-1', '\u22121'],
      ['0', '0'],
      ['1', '1'],
      ['2', '2'],
    ]);
    const pen = choice({ legend: say('Pen'), name: 'pen', values: pens, value: '1' }, (value) => (this.#pen = Number(value)));
    pen.node.classList.add('pen-choice');
    const settings = [way, sides, strides, this.#padding, this.#outputPadding, pen].map(({ node }) => node);
    const bench = h(
      'div',
      { class: 'bench' },
      h('div', { class: 'pane small' }, this.#titles.small, this.#grids.small.node, this.#grids.result.node, this.#picks.input.node),
      h('div', { class: 'pane filter' }, this.#titles.kernel, this.#grids.kernel.node, this.#picks.kernel.node),
      h('div', { class: 'pane large' }, this.#titles.large, this.#grids.large.node),
      h('div', { class: 'pane below' }, this.#reading, this.#stepper.node),
    );
    const [choices, ...rest] = settings;
    this.node = h('div', { class: 'hand' }, h('div', { class: 'way' }, choices, this.#hint), bench, h('div', { class: 'settings' }, ...rest), this.#formula, help());
    for (const [name, grid] of Object.entries(this.#grids)) {
      grid.node.addEventListener('point', (event) => {
        const index = /** @type {CustomEvent} */ (event).detail;
        this.#spot = index < 0 ? null : { grid: /** @type {any} */ (name), index };
        this.#tell();
      });
    }
    this.#stepper.node.addEventListener('step', () => this.#render());
    this.#stepper.set(FIRST_STEP, SIDE * SIDE);
    this.#measure({});
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#stepper.mayRun = isNear;
  }

  /**
   * @param {() => number[]} values
   * @param {number} step
   * @param {() => void} [changed]
   * @returns {import('./grid.js').Edit}
   */
  #edit(values, step, changed) {
    const set = (/** @type {number} */ index, /** @type {number} */ value) => {
      values()[index] = Math.min(LIMIT, Math.max(-LIMIT, value));
      changed?.();
      this.#picks[changed ? 'kernel' : 'input'].set('');
      this.#render();
    };
    return {
      step,
      limit: LIMIT,
      set,
      value: (index) => values()[index],
      paint: (index) => {
        // A cell that has the pen's value already is emptied, and so are those that the same stroke meets.
        this.#ink ??= values()[index] === this.#pen ? 0 : this.#pen;
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

  /**
   * Another geometry; what does not go with it gives way.
   * @param {Partial<import('./transposed.js').Geometry>} changed
   */
  #measure(changed) {
    const geometry = { ...this.#geometry, ...changed };
    geometry.outputPadding = Math.min(geometry.outputPadding, geometry.stride - 1);
    this.#geometry = geometry;
    this.#padding.set(String(geometry.padding));
    this.#outputPadding.set(String(geometry.outputPadding));
    this.#outputPadding.inputs[1].disabled = geometry.stride === 1;
    this.#render();
  }

  #render() {
    const way = this.#way;
    const geometry = this.#geometry;
    const [fine, canvas] = [fineSide(geometry), canvasSide(geometry)];
    const { step } = this.#stepper;
    const whole = stamped(geometry, this.#input, this.#kernel);
    const sums = way === 'overlap' ? overlaps(geometry, step) : way === 'transposed' ? stamped(geometry, this.#input, this.#kernel, step) : whole;
    const back = convolution(geometry, cropped(geometry, whole), this.#kernel);
    const isBack = way === 'convolution';
    this.#grids.small.node.hidden = isBack;
    this.#picks.input.node.hidden = isBack;
    this.#grids.result.node.hidden = !isBack;
    this.#grids.small.show(SIDE, values(this.#input, SIDE));
    this.#grids.kernel.show(geometry.kernel, values(this.#kernel, geometry.kernel));
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
    this.#grids.large.name = say('{name}, {side} by {side}, with {padding} of padding', { name: large, side: fine, padding: geometry.padding });
    this.#grids.result.name = say('{name}, {side} by {side}', { name: small, side: SIDE });
    formula(this.#formula, geometry, isBack);
    this.#hint.textContent = hints()[way];
    this.#tell();
  }

  /** What belongs together is framed, and said. */
  #tell() {
    const geometry = this.#geometry;
    const { step } = this.#stepper;
    const canvas = canvasSide(geometry);
    const spot = this.#spot;
    const small = this.#way === 'convolution' ? this.#grids.result : this.#grids.small;
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
    this.#reading.textContent = read({
      way: this.#way,
      geometry,
      input: this.#input,
      kernel: this.#kernel,
      step,
      spot,
    });
  }
}

/**
 * Cells of a square of values, colored by the largest.
 * @param {ArrayLike<number>} all
 * @param {number} side
 * @returns {import('./grid.js').Cell[]}
 */
function values(all, side) {
  const most = largest(all);
  return Array.from(all, (value, i) => ({ text: plain(value), tone: value / most, label: placeOf(i, side) }));
}

/**
 * @param {import('./transposed.js').Geometry} geometry
 * @param {Float64Array} sums of the canvas
 * @param {{isBack: boolean, isReached: (position: number) => boolean}} options
 * @returns {import('./grid.js').Cell[]}
 */
function canvasCells(geometry, sums, { isBack, isReached }) {
  const side = canvasSide(geometry);
  const most = largest(cropped(geometry, sums));
  return Array.from(sums, (sum, i) => {
    const fine = fineAt(geometry, i);
    if (fine < 0) {
      // A convolution finds zeros there; its transpose cuts off what it stamped there.
      const text = isBack ? '0' : isReached(i) ? plain(sum) : '';
      return { text, tone: 0, label: say('padding'), kind: 'cut' };
    }
    const isThere = isBack || isReached(i);
    return { text: isThere ? plain(sum) : '', tone: sum / most, label: placeOf(fine, fineSide(geometry)), kind: isThere ? '' : 'blank' };
  });
}

/** @param {ArrayLike<number>} values */
function largest(values) {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
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
    say('Write into input and kernel: press or draw with the pen, or with the keyboard type a digit, minus, or arrow up and down. Point at any number to see where it comes from.'),
  );
}
