import { isMade, isName, shippedModels } from '../../assets.js';
import { retell, say } from '../../state/texts.js';
import { button } from './controls.js';
import { h } from './dom.js';

/** @typedef {import('../../failure.js').FailureKind} FailureKind */

/** @type {() => Record<FailureKind, [title: string, advice: string]>} */
const words = () => ({
  'no-wasm': [
    say('This browser does not run WebAssembly'),
    say(
      'The figure needs it to compute pictures. Current browsers run it unless a setting such as a lockdown mode forbids it.',
    ),
  ],
  'no-simd': [
    say('This browser is too old for this figure'),
    say(
      'It runs WebAssembly, but without the vector instructions (SIMD) that the network needs. Versions since 2023 have them.',
    ),
  ],
  worker: [
    say('The figure could not start its worker'),
    say(
      'It computes in a background worker, which something kept from loading: the connection, an extension, or a rule of this site.',
    ),
  ],
  module: [
    say('The network’s code could not be loaded'),
    say('The module that computes did not arrive, or the browser refused to run it.'),
  ],
  crash: [say('The computation stopped unexpectedly'), say('This is our fault. Trying again starts it afresh.')],
  missing: [say('The model was not found'), say('The server has no file at this address. It may have moved.')],
  unreachable: [
    say('The server does not answer'),
    say('The model could not be fetched. Perhaps the connection is down.'),
  ],
  file: [say('The model file cannot be used'), say('The file has arrived, but it is damaged or of another kind.')],
  request: [
    say('The figure cannot show this'),
    say('The figure has asked the network for something that it cannot compute.'),
  ],
});

/**
 * Advice for an author who may have mistyped a name. It also holds for a model that the host has under this name and whose latents are
 * missing: model and latents are fetched together, so the reported file can be either.
 * @param {string[]} models names and addresses
 * @returns {string | undefined} nothing if all names are known
 */
function misnamed(models) {
  const model = models.find((each) => isName(each) && !isMade(each) && !shippedModels.includes(each));
  return (
    model &&
    say('“{model}” is not one of the models that come with the page: {names}.', {
      model,
      names: shippedModels.join(', '),
    })
  );
}

/** Replaces a failed figure: says what happened and why, with a button to try again. */
export class FailurePanel {
  /**
   * @param {FailureKind} kind
   * @param {string} detail
   * @param {string[]} models of the figure
   */
  constructor(kind, detail, models) {
    const [title, known] = words()[kind];
    const advice = (kind === 'missing' && misnamed(models)) || known;
    const retry = button(say('Try again'), 'retry', () => {
      this.node.dispatchEvent(new Event('latent-retry', { bubbles: true }));
    });
    this.node = h(
      'div',
      { class: 'failure', part: 'failure', role: 'alert', 'data-kind': kind },
      // The host may have its own message.
      h(
        'slot',
        { name: 'error' },
        h('p', { class: 'title' }, title),
        h('p', {}, advice),
        h('p', { class: 'detail', part: 'failure-detail' }, retell(detail)),
      ),
      retry,
    );
  }
}
