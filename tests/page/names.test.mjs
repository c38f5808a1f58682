// Accessible names: every control has a name, and no two controls of a page have the same name.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, FIGURES, selectorOf } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** Roles of controls. */
const CONTROLS = new Set([
  'button',
  'slider',
  'spinbutton',
  'checkbox',
  'radio',
  'combobox',
  'textbox',
  'switch',
  'DisclosureTriangle',
]);

/** Every control in the browser's accessibility tree of a page, which omits hidden and ignored nodes. */
async function controls(page) {
  const session = await page.createCDPSession();
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes
    .filter(({ ignored, role }) => !ignored && CONTROLS.has(role?.value))
    .map(({ role, name }) => ({ role: role.value, name: name?.value ?? '' }));
}

/** Names that are empty or shared by several controls. */
function doubtful(all) {
  const seen = new Map();
  for (const { role, name } of all) seen.set(name, [...(seen.get(name) ?? []), role]);
  return [...seen].filter(([name, roles]) => name.trim() === '' || roles.length > 1);
}

test('every control of every figure of the article has a unique name', async () => {
  const { page, figure } = await visit();
  for (const name of FIGURES) {
    await figure(name).ready();
  }
  // Folded parts also contain controls.
  await page.evaluate(() => {
    for (const { shadowRoot } of document.querySelectorAll('latent-lab')) {
      for (const details of shadowRoot.querySelectorAll('figure details')) details.open = true;
    }
  });
  // The line about the device is added after the picture.
  await eventually(async () => {
    const all = await controls(page);
    assert.equal(
      all.filter(({ role, name }) => role === 'DisclosureTriangle' && /^CPU/.test(name)).length,
      FIGURES.length,
    );
    assert.ok(all.length > 150, `${all.length} controls`);
    assert.deepEqual(doubtful(all), []);
    assert.equal(all.filter(({ name }) => name.startsWith('Embed ')).length, FIGURES.length);
  });
});

test('a name consists of the text at the control, its group if there are several, and the figure', async () => {
  const { page, figure } = await visit({ from: new URL('variants/many.html', address).href });
  await figure('morph').ready();
  const names = (await controls(page)).map(({ name }) => name);
  for (const name of [
    'Speed (Interpolation of digits)',
    '3 From (Interpolation of digits)',
    '3 To (Interpolation of digits)',
    'Embed (Interpolation of digits)',
    'Play (Interpolation of digits)',
  ]) {
    assert.ok(names.includes(name), `${name} among ${names.slice(0, 40).join('; ')}`);
  }
});

test('controls of dialogs and of a figure that failed have unique names too', async () => {
  const { page, figure, complaints } = await visit({ from: new URL('embed.html?figure=morph', address).href });
  const morph = await figure('morph').ready();
  for (const [open, close] of [
    ['export', 'export-close'],
    ['embed', 'embed-close'],
    ['from-draw', 'pad-cancel'],
    ['from-own', 'own-cancel'],
  ]) {
    await morph.click(open);
    await morph.part(close);
    const all = await controls(page);
    assert.ok(all.length > 3, `${open}: ${all.length}`);
    assert.deepEqual(doubtful(all), [], open);
    await morph.click(close);
  }
  await morph.set('model', 'nowhere');
  await eventually(async () => assert.equal(await morph.status(), 'error'));
  await eventually(async () =>
    assert.deepEqual(await controls(page), [{ role: 'button', name: 'Try again (Interpolation)' }]),
  );
  // The model and its stored latents are both missing, and the browser logs each after an unknown delay.
  await eventually(async () => assert.equal(complaints.filter((line) => line.includes('404')).length, 2));
  assert.equal(complaints.splice(0).length, 2);
});

test('buttons of a group of examples are named after the group', async () => {
  const { page, figure } = await visit({ from: new URL('embed.html?figure=direction', address).href });
  await figure('direction').ready();
  await eventually(async () => {
    const all = await controls(page);
    assert.equal(all.filter(({ name }) => name.startsWith('Choose')).length, 6);
    assert.deepEqual(doubtful(all), []);
  });
});

test('the text beside a slider and a number field is its label', async () => {
  const { page, figure } = await visit({ from: new URL('embed.html?figure=samples', address).href });
  await figure('samples').ready();
  for (const part of ['seed', 'temperature']) {
    const focused = await page.evaluate(
      (selector, name) => {
        const { shadowRoot } = document.querySelector(selector);
        const input = shadowRoot.querySelector(`[part=${name}]`);
        const label = input.closest('label');
        label.click();
        return [label.control === input, input.labels.length];
      },
      selectorOf('samples'),
      part,
    );
    assert.deepEqual(focused, [true, 1], part);
  }
});
