// A picture of the visitor's in a network of the page: by file, drop, paste, camera or pad it is placed by hand and becomes an end.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { add, ARTICLE, eventually, figureAddress, openChromium, violations } from './support/browser.mjs';
import {
  colorAt,
  dropOn,
  isOpen,
  isShown,
  paste,
  placed,
  redrawn,
  rgba,
  rgbaOf,
  status,
  take,
} from './support/own.mjs';
import { paper, png, wide } from './support/pictures.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

const WIDE = () => ({ name: 'wide.png', bytes: wide() });
const PAPER = () => ({ name: 'seven.png', bytes: paper() });

const isRed = ([red, green, blue]) => red > 150 && green < 100 && blue < 100;
const isGreen = ([red, green, blue]) => green > 150 && red < 100 && blue < 100;
const isBlue = ([red, green, blue]) => blue > 150 && red < 100 && green < 100;
const isYellow = ([red, green, blue]) => red > 150 && green > 150 && blue < 100;
const isWhite = (color) => Math.min(...color) > 200;
const isBlack = (color) => Math.max(...color) < 60;

/** The quarters of what goes in, from the upper left one, clockwise. */
async function quarters(figure) {
  const seen = await rgba(figure, 'own-seen');
  return [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ].map(([right, down]) => colorAt(seen, right, down));
}

/** Asserts what the quarters of the network's picture are, once it has been drawn. */
const quartersAre = (figure, ...expected) =>
  eventually(async () => {
    const colors = await quarters(figure);
    expected.forEach((is, i) => assert.ok(is(colors[i]), `quarter ${i}: ${colors[i]}`));
  });

/** A new figure with the wide picture in its dialog. */
async function withWide(options) {
  const seen = await visit.shared('emoji', {}, options);
  const figure = await seen.figure('emoji').ready();
  // What takes dropped files is loaded when the page has nothing else to do.
  await eventually(async () => {
    if (!(await isOpen(figure))) await dropOn(figure, [WIDE()]);
    assert.ok(await isOpen(figure));
  });
  await placed(figure);
  return { seen, figure };
}

describe('how a picture comes', () => {
  test('a file becomes the first end, with its original beside its redrawing, and the reader can go back', async () => {
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

  test('a dropped picture goes to the end that it is dropped on, or to the one on its side', async () => {
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
    assert.deepEqual(await rgbaOf(figure, '[part=strip]'), before, 'nothing is taken unless the reader says so');
  });

  test('a pasted picture is taken with the focus in the figure, and not while the reader writes', async () => {
    const { page, figure: of } = await visit.shared('emoji');
    const figure = await of('emoji').ready();
    await page.evaluate(() => {
      document.querySelector('main').insertAdjacentHTML('beforeend', '<p><input id="elsewhere" aria-label="Text"></p>');
    });
    await page.focus('#elsewhere');
    // Once a drop is taken, so would be a paste.
    await eventually(async () => assert.ok(await dropOn(figure, [])));
    assert.equal(await paste(page, [WIDE()]), false, 'a text field has the focus');
    await page.evaluate(() => document.activeElement.blur());
    assert.equal(await paste(page, [WIDE()]), false, 'nothing has the focus');
    await figure.focus('to-own');
    assert.equal(await paste(page, []), false, 'no file');
    assert.equal(await paste(page, [WIDE()]), true);
    await placed(figure);
    assert.match(await (await figure.inside('#own-title')).evaluate((node) => node.textContent), /as the last/);
    // Another one takes its place in the open dialog.
    const green = png(20, 20, () => [20, 210, 20]);
    assert.equal(await paste(page, [{ name: 'green.png', bytes: green }]), true);
    await quartersAre(figure, isGreen, isGreen, isGreen, isGreen);
    await figure.click('own-cancel');
    await page.evaluate(() => document.getElementById('elsewhere').remove());
  });

  test('a drawing is ink on paper for a network of colors, and centered for one of digits', async () => {
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

describe('what is not a picture', () => {
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

  test('is refused with its reason, and the end and a placed picture stay', async () => {
    const { seen, figure } = await withWide();
    const before = await rgbaOf(figure, '[part=strip]');
    const shown = await rgba(figure, 'own-seen');
    for (const [name, bytes, reason] of cases) {
      if (name === 'large.bmp') {
        // Made in the page: its bytes would take long to get there.
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
    // A good one clears the message.
    await dropOn(figure, [WIDE()]);
    await eventually(async () => assert.equal(await status(figure), ''));
    await figure.click('own-cancel');
    assert.deepEqual(await rgbaOf(figure, '[part=strip]'), before);
    assert.deepEqual(seen.complaints, []);
  });

  test('opens the dialog with the reason where none is open, and there is nothing to take', async () => {
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

describe('placing', () => {
  test('the first square is the middle, with the code that the element gives the file', async () => {
    const { figure } = await withWide();
    await quartersAre(figure, isRed, isGreen, isYellow, isBlue);
    const distance = await figure.evaluate(async (element, base64) => {
      const file = await (await fetch(`data:image/png;base64,${base64}`)).blob();
      const { mean } = await element.encode(file);
      const canvas = element.shadowRoot.querySelector('[part=own-seen]');
      const { mean: seen } = await element.encode(canvas);
      return Math.hypot(...mean.map((value, i) => value - seen[i])) / Math.hypot(...mean);
    }, wide().toString('base64'));
    assert.ok(distance < 0.05, `${distance}`);
  });

  test('a drag moves the picture, and the redrawing follows', async () => {
    const { seen, figure } = await withWide();
    const before = await redrawn(figure);
    const { x, y, width, height } = await figure.box('own-square');
    await seen.page.mouse.move(x + 0.5 * width, y + 0.5 * height);
    await seen.page.mouse.down();
    await seen.page.mouse.move(x + 1 * width, y + 0.5 * height, { steps: 4 });
    await seen.page.mouse.up();
    await quartersAre(figure, isBlack, isRed, isBlue, isBlack);
    assert.notDeepEqual(await redrawn(figure), before);
    await figure.click('own-reset');
    await quartersAre(figure, isRed, isGreen, isYellow, isBlue);
    assert.deepEqual(await redrawn(figure), before);
  });

  test('the wheel zooms about the pointer, and the page does not scroll', async () => {
    const { seen, figure } = await withWide();
    const { x, y, width, height } = await figure.box('own-square');
    const scroll = await seen.page.evaluate(() => scrollY);
    await seen.page.mouse.move(x + 0.02 * width, y + 0.02 * height);
    await seen.page.mouse.wheel({ deltaY: -700 });
    await quartersAre(figure, isRed, isRed, isRed, isRed);
    assert.equal(await seen.page.evaluate(() => scrollY), scroll);
  });

  test('keys do all of it', async () => {
    const { seen, figure } = await withWide();
    const { keyboard } = seen.page;
    await figure.focus('own-square');
    for (let i = 0; i < 10; i++) await keyboard.press('ArrowLeft');
    await quartersAre(figure, isGreen, isWhite, isWhite, isYellow);
    await keyboard.press('Home');
    for (let i = 0; i < 18; i++) await keyboard.press('r');
    await quartersAre(figure, isBlue, isRed, isGreen, isYellow);
    await keyboard.press('Home');
    for (let i = 0; i < 10; i++) await keyboard.press('ArrowDown');
    for (let i = 0; i < 10; i++) await keyboard.press('ArrowRight');
    for (let i = 0; i < 8; i++) await keyboard.press('+');
    await eventually(async () => {
      const value = await (await figure.part('own-zoom')).evaluate((node) => node.getAttribute('aria-valuetext'));
      assert.equal(value, '2.14×');
    });
    const said = await (await figure.inside('.own-placing [role=status]')).evaluate((node) => node.textContent);
    assert.equal(said, 'Zoom 2.14×, turned by 0°');
    await keyboard.press('Escape');
    assert.equal(await isOpen(figure), false);
  });

  test('so do buttons and sliders', async () => {
    const { seen, figure } = await withWide();
    for (let i = 0; i < 10; i++) await figure.click('own-right');
    await quartersAre(figure, isBlack, isRed, isBlue, isBlack);
    await figure.click('own-reset');
    await figure.click('own-quarter');
    await quartersAre(figure, isBlue, isRed, isGreen, isYellow);
    await figure.focus('own-turn');
    await seen.page.keyboard.press('End');
    await quartersAre(figure, isYellow, isBlue, isRed, isGreen);
    await figure.click('own-reset');
    await figure.focus('own-zoom');
    await seen.page.keyboard.press('Home');
    // Half of the zoom at which all of the picture is in the square: it lies in the middle, and its edge’s color around it.
    await eventually(async () => {
      const seen = await rgba(figure, 'own-seen');
      assert.ok(isBlack(colorAt(seen, 0.28, 0.5)) && isWhite(colorAt(seen, 0.72, 0.5)), 'both sides are in');
      assert.deepEqual(colorAt(seen, 0.5, 0.1), colorAt(seen, 0.1, 0.9));
    });
  });

  test('two fingers zoom and turn, one moves, on a narrow screen', async () => {
    const { seen, figure } = await withWide({ width: 390, height: 844, touch: true });
    const client = await seen.page.createCDPSession();
    const { x, y, width, height } = await figure.box('own-square');
    const fingers = (type, ...points) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([right, down], id) => ({ x: x + right * width, y: y + down * height, id })),
      });
    // A quarter turn clockwise about the left finger, in the middle.
    const middle = [0.5, 0.5];
    await fingers('touchStart', middle, [0.8, 0.5]);
    for (const degrees of [30, 60, 90]) {
      const angle = (degrees * Math.PI) / 180;
      await fingers('touchMove', middle, [0.5 + 0.3 * Math.cos(angle), 0.5 + 0.3 * Math.sin(angle)]);
    }
    await fingers('touchEnd');
    await quartersAre(figure, isBlue, isRed, isGreen, isYellow);
    const turn = await (await figure.part('own-turn')).evaluate((node) => node.valueAsNumber);
    assert.ok(Math.abs(turn - 90) <= 1, `${turn}`);
    await fingers('touchStart', [0.4, 0.5], [0.6, 0.5]);
    await fingers('touchMove', [0.4, 0.5], [0.8, 0.5]);
    await fingers('touchEnd');
    const zoom = await (await figure.part('own-zoom')).evaluate((node) => node.valueAsNumber);
    assert.ok(Math.abs(zoom - 1) < 0.1, `${zoom} doublings`);
    await (await figure.part('own-reset')).evaluate((node) => node.click());
    await fingers('touchStart', middle);
    await fingers('touchMove', [0.75, 0.5]);
    await fingers('touchMove', [1, 0.5]);
    await fingers('touchEnd');
    await quartersAre(figure, isBlack, isRed, isBlue, isBlack);
    await client.detach();
  });

  test('a picture that was taken can be placed again where it was', async () => {
    const { figure } = await withWide();
    await figure.click('own-quarter');
    const picture = await take(figure);
    assert.equal(await (await figure.part('from-own')).evaluate((node) => node.textContent), 'Change your picture');
    await figure.click('from-own');
    await placed(figure);
    await quartersAre(figure, isBlue, isRed, isGreen, isYellow);
    assert.deepEqual(await redrawn(figure), picture);
    await figure.click('own-reset');
    await quartersAre(figure, isRed, isGreen, isYellow, isBlue);
    const other = await take(figure);
    assert.notDeepEqual(other, picture);
    await eventually(async () => assert.deepEqual((await rgbaOf(figure, '[part=strip]'))[0], other));
  });
});

describe('a network of strokes', () => {
  test('sees a digit on paper white on black, centered as its own, and the reader can have the paper back', async () => {
    const { figure: of } = await visit.shared('morph');
    const figure = await of('morph').ready();
    await eventually(async () => {
      if (!(await isOpen(figure))) await dropOn(figure, [PAPER()]);
      assert.ok(await isOpen(figure));
    });
    await placed(figure);
    const values = async () => (await rgba(figure, 'own-seen')).filter((_, i) => i % 4 === 0);
    const seen = await values();
    const at = (right, down) => seen[down * 28 + right];
    const edge = seen.filter((_, i) => i % 28 === 0 || i % 28 === 27 || i < 28 || i >= 27 * 28);
    assert.equal(Math.max(...edge), 0);
    assert.ok(
      Math.max(...seen) > 200 && at(14, 14) + at(15, 14) + at(16, 14) + at(13, 14) > 150,
      'the stem is in the middle',
    );
    const rows = seen.flatMap((value, i) => (value > 90 ? [Math.floor(i / 28)] : []));
    const height = Math.max(...rows) - Math.min(...rows) + 1;
    assert.ok(Math.abs(height - 20) <= 2, `${height} rows of 28`);
    assert.ok(await (await figure.part('own-ink')).evaluate((node) => node.checked));
    await figure.click('own-ink');
    await eventually(async () => assert.ok((await values())[0] > 150, 'the paper is light again'));
  });

  test('one of colors offers nothing of the kind', async () => {
    const { figure } = await withWide();
    assert.equal(await isShown(figure, 'own-ink'), false);
  });
});

describe('what leaves the figure', () => {
  test('a link does not carry the picture, and says so; pictures and animations contain it', async () => {
    const { seen, figure } = await withWide();
    const picture = await take(figure);
    await eventually(async () => assert.deepEqual((await rgbaOf(figure, '[part=strip]'))[0], picture));
    assert.deepEqual((await figure.state()).z, { from: null, to: null });
    await figure.click('embed');
    // The code is there once the files have been hashed.
    await eventually(async () => {
      const text = await (await figure.part('embed-text')).evaluate((node) => node.value);
      assert.match(text, /from=7%3A3/);
      assert.doesNotMatch(text, /[?&]z=/);
    });
    const note = () =>
      figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('[part=embed-private]').textContent);
    assert.match(await note(), /^Your picture is not in the link, which shows picture \d+ in its place\. Exports/);
    await figure.click('embed-close');
    const frames = await figure.evaluate(async (element) => {
      const first = async (blob, width, height) => {
        const bitmap = await createImageBitmap(blob);
        const canvas = Object.assign(document.createElement('canvas'), { width, height });
        canvas.getContext('2d').drawImage(bitmap, 0, 0);
        return [...canvas.getContext('2d').getImageData(0, 0, width, height).data];
      };
      const still = await first(await element.toBlob('image/png', { scale: 1 }), 32, 32);
      return { still, film: await first(await element.toGIF({ scale: 1, frames: 3 }), 32, 32) };
    });
    assert.deepEqual(frames.still, picture);
    const apart = picture.reduce((sum, value, i) => sum + Math.abs(value - frames.film[i]), 0) / picture.length;
    assert.ok(apart < 8, `the first frame of the GIF is ${apart} off on average, with its own palette`);
    // Without the picture, there is nothing to say.
    await figure.click('from-another');
    await figure.click('embed');
    await eventually(async () =>
      assert.match(await (await figure.part('embed-text')).evaluate((node) => node.value), /from=/),
    );
    assert.equal(await note(), '');
    await figure.click('embed-close');
    assert.deepEqual(await seen.page.evaluate(() => location.hash), '');
  });

  test('attributes that the host sets take the place of the picture, others leave it', async () => {
    const { figure } = await withWide();
    const picture = await take(figure);
    const first = async () => (await rgbaOf(figure, '[part=strip]'))[0];
    await eventually(async () => assert.deepEqual(await first(), picture));
    await figure.set('path', 'lerp');
    await figure.set('to', '2:4');
    await eventually(async () => assert.equal((await figure.state()).to.digit, 2));
    await eventually(async () => assert.deepEqual(await first(), picture));
    await figure.set('from', '1:1');
    await eventually(async () => assert.notDeepEqual(await first(), picture));
    assert.equal(await (await figure.part('from-own')).evaluate((node) => node.textContent), 'Your picture');
  });

  test('where the host hides the button, dropped and pasted pictures are left to the page', async () => {
    const { page, figure: of } = await visit.shared('emoji', { controls: '-from-own -to-own' });
    const figure = await of('emoji').ready();
    assert.equal(await isShown(figure, 'from-own'), false);
    // Another figure takes them by now, so this one would too.
    await add(page, ARTICLE.microscope);
    const microscope = await of('microscope').ready();
    await eventually(async () => assert.ok(await dropOn(microscope, [])));
    assert.equal(await dropOn(figure, [WIDE()]), false);
    await figure.evaluate((element) => element.shadowRoot.querySelector('[part=figure]').focus());
    assert.equal(await paste(page, [WIDE()]), false);
  });
});

test('of two figures, the one with the focus takes a pasted picture, and a figure that trains does not take it too', async () => {
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

  test('takes a picture that is placed like any other, and is off then', async () => {
    const { figure, tracks } = await camera();
    await figure.click('own-shoot');
    await placed(figure);
    await ended(tracks);
    const picture = await take(figure);
    await eventually(async () => assert.deepEqual((await rgbaOf(figure, '[part=strip]'))[0], picture));
  });

  test('is off when the dialog is closed, when another picture comes, and when the figure is removed', async () => {
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

test('a camera that is refused, missing or used elsewhere is explained, and one that is granted too late is turned off', async () => {
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

describe('the microscope', () => {
  test('follows the code of a picture through the decoder, with the original beside its redrawing, and can go back', async () => {
    const { page, figure: of } = await visit.shared('microscope');
    const figure = await of('microscope').ready();
    const before = await rgba(figure, 'picture');
    await dropOn(figure, [PAPER()], { part: 'from' });
    await placed(figure);
    const seen = await rgba(figure, 'own-seen');
    const picture = await take(figure);
    await eventually(async () => assert.deepEqual(await rgba(figure, 'picture'), picture));
    await eventually(async () =>
      assert.deepEqual(await rgbaOf(figure, '[data-end=from] .pair'), [seen, picture], 'original and redrawn'),
    );
    const select = await figure.part('from');
    assert.equal(await select.evaluate((node) => node.selectedOptions[0].textContent), 'Your picture');
    await figure.click('embed');
    await eventually(async () =>
      assert.match(
        await (await figure.part('embed-private')).evaluate((node) => node.textContent),
        /which shows a handwritten 3 in its place/,
      ),
    );
    assert.doesNotMatch(await (await figure.part('embed-text')).evaluate((node) => node.value), /[?&]z=/);
    await figure.click('embed-close');
    await select.select('3');
    await eventually(async () => assert.deepEqual(await rgba(figure, 'picture'), before));
    assert.equal(await select.evaluate((node) => node.querySelector('[value=own]')), null);
    assert.deepEqual(await violations(page), []);
  });
});

test('a drawing too is shown beside its redrawing', async () => {
  const { page, figure: of } = await visit.shared('morph');
  const figure = await of('morph').ready();
  await figure.click('from-draw');
  const { x, y, width, height } = await figure.box('pad');
  await page.mouse.move(x + 0.3 * width, y + 0.2 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.6 * width, y + 0.8 * height, { steps: 5 });
  await page.mouse.up();
  await eventually(async () => assert.ok(Math.max(...(await figure.picture('pad-seen'))) > 200));
  const drawn = await rgba(figure, 'pad-seen');
  await figure.click('pad-use');
  await eventually(async () => {
    const [original, redrawing] = await rgbaOf(figure, '[part=from] .pair');
    assert.deepEqual(original, drawn);
    assert.deepEqual(redrawing, (await rgbaOf(figure, '[part=strip]'))[0]);
  });
});

test('axe finds nothing in the dialog, in each of its states', async () => {
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
