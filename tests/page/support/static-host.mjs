// A static host of the kind that dist/ is made for: the headers of its file `_headers`, compressed copies if the browser accepts them, an
// `index.html` for its folder, and nothing else.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

/**
 * @typedef {import('node:http').IncomingMessage} IncomingMessage
 * @typedef {import('node:http').ServerResponse} ServerResponse
 * @typedef {{pattern: RegExp, lines: [string, string][]}} Rule
 */

/** @type {Record<string, string>} */
const types = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  json: 'application/json',
};

/** Compressed copies, the smallest first: the coding and what it adds to a file's name. */
const CODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
];

export class StaticHost {
  #folder;
  /** @type {Rule[]} */
  #rules = [];
  #server = createServer((request, response) => this.#answer(request, response));
  #port = 0;
  /** Changes a file in transit. @type {(path: string, body: Buffer) => Buffer} */
  damage = (_, body) => body;
  /** True to ignore the compressed copies. */
  plain = false;
  /** Paths that were asked for, with the status of the answer. @type {[string, number][]} */
  asked = [];
  /** Of the site; ends with a slash. */
  address = '';

  /** @param {URL} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /** @param {URL} folder what is hosted; ends with a slash */
  static async start(folder) {
    const host = new StaticHost(folder);
    await host.deploy(folder);
    await host.resume();
    host.address = `http://127.0.0.1:${host.#port}/`;
    return host;
  }

  /**
   * From now on hosts another folder, at the same address; nothing of the previous one remains.
   * @param {URL} folder
   */
  async deploy(folder) {
    this.#folder = folder;
    this.#rules = rulesOf(await readFile(new URL('_headers', folder), 'utf8'));
    this.asked = [];
  }

  /** The network is gone, until `resume`. */
  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async resume() {
    await new Promise((resolve) => this.#server.listen(this.#port, '127.0.0.1', () => resolve(undefined)));
    this.#port = /** @type {import('node:net').AddressInfo} */ (this.#server.address()).port;
  }

  /**
   * The headers of all rules of `_headers` that match an address.
   * @param {string} path
   */
  headersOf(path) {
    /** @type {Record<string, string>} */
    const headers = {};
    for (const { pattern, lines } of this.#rules) {
      if (!pattern.test(path)) continue;
      for (const [name, value] of lines) headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
    return headers;
  }

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async #answer(request, response) {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    // Like hosts: a folder's page has one address.
    if (path.endsWith('/index.html')) {
      return response.writeHead(308, { Location: path.slice(0, -'index.html'.length) }).end();
    }
    const file = path.endsWith('/') ? `${path}index.html` : path;
    const accepted = String(request.headers['accept-encoding'] ?? '');
    const codings = CODINGS.filter(([coding]) => accepted.includes(coding) && !this.plain);
    for (const [coding, suffix] of [...codings, ['', '']]) {
      const body = await readFile(new URL(`.${file}${suffix}`, this.#folder)).catch(() => null);
      if (!body) continue;
      const kind = types[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
      this.asked.push([path, 200]);
      response.writeHead(200, {
        'Content-Type': kind,
        Vary: 'Accept-Encoding',
        ...(coding && { 'Content-Encoding': coding }),
        ...this.headersOf(path),
      });
      const bytes = this.damage(path, body);
      return response.end(bytes);
    }
    this.asked.push([path, 404]);
    return response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such file.');
  }
}

/**
 * Lines of an address, and indented lines of its headers; `*` stands for anything.
 * @param {string} text
 */
function rulesOf(text) {
  /** @type {Rule[]} */
  const rules = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('/')) {
      const parts = line
        .trim()
        .split('*')
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
      rules.push({ pattern: new RegExp(`^${parts.join('.*')}$`), lines: [] });
    } else if (line.trim()) {
      const [, name, value] = line.match(/^ {2}([^:]+): (.*)$/) ?? [];
      rules[rules.length - 1].lines.push([name, value]);
    }
  }
  return rules;
}
