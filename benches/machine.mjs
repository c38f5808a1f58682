/** The machine that was measured on, and its load: times from a busy machine say little, so they come with this. */

import { cpus, loadavg, release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** @param {string} browser its name and version */
export function machine(browser) {
  const [{ model }] = cpus();
  return { cpu: model, threads: cpus().length, kernel: release(), node: process.version, browser };
}

/** Processes that wanted to run, on average over 1, 5 and 15 minutes. */
export const load = () => loadavg().map((value) => Math.round(value * 100) / 100);

/** Share of the processors' time, from 0 to 1, that others use while we wait for a second. */
export async function busyShare() {
  const before = times();
  await sleep(1000);
  const after = times();
  return 1 - (after.idle - before.idle) / (after.total - before.total);
}

function times() {
  let [idle, total] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    total += Object.values(times).reduce((sum, time) => sum + time, 0);
  }
  return { idle, total };
}
