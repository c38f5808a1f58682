import { styleSheet } from '../parts/dom.js';

/** Style of the lens of `map`, besides that of all figures. Fetched with it. */

const css = /* css */ `
.lens-overlay { position: absolute; inset: 0; pointer-events: none; }
.lens-overlay canvas { display: block; inline-size: 100%; block-size: 100%; forced-color-adjust: none; }
.lens-lines, .lens-labels { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; overflow: hidden; }
.lens-lines path { fill: none; stroke: light-dark(#4c1d95, #c4b5fd); stroke-width: 1; vector-effect: non-scaling-stroke; }
/* Above the dots, and below the cursor. */
.lens-labels { z-index: 1; }
.lens-overlay ~ .cursor { z-index: 2; }
.lens-labels text {
  font-size: 0.75rem; font-weight: 600; text-anchor: middle; dominant-baseline: central; fill: var(--ink);
  stroke: var(--tile); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke;
}
.lens-near { position: absolute; inset: 0; z-index: 1; inline-size: 100%; block-size: 100%; overflow: hidden; pointer-events: none; }
.lens-near .ring { r: 7px; fill: none; stroke: var(--accent); stroke-width: 2; }
.lens-near .dot { r: 3px; fill: var(--accent); stroke: var(--tile); stroke-width: 1; }
.lens-key { display: grid; gap: 0.5rem; align-content: start; }
.lens-value { font-weight: 600; min-block-size: 1.5em; }
.lens-bands { margin: 0; padding: 0; list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: 0.25rem 1rem; }
.lens-bands li { display: flex; align-items: center; gap: 0.5rem; }
.lens-band {
  flex: none; inline-size: 1.5rem; block-size: 1rem; border: 1px solid var(--edge); background: linear-gradient(var(--paint), var(--paint)) var(--tile);
  forced-color-adjust: none; print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
@supports not (color: light-dark(#000, #fff)) {
  .lens-lines path { stroke: #4c1d95; }
}
@media (forced-colors: active) {
  .lens-lines path { stroke: CanvasText; }
  .lens-near .ring { stroke: Highlight; }
  .lens-near .dot { fill: Highlight; stroke: Canvas; }
  .lens-labels text { fill: CanvasText; stroke: Canvas; forced-color-adjust: none; }
}
`;

export const lensStyle = styleSheet(css);
