// The parts of experiments that need no page: principal components, plans, the split of pictures, and the run of several networks.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { axesOf, fitComponents, project } from '../../www/training/components.js';
import { drawApart, pairsOf, shuffled } from '../../www/training/input/apart.js';
import { createArgsOf } from '../../www/training/page/run.js';
import { configsOf } from '../../www/training/page/settings.js';
import { appraise, appraiseComponents, heldOutOf } from '../../www/training/worker/appraisal.js';
import { imagesOf } from '../../www/training/worker/group.js';
import { Pacer } from '../../www/training/worker/pacer.js';
import { Session } from '../../www/training/worker/session.js';
import { experiments } from '../../www/views/train/experiment/experiments.js';
import { Measurements } from '../../www/views/train/experiment/measurements.js';
import { readPlan, writePlan } from '../../www/views/train/experiment/plan.js';
import { split } from '../../www/views/train/experiment/split.js';
import { outcomeOfFew, outcomeOfSizes } from '../../www/views/train/experiment/words.js';

/** The result of a generator. */
function finish(search) {
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

/** Mean squared error of redrawn pictures, values 0 to 1. */
function errorOf(pixels, redrawn) {
  return redrawn.reduce((sum, value, i) => sum + (value - pixels[i] / 255) ** 2, 0) / redrawn.length;
}

/** Noise whose variance falls from pixel to pixel. */
function noise(pictures, size) {
  let state = 3;
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32 - 0.5;
  return Uint8Array.from({ length: pictures * size }, (_, at) => 128 + (200 * random()) / Math.sqrt(1 + (at % size)));
}

describe('principal components', () => {
  test('redraw pictures exactly if these vary in as many directions, and with an error if there are fewer components', () => {
    const pixels = Uint8Array.from({ length: 70 * 64 }, (_, at) => {
      const n = Math.floor(at / 64);
      return at % 2 === 0 ? 10 + (n % 10) * 20 : 100 + (n % 7);
    });
    const components = finish(fitComponents(pixels, 64, 2));
    const [one, two] = [1, 2].map((count) => errorOf(pixels, project(components, pixels, count)));
    assert.ok(one > 1e-6, String(one));
    assert.ok(two < 1e-9, String(two));
  });

  test('equal those of the full covariance matrix, and their error is the sum of its smallest eigenvalues', () => {
    const [pictures, size, count] = [200, 100, 12];
    const pixels = noise(pictures, size);
    const mean = Array.from({ length: size }, (_, i) => {
      let sum = 0;
      for (let n = 0; n < pictures; n++) sum += pixels[n * size + i];
      return sum / pictures;
    });
    const covariance = new Float64Array(size * size);
    for (let n = 0; n < pictures; n++) {
      for (let i = 0; i < size; i++) {
        for (let k = 0; k < size; k++) {
          covariance[i * size + k] +=
            ((pixels[n * size + i] - mean[i]) * (pixels[n * size + k] - mean[k])) / (pictures * 255 ** 2);
        }
      }
    }
    // `axesOf` leaves the matrix diagonal.
    axesOf(covariance, size);
    const eigenvalues = Array.from({ length: size }, (_, i) => covariance[i * size + i]).sort((a, b) => b - a);
    const exact = eigenvalues.slice(count).reduce((sum, value) => sum + value, 0) / size;
    const found = errorOf(pixels, project(finish(fitComponents(pixels, size, count)), pixels, count));
    assert.ok(Math.abs(found / exact - 1) < 1e-3, `${found} for ${exact}`);
  });

  test('are orthonormal, and at most as many as the pictures span dimensions', () => {
    const { directions } = finish(fitComponents(noise(6, 50), 50, 20));
    const rows = Array.from({ length: directions.length / 50 }, (_, k) => directions.subarray(k * 50, (k + 1) * 50));
    assert.ok(rows.length <= 6);
    for (const [i, a] of rows.entries()) {
      for (const [k, b] of rows.entries()) {
        const product = a.reduce((sum, value, at) => sum + value * b[at], 0);
        // Six pictures vary in at most five directions, so a sixth component is zero.
        const expected = i === k && i < 5 ? 1 : 0;
        assert.ok(Math.abs(product - expected) < 1e-6, `${i}, ${k}: ${product}`);
      }
    }
  });

  test('are computed with frequent pauses', () => {
    let pauses = 0;
    const search = fitComponents(noise(400, 400), 400, 8);
    while (!search.next().done) pauses += 1;
    assert.ok(pauses > 10, String(pauses));
  });

  test('of a 2 by 2 matrix are the known ones, the larger first', () => {
    const matrix = Float64Array.of(2, 1, 1, 2);
    const [first, second] = axesOf(matrix, 2);
    assert.ok(Math.abs(Math.abs(first[0] * first[1]) - 0.5) < 1e-12 && first[0] * first[1] > 0);
    assert.ok(Math.abs(Math.abs(second[0] * second[1]) - 0.5) < 1e-12 && second[0] * second[1] < 0);
    assert.deepEqual([...matrix].map((value) => Math.round(value)).sort(), [0, 0, 1, 3]);
  });
});

describe('the plan of an experiment', () => {
  test('is unchanged by reading and writing', () => {
    const text = 'sizes: 2 8 32; steps: 500; pictures: fashion; seed: 3';
    const { wrong, ...plan } = readPlan(text, 'sizes');
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      [plan.settings.sizes, plan.settings.until, plan.model, plan.settings.seed],
      [[2, 8, 32], 500, 'fashion', 3],
    );
    assert.equal(writePlan(plan), text);
    const few = readPlan('counts: 2000, 20; latent: 8', 'few-and-many');
    assert.deepEqual([few.settings.counts, few.train, few.settings.latent], [[20, 2000], 2000, 8]);
    assert.equal(writePlan(readPlan('', 'few-and-many')), '');
  });

  test('drops and reports invalid parts, and has networks of one kind', () => {
    const text = 'sizes: 0 4; counts: 5 10; steps: 1.5; pictures: dogs; nonsense; sizes: 4 4 2; kind: both';
    const { wrong, settings } = readPlan(text, 'sizes');
    assert.deepEqual(wrong, ['sizes: 0 4', 'counts: 5 10', 'steps: 1.5', 'pictures: dogs', 'nonsense']);
    assert.deepEqual([settings.sizes, settings.kind], [[2, 4], 'autoencoder']);
    assert.ok(readPlan(`sizes: ${'2 '.repeat(10_000)}`, 'sizes').settings.sizes.length <= 6);
  });
});

/** Gray pictures of 2 by 2 pixels, each with its index in all pixels. */
function numbered(count) {
  const pixels = Uint8Array.from({ length: 4 * count }, (_, at) => Math.floor(at / 4));
  return { pixels, labels: null, shape: { channels: 1, height: 2, width: 2 }, name: '', isInk: true };
}

describe('the pictures of an experiment', () => {
  test('are shuffled, and a fifth of the reader’s own are held out and not trained on', () => {
    const { data, counts, heldOut } = split(numbered(50), { counts: [Infinity], networks: 3, train: null });
    const firsts = [...data.pixels].filter((_, at) => at % 4 === 0);
    assert.deepEqual([counts, heldOut, firsts.length], [[40, 40, 40], 10, 50]);
    assert.equal(new Set(firsts).size, 50);
    assert.notDeepEqual(
      firsts,
      [...firsts].sort((a, b) => a - b),
    );
  });

  test('keep their order if the training pictures come first', () => {
    const { data, counts } = split(numbered(12), { counts: [3, 8], networks: 2, train: 8 });
    assert.deepEqual(data.pixels, numbered(12).pixels);
    assert.deepEqual(counts, [3, 8]);
  });

  test('are divided in proportion if there are too few', () => {
    const { data, counts, heldOut } = split(numbered(25), { counts: [150, 2000], networks: 2, train: null });
    assert.deepEqual([counts, heldOut, data.pixels.length / 4], [[2, 20], 5, 25]);
    assert.equal(split(numbered(9), { counts: [5], networks: 1, train: null }), null);
  });

  test('do not include any that no network sees', () => {
    const { data, counts } = split(numbered(50), { counts: [5, 10], networks: 2, train: null });
    assert.deepEqual([counts, data.pixels.length / 4], [[5, 10], 20]);
  });

  test('are decoded from distinct pairs of codes, which are of the same class if there are classes', () => {
    const members = Array.from({ length: 21 }, (_, i) => i);
    const pairs = pairsOf(members, null, 1_000);
    assert.equal(new Set(pairs.map(([a, b]) => [Math.min(a, b), Math.max(a, b)].join())).size, pairs.length);
    assert.equal(pairs.length, (21 * 20) / 2);
    const labels = Uint8Array.from(members, (i) => i % 3);
    for (const [a, b] of pairsOf(members, labels, 30)) assert.equal(labels[a], labels[b]);
  });

  test('are shuffled so that each of them occurs once', () => {
    for (const count of [1, 2, 10, 2000]) {
      const order = shuffled(Array.from({ length: count }, (_, i) => i));
      assert.equal(new Set(order).size, count);
    }
  });

  test('that are held out come from different stored codes than the training pictures', async () => {
    // Each code is its own index and a path stays between its ends, so each picture shows which codes it comes from.
    const seen = [];
    const engine = {
      load: async () => ({
        config: { image: { channels: 1, height: 2, width: 2 }, latent: 1 },
        card: { license: 'none' },
      }),
      latents: async () => ({ latent: 1, mean: Float32Array.from({ length: 50 }, (_, i) => i), labels: null }),
      async interpolate({ from, to, frames }) {
        return Float32Array.from({ length: frames }, (_, i) =>
          i === 0 ? from[0] : i === frames - 1 ? to[0] : 1000 * from[0] + to[0],
        );
      },
      async decode(_, latents) {
        seen.push(...latents);
        return new Uint8ClampedArray(latents.length * 16);
      },
    };
    const { pixels, train, license } = await drawApart(engine, { model: 'digits', train: 100, heldOut: 20, side: 28 });
    assert.deepEqual([pixels.length / 4, train, license, seen.length], [120, 100, 'none', 120]);
    const codesOf = (values) =>
      new Set(values.flatMap((value) => (value < 1000 ? [value] : [Math.floor(value / 1000), value % 1000])));
    const [own, others] = [codesOf(seen.slice(0, 100)), codesOf(seen.slice(100))];
    assert.ok(own.size > 30 && others.size > 7, `${own.size} ${others.size}`);
    for (const code of others) assert.ok(!own.has(code), String(code));
  });
});

describe('the networks of an experiment', () => {
  const shape = { channels: 1, height: 2, width: 2 };

  test('differ in their latent size, or only in the pictures that they see', () => {
    const sizes = { ...experiments.sizes().settings, counts: [8, 8, 8, 8, 8] };
    assert.deepEqual(
      configsOf(sizes, shape).map(({ latent, kind }) => `${kind} ${latent}`),
      [2, 4, 8, 16, 32].map((size) => `autoencoder ${size}`),
    );
    const few = { ...experiments['few-and-many']().settings, counts: [2, 8] };
    const [a, b] = configsOf(few, shape);
    assert.deepEqual(a, b);
    const { config, settings } = createArgsOf({ settings: few, data: numbered(10) });
    assert.deepEqual([config.counts, settings.until], [[2, 8], few.until]);
    assert.deepEqual([...imagesOf(config, 0)], [...numbered(2).pixels]);
    assert.deepEqual([...imagesOf(config, 1)], [...numbered(8).pixels]);
    assert.deepEqual(
      [...heldOutOf(config)].filter((_, at) => at % 4 === 0),
      [8, 9],
    );
  });

  /** A session with trainers that record their pictures and their steps. */
  function session(events) {
    const [given, taken] = [[], []];
    let networks = 0;
    const create = async () => {
      const name = networks++;
      return {
        setImages: (pixels) => given.push(pixels.length / 4),
        setAugment() {},
        free() {},
        stepPart: async () => {
          taken.push(name);
          return { reconstruction: 1, kl: 0, total: 1 };
        },
        state: async () => Float32Array.of(name),
        restore: async () => {},
      };
    };
    const running = new Session({ Trainer: { create }, ssim: () => 0.5 }, (event) => events.push(event));
    return { running, given, taken };
  }

  const args = (until) => {
    const few = { ...experiments['few-and-many']().settings, counts: [4, 16], batch: 4, until };
    const { config, settings } = createArgsOf({ settings: few, data: numbered(20) });
    return { config, settings, isWatched: false };
  };

  const reached = (events) => events.filter(({ type }) => type === 'reached').length;

  /** Waits until a condition holds, while the loop of the session runs. */
  async function until(holds) {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  test('see the given numbers of pictures, take steps in turn, and stop after exactly the given number of steps', async () => {
    const events = [];
    const { running, given, taken } = session(events);
    await running.create(args(3), 1);
    assert.deepEqual(given, [4, 16]);
    running.watch({ isWatched: false });
    running.run();
    await until(() => reached(events) === 1 || events.some(({ type }) => type === 'stopped'));
    assert.deepEqual(
      events.filter(({ type }) => type === 'stopped'),
      [],
    );
    assert.deepEqual(taken, [0, 1, 0, 1, 0, 1]);
    assert.equal(events.findLast(({ type }) => type === 'snapshot').detail.step, 3);
    running.set({ settings: { until: 5 } });
    running.run();
    await until(() => reached(events) === 2);
    assert.equal(taken.length, 10);
    await running.end();
  });

  test('are compared with components of the pictures that they see, unless the run has ended', async () => {
    const events = [];
    const { running } = session(events);
    await running.create(args(0), 1);
    running.components();
    running.components();
    await until(() => events.some(({ type }) => type === 'components'));
    const [{ detail, run }] = events.filter(({ type }) => type === 'components');
    assert.equal(run, 1);
    assert.equal(detail.length, 2);
    // Pictures of one gray value each lie on a line, so one component has no error.
    for (const { mse, ownMse, ssim, pictures } of detail) {
      assert.ok(ownMse < 1e-9 && mse < 1e-9, `${ownMse} ${mse}`);
      assert.deepEqual([ssim, pictures.length], [0.5, 4 * 16]);
    }
    running.components();
    await running.end();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(events.filter(({ type }) => type === 'components').length, 1);
  });

  test('are measured by decoding the posterior means of held-out pictures', async () => {
    const config = { configs: [{ image: shape, latent: 1 }], pixels: numbered(20).pixels, counts: [16] };
    const model = {
      encode: async (values) => ({ mean: values.filter((_, at) => at % 4 === 0) }),
      decode: async (latents) =>
        Float32Array.from({ length: 4 * latents.length }, (_, at) => latents[Math.floor(at / 4)] + 0.5),
    };
    const { mse, ownMse, pictures } = await appraise({ ssim: () => 1 }, model, { config, network: 0 }, new Pacer());
    assert.ok(Math.abs(mse - 0.25) < 1e-6 && Math.abs(ownMse - 0.25) < 1e-6, `${mse} ${ownMse}`);
    assert.ok(Math.abs(pictures[0] - 255 * (16 / 255 + 0.5)) < 1, String(pictures[0]));
    assert.equal(await appraiseComponents({ ssim: () => 1 }, config, new Pacer(), () => true), null);
  });
});

describe('measurements', () => {
  const appraisal = (mse) => ({ mse, ssim: 0.5, ownMse: mse, pictures: new Uint8ClampedArray() });
  const status = (phase, step, more = {}) => ({ phase, step, snapshots: [], ...more });

  /** Measurements whose requests are answered by `answer`. */
  function measurements(answer) {
    const asked = [];
    const shown = [];
    const request = async (command, args) => {
      asked.push(command);
      return answer(command, args);
    };
    const all = new Measurements(request, (measured) => shown.push(measured));
    return { all, asked, shown };
  }

  const settled = () => new Promise((resolve) => setTimeout(resolve));

  test('are done after the last step and the components are measured', async () => {
    let step = 0;
    const { all, shown } = measurements((command) =>
      command === 'appraise' ? { value: { step, networks: [appraisal(1)] } } : {},
    );
    all.follow(status('paused', 0), 5);
    await all.begin(false);
    await settled();
    step = 5;
    all.follow(status('paused', 5), 5);
    await settled();
    assert.deepEqual([shown.at(-1).step, shown.at(-1).isDone], [5, false]);
    all.follow(status('paused', 5, { components: [appraisal(2)] }), 5);
    assert.equal(shown.at(-1).isDone, true);
    assert.deepEqual(
      shown.at(-1).curve.map((each) => each.step),
      [0, 5],
    );
  });

  test('of a run from an earlier visit begin with its snapshots', async () => {
    const { all, shown } = measurements((command, args) =>
      command === 'appraise' ? { value: { step: args ? 10 * args.index : 30, networks: [appraisal(1)] } } : {},
    );
    all.follow(status('paused', 30, { snapshots: [0, 10, 20, 30] }), 30);
    await all.begin(true);
    await settled();
    assert.deepEqual(
      shown.at(-1).curve.map((each) => each.step),
      [0, 10, 20, 30],
    );
  });

  test('of a run that has ended are not shown', async () => {
    const { all, shown } = measurements(() => ({ value: { step: 0, networks: [appraisal(1)] } }));
    all.follow(status('paused', 0), 5);
    all.begin(false);
    all.end();
    await settled();
    assert.deepEqual(shown, []);
  });
});

describe('the result in words', () => {
  const all = (...errors) =>
    errors.map((mse) => ({ mse, ssim: 0, ownMse: mse / 2, pictures: new Uint8ClampedArray() }));

  test('names the networks or the components, whichever have the smaller error', () => {
    const words = (networks, components) => outcomeOfSizes([2, 4], { networks, components, step: 10 });
    assert.match(words(all(1, 1), all(2, 2)), /^After 10 steps, the networks .* at every length/);
    assert.match(words(all(2, 2), all(1, 1)), /^After 10 steps, principal components .* at every length/);
    assert.match(words(all(1, 2), all(2, 1)), /networks .* from 2 numbers, and principal components/);
  });

  test('states the errors with few and with many pictures', () => {
    assert.equal(
      outcomeOfFew([150, 2000], all(0.02, 0.01), 600),
      'After 600 steps, the error on held-out pictures is 0.0200 with 150 training pictures and 0.0100 with 2,000. On its own 150, the first network has 0.0100.',
    );
  });
});
