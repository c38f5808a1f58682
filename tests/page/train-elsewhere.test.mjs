// Networks trained on the page, used in the other figures.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { add, address, ARTICLE, eventually, figureAddress, KINDS } from './support/browser.mjs';
import { frames, isFocused, phase, trainVisits } from './support/train-figure.mjs';
import { rgbaOf } from './support/own.mjs';
import { idx, press, SMALL, small, steps, stored, text } from './support/training.mjs';

const { train, trainSmall } = trainVisits();

test('trained networks can be used in the other figures, and all stored data can be deleted', async () => {
  // With no held-out pictures, there is a code for every picture, in the original order.
  const { seen, figure } = await trainSmall({ from: figureAddress('train', { plan: `${SMALL.plan}; held: 0` }) });
  await add(seen.page, ARTICLE.morph, ARTICLE.samples, ARTICLE.map, ARTICLE.microscope, ARTICLE.direction);
  await steps(figure, 1);
  await press(figure, 'use');
  await eventually(async () =>
    assert.match(
      await text(figure, 'keep-status'),
      /now in: the path between two pictures, the random codes, the plane/,
    ),
  );
  for (const name of ['morph', 'samples', 'map']) {
    const other = await seen.figure(name).ready();
    assert.match((await other.state()).model, /^trained-here-/);
  }
  const morph = await seen.figure('morph').ready();
  const picture = await morph.picture();
  assert.equal(picture.length, 144, 'pictures of 12 by 12 pixels');
  // The pictures have no labels, so they are numbered from 1 to 64.
  assert.match(await text(morph, 'from'), /^From picture \d+ of 64.*The next one/);
  assert.equal((await morph.pictures('strip')).length, 11);
  const drawn = (pattern) =>
    eventually(async () =>
      assert.match(await (await morph.part('strip')).evaluate((node) => node.getAttribute('aria-label')), pattern),
    );
  await drawn(/from picture \d+ to picture \d+$/);
  const slide = async (end, to) => {
    await (
      await morph.part(`${end}-picture`)
    ).evaluate((input, value) => {
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, to);
    await eventually(async () => assert.match(await text(morph, end), new RegExp(`picture ${to} of 64`)));
    await drawn(new RegExp(`from picture ${to} to`));
  };
  await slide('from', 5);
  await frames(seen.page);
  const [first] = await morph.pictures('strip');
  await slide('from', 23);
  await eventually(async () => assert.notDeepEqual((await morph.pictures('strip'))[0], first));
  await slide('from', 4);
  await morph.click('from-another');
  await eventually(async () => assert.deepEqual((await morph.pictures('strip'))[0], first));
  await eventually(async () => assert.deepEqual((await morph.state()).from, { digit: 0, nth: 4 }));
  // The fifth picture, beside its reconstruction.
  const gray = (rgba) => rgba.filter((_, i) => i % 4 === 0);
  const fifth = [...idx(64, 12).subarray(16 + 4 * 144, 16 + 5 * 144)];
  await eventually(async () => {
    const [original, redrawn] = await rgbaOf(morph, '.end[part=from] .pair');
    assert.deepEqual(gray(original), fifth);
    assert.deepEqual(gray(redrawn), first);
  });
  const map = await seen.figure('map').ready();
  await eventually(async () => assert.match(await text(map, 'figure'), /Closest pictures: \d+, .*Your pictures/));
  await eventually(async () => assert.doesNotMatch(await text(map, 'figure'), /digit/));
  await eventually(async () =>
    assert.equal(
      await (await map.part('figure')).evaluate((node) => node.querySelectorAll('.legend input').length),
      1,
      'one group',
    ),
  );
  const microscope = await seen.figure('microscope').ready();
  await eventually(async () => assert.match(await text(microscope, 'from'), /^Picture 1Picture 2.*Picture 64$/));
  await (await microscope.part('from')).select('40');
  await eventually(async () => assert.deepEqual((await microscope.state()).from, { digit: 0, nth: 40 }));
  const chosen = [...idx(64, 12).subarray(16 + 40 * 144, 16 + 41 * 144)];
  await eventually(async () => assert.deepEqual(gray((await rgbaOf(microscope, '[data-end=from] .pair'))[0]), chosen));
  await press(figure, 'forget');
  await eventually(async () => assert.match(await text(figure, 'forget'), /Really/));
  await press(figure, 'forget');
  await eventually(async () => assert.equal(await phase(figure), 'Start'));
  await eventually(async () => assert.deepEqual(await stored(seen.page), { run: null, progress: null, history: null }));
});

test('texts describe the reader’s network, and the page’s own networks can be restored', async () => {
  const { seen, figure } = await train({ from: address });
  await small(figure);
  await steps(figure, 1);
  await press(figure, 'use');
  await eventually(async () => assert.match(await text(figure, 'keep-status'), /is now in/));
  // The puzzle keeps its network, since it is the same for everyone.
  assert.equal((await (await seen.figure('puzzle').ready()).state()).model, 'map');
  const words = async (other) => (await other.inside('figcaption')).evaluate((node) => node.innerText);
  for (const name of KINDS.filter((kind) => !['puzzle', 'train'].includes(kind))) {
    const other = await seen.figure(name).ready();
    await eventually(async () => assert.match((await other.state()).model, /^trained-here-/));
    const before = await words(other);
    await eventually(async () =>
      assert.equal(
        await (await other.inside('figcaption')).evaluate((node) => node.querySelector('slot')),
        null,
        `${name}: ${before}`,
      ),
    );
    await eventually(async () => assert.match(await text(other, 'ownership'), /Your network draws here/));
    // The run has measured the KL of its latent dimensions.
    if (name === 'traversal') assert.match(before, /in the order of KL/);
    await press(other, 'give-back');
    await eventually(async () => assert.doesNotMatch((await other.state()).model, /^trained-here-/));
    const again = await seen.figure(name).ready();
    await eventually(async () =>
      assert.ok(await (await again.inside('figcaption')).evaluate((node) => node.querySelector('slot') !== null)),
    );
    if (name === 'samples') assert.equal((await again.state()).compare, 'digits-plain');
    await isFocused(seen.page, 'figure');
  }
});
