/**
 * The site without a network: one release in one cache. `cargo xtask dist` writes the release into its copy of this file; while
 * developing, nothing registers it. A release is fetched as a whole and checked against digests before any of it is used. Then
 * it serves the pages. Files that they load have hashed names, so that a page of an older release gets that release's files.
 *
 * @typedef {object} Release
 * @property {string} version
 * @property {Record<string, string>} files digest by path, relative to this script; `index.html` stands for its folder too, and other
 *   pages for their names without `.html`
 */

/** @type {Release} */
const release = { version: '', files: {} };

/**
 * The scope of a service worker, as far as it is used here: the page's types do not cover it.
 * @typedef {{waitUntil: (work: Promise<unknown>) => void}} Extendable
 * @typedef {{request: Request, respondWith: (answer: Promise<Response>) => void}} Fetching
 *
 * @typedef {object} Scope
 * @property {Location} location
 * @property {() => Promise<void>} skipWaiting
 * @property {((type: 'install' | 'activate', listener: (event: Extendable) => void) => void) & ((type: 'fetch', listener: (event:
 *   Fetching) => void) => void)} addEventListener
 */

const PREFIX = 'latent-lab ';
const NAME = PREFIX + release.version;

/** Number of older releases that are kept, for pages that are still open. */
const KEPT = 2;

const scope = /** @type {Scope} */ (/** @type {unknown} */ (self));

/** @type {string} the folder of this script */
const home = new URL('./', scope.location.href).href;

/** Caches the whole release, or after an error nothing. */
async function install() {
  const isNew = !(await caches.has(NAME));
  const cache = await caches.open(NAME);
  const waiting = Object.entries(release.files);
  const fetchNext = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [path, integrity] = next;
      // Bypasses the HTTP cache, which may hold a page of an older release. Hashed names cannot be stale.
      const cacheMode = isHashed(home + path) ? 'default' : 'reload';
      // Hosts redirect from index.html to its folder, and some from other pages to their names without `.html`.
      const response = await fetch(home + path.replace(/(^|\/)index\.html$/, '$1'), { integrity, cache: cacheMode });
      if (!response.ok) throw new Error(`${path} (status ${response.status})`);
      // Browsers refuse a redirected response for a page, so it is stored without that flag.
      await cache.put(home + path, response.redirected ? new Response(response.body, response) : response);
    }
  };
  try {
    // Only a few at a time, since the open page loads too.
    await Promise.all([fetchNext(), fetchNext(), fetchNext(), fetchNext()]);
  } catch (error) {
    if (isNew) await caches.delete(NAME);
    throw error;
  }
  // Older pages keep their own files; the next visit gets this release.
  await scope.skipWaiting();
}

/** Removes old releases. Caches are listed in the order of their creation. */
async function removeOldest() {
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(older.slice(0, -KEPT).map((name) => caches.delete(name)));
}

/**
 * The cached file for an address, if any: pages come from this release, files with hashed names from any release.
 * @param {string} address
 */
async function cached(address) {
  const { origin, pathname } = new URL(address);
  const file = origin + pathname;
  if (isHashed(file)) return caches.match(file);
  const cache = await caches.open(NAME);
  return (await cache.match(file)) ?? cache.match(file.endsWith('/') ? `${file}index.html` : `${file}.html`);
}

/** @param {string} address */
function isHashed(address) {
  return address.startsWith(`${home}assets/`);
}

/** @param {Request} request */
async function answer(request) {
  const found = await cached(request.url);
  if (found) return found;
  const response = await fetch(request);
  // Files that only some browsers need, such as the module for WebGPU, are cached on first use.
  if (response.status === 200 && isHashed(request.url)) {
    const cache = await caches.open(NAME);
    await cache.put(request.url, response.clone());
  }
  return response;
}

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(removeOldest()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(home)) event.respondWith(answer(request));
});
