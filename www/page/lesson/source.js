/** Sources of lessons: an address on this site, or a file of the reader's. */

import { Failure } from '../../failure.js';
import { MOST_BYTES, textOf } from './read.js';

/**
 * Fetches a lesson. Only this site is asked: a redirect is refused, and no cookies are sent.
 * @param {string} address
 * @returns {Promise<string>}
 * @throws {Failure}
 */
export async function fetchLesson(address) {
  const response = await fetch(address, { credentials: 'omit', redirect: 'manual' }).catch(() => null);
  if (!response) throw new Failure('unreachable', 'the lesson cannot be fetched');
  if (response.type === 'opaqueredirect' || response.redirected) {
    throw new Failure('missing', 'the address of the lesson leads to another one, which is refused');
  }
  if (!response.ok || !response.body) {
    throw new Failure('missing', `there is no lesson at this address (status ${response.status})`);
  }
  return textOf(await start(response.body));
}

/**
 * The first bytes of a lesson: one more than the limit, so that a larger lesson is recognized.
 * @param {ReadableStream<Uint8Array>} body
 */
async function start(body) {
  const reader = body.getReader();
  const bytes = new Uint8Array(MOST_BYTES + 1);
  let count = 0;
  while (count < bytes.length) {
    const { done, value } = await reader.read();
    if (done) break;
    const piece = value.subarray(0, bytes.length - count);
    bytes.set(piece, count);
    count += piece.length;
  }
  reader.cancel().catch(() => {});
  return bytes.subarray(0, count);
}

/** @param {Blob} file */
export async function readFile(file) {
  return textOf(await file.slice(0, MOST_BYTES + 1).arrayBuffer());
}

/** The first file of a drop or a choice that may be a lesson. @param {Iterable<File>} files */
export function lessonAmong(files) {
  return [...files].find(({ name, type }) => /\.(md|markdown|txt)$/i.test(name) || type === 'text/markdown');
}
