// The article in another language: the same page with every text replaced. Texts are keyed by the English ones, as in www/texts. Parts
// that are the same in all languages (numbers of the results, formulas, commands) appear in them as `{1}`, `{2}`; links and other marked
// words as `<a>…</a>`, with a number if a text has several.

import { written } from './sources.mjs';

/** Pieces of a page: tags, text between them, and whole elements whose content is not translated, such as the link to another language. */
const PIECE = /<!--[^]*?-->|<(math|data|code)\b[^]*?<\/\1>|<a class="language"[^]*?<\/a>|<[^>]+>|[^<]+/g;

/** Tags within a text. All others end it. */
const INLINE = /^<\/?(a|em|span)\b/;

/** Elements within a text that are the same in all languages, except for the format of numbers. */
const FIXED = /^<(data|code|math(?! display="block")|a class="language")(?!\w)/;

/** Values of attributes that are read or spoken. */
const SPOKEN = /(?<= (?:alt|aria-label)=")[^"]+|(?<=<meta\s+name="description"\s+content=")[^"]+/g;

/** A number of the results, as it is written in English. */
const NUMBER = /\d+(?:,\d{3})*(?:\.\d+)?/g;

/**
 * @typedef {object} Place where a text stands
 * @property {string} language
 * @property {(key: string) => string} look finds a text by its key
 * @property {boolean} isResult its numbers are those of the results
 */

/**
 * The keys of all texts, each once, in the order of the page.
 * @param {string} page in English
 * @returns {string[]}
 */
export function keysOf(page) {
  /** @type {Set<string>} */
  const keys = new Set();
  rewritten(page, 'en', (key) => {
    keys.add(key);
    return key;
  });
  return [...keys];
}

/**
 * @param {string} page in English
 * @param {string} language
 * @param {Record<string, string>} texts by their keys
 * @returns {string} the page in that language
 * @throws {Error} if a text is missing, or lacks placeholders or tags of its key
 */
export function translated(page, language, texts) {
  const own = rewritten(page, language, (key) => {
    const text = texts[key];
    if (!text) throw new Error(`there is no text for "${key}"`);
    if (slots(key) !== slots(text)) throw new Error(`"${text}" has ${slots(text) || 'nothing'}, not ${slots(key)}`);
    return text;
  });
  return (
    own
      .replace('<html lang="en">', `<html lang="${language}">`)
      // Pages of one figure and the list of lessons have their language from the link.
      .replaceAll('href="embed.html?', `href="embed.html?lang=${language}&amp;`)
      .replaceAll('href="lesson.html"', `href="lesson.html?lang=${language}"`)
      .replace('href="site.webmanifest"', `href="${language}.webmanifest"`)
      .replace(
        new RegExp(`(<a class="language" )href="${language}\\.html" hreflang="${language}" lang="${language}">[^<]*`),
        '$1href="./" hreflang="en" lang="en">English',
      )
  );
}

/** Placeholders and tags of a text. @param {string} text */
function slots(text) {
  return (text.match(/\{\d+\}|<[^>]+>/g) ?? []).sort().join(' ');
}

/**
 * @param {string} page
 * @param {string} language
 * @param {Place['look']} look
 */
function rewritten(page, language, look) {
  /** @type {string[]} */
  const out = [];
  /** @type {string[]} */
  const run = [];
  const place = { language, look, isResult: false };
  for (const [piece] of page.matchAll(PIECE)) {
    if (!piece.startsWith('<') || INLINE.test(piece) || FIXED.test(piece)) {
      run.push(piece);
      continue;
    }
    out.push(...textOf(run.splice(0), place));
    if (piece.startsWith('<!--')) place.isResult = piece.startsWith('<!-- results ');
    out.push(piece.replace(SPOKEN, (value) => attribute(value, place)));
  }
  return [...out, ...run].join('');
}

/**
 * @param {string} value
 * @param {Place} place
 */
function attribute(value, place) {
  // The alternative text of a row of pictures ends with the text beside it.
  const [, count, label] = (place.isResult && /^(\d+ pictures): (.+)$/.exec(value)) || [];
  return label ? `${said([count], place)}: ${said([label], place)}` : said([value], place);
}

/**
 * A run of text and tags within it; space and tags around the whole text stay as they are.
 * @param {string[]} run
 * @param {Place} place
 * @returns {string[]}
 */
function textOf(run, place) {
  const isEmpty = (/** @type {string} */ piece) => piece.trim() === '';
  const isClosing = (/** @type {string} */ piece) => piece.startsWith('</');
  let [start, end] = [0, run.length];
  for (;;) {
    const [first, last] = [run[start], run[end - 1]];
    if (start === end) return run;
    if (isEmpty(first)) start++;
    else if (isEmpty(last)) end--;
    else if (INLINE.test(first) && run.findIndex(isClosing) === end - 1) [start, end] = [start + 1, end - 1];
    else return [...run.slice(0, start), said(run.slice(start, end), place), ...run.slice(end)];
  }
}

/**
 * @param {string[]} pieces of one text
 * @param {Place} place
 */
function said(pieces, { language, look, isResult }) {
  /** @type {string[]} */
  const values = [];
  const slot = (/** @type {string} */ value) => `{${values.push(value)}}`;
  const tags = new Tags(pieces);
  const key = pieces
    .map((piece) => {
      if (FIXED.test(piece)) return slot(localized(piece, language));
      if (INLINE.test(piece)) return tags.short(piece);
      return isResult ? piece.replace(NUMBER, (number) => slot(localizedNumber(number, language))) : piece;
    })
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
  // Numbers and signs alone are not a text.
  const text = /\p{L}/u.test(key) ? look(key) : key;
  return tags.whole(text).replace(/\{(\d+)\}/g, (_, nth) => values[nth - 1]);
}

/** The tags of one text, which appear in it without their attributes. */
class Tags {
  /** @type {Record<string, string[]>} whole tags by name */
  #whole = {};

  /** @param {string[]} pieces of the text */
  constructor(pieces) {
    for (const piece of pieces) {
      const [, name] = /^<(a|em|span)\b/.exec(piece) ?? [];
      if (name) (this.#whole[name] ??= []).push(piece);
    }
  }

  /** Tags with attributes of their own are numbered. @type {Record<string, number>} */
  #opened = {};

  /** @param {string} tag */
  short(tag) {
    const [, slash, name] = /** @type {RegExpExecArray} */ (/^<(\/?)(\w+)/.exec(tag));
    if (!slash) this.#opened[name] = (this.#opened[name] ?? 0) + 1;
    const isNumbered = name !== 'em' && this.#whole[name].length > 1;
    return `<${slash}${name}${isNumbered ? this.#opened[name] : ''}>`;
  }

  /** @param {string} text with short tags */
  whole(text) {
    return text.replace(/<(\/?)([a-z]+)(\d*)>/g, (_, slash, name, nth) =>
      slash ? `</${name}>` : this.#whole[name][(nth || 1) - 1],
    );
  }
}

/**
 * @param {string} piece
 * @param {string} language
 */
function localized(piece, language) {
  const [, tag, value, digits] = /^(<data value="([^"]+)" [^>]*data-digits="(\d)"[^>]*>)/.exec(piece) ?? [];
  return tag ? `${tag}${written(Number(value), Number(digits), language)}</data>` : piece;
}

/**
 * @param {string} number in English
 * @param {string} language
 */
function localizedNumber(number, language) {
  // Marks of a chart have no separators.
  if (/^\d{4,}$/.test(number)) return number;
  return written(Number(number.replaceAll(',', '')), number.split('.')[1]?.length ?? 0, language);
}
