// The figure `puzzle`: the target of a day, tries on the plane, and how they are stored, announced and shared.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { seedOf, targetOf } from '../../www/views/puzzle/day.js';
import { address, eventually, Figure, figureAddress, violations } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** The first two draws of seed 20261129, on the cursor's grid. */
const TARGET = { x: -0.45, y: -0.8 };

/** A new figure, with nothing stored by earlier tests. */
async function puzzle(attributes = {}, options = {}) {
  const seen = await visit.shared('puzzle', attributes, options);
  await seen.page.evaluate(() => {
    localStorage.clear();
    const old = document.querySelector('latent-lab');
    old.replaceWith(old.cloneNode(true));
  });
  return { ...seen, figure: await seen.figure('puzzle').ready() };
}

const text = async (figure, part) => (await figure.part(part)).evaluate((node) => node.textContent);

const tries = (figure) =>
  figure.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll('.tries [data-level] [aria-hidden]')].map((node) => node.textContent),
  );

const isSeen = async (figure, part) =>
  (await figure.part(part)).evaluate((node) => node.checkVisibility({ visibilityProperty: true }));

/** Presses a key several times while the cursor has the focus. */
async function press(figure, key, count = 1) {
  await figure.inside('.plot input').then((input) => input.focus());
  for (let i = 0; i < count; i++) await figure.page.keyboard.press(key);
}

/** Tries the code at the cursor, with Enter. */
async function tryHere(figure) {
  const before = (await tries(figure)).length;
  await press(figure, 'Enter');
  await eventually(async () => assert.equal((await tries(figure)).length, before + 1));
}

/** Moves the cursor from the origin to the target. */
async function goToTarget(figure) {
  await press(figure, 'ArrowLeft', Math.round(-TARGET.x / 0.05));
  await press(figure, 'ArrowDown', Math.round(-TARGET.y / 0.05));
}

/** In the page: sets the clock of its scripts to noon of a day in the reader's time zone. */
function setDay(day) {
  const Real = (globalThis.RealDate ??= Date);
  const now = new Real(`${day}T12:00`).getTime();
  globalThis.Date = class extends Real {
    constructor(...values) {
      super(...(values.length > 0 ? values : [now]));
    }
    static now() {
      return now;
    }
  };
}

/** A figure on another day, with the same storage. */
async function onDay(seen, day) {
  await seen.page.evaluate(setDay, day);
  await seen.page.evaluate(() => {
    const old = document.querySelector('latent-lab');
    const figure = document.createElement('latent-lab');
    figure.setAttribute('figure', 'puzzle');
    old.replaceWith(figure);
  });
  return seen.figure('puzzle').ready();
}

/** Finds the target of any day with the keys, computed from the module's draws. */
async function find(seen, figure, day) {
  const { x, y } = targetOf(
    await seen.page.evaluate(async (seed) => {
      const { pickBuild } = await import('/engine/support.js');
      const { default: init, normalDraws } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
      await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
      return [...normalDraws(seed, 0, 64)];
    }, seedOf(day)),
  );
  await press(figure, x < 0 ? 'ArrowLeft' : 'ArrowRight', Math.round(Math.abs(x) / 0.05));
  await press(figure, y < 0 ? 'ArrowDown' : 'ArrowUp', Math.round(Math.abs(y) / 0.05));
  await tryHere(figure);
}

test('the target of a day is found with the arrow keys and Enter, and is then shown on the plane', async () => {
  const { page, figure } = await puzzle();
  assert.equal(await isSeen(figure, 'backdrop'), false);
  assert.equal(await isSeen(figure, 'share'), false);
  assert.match(await text(figure, 'said'), /^Drag on the plane, or use the arrow keys; Enter tries/);
  assert.deepEqual(await violations(page), []);
  await goToTarget(figure);
  const [expected] = await figure.evaluate(
    async (element, code) => (await element.decode(code)).map(({ data }) => [...data].filter((_, i) => i % 4 === 0)),
    [TARGET.x, TARGET.y],
  );
  assert.deepEqual(await figure.picture('target'), expected);
  await eventually(async () => assert.deepEqual(await figure.picture('picture'), expected));
  await tryHere(figure);
  assert.deepEqual(await tries(figure), ['0.0']);
  assert.equal(await text(figure, 'said'), 'Found on the first try, 0.0 nats away.');
  const ring = await (
    await figure.inside('.board .target')
  ).evaluate((node) => [
    node.checkVisibility(),
    ...['cx', 'cy'].map((name) => Number(node.getAttribute(name)).toFixed(2)),
  ]);
  assert.deepEqual(ring, [true, '-0.45', '0.80']);
  assert.equal(await isSeen(figure, 'try'), false);
  await eventually(async () => assert.ok(await isSeen(figure, 'backdrop')));
  // Pressing Enter again is not another try.
  await press(figure, 'Enter');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual(await tries(figure), ['0.0']);
  assert.deepEqual(await violations(page), []);
});

test('each try is announced with its position, distance and difference, and the focus moves on from the removed button', async () => {
  const { page, figure } = await puzzle({ day: '2026-11-29' });
  await tryHere(figure);
  const said = () => text(figure, 'said');
  assert.match(await said(), /^Try 1 of 8, at \(0\.00, 0\.00\): \d+ nats away\. Ink is missing/);
  await press(figure, 'ArrowDown', 8);
  await tryHere(figure);
  assert.match(await said(), /^Try 2 of 8, at \(0\.00, −0\.40\): \d+ nats away, closer, most of all .*\./);
  await press(figure, 'ArrowUp', 8);
  await tryHere(figure);
  assert.match(await said(), /^Try 3 of 8, .* nats away, farther\./);
  const first = await tries(figure);
  assert.equal(first[0], first[2]);
  assert.deepEqual(await violations(page), []);
  await goToTarget(figure);
  await figure.focus('try');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.match(await said(), /^Found in 4 tries/));
  const focused = await figure.evaluate((element) => element.shadowRoot.activeElement?.getAttribute('part'));
  assert.equal(focused, 'share');
});

test('the slider, the target and the picture have descriptions of what they resemble', async () => {
  const { figure } = await puzzle();
  await press(figure, 'ArrowRight', 2);
  const said = await (await figure.inside('.plot input')).evaluate((node) => node.getAttribute('aria-valuetext'));
  assert.match(said, /^0\.10; .*\d/);
  const labels = await Promise.all(
    ['target', 'picture'].map(async (part) =>
      (await figure.part(part)).evaluate((node) => node.getAttribute('aria-label')),
    ),
  );
  assert.match(labels[0], /^Target: .*\d/);
  assert.match(labels[1], /^Yours: .*\d/);
});

test('a mouse moves the cursor only while its button is down', async () => {
  const { page, figure } = await puzzle();
  const { x, y, width, height } = await figure.box('plot');
  const label = async () => (await figure.inside('.plot input')).evaluate((node) => node.value);
  const at = (right, down) => [x + right * width, y + down * height];
  await page.mouse.move(...at(0.9, 0.5));
  assert.equal(await label(), '0');
  await page.mouse.move(...at(0.5, 0.5));
  await page.mouse.down();
  await page.mouse.move(...at(0.75, 0.5));
  await page.mouse.up();
  await eventually(async () => assert.ok(Math.abs(Number(await label()) - 1.5) < 0.06, await label()));
  const there = await label();
  await page.mouse.move(...at(0.2, 0.2));
  assert.equal(await label(), there);
});

test('eight tries end the puzzle without a streak, and are kept after a reload', async () => {
  const seen = await visit({ from: figureAddress('puzzle', { day: '2026-10-01' }) });
  const figure = await seen.figure('puzzle').ready();
  for (let i = 0; i < 8; i++) {
    await press(figure, 'ArrowUp');
    await tryHere(figure);
  }
  const whole = await text(figure, 'said');
  assert.match(whole, /^Try 8 of 8.* Not found; the closest was \d+ nats away\. The ring shows where it was\.$/);
  assert.equal(await isSeen(figure, 'try'), false);
  const before = await tries(figure);
  await seen.page.reload();
  const again = await seen.figure('puzzle').ready();
  assert.deepEqual(await tries(again), before);
  assert.equal(await text(again, 'said'), whole);
  assert.doesNotMatch(await text(again, 'date'), /Streak/);
});

test('a damaged or invalid stored record is ignored', async () => {
  const { page } = await puzzle({ day: '2026-10-02' });
  for (const stored of ['{', '[]', '"x"', '{"days":[["2026-10-02",[[1e999,0],["a",0]]]],"streak":{"last":7}}']) {
    await page.evaluate((value) => {
      localStorage.setItem('latent-lab puzzle map', value);
      const old = document.querySelector('latent-lab');
      old.replaceWith(old.cloneNode(true));
    }, stored);
    const figure = await new Figure(page, 'puzzle').ready();
    assert.deepEqual(await tries(figure), [], stored);
    await tryHere(figure);
  }
});

test('a streak counts consecutive days, and a day without a found target ends it', async () => {
  const seen = await visit({ from: new URL('embed.html?figure=puzzle', address).href });
  const streakAfter = async (day) => {
    const figure = await onDay(seen, day);
    await find(seen, figure, day);
    await eventually(async () => assert.match(await text(figure, 'said'), /^Found/));
    return text(figure, 'date');
  };
  assert.equal(await streakAfter('2026-12-30'), 'Puzzle of December 30, 2026 · Streak: 1 day');
  assert.equal(await streakAfter('2026-12-31'), 'Puzzle of December 31, 2026 · Streak: 2 days');
  assert.equal(await streakAfter('2027-01-01'), 'Puzzle of January 1, 2027 · Streak: 3 days');
  assert.equal(await text(await onDay(seen, '2027-01-02'), 'date'), 'Puzzle of January 2, 2027 · Streak: 3 days');
  assert.equal(await text(await onDay(seen, '2027-01-03'), 'date'), 'Puzzle of January 3, 2027');
  assert.equal(await streakAfter('2027-01-03'), 'Puzzle of January 3, 2027 · Streak: 1 day');
});

test('a figure keeps its day after midnight, and offers the new one', async () => {
  const seen = await visit({ from: new URL('embed.html?figure=puzzle', address).href });
  const figure = await onDay(seen, '2026-11-29');
  const target = await figure.picture('target');
  assert.equal(await isSeen(figure, 'today'), false);
  await seen.page.evaluate(setDay, '2026-11-30');
  await seen.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await eventually(async () => assert.ok(await isSeen(figure, 'today')));
  assert.match(await text(figure, 'date'), /November 29/);
  assert.deepEqual(await figure.picture('target'), target);
  await figure.click('today');
  await eventually(async () => assert.match(await text(figure, 'date'), /November 30/));
  assert.notDeepEqual(await figure.picture('target'), target);
  assert.equal(await isSeen(figure, 'today'), false);
});

test('an invalid date is replaced by today, with a warning', async () => {
  const { page } = await puzzle({ day: '2026-10-03' });
  const warned = await page.evaluate(async () => {
    const { readState } = await import('/state/state.js');
    return ['2026-02-31', 'yesterday', '2026-1-1', '+02026-01-01', '2028-02-29'].map((given) => {
      const problems = [];
      const { day } = readState({ getAttribute: (name) => (name === 'day' ? given : null) }, (each) =>
        problems.push(each),
      );
      return [day, problems.length];
    });
  });
  assert.deepEqual(warned, [
    ['', 1],
    ['', 1],
    ['', 1],
    ['', 1],
    ['2028-02-29', 0],
  ]);
});

test('the copied result has squares and a link to the day, but no positions', async () => {
  const { page, figure } = await puzzle({ day: '2026-11-29' });
  await page.evaluate(() => {
    globalThis.copied = '';
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: async (text) => (globalThis.copied = text) },
    });
  });
  await tryHere(figure);
  await goToTarget(figure);
  await tryHere(figure);
  await figure.click('share');
  await eventually(async () => assert.match(await text(figure, 'result-status'), /^The result is copied/));
  const [first, squares, link, ...more] = (await page.evaluate(() => globalThis.copied)).split('\n');
  assert.equal(first, 'Find this latent, November 29, 2026: found in 2 of 8 tries');
  assert.equal(squares, '⬛🟩');
  assert.deepEqual(more, []);
  const { searchParams } = new URL(link);
  assert.deepEqual([...searchParams.keys()].sort(), ['day', 'figure', 'hash']);
  assert.equal(searchParams.get('day'), '2026-11-29');
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('no'));
  });
  await figure.click('share');
  await eventually(async () => assert.match(await text(figure, 'result-status'), /is selected/));
  const shown = await (await figure.part('result-text')).evaluate((node) => node.value);
  assert.equal(shown, [first, squares, link].join('\n'));
  assert.deepEqual(await violations(page), []);
});

test('the saved picture shows the target beside the closest try', async () => {
  const { page, figure } = await puzzle({ day: '2026-11-29' });
  await page.evaluate(() => {
    const create = URL.createObjectURL;
    URL.createObjectURL = (file) => {
      if (file.type === 'image/png') globalThis.saved = file;
      return create.call(URL, file);
    };
  });
  await goToTarget(figure);
  await tryHere(figure);
  await figure.click('save-picture');
  await eventually(async () => assert.equal(await text(figure, 'result-status'), 'find-this-latent-2026-11-29.png'));
  const { size, isTwice, corner } = await page.evaluate(async () => {
    const image = await createImageBitmap(globalThis.saved);
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const [left, right] = [0, 240].map((x) => [...context.getImageData(x, 0, 224, 224).data]);
    return {
      size: [image.width, image.height],
      isTwice: left.every((value, i) => value === right[i]),
      corner: left.slice(0, 4),
    };
  });
  // The target was found, so both are the same. On a light screen they are ink on paper.
  assert.deepEqual([size, isTwice, corner], [[464, 224], true, [255, 255, 255, 255]]);
});

test('there is no sound until the reader turns it on, and then two notes for the second try', async () => {
  const { page, figure } = await puzzle({ day: '2026-10-04' });
  await page.evaluate(() => {
    globalThis.notes = [];
    globalThis.contexts = 0;
    const Real = AudioContext;
    globalThis.AudioContext = class extends Real {
      constructor() {
        super();
        globalThis.contexts += 1;
      }
    };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...args) {
      globalThis.notes.push(this.frequency.value);
      return start.apply(this, args);
    };
  });
  const heard = () => page.evaluate(() => [globalThis.contexts, globalThis.notes.length]);
  await tryHere(figure);
  assert.deepEqual(await heard(), [0, 0]);
  await figure.click('sound');
  await press(figure, 'ArrowUp', 5);
  await tryHere(figure);
  assert.deepEqual(await heard(), [1, 2]);
  await figure.click('sound');
  await press(figure, 'ArrowUp', 5);
  await tryHere(figure);
  assert.deepEqual(await heard(), [1, 2]);
});

test('without the control no tries are possible, not even with the key', async () => {
  const { figure } = await puzzle({ day: '2026-10-05', controls: 'none' });
  await press(figure, 'ArrowUp', 3);
  await press(figure, 'Enter');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await isSeen(figure, 'try'), false);
  assert.deepEqual(await tries(figure), []);
});

test('a model with more than two latent dimensions is refused', async () => {
  const { page, figure } = await visit.shared('puzzle', { model: 'digits' });
  const puzzle = figure('puzzle');
  assert.equal(await puzzle.settled(), 'error');
  assert.match(await puzzle.failure(), /this figure needs a model with 2 latent dimensions, but this one has 16/);
  assert.deepEqual(await violations(page), []);
});
