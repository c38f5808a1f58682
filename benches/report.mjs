/** The result as tables for people. */

/** @param {any} result what `bench.mjs` writes as JSON */
export function print({
  machine,
  load,
  limits,
  idleLimits,
  operations,
  rows,
  training,
  webgpu,
  firstPicture,
  sizes,
  bars,
}) {
  heading('Machine');
  console.log(`${machine.cpu}, ${machine.threads} threads, ${machine.browser}`);
  console.log(
    `load before ${load.before.average.join(' ')}, after ${load.after.average.join(' ')};` +
      ` others used ${percent(load.before.busy)} of the processors before the start`,
  );

  heading('Limits of one thread, GFLOP/s');
  const limit =
    (/** @type {string} */ form) =>
    (/** @type {[string, any]} */ [variant, { best, median }]) => [
      `${variant}, ${form}`,
      best.toFixed(1),
      median.toFixed(1),
    ];
  table(
    ['variant', 'best', 'median'],
    [...Object.entries(limits).map(limit('fed')), ...Object.entries(idleLimits).map(limit('idle'))],
  );

  for (const [preset, counts] of Object.entries(operations)) {
    const million = (/** @type {number} */ count) => (count / 1e6).toFixed(2);
    heading(
      `${preset}: ${million(counts.decode)} MFLOP to decode a picture, ${million(counts.encode)} to encode,` +
        ` ${million(counts.train)} to train`,
    );
    table(
      ['variant', 'work', 'best ms', 'median ms', 'GFLOP/s', 'of limit', 'by median'],
      rows
        .filter((/** @type {any} */ row) => row.preset === preset)
        .sort((/** @type {any} */ a, /** @type {any} */ b) => a.variant.localeCompare(b.variant))
        .map((/** @type {any} */ row) => [
          row.variant,
          `${row.work} ${row.count}`,
          row.best.toFixed(3),
          row.median.toFixed(3),
          row.gflops.toFixed(1),
          percent(row.share),
          percent(row.medianShare),
        ]),
    );
  }

  printTraining(training);

  heading(`WebGPU in Chromium on ${webgpu.adapter}${webgpu.software ? ': the processor in disguise, not a GPU' : ''}`);
  table(
    ['preset', 'work', 'best ms', 'median ms'],
    webgpu.rows.map((/** @type {any} */ row) => [
      row.preset,
      `${row.work} ${row.count}`,
      ...[row.best, row.median].map((time) => time.toFixed(1)),
    ]),
  );

  heading('What makes up the module for WebGPU: code by crate, as linked');
  const total = sizes.webgpu.reduce((/** @type {number} */ sum, /** @type {any} */ { bytes }) => sum + bytes, 0);
  table(
    ['crate', 'bytes', 'share'],
    sizes.webgpu
      .slice(0, 16)
      .map((/** @type {any} */ { name, bytes }) => [name, String(bytes), percent(bytes / total)]),
  );

  heading('Bytes');
  const bytes = (/** @type {[string, any]} */ [name, { raw, gzip, brotli }]) => [name, raw, gzip, brotli].map(String);
  table(
    ['asset', 'raw', 'gzip', 'brotli'],
    [...Object.entries(sizes.assets), ...Object.entries(sizes.sums)].map(bytes),
  );

  heading('First picture, fresh profile, from loopback');
  console.log(`best ${firstPicture.best.toFixed(0)} ms, median ${firstPicture.median.toFixed(0)} ms`);
  console.log(`asks for ${firstPicture.files.join(', ')}`);

  heading('Bars');
  table(
    ['', 'measured', 'bar', 'unit', ''],
    bars.map((/** @type {any} */ { name, value, bar, unit, met }) => {
      const number = (/** @type {number} */ n) => (n < 10 ? n.toFixed(3) : String(Math.round(n)));
      return [name, number(value), number(bar), unit, met ? 'met' : 'NOT MET'];
    }),
  );
}

/** @param {import('./training.mjs').Training} training */
export function printTraining({ loop, heldOut, memory, polite }) {
  heading('Training as the page does it');
  console.log(
    `bare step ${loop.bare.toFixed(1)} ms, whole loop ${loop.whole.toFixed(1)} ms a step, ratio ${loop.ratio.toFixed(2)}`,
  );
  console.log(`${heldOut.data}; -ELBO of ${heldOut.count} held-out digits by seconds:`);
  console.log(
    heldOut.curve.map((/** @type {any} */ at) => `${at.seconds.toFixed(0)} s: ${at.nats.toFixed(1)}`).join(', '),
  );
  console.log(`memory of the module: ${memory.early} bytes at step 200, ${memory.late} at step 2,000`);
  const times = (/** @type {import('./polite.mjs').Spread} */ { median, most, worst }) =>
    [median, most, worst].map((time) => time.toFixed(0));
  table(
    ['run', 'answer', 'median ms', '98 %', 'slowest', 'of'],
    polite.flatMap(({ run, step, frames, pictures, queue }) => [
      [run, 'input to frame', ...times(frames), String(frames.count)],
      [run, 'input to decoded picture', ...times(pictures), String(pictures.count)],
      [run, `decode in the queue; a step takes ${step.toFixed(0)} ms`, ...times(queue), String(queue.count)],
    ]),
  );
}

/** @param {string} text */
function heading(text) {
  console.log(`\n${text}\n${'-'.repeat(text.length)}`);
}

/** @param {number} share */
const percent = (share) => `${(share * 100).toFixed(0)} %`;

/** Columns of minimal width; those of numbers flush right. @param {string[]} head @param {string[][]} lines */
function table(head, lines) {
  const all = [head, ...lines];
  const isNumeric = head.map((_, at) => lines.every((line) => /^[\d.]+( %)?$/.test(line[at])));
  const widths = head.map((_, at) => Math.max(...all.map((line) => line[at].length)));
  for (const line of all) {
    const cells = line.map((cell, at) => (isNumeric[at] ? cell.padStart(widths[at]) : cell.padEnd(widths[at])));
    console.log(cells.join('  ').trimEnd());
  }
}
