import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { coarseSide, fineSide } from './transposed.js';

/**
 * Shows how the size of the output is computed, with each word above its number.
 * @param {HTMLElement} node
 * @param {import('./transposed.js').Geometry} geometry
 * @param {boolean} isConvolution
 */
export function formula(node, geometry, isConvolution) {
  const { coarse, kernel, stride, padding, outputPadding } = geometry;
  const fine = fineSide(geometry);
  /** @type {(string | [string, number])[]} a sign, or a word and its number */
  const parts = isConvolution
    ? [
        '⌊(',
        [say('input'), fine],
        '+ 2 ×',
        [say('padding'), padding],
        '\u2212',
        [say('kernel'), kernel],
        ') /',
        [say('stride'), stride],
        '⌋ + 1 =',
        [say('output'), coarseSide(geometry, fine)],
      ]
    : [
        '(',
        [say('input'), coarse],
        '\u2212 1) ×',
        [say('stride'), stride],
        '\u2212 2 ×',
        [say('padding'), padding],
        '+',
        [say('kernel'), kernel],
        '+',
        [say('output padding'), outputPadding],
        '=',
        [say('output'), fine],
      ];
  const spoken = (/** @type {(part: [string, number]) => string | number} */ of) =>
    parts.map((part) => (typeof part === 'string' ? part : of(part))).join(' ');
  node.setAttribute(
    'aria-label',
    say('Size of the output: {words}. Here: {numbers}', {
      words: spoken(([word]) => word),
      numbers: spoken(([, value]) => value),
    }),
  );
  node.replaceChildren(
    ...parts.map((part) =>
      typeof part === 'string'
        ? h('span', { class: 'sign' }, part)
        : h('span', { class: 'quantity' }, h('span', {}, part[0]), h('b', {}, String(part[1]))),
    ),
  );
}
