/**
 * Reads a lesson: makes its text a tree of nodes, and reports all problems. Needs no page, so that
 * tests can give it anything. `cli/src/lesson` reads lessons by the same rules.
 */

import { readFields } from './fields.js';
import { readFigure } from './figure-block.js';
import { readFrontMatter } from './front-matter.js';
import { Reader } from './markdown.js';
import { Problems } from './problems.js';
import { readQuestion } from './question-block.js';

/**
 * @typedef {import('./markdown.js').Node} Node
 * @typedef {import('./markdown.js').MarkdownIt} MarkdownIt
 * @typedef {import('./front-matter.js').Meta} Meta
 * @typedef {{type: 'teacher', line: number, children: Node[]}} TeacherBlock
 * @typedef {Node | import('./figure-block.js').FigureBlock | import('./question-block.js').Question | TeacherBlock} Part
 * @typedef {{meta: Meta, parts: Part[], problems: import('./problems.js').Problem[]}} Lesson
 */

/** Most bytes of a lesson. Any Markdown of this size is read in a second at worst. */
export const MOST_BYTES = 65_536;

/** Most blocks of each kind. */
const MOST = new Map([
  ['figure', 40],
  ['question', 60],
  ['teacher', 20],
]);

/**
 * Makes the library's reader. Raw HTML gets separate tokens, so that it can be shown as text and reported.
 * @param {typeof import('../../vendor/markdown-it/markdown-it.js').default} Library
 * @returns {MarkdownIt}
 */
export function markdown(Library) {
  const library = new Library('commonmark', { html: true, maxNesting: 100 }).enable('table');
  // rules.js checks addresses, and must get them unchanged.
  library.validateLink = () => true;
  library.normalizeLink = (address) => address;
  return library;
}

/**
 * The text of a file. Bytes that are not UTF-8 become U+FFFD, which `readLesson` reports.
 * @param {Uint8Array | ArrayBuffer} bytes
 */
export function textOf(bytes) {
  return new TextDecoder().decode(bytes);
}

/**
 * @param {string} text
 * @param {MarkdownIt} library
 * @returns {Lesson}
 */
export function readLesson(text, library) {
  const problems = new Problems();
  if (new TextEncoder().encode(text).length > MOST_BYTES) {
    problems.report(1, 'size', { most: MOST_BYTES });
    return { meta: readFrontMatter([], () => {}).meta, parts: [], problems: problems.sorted };
  }
  const lines = text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD').split('\n');
  lines.forEach((line, i) => line.includes('\uFFFD') && problems.report(i + 1, 'unreadable'));
  const { meta, end } = readFrontMatter(lines, problems.report);
  const parts = new Blocks(lines.slice(end), end, problems.report).read(library);
  return { meta, parts, problems: problems.sorted };
}

/** The blocks of a lesson: text, and the fenced ones that are figures, questions and notes. */
class Blocks {
  #lines;
  #offset;
  #report;
  /** @type {Map<string, number>} */
  #counts = new Map();

  /**
   * @param {string[]} lines
   * @param {number} offset number of lines before the first
   * @param {import('./problems.js').Report} report
   */
  constructor(lines, offset, report) {
    this.#lines = lines;
    this.#offset = offset;
    this.#report = report;
  }

  /** @param {MarkdownIt} library @returns {Part[]} */
  read(library) {
    const reader = new Reader(
      this.#lines,
      this.#offset,
      this.#report,
      (fence, isOuter) => /** @type {Node[]} */ (this.#fenced(fence, isOuter, library)),
    );
    return reader.read(library);
  }

  /**
   * @param {import('./markdown.js').Token} fence
   * @param {boolean} isOuter
   * @param {MarkdownIt} library
   * @returns {Part[]}
   */
  #fenced(fence, isOuter, library) {
    const [first, end] = /** @type {[number, number]} */ (fence.map);
    const [name, ...more] = fence.info.split(/[ \t]+/).filter(Boolean);
    const line = this.#offset + first + 1;
    const shown = { type: 'block', text: fence.content };
    const most = MOST.get(name ?? '');
    if (most === undefined) return [shown];
    if (!isOuter) return this.#refused(shown, line, 'inside', { name });
    if (!isClosed(this.#lines[end - 1], fence.markup, end - first)) {
      return this.#refused(shown, line, 'open', { name, fence: fence.markup });
    }
    if (more.length > 0) this.#report(line, 'info', { name });
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    if (count > most) return this.#refused(shown, line, 'many', { most, name });
    return this.#made(name, fence.content.split('\n'), line, library);
  }

  /**
   * @param {string} name
   * @param {string[]} lines
   * @param {number} line of the block
   * @param {MarkdownIt} library
   * @returns {Part[]}
   */
  #made(name, lines, line, library) {
    if (name === 'teacher') return [this.#notes(lines, line, library)];
    const fields = readFields(lines, line + 1, this.#report);
    if (name === 'figure') return [readFigure(fields, line, this.#report)];
    const question = readQuestion(fields, line, this.#report);
    return question ? [question] : [{ type: 'block', text: lines.join('\n') }];
  }

  /**
   * @param {string[]} lines
   * @param {number} line
   * @param {MarkdownIt} library
   * @returns {TeacherBlock}
   */
  #notes(lines, line, library) {
    const reader = new Reader(lines, line, this.#report, (fence) => {
      const [name = ''] = fence.info.split(/[ \t]+/).filter(Boolean);
      if (MOST.has(name)) this.#report(line + (fence.map?.[0] ?? 0) + 1, 'inside', { name });
      return [{ type: 'block', text: fence.content }];
    });
    return { type: 'teacher', line, children: reader.read(library) };
  }

  /**
   * @param {Node} shown in place of the block
   * @param {Parameters<import('./problems.js').Report>} problem
   * @returns {Node[]}
   */
  #refused(shown, ...problem) {
    this.#report(...problem);
    return [shown];
  }
}

/**
 * True if the last line of a fenced block ends it.
 * @param {string} last
 * @param {string} fence
 * @param {number} count lines of the block
 */
function isClosed(last, fence, count) {
  const mark = last.replace(/^ {0,3}/, '').replace(/[ \t]+$/, '');
  return count > 1 && mark.length >= fence.length && [...mark].every((letter) => letter === fence[0]);
}
