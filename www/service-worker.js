/**
 * The page without a network: one release of the site in one cache. `cargo xtask dist` writes the release into its copy of
 * this file; the page as it is written has none, and does not register it.
 *
 * A release is fetched as a whole, each file checked against its digest, before any of it is used. From then on it answers for
 * pages; what these load has its content's hash in its name, so that a page which was opened with an older release goes on
 * getting the files of that one, from its cache. So no page ever mixes two.
 *
 * @typedef {object} Release
 * @property {string} version
 * @property {Record<string, string>} files digest by path, relative to this script; `index.html` stands for its folder too
 */

/** @type {Release} */
const release = { version: '', files: {} };

/** @typedef {{waitUntil: (work: Promise<unknown>) => void}} Extendable */

const PREFIX = 'latent-lab ';
const NAME = PREFIX + release.version;

/** Releases before this one that are kept for pages which are still open. */
const KEPT = 2;

/** What this file uses of the scope that it runs in, for which the page's types have no name. */
const scope = /** @type {any} */ (self);

/** @type {string} the folder that this script stands in */
const home = new URL('./', scope.location.href).href;

/** The whole release, or none of it. */
async function install() {
  const isNew = !(await caches.has(NAME));
  const cache = await caches.open(NAME);
  const waiting = Object.entries(release.files);
  const fetchNext = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [path, integrity] = next;
      // Past the browser's own cache, which may still hold a page of the release before; what has its hash in its name cannot.
      const cacheMode = isHashed(home + path) ? 'default' : 'reload';
      // Hosts send who asks for an index.html by name to its folder.
      const response = await fetch(home + path.replace(/(^|\/)index\.html$/, '$1'), { integrity, cache: cacheMode });
      if (!response.ok) throw new Error(`${path} (status ${response.status})`);
      // What came by a redirection may not answer for a page, so it is put down as if it had not.
      await cache.put(home + path, response.redirected ? new Response(response.body, response) : response);
    }
  };
  try {
    // A few at a time: the reader's own page comes first.
    await Promise.all([fetchNext(), fetchNext(), fetchNext(), fetchNext()]);
  } catch (error) {
    if (isNew) await caches.delete(NAME);
    throw error;
  }
  // Safe while older pages are open, and the next visit gets this release.
  await scope.skipWaiting();
}

/** Caches are listed in the order in which they were made. */
async function removeOldest() {
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(older.slice(0, -KEPT).map((name) => caches.delete(name)));
}

/**
 * The file that is kept for an address, if any: of a page this release's, of what has its hash in its name any release's.
 * @param {string} address
 */
async function kept(address) {
  const { origin, pathname } = new URL(address);
  const place = origin + pathname;
  if (isHashed(place)) return caches.match(place);
  const cache = await caches.open(NAME);
  return (await cache.match(place)) ?? (place.endsWith('/') ? cache.match(`${place}index.html`) : undefined);
}

/** @param {string} address */
function isHashed(address) {
  return address.startsWith(`${home}assets/`);
}

/** @param {Request} request */
async function answer(request) {
  const found = await kept(request.url);
  if (found) return found;
  const response = await fetch(request);
  // What only some browsers need, such as the module for WebGPU, is kept once it was wanted.
  if (response.status === 200 && isHashed(request.url)) {
    const cache = await caches.open(NAME);
    await cache.put(request.url, response.clone());
  }
  return response;
}

scope.addEventListener('install', (/** @type {Extendable} */ event) => event.waitUntil(install()));
scope.addEventListener('activate', (/** @type {Extendable} */ event) => event.waitUntil(removeOldest()));
scope.addEventListener(
  'fetch',
  (/** @type {{request: Request, respondWith: (answer: Promise<Response>) => void}} */ event) => {
    const { request } = event;
    if (request.method === 'GET' && request.url.startsWith(home)) event.respondWith(answer(request));
  },
);
