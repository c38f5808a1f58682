// A thread that reads hostile texts: a parser that takes exponential time can only be stopped from another thread.

import { parentPort } from 'node:worker_threads';

import { isMade, isName, latentsAddress } from '../../../www/assets.js';
import { attributeNames, attributes, propertyOf } from '../../../www/state/attributes.js';
import { controlRules } from '../../../www/element/frame.js';
import { readState, writeState } from '../../../www/state/state.js';
import { retell, say } from '../../../www/state/texts.js';
import { dimensions } from '../../../www/training/input/dimensions.js';
import { looksLikeIdx, readIdx } from '../../../www/training/input/idx.js';
import { readRunConfig, writeRunConfig } from '../../../www/training/page/run-config.js';
import { defaults } from '../../../www/training/page/settings.js';
import { inputs, parsed } from '../../../www/views/microscope/presets.js';

const LENGTH = 10_000;

/** Number of tries, of which the best counts: the machine may be busy. */
const TRIES = 3;

/** One character of every class that a pattern may contain. */
const classes = [
  'a',
  'Z',
  '0',
  '.',
  ',',
  ';',
  ':',
  '-',
  ' ',
  '\n',
  '\t',
  '!',
  '=',
  '"',
  '{',
  '}',
  '[',
  '\\',
  '/',
  '%',
  '\u00e4',
  '\u0000',
  '\ud800',
  '\u{1f408}',
];

/** Endings that make a pattern backtrack. */
const endings = ['', '!', '\n!'];

/** Starts of the accepted forms, to be followed by long tails. */
const forms = ['', 'a:', 'layers: ', 'augment: ', '-', '1 ', '3:', '{a', 'GIF8', '\u0089PNG', 'RIFF', '\u00ff\u00d8'];

function* texts() {
  for (const form of forms) {
    for (const first of classes) {
      for (const ending of endings) {
        yield form + first.repeat(LENGTH - form.length).slice(0, LENGTH - form.length - ending.length) + ending;
      }
    }
  }
  for (const first of classes) for (const second of classes) yield (first + second).repeat(LENGTH / 2);
}

const bytesOf = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const base = { settings: defaults(), shape: { channels: 1, height: 28, width: 28 } };

/** @type {Record<string, (text: string) => unknown>} */
const readers = {
  ...Object.fromEntries(
    attributeNames.map((name) => [`the attribute ${name}`, (text) => attributes[name].read(text.trim())]),
  ),
  'the state, read and written': (text) =>
    writeState(readState({ getAttribute: () => text, hasAttribute: () => true })),
  'a parameter’s name': propertyOf,
  'rules for controls': controlRules,
  'a plan': (text) => writeRunConfig(readRunConfig(text, base), base),
  'a model’s name': (text) =>
    isName(text) || isMade(text) || (URL.canParse(text, 'http://host/') && latentsAddress(`http://host/${text}`)),
  'numbers by hand': (text) => parsed(inputs, text, 4),
  'a translated text': (text) => say(text, { a: text }),
  'a reason': retell,
  'the header of a picture': (text) => dimensions(bytesOf(text)),
  'a file of labels': (text) => looksLikeIdx(bytesOf(text)) && readIdx(new Blob([bytesOf(text)]), 10).catch(() => {}),
};

globalThis.document ??= /** @type {any} */ ({ baseURI: 'http://host/' });
for (const [name, read] of Object.entries(readers)) {
  parentPort?.postMessage({ name });
  let slowest = 0;
  for (const text of texts()) {
    let best = Infinity;
    for (let i = 0; i < TRIES && best > 10; i++) {
      const start = performance.now();
      read(text);
      best = Math.min(best, performance.now() - start);
    }
    slowest = Math.max(slowest, best);
  }
  parentPort?.postMessage({ name, slowest });
}
parentPort?.postMessage({ done: Object.keys(readers).length });
