// A morph between two people's drawings: one sends a drawing in a link, and the other draws the second end.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, figureAddress, violations } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** Draws a stroke on the open pad through points in fractions of its side, and uses the drawing. */
async function draw(figure, ...points) {
  const { mouse } = figure.page;
  const { x, y, width, height } = await figure.box('pad');
  const [first, ...rest] = points.map(([right, down]) => [x + right * width, y + down * height]);
  await mouse.move(...first);
  await mouse.down();
  for (const point of rest) await mouse.move(...point, { steps: 4 });
  await mouse.up();
  await eventually(async () =>
    assert.ok(Math.max(...(await figure.picture('pad-seen'))) > 200, 'the input is not blank'),
  );
  await figure.click('pad-use');
}

const ONE = [
  [0.5, 0.2],
  [0.5, 0.85],
];
const SEVEN = [
  [0.25, 0.2],
  [0.75, 0.2],
  [0.45, 0.85],
];

const textOf = async (figure, part) => (await figure.part(part)).evaluate(({ textContent }) => textContent);
const isShown = async (figure, part) =>
  figure.evaluate(
    ({ shadowRoot }, name) => shadowRoot.querySelector(`[part=${name}]`)?.checkVisibility() ?? false,
    part,
  );

/** In the page, before its scripts: keeps copied links and saved files. The clipboard can be made to refuse. */
function keep() {
  globalThis.kept = { links: [], files: [], mayCopy: true };
  const writeText = async (text) => {
    if (!globalThis.kept.mayCopy) throw new DOMException('no', 'NotAllowedError');
    globalThis.kept.links.push(text);
  };
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
  const create = URL.createObjectURL;
  URL.createObjectURL = (file) => {
    globalThis.kept.files.push(file);
    return create(file);
  };
}

test('a drawing is sent as the first end, whichever end it was, is answered, and one press saves a GIF of both', async () => {
  const { page, figure: of } = await visit({ from: figureAddress('morph'), before: keep });
  const figure = await of('morph').ready();
  assert.equal(await isShown(figure, 'two'), false);
  await figure.click('to-draw');
  await draw(figure, ...ONE);
  await eventually(async () => assert.match(await textOf(figure, 'two-about'), /your drawing is 16 numbers/));
  assert.deepEqual(await violations(page), []);
  const [drawn] = (await figure.pictures('strip')).slice(-1);
  await figure.click('two-send');
  await eventually(async () => assert.match(await textOf(figure, 'two-status'), /^The link is copied/));
  const [link] = await page.evaluate(() => globalThis.kept.links);
  assert.ok(link.startsWith(new URL('embed.html?', address).href) && link.length < 400, link);

  await page.goto(link);
  const theirs = await of('morph').ready();
  await eventually(async () => assert.match(await textOf(theirs, 'two-about'), /^Somebody has drawn the first digit/));
  assert.deepEqual((await theirs.pictures('strip'))[0], drawn);
  await theirs.click('two-draw');
  await draw(theirs, ...SEVEN);
  await eventually(async () => assert.match(await textOf(theirs, 'two-about'), /^Two drawings/));
  const ends = await theirs.pictures('strip');
  assert.deepEqual(ends[0], drawn);
  assert.notDeepEqual(ends.at(-1), drawn);
  await theirs.click('two-save');
  await eventually(async () => assert.equal(await textOf(theirs, 'two-status'), 'two-drawings.gif'));
  const gif = await page.evaluate(async () => {
    const bytes = await globalThis.kept.files.at(-1).arrayBuffer();
    const decoder = new ImageDecoder({ data: bytes, type: 'image/gif' });
    await decoder.tracks.ready;
    const { frameCount } = decoder.tracks.selectedTrack;
    const { image } = await decoder.decode({ frameIndex: 0 });
    return { frameCount, width: image.codedWidth };
  });
  assert.deepEqual(gif, { frameCount: 64, width: 28 * 8 });
  await theirs.click('two-send');
  await eventually(async () => assert.equal((await page.evaluate(() => globalThis.kept.links)).length, 1));
  const [both] = await page.evaluate(() => globalThis.kept.links);
  const { searchParams } = new URL(both);
  assert.match(searchParams.get('z'), /^[^;]+;[^;]+$/);
  assert.equal(searchParams.has('invite'), false);
  await page.goto(both);
  const last = await of('morph').ready();
  await eventually(async () => assert.deepEqual(await last.pictures('strip'), ends));
  assert.equal(await isShown(last, 'two'), false);
});

test('a link that the browser cannot copy is shown and selected', async () => {
  const { page, figure: of } = await visit({ from: figureAddress('morph'), before: keep });
  const figure = await of('morph').ready();
  await page.evaluate(() => (globalThis.kept.mayCopy = false));
  await figure.click('from-draw');
  await draw(figure, ...SEVEN);
  await figure.click('two-send');
  await eventually(async () => assert.equal(await isShown(figure, 'two-link'), true));
  const { value, all } = await (
    await figure.part('two-link')
  ).evaluate((node) => ({
    value: node.value,
    all: node.selectionEnd - node.selectionStart,
  }));
  assert.match(value, /[?&]invite=&/);
  assert.equal(all, value.length);
});

test('without a drawing, or with codes set by the host, there is no invitation', async () => {
  const code = Array(16).fill('0.5').join();
  for (const attributes of [
    { invite: '' },
    { z: code },
    { invite: '', z: `${code};${code}` },
    { invite: '', z: `;${code}` },
  ]) {
    const { figure: of } = await visit({ from: figureAddress('morph', attributes) });
    const figure = await of('morph').ready();
    await eventually(async () => assert.equal(await isShown(figure, 'two'), false, JSON.stringify(attributes)));
  }
});
