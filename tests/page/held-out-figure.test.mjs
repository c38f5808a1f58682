// Held-out pictures in the figure `train`: which pictures it holds out, and what it shows, announces and stores about them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, figureAddress } from './support/browser.mjs';
import { inEveryBrowser } from './support/browsers.mjs';
import { elboInBrowser, makeOld } from './support/held-out.mjs';
import { phase, trainVisits } from './support/train-figure.mjs';
import { drop, idx, press, SMALL, stepOf, steps, stored, storedAt, text, type } from './support/training.mjs';

const { train, trainSmall } = trainVisits();

/** The visible charts of held-out pictures, by their parts. */
const charts = (figure) =>
  figure.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll('[part=held-out] [part^=chart]')]
      .filter((node) => node.checkVisibility())
      .map((node) => node.getAttribute('part')),
  );

/** Names and values in a chart's legend. */
const legend = (figure, part) =>
  figure.evaluate(
    ({ shadowRoot }, part) =>
      Object.fromEntries(
        [...shadowRoot.querySelectorAll(`[part=${part}] .key`)].map((key) => [
          key.firstChild.textContent,
          Number(key.querySelector('b').textContent),
        ]),
      ),
    part,
  );

const isShown = (figure) =>
  figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.held-out').checkVisibility());

const plan = (more) => ({ from: figureAddress('train', { plan: `${SMALL.plan}; ${more}` }) });

test('a tenth of the pictures is held out, and after each step the figure shows their loss', async () => {
  const { seen, figure } = await trainSmall();
  await steps(figure, 1);
  await eventually(async () => assert.match(await text(figure, 'held-out-text'), /^After step 1 /));
  const [, value, training, floor] =
    /^After step 1 a held-out picture costs ([\d.]+) nats \(−ELBO, mean of 6\), a training picture ([\d.]+)\. Of these, ([\d.]+) nats are the entropy of the targets, which no network can save\.$/.exec(
      await text(figure, 'held-out-text'),
    ) ?? assert.fail(await text(figure, 'held-out-text'));
  const { run, progress } = await storedAt(seen.page, 1);
  assert.deepEqual([run.heldOut, run.pictures], [6, 64 * 144]);
  const [step, reconstruction, kl] = progress.heldOut;
  assert.deepEqual([step, progress.heldOut.length], [1, 5]);
  assert.equal((reconstruction + kl).toFixed(1), Number(value).toFixed(1));
  assert.equal((progress.curve[1] + progress.curve[2]).toFixed(1), Number(training).toFixed(1));
  assert.ok(Number(floor) < reconstruction, 'the entropy of the targets is below the reconstruction loss');
  assert.deepEqual(await charts(figure), ['chart-held-out-variational', 'chart-held-out-autoencoder']);
  const shown = await legend(figure, 'chart-held-out-variational');
  assert.deepEqual(Object.keys(shown), ['Held out', 'Training', 'Entropy of the targets']);
  assert.ok(Math.abs(shown['Held out'] - Number(value)) < 0.06, JSON.stringify(shown));
  assert.match(await text(figure, 'status'), /^Step 1 · epoch 0\.3 /, '16 of 58 training pictures');
  await steps(figure, 1);
  await eventually(async () => assert.match(await text(figure, 'held-out-text'), /^After step 2 /));
});

test('held-out losses are measured and announced during a run, and measured for its last step', async () => {
  const { figure } = await trainSmall();
  await steps(figure, 1);
  await eventually(async () => assert.match(await text(figure, 'held-out-text'), /^After step 1 /));
  await press(figure, 'play');
  const spoken = () =>
    figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.start [role=status].unseen').textContent);
  await eventually(async () =>
    assert.match(await spoken(), /^Step [\d,]+, epoch [\d.,]+, [\d.]+ nats on held-out pictures$/),
  );
  const measured = async () =>
    Number(/^After step ([\d,]+)/.exec(await text(figure, 'held-out-text'))[1].replace(',', ''));
  await eventually(async () => assert.ok((await measured()) > 1));
  await press(figure, 'play');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  await eventually(async () => assert.equal(await measured(), await stepOf(figure)));
});

test('the curve of held-out pictures continues after a reload', async () => {
  const { seen, figure } = await trainSmall();
  await steps(figure, 3);
  const { progress } = await storedAt(seen.page, 3);
  const words = await text(figure, 'held-out-text');
  await seen.page.reload();
  await figure.ready();
  await eventually(async () => assert.equal(await text(figure, 'held-out-text'), words));
  await steps(figure, 1);
  const { progress: more } = await storedAt(seen.page, 4);
  assert.deepEqual(more.heldOut.slice(0, -5), progress.heldOut);
});

test('a run that an earlier version stored continues with all its pictures and holds none out', async () => {
  const all = plan('held: 0');
  const { seen, figure } = await trainSmall(all);
  await steps(figure, 4);
  assert.equal(await isShown(figure), false);
  const { progress: straight } = await storedAt(seen.page, 4);
  assert.deepEqual(straight.heldOut, []);
  await press(figure, 'reset');
  await eventually(async () => assert.equal(await phase(figure), 'Start'));
  await steps(figure, 2);
  await storedAt(seen.page, 2);
  const name = `${SMALL.plan}; held: 0`;
  // The page stores its run when it is left.
  await seen.page.goto(new URL('icon.svg', address).href);
  await seen.page.evaluate(makeOld, name);
  await seen.page.goto(all.from);
  await figure.ready();
  await eventually(async () => assert.equal(await stepOf(figure), 2));
  await steps(figure, 2);
  const { progress } = await storedAt(seen.page, 4);
  assert.deepEqual(progress.curve, straight.curve);
  assert.deepEqual(progress.weights, straight.weights);
  assert.equal(await isShown(figure), false);
  assert.equal((await stored(seen.page)).run.settings.held, 0);
});

test('if there are few pictures, none are held out, and the figure says so', async () => {
  const { figure } = await train({ from: figureAddress('train', SMALL) });
  await drop(figure, [{ name: 'bars', bytes: idx(19, 12) }]);
  await eventually(async () => assert.equal(await text(figure, 'count'), '19 pictures'));
  await steps(figure, 1);
  await eventually(async () =>
    assert.equal(await text(figure, 'held-out-about'), 'With fewer than 20 pictures none is held out.'),
  );
  assert.deepEqual(await charts(figure), []);
  assert.equal(await text(figure, 'held-out-text'), '');
});

test('for the squared error the figure shows bits per dimension, with the fitted deviation and with the one that the loss implies', async () => {
  const { figure } = await trainSmall(plan('loss: gaussian; kind: variational'));
  await steps(figure, 2);
  await eventually(async () =>
    assert.match(
      await text(figure, 'held-out-text'),
      /^After step 2 a held-out picture takes [\d.]+ bits per dimension \(mean of 6\), with the deviation that fits the training pictures, \d+ gray levels\. With the deviation that the loss implies, 180 gray levels, it would take [89]\.\d\d\.$/,
    ),
  );
  assert.deepEqual(await charts(figure), ['chart-held-out-variational', 'chart-bits']);
  const { 'All bytes equally likely': even, ...bits } = await legend(figure, 'chart-bits');
  assert.equal(even, 8);
  assert.deepEqual(Object.keys(bits), ['Fitted deviation', 'The loss’s deviation']);
});

test('a plain network has a reconstruction loss but no bound', async () => {
  const { figure } = await trainSmall(plan('kind: autoencoder'));
  await steps(figure, 1);
  await eventually(async () =>
    assert.match(
      await text(figure, 'held-out-text'),
      /^After step 1 the reconstruction of a held-out picture costs [\d.]+ nats \(mean of 6\), that of a training picture [\d.]+\./,
    ),
  );
  assert.deepEqual(await charts(figure), ['chart-held-out-autoencoder']);
});

test('the held-out share is a setting that can be typed with the keyboard and is kept in the plan', async () => {
  const { seen, figure } = await trainSmall();
  await figure.evaluate((element) =>
    element.addEventListener('change', ({ detail }) => (globalThis.plan = detail.plan ?? globalThis.plan)),
  );
  await type(figure, 'held', 25);
  await eventually(async () => assert.match(await seen.page.evaluate(() => globalThis.plan), /; held: 0\.25;/));
  await steps(figure, 1);
  assert.equal((await storedAt(seen.page, 1)).run.heldOut, 16);
});

inEveryBrowser((browser) => {
  for (const kind of ['variational', 'autoencoder']) {
    for (const likelihood of ['bernoulli', 'gaussian']) {
      test(`the parts of -ELBO equal a direct computation: ${kind}, ${likelihood}`, async () => {
        await browser.open(new URL('icon.svg', address).href);
        const { got, expected, refused } = await browser.run(elboInBrowser, { kind, likelihood });
        // Latents and logits are 32-bit floats.
        for (const part of ['reconstruction', 'kl']) {
          assert.ok(Math.abs(got[part] - expected[part]) <= 1e-5 * Math.abs(expected[part]), `${part}: ${got[part]}`);
        }
        assert.equal(kind === 'variational', /expected 15 values of noise/.test(refused));
      });
    }
  }

  test('the figure shows the losses of held-out pictures for the trained network and for the network that drew them', async () => {
    const presets = 'preset: quick; layers: 4 3 2, 4 3 2, 4 3 2; latent: 2';
    await browser.open(figureAddress('train', { plan: presets }));
    const ask = (part) =>
      browser.run(
        async (part) => document.querySelector('latent-lab').shadowRoot?.querySelector(`[part=${part}]`)?.textContent,
        part,
      );
    await eventually(async () => assert.equal(await ask('play'), 'Start'));
    await browser.run(async () =>
      document.querySelector('latent-lab').shadowRoot.querySelector('[part=use-digits]').click(),
    );
    await eventually(async () => assert.match(await ask('count'), /^2,000 pictures$/));
    await browser.run(async () => document.querySelector('latent-lab').shadowRoot.querySelector('[part=step]').click());
    await eventually(async () =>
      assert.match(
        await ask('held-out-text'),
        /^After step 1 a held-out picture costs [\d.]+ nats \(−ELBO, mean of 128\)/,
      ),
    );
    const line = /digits, which drew them ([\d.]+)/.exec(await ask('chart-held-out-variational'));
    // The network has 95.7 nats on test digits. Its own drawings suit it better, but contain more gray.
    assert.ok(line && Number(line[1]) > 80 && Number(line[1]) < 125, line?.[0]);
    assert.equal(
      await ask('held-out-about'),
      'digits, which drew them: −ELBO of this page’s network digits on the same held-out pictures.',
    );
  });
});
