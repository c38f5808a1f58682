// Shared by the page's tests of WebGPU: Chromium with its software adapter, and a morph figure with manipulated workers.

import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';

import { ambush, armed } from './ambush.mjs';
import { eventually, figureAddress, openChromiumWithWebGpu, visit } from './browser.mjs';
import { FaultyServer } from './faulty-server.mjs';
import { assertShows, STORED } from './golden.mjs';

/** The line that the browser itself writes about a failed request; no page can prevent it. */
const NETWORK = /^Failed to load resource: /;

/** Called once, at the top of a file: a browser and a server for its tests, and functions for both. */
export function gpuVisits() {
  const host = { server: null, seen: null, open, morph };
  let browser;
  before(async () => {
    browser = await openChromiumWithWebGpu();
    host.server = await FaultyServer.start();
  });
  after(async () => {
    await browser?.close();
    host.server?.stop();
  });
  afterEach(async () => {
    host.server.heal();
    await host.seen?.close();
  });

  /** Visits with the requested engine. */
  async function open(engine, { before: script, worker = [] } = {}) {
    host.server.break('/engine/worker.js', armed(ambush, ...worker));
    host.seen = await visit(browser, { from: figureAddress('morph', { engine }, host.server.address), before: script });
    return host.seen.figure('morph');
  }

  /** Visits with the requested engine, and waits for the figure's first picture, which the CPU draws. */
  async function morph(engine, options) {
    const figure = await (await open(engine, options)).ready();
    assertShows(await figure.picture(), STORED);
    return figure;
  }

  return host;
}

/** The line under a figure. */
export const line = async (figure) => (await figure.part('device')).evaluate((node) => node.textContent);

/** Requests other pictures until the line has the expected text. */
export async function says(figure, expected) {
  let stop = 0;
  await eventually(async () => {
    await figure.set('t', String((stop = (stop + 1) % 10) / 10));
    assert.match(await line(figure), expected);
  });
}

/** Opens the line; the answer reads why WebGPU is not used. */
export async function reason(figure) {
  await figure.click('device');
  return async () =>
    (await figure.part('device')).evaluate((node) => node.parentElement.querySelector('dd').textContent);
}

/** A picture requested now equals the native decoder's, on any device. */
export async function draws(figure, stop) {
  await figure.set('t', String(stop / 10));
  await eventually(async () => assertShows(await figure.picture(), STORED + stop));
}

/** There were no unhandled rejections, and the browser logged at most one line. */
export function assertQuiet({ complaints }) {
  const worst = complaints.filter((complaint) => !NETWORK.test(complaint));
  assert.ok(worst.length <= 1, worst.join('\n'));
  assert.ok(!worst.some((complaint) => complaint.startsWith('uncaught')), worst.join('\n'));
}
