// The figure `morph`: the pictures equal the native decoder's, and every control has its effect.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually } from './support/browser.mjs';
import { assertShows, STORED, STRIP } from './support/golden.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;

async function morph(options, attributes = options?.motion ? { autoplay: '' } : {}) {
  seen = await visit.shared('morph', attributes, options);
  return seen.figure('morph').ready();
}

/** Waits until the large picture equals a picture of the strip. */
function shows(figure, stop) {
  return eventually(async () => assert.deepEqual(await figure.picture(), (await figure.pictures('strip'))[stop]));
}

test('the large picture and the strip equal the native decoder’s, within 1/255', async () => {
  const figure = await morph();
  const strip = await figure.pictures('strip');
  assert.equal(strip.length, STRIP);
  strip.forEach((bytes, stop) => assertShows(bytes, STORED + stop));
  assertShows(await figure.picture(), STORED);
  await figure.set('t', '0.3');
  await eventually(async () => assertShows(await figure.picture(), STORED + 3));
});

test('the first picture appears and moves without a click', async () => {
  const figure = await morph({ motion: true });
  const first = await figure.picture();
  assert.ok(Math.max(...first) > 200, 'the picture is not blank');
  const { t } = await figure.state();
  await eventually(async () => {
    assert.ok(Math.abs((await figure.state()).t - t) > 0.1);
    assert.notDeepEqual(await figure.picture(), first);
  });
});

test('with reduced motion nothing moves by itself, but play still works', async () => {
  const figure = await morph({}, { autoplay: '' });
  const word = async () => (await figure.part('play')).evaluate((node) => node.textContent);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await word(), 'Play');
  assert.equal((await figure.state()).t, 0);
  await figure.click('play');
  await eventually(async () => assert.equal(await word(), 'Pause'));
  await eventually(async () => assert.ok((await figure.state()).t > 0.05));
  await figure.click('play');
  await eventually(async () => assert.equal(await word(), 'Play'));
  const { t } = await figure.state();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await figure.state()).t, t);
});

test('the slider follows the mouse, and the picture follows the slider', async () => {
  const figure = await morph();
  const { x, y, width, height } = await figure.box('t');
  const { mouse } = seen.page;
  await mouse.move(x + 0.1 * width, y + height / 2);
  await mouse.down();
  for (const share of [0.2, 0.4, 0.5]) await mouse.move(x + share * width, y + height / 2);
  await mouse.up();
  const { t } = await figure.state();
  assert.ok(Math.abs(t - 0.5) < 0.02, `at ${t}`);
  await figure.set('t', '0.5');
  await shows(figure, 5);
});

test('arrow keys move the slider by a frame, Home and End to the ends', async () => {
  const figure = await morph();
  const { keyboard } = seen.page;
  await figure.focus('t');
  await keyboard.press('End');
  await eventually(async () => assert.equal((await figure.state()).t, 1));
  await shows(figure, STRIP - 1);
  await keyboard.press('ArrowLeft');
  await eventually(async () => assert.equal((await figure.state()).t, 239 / 240));
  await keyboard.press('ArrowRight');
  await eventually(async () => assert.equal((await figure.state()).t, 1));
  await keyboard.press('Home');
  await eventually(async () => assert.equal((await figure.state()).t, 0));
  await shows(figure, 0);
});

test('touching the slider stops the animation', async () => {
  const figure = await morph({ motion: true });
  const word = async () => (await figure.part('play')).evaluate((node) => node.textContent);
  assert.equal(await word(), 'Pause');
  await eventually(async () => assert.ok((await figure.state()).t > 0.05));
  await figure.focus('t');
  await seen.page.keyboard.press('Home');
  await eventually(async () => assert.equal((await figure.state()).t, 0));
  await eventually(async () => assert.equal(await word(), 'Play'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await figure.state()).t, 0);
});

test('a click on a picture of the strip moves to it', async () => {
  const figure = await morph();
  const tile = await figure.inside('[data-index="7"]');
  await tile.click();
  await eventually(async () => assert.equal((await figure.state()).t, 0.7));
  await shows(figure, 7);
});

test('arc and line have the same ends and differ everywhere between', async () => {
  const figure = await morph();
  const arc = await figure.pictures('strip');
  await figure.click('path-lerp');
  await eventually(async () => assert.notDeepEqual((await figure.pictures('strip'))[5], arc[5]));
  const line = await figure.pictures('strip');
  const same = line.map((picture, i) => picture.every((value, pixel) => value === arc[i][pixel]));
  assert.deepEqual(same, [true, ...Array(STRIP - 2).fill(false), true]);
  await figure.click('path-slerp');
  await eventually(async () => assert.deepEqual(await figure.pictures('strip'), arc));
});

/** The first value of t after 1, observed frame by frame in the page. */
function afterTheEnd(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const element = document.querySelector('latent-lab[figure=morph]');
        let last = 0;
        const look = () => {
          const { t } = element.state;
          if (last === 1 && t !== 1) return resolve(t);
          last = t;
          requestAnimationFrame(look);
        };
        look();
      }),
  );
}

test('at the end the animation restarts or reverses, as chosen', async () => {
  const figure = await morph();
  const speed = await figure.part('speed');
  await speed.focus();
  await seen.page.keyboard.press('End');
  await eventually(async () => assert.equal((await figure.state()).speed, 3));
  await figure.click('loop-restart');
  await figure.click('play');
  assert.equal(await afterTheEnd(seen.page), 0);
  await figure.click('loop-bounce');
  const t = await afterTheEnd(seen.page);
  assert.ok(t > 0.5 && t < 1, `at ${t}`);
});

test('choosing another digit changes only its own end of the strip', async () => {
  const figure = await morph();
  const before = await figure.pictures('strip');
  for (const press of ['to-1', 'to-another']) {
    const last = (await figure.pictures('strip'))[STRIP - 1];
    await figure.click(press);
    await eventually(async () => assert.notDeepEqual((await figure.pictures('strip'))[STRIP - 1], last));
    await eventually(async () => assert.deepEqual((await figure.pictures('strip'))[0], before[0]));
  }
  await eventually(async () => assert.deepEqual((await figure.state()).to, { digit: 1, nth: 3 }));
});
