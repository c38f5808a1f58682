// Manipulates the page's clock, so that tests need not wait for the seconds after which the page gives up or retries. Scripts for
// `before` of a visit.

/**
 * Timers of four to ten seconds fire after a twentieth of their time. Shorter ones pace visible changes; longer ones wait for slow work.
 */
export function hurry() {
  const real = globalThis.setTimeout;
  globalThis.setTimeout = (work, time = 0, ...more) =>
    real(work, time < 4_000 || time > 10_000 ? time : time / 20, ...more);
}

/** `globalThis.skip(milliseconds)` advances the page's time. */
export function skippable() {
  const now = performance.now.bind(performance);
  let skipped = 0;
  performance.now = () => now() + skipped;
  globalThis.skip = (milliseconds) => (skipped += milliseconds);
}
