// Parts of the figure `puzzle` that need no browser: days, distances, hints, the stored record, and messages.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { dayBefore, seedOf, targetOf } from '../../www/views/puzzle/day.js';
import { differenceInWords, distanceInWords, missingInk } from '../../www/views/puzzle/hints.js';
import { levelOf, natsBetween, squareOf } from '../../www/views/puzzle/nats.js';
import { contentOf, PuzzleRecord } from '../../www/views/puzzle/record.js';
import { messageOf } from '../../www/views/puzzle/result.js';
import { pitchOf } from '../../www/views/puzzle/tone.js';

describe('days', () => {
  test('are consecutive over months, years and leap days', () => {
    assert.equal(dayBefore('2027-01-01'), '2026-12-31');
    assert.equal(dayBefore('2028-03-01'), '2028-02-29');
    assert.equal(seedOf('2026-11-29'), 20261129);
  });

  test('have a target that keys can reach, neither at the origin nor at the edge', () => {
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

  test('is shown as a level and a colored square', () => {
    assert.deepEqual([0, 3, 3.01, 10, 30, 80, 81].map(levelOf), [0, 0, 1, 1, 2, 3, 4]);
    assert.deepEqual([0, 5, 20, 70, 200].map(squareOf).join(''), '🟩🟨🟧🟥⬛');
  });

  test('is played as a pitch that rises toward the target', () => {
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
    // Missing ink in the whole top left region of two by two pixels, and excess ink in one pixel at the bottom right.
    const missing = missingInk(picture([0, 1, 6, 7]), picture([35]), image);
    assert.deepEqual([...missing], [1, 0, 0, 0, 0, 0, 0, 0, -0.25]);
    assert.equal(
      differenceInWords({ x: 0, y: 0, nats: 9, missing }),
      'Ink is missing at the top left. There is too much ink at the bottom right.',
    );
    assert.equal(differenceInWords({ x: 0, y: 0, nats: 0, missing: new Float32Array(9) }), '');
  });

  test('say whether a try is closer than the one before, and where', () => {
    const at = (nats, ...missing) => ({ x: 0, y: 0, nats, missing: Float32Array.of(...missing) });
    assert.equal(distanceInWords(at(12.34, 0, 0), undefined), '12 nats away.');
    assert.equal(distanceInWords(at(9.5, 0, -0.1), at(12, 0, 0.5)), '9.5 nats away, closer, most of all at the top.');
    assert.equal(distanceInWords(at(9.5, 0, 0), at(12, 0, 0)), '9.5 nats away, closer.');
    assert.equal(distanceInWords(at(12, 0, 0), at(9.5, 0, 0)), '12 nats away, farther.');
    assert.equal(distanceInWords(at(9.5, 0, 0), at(9.52, 0, 0)), '9.5 nats away, as far as before.');
  });
});

describe('the record', () => {
  test('ignores invalid values', () => {
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

  test('keeps at most eight valid tries of a day, and seven days', () => {
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

  test('lasts as long as the page if nothing can be stored', () => {
    const record = new PuzzleRecord('of this test', false);
    record.keep('2026-11-29', [{ x: 1, y: 2 }]);
    assert.deepEqual(record.triesOf('2026-11-29'), [{ x: 1, y: 2 }]);
    record.found('2026-11-29');
    record.found('2026-11-28');
    assert.equal(record.streak('2026-11-30'), 1);
    assert.equal(record.streak('2026-12-01'), 0);
  });
});

test('a message says how close each try was, but not where', () => {
  const at = (nats) => ({ x: 1.25, y: -2.5, nats, missing: new Float32Array(9) });
  assert.equal(
    messageOf([at(120), at(20), at(1)], 'November 29, 2026'),
    'Find this latent, November 29, 2026: found in 3 of 8 tries\n⬛🟧🟩',
  );
  assert.match(messageOf(Array(8).fill(at(9.6)), 'X'), /^Find this latent, X: 9\.6 nats away after 8 tries\n🟨{8}$/u);
});
