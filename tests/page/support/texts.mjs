// The texts in the page's source, and those of a language.

import { readdir, readFile } from 'node:fs/promises';

const www = new URL('../../../www/', import.meta.url);

/** A call and its first literals; other arguments follow them. */
const CALL = /(?<![#.\w])(say|sayCount)\(/g;

/** One literal in single or double quotes, with its context. */
const LITERAL = /^\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*/;

/**
 * Every text of every module: for `say` the text, for `sayCount` the key, which is its second one.
 * @returns {Promise<{texts: Set<string>, counted: Set<string>, computed: string[]}>} `computed` are calls without a literal
 */
export async function textsOfSource() {
  const texts = new Set();
  const counted = new Set();
  const computed = [];
  for (const file of await modules()) {
    if (file === 'state/texts.js') continue;
    const source = await readFile(new URL(file, www), 'utf8');
    for (const { 0: call, 1: name, index } of source.matchAll(CALL)) {
      let rest = source.slice(index + call.length);
      if (name === 'sayCount') {
        // The count, which may itself contain brackets and commas, then two literals.
        const found = /^[^'"]*?,\s*(?=['"])/.exec(rest);
        rest = found ? rest.slice(found[0].length) : '';
        const [one, other] = literals(rest, 2);
        if (one === undefined || other === undefined) computed.push(`${file}: ${source.slice(index, index + 60)}`);
        else counted.add(other);
      } else {
        const [text] = literals(rest, 1);
        if (text === undefined) computed.push(`${file}: ${source.slice(index, index + 60)}`);
        else texts.add(text);
      }
    }
  }
  return { texts, counted, computed };
}

/** All source in one piece: reasons of failures occur in it literally. */
export async function wholeSource() {
  const all = await Promise.all((await modules()).map((file) => readFile(new URL(file, www), 'utf8')));
  return all.join('\n');
}

/** @param {string} language */
export async function textsOf(language) {
  return JSON.parse(await readFile(new URL(`texts/${language}.json`, www), 'utf8'));
}

/** Names between braces. @param {string} text */
export function places(text) {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
}

async function modules() {
  const all = await readdir(www, { recursive: true });
  // Node.js 18 before 18.17 does not support `recursive`; the tests demand a later version.
  return all.filter((file) => file.endsWith('.js') && !file.startsWith('vendor'));
}

/**
 * The first literals of an argument list, as JavaScript reads them.
 * @param {string} source
 * @param {number} count
 */
function literals(source, count) {
  const found = [];
  for (let rest = source; found.length < count;) {
    const match = LITERAL.exec(rest);
    if (!match) break;
    found.push(
      (match[1] ?? match[2])
        .replace(/\\u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(parseInt(code, 16)))
        .replace(/\\(['"])/g, '$1'),
    );
    rest = rest.slice(match[0].length);
    if (!rest.startsWith(',')) break;
    rest = rest.slice(1);
  }
  return found;
}
