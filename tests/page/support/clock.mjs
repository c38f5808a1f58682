// The page's clock as tests turn it: nobody waits for the seconds after which the page gives something up or tries it again. Scripts for
// `before` of a visit.

/** Timers of four to ten seconds fire after a twentieth of their time. Shorter ones pace what is seen; longer ones wait for slow work. */
export function hurry() {
  const real = globalThis.setTimeout;
  globalThis.setTimeout = (work, time = 0, ...more) =>
    real(work, time < 4_000 || time > 10_000 ? time : time / 20, ...more);
}

/** `globalThis.skip(milliseconds)` moves the page's time on. */
export function skippable() {
  const now = performance.now.bind(performance);
  let skipped = 0;
  performance.now = () => now() + skipped;
  globalThis.skip = (milliseconds) => (skipped += milliseconds);
}
