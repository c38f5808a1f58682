// In each browser, the reader's own picture becomes an end: dropped, placed and used. See also own-picture, own-dialog and own-figures.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, figureAddress } from './support/browser.mjs';
import { browsers } from './support/browsers.mjs';
import { wide } from './support/pictures.mjs';

/** In the page: drops a file on the figure. Returns true if the figure accepts it. */
async function drop(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], 'wide.png', { type: 'image/png' }));
  const node = document.querySelector('latent-lab').shadowRoot.querySelector('[part=figure]');
  const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
  node.dispatchEvent(event);
  return event.defaultPrevented;
}

/** In the page: RGBA of the canvas of each existing part. */
async function pictures(parts) {
  const { shadowRoot } = document.querySelector('latent-lab');
  return parts.map((part) => {
    const node = shadowRoot.querySelector(`[part=${part}]`);
    const canvas = node?.matches('canvas') ? node : node?.querySelector('canvas');
    if (!canvas?.checkVisibility()) return null;
    return [
      ...canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height).data,
    ];
  });
}

async function press(part) {
  document.querySelector('latent-lab').shadowRoot.querySelector(`[part=${part}]`).click();
  return true;
}

/** In the page: turns the wheel over the square. */
async function zoomIn() {
  const square = document.querySelector('latent-lab').shadowRoot.querySelector('[part=own-square]');
  const { left, top } = square.getBoundingClientRect();
  const event = new WheelEvent('wheel', { deltaY: -700, clientX: left + 2, clientY: top + 2, cancelable: true });
  square.dispatchEvent(event);
  return event.defaultPrevented;
}

const isRed = ([red, green, blue]) => red > 150 && green < 100 && blue < 100;

for (const [name, open] of Object.entries(browsers)) {
  test(`${name}: a dropped picture is placed, zoomed and used`, async () => {
    const browser = await open();
    try {
      await browser.open(figureAddress('emoji'));
      await eventually(async () =>
        assert.equal(await browser.run(async () => document.querySelector('latent-lab').status), 'ready'),
      );
      // The code that takes dropped files is loaded when the page is idle.
      await eventually(async () => assert.equal(await browser.run(drop, wide().toString('base64')), true));
      const [seen] = await eventually(async () => {
        const found = await browser.run(pictures, ['own-seen', 'own-redrawn']);
        assert.ok(found[0] && new Set(found[1]).size > 2, 'the redrawing is not blank');
        return found;
      });
      assert.ok(isRed(seen.slice(4 * (8 * 32 + 8))), 'the upper left quarter is red');
      assert.ok(!isRed(seen.slice(4 * (24 * 32 + 24))));
      assert.equal(await browser.run(zoomIn), true);
      await eventually(async () => {
        const [zoomed] = await browser.run(pictures, ['own-seen']);
        assert.ok(isRed(zoomed.slice(4 * (24 * 32 + 24))), 'all of it is red');
      });
      const [, before] = await browser.run(pictures, ['own-seen', 'strip']);
      assert.ok(before, 'the strip is visible');
      assert.ok(await browser.run(press, 'own-use'));
      await eventually(async () => {
        const [after] = await browser.run(pictures, ['strip']);
        assert.ok(after);
        assert.notDeepEqual(after, before);
      });
    } finally {
      await browser.close();
    }
  });
}
