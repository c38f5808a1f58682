// The operations that the benches count, compared with counts by hand and with the prototype's report for the same network.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { linksOfAxis, operations } from '../../benches/operations.mjs';

const layer = (filters, kernel = 3, stride = 2) => ({ filters, kernel, stride });
const digits = {
  image: { channels: 1, height: 28, width: 28 },
  layers: [layer(32), layer(64), layer(128)],
  latent: 16,
  kind: 'variational',
};

test('taps in the padding are not counted', () => {
  // Stride 2 on 4 values: the windows begin at -1 and 1.
  assert.equal(linksOfAxis(4, layer(1)), 2 + 3);
  // Stride 2 on 7 values: the first and the last window lose one tap each.
  assert.equal(linksOfAxis(7, layer(1)), 4 * 3 - 2);
  // Stride 1 and kernel 5 on 8 values: at each side one window loses two taps and another one tap.
  assert.equal(linksOfAxis(8, layer(1, 5, 1)), 8 * 5 - 2 * (2 + 1));
});

test('the preset `digits` needs 3.45, 3.52 and 20.8 million operations per picture', () => {
  const convolutions = 2 * (41 ** 2 * 1 * 32 + 20 ** 2 * 32 * 64 + 10 ** 2 * 64 * 128);
  const linear = 2 * 2048 * 16;
  const { decode, encode, train } = operations(digits);
  assert.equal(decode, convolutions + linear);
  assert.equal(encode, convolutions + 2 * linear);
  assert.equal(train, 3 * (decode + encode) - 2 * 41 ** 2 * 32);
  assert.deepEqual(
    [decode, encode, train].map((count) => (count / 1e6).toPrecision(3)),
    ['3.45', '3.52', '20.8'],
  );
});

test('the encoder of a plain autoencoder has one head', () => {
  const [variational, plain] = ['variational', 'autoencoder'].map((kind) => operations({ ...digits, kind }));
  assert.equal(variational.encode - plain.encode, 2 * 2048 * 16);
  assert.equal(variational.decode, plain.decode);
});
