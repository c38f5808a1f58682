// A host's server on its own origin: pages from memory, with the host's headers.

import { createServer } from 'node:http';

export class Host {
  #server;

  /** @param {Record<string, {body: string, headers?: object}>} pages by path */
  static async start(pages) {
    const host = new Host();
    host.#server = createServer((request, response) => {
      const page = pages[new URL(request.url, 'http://host').pathname];
      if (!page) return response.writeHead(404).end();
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...page.headers })
        .end(page.body);
    });
    await new Promise((resolve) => host.#server.listen(0, '127.0.0.1', resolve));
    host.address = `http://127.0.0.1:${host.#server.address().port}/`;
    return host;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** @param {string} body @param {string} [head] */
export function page(body, head = '') {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">${head}</head><body><main>${body}</main></body></html>`;
}
