import { styleSheet } from '../parts/dom.js';

/** Style of the microscope, besides that of all figures. Fetched with it. */

const css = /* css */ `
.microscope { --below: light-dark(#2463a6, #6fb0f7); --above: light-dark(#c0341a, #ff8a6b); --zero: light-dark(#f4f3ef, #2a2825); gap: 2.5rem; }
.microscope [hidden] { display: none; }
.micro-part { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line); }
.microscope :is(h3, h4) { margin: 0; font-size: 1.0625rem; line-height: 1.3; font-weight: 600; }
.microscope h4 { font-size: 0.9375rem; }
.microscope .hint { color: var(--soft); font-size: 0.875rem; max-inline-size: 46rem; }
.microscope select {
  font: inherit; color: inherit; min-block-size: 2.5rem; inline-size: 100%; padding: 0 0.5rem; background: var(--paper);
  border: 1px solid var(--edge); border-radius: var(--radius);
}

/* By hand */
.hand { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
.way { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem 2rem; align-items: end; }
.way-hint { min-block-size: 6em; }
.bench { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.25rem clamp(1rem, 4cqi, 2.5rem); align-content: start; }
.pane { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.5rem; align-content: start; }
.pane.large, .pane.below { grid-column: 1 / -1; }
.pane.below { gap: 1rem; }
.cells { position: relative; container-type: inline-size; inline-size: 100%; aspect-ratio: 1; border: 1px solid var(--edge); }
.cells-row { display: grid; grid-template-columns: repeat(var(--cells), minmax(0, 1fr)); block-size: calc(100% / var(--cells)); }
.cells { display: grid; grid-auto-rows: minmax(0, 1fr); }
.cells-row { block-size: auto; min-block-size: 0; }
.cell {
  --hue: var(--above);
  position: relative; display: grid; place-items: center; min-inline-size: 0; overflow: hidden; cursor: default; user-select: none; -webkit-user-select: none;
  font-size: min(1.125rem, calc(100cqi / var(--cells) * 0.46), calc(100cqi / var(--cells) * 1.4 / var(--letters, 2)));
  background: color-mix(in srgb, color-mix(in srgb, var(--hue) 52%, var(--paper)) var(--amount, 0%), var(--paper));
  box-shadow: inset -1px -1px 0 var(--line);
}
.cell[data-sign='minus'] { --hue: var(--below); }
.cell[data-kind='cut'] { color: var(--soft); background: repeating-linear-gradient(-45deg, var(--paper) 0 5px, color-mix(in srgb, var(--line) 60%, var(--paper)) 5px 6px); }
.cell:focus-visible { outline: 2px solid var(--ink); outline-offset: -3px; border-radius: 0; z-index: 2; }
.cell.linked { box-shadow: inset 0 0 0 2px var(--ink); }
.editable { touch-action: pan-y; }
.editable .cell { cursor: crosshair; }
.stamp { position: absolute; inset: 0 auto auto 0; z-index: 1; border: 3px solid var(--accent); outline: 1px solid var(--paper); pointer-events: none; }
.reading-line { min-block-size: 4.5em; font-size: 1rem; line-height: 1.5; overflow-wrap: anywhere; text-wrap: pretty; }
.stepper { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem 1.5rem; }
.formula { display: flex; flex-wrap: wrap; align-items: end; gap: 0.5rem 0.5rem; padding-block: 0.75rem; border-block: 1px solid var(--line); font-size: 1.0625rem; }
.formula .quantity { display: grid; justify-items: center; line-height: 1.3; }
.formula .quantity span { color: var(--soft); font-size: 0.8125rem; }
.formula b { font-size: 1.1875rem; font-weight: 600; }
.formula .quantity:last-child b { color: var(--accent); }
.formula .sign { color: var(--soft); line-height: 1.55; }

/* The decoder */
.journey { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
.probes { position: absolute; visibility: hidden; }
.probes .below { color: var(--below); }
.probes .zero { color: var(--zero); }
.probes .above { color: var(--above); }
.journey-controls { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 1rem 1.5rem; align-items: end; }
.way-field { grid-column: 1 / -1; grid-row: 1; }
.ends-row { display: grid; grid-template-columns: minmax(0, 13rem) minmax(0, 13rem); gap: 1rem; }
.end-choice { display: flex; gap: 0.5rem; }
.end-choice > .picture { flex: 0 0 2.5rem; }
.end-choice > select { flex: 1 1 0; min-inline-size: 0; }
.own-end { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.5rem; align-content: start; }
/* Space for its words beside each other on narrow screens. */
.own-end > button { padding-inline: 0.25rem; }
.journey .columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem; }
.flow { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.75rem; }
.stage { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
.stage p { color: var(--soft); font-size: 0.875rem; }
.map-sheet > * { scroll-margin-block-start: 9rem; }
.map-place { display: grid; justify-items: start; }
.map-sheet { position: relative; }
.map-sheet canvas { display: block; inline-size: 100%; block-size: auto; image-rendering: pixelated; cursor: crosshair; }
.map-sheet:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 4px; }
.map-sheet .mark { position: absolute; z-index: 2; border: 2px solid var(--ink); outline: 1px solid var(--paper); box-sizing: content-box; translate: -2px -2px; pointer-events: none; }
/* Narrow: a bar above the maps that sticks to the top of the window while they scroll. Wide: a column beside them. */
.beside {
  position: sticky; order: -1; inset-block-start: 0; z-index: 3; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 1rem; align-items: start;
  padding-block: 0.75rem; background: var(--paper); border-block: 1px solid var(--line);
}
.lens { display: grid; grid-template-columns: 5rem minmax(0, 1fr); gap: 0.875rem; align-items: start; }
.lens-frame canvas { display: block; inline-size: 100%; aspect-ratio: 1; image-rendering: pixelated; }
.lens-text { display: grid; gap: 0.25rem; align-content: start; }
.lens-title { font-weight: 600; font-size: 0.8125rem; line-height: 1.35; min-block-size: 1.35em; }
.lens .hint { font-size: 0.8125rem; min-block-size: 1.5em; }
.legend-colors { block-size: 0.625rem; margin-block-start: 0.5rem; background: linear-gradient(to right, var(--below), var(--zero), var(--above)); forced-color-adjust: none; }
.legend-bar { min-block-size: 1.5em; display: flex; justify-content: space-between; color: var(--soft); font-size: 0.75rem; direction: ltr; }
.drawn { display: grid; grid-template-columns: 5rem; gap: 0.75rem; }
.drawn .hint { display: none; }

@container (max-width: 26rem) {
  .ends-row { grid-column: 1 / -1; }
}
@container (max-width: 20rem) {
  .way .choice span { padding-inline: 0.5rem; font-size: 0.875rem; }
}
@container (min-width: 34rem) {
  .journey-controls { grid-template-columns: auto minmax(0, 1fr) auto; }
  .way-field { grid-column: 2; }
}
@container (min-width: 40rem) {
  .way { grid-template-columns: auto minmax(0, 1fr); }
  .way-hint { min-block-size: 4.5em; align-content: end; }
  .bench { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 2.3fr); grid-template-rows: auto 1fr; }
  .pane.large { grid-area: 1 / 3 / span 2 / auto; }
  .pane.below { grid-area: 2 / 1 / auto / span 2; }
}
@container (min-width: 52rem) {
  .bench { column-gap: 2.5rem; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 2.05fr); }
  .reading-line { font-size: 1.0625rem; }
  .way-hint { min-block-size: 3em; max-inline-size: none; }
  .journey .columns { grid-template-columns: minmax(0, 1fr) 15rem; column-gap: 3rem; }
  .beside { order: 0; inset-block: 1.5rem auto; align-self: start; grid-template-columns: minmax(0, 1fr); gap: 2rem; padding: 0; border: 0; }
  .lens, .drawn { grid-template-columns: minmax(0, 1fr); }
  .lens-title { font-size: inherit; }
  .lens .hint { font-size: 0.875rem; }
  .drawn .hint { display: block; }
}
@media (prefers-reduced-motion: no-preference) {
  .stamp { transition: translate 0.18s ease-out, inline-size 0.18s, block-size 0.18s; }
}
@media (forced-colors: active) {
  .stamp, .map-sheet .mark { border-color: Highlight; forced-color-adjust: none; }
  .cell.linked { outline: 2px solid Highlight; outline-offset: -2px; }
}
@media print {
  .cell, .legend-colors { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  /* No grids: browsers split their rows at page breaks. */
  .microscope, .micro-part, .hand, .journey, .journey .columns, .flow, .stage { display: block; }
  .micro-part, .hand > *, .journey > *, .stage, .stage > * { margin-block-end: 0.75rem; }
  .beside { position: static; order: 0; }
  .stepper, .journey-controls, .bench select, .hand > .hint, .map-sheet .mark { display: none; }
  .map-place { display: block; }
  .map-sheet { max-inline-size: 100%; }
  .bench, .stage, .beside, .formula { break-inside: avoid; }
  .bench { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 2.05fr); }
  .pane.large { grid-area: 1 / 3 / span 2 / auto; }
  .pane.below { grid-area: 2 / 1 / auto / span 2; }
}
`;

export const microscopeStyle = styleSheet(css);
