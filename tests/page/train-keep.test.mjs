// Files saved from a run: model files that other programs can read, and animations.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { eventually, figureAddress } from './support/browser.mjs';
import { decode, read } from './support/independent.mjs';
import { bars, press, SMALL, steps, text } from './support/training.mjs';
import { visits } from './support/visits.mjs';

/** A Python with numpy and safetensors; `cargo xtask test` creates one in target/python and sets the variable. */
const python = process.env.LATENT_LAB_PYTHON;
assert.ok(python, 'LATENT_LAB_PYTHON must name a Python with numpy and safetensors');

const visit = visits();
let seen;
let figure;

async function train() {
  seen = await visit({ from: figureAddress('train', SMALL), before: catchDownloads });
  figure = await seen.figure('train').ready();
  await bars(figure);
}

/** In the page: files that a link would save are kept here instead. */
function catchDownloads() {
  globalThis.saved = [];
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    if (!this.download) return click.call(this);
    const { href, download } = this;
    globalThis.saved.push(fetch(href).then(async (answer) => [download, await answer.arrayBuffer()]));
  };
}

/** The nth saved file: {name, bytes}. */
async function saved(nth) {
  await eventually(async () => assert.ok((await seen.page.evaluate(() => globalThis.saved.length)) > nth));
  const [name, base64] = await seen.page.evaluate(async (index) => {
    const [name, buffer] = await globalThis.saved[index];
    return [name, btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''))];
  }, nth);
  return { name, bytes: Buffer.from(base64, 'base64') };
}

test('an independent decoder reads a saved network and decodes the same picture', async () => {
  await train();
  await steps(figure, 3);
  for (const [nth, precision, tolerance] of [
    [0, 'f32', 1],
    [1, 'f16', 2],
  ]) {
    await press(figure, `precision-${precision}`);
    await press(figure, 'save');
    const { name, bytes } = await saved(nth);
    assert.equal(name, 'variational-2-step-3.safetensors');
    const model = read(bytes);
    assert.equal(model.format, 'latent-lab/1');
    assert.equal(model.card.steps, 3);
    assert.deepEqual(model.config.image, { channels: 1, height: 12, width: 12 });
    // The cursor of the plane is at the origin, and its picture is decoded from there.
    const shown = await eventually(async () => {
      const picture = await figure.picture('spot');
      assert.equal(picture.length, 144);
      return picture;
    });
    const pixels = decode(model, [0, 0]);
    const worst = pixels.reduce((most, value, i) => Math.max(most, Math.abs(value * 255 - shown[i])), 0);
    assert.ok(worst <= tolerance, `${precision}: ${worst} of 255 away`);
  }
});

test('the Python package safetensors opens a saved network, and the oracle decodes the same picture', async () => {
  await train();
  await steps(figure, 3);
  await press(figure, 'save');
  const { bytes } = await saved(0);
  const folder = await mkdtemp(join(tmpdir(), 'latent-lab-'));
  try {
    const file = join(folder, 'saved.safetensors');
    await writeFile(file, bytes);
    const script = new URL('support/decode.py', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(python, [script, file, '[[0, 0]]']);
    const [pixels] = JSON.parse(stdout);
    const shown = await eventually(async () => {
      const picture = await figure.picture('spot');
      assert.equal(picture.length, pixels.length);
      return picture;
    });
    const worst = pixels.reduce((most, value, i) => Math.max(most, Math.abs(value * 255 - shown[i])), 0);
    // The canvas rounds to bytes.
    assert.ok(worst <= 1, `${worst} of 255 away`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the network of an earlier step can be saved', async () => {
  await train();
  await steps(figure, 2);
  await figure.focus('time');
  await seen.page.keyboard.press('Home');
  await press(figure, 'which-1');
  await press(figure, 'save');
  const { name, bytes } = await saved(0);
  assert.equal(name, 'autoencoder-2-step-0.safetensors');
  assert.equal(read(bytes).tensors['encoder.log_var.weight'], undefined);
});

test('a history of training can be saved as a GIF, an APNG, a strip and a WebM video', async () => {
  await train();
  await steps(figure, 3);
  // The last snapshot may arrive after the status text. There is one of the start too, and the end of the slider is the present.
  await eventually(async () => assert.equal(await (await figure.part('time')).evaluate((input) => input.max), '4'));
  await press(figure, 'export');
  const expected = { gif: /^GIF89a/, apng: /^.PNG[^]*acTL/, strip: /^.PNG/, webm: /^.E\xdf\xa3/s };
  for (const [nth, [format, start]] of Object.entries(expected).entries()) {
    await figure.click(`format-${format}`);
    await figure.click('export-make');
    const { name, bytes } = await saved(nth);
    assert.equal(name, `training.${{ gif: 'gif', apng: 'png', strip: 'png', webm: 'webm' }[format]}`);
    assert.match(bytes.toString('latin1'), start);
    await eventually(async () => assert.match(await text(figure, 'export-text'), /kB\.$/));
    if (format === 'gif') {
      // For each of two networks, rows of eight pictures of 12 pixels with gaps; four rows; enlarged four times. Four snapshots.
      assert.deepEqual([bytes.readUInt16LE(6), bytes.readUInt16LE(8)], [4 * (2 * 103 + 8), 4 * 51]);
      assert.equal(bytes.toString('latin1').split('\x21\xf9\x04').length - 1, 4);
    }
  }
});

test('a morph is saved as a GIF with the requested number of frames', async () => {
  seen = await visit({ from: figureAddress('morph'), before: catchDownloads });
  figure = await seen.figure('morph').ready();
  await press(figure, 'export');
  await eventually(async () =>
    assert.ok(await (await figure.inside('dialog.export')).evaluate((dialog) => dialog.open)),
  );
  await (await figure.part('export-frames')).click({ count: 3 });
  await seen.page.keyboard.type('7');
  await figure.click('export-make');
  const { name, bytes } = await saved(0);
  assert.equal(name, 'morph.gif');
  assert.deepEqual([bytes.readUInt16LE(6), bytes.readUInt16LE(8)], [112, 112]);
  assert.equal(bytes.toString('latin1').split('\x21\xf9\x04').length - 1, 7);
});
