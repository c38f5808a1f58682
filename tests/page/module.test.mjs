// The exports of all builds of the cpu module in Chromium: their arguments and results, and that they refuse with a real Error.

/* global digits, file, lab, stored -- set in the page by the functions below that are sent there */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { address, openChromium } from './support/browser.mjs';

/** In the page: sets `lab` to the module, `digits` to the shipped model, and `refusal` to a function that returns a call's error. */
async function prepare(build) {
  globalThis.lab = await import(`/pkg/${build}/latent_lab.js`);
  await lab.default({ module_or_path: `/pkg/${build}/latent_lab_bg.wasm` });
  const bytes = async (name) => new Uint8Array(await (await fetch(`/models/${name}`)).arrayBuffer());
  globalThis.file = await bytes('digits.safetensors');
  globalThis.stored = await bytes('digits.latents.safetensors');
  globalThis.digits = await lab.Model.load(file);
  globalThis.refusal = async (call) => {
    try {
      await call();
    } catch (error) {
      return error instanceof Error && !(error instanceof WebAssembly.RuntimeError)
        ? error.message
        : `no Error: ${error}`;
    }
    return 'no refusal';
  };
}

for (const build of ['cpu', 'cpu-relaxed', 'training', 'training-relaxed']) {
  const trains = build.startsWith('training');
  describe(build, () => {
    let browser;
    let page;
    before(async () => {
      browser = await openChromium();
      page = await browser.newPage();
      await page.goto(new URL('icon.svg', address).href);
      await page.evaluate(prepare, build);
    });
    after(() => browser?.close());

    test('a model returns its config and its card', async () => {
      const { config, card, instructions } = await page.evaluate(() => ({
        config: digits.config,
        card: digits.card,
        instructions: digits.instructions,
      }));
      assert.deepEqual(config.image, { channels: 1, height: 28, width: 28 });
      assert.equal(config.latent, 16);
      assert.equal(config.kind, 'variational');
      assert.equal(card.name, 'digits');
      assert.ok(instructions.length > 0);
    });

    test('a decoded code is encoded to a code near it', async () => {
      const { cosine, logVar } = await page.evaluate(async () => {
        const code = lab.parseLatents(stored).mean.slice(0, 16);
        const { mean, logVar } = await digits.encode(await digits.decode(code));
        const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
        return { cosine: dot(code, mean) / Math.sqrt(dot(code, code) * dot(mean, mean)), logVar: logVar.length };
      });
      assert.ok(cosine > 0.8, `cosine ${cosine}`);
      assert.equal(logVar, 16);
    });

    test('pixels are unchanged after conversion to RGBA and back', async () => {
      const worst = await page.evaluate(async () => {
        const codes = lab.normalDraws(3, 0, 2 * 16);
        const pixels = await digits.decode(codes);
        const back = digits.pixelsFromRgba(new Uint8Array((await digits.decodeImages(codes)).data.buffer));
        return pixels.length === back.length
          ? pixels.reduce((most, v, i) => Math.max(most, Math.abs(v - back[i])), 0)
          : NaN;
      });
      assert.ok(worst <= 0.5 / 255 + 1e-6, `${worst} away`);
    });

    test('a picture does not depend on the others in its batch', async () => {
      const worst = await page.evaluate(async () => {
        const codes = lab.normalDraws(5, 0, 70 * 16);
        const all = await digits.decode(codes);
        let most = 0;
        for (const index of [0, 31, 69]) {
          const one = await digits.decode(codes.slice(index * 16, (index + 1) * 16));
          one.forEach((value, i) => (most = Math.max(most, Math.abs(value - all[index * 784 + i]))));
        }
        return most;
      });
      assert.ok(worst <= 1e-6, `${worst} away`);
    });

    test('the last of the decoder’s maps are the logits of the picture, for each of several codes', async () => {
      const { length, worst } = await page.evaluate(async () => {
        const codes = lab.normalDraws(4, 0, 3 * 16);
        const maps = await digits.decoderMaps(codes);
        const pixels = await digits.decode(codes);
        const each = maps.length / 3;
        const logit = (picture, at) => maps[(picture + 1) * each - 784 + at];
        const away = Array.from(pixels, (value, i) =>
          Math.abs(value - 1 / (1 + Math.exp(-logit(Math.floor(i / 784), i % 784)))),
        );
        return { length: maps.length, worst: Math.max(...away) };
      });
      assert.equal(length, 3 * (128 * 16 + 64 * 49 + 32 * 196 + 784));
      assert.ok(worst < 1e-5, `${worst} away`);
    });

    test('stored latents are 500 finite codes, each with a digit', async () => {
      const { latent, count, finite, labels, model } = await page.evaluate(() => {
        const { latent, mean, labels, model } = lab.parseLatents(stored);
        return { latent, count: mean.length, finite: mean.every(Number.isFinite), labels: [...labels], model };
      });
      assert.equal(latent, 16);
      assert.equal(count, 500 * 16);
      assert.ok(finite);
      assert.deepEqual([...new Set(labels)].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      assert.equal(model, 'digits');
    });

    test('paths start and end exactly at their ends, draws are reproducible, and the grid starts at the top', async () => {
      const found = await page.evaluate(() => {
        const [from, to] = [lab.normalDraws(1, 0, 16), lab.normalDraws(1, 1, 16)];
        const ways = ['lerp', 'slerp'].map((path) => lab.interpolate(path, from, to, 5));
        const exact = ways.every((way) =>
          from.every((value, i) => Object.is(value, way[i]) && Object.is(to[i], way[64 + i])),
        );
        return {
          exact,
          length: ways.map(({ length }) => length),
          repeats: lab.normalDraws(1, 0, 16).every((value, i) => value === from[i]),
          differs: from.some((value, i) => value !== to[i]),
          grid: [...lab.latentGrid(2, 2, 3)],
        };
      });
      assert.deepEqual(found, {
        exact: true,
        length: [80, 80],
        repeats: true,
        differs: true,
        grid: [-3, 3, 3, 3, -3, -3, 3, -3],
      });
    });

    if (trains) {
      test('a saved model can be loaded, and in f32 it decodes to the same bits', async () => {
        const { same, sizes, card } = await page.evaluate(async () => {
          const codes = lab.normalDraws(1, 0, 16);
          const before = await digits.decode(codes);
          const files = [];
          for (const precision of ['f32', 'f16', 'i8']) files.push(await digits.save(precision, { name: 'again' }));
          const loaded = [];
          for (const each of files) loaded.push(await lab.Model.load(each));
          const after = await loaded[0].decode(codes);
          return {
            same: before.every((value, i) => Object.is(value, after[i])),
            sizes: files.map((each) => each.length),
            card: loaded[2].card.name,
          };
        });
        assert.ok(same);
        assert.ok(sizes[0] > sizes[1] && sizes[1] > sizes[2], sizes.join());
        assert.equal(card, 'again');
      });

      test('training lowers the loss, and the model it returns is a copy', async () => {
        const { first, last, copied } = await page.evaluate(async () => {
          const trainer = await lab.Trainer.create(digits.config, { seed: 1, batch: 16 });
          const pixels = await digits.decode(lab.normalDraws(9, 0, 32 * 16));
          trainer.setImages(Uint8Array.from(pixels, (value) => Math.round(value * 255)));
          const code = lab.normalDraws(2, 0, 16);
          const { total: first } = await trainer.step({ batch: 16, beta: 1, learningRate: 0.001 });
          const model = await trainer.model();
          const before = await model.decode(code);
          let last = first;
          for (let i = 0; i < 12; i++) {
            ({ total: last } = await trainer.step({ batch: 16, beta: 1, learningRate: 0.001 }));
          }
          const after = await model.decode(code);
          return { first, last, copied: before.every((value, i) => Object.is(value, after[i])) };
        });
        assert.ok(last < 0.7 * first, `${first} to ${last}`);
        assert.ok(copied);
      });

      test('divergences are means over posteriors of (mean^2 + variance - 1 - log-variance) / 2, for each dimension', async () => {
        const found = await page.evaluate(() => {
          // Two posteriors of three dimensions: the prior itself; means of 1 and 3; variances of e^2 and e^-1.
          const mean = Float32Array.of(0, 1, 0, 0, 3, 0);
          const logVar = Float32Array.of(0, 0, 2, 0, 0, -1);
          return [...lab.latentDivergences(3, mean, logVar)];
        });
        const variances = (Math.E ** 2 - 1 - 2 + (Math.E ** -1 - 1 + 1)) / 4;
        assert.deepEqual(found, [0, 2.5, Math.fround(variances)]);
      });
    } else {
      test('the module contains nothing that only training runs need', async () => {
        const hasMore = await page.evaluate(
          () => ['Trainer', 'parameterCount'].some((name) => name in lab) || 'save' in lab.Model.prototype,
        );
        assert.ok(!hasMore);
      });
    }

    const refusals = {
      'a code of the wrong length': [() => digits.decode(new Float32Array(15)), /16/],
      'maps of a code of the wrong length': [() => digits.decoderMaps(new Float32Array(15)), /16/],
      'maps of a code that is not finite': [() => digits.decoderMaps(new Float32Array(16).fill(NaN)), /finite|NaN/],
      'no code': [() => digits.decode(new Float32Array(0)), /got 0/],
      'a code that is not finite': [() => digits.decode(new Float32Array(16).fill(NaN)), /finite|NaN/],
      'pixels of the wrong length': [() => digits.encode(new Float32Array(783)), /784|783/],
      'pixels that are not finite': [() => digits.encode(new Float32Array(784).fill(Infinity)), /finite|inf/],
      'RGBA of the wrong length': [() => digits.pixelsFromRgba(new Uint8Array(5)), /got 5/],
      'an empty file': [() => lab.Model.load(new Uint8Array()), /it has 0 bytes/],
      'half a file': [() => lab.Model.load(file.slice(0, file.length / 2)), /cut off/],
      'an unknown engine': [() => lab.Model.load(file, 'gpu'), /gpu/],
      'a model file as latents': [() => lab.parseLatents(file), /not a latents file/],
      'an unknown path': [() => lab.interpolate('spiral', new Float32Array(2), new Float32Array(2), 3), /spiral/],
      'ends of different lengths': [
        () => lab.interpolate('lerp', new Float32Array(2), new Float32Array(3), 3),
        /2 and 3/,
      ],
    };
    const refusalsOfTraining = {
      'posteriors without log-variances': [
        () => lab.latentDivergences(2, new Float32Array(4), new Float32Array(0)),
        /2 values each, got 4 and 0/,
      ],
      'truncated posteriors': [() => lab.latentDivergences(2, new Float32Array(3), new Float32Array(3)), /3 and 3/],
      'posteriors of zero dimensions': [
        () => lab.latentDivergences(0, new Float32Array(2), new Float32Array(2)),
        /0 values/,
      ],
      'no posteriors': [() => lab.latentDivergences(2, new Float32Array(0), new Float32Array(0)), /0 and 0/],
      'an unknown precision': [() => digits.save('f8'), /f8/],
      'a config that is not an object': [() => lab.Trainer.create(undefined, { seed: 1 }), /config/],
      'a config with a latent size of zero': [
        () => lab.Trainer.create({ ...digits.config, latent: 0 }, { seed: 1 }),
        /latent/,
      ],
      'options without a seed': [() => lab.Trainer.create(digits.config, {}), /seed/],
      'a step without pictures': [
        async () =>
          (await lab.Trainer.create(digits.config, { seed: 1 })).step({ batch: 8, beta: 1, learningRate: 0.001 }),
        /picture|image/i,
      ],
      'pictures of the wrong length': [
        async () => (await lab.Trainer.create(digits.config, { seed: 1 })).setImages(new Uint8Array(100)),
        /784|100/,
      ],
      'a learning rate that is NaN': [
        async () => {
          const trainer = await lab.Trainer.create(digits.config, { seed: 1 });
          trainer.setImages(new Uint8Array(8 * 784));
          await trainer.step({ batch: 8, beta: 1, learningRate: NaN });
        },
        /learning rate is not a finite number/,
      ],
    };
    for (const [what, [call, says]] of Object.entries({ ...refusals, ...(trains && refusalsOfTraining) })) {
      test(`refuses ${what}, and still works`, async () => {
        const message = await page.evaluate(`refusal(${call})`);
        assert.doesNotMatch(message, /^no (Error|refusal)/);
        assert.match(message, says);
        const pixels = await page.evaluate(async () => (await digits.decode(new Float32Array(16))).length);
        assert.equal(pixels, 784);
      });
    }
  });
}
