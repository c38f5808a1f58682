/**
 * Days and their targets. A day is written as 2026-11-29, in the reader's own calendar: a new
 * target comes at the reader's midnight. Its seed is the date alone, so everyone who writes the
 * same date has the same target, with or without a network connection.
 */

import { EXTENT } from './board.js';

/** @typedef {import('../parts/plane.js').Spot} Spot */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Number of draws for a target: the first pair that is far enough from the start and the rim is taken. */
export const DRAWS = 64;

/**
 * Least distance from the start, largest coordinate, and the step of the cursor, to which targets are rounded so that keys can reach
 * them.
 */
const LEAST = 0.8;
const LARGEST = 0.8 * EXTENT;
const STEP = 0.05;

/** The date at the reader's place. */
export function today() {
  const now = new Date();
  return dateOf(now.getTime() - now.getTimezoneOffset() * MINUTE);
}

/** Milliseconds until the date changes at the reader's place. */
export function untilMidnight() {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();
}

/** @param {string} day */
export function dayBefore(day) {
  return dateOf(Date.parse(day) - DAY);
}

/** The seed of a day's draws: its digits. @param {string} day */
export function seedOf(day) {
  return Number(day.replaceAll('-', ''));
}

/**
 * @param {ArrayLike<number>} draws from the standard normal distribution, which is the model's prior
 * @returns {Spot}
 */
export function targetOf(draws) {
  for (let i = 0; i + 1 < draws.length; i += 2) {
    const [x, y] = [draws[i], draws[i + 1]].map((value) => Math.round(value / STEP) * STEP);
    if (Math.hypot(x, y) >= LEAST && Math.max(Math.abs(x), Math.abs(y)) <= LARGEST) return { x, y };
  }
  return { x: 1, y: -1 };
}

/** @param {number} time in milliseconds, as if the reader's clock were that of UTC */
function dateOf(time) {
  return new Date(time).toISOString().slice(0, 10);
}
