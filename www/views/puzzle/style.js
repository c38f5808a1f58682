import { styleSheet } from '../parts/dom.js';

/** Style of the puzzle, besides that of all figures. Fetched with it. */

const css = /* css */ `
.puzzle .columns, .puzzle .side { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-content: start; }
.puzzle .both { display: grid; grid-template-columns: repeat(2, minmax(0, 11rem)); gap: 1rem; }
.puzzle .both canvas { aspect-ratio: 1; }
.puzzle .under { margin-block-start: 0.25rem; color: var(--soft); font-size: 0.8125rem; line-height: 1.4; }
.puzzle .plot::after { content: ''; position: absolute; inset: 0; z-index: 2; box-shadow: inset 0 0 0 1px var(--edge); pointer-events: none; }
.puzzle .plot.no-grid { background: var(--tile); }
.board { position: absolute; inset: 0; z-index: 2; inline-size: 100%; block-size: 100%; pointer-events: none; }
.board .axis, .board .ring { fill: none; stroke: var(--edge); stroke-width: 0.01; }
.board .ring { stroke-dasharray: 0.05 0.07; }
.board .places circle { fill: var(--ink); stroke: var(--paper); stroke-width: 0.03; }
.board .places text { fill: var(--paper); font-size: 0.22px; font-weight: 600; }
.board .target { fill: none; stroke: var(--accent); stroke-width: 0.07; }
.puzzle .cursor { z-index: 3; }
.puzzle .act { align-items: center; min-block-size: 2.5rem; gap: 0.5rem 1rem; }
.puzzle .said { min-block-size: 7.5em; }
.tries { display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); gap: 4px; margin: 0; padding: 0; list-style: none; }
.tries li { position: relative; display: grid; place-items: center; min-block-size: 2.5rem; border: 1px solid var(--line); border-radius: 3px; font-size: 0.8125rem; overflow: hidden; }
.tries li[data-level] { border-color: var(--edge); }
.tries li[data-level]::before { content: ''; position: absolute; inset: auto 0 0; block-size: calc(var(--full) * 25%); background: var(--accent); opacity: 0.35; }
.tries li > span { position: relative; }
.tries li > .unseen { position: absolute; }
.tries [data-level='0'] { --full: 4; font-weight: 700; }
.tries [data-level='1'] { --full: 3; }
.tries [data-level='2'] { --full: 2; }
.tries [data-level='3'] { --full: 1; }
.tries [data-level='4'] { --full: 0; }
.puzzle .date { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1rem; min-block-size: 2.5rem; color: var(--soft); }
.puzzle textarea { inline-size: 100%; padding: 0.5rem; background: transparent; color: inherit; font: inherit; border: 1px solid var(--edge); border-radius: var(--radius); resize: none; }
.puzzle .help:empty { display: none; }

@container (min-width: 40rem) {
  .puzzle .said { min-block-size: 4.5em; }
}
@container (min-width: 40rem) and (max-width: 51.99rem) {
  .puzzle .columns { grid-template-columns: minmax(0, 27rem) minmax(0, 1fr); column-gap: 1.5rem; }
  .puzzle .plot-place { grid-area: 1 / 1; }
  .puzzle .both { grid-area: 1 / 2; grid-template-columns: minmax(0, 11rem); align-content: start; }
  .puzzle .side { grid-column: 1 / -1; }
}
@container (min-width: 52rem) {
  .puzzle .columns { grid-template-columns: minmax(0, 35.25rem) minmax(0, 1fr); grid-template-rows: auto 1fr; column-gap: 3rem; }
  .puzzle .plot-place { grid-area: 1 / 1 / span 2; }
  .puzzle .said { min-block-size: 10.5em; }
  .tries { grid-template-columns: repeat(4, minmax(0, 1fr)); }
}
@container (min-width: 64rem) {
  .puzzle .said { min-block-size: 4.5em; }
  .tries { grid-template-columns: repeat(8, minmax(0, 1fr)); }
}
@media (forced-colors: active) {
  .board .places circle { fill: CanvasText; stroke: Canvas; }
  .board .places text { fill: Canvas; }
  .board .target { stroke: Highlight; }
  .tries li[data-level]::before { background: Highlight; forced-color-adjust: none; }
}
@media print {
  .puzzle .columns { display: block; }
  .puzzle .both, .puzzle .tries { max-inline-size: 24rem; break-inside: avoid; margin-block-end: 0.75rem; }
  .puzzle .said { min-block-size: 0; }
}
`;

export const puzzleStyle = styleSheet(css);
