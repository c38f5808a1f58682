/** A lesson's tree as elements: only of the kinds below, with text nodes for all of its text. */

import { h } from '../../views/parts/dom.js';
import { addressOf, linkOf } from './addresses.js';

/** @typedef {import('./markdown.js').Node} Node */

/** Elements without a choice. @type {Record<string, keyof HTMLElementTagNameMap>} */
const PLAIN = {
  paragraph: 'p',
  list: 'ul',
  item: 'li',
  quote: 'blockquote',
  row: 'tr',
  em: 'em',
  strong: 'strong',
};

/**
 * @param {Node[]} nodes
 * @param {string} base address of the lesson
 * @returns {(globalThis.Node | string)[]}
 */
export function draw(nodes, base) {
  return nodes.flatMap((node) => drawn(node, base));
}

/**
 * @param {Node} node
 * @param {string} base
 * @returns {(globalThis.Node | string)[]}
 */
function drawn(node, base) {
  const inside = () => draw(node.children ?? [], base);
  const plain = Object.hasOwn(PLAIN, node.type) ? PLAIN[node.type] : undefined;
  if (plain) return [h(plain, {}, ...inside())];
  switch (node.type) {
    case 'tight':
      return inside();
    case 'heading':
      return [h(/** @type {'h2'} */ (`h${node.level}`), {}, ...inside())];
    case 'numbered':
      return [h('ol', { start: node.start }, ...inside())];
    case 'table':
      return [h('div', { class: 'table', tabindex: 0 }, h('table', {}, h('tbody', {}, ...inside())))];
    case 'cell':
      return [
        h(node.isHead ? 'th' : 'td', { scope: node.isHead && 'col', class: node.isNumber && 'number' }, ...inside()),
      ];
    case 'link':
      return [linkTo(node, base, inside())];
    case 'picture':
      return [pictureOf(node, base)];
    case 'code':
      return [h('code', {}, node.text ?? '')];
    case 'block':
      return [h('pre', { tabindex: 0 }, h('code', {}, node.text ?? ''))];
    case 'rule':
      return [h('hr')];
    case 'break':
      return [h('br')];
    default:
      return [node.text ?? ''];
  }
}

/**
 * @param {Node} node
 * @param {string} base
 * @param {(globalThis.Node | string)[]} inside
 */
function linkTo({ href }, base, inside) {
  const target = href === undefined ? null : linkOf(href, base);
  return target ? h('a', { href: target, rel: 'noopener noreferrer' }, ...inside) : h('span', {}, ...inside);
}

/** @param {Node} node @param {string} base */
function pictureOf({ src, text = '' }, base) {
  const address = src === undefined ? null : addressOf(src, base);
  return address ? h('img', { src: address, alt: text, loading: 'lazy', decoding: 'async' }) : h('span', {}, text);
}
