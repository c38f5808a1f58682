// Writes the numbers of the committed results and cards into the article's page, and the page in every other language:
//
//     node article/write.mjs
//
// Texts that article/texts/LANGUAGE.json does not have yet are listed and get an empty entry there; fill it, and run this again.

import { readFileSync, writeFileSync } from 'node:fs';

import {
  addressOfManifest,
  addressOfPage,
  addressOfTexts,
  compared,
  languages,
  manifestIn,
  pageIn,
  textsIn,
} from './languages.mjs';
import { filled } from './render.mjs';

const english = filled(readFileSync(addressOfPage('en'), 'utf8'));
writeFileSync(addressOfPage('en'), english);

for (const language of languages) {
  const { missing, unused, sorted } = compared(english, textsIn(language));
  writeFileSync(addressOfTexts(language), `${JSON.stringify(sorted, null, 2)}\n`);
  const file = `article/texts/${language}.json`;
  report(unused, `${file} has texts that the page no longer has; remove them, or give them the new key`);
  report(missing, `${file} lacks texts, which have empty entries now; www/${language}.html was not written`);
  if (missing.length > 0) continue;
  writeFileSync(addressOfPage(language), pageIn(english, language, sorted));
  writeFileSync(addressOfManifest(language), manifestIn(language, sorted));
}

/**
 * @param {string[]} keys
 * @param {string} problem
 */
function report(keys, problem) {
  if (keys.length === 0) return;
  console.error(`${problem}:\n${keys.map((key) => `    ${key}\n`).join('')}`);
  process.exitCode = 1;
}
