// Operates the figure that trains: small pictures, a small network, and a run's stored entries.

import assert from 'node:assert/strict';

import { eventually } from './browser.mjs';

/** An IDX file of gray pictures, all different: bars at every angle and place. */
export function idx(count, side) {
  const file = Buffer.alloc(16 + count * side * side);
  file.set([0, 0, 8, 3]);
  [count, side, side].forEach((value, i) => file.writeUInt32BE(value, 4 + 4 * i));
  for (let n = 0; n < count; n++) {
    const angle = n * 2.4;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const away = (x - side / 2) * Math.cos(angle) + (y - side / 2) * Math.sin(angle) - (n % 5) + 2;
        file[16 + (n * side + y) * side + x] = Math.max(0, Math.round(255 * (1 - Math.abs(away) / 2)));
      }
    }
  }
  return file;
}

/** Drops files on the figure, as from a folder window. */
export async function drop(figure, files) {
  const sent = files.map(({ name, bytes, type = '' }) => ({
    name,
    type,
    base64: Buffer.from(bytes).toString('base64'),
  }));
  const node = await figure.part('figure');
  await node.evaluate((element, list) => {
    const dataTransfer = new DataTransfer();
    for (const { name, type, base64 } of list) {
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      dataTransfer.items.add(new File([content], name, { type }));
    }
    element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, sent);
}

export async function text(figure, part) {
  return (await figure.part(part)).evaluate((node) => node.textContent);
}

/** Unfolds the place of a part. */
export async function unfold(figure, part) {
  await (
    await figure.part(part)
  ).evaluate((node) => {
    for (let fold = node.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  });
}

/** Types a value into a field as a reader does. */
export async function type(figure, part, value) {
  await unfold(figure, part);
  const field = await figure.part(part);
  await field.evaluate((node) => {
    node.focus();
    node.select();
  });
  await figure.page.keyboard.type(String(value));
  await figure.page.keyboard.press('Tab');
}

/** Clicks a part anywhere on the page, once it no longer moves. */
export async function press(figure, part) {
  // A summary unfolds its details.
  if (part !== 'choices') await unfold(figure, part);
  const node = await figure.part(part);
  await node.evaluate(async (element) => {
    for (let last = NaN, same = 0; same < 3;) {
      element.scrollIntoView({ block: 'center' });
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const { x, y } = element.getBoundingClientRect();
      same = x + y === last ? same + 1 : 0;
      last = x + y;
    }
  });
  await node.click();
}

/** Attributes of small networks with two latent dimensions for `bars`, as a plan, since each typed field is slow. */
export const SMALL = { plan: 'preset: quick; side: 12; layers: 4 3 2, 4 3 2, 4 3 2; batch: 16; latent: 2' };

/** Sixty-four small pictures. */
export async function bars(figure) {
  await drop(figure, [{ name: 'bars', bytes: idx(64, 12) }]);
  await eventually(async () => assert.equal(await text(figure, 'count'), '64 pictures'));
}

/** `bars`, and the networks of `SMALL` in a figure that has others. */
export async function small(figure) {
  await bars(figure);
  await type(figure, 'side', 12);
  for (const layer of [0, 1, 2]) await type(figure, `filters-${layer}`, 4);
  await type(figure, 'batch', 16);
  await type(figure, 'latent', 2);
}

/** Takes a number of single steps. */
export async function steps(figure, count) {
  const before = await stepOf(figure);
  for (let i = 1; i <= count; i++) {
    await press(figure, 'step');
    await eventually(async () => assert.equal(await stepOf(figure), before + i));
  }
}

export async function stepOf(figure) {
  const found = /^Step ([\d,]+)/.exec(await text(figure, 'status'));
  return found ? Number(found[1].replaceAll(',', '')) : 0;
}

/** Contents of the database, once it has been written at this step. */
export function storedAt(page, step) {
  return eventually(async () => {
    const all = await stored(page);
    assert.equal(all.progress?.step, step);
    return all;
  });
}

/** Contents of the database, once a paused run has been written at the shown step. */
export function storedAsShown(figure) {
  return eventually(async () => {
    const all = await stored(figure.page);
    assert.equal(all.progress?.step, await stepOf(figure));
    return all;
  });
}

/**
 * Contents of the database for a figure's run: {run, progress, history}. Typed arrays are returned as plain ones.
 * @param {import('puppeteer-core').Page} page
 * @param {string} [named] its name; without one, that of the figure that trains, which is its plan
 */
export function stored(page, named) {
  return page.evaluate(async (named) => {
    /** Steps of a critic, and the beginnings of its states. */
    const criticOf = ({ critic }) =>
      critic && {
        steps: critic.steps,
        states: critic.states?.map((state) => [...state.slice(0, 500)]),
        rest: critic.rest && [...critic.rest],
      };
    const name = named ?? document.querySelector('latent-lab[figure=train]:not([lesson])')?.getAttribute('plan') ?? '';
    const database = await new Promise((resolve, reject) => {
      const request = indexedDB.open('latent-lab', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('run');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const store = database.transaction('run').objectStore('run');
    const get = (key) =>
      new Promise((resolve) => (store.get(key).onsuccess = (event) => resolve(event.target.result ?? null)));
    const [run, progress, history] = await Promise.all(
      ['run', 'progress', 'history'].map((part) => get(name ? `${name} ${part}` : part)),
    );
    database.close();
    return {
      run: run && {
        settings: run.settings,
        pictures: run.data.pixels.length,
        name: run.data.name,
        heldOut: run.data.heldOut,
      },
      progress: progress && {
        step: progress.moment.step,
        curve: [...progress.curve],
        heldOut: [...(progress.heldOut?.curve ?? [])],
        verdicts: [...(progress.verdicts?.curve ?? [])],
        critic: criticOf(progress.moment),
        weights: progress.moment.states.map((state) => [...state.slice(0, 500)]),
      },
      history: history && history.map(({ step }) => step),
    };
  }, named);
}
