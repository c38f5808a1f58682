/** The reader's answers, kept on this device if the reader wishes. Browsers may refuse to store them: then nothing is kept. */

const PREFIX = 'latent-lab lesson ';

/** Kept guesses of one lesson. */
export class Progress {
  #name;
  /** @type {Record<string, unknown>} by question */
  #guesses = {};
  #isKept;

  /** @param {string} name of the lesson */
  constructor(name) {
    this.#name = PREFIX + name;
    const kept = stored(this.#name);
    this.#isKept = kept !== null;
    this.#guesses = kept ?? {};
  }

  get isKept() {
    return this.#isKept;
  }

  /** @param {boolean} isKept @returns {boolean} false if the browser refuses */
  keep(isKept) {
    this.#isKept = isKept;
    return this.#write();
  }

  /** @param {string} question */
  guess(question) {
    return Object.hasOwn(this.#guesses, question) ? this.#guesses[question] : undefined;
  }

  /** @param {string} question @param {unknown} guess undefined to forget it */
  note(question, guess) {
    if (guess === undefined) delete this.#guesses[question];
    else this.#guesses[question] = guess;
    this.#write();
  }

  /** Number of questions with a guess. */
  get count() {
    return Object.keys(this.#guesses).length;
  }

  #write() {
    try {
      if (this.#isKept) localStorage.setItem(this.#name, JSON.stringify(this.#guesses));
      else localStorage.removeItem(this.#name);
      return true;
    } catch {
      return false;
    }
  }
}

/** @param {string} name @returns {Record<string, unknown> | null} null if nothing is kept */
function stored(name) {
  try {
    const value = JSON.parse(localStorage.getItem(name) ?? 'null');
    return value && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** A short name for a text: FNV-1a with 32 bits. @param {string} text */
export function nameOf(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
