// Makes things go wrong inside the GPU's worker: scripts that run before the worker's own.

import { eventually } from './browser.mjs';

/** Keeps every device, and lets a test corrupt the module's requests to it. */
export function ambush() {
  self.spoiled = '';
  self.devices = [];
  const around = (prototype, name, change) => {
    const real = prototype[name];
    prototype[name] = function (...args) {
      return change.call(this, (...others) => real.apply(this, others.length ? others : args), ...args);
    };
  };
  around(GPUAdapter.prototype, 'requestDevice', async (real) => {
    const device = await real();
    self.devices.push(device);
    return device;
  });
  around(GPUQueue.prototype, 'submit', (real) => {
    if (self.spoiled === 'lost') for (const device of self.devices) device.destroy();
    return real();
  });
  around(GPUBuffer.prototype, 'getMappedRange', (real) => {
    const bytes = real();
    if (typeof self.spoiled === 'number') new Float32Array(bytes).fill(self.spoiled);
    return bytes;
  });
  around(GPUDevice.prototype, 'createShaderModule', (real, descriptor) =>
    self.spoiled === 'shader' ? real({ ...descriptor, code: 'no shader at all' }) : real(),
  );
}

/** The worker's script, preceded by others. */
export const armed =
  (...scripts) =>
  (answer) => ({
    ...answer,
    body: Buffer.concat([...scripts.map((script) => Buffer.from(`(${script})();\n`)), answer.body]),
  });

/** The page's worker that has the device. */
export function workerWithDevice(page) {
  return eventually(async () => {
    for (const worker of page.workers()) {
      if (await worker.evaluate(() => self.devices?.length > 0)) return worker;
    }
    throw new Error('no worker has a device');
  });
}
