// Workers that share a step add up their gradients in rounds, here with fake trainers that have only a few values.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Group, GroupEnded } from '../../www/training/worker/group.js';

/** The number of values in one worker's part of a round. */
const LENGTH = 4;

/**
 * A trainer whose gradient has `rounds` parts for each of `workers`. Its values identify the worker that computed them.
 * @param {{rank: number, workers: number, rounds: number}} task
 */
function fakeTrainer({ rank, workers, rounds }) {
  const gradient = Array.from({ length: workers }, (_, peer) =>
    Array.from({ length: rounds }, (_, round) =>
      new Float32Array(LENGTH).fill(10 ** rank * (1 + peer + workers * round)),
    ),
  );
  const made = [];
  /** An array in the given buffer if there is one, as in the module. */
  const arrayIn = (values, buffer) => {
    if (buffer) assert.ok(buffer.byteLength > 0, 'a buffer that was sent is not used again');
    else made.push(values.length);
    const array = buffer ? new Float32Array(buffer, 0, values.length) : new Float32Array(values.length);
    array.set(values);
    return array;
  };
  return {
    gradient,
    made,
    sharePart: () => true,
    shareLosses: () => Float64Array.of(rank, 0.5),
    exchangeRounds: () => rounds,
    shareSlice: (_, __, peer, round, buffer) => arrayIn(gradient[peer][round], buffer),
    addSlices: (_, __, round, slices, buffer) => {
      for (const slice of slices) gradient[rank][round] = gradient[rank][round].map((value, i) => value + slice[i]);
      return arrayIn(gradient[rank][round], buffer);
    },
    takeSum: (_, peer, round, sum) => void (gradient[peer][round] = Float32Array.from(sum)),
    finishShared: (losses) => [...losses],
  };
}

/** The groups of `workers` workers that are connected to each other. */
function connected(workers) {
  const ports = Array.from({ length: workers }, () => new Array(workers).fill(null));
  for (let a = 0; a < workers; a++) {
    for (let b = a + 1; b < workers; b++) {
      const { port1, port2 } = new MessageChannel();
      [ports[a][b], ports[b][a]] = [port1, port2];
    }
  }
  return ports.map((own, rank) => new Group(rank, own, () => {}));
}

for (const workers of [2, 3, 5]) {
  for (const rounds of [1, 2, 5]) {
    test(`${workers} workers have the full sum and all losses after ${rounds} rounds`, async (t) => {
      const groups = connected(workers);
      t.after(() => groups.forEach((group) => group.end()));
      let made = 0;
      for (let turn = 1; turn <= 6; turn++) {
        const trainers = groups.map((_, rank) => fakeTrainer({ rank, workers, rounds }));
        const before = trainers.map(({ gradient }) => gradient.map((parts) => parts.map((part) => part[0])));
        const steps = groups.map((group, rank) =>
          group.step(
            async (call) => call(trainers[rank]),
            turn,
            {},
            async () => {},
          ),
        );
        for (const losses of await Promise.all(steps)) {
          assert.deepEqual(
            losses,
            groups.flatMap((_, rank) => [rank, 0.5]),
          );
        }
        for (const { gradient } of trainers) {
          for (let peer = 0; peer < workers; peer++) {
            for (let round = 0; round < rounds; round++) {
              const expected = before.reduce((sum, each) => sum + each[peer][round], 0);
              assert.deepEqual([...gradient[peer][round]], new Array(LENGTH).fill(expected));
            }
          }
        }
        made += trainers.reduce((sum, trainer) => sum + trainer.made.length, 0);
      }
      // Buffers are reused: no more are made than can be in transit at a time, whatever the number of rounds.
      assert.ok(made <= workers * (workers - 1) * 6, `${made} buffers`);
    });
  }
}

test('a step fails when its group ends, whatever the step is waiting for', async () => {
  const groups = connected(3);
  const trainer = fakeTrainer({ rank: 0, workers: 3, rounds: 2 });
  const step = groups[0].step(
    async (call) => call(trainer),
    1,
    {},
    async () => {},
  );
  await new Promise((resolve) => setTimeout(resolve));
  for (const group of groups) group.end();
  await assert.rejects(step, GroupEnded);
});
