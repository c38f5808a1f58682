// The figure `train`: pictures in, steps, what is shown, and the way back.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { add, address, ARTICLE, eventually, figureAddress, violations } from './support/browser.mjs';
import {
  drop,
  idx,
  press,
  small,
  stepOf,
  steps,
  stored,
  storedAsShown,
  storedAt,
  text,
  type,
} from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

async function train(options) {
  seen = await visit({ from: figureAddress('train'), ...options });
  figure = await seen.figure('train').ready();
}

/** The figure again, after a reload. */
async function reload() {
  await seen.page.reload();
  figure = await seen.figure('train').ready();
}

const phase = async () => (await figure.part('play')).evaluate((node) => node.textContent);

test('our digits come from the shipped decoder, and the page says so', async () => {
  await train();
  assert.match(await text(figure, 'figure'), /neither a download nor handwriting/);
  await press(figure, 'use-digits');
  await eventually(async () => assert.equal(await text(figure, 'count'), '2,000 pictures'));
  await eventually(async () =>
    assert.match(await text(figure, 'estimate'), /36,865 and 28,657 parameters.* an epoch of 2,000/),
  );
  const [sheet] = await figure.pictures('sheet');
  // Of 2,000 digits about a fifth of all pixels is ink.
  const ink = sheet.reduce((sum, value) => sum + value, 0) / sheet.length / 255;
  assert.ok(ink > 0.06 && ink < 0.25, `${ink}`);
});

test('the other networks of the page draw pictures too, which are seen as they are', async () => {
  await train();
  const choose = async (model) => (await figure.part('use-other')).select(model);
  await choose('emoji');
  await eventually(async () => assert.equal(await text(figure, 'count'), '400 pictures'));
  const value = (name) => figure.part(name).then((part) => part.evaluate((input) => input.value));
  assert.equal(await value('side'), '32');
  assert.match((await figure.state()).plan, /side: 32; colors: rgb/);
  assert.equal(await value('use-other'), '');
  // Beside others, they are brought to the size that there is.
  await choose('fashion');
  await eventually(async () => assert.equal(await text(figure, 'count'), '800 pictures'));
  assert.equal(await value('side'), '32');
  for (const layer of [0, 1, 2]) await type(figure, `filters-${layer}`, 4);
  await steps(figure, 1);
  const { run } = await storedAt(seen.page, 1);
  assert.equal(run.pictures, 800 * 3 * 32 * 32);
  assert.match(run.name, /model emoji .*Apache 2\.0.*; .*model fashion .*MIT/);
});

test('two networks learn the same pictures side by side, and everything about them is shown', async () => {
  await train();
  await small(figure);
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) > 60));
  await eventually(async () => assert.match(await text(figure, 'status'), /steps per second · .* pictures per second/));
  await press(figure, 'play');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  const { progress, run } = await storedAsShown(figure);
  assert.equal(run.pictures, 64 * 144);
  assert.equal(progress.weights.length, 2);
  const rows = progress.curve.length / 5;
  const mean = (column, from, to) => {
    const values = Array.from({ length: to - from }, (_, i) => progress.curve[(from + i) * 5 + column]);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  for (const reconstruction of [1, 3]) {
    assert.ok(mean(reconstruction, rows - 10, rows) < 0.8 * mean(reconstruction, 0, 5), 'the loss falls');
  }
  assert.ok(mean(2, rows - 10, rows) > 0, 'the variational network has a KL');
  assert.equal(mean(4, 0, rows), 0, 'the plain one has none');
  for (const [panel, count] of [
    ['drawn-variational', 1],
    ['drawn-autoencoder', 1],
    ['panel-variational', 3],
    ['panel-autoencoder', 3],
  ]) {
    await eventually(async () => {
      const pictures = await figure.pictures(panel);
      assert.equal(pictures.length, count, 'samples; the cursor, reconstructions, the way');
      for (const picture of pictures) assert.ok(Math.max(...picture) - Math.min(...picture) > 20, panel);
    });
  }
  assert.match(await text(figure, 'divergence-text'), /of 2 in use/);
  const dots = await (
    await figure.part('plane')
  ).$$eval('g path', (paths) => paths.map((path) => path.getAttribute('d').split('M').length - 1));
  assert.equal(
    dots.reduce((sum, count) => sum + count, 0),
    64,
  );
});

test('a reader who just presses Start sees digits being learned', async () => {
  await train();
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) >= 1));
  assert.match(await text(figure, 'sources-status'), /2,000 pictures, drawn by this page’s decoder/);
});

test('one step is one step, and reset takes everything back', async () => {
  await train();
  await small(figure);
  await steps(figure, 3);
  await storedAt(seen.page, 3);
  await press(figure, 'reset');
  await eventually(async () => assert.equal(await phase(), 'Start'));
  assert.deepEqual(await stored(seen.page), { run: null, progress: null, history: null });
  await steps(figure, 1);
  assert.equal(await stepOf(figure), 1);
});

test('a run that was paused, reloaded and went on is the run that was never stopped', async () => {
  await train();
  await small(figure);
  await steps(figure, 6);
  const { progress: straight } = await storedAt(seen.page, 6);
  await seen.close();

  await train();
  await small(figure);
  await steps(figure, 3);
  await storedAt(seen.page, 3);
  await reload();
  await eventually(async () => assert.equal(await stepOf(figure), 3));
  assert.match(await text(figure, 'sources-status'), /earlier visit, at step 3/);
  await steps(figure, 3);
  const { progress: broken } = await storedAt(seen.page, 6);
  assert.deepEqual(broken, straight);
});

test('the time machine shows earlier steps; a run continues from there at once, and repeats its steps', async () => {
  await train();
  await small(figure);
  await steps(figure, 3);
  const [then] = await figure.pictures('redrawn');
  await steps(figure, 2);
  const { progress: first } = await storedAt(seen.page, 5);
  const [now] = await figure.pictures('redrawn');
  assert.notDeepEqual(now, then);
  // Snapshots: the start and one for each step; the right end is now.
  await figure.focus('time');
  for (const _ of [1, 2, 3]) await seen.page.keyboard.press('ArrowLeft');
  await eventually(async () => assert.deepEqual((await figure.pictures('redrawn'))[0], then));
  assert.equal(await stepOf(figure), 5, 'looking back does not change the run');
  await press(figure, 'branch');
  await eventually(async () => assert.equal(await phase(), 'Pause'));
  await eventually(async () => assert.ok((await stepOf(figure)) > 5));
  await press(figure, 'play');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  const { progress: again } = await storedAt(seen.page, await stepOf(figure));
  assert.deepEqual(again.curve.slice(0, first.curve.length), first.curve);
});

test('beta, learning rate, pace and training in the background can be changed during a run', async () => {
  await train();
  await small(figure);
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) > 3));
  for (const dial of ['beta', 'learning-rate', 'pace']) {
    await figure.focus(dial);
    await seen.page.keyboard.press('Home');
  }
  await press(figure, 'awake');
  const before = await stepOf(figure);
  await eventually(async () => assert.ok((await stepOf(figure)) > before + 3));
  await press(figure, 'play');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  await eventually(async () => {
    const { run } = await stored(seen.page);
    const { beta, learningRate, pace, awake } = run.settings;
    assert.deepEqual({ beta, learningRate, pace, awake }, { beta: 0, learningRate: 0.00001, pace: 0.1, awake: true });
  });
});

test('settings that are changed while the networks are made apply to the run', async () => {
  await train();
  await small(figure);
  await figure.evaluate(({ shadowRoot }) => {
    const status = shadowRoot.querySelector('[part=status]');
    new MutationObserver((_, observer) => {
      if (!/networks: \d/.test(status.textContent)) return;
      observer.disconnect();
      shadowRoot.querySelector('[part=awake]').click();
    }).observe(status, { childList: true, characterData: true, subtree: true });
    shadowRoot.querySelector('[part=play]').click();
  });
  await eventually(async () => assert.equal((await stored(seen.page)).run.settings.awake, true));
});

test('an exploding loss stops the run, with the reason and an offer to go back', async () => {
  await train();
  await small(figure);
  await steps(figure, 2);
  await figure.focus('learning-rate');
  await seen.page.keyboard.press('End');
  await press(figure, 'play');
  await eventually(async () =>
    assert.match(await text(figure, 'problem'), /The run has stopped: .*(exploded|not finite)/),
  );
  await press(figure, 'recover');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  const { run } = await stored(seen.page);
  assert.ok(Math.abs(run.settings.learningRate - 0.1 / 3) < 1e-9);
  await steps(figure, 1);
});

test('a run goes on after its worker was lost', async () => {
  await train();
  await small(figure);
  await steps(figure, 4);
  const { progress: before } = await storedAt(seen.page, 4);
  for (const worker of seen.page.workers()) await worker.evaluate(() => self.postMessage({ crash: 'made up' }));
  await eventually(async () => assert.match(await text(figure, 'problem'), /continues from step 4/));
  await steps(figure, 1);
  const { progress: after } = await storedAt(seen.page, 5);
  assert.deepEqual(after.curve.slice(0, before.curve.length), before.curve);
});

test('trained networks can be used in the other figures, and everything can be forgotten', async () => {
  await train();
  await add(seen.page, ARTICLE.morph, ARTICLE.samples, ARTICLE.map, ARTICLE.microscope);
  await small(figure);
  await steps(figure, 1);
  await press(figure, 'use');
  await eventually(async () =>
    assert.match(
      await text(figure, 'keep-status'),
      /now in: the path between two pictures, the random codes, the plane/,
    ),
  );
  for (const name of ['morph', 'samples', 'map']) {
    const other = await seen.figure(name).ready();
    assert.match((await other.state()).model, /^trained-here-/);
  }
  const morph = await seen.figure('morph').ready();
  const picture = await morph.picture();
  assert.equal(picture.length, 144, 'pictures of 12 by 12 pixels');
  // Nobody has said what the pictures show: they are numbers 1 to 64, and no digits.
  assert.match(await text(morph, 'from'), /^From picture \d+ of 64.*The next one/);
  assert.equal((await morph.pictures('strip')).length, 11);
  const drawn = (pattern) =>
    eventually(async () =>
      assert.match(await (await morph.part('strip')).evaluate((node) => node.getAttribute('aria-label')), pattern),
    );
  await drawn(/from picture \d+ to picture \d+$/);
  const slide = async (end, to) => {
    await (
      await morph.part(`${end}-picture`)
    ).evaluate((input, value) => {
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, to);
    assert.match(await text(morph, end), new RegExp(`picture ${to} of 64`));
    await drawn(new RegExp(`from picture ${to} to`));
  };
  await slide('from', 5);
  const [first] = await morph.pictures('strip');
  await slide('from', 23);
  await eventually(async () => assert.notDeepEqual((await morph.pictures('strip'))[0], first));
  await slide('from', 4);
  await morph.click('from-another');
  await eventually(async () => assert.deepEqual((await morph.pictures('strip'))[0], first));
  assert.deepEqual((await morph.state()).from, { digit: 0, nth: 4 });
  const map = await seen.figure('map').ready();
  assert.match(await text(map, 'figure'), /Closest pictures: \d+, .*Your pictures/);
  assert.doesNotMatch(await text(map, 'figure'), /digit/);
  assert.equal(
    await (await map.part('figure')).evaluate((node) => node.querySelectorAll('.legend input').length),
    1,
    'one group',
  );
  const microscope = await seen.figure('microscope').ready();
  assert.match(await text(microscope, 'from'), /^Picture 1Picture 2.*Picture 64$/);
  await (await microscope.part('from')).select('40');
  await eventually(async () => assert.deepEqual((await microscope.state()).from, { digit: 0, nth: 40 }));
  await press(figure, 'forget');
  assert.match(await text(figure, 'forget'), /Really/);
  await press(figure, 'forget');
  await eventually(async () => assert.equal(await phase(), 'Start'));
  assert.deepEqual(await stored(seen.page), { run: null, progress: null, history: null });
});

test('pictures are removed one by one or all at once, and a run keeps its own', async () => {
  await train();
  await small(figure);
  await (await figure.part('sheet-window')).focus();
  await seen.page.keyboard.press('ArrowRight');
  await seen.page.keyboard.press('ArrowRight');
  await seen.page.keyboard.press('Delete');
  await eventually(async () => assert.equal(await text(figure, 'count'), '63 pictures'));
  await steps(figure, 1);
  assert.ok(await (await figure.part('clear')).evaluate((node) => node.disabled));
  await drop(figure, [{ name: 'more', bytes: idx(4, 12) }]);
  await eventually(async () => assert.match(await text(figure, 'sources-status'), /keeps the pictures/));
  await press(figure, 'reset');
  await eventually(async () => assert.equal(await phase(), 'Start'));
  await press(figure, 'clear');
  await eventually(async () => assert.equal(await focus(), 'use-digits'));
  assert.equal(await text(figure, 'sources-status'), '');
});

/** Part of what has the focus. */
const focus = () => seen.page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.getAttribute('part'));

/** The focus has come to a part: it moves with the status, which is drawn a frame after the words. */
const isFocused = (part) => eventually(async () => assert.equal(await focus(), part));

test('by keyboard the focus stays on the pressed control, or moves to the one that replaces it', async () => {
  await train();
  await small(figure);
  const enter = async (part) => {
    await (await figure.part(part)).focus();
    await seen.page.keyboard.press('Enter');
  };
  await enter('play');
  await eventually(async () => assert.equal(await phase(), 'Pause'));
  await eventually(async () => assert.ok((await stepOf(figure)) > 1));
  await isFocused('play');
  await seen.page.keyboard.press('Enter');
  await eventually(async () => assert.equal(await phase(), 'Continue'));
  await isFocused('play');
  await (await figure.part('time')).focus();
  await seen.page.keyboard.press('Home');
  await enter('now');
  await isFocused('time');
  await enter('reset');
  await eventually(async () => assert.equal(await phase(), 'Start'));
  await isFocused('play');
  await enter('step');
  await eventually(async () => assert.equal(await stepOf(figure), 1));
  await isFocused('step');
  await enter('reset');
  await eventually(async () => assert.equal(await phase(), 'Start'));
  await enter('more-layers');
  await enter('more-layers');
  await isFocused('fewer-layers');
});

test('numbers out of range become the nearest, and the range is told', async () => {
  await train();
  for (const [part, typed, kept, range] of [
    ['latent', 5000, 1024, '2 to 1,024'],
    ['batch', 0, 1, '1 to 1,024'],
    ['side', 5, 8, '8 to 128'],
  ]) {
    await type(figure, part, typed);
    const field = await figure.part(part);
    assert.deepEqual(await field.evaluate((node) => [node.value, node.parentElement.querySelector('output').value]), [
      String(kept),
      range,
    ]);
  }
});

test('texts fit a visitor’s network, and the page’s own can be restored', async () => {
  await train({ from: address });
  await small(figure);
  await steps(figure, 1);
  await press(figure, 'use');
  await eventually(async () => assert.match(await text(figure, 'keep-status'), /is now in/));
  const words = async (other) => (await other.part('caption')).evaluate((node) => node.innerText);
  for (const name of ['morph', 'samples', 'map', 'microscope']) {
    const other = await seen.figure(name).ready();
    assert.match((await other.state()).model, /^trained-here-/);
    const before = await words(other);
    assert.equal(
      await (await other.part('caption')).evaluate((node) => node.querySelector('slot')),
      null,
      `${name}: ${before}`,
    );
    assert.match(await text(other, 'ownership'), /Your network draws here/);
    await press(other, 'give-back');
    await eventually(async () => assert.doesNotMatch((await other.state()).model, /^trained-here-/));
    const again = await seen.figure(name).ready();
    assert.ok(await (await again.part('caption')).evaluate((node) => node.querySelector('slot')));
    if (name === 'samples') assert.equal((await again.state()).compare, 'digits-plain');
    await eventually(async () => assert.equal(await focus(), 'figure'));
  }
});

test('kind, latent size, layers, loss and seed determine the network, and invalid ones are reported', async () => {
  await train();
  await small(figure);
  await press(figure, 'kind-variational');
  await press(figure, 'likelihood-gaussian');
  await type(figure, 'latent', 5);
  await type(figure, 'train-seed', 9);
  await press(figure, 'more-layers');
  await (await figure.part('kernel-3')).select('5');
  await eventually(async () => assert.match(await text(figure, 'estimate'), /^[\d,]+ parameters/));
  await steps(figure, 1);
  const { run, progress } = await storedAt(seen.page, 1);
  const { kind, likelihood, latent, seed, layers } = run.settings;
  assert.deepEqual(
    { kind, likelihood, latent, seed },
    { kind: 'variational', likelihood: 'gaussian', latent: 5, seed: 9 },
  );
  assert.deepEqual(layers, [
    ...[0, 1, 2].map(() => ({ filters: 4, kernel: 3, stride: 2 })),
    { filters: 4, kernel: 5, stride: 1 },
  ]);
  assert.equal(progress.curve.length, 3);
});

test('one picture is trained on as many changed ones', async () => {
  await train();
  await drop(figure, [{ name: 'one', bytes: idx(1, 12) }]);
  await type(figure, 'side', 12);
  await eventually(async () => assert.equal(await text(figure, 'count'), 'One picture'));
  await press(figure, 'augment');
  await eventually(async () => assert.equal((await figure.pictures('variants'))[0].length, (10 * 13 - 1) * 12));
  await eventually(async () => assert.match(await text(figure, 'estimate'), /an epoch of 10 pictures/));
  await steps(figure, 2);
  const { run } = await stored(seen.page);
  assert.deepEqual(run.settings.augment, { flip: false, rotate: 10, shift: 0.1, zoom: 0.1 });
});

test('waiting requests are answered between any two steps', async () => {
  await train();
  const list = await seen.page.evaluate(async () => {
    const { Session } = await import('/training/worker/session.js');
    const list = [];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => list.push('request');
    let networks = 0;
    const create = async () => {
      const name = ++networks;
      const stepPart = async () => {
        list.push(`step ${name}`);
        // Arrives while the step is under way.
        port2.postMessage(null);
        return { reconstruction: 1, kl: 0, total: 1 };
      };
      return { stepPart, setImages() {}, setAugment() {}, free() {}, state: async () => new Float32Array(3) };
    };
    const session = new Session({ Trainer: { create } }, () => {});
    const image = { channels: 1, height: 8, width: 8 };
    const configs = ['variational', 'autoencoder'].map((kind) => ({
      image,
      layers: [],
      latent: 2,
      kind,
      likelihood: 'bernoulli',
    }));
    const augment = { flip: false, rotate: 0, shift: 0, zoom: 0 };
    const config = { configs, seed: 1, batch: 1, augment, pixels: new Uint8Array(64), copies: 1 };
    await session.create({ config, settings: { beta: 1, learningRate: 0.001, pace: 1 } });
    session.watch({ isWatched: false });
    session.run();
    while (list.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));
    await session.halt();
    return list.slice(0, 40);
  });
  assert.deepEqual(
    list,
    Array.from({ length: 40 }, (_, i) => (i % 2 ? 'request' : `step ${1 + ((i / 2) % 2)}`)),
  );
});

test('off the screen it pauses, and continues when it is visible again', async () => {
  await train({ from: address });
  await small(figure);
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) > 3));
  await seen.page.evaluate(() => scrollTo(0, 0));
  await eventually(async () => assert.match(await text(figure, 'status'), /waiting until/));
  const resting = await stepOf(figure);
  await seen.page.$eval(figure.selector, (element) => element.scrollIntoView());
  await eventually(async () => assert.ok((await stepOf(figure)) > resting));
});

test('a rebuilt figure finds its run, whatever was set before', async () => {
  await train();
  await small(figure);
  await steps(figure, 2);
  assert.notEqual((await figure.state()).plan, '');
  await figure.evaluate((element) => element.shadowRoot.dispatchEvent(new Event('latent-retry')));
  await figure.ready();
  await eventually(async () => assert.equal(await stepOf(figure), 2));
});

test('in a hidden tab it pauses, unless it was set to continue', async () => {
  await train();
  await small(figure);
  const turn = (isHidden) =>
    seen.page.evaluate((isHidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) > 3));
  await turn(true);
  await eventually(async () => assert.match(await text(figure, 'status'), /waiting until/));
  // A hidden tab writes everything that it could lose.
  const resting = await stepOf(figure);
  await storedAt(seen.page, resting);
  assert.equal(await stepOf(figure), resting);
  await turn(false);
  await eventually(async () => assert.ok((await stepOf(figure)) > resting));
  await press(figure, 'awake');
  await turn(true);
  const hidden = await stepOf(figure);
  await eventually(async () => assert.ok((await stepOf(figure)) > hidden + 5));
});

for (const missing of ['/train/lesson.js', '/training/page/controller.js']) {
  test(`code that cannot be fetched fails the figure, with a message: ${missing}`, async () => {
    seen = await visit({ height: 600 });
    await seen.figure('morph').ready();
    await seen.page.setRequestInterception(true);
    seen.page.on('request', (request) => (request.url().endsWith(missing) ? request.abort() : request.continue()));
    figure = seen.figure('train');
    assert.equal(await figure.settled(), 'error');
    assert.equal(await (await figure.part('failure')).evaluate((node) => node.dataset.kind), 'unreachable');
    assert.match(await figure.failure(), /train/);
    // The browser’s own word for it.
    const complaints = seen.complaints.splice(0);
    assert.ok(
      complaints.every((complaint) => complaint.includes('ERR_FAILED')),
      complaints.join(),
    );
  });
}

test('axe-core finds nothing wrong, before and during a run', async () => {
  for (const scheme of ['light', 'dark']) {
    await train({ scheme });
    await small(figure);
    assert.deepEqual(await violations(seen.page), []);
    await steps(figure, 2);
    assert.deepEqual(await violations(seen.page), []);
    if (scheme === 'light') await seen.close();
  }
});
