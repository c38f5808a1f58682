// The page as a whole, in Chromium: requests stay on the origin, no errors are logged, and the page is accessible.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { eventually, figureAddress, FIGURES, openChromium, violations, visit } from './support/browser.mjs';

let browser;
before(async () => (browser = await openChromium()));
after(() => browser?.close());

/** A visit in which all figures show their pictures. */
async function all(options) {
  const seen = await visit(browser, options);
  for (const name of FIGURES) await seen.figure(name).ready();
  return seen;
}

/** Asserts that nothing extends beyond the edges of the screen. */
const assertFits = (page, width) =>
  // Figures learn their new width one frame later.
  eventually(async () => {
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    assert.ok(Math.abs(client - width) < 20 && scroll <= client, `${scroll} px in ${client}`);
    assert.deepEqual(await page.evaluate(overflowing), []);
  });

test('all figures load without errors, fit a small screen, and request nothing from other origins', async () => {
  const seen = await all({ motion: true, width: 320 });
  for (const file of ['worker.js', 'latent_lab_bg.wasm', 'digits.safetensors', 'map.latents.safetensors']) {
    assert.ok(
      seen.requests.some((request) => request.endsWith(`/${file}`)),
      `the request for ${file} was recorded`,
    );
  }
  await assertFits(seen.page, 320);
  assert.deepEqual(seen.complaints, []);
  await seen.close();
});

describe('a visit', () => {
  let seen;
  // By default the browser lists only the first 250 resources of a page.
  before(async () => (seen = await all({ before: () => performance.setResourceTimingBufferSize(10_000) })));
  after(() => seen?.close());

  test('each file is fetched once', () => {
    const files = seen.requests.filter((request) => /\.(safetensors|wasm)$/.test(request));
    assert.ok(files.length > 0);
    assert.deepEqual([...new Set(files)].sort(), files.sort());
  });

  test('only the worker decodes: the page itself never loads the module', async () => {
    const own = await seen.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    assert.ok(own.some((name) => name.endsWith('/models/digits.safetensors')));
    assert.deepEqual(
      own.filter((name) => name.includes('/pkg/')),
      [],
    );
  });

  for (const value of ['light', 'dark']) {
    test(`axe finds nothing, ${value}`, async () => {
      await seen.page.emulateMediaFeatures([
        { name: 'prefers-reduced-motion', value: 'reduce' },
        { name: 'prefers-color-scheme', value },
      ]);
      assert.deepEqual(await violations(seen.page), []);
      assert.deepEqual(seen.complaints, []);
    });
  }

  for (const width of [320, 360, 768, 1440, 1920]) {
    test(`nothing is wider than the screen, ${width} px`, async () => {
      await seen.page.setViewport({ width, height: 900 });
      await assertFits(seen.page, width);
      assert.deepEqual(seen.complaints, []);
    });
  }

  test('every control can be reached by Tab, shows its focus, and has a name', () => tabThrough(seen.page));
});

/** In the page: controls and pictures that extend beyond the screen's edges. */
function overflowing() {
  const nodes = [...document.querySelectorAll('latent-lab')].flatMap((figure) => [
    ...figure.shadowRoot.querySelectorAll('button, input:not(.unseen), canvas, label, p'),
  ]);
  return nodes
    .map((node) => ({ node, ...node.getBoundingClientRect().toJSON() }))
    .filter(({ left, right, width }) => width > 0 && (left < -1 || right > innerWidth + 1))
    .map(({ node, left, right }) => `${node.outerHTML.slice(0, 80)} from ${left} to ${right}`);
}

/** Asserts that Tab reaches every control and that each shows its focus. */
async function tabThrough(page) {
  await page.setViewport({ width: 1440, height: 900 });
  // A starting point for Tab: the body cannot be focused, and the browser would continue from its scroll position.
  await page.evaluate(() => {
    scrollTo(0, 0);
    const start = document.createElement('span');
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
  });
  const reached = [];
  for (let last = ''; ;) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(focused);
    if (focus === null || focus.key === last || reached.some(({ key }) => key === focus.key)) break;
    last = focus.key;
    reached.push(focus);
  }
  const parts = reached.map(({ part }) => part);
  for (const part of [
    ...['t', 'play', 'speed', 'path-slerp', 'loop-bounce', 'from-another', 'from-draw', 'to-another', 'to-draw'],
    ...['new-seed', 'seed', 'temperature', 'show-both', 'fit', 'class-0', 'all-classes', 'show-grid'],
    ...[
      'way-transposed',
      'input-preset',
      'kernel-preset',
      'back',
      'step',
      'steps',
      'kernel-side-3',
      'stride-2',
      'padding-1',
      'output-padding-0',
      'pen-1',
    ],
    ...['journey-play', 'from', 'to'],
  ]) {
    assert.ok(parts.includes(part), `${part} is not among the reached controls: ${parts}`);
  }
  assert.deepEqual(
    reached.filter(({ ring }) => !ring).map(({ key }) => key),
    [],
    'without a visible focus',
  );
}

/** In the page: the focused control, and whether it, or the element drawn in its place, has an outline. */
function focused() {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  if (!node || node === document.body) return null;
  const drawn = [node, node.nextElementSibling, node.closest('.plot'), node.closest('label')].filter(Boolean);
  const ring = drawn.some((each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  });
  const root = node.getRootNode();
  const host = [...document.querySelectorAll('latent-lab')].indexOf(root.host);
  const name = node.getAttribute('part') ?? node.getAttribute('aria-label') ?? node.textContent ?? '';
  // The position identifies the control, since an article has several figures of one kind.
  const key = `${host} ${[...root.querySelectorAll('*')].indexOf(node)} ${name}`;
  return { key, part: node.getAttribute('part'), ring };
}

test('a figure can be removed, put back, and changed into another kind', async () => {
  const seen = await visit(browser, { from: figureAddress('morph') });
  await seen.figure('morph').ready();
  await seen.page.evaluate(() => {
    const figure = document.querySelector('latent-lab[figure=morph]');
    const place = figure.parentElement;
    figure.remove();
    place.append(figure);
  });
  await seen.figure('morph').ready();
  await seen.page.evaluate(() => {
    const figure = document.querySelector('latent-lab[figure=morph]');
    figure.setAttribute('model', 'map');
    figure.setAttribute('figure', 'map');
    figure.id = 'turned';
  });
  await eventually(async () => {
    const found = await seen.page.evaluate(() => {
      const figure = document.querySelector('#turned');
      return [figure.status, figure.state.figure];
    });
    assert.deepEqual(found, ['ready', 'map']);
  });
  assert.deepEqual(seen.complaints, []);
  await seen.close();
});
