import { styleSheet } from '../parts/dom.js';

/** Style of the traversal, besides that of all figures. Fetched with it. */

const css = /* css */ `
.traversal .columns, .traversal .aside, .latents { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; align-content: start; }
.traversal .aside { display: contents; }
.traversal .end { max-inline-size: 22rem; }
/* Narrow: the picture sticks to the top of the window while the rows scroll. */
.traversal .now {
  position: sticky; inset-block-start: 0; z-index: 3; display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: 1rem; align-items: center;
  padding-block: 0.75rem; background: var(--paper); border-block: 1px solid var(--line);
}
.traversal .now .frame { min-block-size: 6rem !important; }
.traversal .now .picture { inline-size: 6rem !important; }
.now-text { display: grid; gap: 0.5rem; }
.reading-moved { font-weight: 600; min-block-size: 1.5em; }
.latent-rows { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem clamp(1.5rem, 4cqi, 2.5rem); }
.latent-row { display: grid; grid-template-columns: minmax(0, 1fr); }
.latent-row .name { align-items: center; justify-content: start; margin-block-end: 0.25rem; }
.latent-row .name > span:first-child { color: var(--ink); }
.latent-row output { margin-inline-start: auto; }
.latent-row.moved output { color: var(--accent); font-weight: 600; }
.worth { position: relative; inline-size: 3.5rem; block-size: 0.375rem; background: var(--line); }
.worth::after { content: ''; position: absolute; inset-block: 0; inset-inline-start: 0; inline-size: calc(var(--share) * 100%); background: var(--ink); }
/* Not behind the picture that sticks there. */
.latent-row input { scroll-margin-block-start: 9rem; }
.axis { position: relative; }
.traverse { aspect-ratio: 7 / 1; touch-action: pan-y; }
.traverse.movable { cursor: pointer; }
.traverse canvas { inline-size: 100%; block-size: 100%; image-rendering: auto; }
/* From the middle of the first picture to that of the last. */
.axis input[type='range'] { display: block; inline-size: calc(100% * 6 / 7 + var(--thumb)); margin-inline: calc(100% / 14 - var(--thumb) / 2); }
/* The picture's own value. */
.axis .mark {
  position: absolute; inset-block-end: 0.375rem; inline-size: 2px; block-size: 0.5rem; margin-inline-start: -1px; background: var(--soft); pointer-events: none;
  inset-inline-start: calc(100% / 14 + var(--at) * 100% * 6 / 7);
}
.latents > button { justify-self: start; }

@container (min-width: 40rem) {
  .latent-rows { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@container (min-width: 52rem) {
  .traversal .columns { grid-template-columns: 15rem minmax(0, 1fr); column-gap: 3rem; }
  .traversal .aside { display: grid; align-content: start; }
  .traversal .now { grid-template-columns: minmax(0, 1fr); padding: 0; border: 0; inset-block-start: 1.5rem; background: none; gap: 0.75rem; }
  .traversal .now .frame { min-block-size: 12rem !important; }
  .traversal .now .picture { inline-size: 12rem !important; }
}
@media (forced-colors: active) {
  .worth::after, .axis .mark { background: CanvasText; forced-color-adjust: none; }
}
@media print {
  .traversal .columns, .traversal .aside, .latents, .traversal .now { display: block; position: static; }
  .latent-rows { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .latent-row { break-inside: avoid; }
  .worth, .worth::after { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .axis .mark { display: none; }
}
`;

export const traversalStyle = styleSheet(css);
