// A server between the browser and the real one that can make things go wrong. It also sees the worker's requests, which interception
// inside the browser catches only by luck.

import { createServer } from 'node:http';

import { served } from './served.mjs';

/**
 * Answers like the real server, except for files whose path ends like a fault's.
 *
 * A fault gets `{status, headers, body}` of the true answer and returns the answer to send instead, or a promise of it; null cuts the
 * connection.
 */
export class FaultyServer {
  /** @type {Map<string, (answer: {status: number, headers: object, body: Buffer}) => object | null | Promise<object | null>} */
  #faults = new Map();
  /** @type {string[]} paths of all requests since `heal` */
  requests = [];
  #server = createServer((request, response) => this.#answer(request, response));

  /** @returns {Promise<FaultyServer>} */
  static async start() {
    const server = new FaultyServer();
    await new Promise((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.address = `http://127.0.0.1:${server.#server.address().port}/`;
    return server;
  }

  break(ending, fault) {
    this.#faults.set(ending, fault);
  }

  heal() {
    this.#faults.clear();
    this.requests = [];
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request, response) {
    const path = new URL(request.url, this.address).pathname;
    this.requests.push(path);
    const { status, type, body } = await served(path);
    const truth = { status, headers: { 'content-type': type, 'cache-control': 'no-store' }, body };
    const ending = [...this.#faults.keys()].find((each) => path.endsWith(each));
    const answer = ending === undefined ? truth : await this.#faults.get(ending)(truth);
    if (answer === null) return request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}
