/**
 * Errors that a figure can meet before its picture is drawn. The kind decides about the advice to the reader; the message is the detail
 * below it.
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
   * Turns any thrown value into a failure.
   * @param {unknown} error
   * @param {FailureKind} kind for errors without one
   */
  static from(error, kind) {
    if (error instanceof Failure) return error;
    return new Failure(kind, error instanceof Error ? error.message : String(error));
  }
}

/**
 * The error of a superseded request: a newer one replaced it, or its figure has gone.
 */
export function superseded() {
  return new DOMException('a newer request replaced this one', 'AbortError');
}

/** @param {unknown} error */
export function isSuperseded(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
