/** Files of models and of stored latents, by address: each is fetched once for the whole page. */

import { Failure } from '../failure.js';

export class Files {
  /** @type {Map<string, Promise<Blob>>} */
  #fetched = new Map();
  /** @type {Map<string, Blob>} models made on this page */
  #made = new Map();

  /**
   * A file, fetched if that has not been done. After a failure, the next call asks the server again.
   * @param {string} address
   * @returns {Promise<Blob>}
   */
  get(address) {
    const made = this.#made.get(address);
    if (made) return Promise.resolve(made);
    let file = this.#fetched.get(address);
    if (!file) {
      file = fetchFile(address);
      this.#fetched.set(address, file);
      file.catch(() => this.#fetched.delete(address));
    }
    return file;
  }

  /**
   * Puts a file made on this page at an address.
   * @param {string} address
   * @param {Blob} file
   */
  provide(address, file) {
    this.#made.set(address, file);
  }

  /** Drops what was fetched from an address. @param {string} address */
  forget(address) {
    this.#fetched.delete(address);
  }

  /** Drops all that was fetched. */
  forgetAll() {
    this.#fetched.clear();
  }

  /**
   * Drops a file that could not be read: it may have been damaged on its way.
   * @param {string} address
   * @param {unknown} error
   */
  forgetBroken(address, error) {
    if (error instanceof Failure && error.kind === 'file') this.forget(address);
  }
}

/** @param {string} address */
async function fetchFile(address) {
  let response;
  try {
    response = await fetch(address);
    if (response.ok) return await response.blob();
  } catch (error) {
    throw new Failure('unreachable', `${address}: ${error instanceof Error ? error.message : error}`);
  }
  throw new Failure('missing', `${address} (status ${response.status})`);
}
