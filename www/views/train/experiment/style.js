import { styleSheet } from '../../parts/dom.js';

/** The style sheet of experiments, beside that of the figure that trains. */

const css = /* css */ `
.experiment-results { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
.experiment-charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.5rem 2.5rem; align-items: start; }
.experiment-charts .chart { max-inline-size: 28rem; }
.experiment-chart { display: block; inline-size: 100%; overflow: visible; font-size: 12px; font-variant-numeric: tabular-nums; }
.experiment-chart text { fill: var(--soft); }
.experiment-chart .grid { stroke: var(--chart-line); }
.experiment-chart .line { stroke: var(--chart-a); fill: var(--chart-a); forced-color-adjust: none; }
.experiment-chart .line polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
.experiment-chart .line circle { stroke: none; }
.experiment-chart .line[data-color='b'] { stroke: var(--chart-b); fill: var(--chart-b); }
.experiment-chart .line[data-faint] polyline { stroke-width: 1.5; stroke-dasharray: 3 4; }
.key[data-color='b']::before { background: var(--chart-b); }
.key[data-faint]::before { background: repeating-linear-gradient(90deg, var(--chart-a) 0 2px, transparent 2px 4px); }
.key[data-color='b'][data-faint]::before { background: repeating-linear-gradient(90deg, var(--chart-b) 0 2px, transparent 2px 4px); }
.train h3[data-color='b']::before { background: var(--chart-b); }
.outcome { margin: 0; font-size: 1rem; line-height: 1.5; max-inline-size: 46rem; }
.outcome:empty { display: none; }
.table { overflow-x: auto; }
.table table { border-collapse: collapse; inline-size: 100%; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.table caption { text-align: start; color: var(--soft); padding-block-end: 0.375rem; }
.table :is(th, td) { padding: 0.375rem 0.75rem 0.375rem 0; border-block-end: 1px solid var(--line); text-align: start; font-weight: 400; vertical-align: bottom; }
.table thead th { color: var(--soft); font-size: 0.8125rem; line-height: 1.3; }
.table .number { text-align: end; padding-inline: 0.75rem 0; }
.rung-pictures { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem clamp(1rem, 4cqi, 2.5rem); }
.rung-original { display: grid; grid-template-columns: minmax(0, 7rem) minmax(0, 1fr); gap: 1rem; align-items: center; }
.rung-rows { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; }
.rung-row { display: grid; gap: 0.375rem; }
.rung-row .name { margin: 0; }
.rungs { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 7rem); gap: 0.5rem; }
.rung .under { text-align: center; font-variant-numeric: tabular-nums; }
.pair { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem clamp(1.5rem, 5cqi, 3rem); }
.seen { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; align-content: start; }
.setup-form .row { align-items: end; gap: 1rem 1.75rem; }
@container (max-width: 29.99rem) {
  .table table, .table thead th { font-size: 0.75rem; }
  .table :is(th, td) { padding-inline-end: 0; }
  .table .number { padding-inline-start: 0.375rem; }
}
@container (min-width: 40rem) {
  .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .rung-pictures { grid-template-columns: minmax(0, 9rem) minmax(0, 1fr); }
  .rung-original { grid-template-columns: minmax(0, 1fr); align-content: start; }
}
`;

export const experimentStyle = styleSheet(css);
