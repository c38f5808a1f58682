// Figures in pages that are scaled, as slides are: they are laid out as they are without it, and a pointer meets what it points at.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually } from './support/browser.mjs';
import { small, steps } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** Ways in which pages scale their content. */
const scales = { 'transform: scale(1.6)': 1.6, 'transform: scale(0.5)': 0.5, 'zoom: 1.6': 1.6 };

/** A figure in a place that is 500 pixels wide in the layout, whatever it is scaled by. */
async function scaled(name, style, parameters = '') {
  const seen = await visit({
    from: new URL(`embed.html?figure=${name}${parameters}`, address).href,
    width: 1400,
    height: 1000,
  });
  await seen.page.evaluate(
    (style) => (document.querySelector('main').style.cssText = `inline-size: 500px; transform-origin: 0 0; ${style}`),
    style,
  );
  const figure = await seen.figure(name).ready();
  await seen.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return { ...seen, figure };
}

/** Sizes that the figure has set, and whether a canvas reaches beyond its figure. */
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

for (const name of ['morph', 'samples', 'map', 'microscope']) {
  test(`${name}: sizes are those of the layout, and no picture is cut off`, async () => {
    const { figure, page } = await scaled(name, '');
    const plain = await layout(figure);
    assert.ok(plain.sizes.length > 2);
    assert.equal(plain.beyond, 0);
    await page.close();
    for (const style of Object.keys(scales)) {
      const { figure, page } = await scaled(name, style);
      // A picture whose pixels are screen pixels may be a little smaller where a CSS pixel is not one.
      if (style.startsWith('transform')) assert.deepEqual(await layout(figure), plain, style);
      else assert.equal((await layout(figure)).beyond, 0, style);
      await page.close();
    }
  });
}

test('the size that the dialog writes is that of the layout', async () => {
  for (const style of ['', 'transform: scale(1.6)']) {
    const { figure } = await scaled('samples', style);
    const height = await figure.evaluate((element) => element.offsetHeight);
    await figure.click('embed');
    await (await figure.part('embed-as-frame')).evaluate((input) => input.click());
    const text = await (await figure.part('embed-text')).evaluate((node) => node.value);
    assert.equal(Number(/height="(\d+)"/.exec(text)[1]), height + 32, style);
  }
});

for (const style of Object.keys(scales)) {
  test(`with ${style} a pointer meets what it points at`, async () => {
    const map = await scaled('map', style);
    const plot = await map.figure.box('plot');
    await map.page.mouse.click(plot.x + 0.75 * plot.width, plot.y + 0.25 * plot.height);
    const { x, y } = await map.figure.state();
    assert.ok(Math.abs(x - 1.5) < 0.05 && Math.abs(y - 1.5) < 0.05, `${x}, ${y}`);
    await map.page.close();

    const morph = await scaled('morph', style);
    const strip = await morph.figure.box('strip');
    await morph.page.mouse.click(strip.x + (7.5 / 11) * strip.width, strip.y + strip.height / 2);
    assert.equal((await morph.figure.state()).t, 0.7);
    await morph.page.close();

    const microscope = await scaled('microscope', style);
    const maps = await microscope.figure.part('maps-0');
    const columns = await maps.evaluate((canvas) => {
      // The bar that stays at the lower edge of the window would lie over it.
      canvas.getRootNode().querySelector('.beside').style.position = 'static';
      canvas.scrollIntoView({ block: 'center' });
      return (canvas.width + 1) / 5;
    });
    const sheet = await maps.boundingBox();
    await microscope.page.mouse.click(sheet.x + ((3 + 0.5) / columns) * sheet.width, sheet.y + 2);
    const title = await (await microscope.figure.inside('.lens-title')).evaluate((node) => node.textContent);
    assert.match(title, /^Map 4 of /);
  });
}

test('with a scale the cursor of a chart is at the pointer', async () => {
  for (const style of ['transform: scale(1.6)', 'transform: scale(0.7)']) {
    const { figure, page } = await scaled('train', style);
    await small(figure);
    await steps(figure, 1);
    const over = await figure.inside('.u-over');
    await over.scrollIntoView();
    const { x, y, width, height } = await over.boundingBox();
    await page.mouse.move(x + 0.8 * width, y + 0.5 * height, { steps: 3 });
    await eventually(async () => {
      const line = await (await figure.inside('.u-cursor-x')).boundingBox();
      assert.ok(Math.abs(line.x - (x + 0.8 * width)) < 3, `${line.x} for ${x + 0.8 * width}`);
    });
  }
});

test('a figure that is resized makes no error of the page', async () => {
  const { page } = await scaled('morph', '');
  const errors = await page.evaluate(async () => {
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
