// A figure does its host no harm: from another origin, under a strict policy, in a sandbox, from a file, ten at once; and it cleans up.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, test } from 'node:test';

import { asScript } from '../../www/views/embed/ways.js';
import { address, eventually, figureAddress, KINDS, openChromium, visit } from './support/browser.mjs';
import { hurry } from './support/clock.mjs';
import { Host, page as hostPage } from './support/host.mjs';
import { comeAndGo, grown, memory } from './support/soak.mjs';

const variant = (name) => new URL(`variants/${name}.html`, address).href;

/** The number of times that figures are added and removed; `benches/soak.mjs` does it for longer. */
const CYCLES = 60;

let browser;
let seen;
let host;
before(async () => (browser = await openChromium()));
after(() => browser?.close());
afterEach(async () => {
  const last = seen;
  seen = undefined;
  await last?.close();
  host?.stop();
  // Requests to the site are expected from a host of another origin.
  const complaints = (last?.complaints ?? []).filter((line) => !host || !line.startsWith(`request to ${address}`));
  host = undefined;
  assert.deepEqual(complaints, []);
});

const documented = await readFile(new URL('../../docs/embedding.md', import.meta.url), 'utf8');
/** The exact policy that the documentation gives. */
const POLICY = /default-src 'none';[^]+?trusted-types latent-lab/.exec(documented)[0].replace(/\s+/g, ' ');

/** A visit of a page of another origin. */
async function visitHost(body, headers = {}) {
  host = await Host.start({ '/': { body: hostPage(body), headers } });
  seen = await visit(browser, { from: host.address });
  return seen;
}

/** Requests to neither the host nor the site. */
function stray() {
  return seen.requests
    .map((url) => url.replace(/^blob:/, ''))
    .filter((url) => ![address, host.address, 'data:'].some((start) => url.startsWith(start)));
}

test('from another origin, the lines from the dialog are enough', async () => {
  const text = asScript({
    site: address,
    attributes: [
      ['figure', 'morph'],
      ['t', '0.5'],
    ],
  });
  await visitHost(text);
  const figure = await seen.figure('morph').ready();
  assert.ok(Math.max(...(await figure.picture())) > 200, 'there is ink');
  assert.deepEqual(stray(), []);
});

/** The documented policy, for a page of another origin than the site's. @param {string} starts sources that workers may start from */
function policyElsewhere(starts) {
  const site = new URL(address).origin;
  return POLICY.replace("script-src 'self'", `script-src ${site}`)
    .replace("connect-src 'self'", `connect-src ${site}`)
    .replace("worker-src 'self'", `worker-src ${starts} ${site}`)
    .replace("img-src 'self'", 'img-src data:');
}

test('a figure works from another origin under a strict policy', async () => {
  await visitHost(asScript({ site: address, attributes: [['figure', 'samples']] }), {
    'content-security-policy': policyElsewhere('blob:'),
  });
  await seen.figure('samples').ready();
});

test('a figure works in a sandbox without an origin under a strict policy', async () => {
  await visitHost(asScript({ site: address, attributes: [['figure', 'samples']] }), {
    'content-security-policy': `${policyElsewhere('data:')}; sandbox allow-scripts`,
  });
  await seen.figure('samples').ready();
  assert.equal(await seen.page.evaluate(() => globalThis.origin), 'null');
});

test('the documented policy is enough for all figures and their dialogs, and nothing is stored before a run', async () => {
  const html = await readFile(new URL('../../www/variants/policy.html', import.meta.url), 'utf8');
  assert.equal(/content="([^"]+trusted-types latent-lab)"/.exec(html)[1], POLICY);
  seen = await visit(browser, { from: variant('policy') });
  await seen.page.evaluate(() => {
    globalThis.violated = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      globalThis.violated.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  for (const name of KINDS) {
    await seen.figure(name).ready();
  }
  assert.deepEqual(await seen.page.evaluate(kept), { cookies: '', local: 0, databases: 0, caches: 0 });
  const figure = seen.figure('morph');
  for (const [open, close] of [
    ['export', 'export-close'],
    ['embed', 'embed-close'],
    ['from-draw', 'pad-cancel'],
    ['to-own', 'own-cancel'],
  ]) {
    await figure.click(open);
    await (await figure.part(close)).click();
  }
  const train = seen.figure('train');
  await train.click('use-digits');
  await eventually(async () =>
    assert.equal(await (await train.part('count')).evaluate((node) => node.textContent), '2,000 pictures'),
  );
  await train.click('step');
  await eventually(async () =>
    assert.match(await (await train.part('status')).evaluate((node) => node.textContent), /^Step 1 /),
  );
  assert.deepEqual(await seen.page.evaluate(() => globalThis.violated), []);
});

/** In the page: what the browser has stored for it. */
async function kept() {
  return {
    cookies: document.cookie,
    local: localStorage.length + sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
  };
}

test('figures work in a sandbox without an origin, even one that trains', async () => {
  const frame = (figure) =>
    `<iframe sandbox="allow-scripts" width="900" height="1500" src="${address}embed.html?figure=${figure}"></iframe>`;
  await visitHost(frame('samples') + frame('train'));
  for (const place of [0, 1]) {
    await seen.page.evaluate((index) => document.querySelectorAll('iframe')[index].scrollIntoView(), place);
    await eventually(async () => {
      const frames = seen.page.frames().filter((each) => each !== seen.page.mainFrame());
      assert.equal(frames.length, 2);
      assert.equal(await frames[place].evaluate(() => document.querySelector('latent-lab')?.status), 'ready');
    });
  }
  const [, trains] = seen.page.frames().filter((each) => each !== seen.page.mainFrame());
  await trains.evaluate(() => document.querySelector('latent-lab').shadowRoot.querySelector('[part=step]').click());
  await eventually(async () =>
    assert.match(
      await trains.evaluate(
        () => document.querySelector('latent-lab').shadowRoot.querySelector('[part=status]').textContent,
      ),
      /^Step 1 /,
    ),
  );
});

test('a page opened from a file says that it needs a server', async () => {
  const file = new URL('../../www/embed.html', import.meta.url).href;
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(file);
  await eventually(async () =>
    assert.match(await page.evaluate(() => document.body.innerText), /does not run from a file/),
  );
  await context.close();
});

test('nothing is fetched before a figure comes near, and ten figures share one worker and one copy of each file', async () => {
  seen = await visit(browser, { from: variant('many') });
  const files = () => seen.requests.filter((request) => /\.(wasm|safetensors)$|\/worker\.js$/.test(request));
  await seen.page.evaluate(() => customElements.whenDefined('latent-lab'));
  await seen.page.waitForNetworkIdle();
  assert.deepEqual(files(), []);
  const names = await seen.page.evaluate(async () => {
    const figures = [...document.querySelectorAll('latent-lab')];
    for (const figure of figures) {
      figure.scrollIntoView();
      await figure.whenReady();
    }
    return figures.map(({ status }) => status);
  });
  assert.deepEqual(names, new Array(10).fill('ready'));
  assert.equal(seen.page.workers().length, 1);
  for (const ending of ['/worker.js', '/latent_lab_bg.wasm', '/digits.safetensors', '/digits.latents.safetensors']) {
    assert.equal(files().filter((request) => request.endsWith(ending)).length, 1, ending);
  }
  assert.deepEqual([...new Set(files())].sort(), files().sort());
});

/** In the page, before its scripts: counts the requests to its workers. */
function countWork() {
  globalThis.work = 0;
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message.action) globalThis.work += 1;
    return postMessage.call(this, message, ...rest);
  };
}

test('off the screen a playing figure pauses and sends no requests, neither to the server nor to a worker', async () => {
  seen = await visit(browser, { from: figureAddress('morph', { autoplay: '' }), motion: true, before: countWork });
  const figure = await seen.figure('morph').ready();
  const now = async () => {
    const work = await seen.page.evaluate(() => globalThis.work);
    return { t: (await figure.state()).t, work, requests: seen.requests.length };
  };
  const start = await now();
  await eventually(async () => {
    const { t, work } = await now();
    assert.ok(t > start.t + 0.05 && work > start.work, 'it plays, and a worker decodes its pictures');
  });
  await seen.page.evaluate(() => {
    const below = document.createElement('div');
    below.style.blockSize = '5000px';
    document.body.append(below);
    scrollTo(0, document.body.scrollHeight);
  });
  await seen.page.waitForNetworkIdle();
  const off = await now();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.deepEqual(await now(), off);
  await figure.evaluate((element) => element.scrollIntoView());
  await eventually(async () => assert.notEqual((await now()).t, off.t));
});

test('the layout does not shift when a figure loads', async () => {
  seen = await visit(browser, {
    from: variant('script'),
    before: () => {
      globalThis.shifts = 0;
      new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (globalThis.shifts += value))).observe(
        { type: 'layout-shift', buffered: true },
      );
    },
  });
  // Shifts are counted from the moment the element is defined; the layout before that is the host's.
  await seen.page.evaluate(() => customElements.whenDefined('latent-lab'));
  await seen.page.evaluate(() => (globalThis.shifts = 0));
  await seen.figure('morph').ready();
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(await seen.page.evaluate(() => globalThis.shifts), 0);
});

test('removed figures leave nothing in memory and, after a while, no worker', async () => {
  seen = await visit(browser, { from: variant('picture'), before: hurry });
  const { page } = seen;
  const session = await page.createCDPSession();
  await session.send('Performance.enable');
  await page.addScriptTag({ url: new URL('latent-lab.js', address).href, type: 'module' });
  await page.evaluate(comeAndGo, 15, KINDS);
  const before = await memory(session);
  await page.evaluate(comeAndGo, CYCLES, KINDS);
  await eventually(async () => assert.deepEqual(grown(before, await memory(session)), []));
  await eventually(() => assert.equal(page.workers().length, 0));
});
