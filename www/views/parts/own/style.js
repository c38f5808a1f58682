import { styleSheet } from '../dom.js';

/** Style of the dialog for a picture of the reader's, besides that of all dialogs. Fetched with it. */

const css = /* css */ `
dialog.own { inline-size: min(46rem, calc(100vw - 2rem)); }
.own-offers, .own-stage, .own-placing, .own-side { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
.own .own-hint { margin-block-start: -0.375rem; }
.own .own-status { margin-block-start: 0; color: var(--ink); font-size: 0.9375rem; }
.own-square {
  position: relative; overflow: hidden; aspect-ratio: 1; border: 1px solid var(--edge); cursor: grab;
  touch-action: none; user-select: none; -webkit-user-select: none; forced-color-adjust: none;
}
.own-square.held { cursor: grabbing; }
.own-square canvas { display: block; inline-size: 100%; block-size: 100%; }
.own-side { align-content: start; }
.own .pad-shown { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.75rem; }
.own-side .help { margin-block-start: 0; }
.own-handles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: 0.75rem 1.5rem; align-content: start; }
.own-handles > .row { grid-column: 1 / -1; }
.arrows { display: inline-flex; }
.arrows button { min-inline-size: 2.5rem; padding: 0; border-radius: 0; margin-inline-start: -1px; }
.arrows button:first-child { border-start-start-radius: var(--radius); border-end-start-radius: var(--radius); margin-inline-start: 0; }
.arrows button:last-child { border-start-end-radius: var(--radius); border-end-end-radius: var(--radius); }
.arrows button:is(:hover, :focus-visible) { position: relative; z-index: 1; }
.arrows:dir(rtl) { direction: ltr; }
.own-video { overflow: hidden; aspect-ratio: 1; background: #000; }
.own-video video { display: block; inline-size: 100%; block-size: 100%; object-fit: cover; }
.own-stage .pad { max-inline-size: 26rem; }
.own-stage .own-video { max-inline-size: 26rem; }
@container (min-width: 40rem) {
  .own-placing { grid-template-columns: minmax(0, 1fr) 15rem; gap: 1.5rem; }
}
`;

export const ownStyle = styleSheet(css);
