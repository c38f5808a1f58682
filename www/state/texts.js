/**
 * Texts of the figures in the page's language. The English text is the key; every other language has a file texts/LANGUAGE.json
 * with translations by key, fetched only if it is needed. All figures of a page have the same language.
 */

import { textAddresses } from '../assets.js';

/** @typedef {Record<string, string | Record<string, string>>} Texts texts with a count have one form per category of Intl.PluralRules */

let language = 'en';
/** @type {Texts} */
let texts = {};
let plurals = new Intl.PluralRules('en');
let decimal = '.';

/** @type {Promise<void> | null} */
let learning = null;

/** The current language. */
export function spoken() {
  return language;
}

/**
 * Loads the language of the page's figures once: the nearest `lang` of the first element that asks, or English if there is no
 * file for it. Figures built before have to be built again.
 * @param {Element} element
 * @returns {Promise<void>} never rejects: without the file the language stays English
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
  if (!response.ok) throw new Error(`cannot load the texts of "${wanted}" (status ${response.status})`);
  return response.json();
}

/**
 * Translates a text and replaces each `{name}` by its value.
 * @param {string} text in English
 * @param {Record<string, string | number>} [values]
 */
export function say(text, values) {
  const found = texts[text];
  return filled(typeof found === 'string' ? found : text, values);
}

/** Fewest letters, apart from the values, by which a text with values is recognized. */
const LEAST_LETTERS = 8;

/**
 * Translates an error message whose values are already filled in, as the worker and the core send it: finds the text from which it was
 * made. A message without a translation stays English.
 * @param {unknown} reason an error or its message
 * @returns {string}
 */
export function retell(reason) {
  const text = reason instanceof Error ? reason.message : String(reason ?? '');
  const known = texts[text];
  if (typeof known === 'string') return known;
  let best = { own: text, values: /** @type {Record<string, string>} */ ({}), length: LEAST_LETTERS - 1 };
  for (const [key, own] of Object.entries(texts)) {
    if (typeof own !== 'string' || !key.includes('{')) continue;
    const pieces = key.split(PLACEHOLDER);
    const length = pieces.reduce((sum, piece, i) => (i % 2 === 0 ? sum + piece.length : sum), 0);
    const values = length > best.length ? valuesIn(text, pieces) : null;
    if (values) best = { own, values, length };
  }
  for (const name of NESTED) if (name in best.values) best.values[name] = retell(best.values[name]);
  return filled(best.own, best.values);
}

/** Values that are texts themselves. All others are names and numbers. */
const NESTED = ['why', 'what'];

/** The placeholder of a value. */
const PLACEHOLDER = /\{(\w+)\}/;

/**
 * Finds the values that were filled into a text.
 * @param {string} text
 * @param {string[]} pieces of the original text: fixed words and names of values, in turn
 * @returns {Record<string, string> | null} null if the text does not match
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
 * Translates a text that depends on a count. `{count}` is written in the number format of the language.
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
 * Writes a number in the format of the language.
 * @param {number} value
 */
export function sayNumber(value) {
  return value.toLocaleString(language);
}

/**
 * Replaces the decimal point of a written number by that of the language, and the hyphen by a minus sign.
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
