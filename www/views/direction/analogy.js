import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { heading } from '../parts/heading.js';
import { Picture } from '../parts/pictures.js';

/** The row a - b + c = ?. */
export class Analogy {
  picture = new Picture({ role: 'img', part: 'result', 'aria-label': say('Not decoded yet') });

  /** @param {Record<'a' | 'b' | 'c', import('./slots.js').SlotBox>} boxes */
  constructor({ a, b, c }) {
    const sign = (/** @type {string} */ text) => h('span', { class: 'sign', 'aria-hidden': 'true' }, text);
    const result = h('div', { class: 'slot' }, h('p', { class: 'slot-title' }, say('Result')), this.picture.node);
    this.node = h(
      'section',
      { class: 'analogy', 'aria-label': say('Analogy') },
      heading(3, {}, say('Analogy')),
      h(
        'p',
        { class: 'hint' },
        say('As b is to a, so is c to the result: the difference of one pair, added to a third picture.'),
      ),
      h('div', { class: 'terms', dir: 'ltr' }, a.node, sign('\u2212'), b.node, sign('+'), c.node, sign('='), result),
    );
  }

  /**
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {Uint8ClampedArray} rgba
   * @param {Record<'a' | 'b' | 'c', string>} names
   */
  paint(image, rgba, names) {
    this.picture.paint(image, rgba);
    this.picture.label = say('Decoded picture of {a} minus {b} plus {c}', names);
  }
}
