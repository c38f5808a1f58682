import { styleSheet } from '../parts/dom.js';

/** Style of the figure of paths, besides that of all figures. Fetched with it. */

const css = /* css */ `
.paths {
  --pixels: var(--soft); --lerp: light-dark(#1a6fb5, #74b8f5); --slerp: light-dark(#8a6100, #e0b13f); --geodesic: var(--accent);
  /* Half a picture of a row: the slider and the charts reach from the middle of the first one to that of the last. */
  --gap: 3px; --half: calc((100% - 10 * var(--gap)) / 22);
}
@supports not (color: light-dark(#000, #fff)) { .paths { --lerp: #1a6fb5; --slerp: #8a6100; } }
.paths .shown { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25rem; align-content: start; }
.paths .chosen { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.5rem; align-content: start; }
.paths .chosen > .row { grid-column: 1 / -1; }
.paths-now { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.75rem clamp(0.5rem, 2cqi, 1.25rem); }
.path-name { display: flex; flex-wrap: wrap; align-items: center; gap: 0 0.5rem; font-size: 0.8125rem; line-height: 1.4; }
.paths-now .path-name { margin-block-start: 0.375rem; font-weight: 600; }
.path-name .status { color: var(--soft); font-style: italic; }
.swatch-line { flex: none; overflow: visible; }
.reading-now { color: var(--soft); font-size: 0.8125rem; line-height: 1.4; white-space: nowrap; }
.lines { --between: 4px; display: grid; grid-template-columns: minmax(0, 1fr); row-gap: var(--between); isolation: isolate; }
.at-line { position: relative; min-inline-size: 0; }
/* The position, as a line behind the pictures. */
.at-line::after {
  content: ''; position: absolute; inset-block: calc(-1 * var(--between)); z-index: -1; inline-size: 2px; translate: -1px; background: var(--accent);
  inset-inline-start: calc(var(--half) + var(--at, 0) * (100% - 2 * var(--half)));
}
.at-line:dir(rtl)::after { translate: 1px; }
.paths .tiles { --columns: 11; grid-template-columns: repeat(11, minmax(0, 1fr)); column-gap: var(--gap); }
.paths .tiles canvas { cursor: pointer; aspect-ratio: 1; }
.paths-now canvas { aspect-ratio: 1; }
.paths .tiles canvas, .paths-now .in-color canvas { image-rendering: auto; }
.at-line.stale .tiles, .paths-now .stale { opacity: 0.25; }
.slider-line input[type='range'].all-paths {
  --thumb: 1.5rem;
  display: block; min-inline-size: 0; margin-inline: calc(var(--half) - var(--thumb) / 2); inline-size: calc(100% - 2 * var(--half) + var(--thumb));
}
.chart-name { display: flex; justify-content: space-between; gap: 1ch; margin-block-start: 0.5rem; color: var(--soft); font-size: 0.8125rem; line-height: 1.4; }
.chart-range { white-space: nowrap; }
.chart-ticks { display: none; }
.chart-line { --tall: 4.25rem; padding-inline: var(--half); }
.of-two .chart-line { --tall: 7rem; }
.chart-line svg { display: block; inline-size: 100%; block-size: var(--tall); overflow: visible; border-block: 1px solid var(--line); }
.chart-line svg:dir(rtl) { transform: scaleX(-1); }
.series { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.series.pixels { stroke: var(--pixels); stroke-dasharray: 2 3; }
.series.lerp { stroke: var(--lerp); stroke-dasharray: 8 3; }
.series.slerp { stroke: var(--slerp); }
.series.geodesic { stroke: var(--geodesic); stroke-width: 3; }
.band { fill: var(--line); fill-opacity: 0.45; }
.path-numbers { font-size: 0.8125rem; line-height: 1.4; }
.numbers-place { overflow-x: auto; }
.path-numbers table { inline-size: 100%; border-collapse: collapse; }
.path-numbers :is(th, td) { padding: 0.25rem 0 0.25rem 0.5rem; border-block-end: 1px solid var(--line); text-align: end; vertical-align: bottom; font-weight: 400; }
.path-numbers tr > :first-child { padding-inline-start: 0; text-align: start; }
.path-numbers thead { color: var(--soft); }
.path-numbers .published { color: var(--soft); }
.path-numbers [colspan] { text-align: center; }
.path-numbers .hint { margin-block-start: 0.5rem; color: var(--soft); }

@container (max-width: 23.99rem) {
  .path-numbers :is(th, td) { padding-inline-start: 0.25rem; }
}
@container (min-width: 30rem) {
  .paths-now { grid-template-columns: repeat(4, minmax(0, 1fr)); }
}
@container (min-width: 40rem) {
  .lines { grid-template-columns: 9rem minmax(0, 1fr); column-gap: 1rem; align-items: center; }
  .lines .slider-line, .lines > .hint { grid-column: 2; }
  .lines .path-name { margin-block-start: 0; }
  .lines .status { flex-basis: 100%; }
  .lines { --between: 8px; }
  .chart-line { --tall: 5rem; margin-block: 0.5rem; }
  .of-two .chart-line { --tall: 8.25rem; }
  .lines .chart-name { align-self: start; margin-block-start: 0.5rem; padding-inline-end: 1.75rem; }
  .chart-range { display: none; }
  .chart-ticks {
    position: absolute; inset-block: -0.5rem; inset-inline-end: calc(100% - var(--half) + 0.5rem); display: flex; flex-direction: column; justify-content: space-between;
    color: var(--soft); font-size: 0.75rem; line-height: 1rem; text-align: end;
  }
}
@container (min-width: 52rem) {
  .paths { grid-template: auto 1fr / minmax(0, 1fr) 14rem; gap: 1.5rem 3rem; }
  .paths .shown { grid-row: span 2; }
  .paths .chosen { grid-template-columns: minmax(0, 1fr); }
}
@media (forced-colors: active) {
  .series { stroke: CanvasText; }
  .series.geodesic, .at-line::after { stroke: Highlight; background: Highlight; forced-color-adjust: none; }
}
@media print {
  .paths, .paths .shown { display: block; }
  .paths-now, .lines, .path-numbers { break-inside: avoid; margin-block-end: 0.75rem; }
  .paths-now { max-inline-size: 24rem; }
  .numbers-place { overflow: visible; }
  .at-line::after { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

export const pathsStyle = styleSheet(css);
