// The microscope's convolution and transposed convolution, compared with direct definitions and with the engine's feature maps.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { inputs, kernels, preset } from '../../www/views/microscope/presets.js';
import { layersOf, mapsOf } from '../../www/views/microscope/layers.js';
import {
  canvasSide,
  coarseSide,
  convolution,
  cropped,
  fineAt,
  fineSide,
  links,
  mirrored,
  overlaps,
  stamp,
  stamped,
  transposedConvolution,
} from '../../www/views/microscope/transposed.js';

/** Every setting that the figure can have, and more input sizes. */
function* geometries() {
  for (const coarse of [1, 2, 4, 5]) {
    for (const kernel of [3, 4, 5]) {
      for (const stride of [1, 2]) {
        for (const padding of [0, 1, 2]) {
          for (let outputPadding = 0; outputPadding < stride; outputPadding++) {
            const geometry = { coarse, kernel, stride, padding, outputPadding };
            if (fineSide(geometry) > 0) yield geometry;
          }
        }
      }
    }
  }
}

/** Pseudorandom values that are exact in binary. */
const values = (count, seed) => Array.from({ length: count }, (_, i) => (((i + seed) * 2654435761) % 64) / 4 - 8);

/**
 * Dumoulin and Visin's other definition, without stamps: zeros are inserted between the input's values, kernel - padding - 1 zeros around
 * them, and the output padding at the end. Then follows an ordinary convolution of stride 1 with the kernel rotated by 180°.
 */
function byInsertedZeros({ coarse, kernel, stride, padding, outputPadding }, input, weights) {
  const border = kernel - 1 - padding;
  const side = (coarse - 1) * stride + 1 + 2 * border + outputPadding;
  const spread = (row, column) => {
    const [y, x] = [(row - border) / stride, (column - border) / stride];
    return [y, x].every((at) => Number.isInteger(at) && at >= 0 && at < coarse) ? input[y * coarse + x] : 0;
  };
  const fine = side - kernel + 1;
  return Array.from({ length: fine * fine }, (_, at) => {
    let sum = 0;
    for (let tap = 0; tap < kernel * kernel; tap++) {
      const row = Math.floor(at / fine) + Math.floor(tap / kernel);
      sum += spread(row, (at % fine) + (tap % kernel)) * weights[kernel * kernel - 1 - tap];
    }
    return sum;
  });
}

/** The sum under the kernel at each of its positions, on a picture surrounded by zeros. */
function byWindows({ kernel, stride, padding }, picture, side, weights) {
  const at = (row, column) =>
    row >= 0 && row < side && column >= 0 && column < side ? picture[row * side + column] : 0;
  const out = [];
  for (let y = -padding; y + kernel <= side + padding; y += stride) {
    for (let x = -padding; x + kernel <= side + padding; x += stride) {
      out.push(
        weights.reduce((sum, weight, tap) => sum + weight * at(y + Math.floor(tap / kernel), x + (tap % kernel)), 0),
      );
    }
  }
  return out;
}

test('stamping equals, bit for bit, the convolution of an input with zeros between its values', () => {
  let count = 0;
  for (const geometry of geometries()) {
    const [input, kernel] = [values(geometry.coarse ** 2, 1), values(geometry.kernel ** 2, 7)];
    const got = [...transposedConvolution(geometry, input, kernel)];
    assert.equal(got.length, fineSide(geometry) ** 2);
    assert.deepEqual(got, byInsertedZeros(geometry, input, kernel), JSON.stringify(geometry));
    count += 1;
  }
  assert.ok(count > 80, `${count} settings`);
});

test('the same links in the other direction are the convolution, which restores the original size', () => {
  for (const geometry of geometries()) {
    const side = fineSide(geometry);
    const [picture, kernel] = [values(side * side, 3), values(geometry.kernel ** 2, 5)];
    assert.equal(coarseSide(geometry, side), geometry.coarse, JSON.stringify(geometry));
    assert.deepEqual([...convolution(geometry, picture, kernel)], byWindows(geometry, picture, side, kernel));
    // By the definition of a transpose, both inner products are equal.
    const input = values(geometry.coarse ** 2, 9);
    const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    const there = dot([...transposedConvolution(geometry, input, kernel)], picture);
    assert.equal(there, dot([...convolution(geometry, picture, kernel)], input));
  }
});

test('links match the engine’s taps: its examples, its order, its sizes', () => {
  // The first two are the examples in src/cpu/taps.rs.
  const small = mirrored(3, 2, 4);
  assert.deepEqual(small, { coarse: 2, kernel: 3, stride: 2, padding: 1, outputPadding: 1 });
  const of = (coarse) =>
    links(small)
      .filter((link) => link.coarse === coarse)
      .map((link) => link.fine);
  assert.deepEqual(of(0), [0, 1, 4, 5]);
  assert.deepEqual(of(3), [5, 6, 7, 9, 10, 11, 13, 14, 15]);
  const sorted = [...links(small)].sort((a, b) => a.coarse - b.coarse || a.tap - b.tap);
  assert.deepEqual(links(small), sorted);
  // The layers of the preset `digits`, from the last to the first.
  assert.deepEqual(
    [28, 14, 7].map((fine) => mirrored(3, 2, fine)),
    [
      { coarse: 14, kernel: 3, stride: 2, padding: 1, outputPadding: 1 },
      { coarse: 7, kernel: 3, stride: 2, padding: 1, outputPadding: 1 },
      { coarse: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 0 },
    ],
  );
  for (const kernel of [3, 5]) {
    for (const stride of [1, 2]) {
      for (let fine = 8; fine <= 128; fine++) {
        const geometry = mirrored(kernel, stride, fine);
        assert.equal(fineSide(geometry), fine);
        assert.ok(geometry.outputPadding >= 0 && geometry.outputPadding < stride);
      }
    }
  }
});

test('each stamp adds to the sums, and the canvas is the output surrounded by the padding', () => {
  const geometry = { coarse: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 1 };
  const [input, kernel] = [values(16, 2), values(9, 4)];
  assert.equal(canvasSide(geometry), 10);
  let before = stamped(geometry, input, kernel, 0);
  assert.ok(before.every((value) => value === 0));
  for (let step = 1; step <= 16; step++) {
    const now = stamped(geometry, input, kernel, step);
    const changed = new Set(stamp(geometry, step - 1));
    now.forEach((value, at) => {
      const tap = stamp(geometry, step - 1).indexOf(at);
      assert.equal(value - before[at], changed.has(at) ? input[step - 1] * kernel[tap] : 0);
    });
    before = now;
  }
  assert.deepEqual(cropped(geometry, before), transposedConvolution(geometry, input, kernel));
  assert.deepEqual(
    [fineAt(geometry, 0), fineAt(geometry, 11), fineAt(geometry, 88), fineAt(geometry, 99)],
    [-1, 0, 63, -1],
  );
});

test('away from the edges, stamps overlap evenly if the stride divides the kernel, and in a checkerboard otherwise', () => {
  const inside = (kernel, stride) => {
    const geometry = { coarse: 12, kernel, stride, padding: 2, outputPadding: 0 };
    const [counts, side] = [overlaps(geometry), canvasSide(geometry)];
    const middle = [...counts].filter((_, at) =>
      [Math.floor(at / side), at % side].every((place) => place >= 4 && place < side - 4),
    );
    return [...new Set(middle)].sort((a, b) => a - b);
  };
  assert.deepEqual(inside(3, 2), [1, 2, 4]);
  assert.deepEqual(inside(5, 2), [4, 6, 9]);
  assert.deepEqual(inside(4, 2), [4]);
  assert.deepEqual(inside(3, 1), [9]);
});

test('with weights halved at the rim, a constant input has a constant output at stride 2 for every kernel', () => {
  for (const side of [3, 4, 5]) {
    const geometry = { coarse: 8, kernel: side, stride: 2, padding: 2, outputPadding: 0 };
    const out = transposedConvolution(geometry, preset(inputs, 'ones', 8), preset(kernels, 'blur', side));
    const fine = fineSide(geometry);
    const middle = [...out].filter((_, at) =>
      [Math.floor(at / fine), at % fine].every((place) => place >= 2 && place < fine - 2),
    );
    assert.equal(new Set(middle).size, 1, `kernel ${side}: ${[...new Set(middle)]}`);
  }
});

test('every preset has a value for each cell that is exact in binary', () => {
  for (const [presets, sides] of [
    [inputs, [4]],
    [kernels, [3, 4, 5]],
  ]) {
    for (const side of sides) {
      for (const [name] of presets) {
        const made = preset(presets, name, side);
        assert.equal(made.length, side * side);
        assert.ok(
          made.every((value) => Number.isInteger(value * 4)),
          name,
        );
      }
    }
  }
});

/** The engine's leaky ReLU. */
const leaky = (value) => (value < 0 ? 0.2 * value : value);

/** The tensors of a model file in f32. */
function tensorsOf(file) {
  const view = new DataView(file.buffer, file.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  return (name) => {
    const [start, end] = header[name].data_offsets;
    return new Float32Array(file.slice(8 + length + start, 8 + length + end).buffer);
  };
}

/** Rounding error of f32 sums over at most 128 maps with four products each, of values up to about 100. */
const ROUNDING = 1e-3;

test('the engine’s feature maps equal stamps of the maps one layer before', async () => {
  const root = new URL('../../', import.meta.url);
  const lab = await import(new URL('pkg/training/latent_lab.js', root).href);
  await lab.default({ module_or_path: await readFile(new URL('pkg/training/latent_lab_bg.wasm', root)) });
  const model = await lab.Model.load(new Uint8Array(await readFile(new URL('www/models/digits.safetensors', root))));
  const { config } = model;
  const latent = lab.normalDraws(5, 0, config.latent);
  const maps = mapsOf(config, await model.decoderMaps(latent));
  assert.deepEqual(
    maps.map(({ channels, height, width, values }) => [channels, height, width, values.length]),
    [
      [128, 4, 4, 2048],
      [64, 7, 7, 3136],
      [32, 14, 14, 6272],
      [1, 28, 28, 784],
    ],
  );
  assert.equal(layersOf(config).length, maps.length);
  const tensor = tensorsOf(await model.save('f32'));
  for (const layer of [1, 2, 3]) {
    const [from, to] = [maps[layer - 1], maps[layer]];
    const { kernel, stride } = config.layers[config.layers.length - layer];
    const geometry = mirrored(kernel, stride, to.height);
    assert.equal(geometry.coarse, from.height);
    const weights = tensor(`decoder.deconv.${layer - 1}.weight`);
    const bias = tensor(`decoder.deconv.${layer - 1}.bias`);
    for (const output of new Set([0, to.channels - 1])) {
      const sums = new Float64Array(to.height * to.width).fill(bias[output]);
      for (let input = 0; input < from.channels; input++) {
        const map = from.values.subarray(input * from.height ** 2, (input + 1) * from.height ** 2);
        const filter = weights.subarray(
          (input * to.channels + output) * kernel ** 2,
          (input * to.channels + output + 1) * kernel ** 2,
        );
        transposedConvolution(geometry, map, filter).forEach((value, at) => (sums[at] += value));
      }
      const expected = layer < 3 ? sums.map(leaky) : sums;
      const got = to.values.subarray(output * to.height ** 2, (output + 1) * to.height ** 2);
      got.forEach((value, at) =>
        assert.ok(
          Math.abs(value - expected[at]) <= ROUNDING,
          `layer ${layer}, map ${output}, ${at}: ${value}, ${expected[at]}`,
        ),
      );
    }
  }
  const pixels = await model.decode(latent);
  pixels.forEach((value, at) => assert.ok(Math.abs(value - 1 / (1 + Math.exp(-maps[3].values[at]))) <= 1e-6));
});
