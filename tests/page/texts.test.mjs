// Texts of the figures: each English text is a key, and the German file has a translation for every key.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { retell, learn, say } from '../../www/state/texts.js';
import { reasonsOfCore, reasonsOfPage } from './support/reasons.mjs';
import { places, textsOf, textsOfSource, wholeSource } from './support/texts.mjs';

const FORMS = ['one', 'other'];

/** Parts of messages that are composed in several places in the source. */
const PARTS = ['tensor {name}: {why}', 'its code could not be loaded ({why})', 'model file', 'latents file'];

/** Messages of serde and serde_json about headers and configs. */
const SERDE = [
  'missing field `{name}`',
  'duplicate field `{name}`',
  'unknown field `{name}`, expected {names}',
  'unknown field `{name}`, expected one of {names}',
  'invalid type: {given}, expected {what}',
  'invalid value: {given}, expected {what}',
  'invalid length {count}, expected {what}',
  '{why} at line {line} column {place}',
  'EOF while parsing a value',
  'EOF while parsing a list',
  'EOF while parsing an object',
  'EOF while parsing a string',
  'expected value',
  'expected `:`',
  'expected `,` or `}`',
  'expected `,` or `]`',
  'key must be a string',
  'invalid number',
  'invalid escape',
  'trailing comma',
  'trailing characters',
];

/** A text whose placeholders have lost their names. @param {string} text */
const bare = (text) => text.replace(/\{\w+\}/g, '{}');

test('every call that translates a text has the text as a literal', async () => {
  const { texts, counted, computed } = await textsOfSource();
  assert.ok(texts.size > 300 && counted.size > 5, `${texts.size} and ${counted.size} found`);
  assert.deepEqual(computed, []);
});

test('in German a number and its percent sign are never separated by a line break', async () => {
  const apart = Object.values(await textsOf('de')).filter((text) => /[0-9}] %/.test(JSON.stringify(text)));
  assert.deepEqual(apart, []);
});

test('the German file has a translation for every text of the source and no unused ones', async () => {
  const { texts, counted } = await textsOfSource();
  const german = await textsOf('de');
  const source = await wholeSource();
  const keys = Object.keys(german);
  assert.deepEqual(
    [...texts, ...counted].filter((text) => !(text in german)),
    [],
  );
  const reasons = new Set([...(await reasonsOfPage()), ...(await reasonsOfCore())]);
  const unsaid = keys.filter(
    (key) =>
      !texts.has(key) &&
      !counted.has(key) &&
      !reasons.has(bare(key)) &&
      ![...PARTS, ...SERDE].includes(key) &&
      !source.includes(`'${key}'`),
  );
  assert.deepEqual(unsaid, []);
  for (const [key, value] of Object.entries(german)) {
    if (counted.has(key)) {
      assert.deepEqual(Object.keys(value), FORMS, key);
      assert.deepEqual(places(value.other), places(key), key);
      assert.ok(
        places(value.one).every((name) => places(key).includes(name)),
        key,
      );
    } else {
      assert.equal(typeof value, 'string', key);
      assert.deepEqual([...new Set(places(value))], [...new Set(places(key))], key);
    }
  }
});

test('every error message has a German translation that contains its values', async () => {
  const german = await textsOf('de');
  const known = new Set(Object.keys(german).map(bare));
  const [page, core] = [await reasonsOfPage(), await reasonsOfCore()];
  assert.ok(page.length > 25 && core.length > 40, `${page.length} and ${core.length} found`);
  assert.deepEqual(
    [...page, ...core].filter((reason) => !known.has(reason)),
    [],
  );
  // Loads the texts as a German page does, with a fetch that returns them.
  globalThis.fetch = async () => new Response(JSON.stringify(german));
  await learn(/** @type {any} */ ({ closest: () => ({ getAttribute: () => 'de' }) }));
  for (const [reason, told] of [
    ['it is empty', 'sie ist leer'],
    [
      'the model file is cut off: its header promises 900 bytes, but 12 are there',
      'die Modelldatei ist abgeschnitten: ihr Kopf kündigt 900 Bytes an, 12 sind da',
    ],
    [
      'the header of the model file cannot be used: tensor encoder.conv.0.weight: its type is BF16; F32, F16, I8 and U8 can be read',
      'der Kopf der Modelldatei ist nicht zu gebrauchen: der Tensor encoder.conv.0.weight: er hat den Typ BF16; lesbar sind F32, F16, I8 und U8',
    ],
    [
      'the model config is not valid: missing field `image`',
      'die Beschreibung des Netzes ist ungültig: das Feld image fehlt',
    ],
    [
      'the header of the model file cannot be used: expected `,` or `}` at line 1 column 92',
      'der Kopf der Modelldatei ist nicht zu gebrauchen: hier muss ein Komma oder eine geschweifte Klammer stehen (Zeile 1, Spalte 92)',
    ],
    [
      'training step 12: the loss or its gradient is not finite',
      'Trainingsschritt 12: der Verlust oder sein Gradient ist nicht endlich',
    ],
    ['something that nobody has foreseen', 'something that nobody has foreseen'],
  ]) {
    assert.equal(retell(new Error(reason)), told);
  }
  for (const reason of [...page, ...core]) {
    const values = reason.split('{}').length - 1;
    let number = 0;
    const told = retell(reason.replace(/\{\}/g, () => `X${number++}Y`));
    for (let i = 0; i < values; i++) assert.ok(told.includes(`X${i}Y`), `${reason}: ${told}`);
    assert.notEqual(told.replace(/X\d+Y/g, '{}'), reason);
  }
  assert.equal(say('Close'), 'Schließen');
});

test('German addresses the reader as du and spells words consistently', async () => {
  const german = await textsOf('de');
  const all = Object.values(german).flatMap((value) => (typeof value === 'string' ? [value] : Object.values(value)));
  assert.deepEqual(
    all.filter((text) => /\b(Sie|Ihnen|Ihr|Ihre[mnrs]?)\b/.test(text)),
    [],
  );
  assert.ok(all.some((text) => /\b(du|dein|deine[mnrs]?)\b/i.test(text)));
  assert.deepEqual(
    all.filter((text) => /[dD]ecodi|[eE]ncodi|so dass|daß|Beschriftung|Label|Batch|Frames?\b/.test(text)),
    [],
  );
});
