// The figure `puzzle`: the target of a day, tries on the plane, and what is kept, said and shared of them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { dayBefore, seedOf, targetOf } from '../../www/views/puzzle/day.js';
import { differenceInWords, distanceInWords, missingInk } from '../../www/views/puzzle/hints.js';
import { levelOf, natsBetween, squareOf } from '../../www/views/puzzle/nats.js';
import { contentOf, PuzzleRecord } from '../../www/views/puzzle/record.js';
import { messageOf } from '../../www/views/puzzle/result.js';
import { pitchOf } from '../../www/views/puzzle/tone.js';
import { address, eventually, Figure, figureAddress, violations } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** The first pair of the draws with the seed 20261129, on the cursor's grid. */
const TARGET = { x: -0.45, y: -0.8 };

/** Nothing is left of the tests before. */
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

/** Tries the place of the cursor, by the key. */
async function tryHere(figure) {
  const before = (await tries(figure)).length;
  await press(figure, 'Enter');
  await eventually(async () => assert.equal((await tries(figure)).length, before + 1));
}

/** Goes from the middle to the target, in the steps of the cursor. */
async function goToTarget(figure) {
  await press(figure, 'ArrowLeft', Math.round(-TARGET.x / 0.05));
  await press(figure, 'ArrowDown', Math.round(-TARGET.y / 0.05));
}

/** In the page: the date that its scripts see from now on; noon, where the reader is. */
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

/** A figure of another day, in the same storage. */
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

/** Finds the target of any day with the keys, by what the module draws for it. */
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

describe('days', () => {
  test('follow each other over months, years and leap days', () => {
    assert.equal(dayBefore('2027-01-01'), '2026-12-31');
    assert.equal(dayBefore('2028-03-01'), '2028-02-29');
    assert.equal(seedOf('2026-11-29'), 20261129);
  });

  test('have a target that keys can reach, neither at the start nor at the rim', () => {
    assert.deepEqual(targetOf([0.1, 0.2, 3, 0, 0.73, -1.01]), { x: 15 * 0.05, y: -20 * 0.05 });
    assert.deepEqual(targetOf([]), { x: 1, y: -1 });
  });
});

describe('the distance', () => {
  const gray = (...values) => Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255]));

  test('is the cross-entropy of the pixels less the entropy of the target, in nats', () => {
    const [p, q] = [51 / 255, 204 / 255];
    const cross = -(p * Math.log(q) + (1 - p) * Math.log(1 - q));
    const entropy = -(p * Math.log(p) + (1 - p) * Math.log(1 - p));
    assert.ok(Math.abs(natsBetween(gray(51, 51), gray(204, 51), 1) - (cross - entropy)) < 1e-9);
    assert.ok(Math.abs(natsBetween(gray(51), gray(204), 3) - 3 * (cross - entropy)) < 1e-9);
  });

  test('is 0 for the same picture, and finite between black and white', () => {
    assert.equal(natsBetween(gray(0, 255, 99), gray(0, 255, 99), 1), 0);
    const most = natsBetween(gray(0), gray(255), 1);
    assert.ok(most > 6 && most < 7, `${most}`);
  });

  test('has a level and a square', () => {
    assert.deepEqual([0, 3, 3.01, 10, 30, 80, 81].map(levelOf), [0, 0, 1, 1, 2, 3, 4]);
    assert.deepEqual([0, 5, 20, 70, 200].map(squareOf).join(''), '🟩🟨🟧🟥⬛');
  });

  test('is a pitch that rises toward the target', () => {
    const pitches = [500, 200, 50, 3, 0].map(pitchOf);
    assert.deepEqual([pitches[0], pitches[1], pitches[4]], [220, 220, 880]);
    pitches.slice(2).forEach((pitch, i) => assert.ok(pitch > pitches[i + 1]));
  });
});

describe('hints', () => {
  const image = { channels: 1, width: 6, height: 6 };
  const picture = (lit) =>
    Uint8ClampedArray.from({ length: 6 * 6 * 4 }, (_, at) => (at % 4 === 3 || lit.includes(at >> 2) ? 255 : 0));

  test('say where ink is missing and where there is too much', () => {
    // The top left region of two by two pixels, and one of the four at the bottom right.
    const missing = missingInk(picture([0, 1, 6, 7]), picture([35]), image);
    assert.deepEqual([...missing], [1, 0, 0, 0, 0, 0, 0, 0, -0.25]);
    assert.equal(
      differenceInWords({ x: 0, y: 0, nats: 9, missing }),
      'Ink is missing at the top left. There is too much ink at the bottom right.',
    );
    assert.equal(differenceInWords({ x: 0, y: 0, nats: 0, missing: new Float32Array(9) }), '');
  });

  test('say if a try is closer than the one before, and where', () => {
    const at = (nats, ...missing) => ({ x: 0, y: 0, nats, missing: Float32Array.of(...missing) });
    assert.equal(distanceInWords(at(12.34, 0, 0), undefined), '12 nats away.');
    assert.equal(distanceInWords(at(9.5, 0, -0.1), at(12, 0, 0.5)), '9.5 nats away, closer, most of all at the top.');
    assert.equal(distanceInWords(at(9.5, 0, 0), at(12, 0, 0)), '9.5 nats away, closer.');
    assert.equal(distanceInWords(at(12, 0, 0), at(9.5, 0, 0)), '12 nats away, farther.');
    assert.equal(distanceInWords(at(9.5, 0, 0), at(9.52, 0, 0)), '9.5 nats away, as far as before.');
  });
});

describe('the record', () => {
  test('has nothing of values that are invalid', () => {
    const empty = { days: new Map(), streak: { last: '', count: 0 } };
    for (const stored of [null, 5, 'x', [], {}, { days: 'x', streak: 'y' }, { days: [1, null], streak: null }]) {
      assert.deepEqual(contentOf(stored), empty, JSON.stringify(stored));
    }
    for (const streak of [
      { last: '2026-11-29', count: -1 },
      { last: '2026-11-29', count: 1e9 },
      { last: '2026-11-29', count: '7' },
      { last: '2026-13-29', count: 7 },
      { last: '<b>', count: 7 },
    ]) {
      assert.deepEqual(contentOf({ streak }).streak, empty.streak);
    }
  });

  test('keeps the valid tries of a day, eight at most, and seven days', () => {
    const spots = [[0, 1], [4, 0], ['1', 1], [1], null, [null, 1], [-3, 3]];
    const { days } = contentOf({ days: [['2026-11-29', spots]] });
    assert.deepEqual(days.get('2026-11-29'), [
      { x: 0, y: 1 },
      { x: -3, y: 3 },
    ]);
    assert.equal(contentOf({ days: [['2026-11-29', Array(100).fill([0, 0])]] }).days.get('2026-11-29').length, 8);
    const many = Array.from({ length: 9 }, (_, i) => [`2026-11-0${i + 1}`, []]);
    assert.deepEqual([...contentOf({ days: many }).days.keys()][0], '2026-11-03');
  });

  test('lives as long as the page where nothing can be stored', () => {
    const record = new PuzzleRecord('of this test', false);
    record.keep('2026-11-29', [{ x: 1, y: 2 }]);
    assert.deepEqual(record.triesOf('2026-11-29'), [{ x: 1, y: 2 }]);
    record.found('2026-11-29');
    record.found('2026-11-28');
    assert.equal(record.streak('2026-11-30'), 1);
    assert.equal(record.streak('2026-12-01'), 0);
  });
});

test('a message says how close each try was, and not where', () => {
  const at = (nats) => ({ x: 1.25, y: -2.5, nats, missing: new Float32Array(9) });
  assert.equal(
    messageOf([at(120), at(20), at(1)], 'November 29, 2026'),
    'Find this latent, November 29, 2026: found in 3 of 8 tries\n⬛🟧🟩',
  );
  assert.match(messageOf(Array(8).fill(at(9.6)), 'X'), /^Find this latent, X: 9\.6 nats away after 8 tries\n🟨{8}$/u);
});

test('the target of a day is found with the arrow keys and Enter, and the end shows where it was', async () => {
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
  // A further press of Enter is none.
  await press(figure, 'Enter');
  assert.deepEqual(await tries(figure), ['0.0']);
  assert.deepEqual(await violations(page), []);
});

test('each try says its place, its distance and what differs; the button that goes hands its focus on', async () => {
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

test('the sliders and the target say what their pictures resemble', async () => {
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

test('eight tries end it; they are kept over a reload, the streak is not begun', async () => {
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

test('a stored record that is damaged or strange is none', async () => {
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

test('a streak counts days in a row, and a day without a found target ends it', async () => {
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

test('a figure keeps its day past midnight, and offers the new one', async () => {
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

test('a date that the calendar lacks is that of today, with a warning', async () => {
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

test('the result is copied with squares and a link to the day, without any place', async () => {
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

test('the picture that is saved has the target beside the closest try', async () => {
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
  // The target was hit, so both are the same; on a light screen they are ink on paper.
  assert.deepEqual([size, isTwice, corner], [[464, 224], true, [255, 255, 255, 255]]);
});

test('there is no sound before the reader asks for it, and two notes for a second try then', async () => {
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

test('without the control there is no try, by the key neither', async () => {
  const { figure } = await puzzle({ day: '2026-10-05', controls: 'none' });
  await press(figure, 'ArrowUp', 3);
  await press(figure, 'Enter');
  assert.equal(await isSeen(figure, 'try'), false);
  assert.deepEqual(await tries(figure), []);
});

test('a model with more than two numbers is refused', async () => {
  const { page, figure } = await visit.shared('puzzle', { model: 'digits' });
  const puzzle = figure('puzzle');
  assert.equal(await puzzle.settled(), 'error');
  assert.match(await puzzle.failure(), /this figure needs a model with 2 latent dimensions, this one has 16/);
  assert.deepEqual(await violations(page), []);
});
