import { styleSheet } from '../parts/dom.js';

/** Style of the figure `direction`, besides that of all figures. Fetched with it. */

const css = /* css */ `
.direction { gap: 1.75rem; }
.direction h3 { margin: 0; font-size: 1.0625rem; line-height: 1.3; font-weight: 600; }
.direction .hint { color: var(--soft); font-size: 0.875rem; max-inline-size: 46rem; }
.direction select {
  font: inherit; color: inherit; min-block-size: 2.5rem; inline-size: 100%; padding: 0 0.5rem; background: var(--paper);
  border: 1px solid var(--edge); border-radius: var(--radius);
}
.walk { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem 1.5rem; align-items: end; }
.walk .frame { max-inline-size: 14rem; }
.walk-row { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
.direction .strip .tiles { grid-template-columns: repeat(7, var(--side)); }
.measured { min-block-size: 1.5em; }
.groups { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.5rem; align-items: start; }
.slot { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.5rem; align-content: start; min-inline-size: 0; }
.slot-title { font-weight: 600; font-size: 0.9375rem; line-height: 1.4; }
.slot:not(.group) .slot-title { font-size: 0.875rem; line-height: 1.5; }
@container (min-width: 21rem) {
  .slot:not(.group) .slot-title { overflow-wrap: normal; }
}
.slot-grid { display: grid; grid-template-columns: minmax(0, 1fr); gap: 3px; }
.group .slot-grid { grid-template-columns: repeat(5, minmax(0, 1fr)); min-block-size: 2.5rem; }
.direction .in-color canvas { image-rendering: auto; }
.slot:not(.group) .picture { max-inline-size: 7rem; }
.slot button { min-block-size: 2rem; padding: 0.125rem 0.625rem; font-size: 0.875rem; }
.finding { max-inline-size: 46rem; min-block-size: 7.5em; }
.share:not(:empty) { font-size: 1.75rem; line-height: 1; font-weight: 600; margin-inline-end: 0.25ch; }
.chooser > .status { margin-block-start: 0.75rem; }
.analogy, .choosing { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line); }
.terms { display: grid; grid-template-columns: minmax(0, 7rem) auto minmax(0, 7rem) auto minmax(0, 7rem) auto minmax(0, 7rem); gap: 0.5rem; justify-content: start; }
.terms .sign { align-self: center; color: var(--soft); font-size: 1.125rem; }
.terms .slot button { inline-size: 100%; padding-inline: 0.25rem; }
.chooser-row { display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; align-items: end; }
.chooser-row .field { flex: 0 1 14rem; }
.sheet-grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(2.75rem, 1fr)); gap: 3px; max-block-size: 13rem; overflow: auto; overscroll-behavior: contain; }
.sheet-grid.in-color { background: none; }
.option { position: relative; cursor: pointer; touch-action: manipulation; user-select: none; -webkit-user-select: none; }
.option canvas { inline-size: 100%; }
.option::after { content: ''; position: absolute; inset: 0; z-index: 2; border: 1px solid transparent; pointer-events: none; }
.option:hover::after { border-color: var(--edge); }
.option[aria-selected='true']::after { border: 3px solid var(--accent); }
/* The frame lies above the blended layer, which would change the color of an outline; forced colors show the outline. */
.option:focus-visible { outline: 2px solid transparent; }
.option:focus-visible::after { border: 3px solid var(--ink); box-shadow: inset 0 0 0 2px var(--paper); }
.status { min-block-size: 1.5em; }
.direction [data-end] { outline: 2px dashed transparent; outline-offset: 0.375rem; border-radius: var(--radius); }
[data-dragging='minus'] [data-end='minus'], [data-dragging='plus'] [data-end='plus'], [data-dragging='a'] [data-end='a'],
[data-dragging='b'] [data-end='b'], [data-dragging='c'] [data-end='c'] { outline-color: var(--accent); }

@container (min-width: 40rem) {
  .walk { grid-template-columns: 11rem minmax(0, 1fr); }
  .groups { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) 7rem; }
  .finding { min-block-size: 5em; }
}
@container (min-width: 56rem) {
  .walk { grid-template-columns: 18rem minmax(0, 1fr); }
  .walk .frame { max-inline-size: 18rem; }
  .sheet-grid { max-block-size: 17rem; }
  .groups { grid-template-columns: minmax(0, 24rem) minmax(0, 24rem) 7rem; column-gap: 2.5rem; }
}
@media (forced-colors: active) {
  .option[aria-selected='true']::after { border-color: Highlight; forced-color-adjust: none; }
}
@media print {
  .direction { gap: 1rem; }
  .chooser { display: none; }
  .walk { grid-template-columns: 8rem minmax(0, 1fr); }
  .groups { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) 5rem; }
  .finding { min-block-size: 0; }
  .slot:not(.group) .picture { max-inline-size: 5rem; }
  .groups, .analogy, .walk { break-inside: avoid; }
}
`;

export const directionStyle = styleSheet(css);
