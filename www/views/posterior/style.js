import { styleSheet } from '../parts/dom.js';

/** Style of the posterior, besides that of all figures. Fetched with it. */

const css = /* css */ `
.posterior .columns, .posterior .shown, .posterior .eight { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; align-content: start; }
.posterior .shown { gap: 1rem; }
.posterior .eight { gap: 0.75rem; margin-block-start: 0.5rem; }
.posterior .end { max-inline-size: 22rem; }
.three { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: clamp(0.5rem, 2cqi, 1.25rem); }
.three .under { margin-block-start: 0.25rem; min-block-size: 2.8em; color: var(--soft); font-size: 0.8125rem; line-height: 1.4; }
.three canvas { aspect-ratio: 1; }
.painted { position: relative; }
.painted .paint { position: absolute; inset: 0; z-index: 2; inline-size: 100%; block-size: 100%; image-rendering: pixelated; forced-color-adjust: none; }
/* Two lines where space is tight, so that nothing moves with another picture. */
.posterior .help { min-block-size: 2.8em; color: var(--soft); font-size: 0.8125rem; line-height: 1.4; }
.posterior .tiles canvas { image-rendering: auto; }
.posterior .code { padding: 0; }
.bars .prior { stroke: var(--line); stroke-width: 9; }
.bars .posterior { stroke: var(--ink); stroke-width: 3; }
.bars .end { fill: var(--accent); }
.bars .now { fill: var(--paper); stroke: var(--ink); }
.posterior .plot-place { max-inline-size: 28rem; }
.posterior .plot { cursor: auto; }
.cloud { position: absolute; inset: 0; z-index: 2; inline-size: 100%; block-size: 100%; }
.cloud ellipse { fill: none; stroke: var(--accent); stroke-width: 0.4; }
.cloud ellipse:first-child { stroke-dasharray: 1 1; }
.cloud circle { fill: var(--accent); fill-opacity: 0.6; }

@container (min-width: 40rem) {
  .three .under, .posterior .help { min-block-size: 1.4em; }
}
@container (min-width: 52rem) {
  /* Not a grid: without the choice of a picture, the pictures have the whole width. */
  .posterior .columns { display: flex; column-gap: 3rem; }
  .posterior .end { flex: 0 0 15rem; }
  .posterior .shown { flex: 1; min-inline-size: 0; }
}
@media (forced-colors: active) {
  .bars .posterior { stroke: CanvasText; }
  .bars .end { fill: Highlight; }
}
@media print {
  .posterior .columns, .posterior .shown { display: block; }
  .three, .posterior .eight { break-inside: avoid; margin-block-end: 0.75rem; }
  .three { max-inline-size: 24rem; }
  .painted .paint { filter: none; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

export const posteriorStyle = styleSheet(css);
