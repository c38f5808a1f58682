// The languages that the article is translated to: those with a file in article/texts.

import { readdirSync, readFileSync } from 'node:fs';

import { keysOf } from './translate.mjs';

const folder = new URL('texts/', import.meta.url);
const www = new URL('../www/', import.meta.url);

/** Codes of the languages besides English. */
export const languages = readdirSync(folder).map((name) => name.replace('.json', ''));

/** @param {string} language */
export const addressOfTexts = (language) => new URL(`${language}.json`, folder);

/** @param {string} language */
export const addressOfPage = (language) => new URL(language === 'en' ? 'index.html' : `${language}.html`, www);

/** @param {string} language */
export const addressOfManifest = (language) => new URL(`${language === 'en' ? 'site' : language}.webmanifest`, www);

/**
 * @param {string} language
 * @returns {Record<string, string>} texts by their keys
 */
export function textsIn(language) {
  return JSON.parse(readFileSync(addressOfTexts(language), 'utf8'));
}

/** The manifest in English. */
const manifest = () => JSON.parse(readFileSync(addressOfManifest('en'), 'utf8'));

/**
 * Texts in the order of the page, with an empty one for each that is missing, and at the end those that no longer have a place.
 * @param {string} page in English
 * @param {Record<string, string>} texts
 */
export function compared(page, texts) {
  const keys = [...keysOf(page), manifest().description];
  const missing = keys.filter((key) => !texts[key]);
  const unused = Object.keys(texts).filter((key) => !keys.includes(key));
  const sorted = Object.fromEntries([...keys, ...unused].map((key) => [key, texts[key] ?? '']));
  return { missing, unused, sorted };
}

/**
 * The manifest of the page in a language, so that an installed article opens in it.
 * @param {string} language
 * @param {Record<string, string>} texts
 */
export function manifestIn(language, texts) {
  const { description, ...more } = manifest();
  const start = `${language}.html`;
  const own = { ...more, lang: language, description: texts[description], id: start, start_url: start };
  return `${JSON.stringify(own, null, 2)}\n`;
}
