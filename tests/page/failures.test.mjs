// Every failure that can keep a figure from its picture: the reader learns the cause, the other figures continue, and a retry works
// once the cause is fixed.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';

import { add, ARTICLE, eventually, figureAddress, openChromium, violations, visit } from './support/browser.mjs';
import * as damage from './support/damage.mjs';
import { FaultyServer } from './support/faulty-server.mjs';
import { bars, press, SMALL, stepOf, text } from './support/training.mjs';
import { renew } from './support/visits.mjs';

let browser;
let server;
let seen;
/** The visit that tests of broken files share. */
let shared;
let queries = 0;
before(async () => {
  browser = await openChromium();
  server = await FaultyServer.start();
});
after(async () => {
  await browser?.close();
  server?.stop();
});
afterEach(async () => {
  server.heal();
  if (seen !== shared) await seen?.close();
});

/** The line that the browser itself logs about a failed request. A page cannot prevent it. */
const NETWORK = /^Failed to load resource: /;

/** Attributes of a figure whose files were not requested on this page: a new query makes them different files. */
function withNewFiles(name) {
  queries += 1;
  return { ...ARTICLE[name], model: `models/${ARTICLE[name].model}.safetensors?${queries}` };
}

/** Opens a figure whose files are broken, as the only figure of the page that tests of broken files share. */
async function withBrokenFiles(name) {
  const attributes = withNewFiles(name);
  if (shared) await shared.page.evaluate(renew, attributes);
  else shared = await visit(browser, { from: figureAddress(name, attributes, server.address) });
  seen = shared;
}

/**
 * Opens a figure on a page with a fault and checks its message. The result can remove the fault and retry.
 * @param {string} name the figure
 * @param {{kind: string, says: RegExp}} expected the failure's kind and a pattern of the message
 * @param {{before?: () => void, lift?: () => void}} [scripts] run in the page: to make the fault, to lift it
 */
async function recovers(name, expected, scripts = {}) {
  seen = await visit(browser, { from: figureAddress(name, {}, server.address), before: scripts.before });
  return failed(name, expected, scripts);
}

/** As `recovers`, for a figure whose files are broken. */
async function recoversFiles(name, expected) {
  await withBrokenFiles(name);
  return failed(name, expected);
}

/** Checks the message of a figure; the result can check the other figures, remove the fault and retry. */
async function failed(name, { kind, says }, scripts = {}) {
  const figure = seen.figure(name);
  assert.equal(await figure.settled(), 'error');
  const words = await figure.failure();
  assert.match(words, says);
  const panel = await figure.part('failure');
  assert.equal(await panel.evaluate((node) => node.dataset.kind), kind);
  assert.equal(await panel.evaluate((node) => node.role), 'alert');
  const others = ['morph', 'samples', 'map'].filter((each) => each !== name);
  return {
    figure,
    /** Adds figures that do not need the broken part, and waits until they are ready. */
    othersGoOn: async (which = others) => {
      await add(seen.page, ...which.map(withNewFiles));
      for (const other of which) await seen.figure(other).ready();
    },
    retry: async () => {
      server.heal();
      if (scripts.lift) await seen.page.evaluate(scripts.lift);
      await figure.click('retry');
      await figure.ready();
      const worst = seen.complaints.splice(0).filter((line) => !NETWORK.test(line));
      assert.deepEqual(worst, []);
    },
  };
}

const spoil = (how) => (answer) => ({ ...answer, body: how(answer.body) });
/** The one fault of a file with which the other figures are checked too, since its kind makes no difference to them. */
const FIRST = spoil(damage.truncated);
const gone = () => null;
const notFound = () => ({ status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>404</h1>' });

describe('a model that', () => {
  const cases = {
    'is cut off': { fault: FIRST, kind: 'file', says: /cannot be used/ },
    'is empty': { fault: spoil(damage.empty), kind: 'file', says: /cannot be used/ },
    'is a page of HTML': { fault: spoil(damage.html), kind: 'file', says: /cannot be used/ },
    'has an absurd header': { fault: spoil(damage.absurdHeader), kind: 'file', says: /header/ },
    'has tensors beyond its end': { fault: spoil(damage.absurdOffsets), kind: 'file', says: /cannot be used/ },
    'has a weight that is not a number': { fault: spoil(damage.notANumber), kind: 'file', says: /finite|NaN/i },
    'contradicts its config': { fault: spoil(damage.wrongShape), kind: 'file', says: /shape|expected/ },
    'is missing': { fault: notFound, kind: 'missing', says: /no file at this address[^]*404/ },
    'cannot be reached': { fault: gone, kind: 'unreachable', says: /does not answer/ },
  };
  for (const [what, { fault, ...expected }] of Object.entries(cases)) {
    test(what, async () => {
      server.break('/map.safetensors', fault);
      const { othersGoOn, retry } = await recoversFiles('map', expected);
      if (expected.kind !== 'file' || fault === FIRST) await othersGoOn();
      await retry();
    });
  }
});

test('the message about a mistyped model lists the available models', async () => {
  seen = await visit(browser, { from: figureAddress('map', { model: 'mapp' }, server.address) });
  const figure = seen.figure('map');
  assert.equal(await figure.settled(), 'error');
  assert.match(await figure.failure(), /“mapp” is not one of the models that come with the page: cats, .*\bmap\./);
  await seen.page.evaluate(renew, { ...ARTICLE.samples, compare: 'digit' });
  assert.equal(await seen.figure('samples').settled(), 'error');
  assert.match(await seen.figure('samples').failure(), /“digit” is not one of the models/);
  assert.deepEqual(
    seen.complaints.splice(0).filter((line) => !NETWORK.test(line)),
    [],
  );
});

describe('stored latents that', () => {
  const cases = {
    'are cut off': { fault: FIRST, kind: 'file', says: /cannot be used/ },
    'are a page of HTML': { fault: spoil(damage.html), kind: 'file', says: /cannot be used/ },
    'have a value that is not a number': { fault: spoil(damage.notANumber), kind: 'file', says: /finite|NaN/i },
    'are missing': { fault: notFound, kind: 'missing', says: /404/ },
  };
  for (const [what, { fault, ...expected }] of Object.entries(cases)) {
    test(what, async () => {
      server.break('/digits.latents.safetensors', fault);
      const { othersGoOn, retry } = await recoversFiles('morph', expected);
      if (expected.kind !== 'file' || fault === FIRST) await othersGoOn();
      await retry();
    });
  }

  test('belong to another model', async () => {
    server.break('/map.latents.safetensors', () => ({
      status: 302,
      headers: { location: '/models/digits.latents.safetensors' },
      body: '',
    }));
    const { retry } = await recoversFiles('map', { kind: 'file', says: /16 dimensions, but their model has 2/ });
    await retry();
  });
});

describe('the engine:', () => {
  const cases = {
    'its worker is missing': { path: '/engine/worker.js', fault: notFound, kind: 'worker', says: /worker/ },
    'its worker is forbidden by the site’s policy': {
      path: '/embed.html',
      fault: (answer) => ({
        ...answer,
        headers: { ...answer.headers, 'content-security-policy': "worker-src 'none'" },
      }),
      kind: 'worker',
      says: /could not start its worker/,
      stays: true,
    },
    'its glue is missing': { path: '/latent_lab.js', fault: notFound, kind: 'module', says: /code could not be/ },
    'its binary is missing': { path: '/latent_lab_bg.wasm', fault: notFound, kind: 'module', says: /code could/ },
    'its binary is cut off': {
      path: '/latent_lab_bg.wasm',
      fault: spoil(damage.truncated),
      kind: 'module',
      says: /code could not be loaded/,
    },
    'its binary is a page of HTML': {
      path: '/latent_lab_bg.wasm',
      fault: spoil(damage.html),
      kind: 'module',
      says: /code could not be loaded/,
    },
    'the server is unreachable': {
      path: '/latent_lab_bg.wasm',
      fault: gone,
      kind: 'module',
      says: /code could not be/,
    },
  };
  for (const [what, { path, fault, stays, ...expected }] of Object.entries(cases)) {
    test(what, async () => {
      server.break(path, fault);
      const { figure, retry, othersGoOn } = await recovers('morph', expected);
      if (stays) {
        // The policy was sent with the page, so only a reload can remove it.
        await figure.click('retry');
        assert.equal(await figure.settled(), 'error');
        return;
      }
      await retry();
      if (what === 'its glue is missing') await othersGoOn();
    });
  }

  test('workers cannot be created', async () => {
    const { retry } = await recovers(
      'morph',
      { kind: 'worker', says: /could not start its worker/ },
      {
        before: () => {
          globalThis.realWorker = Worker;
          globalThis.Worker = class {
            constructor() {
              throw new DOMException('not here', 'SecurityError');
            }
          };
        },
        lift: () => (globalThis.Worker = globalThis.realWorker),
      },
    );
    await retry();
  });

  test('the browser has no WebAssembly', async () => {
    const { retry } = await recovers(
      'morph',
      { kind: 'no-wasm', says: /does not run WebAssembly/ },
      {
        before: () => {
          globalThis.realWebAssembly = WebAssembly;
          delete globalThis.WebAssembly;
        },
        lift: () => (globalThis.WebAssembly = globalThis.realWebAssembly),
      },
    );
    await retry();
  });

  test('the browser has no SIMD', async () => {
    const { retry } = await recovers(
      'morph',
      { kind: 'no-simd', says: /too old[^]*SIMD/ },
      {
        before: () => {
          globalThis.realValidate = WebAssembly.validate;
          WebAssembly.validate = () => false;
        },
        lift: () => (WebAssembly.validate = globalThis.realValidate),
      },
    );
    await retry();
  });
});

describe('the module for training', () => {
  const breakTraining = (name, fault) => {
    for (const build of ['training', 'training-relaxed']) server.break(`/${build}/${name}`, fault);
  };

  for (const [what, name, fault] of [
    ['glue cannot be reached', 'latent_lab.js', gone],
    ['binary is cut off', 'latent_lab_bg.wasm', spoil(damage.truncated)],
  ]) {
    test(`a run whose ${what} reports it, and starts once the module can be loaded`, async () => {
      breakTraining(name, fault);
      seen = await visit(browser, { from: figureAddress('train', SMALL, server.address) });
      const figure = await seen.figure('train').ready();
      await bars(figure);
      await eventually(async () =>
        assert.match(await text(figure, 'estimate'), /code that trains could not be loaded/),
      );
      await press(figure, 'step');
      await eventually(async () => assert.match(await text(figure, 'status'), /code that trains could not be loaded/));
      server.heal();
      await eventually(async () => {
        await press(figure, 'step');
        assert.ok((await stepOf(figure)) > 0);
      });
    });
  }

  test('does not hold up other figures while it is being fetched', async () => {
    let send;
    const sent = new Promise((resolve) => (send = resolve));
    breakTraining('latent_lab_bg.wasm', async (answer) => {
      await sent;
      return answer;
    });
    seen = await visit(browser, { from: figureAddress('train', SMALL, server.address) });
    const figure = await seen.figure('train').ready();
    await bars(figure);
    await press(figure, 'step');
    await add(seen.page, ARTICLE.morph);
    await seen.figure('morph').ready();
    assert.equal(await stepOf(figure), 0);
    send();
    await eventually(async () => assert.equal(await stepOf(figure), 1));
    assert.deepEqual(seen.complaints, []);
  });

  test('is not requested by a page without a training figure', async () => {
    seen = await visit(browser, { from: figureAddress('morph', {}, server.address) });
    await seen.figure('morph').ready();
    await add(seen.page, ARTICLE.samples);
    await seen.figure('samples').ready();
    await seen.page.waitForNetworkIdle();
    // The server knows the requests of workers too.
    assert.ok(server.requests.some((path) => path.startsWith('/pkg/cpu')));
    assert.deepEqual(
      server.requests.filter((path) => path.startsWith('/pkg/training')),
      [],
    );
  });
});

test('browsers without relaxed SIMD use the plain module', async () => {
  const plain = () => {
    const { validate } = WebAssembly;
    // Only the module that probes for relaxed SIMD is longer than this.
    WebAssembly.validate = (bytes) => bytes.length < 40 && validate(bytes);
  };
  seen = await visit(browser, { from: figureAddress('morph'), before: plain });
  await seen.figure('morph').ready();
  assert.deepEqual(
    seen.requests.filter((request) => request.endsWith('.wasm')).map((request) => new URL(request).pathname),
    ['/pkg/cpu/latent_lab_bg.wasm'],
  );
  assert.deepEqual(seen.complaints, []);
});

test('a worker that crashes while figures are in use is replaced silently', async () => {
  seen = await visit(browser, { from: figureAddress('morph') });
  await add(seen.page, ARTICLE.samples);
  const figure = await seen.figure('morph').ready();
  await seen.figure('samples').ready();
  const before = await figure.pictures('strip');
  const [worker] = seen.page.workers();
  // A worker posts this message after a trap, so the next request finds it crashed.
  await worker.evaluate(() => self.postMessage({ crash: 'unreachable' }));
  await figure.ready();
  await figure.focus('t');
  await seen.page.keyboard.press('End');
  await eventually(async () => assert.deepEqual((await figure.pictures('picture'))[0], before.at(-1)));
  await eventually(async () => assert.equal(await figure.status(), 'ready'));
  await eventually(() => assert.ok(!seen.page.workers().includes(worker) && seen.page.workers().length === 1));
  assert.deepEqual(seen.complaints, []);
});

test('if the server becomes unreachable, loaded figures continue and the next figure reports it', async () => {
  seen = await visit(browser, { from: server.address, height: 700 });
  const morph = await seen.figure('morph').ready();
  for (const ending of ['.safetensors', '.js', '.wasm']) server.break(ending, gone);
  const map = seen.figure('map');
  assert.equal(await map.settled(), 'error');
  await eventually(async () => assert.match(await map.failure(), /does not answer/));
  const before = await morph.pictures('strip');
  await morph.click('to-1');
  await eventually(async () => assert.equal((await morph.state()).to.digit, 1));
  await eventually(async () => assert.equal(await morph.status(), 'ready'));
  await eventually(async () => {
    const strip = await morph.pictures('strip');
    assert.deepEqual(strip[0], before[0]);
    assert.notDeepEqual(strip.at(-1), before.at(-1));
  });
  server.heal();
  await map.click('retry');
  await map.ready();
});

test('a dialog whose code cannot be fetched is reported, and the figure continues', async () => {
  seen = await visit(browser, { from: figureAddress('morph', {}, server.address) });
  const morph = await seen.figure('morph').ready();
  server.break('/parts/export-dialog.js', gone);
  await morph.click('export');
  const notice = await morph.part('notice');
  await eventually(async () =>
    assert.match(await notice.evaluate((node) => (node.hidden ? '' : node.textContent)), /could not be fetched/),
  );
  assert.equal(await morph.status(), 'ready');
});

test('an invalid attribute becomes its default', async () => {
  seen = await visit(browser, { from: figureAddress('morph') });
  const figure = await seen.figure('morph').ready();
  const { t, path } = await figure.state();
  for (const [name, value] of Object.entries({ t: 'NaN', path: 'spiral', from: '99' })) await figure.set(name, value);
  assert.deepEqual((({ t, path, from }) => ({ t, path, from }))(await figure.state()), {
    t,
    path,
    from: { digit: 3, nth: 2 },
  });
  await figure.ready();
  const said = seen.complaints.splice(0);
  assert.ok(said.length > 0 && said.every((line) => line.startsWith('latent-lab: ')), `${said}`);
  for (const named of ['t="NaN"', 'path="spiral"', 'from="99"']) assert.ok(said.at(-1).includes(named), named);
});

for (const [wrong, says] of Object.entries({ digits: /needs a model with 2 latent dimensions, but this one has 16/ })) {
  test(`a map of the model ${wrong} says which model it needs`, async () => {
    seen = await visit(browser, { from: figureAddress('map') });
    const figure = await seen.figure('map').ready();
    await figure.set('model', wrong);
    assert.equal(await figure.settled(), 'error');
    assert.match(await figure.failure(), says);
  });
}

test('axe finds nothing in the message of a failure, in light and dark', async () => {
  server.break('/digits.safetensors', notFound);
  for (const scheme of ['light', 'dark']) {
    seen = await visit(browser, { from: figureAddress('morph', {}, server.address), scheme });
    assert.equal(await seen.figure('morph').settled(), 'error');
    assert.deepEqual(await violations(seen.page), []);
    if (scheme === 'light') await seen.close();
  }
});
