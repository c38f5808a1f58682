// Pressing a button for a dialog twice opens one modal dialog and logs nothing to the console.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, KINDS } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
const embed = (parameters) => new URL(`embed.html?${parameters}`, address).href;

/** In the page: the part of each open dialog, and whether it is modal. */
function open() {
  return [...document.querySelectorAll('latent-lab')].flatMap(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll('dialog[open]')].map(
      (dialog) => `${dialog.getAttribute('part')} ${dialog.matches(':modal') ? 'modal' : 'loose'}`,
    ),
  );
}

const rest = () => new Promise((resolve) => setTimeout(resolve, 300));

for (const [name, button, dialog, close] of [
  ['morph', 'from-draw', 'pad-dialog', 'pad-cancel'],
  ['morph', 'from-own', 'own-dialog', 'own-cancel'],
  ['microscope', 'to-own', 'own-dialog', 'own-cancel'],
  ['traversal', 'from-own', 'own-dialog', 'own-cancel'],
  ['posterior', 'from-draw', 'pad-dialog', 'pad-cancel'],
  ['direction', 'own', 'own-dialog', 'own-cancel'],
  ['paths', 'to-draw', 'pad-dialog', 'pad-cancel'],
  ['paths', 'from-own', 'own-dialog', 'own-cancel'],
  ['paths', 'export', 'export-dialog', 'export-close'],
  ['direction', 'export', 'export-dialog', 'export-close'],
  ['morph', 'export', 'export-dialog', 'export-close'],
  ['traversal', 'export', 'export-dialog', 'export-close'],
  ...KINDS.map((kind) => [kind, 'embed', 'embed-dialog', 'embed-close']),
  ['train', 'draw', 'draw-dialog', 'draw-done'],
  ['train', 'camera', 'camera-dialog', 'camera-done'],
]) {
  test(`${name}: a double press of ${button} opens one dialog, before and after its code has arrived`, async () => {
    const { page, figure } = await visit.shared(name);
    const seen = await figure(name).ready();
    for (let time = 0; time < 2; time++) {
      await (
        await seen.part(button)
      ).evaluate((node) => {
        node.click();
        node.click();
        setTimeout(() => node.click(), 30);
      });
      await eventually(async () => assert.deepEqual(await page.evaluate(open), [`${dialog} modal`]));
      await page.evaluate(rest);
      assert.deepEqual(await page.evaluate(open), [`${dialog} modal`]);
      // If there were several dialogs, this would close the first and leave the others open.
      await (await seen.inside(`[part=${dialog}] [part=${close}]`)).evaluate((node) => node.click());
      await page.evaluate(rest);
      assert.deepEqual(await page.evaluate(open), []);
    }
  });
}

test('two different buttons pressed at the same time open one dialog', async () => {
  const { page, figure } = await visit.shared('morph');
  const morph = await figure('morph').ready();
  await morph.evaluate((element) => {
    for (const part of ['from-own', 'from-draw', 'to-draw', 'export', 'embed']) {
      element.shadowRoot.querySelector(`[part=${part}]`).click();
    }
  });
  await eventually(async () => assert.equal((await page.evaluate(open)).length, 1));
  await page.evaluate(rest);
  assert.equal((await page.evaluate(open)).length, 1);
});

for (const part of ['from-draw', 'from-own', 'export', 'embed']) {
  test(`a figure that was changed or removed before the code for ${part} arrived opens no dialog`, async () => {
    // A page of its own, since the code arrives only once.
    const { page, figure } = await visit({ from: embed('figure=morph') });
    const morph = await figure('morph').ready();
    await morph.part(part);
    await morph.evaluate((element, name) => {
      element.shadowRoot.querySelector(`[part=${name}]`).click();
      element.setAttribute('model', 'map');
    }, part);
    await morph.ready();
    await page.waitForNetworkIdle();
    await page.evaluate(rest);
    assert.deepEqual(await page.evaluate(open), []);

    const seen = await visit({ from: embed('figure=morph') });
    const other = await seen.figure('morph').ready();
    await other.part(part);
    await other.evaluate((element, name) => {
      element.shadowRoot.querySelector(`[part=${name}]`).click();
      globalThis.removed = element;
      element.remove();
    }, part);
    await seen.page.waitForNetworkIdle();
    await seen.page.evaluate(rest);
    await seen.page.evaluate(() => document.querySelector('main').append(globalThis.removed));
    await other.ready();
    assert.deepEqual(await seen.page.evaluate(open), []);
  });
}

test('the camera is requested once and turned off when the dialog closes', async () => {
  const { page, figure } = await visit({
    from: embed('figure=train'),
    before: () => {
      globalThis.streams = [];
      const getUserMedia = async () => {
        const stream = document.createElement('canvas').captureStream();
        globalThis.streams.push(stream);
        return stream;
      };
      Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia }, configurable: true });
    },
  });
  const train = await figure('train').ready();
  await (
    await train.part('camera')
  ).evaluate((node) => {
    node.click();
    node.click();
  });
  await eventually(async () => assert.equal(await page.evaluate(() => globalThis.streams.length), 1));
  await page.evaluate(rest);
  await (await train.part('camera-done')).evaluate((node) => node.click());
  const live = () =>
    page.evaluate(() => globalThis.streams.map((stream) => stream.getTracks().map(({ readyState }) => readyState)));
  await eventually(async () => assert.deepEqual(await live(), [['ended']]));
});
