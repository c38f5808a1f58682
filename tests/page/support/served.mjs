// Files of the page as its server answers them, each fetched once per file of tests: a visit requests about a hundred.

import { address } from './browser.mjs';

/** @type {Map<string, Promise<{status: number, type: string, body: Buffer}>>} */
const files = new Map();

/** @param {string} path from the page's root */
export function served(path) {
  const known = files.get(path) ?? fetched(path);
  files.set(path, known);
  return known;
}

/** @param {string} path */
async function fetched(path) {
  const answer = await fetch(new URL(path, address), { redirect: 'manual' });
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? 'application/octet-stream',
    body: Buffer.from(await answer.arrayBuffer()),
  };
}
