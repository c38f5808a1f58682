/**
 * The filter that the reader operates by hand: its geometry, the numbers of input and kernel, and the names of their presets. The filter
 * panel owns it, reads it from attributes and writes it to them. It must not touch nodes.
 */

import { inputs, kernels, LIMIT, parsed, preset, SIDE } from './presets.js';

/** @typedef {import('../../state/state.js').FigureState} FigureState */

export class FilterState {
  /** Which convolution is shown: transposed, its overlap, or the one backward. @type {FigureState['way']} */
  way = 'transposed';
  geometry = { coarse: SIDE, kernel: 3, stride: 2, padding: 1, outputPadding: 0 };
  input = preset(inputs, '', SIDE);
  kernel = preset(kernels, '', 3);
  /** Names of the presets; empty after an edit by the reader. */
  names = { input: '', kernel: '' };

  /** @param {FigureState} state */
  read({ way, input, weights, kernel, stride, padding, outputPadding }) {
    this.way = way;
    this.geometry = { coarse: SIDE, kernel, stride, padding, outputPadding: Math.min(outputPadding, stride - 1) };
    const [given, filter] = [parsed(inputs, input, SIDE), parsed(kernels, weights, kernel)];
    [this.input, this.kernel] = [given.values, filter.values];
    this.names = { input: given.name, kernel: filter.name };
  }

  /** @returns {Partial<FigureState>} */
  get attributes() {
    const { kernel, stride, padding, outputPadding } = this.geometry;
    const [input, weights] = [this.names.input || this.input.join(' '), this.names.kernel || this.kernel.join(' ')];
    return { way: this.way, input, weights, kernel, stride, padding, outputPadding };
  }

  /**
   * Takes the numbers of a preset.
   * @param {'input' | 'kernel'} which
   * @param {string} name
   */
  pick(which, name) {
    this.names[which] = name;
    if (which === 'input') this.input = preset(inputs, name, SIDE);
    else this.kernel = preset(kernels, name, this.geometry.kernel);
  }

  /**
   * Changes one number, within the limit.
   * @param {'input' | 'kernel'} which
   * @param {number} index
   * @param {number} value
   */
  set(which, index, value) {
    this[which][index] = Math.min(LIMIT, Math.max(-LIMIT, value));
    this.names[which] = '';
  }

  /**
   * Changes the geometry, and adapts output padding and kernel to it.
   * @param {Partial<import('./transposed.js').Geometry>} changed
   */
  setGeometry(changed) {
    const geometry = { ...this.geometry, ...changed };
    geometry.outputPadding = Math.min(geometry.outputPadding, geometry.stride - 1);
    if (geometry.kernel !== this.geometry.kernel) {
      const { name, values } = parsed(kernels, this.names.kernel, geometry.kernel);
      [this.names.kernel, this.kernel] = [name, values];
    }
    this.geometry = geometry;
  }
}
