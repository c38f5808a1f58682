/**
 * `cargo xtask bench`: asserts, then times, prints tables and writes `target/bench.json`.
 *
 *     node benches/bench.mjs ADDRESS [--rounds 5] [--seconds 0.3] [--training]
 *
 * ADDRESS is where the site is served; each row is timed for so many seconds in each round; with --training nothing but training
 * is measured, and only printed. What the numbers mean is
 * said in docs/speed.md.
 */
export {};
