/** Hash of bytes: FNV-1a with 32 bits (Fowler, Noll and Vo). */

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * @param {Uint8Array} bytes
 * @param {number} [start] hash of the bytes before them
 */
export function fnv1a(bytes, start = OFFSET) {
  let hash = start;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], PRIME);
  return hash >>> 0;
}
