// The page with files for a single test: its own by their paths, and everything else as the page's server answers it.

import { createServer } from 'node:http';

import { served } from './served.mjs';

/** @typedef {string | {status: number, headers?: Record<string, string>, body?: string}} Answer text of a lesson, or a whole answer */

export class LessonHost {
  /** @type {Record<string, Answer>} */
  files = {};
  #server = createServer((request, response) => this.#answer(request, response));
  /** Paths that were asked for. @type {string[]} */
  asked = [];
  /** Of the page; ends with a slash. */
  address = '';

  static async start() {
    const host = new LessonHost();
    await new Promise((resolve) => host.#server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (host.#server.address());
    host.address = `http://127.0.0.1:${port}/`;
    return host;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #answer(request, response) {
    const { pathname } = new URL(request.url ?? '/', this.address);
    this.asked.push(pathname);
    const file = this.files[pathname.slice(1)];
    // A visit may end while its files are in transit.
    if (file === undefined) return pass(pathname, response).catch(() => response.destroy());
    const { status, headers = {}, body = '' } = typeof file === 'string' ? { status: 200, body: file } : file;
    response.writeHead(status, { 'content-type': 'text/markdown', 'cache-control': 'no-store', ...headers }).end(body);
  }
}

/**
 * Answers as the page's server does.
 * @param {string} path
 * @param {import('node:http').ServerResponse} response
 */
async function pass(path, response) {
  const { status, type, body } = await served(path);
  response.writeHead(status, { 'content-type': type }).end(body);
}
