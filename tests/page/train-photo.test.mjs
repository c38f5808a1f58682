// A single picture in the figure `train`, with or without the prepared lesson: the settings change, and no text speaks of several pictures.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually } from './support/browser.mjs';
import { drop, idx, press, steps, stored, text, unfold } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

async function train(query = '') {
  seen = await visit({ from: `${address}embed.html?figure=train${query}` });
  figure = await seen.figure('train').ready();
}

async function lesson() {
  seen = await visit({ from: `${address}embed.html?figure=train&lesson=one-picture` });
  figure = await seen.figure('one-picture').ready();
  await eventually(async () => assert.equal(await text(figure, 'count'), 'One picture'));
  // The contact sheet is painted only when it is unfolded.
  await unfold(figure, 'sheet');
}

/** A wide photograph of two colors, as a file to drop. */
async function photo(name, [left, right] = ['#c02a50', '#20b070']) {
  const base64 = await seen.page.evaluate(
    async (left, right) => {
      const canvas = new OffscreenCanvas(300, 200);
      const context = canvas.getContext('2d');
      context.fillStyle = left;
      context.fillRect(0, 0, 150, 200);
      context.fillStyle = right;
      context.fillRect(150, 0, 150, 200);
      const bytes = new Uint8Array(
        await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })).arrayBuffer(),
      );
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    },
    left,
    right,
  );
  return { name, bytes: Buffer.from(base64, 'base64') };
}

const value = async (part) =>
  (await figure.part(part)).evaluate((node) =>
    node.type === 'radio' || node.type === 'checkbox' ? node.checked : node.value,
  );

/** The color of the contact sheet at a fraction of its width. */
const sheetAt = async (share) =>
  (await figure.part('sheet')).evaluate(
    (canvas, share) => [
      ...canvas
        .getContext('2d')
        .getImageData(canvas.width * share, canvas.height / 2, 1, 1)
        .data.slice(0, 3),
    ],
    share,
  );

/** The text above the sheet of augmented pictures. */
const variantsName = () => figure.evaluate((element) => element.shadowRoot.querySelector('.block .name').textContent);

test('a photograph dropped on the prepared figure replaces the drawing, in color', async () => {
  await lesson();
  await drop(figure, [await photo('holiday.jpg')]);
  await eventually(async () =>
    assert.equal(await text(figure, 'sources-status'), 'Your picture has replaced the drawing.'),
  );
  assert.equal(await text(figure, 'count'), 'One picture');
  const [red, , blue] = await sheetAt(0.25);
  assert.ok(red > 150 && blue < 120, `the left half is red: ${await sheetAt(0.25)}`);
  assert.deepEqual([await value('side'), await value('channels-3'), await value('augment')], ['32', true, true]);
  assert.equal(await variantsName(), 'The picture, changed ten times');
  await steps(figure, 1);
  assert.equal((await stored(seen.page, 'one-picture')).run.pictures, 3 * 32 * 32);
});

test('a gray photograph is trained on in gray, and a second one is added to the first', async () => {
  await lesson();
  await drop(figure, [await photo('old.jpg', ['#303030', '#c8c8c8'])]);
  await eventually(async () => assert.ok(await value('channels-1')));
  await drop(figure, [await photo('older.jpg', ['#101010', '#ffffff'])]);
  await eventually(async () => assert.equal(await text(figure, 'count'), '2 pictures'));
  await eventually(async () => assert.equal(await variantsName(), 'The first picture, changed ten times'));
});

test('a file that is not a picture leaves the drawing in place', async () => {
  await lesson();
  const before = await sheetAt(0.5);
  await drop(figure, [{ name: 'words.txt', bytes: Buffer.from('These are words.') }]);
  await eventually(async () => assert.match(await text(figure, 'sources-status'), /words\.txt/));
  assert.equal(await text(figure, 'count'), 'One picture');
  assert.deepEqual(await sheetAt(0.5), before);
});

test('the page’s own digits also replace the drawing', async () => {
  await lesson();
  await press(figure, 'use-digits');
  await eventually(async () => assert.equal(await text(figure, 'count'), '2,000 pictures'));
});

test('for a single photograph the figure offers the settings of the prepared lesson, and uses them only if accepted', async () => {
  await train();
  await drop(figure, [await photo('holiday.jpg')]);
  await eventually(async () => assert.match(await text(figure, 'proposal'), /single picture/));
  assert.deepEqual(
    [await value('channels-1'), await value('augment')],
    [true, false],
    'no setting is changed without consent',
  );
  await press(figure, 'accept');
  await eventually(async () => assert.ok(await value('channels-3')));
  assert.deepEqual(
    [await value('side'), await value('latent'), await value('augment'), await value('kind-variational')],
    ['32', '4', true, true],
  );
  await eventually(async () => {
    const [red, , blue] = await sheetAt(0.25);
    assert.ok(red > 150 && blue < 120);
  });
  assert.ok(await (await figure.part('proposal')).evaluate((node) => node.hidden));
  assert.match((await figure.state()).plan, /latent: 4.*colors: rgb/);
});

test('the offer disappears when there are more pictures, and is not made for datasets', async () => {
  await train();
  await drop(figure, [await photo('one.jpg')]);
  await eventually(async () => assert.ok(!(await (await figure.part('proposal')).evaluate((node) => node.hidden))));
  await drop(figure, [await photo('two.jpg')]);
  await eventually(async () => assert.ok(await (await figure.part('proposal')).evaluate((node) => node.hidden)));
  await press(figure, 'clear');
  await drop(figure, [{ name: 'bars', bytes: idx(4, 12) }]);
  await eventually(async () => assert.equal(await text(figure, 'count'), '4 pictures'));
  // Long enough for an offer to arrive.
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.ok(await (await figure.part('proposal')).evaluate((node) => node.hidden));
});

test('several photographs set color and augmentation, unless the reader or a link has changed the settings', async () => {
  await train();
  await drop(figure, [await photo('one.jpg'), await photo('two.jpg')]);
  await eventually(async () => assert.match(await text(figure, 'sources-status'), /^2 added\. They are used in color/));
  assert.deepEqual(
    [await value('side'), await value('channels-3'), await value('augment'), await value('augment-rotate')],
    ['32', true, true, '5'],
  );
  const [red, , blue] = await sheetAt(0.1);
  assert.ok(red > 150 && blue < 120);
  await seen.close();

  await train(`&plan=${encodeURIComponent('preset: quick; latent: 8')}`);
  await drop(figure, [await photo('one.jpg'), await photo('two.jpg')]);
  await eventually(async () => assert.equal(await text(figure, 'sources-status'), '2 added.'));
  assert.deepEqual([await value('side'), await value('channels-1'), await value('augment')], ['28', true, false]);
});

test('the host’s caption is replaced once the drawing that it describes is removed', async () => {
  await lesson();
  await figure.evaluate((element) => {
    element.innerHTML = '<p slot="caption">A drawing of a cat.</p>';
  });
  const hosts = () => figure.evaluate((element) => element.shadowRoot.querySelector('figcaption slot') !== null);
  assert.ok(await hosts());
  await drop(figure, [await photo('holiday.jpg')]);
  await eventually(async () => assert.ok(!(await hosts())));
  assert.match(await text(figure, 'caption'), /Everything happens in this tab/);
});

test('no text mentions several pictures if there is one', async () => {
  await train(
    `&plan=${encodeURIComponent('preset: plane; layers: 4 3 2, 4 3 2, 4 3 2; side: 12; augment: rotate 5; copies: 1')}`,
  );
  await drop(figure, [{ name: 'bar', bytes: idx(1, 12) }]);
  await eventually(async () => assert.match(await text(figure, 'estimate'), /an epoch of one picture about/));
  await steps(figure, 1);
  await eventually(async () =>
    assert.match(await text(figure, 'panel-variational'), /Where the picture liesThe|Where the picture lies/),
  );
  const read = () =>
    figure.evaluate((element) => {
      const root = element.shadowRoot.querySelector('figure').cloneNode(true);
      for (const other of root.querySelectorAll('figcaption, dialog, .offers, summary, .setup-form')) other.remove();
      const labels = [...root.querySelectorAll('[aria-label]')].map((node) => node.getAttribute('aria-label'));
      return [root.textContent, ...labels].join('\n');
    });
  // The labels of previews arrive with the first preview, after the step.
  await eventually(async () => assert.match(await read(), /One picture and its reconstruction/));
  const words = await read();
  assert.doesNotMatch(words, /\b1 pictures\b|first picture|[Pp]ictures, with their/);
  assert.match(words, /The picture, with its reconstruction below/);
  assert.match(words, /Contact sheet of one picture/);
});
