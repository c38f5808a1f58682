// A figure's state in a link: opened on another page, the link shows the same pixels, or the figure says why it cannot. Also the dialog
// that makes the link.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually } from './support/browser.mjs';
import { FaultyServer } from './support/faulty-server.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;

const embed = (parameters) => new URL(`embed.html?${parameters}`, address).href;

/** In the page: a checksum of each canvas of the figure. */
function painted() {
  const canvases = [...document.querySelector('latent-lab').shadowRoot.querySelectorAll('figure canvas:not(dialog *)')];
  return canvases.map((canvas) => {
    const { data } = canvas
      .getContext('2d', { willReadFrequently: true })
      .getImageData(0, 0, canvas.width, canvas.height);
    // A loop, since `reduce` takes ten times as long for the millions of bytes of a microscope.
    let sum = 7;
    for (let i = 0; i < data.length; i++) sum = (sum * 31 + data[i] * (i % 7)) % 1_000_003;
    return sum;
  });
}

/** The text that the dialog shows for a way of sharing, such as `link` or `frame`. */
async function given(figure, way) {
  await figure.click('embed');
  const press = await figure.part(`embed-as-${way}`);
  await press.evaluate((input) => input.click());
  const text = await (await figure.part('embed-text')).evaluate((node) => node.value);
  await (await figure.part('embed-close')).click();
  return text;
}

/** Changes that a reader makes to a figure before sharing it. */
const acts = {
  async morph(figure, page) {
    await page.$eval('latent-lab', async (element) => {
      element.z = new Array(16).fill(0.123456789);
    });
    await figure.click('to-5');
    await figure.click('to-another');
    await figure.click('path-lerp');
    await figure.focus('t');
    for (const key of ['End', 'PageDown', 'ArrowLeft']) await page.keyboard.press(key);
  },
  async paths(figure, page) {
    await figure.click('from-another');
    await figure.click('to-5');
    await figure.focus('t');
    for (const key of ['End', 'PageDown', 'ArrowLeft']) await page.keyboard.press(key);
    // The geodesic comes after the other paths.
    await figure.inside('figure[data-complete]');
  },
  async samples(figure) {
    await figure.click('new-seed');
    await figure.click('fit');
    await figure.click('show-model');
  },
  async map(figure, page) {
    const { x, y, width, height } = await figure.box('plot');
    await page.mouse.click(x + 0.3 * width, y + 0.4 * height);
    await figure.click('no-classes');
    await figure.click('class-3');
  },
  async direction(figure, page) {
    await (await figure.part('example')).select('stroke');
    await (await figure.inside('[role=option]:nth-child(3)')).click();
    await (await figure.part('target')).select('c');
    await (await figure.inside('[role=option]:nth-child(2)')).click();
    await figure.focus('amount');
    for (const key of ['End', 'PageDown', 'ArrowLeft']) await page.keyboard.press(key);
  },
  async puzzle(figure) {
    await figure.set('day', '2026-12-24');
    await figure.click('try');
  },
  async traversal(figure, page) {
    await figure.click('from-5');
    await figure.focus('number-1');
    for (const key of ['End', 'PageDown']) await page.keyboard.press(key);
    await figure.focus('number-8');
    for (const key of ['Home', 'ArrowRight']) await page.keyboard.press(key);
  },
  async posterior(figure) {
    await figure.click('from-5');
    await figure.click('draw-again');
  },
  async microscope(figure) {
    await (await figure.part('way-overlap')).evaluate((input) => input.click());
    await (await figure.part('stride-1')).evaluate((input) => input.click());
  },
};

for (const [name, act] of Object.entries(acts)) {
  test(`${name}: a link from the dialog shows the same pixels and state on another page`, async () => {
    seen = await visit.shared(name, { seed: 5, t: 0.3 }, { width: 1000 });
    const figure = await seen.figure(name).ready();
    await act(figure, seen.page);
    const settled = async () => {
      const first = await seen.page.evaluate(painted);
      await new Promise((resolve) => setTimeout(resolve, 400));
      assert.deepEqual(await seen.page.evaluate(painted), first);
      return first;
    };
    const pixels = await eventually(settled);
    const state = await figure.state();
    const link = await given(figure, 'link');
    assert.match(link, /hash=[0-9a-f]{12}\.[0-9a-f]{12}/);
    assert.deepEqual(seen.complaints, []);
    seen = await visit({ from: link, width: 1000 });
    const other = await seen.figure(name).ready();
    await eventually(async () => assert.deepEqual(await seen.page.evaluate(painted), pixels));
    const { hash, ...rest } = await other.state();
    assert.match(link, new RegExp(hash.replace('.', '\\.')));
    assert.deepEqual({ ...rest, hash: '' }, { ...state, hash: '' });
    await eventually(async () =>
      assert.ok(await (await other.part('notice')).evaluate((node) => node.hidden), 'no notice is shown'),
    );
  });
}

test('train: the link contains the reader’s settings and restores them on another page', async () => {
  seen = await visit({ from: embed('figure=train&plan=latent%3A+3%3B+side%3A+12%3B+latent%3A+many') });
  const figure = await seen.figure('train').ready();
  assert.deepEqual(seen.complaints.splice(0), ['latent-lab: plan="latent: many" is invalid, the default is used']);
  const value = (part) => figure.part(part).then((node) => node.evaluate((input) => input.value));
  await eventually(async () => assert.deepEqual([await value('latent'), await value('side')], ['3', '12']));
  const press = async (part) => (await figure.part(part)).evaluate((node) => node.click());
  await press('kind-variational');
  await press('more-layers');
  await figure.click('choices');
  await figure.focus('learning-rate');
  await seen.page.keyboard.press('ArrowRight');
  const { plan } = await figure.state();
  assert.match(
    plan,
    /^preset: article; kind: variational; latent: 3; layers: 32 3 2, 64 3 2, 128 3 2, 128 3 1; rate: 0\.001\d+; side: 12$/,
  );
  const link = await given(figure, 'link');
  await seen.close();
  seen = await visit({ from: link });
  const other = await seen.figure('train').ready();
  await eventually(async () => assert.equal((await other.state()).plan, plan));
  const shown = await (await other.part('kernel-3')).evaluate((select) => select.value);
  const kind = await (await other.part('kind-variational')).evaluate((input) => input.checked);
  const latent = await (await other.part('latent')).evaluate((input) => input.value);
  assert.deepEqual({ shown, kind, latent }, { shown: '3', kind: true, latent: '3' });
});

test('a figure says that its link was made with another model', async () => {
  seen = await visit({ from: embed('figure=map&hash=0123456789ab.0123456789ab') });
  const figure = await seen.figure('map').ready();
  const notice = await figure.part('notice');
  await eventually(async () =>
    assert.match(
      await notice.evaluate((node) => (node.hidden ? '' : node.textContent)),
      /another version of the model \(0123456789ab\.0123456789ab; here it is [0-9a-f.]{25}\)/,
    ),
  );
});

test('one warning names all invalid parameters, and the others apply', async () => {
  seen = await visit({ from: embed('figure=morph&t=0.4&to=x&colour=red&seed=-3&controls=none') });
  const figure = await seen.figure('morph').ready();
  assert.equal(seen.complaints.length, 1);
  const [warning] = seen.complaints.splice(0);
  for (const named of ['to="x"', 'colour="red"', 'seed="-3"']) assert.ok(warning.includes(named), warning);
  const { t, to, controls } = await figure.state();
  assert.deepEqual({ t, to, controls }, { t: 0.4, to: { digit: 8, nth: 4 }, controls: 'none' });
});

test('a link can hide any control of the training figure', async () => {
  const shown = async (controls) => {
    seen = await visit({ from: embed(`figure=train&controls=${controls}`) });
    const figure = await seen.figure('train').ready();
    const names = await figure.evaluate((element) => {
      const nodes = [...element.shadowRoot.querySelectorAll('figure [data-control]:not(dialog *, [data-control] *)')];
      return nodes.filter((node) => node.checkVisibility()).map((node) => node.dataset.control);
    });
    const fields = await figure.evaluate((element) => {
      const nodes = [
        ...element.shadowRoot.querySelectorAll('figure :is(input, select, button):not(dialog *, [type=file])'),
      ];
      return nodes.filter((node) => node.checkVisibility()).map((node) => node.part.value);
    });
    await seen.close();
    return { names: names.sort(), fields: fields.sort() };
  };
  assert.deepEqual(await shown('use-digits+play+beta'), {
    names: ['beta', 'play', 'use-digits'],
    fields: ['beta', 'play', 'use-digits'],
  });
  const { names, fields } = await shown('layers+augment');
  assert.deepEqual(names, ['augment', 'layers']);
  for (const inside of ['augment', 'filters-0', 'kernel-2', 'stride-1', 'more-layers']) {
    assert.ok(fields.includes(inside), inside);
  }
  assert.deepEqual((await shown('none')).fields, []);
  const without = await shown('-latent+-use-other');
  assert.ok(!without.names.includes('latent') && !without.fields.includes('use-other'));
  assert.ok(without.names.includes('batch') && without.fields.includes('use-digits'));
});

test('hostile parameters are treated as text', async () => {
  const evil = encodeURIComponent('"><img src=x onerror=alert(1)>');
  seen = await visit({ from: embed(`figure=morph&label=${evil}`) });
  const figure = await seen.figure('morph').ready();
  const frame = await given(figure, 'frame');
  const parsed = await seen.page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, 'text/html');
    return { images: document.images.length, title: document.querySelector('iframe').title };
  }, frame);
  assert.deepEqual(parsed, { images: 0, title: '"><img src=x onerror=alert(1)>' });
});

test('on any page, the state in the address applies to the first figure of its kind', async () => {
  seen = await visit({ from: new URL('variants/link.html#latent-lab?figure=samples&seed=2024', address).href });
  const figure = await seen.figure('samples').ready();
  await eventually(async () => assert.equal((await figure.state()).seed, 2024));
  assert.equal((await seen.figure('morph').state()).seed, 1);
});

test('following a link with a state on the same page changes the figure', async () => {
  seen = await visit({ from: new URL('variants/link.html', address).href });
  const figure = await seen.figure('morph').ready();
  await seen.page.click('a');
  await eventually(async () => {
    const { from, to, t } = await figure.state();
    assert.deepEqual({ from, to, t }, { from: { digit: 1, nth: 0 }, to: { digit: 7, nth: 0 }, t: 0.7 });
  });
});

test('the dialog offers every way of sharing the current state, and its code is fetched only when it opens', async () => {
  seen = await visit({ from: embed('figure=samples&seed=9') });
  const figure = await seen.figure('samples').ready();
  const isFetched = () => seen.requests.some((request) => request.includes('/views/embed/'));
  await seen.page.waitForNetworkIdle();
  assert.equal(isFetched(), false);
  await figure.click('show-model');
  assert.match(
    await given(figure, 'script'),
    /^<script type="module" src="http:\/\/[^"]+\/latent-lab\.js"><\/script>\n<latent-lab figure="samples" seed="9" show="model"><\/latent-lab>$/,
  );
  assert.match(
    await given(figure, 'package'),
    /npm install latent-lab[^]+import 'latent-lab';[^]+<latent-lab figure="samples"/,
  );
  assert.match(
    await given(figure, 'frame'),
    /^<iframe src="[^"]+embed\.html\?figure=samples&#38;seed=9&#38;show=model&#38;hash=[^"]+" title="[^"]+" width="100%" height="\d+"/,
  );
  assert.match(
    await given(figure, 'picture'),
    /^<a href="[^"]+"><img src="latent-lab\.png" alt="[^"]+" style="max-width: 100%"><\/a>$/,
  );
  assert.equal(isFetched(), true);
});

test('the link contains the full address of the host’s own model', async () => {
  const server = await FaultyServer.start();
  try {
    seen = await visit({ from: `${server.address}embed.html?figure=map&model=models%2Fmap.safetensors` });
    const figure = await seen.figure('map').ready();
    assert.equal(
      new URL(await given(figure, 'link')).searchParams.get('model'),
      `${server.address}models/map.safetensors`,
    );
  } finally {
    server.stop();
  }
});
