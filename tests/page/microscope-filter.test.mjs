// The figure `microscope`: a single filter, stamp by stamp.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inputs, kernels, preset } from '../../www/views/microscope/presets.js';
import {
  canvasSide,
  convolution,
  cropped,
  fineSide,
  overlaps,
  stamped,
} from '../../www/views/microscope/transposed.js';
import { eventually } from './support/browser.mjs';
import { all, shown, microscopeVisits } from './support/microscope.mjs';

const { microscope, cell, cells, choose, formula, goTo, pick, reading, steps } = microscopeVisits();

test('every setting shows the sums according to the definition, and the formula for the output size', async () => {
  await microscope();
  await pick('input-preset', 'signs');
  await pick('kernel-preset', 'count');
  const input = preset(inputs, 'signs', 4);
  for (const kernel of [3, 4, 5]) {
    for (const stride of [1, 2]) {
      for (const [padding, outputPadding] of [
        [0, 0],
        [1, stride - 1],
        [2, 0],
      ]) {
        await choose(`kernel-side-${kernel}`);
        await choose(`stride-${stride}`);
        await choose(`padding-${padding}`);
        await choose(`output-padding-${outputPadding}`);
        await goTo(16);
        const geometry = { coarse: 4, kernel, stride, padding, outputPadding };
        const weights = preset(kernels, 'count', kernel);
        await eventually(async () =>
          assert.deepEqual(await cells('canvas'), shown(geometry, input, weights, 16), JSON.stringify(geometry)),
        );
        assert.ok(
          (await formula()).endsWith(
            `Here: ( 4 \u2212 1) × ${stride} \u2212 2 × ${padding} + ${kernel} + ${outputPadding} = ${fineSide(geometry)}`,
          ),
        );
      }
    }
  }
});

test('the settings are attributes, and the reader’s changes are part of the state', async () => {
  const { seen, figure } = await microscope();
  const given = {
    way: 'overlap',
    input: 'ramp',
    weights: '1 0 -1 2 0 -2 1 0 -1',
    kernel: 3,
    stride: 1,
    padding: 0,
    outputPadding: 0,
    step: 5,
  };
  const mirrored = async () => {
    const state = await figure.state();
    return Object.fromEntries(Object.keys(given).map((name) => [name, state[name]]));
  };
  assert.deepEqual(await mirrored(), {
    way: 'transposed',
    input: 'corner',
    weights: 'blur',
    kernel: 3,
    stride: 2,
    padding: 1,
    outputPadding: 0,
    step: 7,
  });
  await seen.page.$eval(
    figure.selector,
    (element, values) => {
      for (const [name, value] of Object.entries(values)) {
        element.setAttribute(name === 'outputPadding' ? 'output-padding' : name, value);
      }
    },
    given,
  );
  await eventually(async () => assert.deepEqual(await mirrored(), given));
  await eventually(async () => assert.deepEqual(await cells('kernel'), all([1, 0, -1, 2, 0, -2, 1, 0, -1])));
  await eventually(async () => assert.deepEqual(await cells('input'), all(preset(inputs, 'ramp', 4))));
  await eventually(async () => assert.deepEqual(await steps(), [5, 16]));
  assert.ok(await (await figure.part('way-overlap')).evaluate((input) => input.checked));
  await choose('way-transposed');
  await goTo(9);
  await (await cell('input', 0)).focus();
  await seen.page.keyboard.press('7');
  await choose('kernel-side-4');
  const ramp = preset(inputs, 'ramp', 4);
  ramp[0] = 7;
  assert.deepEqual(await mirrored(), {
    ...given,
    way: 'transposed',
    input: ramp.join(' '),
    weights: 'blur',
    kernel: 4,
    step: 9,
  });
  // Invalid values fall back to values that the state has.
  await seen.page.$eval(figure.selector, (element) => {
    for (const [name, value] of Object.entries({
      input: '1 2 three',
      weights: '99',
      kernel: 7,
      stride: -1,
      padding: 'x',
      step: 1e9,
    })) {
      element.setAttribute(name, value);
    }
  });
  // The reader's choices stay until the host sets another value.
  const fallback = {
    ...given,
    way: 'transposed',
    input: 'corner',
    weights: 'blur',
    kernel: 5,
    stride: 1,
    padding: 1,
    step: 16,
  };
  await eventually(async () => assert.deepEqual(await mirrored(), fallback));
  const [complaint, ...more] = seen.complaints.splice(0);
  assert.match(complaint, /kernel="7", stride="-1", padding="x", step="1000000000"/);
  assert.deepEqual(more, []);
});

test('stamps are added and removed one by one, and stop at the ends', async () => {
  const { figure } = await microscope();
  const geometry = { coarse: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 0 };
  const [input, kernel] = [preset(inputs, 'corner', 4), preset(kernels, 'blur', 3)];
  const [start, count] = await steps();
  assert.equal(count, 16);
  await eventually(async () => assert.deepEqual(await cells('canvas'), shown(geometry, input, kernel, start)));
  await figure.click('step');
  await eventually(async () => assert.deepEqual(await cells('canvas'), shown(geometry, input, kernel, start + 1)));
  for (let i = 0; i < 3; i++) await figure.click('back');
  await eventually(async () => assert.deepEqual(await steps(), [start - 2, 16]));
  await eventually(async () => assert.deepEqual(await cells('canvas'), shown(geometry, input, kernel, start - 2)));
  await goTo(16);
  await figure.click('step');
  await eventually(async () => assert.deepEqual(await steps(), [16, 16]));
  await goTo(0);
  await figure.click('back');
  await eventually(async () => assert.deepEqual(await steps(), [0, 16]));
  await eventually(async () => assert.ok((await cells('canvas')).every((text) => text === '')));
  await eventually(async () => assert.equal(await reading(), 'Nothing has been stamped yet.'));
});

test('the stamps play to the end, pause off the screen, and play again from the start', async () => {
  const { seen, figure } = await microscope();
  await goTo(14);
  await figure.click('play');
  await eventually(async () => assert.deepEqual(await steps(), [16, 16]));
  await eventually(async () =>
    assert.equal(await (await figure.part('play')).evaluate((node) => node.textContent), 'Play'),
  );
  await figure.click('play');
  const [restarted] = await steps();
  assert.ok(restarted < 3, `${restarted}`);
  await seen.page.evaluate(() => {
    const above = document.createElement('div');
    above.style.blockSize = '5000px';
    document.body.prepend(above);
    scrollTo(0, 0);
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const [resting] = await steps();
  assert.ok(resting < 16, `${resting}`);
  // Long enough for several stamps.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.deepEqual(await steps(), [resting, 16]);
  await seen.page.$eval(figure.selector, (element) => element.scrollIntoView());
  await eventually(async () => assert.ok((await steps())[0] > resting));
});

test('the overlap counts stamps, in a checkerboard for kernel 3 and evenly for kernel 4', async () => {
  await microscope();
  await choose('way-overlap');
  await goTo(16);
  await choose('padding-0');
  const counts = async (kernel) => {
    await choose(`kernel-side-${kernel}`);
    const geometry = { coarse: 4, kernel, stride: 2, padding: 0, outputPadding: 0 };
    const got = await cells('canvas');
    assert.deepEqual(
      got,
      [...overlaps(geometry)].map((count) => (count > 0 ? String(count) : '')),
    );
    const side = canvasSide(geometry);
    return new Set(
      got.filter((_, at) => [Math.floor(at / side), at % side].every((place) => place >= 3 && place < side - 3)),
    );
  };
  assert.deepEqual([...(await counts(3))].sort(), ['1', '2', '4']);
  assert.deepEqual([...(await counts(4))], ['4']);
});

test('the convolution reads the output of the transposed convolution through the same taps', async () => {
  await microscope();
  await choose('way-convolution');
  await goTo(16);
  const geometry = { coarse: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 0 };
  const kernel = preset(kernels, 'blur', 3);
  const canvas = stamped(geometry, preset(inputs, 'corner', 4), kernel);
  await eventually(async () =>
    assert.deepEqual(await cells('result'), all(convolution(geometry, cropped(geometry, canvas), kernel))),
  );
  assert.ok((await formula()).endsWith('Here: ⌊( 7 + 2 × 1 \u2212 3 ) / 2 ⌋ + 1 = 4'));
  await (await cell('result', 5)).focus();
  await eventually(async () => assert.match(await reading(), / = 3$/));
  await goTo(3);
  await eventually(async () => assert.deepEqual((await cells('result')).slice(3), Array(13).fill('')));
});
