// A whole decoder in the figure `microscope`, with the feature maps of its layers; also the figure as a whole.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { plain } from '../../www/views/microscope/words.js';
import { add, ARTICLE, eventually, figureAddress, violations } from './support/browser.mjs';
import { microscopeVisits } from './support/microscope.mjs';

const { microscope, visit, choose, lens, lensText, pick } = microscopeVisits();

/** In the page: feature maps and picture of the first stored code of a digit, by the module without the engine. */
async function mapsAt({ digit }) {
  const { pickBuild } = await import('/engine/support.js');
  const lab = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await lab.default({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const bytes = async (name) => new Uint8Array(await (await fetch(`/models/${name}`)).arrayBuffer());
  const model = await lab.Model.load(await bytes('digits.safetensors'));
  const { mean, labels } = lab.parseLatents(await bytes('digits.latents.safetensors'));
  const at = labels.indexOf(digit);
  const code = mean.slice(at * 16, at * 16 + 16);
  return {
    maps: [...(await model.decoderMaps(code))],
    picture: [...(await model.decodeImages(code)).data].filter((_, i) => i % 4 === 0),
  };
}

/** For each layer of `digits`: where its maps begin, their number, and their side. */
const LAYERS = [
  [0, 128, 4],
  [2048, 64, 7],
  [5184, 32, 14],
  [11456, 1, 28],
];

test('the first and the last map of each layer equal the module’s', async () => {
  const { seen, figure } = await microscope();
  await figure.set('from', '7');
  const { maps, picture } = await seen.page.evaluate(mapsAt, { digit: 7 });
  await eventually(async () => assert.deepEqual(await figure.picture(), picture));
  for (const [layer, [start, count, side]] of LAYERS.entries()) {
    const part = await figure.part(`maps-${layer}`);
    const slider = await part.evaluateHandle((canvas) => canvas.parentElement.querySelector('input'));
    await slider.focus();
    await seen.page.keyboard.press('Home');
    for (const map of [0, count - 1]) {
      await seen.page.keyboard.press(map === 0 ? 'Home' : 'End');
      const values = maps.slice(start + map * side * side, start + (map + 1) * side * side);
      const range = `${side} × ${side}, values from ${plain(Math.min(...values))} to ${plain(Math.max(...values))}`;
      await eventually(async () =>
        assert.ok((await lensText()).includes(range), `${layer}, ${map}: ${await lensText()}; ${range}`),
      );
      assert.ok((await slider.evaluate((input) => input.ariaValueText.replaceAll('\u00a0', ' '))).endsWith(range));
      // Red is above zero, blue below, and stronger colors are farther from it, so the colors have the order of the values.
      const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
      await eventually(async () => {
        const colors = await lens();
        order
          .slice(1)
          .forEach((at, i) => assert.ok(colors[at] >= colors[order[i]] - 1, `layer ${layer}, map ${map}, ${at}`));
        assert.ok(new Set(colors).size > 3);
      });
    }
  }
});

test('arrow keys move through a layer’s maps, and a pointer shows the map under it', async () => {
  const { seen, figure } = await microscope();
  const part = await figure.part('maps-1');
  const box = await figure.box('maps-1');
  await seen.page.mouse.move(box.x + 4, box.y + 4);
  await eventually(async () => assert.match(await lensText(), /^Map 1 of 64/));
  await seen.page.mouse.click(box.x + 4, box.y + 4);
  await seen.page.keyboard.press('ArrowRight');
  await eventually(async () => assert.match(await lensText(), /^Map 2 of 64/));
  const columns = await part.evaluate((canvas) => (canvas.width + 1) / 8);
  await seen.page.keyboard.press('ArrowDown');
  await eventually(async () => assert.match(await lensText(), new RegExp(`^Map ${columns + 2} of 64`)));
  await seen.page.keyboard.press('ArrowUp');
  await seen.page.keyboard.press('ArrowUp');
  await eventually(async () => assert.match(await lensText(), /^Map 2 of 64/));
});

test('the slider, the picker and play change the picture and the maps along the path', async () => {
  const { seen, figure } = await microscope();
  const first = await figure.picture();
  await (await figure.part('t')).focus();
  await seen.page.keyboard.press('End');
  const { picture } = await seen.page.evaluate(mapsAt, { digit: 7 });
  await eventually(async () => assert.notDeepEqual(await figure.picture(), first));
  await eventually(async () => assert.equal((await figure.state()).t, 1));
  await pick('to', '7');
  await eventually(async () => assert.deepEqual(await figure.picture(), picture));
  await eventually(async () => assert.deepEqual((await figure.state()).to, { digit: 7, nth: 0 }));
  const still = await lens();
  await (await figure.part('journey-play')).click();
  await eventually(async () => assert.notDeepEqual(await lens(), still));
});

test('if its code cannot be fetched, the figure fails with a message', async () => {
  const seen = await visit({ from: figureAddress('morph') });
  await seen.figure('morph').ready();
  await seen.page.setRequestInterception(true);
  seen.page.on('request', (request) =>
    request.url().endsWith('/microscope/filter.js') ? request.abort() : request.continue(),
  );
  await add(seen.page, ARTICLE.microscope);
  const figure = seen.figure('microscope');
  assert.equal(await figure.settled(), 'error');
  assert.match(await figure.failure(), /microscope/);
  // The browser logs the failed request.
  const complaints = seen.complaints.splice(0);
  assert.ok(
    complaints.every((complaint) => complaint.includes('ERR_FAILED')),
    complaints.join(),
  );
});

test('colors follow the color scheme', async () => {
  const { seen } = await microscope({ scheme: 'light' });
  const light = await lens();
  await seen.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await eventually(async () => assert.notDeepEqual(await lens(), light));
});

test('axe finds nothing in any view of the figure', async () => {
  for (const scheme of ['light', 'dark']) {
    const { seen } = await microscope({ scheme });
    for (const way of ['transposed', 'overlap', 'convolution']) {
      await choose(`way-${way}`);
      assert.deepEqual(await violations(seen.page), [], `${scheme}, ${way}`);
    }
    if (scheme === 'light') await seen.close();
  }
});

test('on a phone the controls of both ends stay within the figure, in both languages', async () => {
  for (const lang of ['en', 'de']) {
    const seen = await visit({ from: figureAddress('microscope', { lang }), width: 390 });
    const figure = await seen.figure('microscope').ready();
    // Hosts choose the font, and this font is wide.
    await figure.evaluate((element) => element.style.setProperty('--latent-lab-font', 'monospace'));
    const { count, beyond } = await figure.evaluate((element) => {
      const { right } = element.getBoundingClientRect();
      const nodes = [...element.shadowRoot.querySelectorAll('.ends-row *')];
      const outside = nodes.filter((node) => node.getBoundingClientRect().right > right + 0.5);
      return { count: nodes.length, beyond: outside.map((node) => node.outerHTML.slice(0, 80)) };
    });
    assert.ok(count > 4, `${count} nodes`);
    assert.deepEqual(beyond, [], lang);
  }
});
