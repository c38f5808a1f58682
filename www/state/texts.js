/**
 * What the figures say, in the page's language. The English text is the key; every other language is one file, texts/LANGUAGE.json,
 * from those keys to its own texts, fetched only where it is spoken. All figures of a page speak the same language.
 */

import { textAddresses } from '../assets.js';

/** @typedef {Record<string, string | Record<string, string>>} Texts what is counted has a text for each of Intl.PluralRules' words */

let language = 'en';
/** @type {Texts} */
let texts = {};
let plurals = new Intl.PluralRules('en');
let decimal = '.';

/** @type {Promise<void> | null} */
let learning = null;

/** What is spoken now. */
export function spoken() {
  return language;
}

/**
 * The language of the page's figures, known after the first one has asked: that of the nearest `lang` around it, or English where
 * there is no file for it. Figures that were built before have to be built again.
 * @param {Element} element
 * @returns {Promise<void>} never fails: without the file it stays English
 */
export function learn(element) {
  learning ??= speak(languageAt(element)).catch((error) => console.warn(`latent-lab: ${error.message}`));
  return learning;
}

/** @param {Element} element */
function languageAt(element) {
  const around = element.closest('[lang]')?.getAttribute('lang') || document.documentElement.lang;
  const wanted = around.toLowerCase().split('-')[0];
  return textAddresses.has(wanted) ? wanted : 'en';
}

/** @param {string} wanted */
async function speak(wanted) {
  if (wanted === language) return;
  const learned = await fetched(wanted);
  [language, texts, plurals] = [wanted, learned, new Intl.PluralRules(wanted)];
  decimal = (0.5).toLocaleString(wanted).charAt(1);
}

/**
 * @param {string} wanted
 * @returns {Promise<Texts>}
 */
async function fetched(wanted) {
  const response = await fetch(/** @type {URL} */ (textAddresses.get(wanted)));
  if (!response.ok) throw new Error(`the texts of "${wanted}" did not come (status ${response.status})`);
  return response.json();
}

/**
 * A text, with `{name}` replaced by its value.
 * @param {string} text in English
 * @param {Record<string, string | number>} [values]
 */
export function say(text, values) {
  const found = texts[text];
  return filled(typeof found === 'string' ? found : text, values);
}

/** A text with values in it is known again by so many letters of its own. */
const TELLING = 8;

/**
 * What is in the way, as another part of the page, the worker or the core has put it in English, values included: the text that it was made
 * of is found again, and said in this language. In English where this language does not have it.
 * @param {unknown} reason an error or its message
 * @returns {string}
 */
export function retell(reason) {
  const text = reason instanceof Error ? reason.message : String(reason ?? '');
  const known = texts[text];
  if (typeof known === 'string') return known;
  let best = { own: text, values: /** @type {Record<string, string>} */ ({}), length: TELLING - 1 };
  for (const [key, own] of Object.entries(texts)) {
    if (typeof own !== 'string' || !key.includes('{')) continue;
    const pieces = key.split(PLACE);
    const length = pieces.reduce((sum, piece, i) => (i % 2 === 0 ? sum + piece.length : sum), 0);
    const values = length > best.length ? valuesIn(text, pieces) : null;
    if (values) best = { own, values, length };
  }
  for (const name of SPOKEN) if (name in best.values) best.values[name] = retell(best.values[name]);
  return filled(best.own, best.values);
}

/** Values that are words of ours too; all others are names and numbers. */
const SPOKEN = ['why', 'what'];

/** A place for a value. */
const PLACE = /\{(\w+)\}/;

/**
 * The values that a text was made with.
 * @param {string} text
 * @param {string[]} pieces of the text that it may have been made of: what stands there, a name, what stands there, and so on
 * @returns {Record<string, string> | null} null where it was made of another
 */
function valuesIn(text, pieces) {
  const last = pieces[pieces.length - 1];
  if (!text.startsWith(pieces[0]) || !text.endsWith(last)) return null;
  /** @type {Record<string, string>} */
  const values = {};
  for (let i = 1, at = pieces[0].length; i < pieces.length; i += 2) {
    const end = i + 2 === pieces.length ? text.length - last.length : text.indexOf(pieces[i + 1], at);
    if (end <= at) return null;
    values[pieces[i]] = text.slice(at, end);
    at = end + pieces[i + 1].length;
  }
  return values;
}

/**
 * A text that depends on how many there are; `{count}` is written as numbers are in this language.
 * @param {number} count
 * @param {string} one in English
 * @param {string} other in English; the key
 * @param {Record<string, string | number>} [values]
 */
export function sayCount(count, one, other, values) {
  const found = texts[other];
  const forms = typeof found === 'object' ? found : { one, other };
  return filled(forms[plurals.select(count)] ?? forms.other, { count: sayNumber(count), ...values });
}

/**
 * A number as this language writes it.
 * @param {number} value
 */
export function sayNumber(value) {
  return value.toLocaleString(language);
}

/**
 * A number that has its digits already, with this language's decimal sign and a real minus.
 * @param {string | number} digits
 */
export function written(digits) {
  return String(digits).replace('.', decimal).replace('-', '\u2212');
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} [values]
 */
function filled(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
