// The page's table of files and the folders agree.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

import {
  latentsAddress,
  modelAddress,
  moduleAddresses,
  shippedModels,
  textAddresses,
  trainingAddresses,
} from '../../www/assets.js';
import { picturesAddress, trainingPicturesAddresses } from '../../www/late-assets.js';

const www = new URL('../../www/', import.meta.url);

test('the shipped models and pictures are those in the folder', async () => {
  const files = (await readdir(new URL('models/', www))).filter((name) => !name.endsWith('.md'));
  const addresses = shippedModels.flatMap((name) => {
    const { codes, pictures } = trainingPicturesAddresses(name);
    return [modelAddress(name), latentsAddress(name), picturesAddress(name), codes, pictures];
  });
  const found = [...new Set(addresses.filter((address) => address !== null))].sort();
  assert.deepEqual(found, files.map((name) => new URL(`models/${name}`, www).href).sort());
});

test('the languages are those in the folder', async () => {
  const files = await readdir(new URL('texts/', www));
  assert.deepEqual(
    [...textAddresses.values()].map(String).sort(),
    files.map((name) => new URL(`texts/${name}`, www).href).sort(),
  );
});

test('a name of no shipped model, even one that every object inherits, is a network made on the page', () => {
  for (const name of ['mine', 'constructor']) {
    assert.equal(modelAddress(name), new URL(`models/${name}.safetensors`, www).href);
    assert.equal(latentsAddress(name), new URL(`models/${name}.latents.safetensors`, www).href);
  }
});

test('a query after the path of a model is kept after the path of its latents', (context) => {
  globalThis.document = { baseURI: 'https://host.example/page/' };
  context.after(() => delete globalThis.document);
  assert.equal(
    latentsAddress('./mine.safetensors?v=2&sig=a/b.safetensors#x'),
    'https://host.example/page/mine.latents.safetensors?v=2&sig=a/b.safetensors#x',
  );
  assert.equal(latentsAddress('../models/mine.safetensors'), 'https://host.example/models/mine.latents.safetensors');
  assert.equal(
    latentsAddress('/download?file=mine.safetensors'),
    'https://host.example/download.latents.safetensors?file=mine.safetensors',
  );
});

test('every module is at the path where the build puts it', () => {
  for (const name of ['cpu', 'cpu-relaxed', 'training', 'training-relaxed', 'media', 'webgpu']) {
    const { glue, binary } = moduleAddresses(name);
    assert.equal(glue, new URL(`pkg/${name}/latent_lab.js`, www).href);
    assert.equal(binary, new URL(`pkg/${name}/latent_lab_bg.wasm`, www).href);
  }
});

test('each module for drawing has a counterpart for training that uses the same instructions', () => {
  assert.deepEqual(trainingAddresses('cpu').module, moduleAddresses('training'));
  assert.deepEqual(trainingAddresses('cpu-relaxed').module, moduleAddresses('training-relaxed'));
  assert.equal(trainingAddresses('webgpu').module, null);
});

test('the worker gets all addresses from the page, so that it can be bundled into any file', async () => {
  const worker = await readFile(new URL('engine/worker.js', www), 'utf8');
  assert.doesNotMatch(worker, /import\.meta|^import /m);
});
