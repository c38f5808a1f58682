// Benches are run by hand, so no other check notices that a script they load has moved.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

const benches = new URL('../../benches/', import.meta.url);
const www = new URL('../../www/', import.meta.url);

/** Every script of the folder, with its name. */
async function sources() {
  const names = (await readdir(benches)).filter((name) => /\.m?js$/.test(name));
  return Promise.all(names.map(async (name) => [name, await readFile(new URL(name, benches), 'utf8')]));
}

test('every script that a bench loads from the page exists', async () => {
  const loaded = (await sources()).flatMap(([name, source]) =>
    [...source.matchAll(/\$\{address\}([a-z/-]+\.js)/g)].map(([, path]) => ({ name, path })),
  );
  assert.ok(loaded.length >= 4, 'benches load scripts of the page');
  assert.deepEqual(
    loaded.filter(({ path }) => !existsSync(new URL(path, www))),
    [],
  );
});
