/**
 * Decides which requests the GPU gets: those of figures that may use it, once it is open and has passed its self-test, and with
 * `engine="auto"` only batches for which it is faster. The route is added after the first picture, which the CPU has drawn.
 */

import { pageEngine } from '../engine.js';
import { savesData } from '../../state/reader.js';
import { pageGpu } from './gpu.js';
import { forgetSelfTest, hasPassed, isFaster, runSelfTest } from './self-test.js';

/** Work on a model that the module `webgpu` can do. */
const ACTIONS = ['decode', 'encode', 'values'];

/** True if `auto` may fetch the module; null before the adapter was probed. @type {Promise<boolean> | null} */
let isWorthwhile = null;

/**
 * Opens the GPU if the figure's choice allows it, and tests it on a model.
 * @param {'auto' | 'webgpu' | 'cpu'} choice
 * @param {string | null} model its address; null for a training run, which is compared by its own first steps instead
 */
export async function prepare(choice, model) {
  if (choice === 'cpu') return;
  if (choice === 'auto') {
    isWorthwhile ??= probe();
    if (!(await isWorthwhile)) return;
  }
  await (model === null ? pageGpu.open() : runSelfTest(model));
}

async function probe() {
  const isUsable = await pageGpu.probe();
  pageGpu.changed();
  return isUsable && !pageGpu.isSoftware && !savesData();
}

pageEngine.router.add({
  takes({ action, args, model, options: { device = 'cpu', onlyGpu } }) {
    if (model === undefined || !ACTIONS.includes(action)) return false;
    if (onlyGpu) return true;
    if (device === 'cpu') return false;
    if (!hasPassed(model)) {
      // Not awaited: the self-test waits in the same queue as this request.
      prepare(device, model);
      return false;
    }
    return (
      device === 'webgpu' ||
      (action === 'decode' && isFaster(model, /** @type {{latents: Float32Array}} */ (args).latents))
    );
  },
  run: (work) => pageGpu.run(work),
  forget(model) {
    pageGpu.forget(model);
    forgetSelfTest(model);
  },
});
