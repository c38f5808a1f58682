// Operates the dialog for the reader's own picture.

import assert from 'node:assert/strict';

import { eventually } from './browser.mjs';
import { paper, wide } from './pictures.mjs';

/** Files that become `File` objects in the page. */
const sent = (files) =>
  files.map(({ name, bytes, type = 'image/png' }) => ({ name, type, base64: Buffer.from(bytes).toString('base64') }));

/**
 * In the page: a transfer with files.
 * @param {import('puppeteer-core').Page} page
 */
function transferOf(page, files) {
  return page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of list) {
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([content], name, { type }));
    }
    return transfer;
  }, sent(files));
}

/**
 * Drops files on a part of a figure, at a share of its width. Returns true if the figure accepts them.
 * @param {import('./browser.mjs').Figure} figure
 */
export async function dropOn(figure, files, { part = 'figure', share = 0.25 } = {}) {
  const node = await figure.part(part);
  return node.evaluate(
    (element, dataTransfer, along) => {
      const { left, top, width } = element.getBoundingClientRect();
      const place = { clientX: left + along * width, clientY: top + 5 };
      const event = new DragEvent('drop', { dataTransfer, ...place, bubbles: true, composed: true, cancelable: true });
      element.dispatchEvent(event);
      return event.defaultPrevented;
    },
    await transferOf(figure.page, files),
    share,
  );
}

/** Pastes files, as browsers do when no text is edited: at the body. Returns true if a figure has accepted them. */
export async function paste(page, files) {
  return page.evaluate(
    (clipboardData) => {
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
      return event.defaultPrevented;
    },
    await transferOf(page, files),
  );
}

/** RGBA of the only canvas of a part. If it is not painted yet, this creates its context as the page would. */
export async function rgba(figure, part) {
  return (await figure.part(part)).evaluate((node) => {
    const canvas = node.matches('canvas') ? node : node.querySelector('canvas');
    return [
      ...canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height).data,
    ];
  });
}

/** RGBA of every canvas in an element that a selector finds. */
export async function rgbaOf(figure, selector) {
  return (await figure.inside(selector)).evaluate((node) =>
    [...node.querySelectorAll('canvas')].map((canvas) => [
      ...canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height).data,
    ]),
  );
}

/** Color at a share of a square picture's side. */
export function colorAt(rgba, right, down) {
  const side = Math.sqrt(rgba.length / 4);
  const at = 4 * (Math.floor(down * side) * side + Math.floor(right * side));
  return rgba.slice(at, at + 3);
}

export async function isShown(figure, part) {
  return (await figure.part(part)).evaluate((node) => node.checkVisibility());
}

/** Waits until the dialog shows a placed picture; then until its redrawing no longer changes. */
export async function placed(figure) {
  await eventually(async () => assert.ok(await isShown(figure, 'own-square'), 'the picture is placed'));
  return redrawn(figure);
}

/** The redrawing, once it matches the input: the picture's code, decoded. */
export async function redrawn(figure) {
  return eventually(async () => {
    const [expected, shown] = await figure.evaluate(async (element) => {
      const data = (part) => {
        const canvas = element.shadowRoot.querySelector(`[part=${part}]`);
        return canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height);
      };
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const { mean } = await element.encode(data('own-seen'));
      const [picture] = await element.decode(mean);
      return [[...picture.data], [...data('own-redrawn').data]];
    });
    const apart = Math.max(...expected.map((value, i) => Math.abs(value - shown[i])));
    assert.ok(apart <= 1, `the redrawing differs by ${apart} from that of the input`);
    assert.ok(new Set(shown).size > 2);
    return shown;
  });
}

/** Uses the placed picture. */
export async function take(figure) {
  const picture = await redrawn(figure);
  await figure.click('own-use');
  await eventually(async () => assert.equal(await isOpen(figure), false));
  return picture;
}

export async function isOpen(figure) {
  return figure.evaluate((element) => element.shadowRoot.querySelector('[part=own-dialog]')?.open ?? false);
}

export async function status(figure) {
  return (await figure.part('own-status')).evaluate((node) => node.textContent);
}

/** A picture of four colors, wider than high. */
export const WIDE = () => ({ name: 'wide.png', bytes: wide() });

/** A digit in ink on paper. */
export const PAPER = () => ({ name: 'seven.png', bytes: paper() });

export const isRed = ([red, green, blue]) => red > 150 && green < 100 && blue < 100;
export const isGreen = ([red, green, blue]) => green > 150 && red < 100 && blue < 100;
export const isBlue = ([red, green, blue]) => blue > 150 && red < 100 && green < 100;
export const isYellow = ([red, green, blue]) => red > 150 && green > 150 && blue < 100;
export const isWhite = (color) => Math.min(...color) > 200;
export const isBlack = (color) => Math.max(...color) < 60;

/** The quarters of the input, clockwise from the upper left one. */
async function quarters(figure) {
  const seen = await rgba(figure, 'own-seen');
  return [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ].map(([right, down]) => colorAt(seen, right, down));
}

/** Asserts the colors of the quarters of the network's picture, once it has been drawn. */
export const quartersAre = (figure, ...expected) =>
  eventually(async () => {
    const colors = await quarters(figure);
    expected.forEach((is, i) => assert.ok(is(colors[i]), `quarter ${i}: ${colors[i]}`));
  });

/**
 * A new figure with the wide picture in its dialog.
 * @param {ReturnType<typeof import('./visits.mjs').visits>} visit
 */
export async function withWide(visit, options) {
  const seen = await visit.shared('emoji', {}, options);
  const figure = await seen.figure('emoji').ready();
  // The code that takes dropped files is loaded when the page is idle.
  await eventually(async () => {
    if (!(await isOpen(figure))) await dropOn(figure, [WIDE()]);
    assert.ok(await isOpen(figure));
  });
  await placed(figure);
  return { seen, figure };
}
