import { styleSheet } from '../parts/dom.js';

/** Style of the lens of `morph`, besides that of all figures. Fetched with it. */

const css = /* css */ `
.path-lens { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
.path-lens .lens-value { font-weight: 600; min-block-size: 1.5em; }
.path-lens .hint { color: var(--soft); }
.curve { display: grid; font-size: 0.8125rem; line-height: 1.4; }
/* From the middle of the first picture to that of the last, as the slider. */
.curve svg { margin-inline: calc(100% / 22); }
.curve svg { display: block; inline-size: calc(100% * 10 / 11); block-size: 5rem; overflow: visible; border-block: 1px solid var(--line); }
.curve path { fill: none; stroke: var(--ink); stroke-width: 2; vector-effect: non-scaling-stroke; }
.curve .curve-typical { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
.curve .curve-now { stroke: var(--accent); }
@media (forced-colors: active) {
  .curve path { stroke: CanvasText; }
  .curve .curve-now { stroke: Highlight; }
}
`;

export const lensStyle = styleSheet(css);
