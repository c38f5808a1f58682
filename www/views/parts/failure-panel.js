import { button } from './controls.js';
import { h } from './dom.js';

/** @typedef {import('../../failure.js').FailureKind} FailureKind */

/** @type {Record<FailureKind, [title: string, advice: string]>} */
const words = {
  'no-wasm': [
    'This browser does not run WebAssembly',
    'The figure computes its pictures with it. A current browser does, unless a setting such as a lockdown mode forbids it.',
  ],
  'no-simd': [
    'This browser is too old for this figure',
    'It runs WebAssembly, but without the vector instructions (SIMD) that the network needs. Versions since 2023 have them.',
  ],
  worker: [
    'The figure could not start its worker',
    'It computes in a background worker, which something kept from loading: the connection, an extension, or a rule of this site.',
  ],
  module: [
    'The network’s code could not be loaded',
    'The part that computes did not arrive, or the browser refused to run it.',
  ],
  crash: ['The computation stopped unexpectedly', 'That is a fault of ours. Trying again starts it afresh.'],
  missing: ['The model is not there', 'The server has no file at this address. It may have moved.'],
  unreachable: ['The server does not answer', 'The model could not be fetched. Perhaps the connection is down.'],
  file: ['The model file cannot be used', 'It arrived, but it is damaged or of another kind.'],
  request: ['The figure cannot show this', 'The network was asked for something that it cannot compute.'],
};

/** What stands in a figure's place when it cannot go on: what happened, why, and a way to try again. */
export class FailurePanel {
  /**
   * @param {FailureKind} kind
   * @param {string} detail
   */
  constructor(kind, detail) {
    const [title, advice] = words[kind];
    const retry = button('Try again', 'retry', () => {
      this.node.dispatchEvent(new Event('latent-retry', { bubbles: true }));
    });
    this.node = h(
      'div',
      { class: 'failure', part: 'failure', role: 'alert', 'data-kind': kind },
      h('p', { class: 'title' }, title),
      h('p', {}, advice),
      h('p', { class: 'detail', part: 'failure-detail' }, detail),
      retry,
    );
  }
}
