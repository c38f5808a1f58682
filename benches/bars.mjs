/** The project's bars, for one wasm thread and the network of preset `digits`. They apply to the best times. */

/** @typedef {{name: string, value: number, bar: number, unit: string, met: boolean}} Bar */

/** Lowest share of the limit: that of fused multiply-adds for the relaxed build, of separate ones for the plain build. */
const SHARES = { 'wasm relaxed': 0.65, 'wasm plain': 0.75 };

/** The measurements that shares refer to. */
const BATCHES = ['decode 64', 'encode 64', 'train 64'];

/** Longest decode of one latent, in milliseconds, on a machine with these limits in 1e9 operations per second. */
const DECODE_ONE = 0.12;
const DECODE_ONE_LIMITS = { 'wasm relaxed': 58, 'wasm plain': 41 };

/** Largest sizes in bytes: a module with its glue, in brotli; everything to the first picture, in gzip. */
const MODULE_BROTLI = 100_000;
const WEBGPU_BROTLI = 1_700_000;
const FIRST_PICTURE_GZIP = 430_000;
const FIRST_VIEW_GZIP = 900_000;

/** Longest time to the first picture, in milliseconds, from loopback with an empty cache. */
const FIRST_PICTURE = 1_500;

/** Longest time to the largest paint, in milliseconds, and largest layout shift. */
const LARGEST_PAINT = 2_500;
const SHIFT = 0;

/**
 * Training as the page does it: the whole loop over the bare step; nats; growth; the slowest decode's wait in the worker's queue
 * over one step of one network; the slowest answer to an input, in milliseconds.
 */
const LOOP = 1.25;
const HELD_OUT = 165;
const GROWTH = 0.05;
const WAITS = 1;
const ANSWER = 200;

/** Longest time to a good network, over that of one worker with the settings of `training.mjs`. */
const PATIENCE = 0.6;

/**
 * @param {object} result
 * @param {import('./speed.mjs').Row[]} result.rows
 * @param {Record<string, import('./speed.mjs').Limit>} result.limits
 * @param {{sums: Record<string, import('./sizes.mjs').Bytes>}} result.sizes
 * @param {import('./training.mjs').Training} result.training
 * @param {import('./vitals.mjs').Vitals[]} result.vitals
 * @param {{median: number}} result.firstPicture
 * @returns {Bar[]}
 */
export function bars({ rows, limits, sizes, training, vitals, firstPicture }) {
  const variants = /** @type {('wasm relaxed' | 'wasm plain')[]} */ (Object.keys(SHARES));
  const find = (/** @type {string} */ variant, /** @type {string} */ title) => {
    const isIt = (/** @type {import('./speed.mjs').Row} */ row) =>
      row.preset === 'digits' && row.variant === variant && `${row.work} ${row.count}` === title;
    const row = rows.find(isIt);
    if (!row) throw new Error(`no row for ${title} in ${variant}`);
    return row;
  };
  const shares = variants.flatMap((variant) =>
    BATCHES.map((title) =>
      atLeast(`digits, ${variant}: ${title}`, find(variant, title).share, SHARES[variant], 'of the limit'),
    ),
  );
  const ones = variants.map((variant) => {
    const bar = (DECODE_ONE * DECODE_ONE_LIMITS[variant]) / limits[variant].best;
    return atMost(`digits, ${variant}: decode 1`, find(variant, 'decode 1').best, bar, 'ms on this machine');
  });
  const { 'all to the first picture': first, 'WebGPU, with glue': webgpu, ...others } = sizes.sums;
  const modules = Object.entries(others).filter(([name]) => name.startsWith('wasm'));
  return [
    ...shares,
    ...ones,
    ...modules.map(([name, { brotli }]) => atMost(name, brotli, MODULE_BROTLI, 'bytes in brotli')),
    atMost('WebGPU, with glue', webgpu.brotli, WEBGPU_BROTLI, 'bytes in brotli'),
    atMost('training: the whole loop', training.loop.ratio, LOOP, 'bare steps'),
    atMost('training: 2-D VAE, 2,000 digits, 30 s', training.heldOut.best, HELD_OUT, 'nats held out'),
    atMost('training: memory from step 200 to 2,000', training.memory.growth, GROWTH, 'growth'),
    ...training.polite.flatMap(answers),
    atMost('all to the first picture', first.gzip, FIRST_PICTURE_GZIP, 'bytes in gzip'),
    atMost('first picture, nothing cached', firstPicture.median, FIRST_PICTURE, 'ms'),
    ...vitals.flatMap((vital) => signs(vital, sizes.sums)),
  ];
}

/**
 * The bar of `time-to-quality.mjs`.
 * @param {number} seconds with two workers and the faster settings
 * @param {number} before with one worker and the settings of `training.mjs`
 * @returns {Bar}
 */
export function patience(seconds, before) {
  return atMost('training: 2-D VAE, 2,000 digits, time to 165 nats', seconds / before, PATIENCE, 'of the time before');
}

/**
 * @param {import('./vitals.mjs').Vitals} vitals
 * @param {Record<string, import('./sizes.mjs').Bytes>} sums
 */
function signs({ screen, largestPaint, shift, answer }, sums) {
  return [
    atMost(`${screen}: first view`, sums[`first view, ${screen}`].gzip, FIRST_VIEW_GZIP, 'bytes in gzip'),
    atMost(`${screen}: largest paint`, largestPaint, LARGEST_PAINT, 'ms'),
    atMost(`${screen}: layout shift`, shift, SHIFT, ''),
    atMost(`${screen}: input to frame while a figure animates`, answer, ANSWER, 'ms'),
  ];
}

/**
 * Bars of a run's response times, by its slowest ones.
 * @param {import('./polite.mjs').Politeness} politeness
 */
function answers({ run, step, frames, pictures, queue }) {
  const names = { variational: 'one network', both: 'two networks', shared: 'one network, two workers' };
  const name = `training, ${names[run]}`;
  return [
    atMost(`${name}: a decode waits`, queue.worst / step, WAITS, 'steps'),
    atMost(`${name}: input to frame`, frames.worst, ANSWER, 'ms'),
    atMost(`${name}: input to decoded picture`, pictures.worst, ANSWER, 'ms'),
  ];
}

/** @returns {Bar} */
const atLeast = (
  /** @type {string} */ name,
  /** @type {number} */ value,
  /** @type {number} */ bar,
  /** @type {string} */ unit,
) => ({
  ...{ name, value, bar, unit },
  met: value >= bar,
});

/** @returns {Bar} */
const atMost = (
  /** @type {string} */ name,
  /** @type {number} */ value,
  /** @type {number} */ bar,
  /** @type {string} */ unit,
) => ({
  ...{ name, value, bar, unit },
  met: value <= bar,
});
