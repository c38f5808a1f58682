/**
 * What can go wrong on the way to a picture. The kind decides what the reader is told; the message is the
 * detail under it.
 *
 * @typedef {'no-wasm' | 'no-simd' | 'worker' | 'module' | 'crash' | 'missing' | 'unreachable' | 'file' | 'request'} FailureKind
 */

export class Failure extends Error {
  /**
   * @param {FailureKind} kind
   * @param {string} message
   */
  constructor(kind, message) {
    super(message);
    this.name = 'Failure';
    this.kind = kind;
  }

  /**
   * Anything that was thrown, as a failure.
   * @param {unknown} error
   * @param {FailureKind} kind for errors that do not say
   */
  static from(error, kind) {
    if (error instanceof Failure) return error;
    return new Failure(kind, error instanceof Error ? error.message : String(error));
  }
}

/**
 * The error of a request that nobody waits for any more: replaced by a newer one, or its figure has gone.
 */
export function superseded() {
  return new DOMException('a newer request took its place', 'AbortError');
}

/** @param {unknown} error */
export function isSuperseded(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
