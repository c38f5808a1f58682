// The languages that the article is translated to: those with a file in article/texts.

import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { keysOf, translated } from './translate.mjs';

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
 * The page in a language, with its own posters where there are words in them.
 * @param {string} page in English
 * @param {string} language
 * @param {Record<string, string>} texts
 */
export function pageIn(page, language, texts) {
  const address = (/** @type {string} */ name) => new URL(`posters/${name}.${language}.webp`, www);
  return translated(page, language, texts)
    .replace(/posters\/([a-z-]+)\.webp/g, (whole, name) =>
      existsSync(address(name)) ? `posters/${name}.${language}.webp` : whole,
    )
    .replace(/(posters\/([a-z-]+)\.[a-z]+\.webp") width="\d+" height="\d+"/g, (_, start, name) => {
      const { width, height } = sizeOf(readFileSync(address(name)));
      return `${start} width="${width}" height="${height}"`;
    });
}

/**
 * Size of a WebP picture, as its extended header has it.
 * @param {Buffer} bytes
 */
function sizeOf(bytes) {
  if (bytes.toString('latin1', 12, 16) !== 'VP8X') throw new Error('a poster is not an extended WebP file');
  return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
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
