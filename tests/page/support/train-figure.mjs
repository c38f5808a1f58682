// Visits of the figure that trains, and functions that its tests share.

import assert from 'node:assert/strict';

import { eventually, figureAddress } from './browser.mjs';
import { bars, SMALL } from './training.mjs';
import { visits } from './visits.mjs';

/** Called once, at the top of a file. */
export function trainVisits() {
  const visit = visits();
  /** The figure on its own page, unless `options` says where. @param {Parameters<typeof visit>[0]} [options] */
  async function train(options) {
    const seen = await visit({ from: figureAddress('train'), ...options });
    return { seen, figure: await seen.figure('train').ready() };
  }
  /** The same with 64 small pictures and small networks. @param {Parameters<typeof visit>[0]} [options] */
  async function trainSmall(options) {
    const all = await train({ from: figureAddress('train', SMALL), ...options });
    await bars(all.figure);
    return all;
  }
  return { train, trainSmall, visit };
}

/** The word on the button that starts and pauses. */
export const phase = async (figure) => (await figure.part('play')).evaluate((node) => node.textContent);

/** Waits for two frames, so that earlier changes are on the screen. */
export const frames = (page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** The part with the focus. */
export const focus = (page) =>
  page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.getAttribute('part'));

/** Waits until a part has the focus, which moves with the status, drawn a frame after the words. */
export const isFocused = (page, part) => eventually(async () => assert.equal(await focus(page), part));
