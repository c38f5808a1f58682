// The package for Python: installed from its wheel, run by a notebook kernel, and displayed by a browser that follows anywidget's protocol
// as notebook front ends do.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { eventually, Figure, openChromium, openFirefox, PATIENCE } from './support/browser.mjs';
import { assertGoldenStrip, one } from './support/dist.mjs';
import { assertShows } from './support/golden.mjs';

/** A Python with the packages for notebooks; `cargo xtask test` creates one in target/python and sets the variable. */
const python = process.env.LATENT_LAB_PYTHON;
assert.ok(python, 'LATENT_LAB_PYTHON must name a Python with anywidget and nbclient');

const root = new URL('../../', import.meta.url);
const fileOf = (path) => fileURLToPath(new URL(path, root));

let folder;
let wheel;
let notebook;
let browser;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latent-lab-'));
  const name = (await readdir(one)).find((file) => file.endsWith('.whl'));
  wheel = fileURLToPath(new URL(name, one));
  // Nothing is downloaded: all dependencies are installed.
  await run('-m', 'pip', 'install', '--quiet', '--no-index', '--no-deps', '--target', folder, wheel);
  const model = fileOf('www/models/digits.safetensors');
  const codes = fileOf('tests/fixtures/golden/codes.f32');
  notebook = JSON.parse(await run(fileOf('tests/page/support/notebook.py'), model, codes));
  browser = await openChromium();
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

/** The output of a Python program that imports the installed package and no other copy. */
async function run(...args) {
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
  const { stdout } = await promisify(execFile)(python, args, { env, cwd: folder, maxBuffer: 1e8 });
  return stdout;
}

/** Styles of a notebook page. */
const LIGHT = 'color: #222; background: #fff';
const DARK = 'color: #eee; background: #111';

/**
 * Displays an output in an empty page as a notebook does, and waits for its figure.
 * @param {import('puppeteer-core').Browser} browser
 * @param {(...args: unknown[]) => void} show in the page
 * @param {unknown} what
 * @param {{style?: string, name?: string}} [options] style of the page; name of the figure
 */
async function shown(browser, show, what, { style = LIGHT, name = 'morph' } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const requests = [];
  const complaints = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
  });
  await page.setContent(`<!doctype html><body style="${style}"><div id="output"></div></body>`);
  await page.evaluate(show, what);
  const frame = await eventually(() => {
    const [found, ...more] = page.frames().filter((frame) => frame !== page.mainFrame());
    assert.ok(found);
    assert.equal(more.length, 0);
    return found;
  });
  const figure = new Figure(frame, name);
  await eventually(async () => assert.ok(await frame.evaluate(() => document.querySelector('latent-lab')?.status)));
  await figure.ready();
  const close = async () => {
    await context.close();
    assert.deepEqual(
      requests.filter((request) => !/^(blob|data|about):/.test(request)),
      [],
    );
    assert.deepEqual(complaints, []);
  };
  return { page, frame, figure, close };
}

test('the wheel declares its dependencies, its files match its record, and it is small', async () => {
  const script = [
    'import base64, hashlib, importlib.metadata as m, json, pathlib',
    'd = m.distribution("latent-lab")',
    'def digest(f): return base64.urlsafe_b64encode(hashlib.sha256(f.read_binary()).digest()).rstrip(b"=").decode()',
    'ours = [f for f in d.files if f.hash]',
    'wrong = [str(f) for f in ours if digest(f) != f.hash.value]',
    'print(json.dumps([d.version, d.requires, len(ours), wrong]))',
  ];
  const [version, requires, count, wrong] = JSON.parse(await run('-c', script.join('\n')));
  assert.match(wheel, new RegExp(`latent_lab-${version}-py3-none-any\\.whl$`));
  assert.deepEqual(
    requires.filter((need) => !need.includes('extra')),
    ['numpy>=1.23', 'safetensors>=0.4'],
  );
  assert.ok(count > 25, `${count} files`);
  assert.deepEqual(wrong, []);
  assert.ok((await stat(wheel)).size < 6e6, `${(await stat(wheel)).size} bytes`);
});

test('the converter’s tests pass', async () => {
  const { stderr } = await promisify(execFile)(python, ['-m', 'unittest', 'discover', fileOf('python/tests')]);
  assert.match(stderr, /^Ran \d{2} tests .*\n\nOK/m);
});

test('a kernel receives the reader’s changes and validates values set in Python', () => {
  const { texts } = notebook;
  assert.equal(texts[3], '0.25 [0.75, 0.25]\n');
  const [moved, , code] = texts[4].trim().split(' ');
  assert.deepEqual([moved, code], ['1', `0.5${',0.0'.repeat(15)};1.0${',1.0'.repeat(15)}`]);
  const refused = texts[5].trim().split('\n');
  assert.match(refused[0], /^ValueError t must be a finite number, got 'far'/);
  assert.match(refused[1], /^TypeError a figure has no attribute 'nonsense'; it has .*\bt\b/);
  assert.match(refused[2], /^ValueError figure must be one of .*\bmap, microscope, morph\b.*, got 'train'/);
  assert.match(refused[3], /^ValueError this figure needs a model with 2 latent dimensions, but this one has 16/);
  assert.match(refused[4], /^FileNotFoundError dogs is neither a file nor one of the networks cats, digits, /);
  assert.equal(refused.length, 5);
});

for (const [name, open] of Object.entries({
  Chromium: openChromium,
  Firefox: () => openFirefox({}, { isWatched: true }),
})) {
  test(`${name} shows the golden pictures in a notebook without a request`, async () => {
    const own = name === 'Chromium' ? browser : await open();
    try {
      const { figure, close } = await shown(own, render, { ...notebook.widgets[0], values: { z: '' } });
      await assertGoldenStrip(figure);
      await close();
    } finally {
      if (own !== browser) await own.close();
    }
  });
}

test('weights become a network with its own name that draws as the native decoder does', async () => {
  const { figure, frame, close } = await shown(browser, render, notebook.widgets[1]);
  assertShows(await figure.picture(), 0);
  assert.equal(await frame.evaluate(() => document.title), 'Mine');
  const hidden = await figure.evaluate((element) =>
    ['embed', 'give-back'].map((name) => getComputedStyle(element.shadowRoot.querySelector(`[part~=${name}]`)).display),
  );
  assert.deepEqual(hidden, ['none', 'none']);
  await close();
});

test('values are synchronized in both directions, and the frame is as high as its figure', async () => {
  const { page, figure, close } = await shown(browser, render, notebook.widgets[0]);
  await page.evaluate(() => globalThis.model.receive({ t: 0.25 }));
  await eventually(async () => assert.equal((await figure.state()).t, 0.25));

  await figure.focus('t');
  await page.keyboard.press('End');
  const saved = () => page.evaluate(() => globalThis.model.saved);
  await eventually(async () => assert.equal((await saved()).at(-1)?.t, 1));
  // The page's own change is not sent back to it.
  assert.equal((await figure.state()).t, 1);

  await eventually(async () => {
    const [outer, inner] = [
      await page.evaluate(() => document.querySelector('iframe').getBoundingClientRect().height),
      await figure.evaluate(() => document.documentElement.getBoundingClientRect().height),
    ];
    assert.equal(outer, Math.ceil(inner));
  });
  await page.evaluate(() => globalThis.cleanUp());
  assert.equal(await page.evaluate(() => document.querySelector('iframe')), null);
  await close();
});

test('figures follow the color scheme of the notebook, even if it changes later', async () => {
  for (const [first, then] of [
    [DARK, LIGHT],
    [LIGHT, DARK],
  ]) {
    const { page, figure, close } = await shown(browser, render, notebook.widgets[0], { style: first });
    const schemes = async () => [
      await figure.evaluate(() => getComputedStyle(document.documentElement).colorScheme),
      await page.evaluate(() => document.querySelector('iframe').style.colorScheme),
    ];
    const expected = (style) => Array(2).fill(style === DARK ? 'dark' : 'light');
    await eventually(async () => assert.deepEqual(await schemes(), expected(first)));
    await page.evaluate((style) => document.body.setAttribute('style', style), then);
    await eventually(async () => assert.deepEqual(await schemes(), expected(then)));
    await close();
  }
});

test('without anywidget a figure is HTML that shows the same pictures', async () => {
  const script =
    'import sys; sys.modules["anywidget"] = None\nimport latent_lab\nprint(latent_lab.Figure("morph")._repr_html_())';
  for (const html of [notebook.html[0], await run('-c', script)]) {
    const { figure, close } = await shown(browser, place, html);
    await assertGoldenStrip(figure);
    await close();
  }
});

test('every figure except `train` is drawn in a notebook', async () => {
  const script = [
    'import json, latent_lab',
    'from latent_lab._page import element',
    'print(json.dumps({name: latent_lab.StaticFigure(name)._repr_html_() for name in element()["figures"]}))',
  ];
  const all = Object.entries(JSON.parse(await run('-c', script.join('\n'))));
  const views = (await readdir(new URL('www/views/', root))).filter((name) => name.endsWith('.js'));
  assert.equal(all.length, views.length - 1, 'all views except `train`');
  for (const [name, html] of all) {
    const { figure, close } = await shown(browser, place, html, { name });
    assert.equal((await figure.state()).figure, name);
    await close();
  }
});

/* In the page: */

/** A front end: imports a widget's code and lets it render a model. */
async function render({ state, buffers, values }) {
  const listeners = new Map();
  const bytes = Uint8Array.from(atob(buffers._page), (letter) => letter.charCodeAt(0));
  const all = { ...state, ...values, _page: new DataView(bytes.buffer) };
  let changed = {};
  const model = {
    saved: [],
    get: (name) => all[name],
    set(name, value) {
      all[name] = value;
      changed[name] = value;
      listeners.get(`change:${name}`)?.();
    },
    save_changes() {
      model.saved.push(changed);
      changed = {};
    },
    on: (event, listener) => listeners.set(event, listener),
    off: (event) => listeners.delete(event),
    receive(values) {
      for (const [name, value] of Object.entries(values)) {
        all[name] = value;
        listeners.get(`change:${name}`)?.();
      }
    },
  };
  globalThis.model = model;
  const code = URL.createObjectURL(new Blob([all._esm], { type: 'text/javascript' }));
  const { default: widget } = await import(code);
  globalThis.cleanUp = widget.render({ model, el: document.getElementById('output') });
}

/** Puts HTML into an output and runs its scripts, as notebooks do. */
function place(html) {
  const output = document.getElementById('output');
  output.innerHTML = html;
  for (const script of output.querySelectorAll('script')) {
    const copy = document.createElement('script');
    for (const { name, value } of script.attributes) copy.setAttribute(name, value);
    copy.textContent = script.textContent;
    script.replaceWith(copy);
  }
}
