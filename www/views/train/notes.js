/** Notes to the reader about pictures that were added or removed. */

import { sayCount } from '../../state/texts.js';

/**
 * @param {number} count
 * @param {boolean} isReplacing true if they have replaced the prepared picture
 */
export function added(count, isReplacing) {
  return isReplacing
    ? sayCount(count, 'Your picture has replaced the drawing.', 'Your {count} pictures have replaced the drawing.')
    : sayCount(count, 'One added.', '{count} added.');
}

/** @param {{count: number, images: string, labels: string}} pair names of a file with images and of the one with their labels */
export function labeled({ count, images, labels }) {
  return sayCount(
    count,
    'One picture from {images} got its label from {labels}.',
    '{count} pictures from {images} got their labels from {labels}.',
    { images, labels },
  );
}

/** @param {number} count */
export function decoded(count) {
  return sayCount(
    count,
    'One picture, drawn by this page’s decoder.',
    '{count} pictures, drawn by this page’s decoder.',
  );
}

/** @param {number} count */
export function leftOut(count) {
  return sayCount(
    count,
    'One picture no longer fits into memory at this size and was left out.',
    '{count} pictures no longer fit into memory at this size and were left out.',
  );
}
