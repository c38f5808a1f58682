// Error messages of the source that end up in a sentence of the page. Values in them are placeholders, `{}`.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

const root = new URL('../../../', import.meta.url);

/** Modules whose errors readers never see, since they go to the console or to a browser's cache. */
const UNHEARD = ['state/texts.js', 'service-worker.js', 'page/offline.js'];

/** Files of the core whose errors readers can see: those that read files, draw, train or write files. */
const CORE =
  /(^|\/)(activation|animation|config|config\/text|text|latents_file|prior|weights|model_file|container|dtype|stored|header|quantized|safetensors|cpu|training)\.rs$/;

/** The first text of a call: in quotes, or with values between backticks. */
const MADE = /new (?:Range|Type)?(?:Error|Failure)\(\s*(?:'[a-z-]+',\s*)?(?:'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/g;

/** @returns {Promise<string[]>} of the page's modules */
export async function reasonsOfPage() {
  const all = await readdir(new URL('www/', root), { recursive: true });
  const files = all.filter(
    (file) => file.endsWith('.js') && !/^(vendor|variants)\b/.test(file) && !UNHEARD.includes(file),
  );
  const texts = await Promise.all(files.map((file) => readFile(new URL(`www/${file}`, root), 'utf8')));
  const found = texts.flatMap((text) =>
    [...text.matchAll(MADE)].map(([, plain, filled]) => plain ?? filled.replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, '{}')),
  );
  return [...new Set(found.filter(isSaid))];
}

/** A text in Rust's quotes, with its line breaks. */
const QUOTED = /"((?:[^"\\]|\\[^])*)"/g;

/** @returns {Promise<string[]>} of the core, as far as readers can see them */
export async function reasonsOfCore() {
  const found = [];
  const folders = ['src', 'crates'].filter((folder) => existsSync(new URL(folder, root)));
  const all = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(new URL(folder, root), { recursive: true })).map((file) => `${folder}/${file}`),
    ),
  );
  for (const file of all.flat().filter((name) => CORE.test(name))) {
    const text = await readFile(new URL(file, root), 'utf8');
    const code = text
      .split('#[cfg(test)]')[0]
      .replace(/^\s*\/\/.*$/gm, '')
      .replace(/'\\?"'/g, "' '");
    for (const [whole, quoted] of code.matchAll(QUOTED)) {
      const before = code.slice(0, code.indexOf(whole)).slice(-40);
      if (/(?:expect|split_once)\(\s*$|assert\w*!\([^;]*$/.test(before)) continue;
      found.push(
        quoted
          .replace(/\\\n\s*/g, '')
          .replace(/\\"/g, '"')
          .replace(/\{\w*(?::[^}]*)?\}/g, '{}'),
      );
    }
  }
  return [...new Set(found.filter(isSaid))];
}

/** True for a text with words, false for a text of values only. @param {string} text */
function isSaid(text) {
  return /[a-z]{2,} [a-z]/i.test(text.replaceAll('{}', ' ')) && !/[<>]|^\{|\{"/.test(text.replaceAll('{}', 'x'));
}
