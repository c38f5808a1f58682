// The output of `cargo xtask dist`, for the tests of the hosted site, the package and the single file.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

import { assertShows, STORED, STRIP } from './golden.mjs';

const place = process.env.LATENT_LAB_DIST;
assert.ok(place, 'LATENT_LAB_DIST must say where `cargo xtask test` has made dist/');

/** A release, and the site of the one after it. */
export const one = new URL('one/', pathToFileURL(`${place}/`));
export const next = new URL('next/', pathToFileURL(`${place}/`));

/** The npm package of the release. */
export async function tarball() {
  const name = (await readdir(one)).find((file) => file.endsWith('.tgz'));
  return new URL(name, one);
}

/** A figure `morph` with the ends 3:2 and 8:4 shows the strip that the native decoder draws. */
export async function assertGoldenStrip(figure) {
  await figure.ready();
  const strip = await figure.pictures('strip');
  assert.equal(strip.length, STRIP);
  strip.forEach((grey, stop) => assertShows(grey, STORED + stop));
}
