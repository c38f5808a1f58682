// What the figures say can be translated: each text is a key, German has them all, and nothing visible stands outside.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { places, textsOf, textsOfSource, wholeSource } from './support/texts.mjs';

const FORMS = ['one', 'other'];

test('every text of the source is written out where it is said, so that it can be found', async () => {
  const { texts, counted, computed } = await textsOfSource();
  assert.ok(texts.size > 300 && counted.size > 5, `${texts.size} and ${counted.size} found`);
  assert.deepEqual(computed, []);
});

test('German has every text of the source, and none that nobody says', async () => {
  const { texts, counted } = await textsOfSource();
  const german = await textsOf('de');
  const source = await wholeSource();
  const keys = Object.keys(german);
  assert.deepEqual([...texts, ...counted].filter((text) => !(text in german)), []);
  const unsaid = keys.filter((key) => !texts.has(key) && !counted.has(key) && !source.includes(`'${key}'`));
  assert.deepEqual(unsaid, []);
  for (const [key, value] of Object.entries(german)) {
    if (counted.has(key)) {
      assert.deepEqual(Object.keys(value), FORMS, key);
      assert.deepEqual(places(value.other), places(key), key);
      assert.ok(places(value.one).every((name) => places(key).includes(name)), key);
    } else {
      assert.equal(typeof value, 'string', key);
      assert.deepEqual([...new Set(places(value))], [...new Set(places(key))], key);
    }
  }
});
