// The reader's own picture in a figure: by file, drop, paste or camera.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { add, ARTICLE, eventually, figureAddress, openChromium, violations } from './support/browser.mjs';
import {
  colorAt,
  dropOn,
  isBlack,
  isGreen,
  isOpen,
  isShown,
  isWhite,
  PAPER,
  paste,
  placed,
  quartersAre,
  rgba,
  rgbaOf,
  status,
  take,
  WIDE,
  withWide,
} from './support/own.mjs';
import { png, wide } from './support/pictures.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

describe('the sources of a picture', () => {
  test('a file becomes the first end, with the original beside its redrawing, and the reader can undo that', async () => {
    const { figure: of } = await visit.shared('emoji');
    const figure = await of('emoji').ready();
    const before = await rgbaOf(figure, '[part=strip]');
    await figure.click('from-own');
    const input = await figure.part('own-file-input');
    const handle = await figure.page.evaluateHandle((base64) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], 'wide.png', { type: 'image/png' }));
      return transfer.files;
    }, wide().toString('base64'));
    await input.evaluate((node, files) => {
      node.files = files;
      node.dispatchEvent(new Event('change'));
    }, handle);
    await placed(figure);
    const seen = await rgba(figure, 'own-seen');
    const picture = await take(figure);
    await eventually(async () => {
      const strip = await rgbaOf(figure, '[part=strip]');
      assert.deepEqual(strip[0], picture);
      assert.deepEqual(strip.at(-1), before.at(-1));
    });
    await eventually(async () =>
      assert.deepEqual(await rgbaOf(figure, '[part=from] .pair'), [seen, picture], 'original and redrawn'),
    );
    const label = await (await figure.part('strip')).evaluate((node) => node.getAttribute('aria-label'));
    assert.match(label, /from your picture to/);
    assert.equal(await figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('[part=from] :checked')), null);
    await figure.click('from-another');
    await eventually(async () => assert.deepEqual(await rgbaOf(figure, '[part=strip]'), before));
  });

  test('a dropped picture is for the end that it is dropped on, or else for the end on that side', async () => {
    const { figure: of } = await visit.shared('emoji');
    const figure = await of('emoji').ready();
    const before = await rgbaOf(figure, '[part=strip]');
    for (const [place, end] of [
      [{ part: 'to' }, 'to'],
      [{ part: 'from' }, 'from'],
      [{ part: 'picture', share: 0.1 }, 'from'],
      [{ part: 'figure', share: 0.9 }, 'to'],
    ]) {
      await eventually(async () => {
        if (!(await isOpen(figure))) await dropOn(figure, [WIDE()], place);
        assert.ok(await isOpen(figure));
      });
      await placed(figure);
      const title = await (await figure.inside('#own-title')).evaluate((node) => node.textContent);
      assert.equal(
        title,
        end === 'to' ? 'Your picture as the last' : 'Your picture as the first',
        JSON.stringify(place),
      );
      await figure.page.keyboard.press('Escape');
      await eventually(async () => assert.equal(await isOpen(figure), false));
    }
    assert.deepEqual(await rgbaOf(figure, '[part=strip]'), before, 'the figure is unchanged until the reader confirms');
  });

  test('a pasted picture is accepted if the focus is in the figure, but not in a text field', async () => {
    const { page, figure: of } = await visit.shared('emoji');
    const figure = await of('emoji').ready();
    await page.evaluate(() => {
      document.querySelector('main').insertAdjacentHTML('beforeend', '<p><input id="elsewhere" aria-label="Text"></p>');
    });
    await page.focus('#elsewhere');
    // Once a drop is accepted, a paste would be too.
    await eventually(async () => assert.ok(await dropOn(figure, [])));
    assert.equal(await paste(page, [WIDE()]), false, 'a text field has the focus');
    await page.evaluate(() => document.activeElement.blur());
    assert.equal(await paste(page, [WIDE()]), false, 'nothing has the focus');
    await figure.focus('to-own');
    assert.equal(await paste(page, []), false, 'no file');
    assert.equal(await paste(page, [WIDE()]), true);
    await placed(figure);
    assert.match(await (await figure.inside('#own-title')).evaluate((node) => node.textContent), /as the last/);
    // A second picture replaces the first one in the open dialog.
    const green = png(20, 20, () => [20, 210, 20]);
    assert.equal(await paste(page, [{ name: 'green.png', bytes: green }]), true);
    await quartersAre(figure, isGreen, isGreen, isGreen, isGreen);
    await figure.click('own-cancel');
    await page.evaluate(() => document.getElementById('elsewhere').remove());
  });

  test('a drawing is ink on paper for a network trained on colors, and centered for one trained on digits', async () => {
    for (const [name, isPaper] of [
      ['emoji', isWhite],
      ['morph', isBlack],
    ]) {
      const { page, figure: of } = await visit.shared(name);
      const figure = await of(name).ready();
      await figure.click('to-own');
      await figure.click('own-draw');
      const { x, y, width, height } = await figure.box('pad');
      await page.mouse.move(x + 0.1 * width, y + 0.1 * height);
      await page.mouse.down();
      await page.mouse.move(x + 0.3 * width, y + 0.4 * height, { steps: 5 });
      await page.mouse.up();
      await figure.click('own-pad-use');
      await placed(figure);
      const seen = await rgba(figure, 'own-seen');
      assert.ok(isPaper(colorAt(seen, 0.05, 0.5)), `${name}: ${colorAt(seen, 0.05, 0.5)}`);
      const middle = colorAt(seen, 0.5, 0.5);
      assert.ok(name === 'morph' ? isWhite(middle) : Math.max(...middle) < 130, `${name}, in the middle: ${middle}`);
      const picture = await take(figure);
      await eventually(async () => assert.deepEqual((await rgbaOf(figure, '[part=strip]')).at(-1), picture));
    }
  });
});

describe('a file that is not a picture', () => {
  const cases = [
    [
      'words.txt',
      Buffer.from('These are words.'),
      /^words\.txt cannot be used: this browser cannot read it as a picture\.$/,
    ],
    ['empty.png', Buffer.alloc(0), /^empty\.png cannot be used: it is empty\.$/],
    ['cut.png', wide().subarray(0, 70), /^cut\.png cannot be used: this browser cannot read it/],
    ['huge.png', png(1, 1, () => [0, 0, 0], [60_000, 60_000]), /60000 by 60000 pixels, and 64 million is the limit/],
    ['large.bmp', Buffer.alloc((64 << 20) + 1), /it has 67 MB, and a picture may have 67 at most/],
    ['shapes.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'), /it is an SVG/],
    ['<img onerror=alert(1)>.png', Buffer.from('no'), /^<img onerror=alert\(1\)>\.png cannot be used/],
  ];

  test('is refused with a reason, and the end and a placed picture stay', async () => {
    const { seen, figure } = await withWide(visit);
    const before = await rgbaOf(figure, '[part=strip]');
    const shown = await rgba(figure, 'own-seen');
    for (const [name, bytes, reason] of cases) {
      if (name === 'large.bmp') {
        // Created in the page, since sending so many bytes to it would take long.
        await figure.evaluate((element, length) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([new Uint8Array(length)], 'large.bmp'));
          const node = element.shadowRoot.querySelector('[part=figure]');
          node.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }, bytes.length);
      } else await dropOn(figure, [{ name, bytes, type: '' }]);
      await eventually(async () => assert.match(await status(figure), reason));
      assert.deepEqual(await rgba(figure, 'own-seen'), shown, name);
      assert.ok(await isShown(figure, 'own-square'));
    }
    // A valid picture clears the message.
    await dropOn(figure, [WIDE()]);
    await eventually(async () => assert.equal(await status(figure), ''));
    await figure.click('own-cancel');
    assert.deepEqual(await rgbaOf(figure, '[part=strip]'), before);
    assert.deepEqual(seen.complaints, []);
  });

  test('opens the dialog with the reason if it is closed, and cannot be used', async () => {
    const { figure: of } = await visit.shared('morph');
    const figure = await of('morph').ready();
    await eventually(async () => {
      if (!(await isOpen(figure))) await dropOn(figure, [{ name: 'words.txt', bytes: Buffer.from('words') }]);
      assert.ok(await isOpen(figure));
    });
    await eventually(async () => assert.match(await status(figure), /words\.txt cannot be used/));
    assert.ok(await (await figure.part('own-use')).evaluate((button) => button.disabled));
    assert.equal(await isShown(figure, 'own-square'), false);
  });
});

test('only the figure with the focus accepts a pasted picture, even if a figure that trains is on the page', async () => {
  const { page, figure: of } = await visit({ from: figureAddress('emoji') });
  await add(page, ARTICLE.cats, ARTICLE.train);
  const [emoji, cats, train] = [of('emoji'), of('cats'), of('train')];
  for (const each of [train, cats, emoji]) await each.ready();
  await eventually(async () => assert.ok((await dropOn(emoji, [])) && (await dropOn(cats, []))));
  const count = async () => (await train.part('count')).evaluate((node) => node.textContent);
  const none = await count();
  await cats.focus('from-own');
  await train.evaluate((element) => element.scrollIntoView());
  assert.equal(await paste(page, [WIDE()]), true);
  await placed(cats);
  assert.equal(await isOpen(emoji), false);
  assert.equal(await count(), none);
  await cats.click('own-cancel');
  await emoji.focus('to-own');
  assert.equal(await paste(page, [WIDE()]), true);
  await placed(emoji);
  assert.equal(await isOpen(cats), false);
});

describe('the camera', () => {
  const visit = visits(() => openChromium('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'));

  async function camera() {
    const { page, figure: of } = await visit({ from: figureAddress('emoji') });
    const figure = await of('emoji').ready();
    await figure.click('from-own');
    await figure.click('own-camera');
    await eventually(async () =>
      assert.ok((await (await figure.part('video')).evaluate((video) => video.videoWidth)) > 0),
    );
    const tracks = await (await figure.part('video')).evaluateHandle((video) => video.srcObject.getTracks());
    return { page, figure, tracks };
  }

  const ended = (tracks) =>
    eventually(async () =>
      assert.deepEqual(await tracks.evaluate((all) => all.map(({ readyState }) => readyState)), ['ended']),
    );

  test('takes a picture that is placed like any other, and is then turned off', async () => {
    const { figure, tracks } = await camera();
    await figure.click('own-shoot');
    await placed(figure);
    await ended(tracks);
    const picture = await take(figure);
    await eventually(async () => assert.deepEqual((await rgbaOf(figure, '[part=strip]'))[0], picture));
  });

  test('is turned off when the dialog is closed, when another picture arrives, and when the figure is removed', async () => {
    for (const end of [
      ({ page }) => page.keyboard.press('Escape'),
      ({ figure }) => dropOn(figure, [WIDE()]),
      ({ figure }) => figure.click('own-draw'),
      ({ page }) => page.evaluate(() => document.querySelector('latent-lab').remove()),
    ]) {
      const opened = await camera();
      await end(opened);
      await ended(opened.tracks);
    }
  });
});

test('the dialog explains if the camera is denied, missing or in use, and a camera granted too late is turned off', async () => {
  const { page, figure: of } = await visit({
    from: figureAddress('emoji'),
    before: () => {
      globalThis.answers = ['NotAllowedError', 'NotFoundError', 'NotReadableError'];
      globalThis.streams = [];
      const getUserMedia = async () => {
        const name = globalThis.answers.shift();
        if (name) throw new DOMException('no', name);
        const stream = document.createElement('canvas').captureStream();
        globalThis.streams.push(stream);
        return new Promise((resolve) => (globalThis.grant = () => resolve(stream)));
      };
      Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia }, configurable: true });
    },
  });
  const figure = await of('emoji').ready();
  await figure.click('from-own');
  for (const reason of ['permission was denied', 'no camera was found', 'another program uses it']) {
    await figure.click('own-camera');
    await eventually(async () => assert.equal(await status(figure), `The camera cannot be used: ${reason}.`));
    assert.equal(await isShown(figure, 'own-shoot'), false);
  }
  await figure.click('own-camera');
  await eventually(async () => assert.equal(await page.evaluate(() => globalThis.streams.length), 1));
  await page.keyboard.press('Escape');
  await page.evaluate(() => globalThis.grant());
  await eventually(async () =>
    assert.deepEqual(await page.evaluate(() => globalThis.streams[0].getTracks().map(({ readyState }) => readyState)), [
      'ended',
    ]),
  );
});

test('axe finds nothing in any state of the dialog', async () => {
  const { page, figure: of } = await visit.shared('morph');
  const figure = await of('morph').ready();
  await figure.click('from-own');
  await figure.part('own-dialog');
  assert.deepEqual(await violations(page), []);
  await figure.click('own-draw');
  assert.deepEqual(await violations(page), []);
  await dropOn(figure, [PAPER()]);
  await placed(figure);
  assert.deepEqual(await violations(page), []);
  await take(figure);
  assert.deepEqual(await violations(page), []);
});
