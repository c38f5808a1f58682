// The site as `cargo xtask dist` builds it, on a host that sends the headers in `_headers`: it works from its own and another origin,
// without a network, and while a new release replaces it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { readdir, readFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { eventually, KINDS, openChromium, visit } from './support/browser.mjs';
import { assertGoldenStrip, next, one } from './support/dist.mjs';
import { StaticHost } from './support/static-host.mjs';

const site = new URL('site/', one);
const nextSite = new URL('site/', next);

let browser;
let host;
before(async () => (browser = await openChromium()));
after(() => browser?.close());
beforeEach(async () => (host = await StaticHost.start(site)));
afterEach(() => host.stop());

/** Relative paths of all files of a site. */
async function filesOf(folder, prefix = '') {
  const entries = await readdir(new URL(prefix, folder), { withFileTypes: true });
  const all = entries.map((entry) =>
    entry.isDirectory() ? filesOf(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
  return (await Promise.all(all)).flat();
}

test('the checksums match the files', async () => {
  const { stdout } = await promisify(execFile)('sha256sum', ['--check', 'SHA256SUMS'], { cwd: fileURLToPath(one) });
  const files = (await filesOf(one)).filter((name) => name !== 'SHA256SUMS');
  assert.equal(stdout.match(/: OK$/gm).length, files.length);
});

test('the hosted page shows the golden pictures under its own policy, and every file it requests exists', async () => {
  const seen = await visit(browser, { from: host.address });
  await assertGoldenStrip(seen.figure('morph'));
  for (const name of KINDS) {
    await seen.figure(name).ready();
  }
  assert.deepEqual(seen.complaints, []);
  assert.deepEqual(
    host.asked.filter(([, status]) => status !== 200),
    [],
  );
  const loaded = host.asked.map(([path]) => path).filter((path) => /\.(js|css|wasm|safetensors)$/.test(path));
  assert.ok(loaded.length > 10, `${loaded.length} files were loaded`);
  // Classic scripts keep their names, and so do files that browsers request by name.
  const own = ['/service-worker.js', '/page/from-file.js'];
  assert.deepEqual(
    loaded.filter((path) => !path.startsWith('/assets/') && !own.includes(path)),
    [],
  );
  await seen.close();
});

test('the hosted page in German shows its figures under the same policy and registers the service worker', async () => {
  const seen = await visit(browser, { from: `${host.address}de.html` });
  await assertGoldenStrip(seen.figure('morph'));
  assert.match(await seen.figure('morph').evaluate((element) => element.shadowRoot.textContent), /Einbetten/);
  await seen.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  assert.deepEqual(seen.complaints, []);
  await seen.close();
});

test('a first view requests at most 15 files', async () => {
  const seen = await visit(browser, { from: host.address });
  await seen.figure('morph').ready();
  await seen.page.waitForNetworkIdle({ idleTime: 1_500 });
  const own = seen.requests.filter((address) => address.startsWith(host.address));
  assert.ok(own.length <= 15, `${own.length} requests:\n${own.join('\n')}`);
  await seen.close();
});

test('the scripts that hosts include import all modules that they need directly, and export the element', async () => {
  const seen = await visit(browser, { from: `${host.address}embed.html` });
  for (const name of ['latent-lab.js', 'element.js']) {
    host.asked = [];
    const exported = await seen.page.evaluate(
      async (address) => Object.keys(await import(address)),
      host.address + name,
    );
    assert.deepEqual(exported, ['LatentLabElement']);
    const source = await readFile(new URL(name, site), 'utf8');
    assert.ok(source.length < 500, `${name} has ${source.length} bytes`);
    const imported = [...source.matchAll(/"\.(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    assert.ok(imported.length > 0, source);
    for (const path of imported) {
      assert.doesNotMatch(await unnamed(path, imported), /./, `${path} imports a module that ${name} does not name`);
    }
  }
  await seen.close();
});

/** Imports of a module that are not in a list. */
async function unnamed(path, list) {
  const source = await readFile(new URL(`.${path}`, site), 'utf8');
  const imports = [...source.matchAll(/\b(?:from|import)"\.\/([^"]+)"/g)].map(([, name]) => `/assets/${name}`);
  return imports.filter((name) => !list.includes(name)).join();
}

test('every link on every page leads to a file', async () => {
  const pages = (await filesOf(site)).filter((file) => file.endsWith('.html'));
  assert.ok(pages.length > 10);
  const files = await filesOf(site);
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  for (const each of pages) {
    await page.goto(host.address + each);
    const links = await page.$$eval('a[href], link[href], img[src], iframe[src], script[src]', (elements) =>
      elements.map((element) => element.href || element.src),
    );
    for (const { origin, pathname } of links.map((link) => new URL(link))) {
      if (`${origin}/` !== host.address) continue;
      const file = pathname.slice(1).replace(/(^|\/)$/, '$1index.html');
      assert.ok(files.includes(file), `${each} leads to ${pathname}`);
    }
  }
  await page.close();
});

test('files with a hash in their names are cached forever, and all others are revalidated', async () => {
  for (const file of await filesOf(site)) {
    const { 'Cache-Control': caching, 'Access-Control-Allow-Origin': origins } = host.headersOf(`/${file}`);
    assert.equal(origins, '*', file);
    const kept = /\.[0-9a-f]{16}\.[a-z]+(\.gz|\.br)?$/.test(file);
    assert.equal(kept, file.startsWith('assets/'), file);
    if (kept) assert.equal(caching, 'public, max-age=31536000, immutable', file);
    else if (!/\.(gz|br)$|^_headers$/.test(file)) assert.match(caching, /no-cache|max-age=0|max-age=600/, file);
  }
});

test('a page of another origin can include the script and gets no service worker', async () => {
  const page = `<!doctype html><title>Post</title><script type="module" src="${host.address}latent-lab.js"></script>
    <link rel="icon" href="data:," /><latent-lab figure="morph" model="digits" from="3:2" to="8:4"></latent-lab>`;
  const blog = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(page));
  await new Promise((resolve) => blog.listen(0, '127.0.0.1', resolve));
  const seen = await visit(browser, { from: `http://127.0.0.1:${blog.address().port}/` });
  await assertGoldenStrip(seen.figure('morph'));
  assert.deepEqual(
    seen.complaints.filter((line) => !line.startsWith(`request to ${host.address}`)),
    [],
  );
  assert.equal(await seen.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  assert.ok(!host.asked.some(([path]) => path.includes('service-worker')));
  await seen.close();
  blog.closeAllConnections();
  blog.close();
});

describe('after the first visit', () => {
  test('the page works without a network', async () => {
    const seen = await installed();
    await host.stop();
    await seen.page.reload();
    await assertGoldenStrip(seen.figure('morph'));
    for (const name of KINDS) {
      await seen.figure(name).ready();
    }
    assert.deepEqual(seen.complaints, []);
    await host.resume();
    await seen.close();
  });

  test('the article in German works without a network, even at its address without .html', async () => {
    const seen = await installed();
    await host.stop();
    for (const path of ['de.html', 'de', '?lang=de']) {
      await seen.page.goto(host.address + path);
      await eventually(async () => assert.equal(await seen.page.evaluate(() => document.documentElement.lang), 'de'));
      await assertGoldenStrip(seen.figure('morph'));
    }
    assert.deepEqual(seen.complaints, []);
    await host.resume();
    await seen.close();
  });

  test('a lesson works without a connection: its text, its figures, and the answers to its questions', async () => {
    const { page, complaints, close } = await installed();
    await host.stop();
    await page.goto(new URL('lesson.html?src=lessons/bottleneck.md', host.address).href);
    await eventually(async () => assert.equal(await page.evaluate(answered), 'The network’s answer: 2.'));
    await eventually(async () =>
      assert.equal(await page.evaluate(() => document.querySelector('latent-lab')?.status), 'ready'),
    );
    await page.goto(new URL('lesson.html?src=lessons/bottleneck.md&lang=de', host.address).href);
    await eventually(async () => assert.equal(await page.evaluate(answered), 'Die Antwort des Netzes: 2.'));
    assert.deepEqual(complaints, []);
    await host.resume();
    await close();
  });

  test('files of the old and a newer release are never mixed, and the newer one is used at the next visit', async () => {
    const seen = await installed();
    await host.deploy(nextSite);
    // The page comes from the cache, while the browser finds the new release.
    await seen.page.reload();
    await eventually(async () => assert.equal(await seen.page.evaluate(releases), 2));
    await assertOnlyOf(seen, site, nextSite);
    // The next visit gets the new release. The open page stays on the old one, even for code that it had not loaded yet.
    const other = await seen.page.browserContext().newPage();
    await other.goto(host.address);
    await assertOnlyOf({ page: other }, nextSite, site);
    await other.close();
    await seen.figure('train').ready();
    await assertOnlyOf(seen, site, nextSite);

    await seen.page.reload();
    await assertGoldenStrip(seen.figure('morph'));
    await seen.figure('train').ready();
    await assertOnlyOf(seen, nextSite, site);
    await host.stop();
    await seen.page.reload();
    await assertGoldenStrip(seen.figure('morph'));
    await assertOnlyOf(seen, nextSite, site);
    assert.deepEqual(seen.complaints, []);
    await host.resume();
    await seen.close();
  });

  test('a release with a damaged file is not used', async () => {
    const seen = await installed();
    await host.deploy(nextSite);
    host.plain = true;
    host.damage = (path, body) => (path.endsWith('.css') ? Buffer.concat([body, Buffer.from(' ')]) : body);
    await seen.page.evaluate(refused);
    await seen.page.reload();
    await assertGoldenStrip(seen.figure('morph'));
    await assertOnlyOf(seen, site, nextSite);
    await seen.close();
  });
});

/** A visit after which the site is cached. */
async function installed() {
  const seen = await visit(browser, { from: host.address });
  await seen.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  return seen;
}

/** Asserts that every file that a page has loaded is in one release, and that no script or style sheet is in the other. */
async function assertOnlyOf({ page }, folder, otherFolder) {
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname.slice(1)),
  );
  const [own, others] = [await filesOf(folder), await filesOf(otherFolder)];
  const isNext = (await page.content()).includes('the next release');
  assert.equal(isNext, folder === nextSite);
  assert.ok(
    loaded.some((path) => path.startsWith('assets/latent-lab.')),
    'the page has loaded its script',
  );
  for (const path of loaded.filter((path) => path.startsWith('assets/'))) {
    assert.ok(own.includes(path), `${path} is in this release`);
    assert.ok(!/\.(js|css)$/.test(path) || !others.includes(path), `${path} is not in the other release`);
  }
}

/* In the page: */

/** Answers the second question of the lesson, and returns what the network has said so far. */
function answered() {
  const input = document.querySelector('[name=question-2]');
  document.querySelector('latent-lab')?.scrollIntoView();
  if (input && !input.form.querySelector('.reply').textContent) {
    input.click();
    input.form.requestSubmit();
  }
  return input?.form.querySelector('.verdict')?.textContent.replace(/^(Not this time|Diesmal nicht)\. /, '') ?? '';
}

/** The number of cached releases, or NaN while one is being installed. */
async function releases() {
  const { installing, waiting, active } = await navigator.serviceWorker.getRegistration();
  return installing || waiting || active.state !== 'activated' ? NaN : (await caches.keys()).length;
}

/** Looks for a new release, and waits until its installation has failed. */
async function refused() {
  const registration = await navigator.serviceWorker.ready;
  await registration.update().catch(() => {});
  const { installing } = registration;
  if (installing && installing.state !== 'redundant') {
    await new Promise((resolve) => installing.addEventListener('statechange', resolve));
  }
  if (installing?.state !== 'redundant') throw new Error(`the damaged release is ${installing?.state}`);
}
