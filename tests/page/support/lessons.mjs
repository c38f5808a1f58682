// Lessons for tests: their text, and the page that shows them, from a server with separate files for each test.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { eventually } from './browser.mjs';
import { LessonHost } from './lesson-host.mjs';
import { visits } from './visits.mjs';

export const block = (name, ...lines) => ['```' + name, ...lines, '```', ''].join('\n');
export const lesson = (...parts) => ['---', 'title: A small lesson', 'minutes: 5', '---', '', ...parts].join('\n');

export const textOf = (page, selector) =>
  page.evaluate((all) => document.querySelector(all)?.textContent ?? null, selector);

/** Waits for a text in the page. */
export const says = (page, selector, expected) =>
  eventually(async () => assert.match((await textOf(page, selector)) ?? '', expected));

/** A figure, and questions of each kind. */
export const NORM = block(
  'question',
  'kind: number',
  'ask: How long?',
  'answer: norm map (3,4)',
  'low: 0',
  'high: 10',
  'within: 1',
);
export const CLASS = block(
  'question',
  'kind: choice',
  'ask: Which?',
  'choice: a one = 1',
  'choice: a seven = 7',
  'answer: class map (2,0.2)',
);
export const LEAST = block(
  ...[
    'question',
    'kind: choice',
    'ask: Which is nearer?',
    'choice: near = norm map (1,0)',
    'choice: far = norm map (0,2)',
  ],
  ...['answer: smallest', 'because: One is less than two.'],
);
export const PLACE = block(
  'question',
  'kind: point',
  'ask: Where?',
  'show: digits/3:2',
  'answer: place map digits/3:2',
);
export const MAP = block('figure', 'figure: map', 'model: map', 'x: 0.5', 'caption: A plane');

/** For a file of tests: opens the page of lessons, and stops its server after them. */
export function lessons() {
  const visit = visits();
  /** @type {LessonHost} */
  let host;
  before(async () => (host = await LessonHost.start()));
  after(() => host?.stop());
  const pageOf = (query) => new URL(`lesson.html${query}`, host.address).href;
  /** Opens the page with files for this test only, by their paths. */
  const open = (files, { src = 'lessons/own.md', ...options } = {}) => {
    host.files = files;
    return visit({ from: pageOf(`?src=${encodeURIComponent(src)}`), ...options });
  };
  const own = (text, options) => open({ 'lessons/own.md': text }, options);
  return { visit, open, own, pageOf, server: () => host };
}
