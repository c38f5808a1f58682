// Figures in scaled pages, such as slides: their layout does not change, and a pointer reaches the element under it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, figureAddress, KINDS } from './support/browser.mjs';
import { frames } from './support/train-figure.mjs';
import { small, steps } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** Styles with which pages scale their content. */
const scales = { 'transform: scale(1.6)': 1.6, 'transform: scale(0.5)': 0.5, 'zoom: 1.6': 1.6 };

const SCREEN = { width: 1400, height: 1000 };

/** The page in which the tests replace one figure by the next with `scaled`. */
let page;
const shared = async () => (page ??= await visit.shared('map', {}, SCREEN));

/** Replaces the figure by a new one in a container that is 500 pixels wide before it is scaled. */
async function scaled(seen, name, style) {
  await seen.page.evaluate(
    (name, style) => {
      const main = document.querySelector('main');
      main.style.cssText = `inline-size: 500px; transform-origin: 0 0; ${style}`;
      const figure = document.createElement('latent-lab');
      figure.setAttribute('figure', name);
      main.querySelector('latent-lab').replaceWith(figure);
      scrollTo(0, 0);
    },
    name,
    style,
  );
  const figure = await seen.figure(name).ready();
  await frames(seen.page);
  return figure;
}

/** Sizes that the figure has set, and whether a canvas extends beyond its figure. */
const layout = (figure) =>
  figure.evaluate((element) => {
    const set = [...element.shadowRoot.querySelectorAll('figure [style]')];
    const sizes = set.flatMap(({ style }) => [
      style.inlineSize,
      style.minBlockSize,
      style.getPropertyValue('--side'),
      style.getPropertyValue('--columns'),
    ]);
    const outer = element.getBoundingClientRect();
    const beyond = [...element.shadowRoot.querySelectorAll('figure canvas')].filter(
      (canvas) => canvas.getBoundingClientRect().right > outer.right + 1,
    );
    return {
      sizes: sizes.filter(Boolean),
      beyond: beyond.length,
      widths: [...element.shadowRoot.querySelectorAll('figure canvas')].map(({ width }) => width),
    };
  });

// A run that has not started has no pictures.
for (const name of KINDS.filter((kind) => kind !== 'train')) {
  test(`${name}: scaling does not change the sizes, and no picture is cut off`, async () => {
    const seen = await shared();
    const plain = await layout(await scaled(seen, name, ''));
    // The sizes of `paths` come from its style sheet alone.
    if (name !== 'paths') assert.ok(plain.sizes.length > 0);
    assert.equal(plain.beyond, 0);
    for (const style of Object.keys(scales)) {
      const figure = await scaled(seen, name, style);
      // With `zoom`, a picture drawn in screen pixels may be slightly smaller, since a CSS pixel is not a screen pixel.
      await eventually(async () => {
        if (style.startsWith('transform')) assert.deepEqual(await layout(figure), plain, style);
        else assert.equal((await layout(figure)).beyond, 0, style);
      });
    }
  });
}

test('the size in the dialog’s code is the unscaled size', async () => {
  const seen = await shared();
  for (const style of ['', 'transform: scale(1.6)']) {
    const figure = await scaled(seen, 'samples', style);
    const height = await figure.evaluate((element) => element.offsetHeight);
    await figure.click('embed');
    await (await figure.part('embed-as-frame')).evaluate((input) => input.click());
    const text = await figure.part('embed-text');
    await eventually(async () => {
      const value = await text.evaluate((node) => node.value);
      assert.equal(Number(/height="(\d+)"/.exec(value)?.[1]), height + 32, style);
    });
    await (await figure.part('embed-close')).click();
  }
});

for (const style of Object.keys(scales)) {
  test(`with ${style} a pointer reaches the point under it`, async () => {
    const seen = await shared();
    const { mouse } = seen.page;
    const map = await scaled(seen, 'map', style);
    const plot = await map.box('plot');
    await mouse.click(plot.x + 0.75 * plot.width, plot.y + 0.25 * plot.height);
    await eventually(async () => {
      const { x, y } = await map.state();
      assert.ok(Math.abs(x - 1.5) < 0.05 && Math.abs(y - 1.5) < 0.05, `${x}, ${y}`);
    });

    const morph = await scaled(seen, 'morph', style);
    const strip = await morph.box('strip');
    await mouse.click(strip.x + (7.5 / 11) * strip.width, strip.y + strip.height / 2);
    await eventually(async () => assert.equal((await morph.state()).t, 0.7));

    const microscope = await scaled(seen, 'microscope', style);
    const maps = await microscope.part('maps-0');
    const columns = await maps.evaluate((canvas) => {
      // The sticky bar at the lower edge of the window would cover the maps.
      canvas.getRootNode().querySelector('.beside').style.position = 'static';
      canvas.scrollIntoView({ block: 'center' });
      return (canvas.width + 1) / 5;
    });
    const sheet = await maps.boundingBox();
    await mouse.click(sheet.x + ((3 + 0.5) / columns) * sheet.width, sheet.y + 2);
    const title = await microscope.inside('.lens-title');
    await eventually(async () => assert.match(await title.evaluate((node) => node.textContent), /^Map 4 of /));
  });
}

test('in a scaled page the cursor of a chart is at the pointer', async () => {
  const seen = await visit({ from: figureAddress('map'), ...SCREEN });
  const figure = await scaled(seen, 'train', '');
  await small(figure);
  await steps(figure, 1);
  for (const style of ['transform: scale(1.6)', 'transform: scale(0.7)']) {
    await seen.page.evaluate((style) => {
      document.querySelector('main').style.cssText = `inline-size: 500px; transform-origin: 0 0; ${style}`;
    }, style);
    const over = await figure.inside('.u-over');
    await eventually(async () => {
      await over.scrollIntoView();
      const { x, y, width, height } = await over.boundingBox();
      await seen.page.mouse.move(x + 0.8 * width, y + 0.5 * height, { steps: 3 });
      const line = await (await figure.inside('.u-cursor-x')).boundingBox();
      assert.ok(Math.abs(line.x - (x + 0.8 * width)) < 3, `${line.x} for ${x + 0.8 * width}`);
    });
  }
});

test('resizing a figure causes no errors in the page', async () => {
  const seen = await shared();
  await scaled(seen, 'morph', '');
  const errors = await seen.page.evaluate(async () => {
    const found = [];
    addEventListener('error', ({ message }) => found.push(message));
    const main = document.querySelector('main');
    for (const width of [480, 620, 333, 900, 250, 700]) {
      main.style.inlineSize = `${width}px`;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    return found;
  });
  assert.deepEqual(errors, []);
});
