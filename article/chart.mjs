// A small line chart as SVG: positive values over a logarithmic axis.

const [WIDTH, HEIGHT] = [384, 236];
const [LEFT, RIGHT, TOP, BOTTOM] = [54, 14, 12, 40];

/** Maximum number of marks on the vertical axis. */
const MARKS = 5;

/**
 * @param {import('./figures.mjs').Chart} chart
 * @param {import('./sources.mjs').Result} result
 */
export function chartOf({ title, across, digits, lines }, result) {
  const all = lines(result);
  const points = all.flatMap((line) => line.points);
  const stops = [...new Set(points.map(([x]) => x))].sort((a, b) => a - b);
  const marks = marksFor(points.map(([, y]) => y));
  const [low, high] = [marks[0], marks[marks.length - 1]];
  const [first, last] = [Math.log2(stops[0]), Math.log2(stops[stops.length - 1])];
  const x = (/** @type {number} */ value) =>
    round(LEFT + ((Math.log2(value) - first) / (last - first || 1)) * (WIDTH - LEFT - RIGHT));
  const y = (/** @type {number} */ value) =>
    round(HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM));
  const grid = marks.map(
    (mark) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(mark)}" y2="${y(mark)}" />` +
      `<text x="${LEFT - 8}" y="${y(mark) + 4}" text-anchor="end">${mark.toFixed(digits)}</text>`,
  );
  const below = stops.map(
    (stop) => `<text x="${x(stop)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${stop}</text>`,
  );
  const drawn = all.map(({ points }, i) => {
    const path = points.map(([px, py]) => `${x(px)},${y(py)}`).join(' ');
    const dots = points.map(([px, py]) => `<circle cx="${x(px)}" cy="${y(py)}" r="3.5" />`).join('');
    return `<g class="line line-${i}"><polyline points="${path}" />${dots}</g>`;
  });
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  return [
    `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}, by ${across}; the table has the values">`,
    ...[...grid, ...below, `<text x="${middle}" y="${HEIGHT - 4}" text-anchor="middle">${across}</text>`, ...drawn].map(
      (line) => `  ${line}`,
    ),
    '</svg>',
  ];
}

/**
 * Round numbers that enclose the values.
 * @param {number[]} values
 */
function marksFor(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const rough = (high - low || high || 1) / (MARKS - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? 10 * power;
  const first = Math.floor(low / step);
  return Array.from({ length: Math.ceil(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
