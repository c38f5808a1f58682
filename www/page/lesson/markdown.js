/**
 * Markdown as a tree of the few kinds of nodes that a lesson can have. It is made from the tokens of markdown-it, which are never parsed
 * as HTML: `draw.js` makes elements of known kinds and text nodes from it.
 *
 * @typedef {object} Node
 * @property {string} type
 * @property {number} [line]
 * @property {Node[]} [children]
 * @property {string} [text]
 * @property {string} [href] of a link; missing if it is not allowed
 * @property {string} [src] of a picture; missing if it is not allowed
 * @property {number} [level] of a heading
 * @property {number} [start] of an ordered list
 * @property {boolean} [isHead] of a cell
 * @property {boolean} [isNumber] of a cell that is aligned to the right
 *
 * @typedef {import('../../vendor/markdown-it/markdown-it.js').Token} Token
 * @typedef {import('../../vendor/markdown-it/markdown-it.js').MarkdownIt} MarkdownIt
 * @typedef {import('./problems.js').Report} Report
 */

import { isElsewhere, isLocal } from './rules.js';

/** Deepest nesting of lists and quotations. */
const DEEPEST = 8;

/** Deepest nesting of nodes: emphasis can be nested a thousand times. Deeper nodes are put at the deepest level. */
const MOST_OPEN = 60;

/** Nodes for the tokens that open something. */
const OPENING = new Map([
  ['paragraph_open', 'paragraph'],
  ['heading_open', 'heading'],
  ['bullet_list_open', 'list'],
  ['ordered_list_open', 'numbered'],
  ['list_item_open', 'item'],
  ['blockquote_open', 'quote'],
  ['table_open', 'table'],
  ['tr_open', 'row'],
  ['th_open', 'cell'],
  ['td_open', 'cell'],
  ['em_open', 'em'],
  ['strong_open', 'strong'],
  ['link_open', 'link'],
]);

/** Tokens that end such a node. */
const CLOSING = new Set([...OPENING.keys()].map((type) => type.replace('_open', '_close')));

const NESTING = ['list', 'numbered', 'quote'];

/** Blocks of text, in whose lines the place of a problem is searched for. */
const TEXTS = ['paragraph', 'heading', 'table'];

/** Reads the Markdown of one text. */
export class Reader {
  #lines;
  #offset;
  #report;
  #onFence;
  /** Lines of the current text. @type {[first: number, end: number]} */
  #range = [0, 0];

  /**
   * @param {string[]} lines
   * @param {number} offset number of lines before the first
   * @param {Report} report
   * @param {(fence: Token, isOuter: boolean) => Node[]} onFence makes nodes of a fenced block
   */
  constructor(lines, offset, report, onFence) {
    this.#lines = lines;
    this.#offset = offset;
    this.#report = report;
    this.#onFence = onFence;
  }

  /**
   * @param {MarkdownIt} library
   * @returns {Node[]}
   */
  read(library) {
    return this.#tree(library.parse(this.#lines.join('\n'), {}));
  }

  /** @param {Token[]} tokens */
  #tree(tokens) {
    /** @type {Node[]} */
    const open = [{ type: 'lesson', children: [] }];
    for (const token of tokens) {
      const type = OPENING.get(token.type);
      const top = open[open.length - 1];
      if (type && open.length > MOST_OPEN) open.push(top);
      else if (type) {
        const node = this.#opened(type, token);
        top.children?.push(node);
        open.push(node);
        if (NESTING.includes(type)) this.#checkDepth(open, token);
      } else if (CLOSING.has(token.type)) open.pop();
      else top.children?.push(...this.#leaf(token, open.length === 1));
    }
    return open[0].children ?? [];
  }

  /**
   * @param {string} type
   * @param {Token} token
   * @returns {Node}
   */
  #opened(type, token) {
    if (token.map && TEXTS.includes(type)) this.#range = token.map;
    /** @type {Node} */
    const node = { type, children: [] };
    if (type === 'heading') node.level = this.#levelOf(token);
    if (type === 'numbered') node.start = Number(token.attrGet('start') ?? 1);
    if (type === 'cell') node.isHead = token.type === 'th_open';
    if (type === 'cell') node.isNumber = String(token.attrGet('style')).endsWith('right');
    if (type === 'paragraph' && token.hidden) node.type = 'tight';
    if (type === 'link') node.href = this.#linkOf(String(token.attrGet('href')));
    return node;
  }

  /** @param {Token} token */
  #levelOf({ tag }) {
    const level = Number(tag.slice(1));
    if (level < 2 || level > 4) this.#report(this.#offset + this.#range[0] + 1, 'heading');
    return Math.min(4, Math.max(2, level));
  }

  /**
   * @param {Node[]} open
   * @param {Token} token
   */
  #checkDepth(open, { map }) {
    const depth = open.filter(({ type }) => NESTING.includes(type)).length;
    if (depth === DEEPEST + 1) this.#report(this.#offset + (map?.[0] ?? 0) + 1, 'deep', { most: DEEPEST });
  }

  /** The address of a link, if it is allowed. @param {string} address */
  #linkOf(address) {
    if (isLocal(address) || isElsewhere(address)) return address;
    // A mail address may lack its scheme.
    const line = this.#lineOf(address.replace(/^mailto:/, ''));
    this.#report(line, address.startsWith('#') ? 'fragment' : 'link', { address });
    return undefined;
  }

  /**
   * @param {Token} token
   * @param {boolean} isOuter
   * @returns {Node[]}
   */
  #leaf(token, isOuter) {
    const text = token.content;
    switch (token.type) {
      case 'inline':
        return this.#tree(token.children ?? []);
      case 'fence':
        return this.#onFence(token, isOuter);
      case 'code_block':
        return [{ type: 'block', text }];
      case 'code_inline':
        return [{ type: 'code', text }];
      case 'hr':
        return [{ type: 'rule' }];
      case 'softbreak':
        return [{ type: 'text', text: '\n' }];
      case 'hardbreak':
        return [{ type: 'break' }];
      case 'image':
        return [this.#picture(token)];
      case 'html_block':
        this.#report(this.#offset + (token.map?.[0] ?? 0) + 1, 'html');
        return [{ type: 'block', text }];
      case 'html_inline':
        this.#report(this.#lineOf(text.split('\n')[0]), 'html');
        return [{ type: 'text', text }];
      default:
        return text === '' ? [] : [{ type: 'text', text }];
    }
  }

  /** @param {Token} token @returns {Node} */
  #picture(token) {
    const address = String(token.attrGet('src'));
    const alt = textOf(token.children ?? []);
    if (alt.trim() === '') this.#report(this.#lineOf(address), 'alt', { address });
    const src = isLocal(address) ? address : undefined;
    if (src === undefined) this.#report(this.#lineOf(address), 'picture', { address });
    return { type: 'picture', text: alt, src };
  }

  /** The line of the current text that has an address, or its first. @param {string} needle */
  #lineOf(needle) {
    const [first, end] = this.#range;
    const found = needle === '' ? -1 : this.#lines.slice(first, end).findIndex((line) => line.includes(needle));
    return this.#offset + first + Math.max(0, found) + 1;
  }
}

/** @param {Token[]} tokens @returns {string} */
function textOf(tokens) {
  return tokens.map(({ type, content, children }) => (type === 'image' ? textOf(children ?? []) : content)).join('');
}
