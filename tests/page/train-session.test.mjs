// The loop of a run in the worker, with fake trainers that record their calls.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { learningRateAt } from '../../www/training/learning-rate.js';
import { Network } from '../../www/training/worker/network.js';
import { Pacer } from '../../www/training/worker/pacer.js';
import { Session } from '../../www/training/worker/session.js';
import { configsOf, defaults } from '../../www/training/page/settings.js';

/** Fake trainers that record their calls in a list. */
function fakes(list) {
  let networks = 0;
  const create = async () => {
    const name = ++networks;
    return {
      setImages() {},
      setAugment() {},
      free() {},
      stepPart: async () => {
        list.push(`step ${name}`);
        return { reconstruction: 1, kl: 0, total: 1 };
      },
      state: async () => Float32Array.of(name),
      restore: async () => void list.push(`restore ${name}`),
    };
  };
  return { Trainer: { create } };
}

/** A session of two networks without previews. */
async function session(list, tell = () => {}) {
  const running = new Session(fakes(list), tell);
  const configs = configsOf({ ...defaults(), kind: 'both' }, { channels: 1, height: 8, width: 8 });
  const config = {
    configs,
    seed: 1,
    batch: 1,
    augment: { flip: false, rotate: 0, shift: 0, zoom: 0 },
    pixels: new Uint8Array(64),
    copies: 1,
  };
  await running.create({ config, settings: { beta: 1, learningRate: 0.001, pace: 1 } });
  running.watch({ isWatched: false });
  return running;
}

test('other requests run between the parts of a long step, but not between those of a short one', async (t) => {
  // A fake clock, since a short step can take any time on a busy machine.
  let clock = 0;
  t.mock.method(performance, 'now', () => clock);
  for (const [milliseconds, expected] of [
    [25, ['part', 'request', 'part', 'request', 'part']],
    [1, ['part', 'part', 'part']],
  ]) {
    const list = [];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => list.push('request');
    let parts = 0;
    const network = new Network({
      stepPart: async () => {
        list.push('part');
        port2.postMessage(null);
        clock += milliseconds;
        return ++parts < 3 ? undefined : { reconstruction: 1, kl: 0, total: 1 };
      },
    });
    const pacer = new Pacer();
    await pacer.breathe();
    assert.equal((await network.step({ batch: 1, beta: 1, learningRate: 1 }, pacer)).total, 1);
    assert.deepEqual(list, expected);
    port1.close();
  }
});

test('a network can be used between the parts of its step, but never during a call', async () => {
  let [calls, overlapping, parts] = [0, 0, 0];
  const list = [];
  const call = async (name) => {
    overlapping = Math.max(overlapping, ++calls);
    list.push(name);
    await new Promise((resolve) => setTimeout(resolve, 5));
    calls -= 1;
  };
  const network = new Network({
    stepPart: async () => {
      await call('part');
      return ++parts < 3 ? undefined : { reconstruction: 1, kl: 0, total: 1 };
    },
    model: async () => {
      await call('model');
      return { free: () => list.push('freed') };
    },
  });
  const step = network.step({ batch: 1, beta: 1, learningRate: 1 }, new Pacer());
  assert.equal(await network.with(async () => 'drawn'), 'drawn');
  await step;
  await assert.rejects(
    network.with(() => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(overlapping, 1);
  assert.deepEqual(
    list.filter((name) => name !== 'part'),
    ['model', 'freed', 'model', 'freed'],
  );
  assert.ok(list.indexOf('model') < list.lastIndexOf('part'), `${list}`);
});

test('a falling learning rate first rises for some steps, then falls to a tenth and stays there', () => {
  const at = (step, fall) => learningRateAt(step, { learningRate: 1, fall });
  assert.deepEqual([at(0, 0), at(5000, 0), at(3, undefined)], [1, 1, 1]);
  assert.ok(Math.abs(at(0, 1000) - 1 / 21) < 1e-9 && Math.abs(at(19, 1000) - 20 / 21) < 1e-9);
  assert.equal(at(20, 1000), 1);
  assert.ok(Math.abs(at(510, 1000) - 0.55) < 1e-9, 'halfway down');
  assert.deepEqual([at(1000, 1000), at(1_000_000, 1000)], [0.1, 0.1]);
  for (const fall of [1, 7, 200]) {
    const rates = Array.from({ length: 300 }, (_, step) => at(step, fall));
    assert.ok(rates.every((rate) => rate > 0 && rate <= 1));
    const top = rates.indexOf(Math.max(...rates));
    assert.ok(
      rates.slice(top).every((rate, i, all) => i === 0 || rate <= all[i - 1]),
      `${fall}`,
    );
  }
});

test('each step has the learning rate of its number, even after returning to an earlier step and after a change', async () => {
  const rates = [];
  const bindings = fakes([]);
  const create = bindings.Trainer.create;
  const stepPart = async ({ learningRate }) => {
    rates.push(learningRate);
    return { reconstruction: 1, kl: 0, total: 1 };
  };
  bindings.Trainer.create = async () => ({ ...(await create()), stepPart });
  const running = new Session(bindings, () => {});
  const configs = configsOf({ ...defaults(), kind: 'variational' }, { channels: 1, height: 8, width: 8 });
  const augment = { flip: false, rotate: 0, shift: 0, zoom: 0 };
  const config = { configs, seed: 1, batch: 1, augment, pixels: new Uint8Array(64), copies: 1 };
  const settings = { beta: 1, learningRate: 0.5, fall: 100, pace: 1 };
  await running.create({ config, settings });
  running.watch({ isWatched: false });
  const takeSome = async () => {
    rates.length = 0;
    running.run();
    while (rates.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    await running.halt();
    return [...rates];
  };
  const expected = (first, count) => Array.from({ length: count }, (_, i) => learningRateAt(first + i, settings));
  const first = await takeSome();
  assert.deepEqual(first, expected(0, first.length));
  await running.restore({ snapshot: { step: 90, states: [new Float32Array(3)] } });
  const later = await takeSome();
  assert.deepEqual(later, expected(90, later.length));
  running.set({ settings: { fall: 0 } });
  assert.ok((await takeSome()).every((rate) => rate === 0.5));
});

test('few pictures are repeated just often enough to fill a batch', async () => {
  const given = [];
  const bindings = fakes([]);
  const create = bindings.Trainer.create;
  bindings.Trainer.create = async () => ({
    ...(await create()),
    setImages: (pixels) => given.push(pixels.length / 64),
  });
  const configs = configsOf({ ...defaults(), kind: 'variational' }, { channels: 1, height: 8, width: 8 });
  const running = new Session(bindings, () => {});
  for (const [pictures, copies] of [
    [1, 10],
    [3, 100],
    [200, 100],
    [20, 1],
  ]) {
    const augment = { flip: true, rotate: 0, shift: 0, zoom: 0 };
    const config = { configs, seed: 1, batch: 64, augment, pixels: new Uint8Array(pictures * 64), copies };
    await running.create({ config, settings: { beta: 1, learningRate: 0.001, pace: 1 } });
  }
  assert.deepEqual(given, [10, 66, 200, 20]);
});

test('both networks finish a step before any other command applies to them', async () => {
  const list = [];
  const running = await session(list);
  running.run();
  for (let i = 0; i < 5; i++) {
    await running.restore({ snapshot: { step: 3, states: [new Float32Array(3), new Float32Array(3)] } });
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await running.halt();
  const text = list.join(' ').replaceAll('step 1 step 2', '').replaceAll('restore 1 restore 2', '').trim();
  assert.equal(text, '');
  const { step, states } = await running.snapshot();
  assert.ok(step >= 3);
  assert.deepEqual(
    states.map(([name]) => name),
    [1, 2],
  );
});

test('a snapshot is transferred to the page, not copied', async () => {
  const sent = [];
  const running = await session([], (event, transfer) => sent.push({ event, transfer }));
  running.run();
  const found = () => sent.find(({ event }) => event.type === 'snapshot');
  for (const end = Date.now() + 20_000; !found(); await new Promise((resolve) => setTimeout(resolve, 5))) {
    assert.ok(Date.now() < end, 'no snapshot is sent');
  }
  await running.halt();
  const { event, transfer } = found();
  assert.equal(event.detail.states.length, 2);
  assert.deepEqual(
    transfer,
    event.detail.states.map(({ buffer }) => buffer),
  );
});
