// The figure `microscope`: one filter by hand, and a whole decoder with what lies between its layers.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inputs, kernels, preset } from '../../www/views/microscope/presets.js';
import {
  canvasSide,
  convolution,
  cropped,
  fineSide,
  overlaps,
  stamped,
} from '../../www/views/microscope/transposed.js';
import { plain } from '../../www/views/microscope/words.js';
import { eventually, figureAddress, violations } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

async function microscope(options) {
  seen = await visit({ from: figureAddress('microscope'), ...options });
  figure = await seen.figure('microscope').ready();
}

/** Texts of a grid's cells, row by row. */
const cells = async (part) => (await figure.part(part)).$$eval('.cell', (all) => all.map((cell) => cell.textContent));
const reading = async () =>
  (await figure.part('reading')).evaluate((node) => node.textContent.replaceAll('\u00a0', ' '));
const formula = async () => (await figure.part('formula')).evaluate((node) => node.getAttribute('aria-label'));
const steps = async () => (await figure.part('steps')).evaluate((input) => [input.valueAsNumber, Number(input.max)]);
const choose = async (part) => (await figure.part(part)).evaluate((input) => input.click());
const pick = async (part, value) => (await figure.part(part)).select(value);
const all = (values) => [...values].map(plain);
const cell = async (part, index) => (await figure.part(part)).$(`[data-index="${index}"]`);

async function goTo(step) {
  await (
    await figure.part('steps')
  ).evaluate((input, to) => {
    input.value = to;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, step);
}

/** Texts of the canvas: places that no stamp has reached are empty. */
function shown(geometry, input, kernel, step) {
  const reached = overlaps(geometry, step);
  return [...stamped(geometry, input, kernel, step)].map((value, at) => (reached[at] > 0 ? plain(value) : ''));
}

test('every setting shows the sums that the definition gives, and the formula of its size', async () => {
  await microscope();
  await pick('input-preset', 'signs');
  await pick('kernel-preset', 'count');
  const input = preset(inputs, 'signs', 4);
  for (const kernel of [3, 4, 5]) {
    for (const stride of [1, 2]) {
      for (const [padding, outputPadding] of [
        [0, 0],
        [1, stride - 1],
        [2, 0],
      ]) {
        await choose(`kernel-side-${kernel}`);
        await choose(`stride-${stride}`);
        await choose(`padding-${padding}`);
        await choose(`output-padding-${outputPadding}`);
        await goTo(16);
        const geometry = { coarse: 4, kernel, stride, padding, outputPadding };
        const weights = preset(kernels, 'count', kernel);
        assert.deepEqual(await cells('canvas'), shown(geometry, input, weights, 16), JSON.stringify(geometry));
        assert.ok(
          (await formula()).endsWith(
            `Here: ( 4 \u2212 1) × ${stride} \u2212 2 × ${padding} + ${kernel} + ${outputPadding} = ${fineSide(geometry)}`,
          ),
        );
      }
    }
  }
});

test('the settings are attributes, and the reader’s changes are in the state', async () => {
  await microscope();
  const given = {
    way: 'overlap',
    input: 'ramp',
    weights: '1 0 -1 2 0 -2 1 0 -1',
    kernel: 3,
    stride: 1,
    padding: 0,
    outputPadding: 0,
    step: 5,
  };
  const mirrored = async () => {
    const state = await figure.state();
    return Object.fromEntries(Object.keys(given).map((name) => [name, state[name]]));
  };
  assert.deepEqual(await mirrored(), {
    way: 'transposed',
    input: 'corner',
    weights: 'blur',
    kernel: 3,
    stride: 2,
    padding: 1,
    outputPadding: 0,
    step: 7,
  });
  await seen.page.$eval(
    figure.selector,
    (element, values) => {
      for (const [name, value] of Object.entries(values)) {
        element.setAttribute(name === 'outputPadding' ? 'output-padding' : name, value);
      }
    },
    given,
  );
  await eventually(async () => assert.deepEqual(await mirrored(), given));
  assert.deepEqual(await cells('kernel'), all([1, 0, -1, 2, 0, -2, 1, 0, -1]));
  assert.deepEqual(await cells('input'), all(preset(inputs, 'ramp', 4)));
  assert.deepEqual(await steps(), [5, 16]);
  assert.ok(await (await figure.part('way-overlap')).evaluate((input) => input.checked));
  await choose('way-transposed');
  await goTo(9);
  await (await cell('input', 0)).focus();
  await seen.page.keyboard.press('7');
  await choose('kernel-side-4');
  const ramp = preset(inputs, 'ramp', 4);
  ramp[0] = 7;
  assert.deepEqual(await mirrored(), {
    ...given,
    way: 'transposed',
    input: ramp.join(' '),
    weights: 'blur',
    kernel: 4,
    step: 9,
  });
  // Nonsense falls back, and the state says to what.
  await seen.page.$eval(figure.selector, (element) => {
    for (const [name, value] of Object.entries({
      input: '1 2 three',
      weights: '99',
      kernel: 7,
      stride: -1,
      padding: 'x',
      step: 1e9,
    })) {
      element.setAttribute(name, value);
    }
  });
  // The reader's choices stay unless the host sets something new.
  const fallback = {
    ...given,
    way: 'transposed',
    input: 'corner',
    weights: 'blur',
    kernel: 5,
    stride: 1,
    padding: 1,
    step: 16,
  };
  await eventually(async () => assert.deepEqual(await mirrored(), fallback));
  const [complaint, ...more] = seen.complaints.splice(0);
  assert.match(complaint, /kernel="7", stride="-1", padding="x", step="1000000000"/);
  assert.deepEqual(more, []);
});

test('stamps come one by one, forward and back, and stop at the ends', async () => {
  await microscope();
  const geometry = { coarse: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 0 };
  const [input, kernel] = [preset(inputs, 'corner', 4), preset(kernels, 'blur', 3)];
  const [start, count] = await steps();
  assert.equal(count, 16);
  assert.deepEqual(await cells('canvas'), shown(geometry, input, kernel, start));
  await figure.click('step');
  assert.deepEqual(await cells('canvas'), shown(geometry, input, kernel, start + 1));
  for (let i = 0; i < 3; i++) await figure.click('back');
  assert.deepEqual(await steps(), [start - 2, 16]);
  assert.deepEqual(await cells('canvas'), shown(geometry, input, kernel, start - 2));
  await goTo(16);
  await figure.click('step');
  assert.deepEqual(await steps(), [16, 16]);
  await goTo(0);
  await figure.click('back');
  assert.deepEqual(await steps(), [0, 16]);
  assert.ok((await cells('canvas')).every((text) => text === ''));
  assert.equal(await reading(), 'Nothing has been stamped yet.');
});

test('it plays to the end, pauses off the screen, and plays again from the start', async () => {
  await microscope();
  await goTo(14);
  await figure.click('play');
  await eventually(async () => assert.deepEqual(await steps(), [16, 16]));
  await eventually(async () =>
    assert.equal(await (await figure.part('play')).evaluate((node) => node.textContent), 'Play'),
  );
  await figure.click('play');
  const [restarted] = await steps();
  assert.ok(restarted < 3, `${restarted}`);
  await seen.page.evaluate(() => scrollTo(0, 0));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const [resting] = await steps();
  await seen.page.$eval(figure.selector, (element) => element.scrollIntoView());
  await eventually(async () => assert.ok((await steps())[0] > resting));
});

test('cells take digits, signs and arrows from the keyboard, and say what they hold', async () => {
  await microscope();
  await pick('input-preset', 'zeros');
  await goTo(16);
  await (await cell('input', 0)).focus();
  const { keyboard } = seen.page;
  await keyboard.press('ArrowRight');
  await keyboard.press('PageDown');
  await keyboard.press('4');
  await keyboard.press('-');
  await keyboard.press('ArrowUp');
  const expected = Array(16).fill(0);
  expected[5] = -3;
  assert.deepEqual(await cells('input'), all(expected));
  const said = await (
    await cell('input', 5)
  ).evaluate((node) => [node.ariaLabel, node.ariaValueNow, node.ariaValueText, node.getAttribute('role')]);
  assert.deepEqual(said, ['Input, row 2, column 2', '-3', '\u22123', 'spinbutton']);
  assert.equal(
    await (await figure.part('input-preset')).evaluate((select) => select.selectedOptions[0].text),
    'Your own',
  );
  await keyboard.press('End');
  await keyboard.press('Space');
  expected[15] = 1;
  for (let i = 0; i < 12; i++) await keyboard.press('ArrowUp');
  expected[15] = 9;
  const weights = preset(kernels, 'blur', 3);
  weights[0] = 0.75;
  await (await cell('kernel', 0)).focus();
  await keyboard.press('ArrowUp');
  assert.deepEqual(await cells('kernel'), all(weights));
  const geometry = { coarse: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 0 };
  assert.deepEqual(await cells('canvas'), shown(geometry, expected, weights, 16));
});

test('the pen writes its value, and erases cells that already have it', async () => {
  await microscope();
  await pick('input-preset', 'zeros');
  await choose('pen-2');
  const middle = async (index) => {
    const { x, y, width, height } = await (await cell('input', index)).boundingBox();
    return [x + width / 2, y + height / 2];
  };
  const { mouse } = seen.page;
  const stroke = async (...way) => {
    await mouse.move(...(await middle(way[0])));
    await mouse.down();
    for (const index of way) await mouse.move(...(await middle(index)), { steps: 4 });
    await mouse.up();
  };
  await (await figure.part('input')).scrollIntoView();
  await stroke(4, 5, 6);
  const expected = Array(16).fill(0);
  for (const index of [4, 5, 6]) expected[index] = 2;
  assert.deepEqual(await cells('input'), all(expected));
  await stroke(5);
  expected[5] = 0;
  await mouse.move(...(await middle(12)));
  assert.deepEqual(await cells('input'), all(expected));
});

test('a finger writes with a tap and with a stroke across, and scrolls with one along', async () => {
  await microscope({ width: 360, height: 740, touch: true });
  await pick('input-preset', 'zeros');
  await (await figure.part('input')).scrollIntoView();
  const { touchscreen } = seen.page;
  const middle = async (index) => {
    const { x, y, width, height } = await (await cell('input', index)).boundingBox();
    return [x + width / 2, y + height / 2];
  };
  await touchscreen.tap(...(await middle(10)));
  const expected = Array(16).fill(0);
  expected[10] = 1;
  await eventually(async () => assert.deepEqual(await cells('input'), all(expected)));
  const stroke = async (...way) => {
    const finger = await touchscreen.touchStart(...(await middle(way[0])));
    for (const index of way) {
      const [x, y] = await middle(index);
      for (const part of [-8, 0, 8]) await finger.move(x + part, y);
    }
    await finger.end();
  };
  await stroke(0, 1, 2);
  for (const index of [0, 1, 2]) expected[index] = 1;
  await eventually(async () => assert.deepEqual(await cells('input'), all(expected)));
  const before = await seen.page.evaluate(() => scrollY);
  const [x, y] = await middle(12);
  const finger = await touchscreen.touchStart(x, y);
  for (let way = 1; way < 12; way++) await finger.move(x, y - 10 * way);
  await finger.end();
  await eventually(async () => assert.ok((await seen.page.evaluate(() => scrollY)) > before + 20));
  assert.deepEqual(await cells('input'), all(expected));
});

test('each number under the pointer says where it comes from', async () => {
  await microscope();
  await pick('input-preset', 'signs');
  await pick('kernel-preset', 'edge');
  await goTo(16);
  await (await cell('canvas', 40)).focus();
  assert.equal(
    await reading(),
    'Output, row 4, column 4: 2 × 1 + (\u22121) × (\u22121) + (\u22121) × 1 + 2 × (\u22121) = 0',
  );
  const linked = async (part) =>
    (await figure.part(part)).$$eval('.cell', (nodes) =>
      nodes.flatMap((node, i) => (node.classList.contains('linked') ? [i] : [])),
    );
  assert.deepEqual(await linked('input'), [5, 6, 9, 10]);
  assert.deepEqual(await linked('kernel'), [0, 2, 6, 8]);
  await seen.page.keyboard.press('ArrowUp');
  assert.match(await reading(), /^Output, row 3, column 4: /);
  await (await cell('input', 15)).hover();
  assert.equal(
    await reading(),
    'The input at row 4, column 4 is 2: 2 × the kernel is added to rows 6 to 7, columns 6 to 7.',
  );
  await (await cell('canvas', 0)).hover();
  assert.equal(await reading(), 'Padding: what is stamped here is cut off.');
});

test('the overlap counts stamps, in a checkerboard for kernel 3 and evenly for kernel 4', async () => {
  await microscope();
  await choose('way-overlap');
  await goTo(16);
  await choose('padding-0');
  const counts = async (kernel) => {
    await choose(`kernel-side-${kernel}`);
    const geometry = { coarse: 4, kernel, stride: 2, padding: 0, outputPadding: 0 };
    const got = await cells('canvas');
    assert.deepEqual(
      got,
      [...overlaps(geometry)].map((count) => (count > 0 ? String(count) : '')),
    );
    const side = canvasSide(geometry);
    return new Set(
      got.filter((_, at) => [Math.floor(at / side), at % side].every((place) => place >= 3 && place < side - 3)),
    );
  };
  assert.deepEqual([...(await counts(3))].sort(), ['1', '2', '4']);
  assert.deepEqual([...(await counts(4))], ['4']);
});

test('the convolution reads the output of the transposed one through the same links', async () => {
  await microscope();
  await choose('way-convolution');
  await goTo(16);
  const geometry = { coarse: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 0 };
  const kernel = preset(kernels, 'blur', 3);
  const canvas = stamped(geometry, preset(inputs, 'corner', 4), kernel);
  assert.deepEqual(await cells('result'), all(convolution(geometry, cropped(geometry, canvas), kernel)));
  assert.ok((await formula()).endsWith('Here: ⌊( 7 + 2 × 1 \u2212 3 ) / 2 ⌋ + 1 = 4'));
  await (await cell('result', 5)).focus();
  assert.match(await reading(), / = 3$/);
  await goTo(3);
  assert.deepEqual((await cells('result')).slice(3), Array(13).fill(''));
});

/** In the page: what the module itself says about the code at an end of the way. */
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

/** Where the maps of each layer of `digits` begin, their number and side. */
const LAYERS = [
  [0, 128, 4],
  [2048, 64, 7],
  [5184, 32, 14],
  [11456, 1, 28],
];

const lensText = async () =>
  (await figure.part('lens-text')).evaluate((node) => node.innerText.replaceAll('\u00a0', ' '));

/** Colors of the map under the lens: how far each pixel is from what is painted for zero, toward red or toward blue. */
const lens = async () =>
  (await figure.part('lens')).evaluate((canvas) => {
    const rgba = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    return Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i] - rgba[4 * i + 2]);
  });

test('each layer’s maps are the engine’s, whichever is chosen', async () => {
  await microscope();
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
      // Red above zero and blue below, the stronger the further: the order of the colors is that of the values.
      const colors = await lens();
      const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
      order
        .slice(1)
        .forEach((at, i) => assert.ok(colors[at] >= colors[order[i]] - 1, `layer ${layer}, map ${map}, ${at}`));
      assert.ok(new Set(colors).size > 3);
    }
  }
});

test('the arrow keys lead through a layer’s maps, and a pointer shows the one under it', async () => {
  await microscope();
  const part = await figure.part('maps-1');
  const box = await figure.box('maps-1');
  await seen.page.mouse.move(box.x + 4, box.y + 4);
  await eventually(async () => assert.match(await lensText(), /^Map 1 of 64/));
  await seen.page.mouse.click(box.x + 4, box.y + 4);
  await seen.page.keyboard.press('ArrowRight');
  assert.match(await lensText(), /^Map 2 of 64/);
  const columns = await part.evaluate((canvas) => (canvas.width + 1) / 8);
  await seen.page.keyboard.press('ArrowDown');
  assert.match(await lensText(), new RegExp(`^Map ${columns + 2} of 64`));
  await seen.page.keyboard.press('ArrowUp');
  await seen.page.keyboard.press('ArrowUp');
  assert.match(await lensText(), /^Map 2 of 64/);
});

test('everything changes along the path, by slider, picker and play', async () => {
  await microscope();
  const first = await figure.picture();
  await (await figure.part('t')).focus();
  await seen.page.keyboard.press('End');
  const { picture } = await seen.page.evaluate(mapsAt, { digit: 7 });
  await eventually(async () => assert.notDeepEqual(await figure.picture(), first));
  assert.equal((await figure.state()).t, 1);
  await pick('to', '7');
  await eventually(async () => assert.deepEqual(await figure.picture(), picture));
  assert.deepEqual((await figure.state()).to, { digit: 7, nth: 0 });
  const still = await lens();
  await (await figure.part('journey-play')).click();
  await eventually(async () => assert.notDeepEqual(await lens(), still));
});

test('the figure is fetched when it comes near, and not before', async () => {
  seen = await visit({ height: 600 });
  await seen.figure('morph').ready();
  assert.ok(!seen.requests.some((request) => request.includes('/views/microscope/')));
  await seen.figure('microscope').ready();
  assert.ok(seen.requests.some((request) => request.endsWith('/views/microscope/filter.js')));
});

test('code that cannot be fetched fails the figure, with a message', async () => {
  seen = await visit({ height: 600 });
  await seen.figure('morph').ready();
  await seen.page.setRequestInterception(true);
  seen.page.on('request', (request) =>
    request.url().endsWith('/microscope/filter.js') ? request.abort() : request.continue(),
  );
  figure = seen.figure('microscope');
  assert.equal(await figure.settled(), 'error');
  assert.match(await figure.failure(), /microscope/);
  // The browser’s own word for it.
  const complaints = seen.complaints.splice(0);
  assert.ok(
    complaints.every((complaint) => complaint.includes('ERR_FAILED')),
    complaints.join(),
  );
});

test('colors follow the scheme', async () => {
  await microscope();
  const light = await lens();
  await seen.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await eventually(async () => assert.notDeepEqual(await lens(), light));
});

test('axe-core finds nothing wrong in any of its views', async () => {
  for (const scheme of ['light', 'dark']) {
    await microscope({ scheme });
    for (const way of ['transposed', 'overlap', 'convolution']) {
      await choose(`way-${way}`);
      assert.deepEqual(await violations(seen.page), [], `${scheme}, ${way}`);
    }
    if (scheme === 'light') await seen.close();
  }
});
