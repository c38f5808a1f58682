// Reads the article's numbers from their sources: the committed results of the experiments, and the cards of the shipped models.

import { existsSync, readFileSync } from 'node:fs';

const www = new URL('../www/', import.meta.url);

/** @typedef {{[name: string]: any}} Result */

/**
 * The results of an experiment; null if it has not been run.
 * @param {string} name
 * @returns {Result | null}
 */
export function result(name) {
  const file = new URL(`results/${name}.json`, www);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/**
 * One part of an experiment, by the name of its sheet: the whole of `few-cats`, the part `cats` of `random-latents`.
 * @param {string} sheet
 * @returns {Result | null}
 */
export function part(sheet) {
  const whole = result(sheet);
  if (whole) return whole;
  const [, name, key] = /^(.+)-([a-z]+)$/.exec(sheet) ?? [];
  const all = name ? result(name) : null;
  return all?.[key] ? { command: all.command, experiment: name, ...all[key] } : null;
}

/**
 * Size of a result's sheet of pictures, in pixels.
 * @param {string} name
 * @returns {{width: number, height: number}}
 */
export function sheetSize(name) {
  const bytes = readFileSync(new URL(`results/${name}.png`, www));
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/**
 * The lines of a card's list and table, as text by name.
 * @param {string} model
 * @returns {Map<string, string>}
 */
export function card(model) {
  const text = readFileSync(new URL(`models/${model}.md`, www), 'utf8');
  const lines = [...text.matchAll(/^- ([^:\n]+): (.+)$/gm), ...text.matchAll(/^\| ([^|\n]+?) \| ([^|\n]+?) \|$/gm)];
  return new Map(lines.map(([, name, value]) => [name, value]));
}

/**
 * The number at an address. `results/NAME PATH`: PATH descends by key, and in a list by a row's label (or by several of its
 * words, `plain+fitted`). `models/NAME LINE`: a line of the card. `models/NAME --OPTION`: an option of the command that trained
 * the model.
 * @param {string} address
 * @returns {number}
 * @throws {Error} where there is no such number
 */
export function numberAt(address) {
  const [, folder, name, path] = /^(results|models)\/([a-z0-9-]+) (.+)$/.exec(address) ?? [];
  if (!folder) throw new Error(`"${address}" is not the address of a number`);
  const found =
    folder === 'models' ? (card(name).get(path) ?? option(name, path)) : below(result(name), path.split('.'));
  const number = typeof found === 'string' ? Number(found) : found;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw new Error(`"${address}" is not a number: ${found}`);
  }
  return number;
}

/** An option of the command on a card. @param {string} model @param {string} name */
function option(model, name) {
  const words = card(model).get('Command')?.split(' ') ?? [];
  return name.startsWith('--') ? words[words.indexOf(name) + 1] : undefined;
}

/**
 * @param {any} value
 * @param {string[]} path
 * @returns {any}
 */
function below(value, [key, ...path]) {
  if (key === undefined || value === null || value === undefined) return value;
  return below(Array.isArray(value) ? rowOf(value, key) : value[key], path);
}

/**
 * The one row that has all of these words.
 * @param {Result[]} rows
 * @param {string} words joined by `+`
 */
export function rowOf(rows, words) {
  const has = (/** @type {Result} */ row) =>
    words.split('+').every((word) => Object.values(row).some((value) => String(value) === word));
  const found = rows.filter(has);
  if (found.length !== 1) throw new Error(`${found.length} rows have "${words}"`);
  return found[0];
}

/**
 * A number as the article writes it: a fixed number of decimals, the language's marks, a true minus sign.
 * @param {number} value
 * @param {number} digits
 * @param {string} [language]
 */
export function written(value, digits, language = 'en') {
  return value
    .toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace('-', '\u2212');
}
