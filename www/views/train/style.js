import { styleSheet } from '../parts/dom.js';

/** The style sheet of the figure that trains, beside that of all figures. It is fetched with the figure. */

const css = /* css */ `
.train { --chart-a: var(--accent); --chart-b: light-dark(#2463a6, #7fb2ee); --chart-line: light-dark(#e6e4de, #2d2b28); --chart-soft: var(--soft); gap: 1.25rem; }
.train[data-dragging] { outline: 2px dashed var(--accent); outline-offset: 0.75rem; border-radius: var(--radius); }
.train h3 { margin: 0; font-size: 0.9375rem; line-height: 1.3; font-weight: 600; display: flex; align-items: center; gap: 0.5rem; }
.train h3::before { content: ''; flex: none; inline-size: 1.25rem; block-size: 3px; border-radius: 2px; background: var(--chart-a); forced-color-adjust: none; }
.train h3[data-kind='autoencoder']::before { background: var(--chart-b); }
.hint, .count, .sources-status, .estimate, .train-status { color: var(--soft); font-size: 0.875rem; line-height: 1.5; max-inline-size: 46rem; }
.train :is(p, summary) { overflow-wrap: anywhere; }
.sources-status:empty, .hint:empty { display: none; }
.sources-status, .estimate, .train-status { color: var(--ink); }
.before, .goes-in, .begin, .start, .offers, .setup, .setup-form, .fold-content, .results, .keep { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-content: start; }
.goes-in, .start, .begin, .offers { gap: 0.75rem; }
.more:not(:has(> :not([hidden]))) { display: none; }
.results { gap: 2rem; }

/* The start */
.start .row { align-items: center; }
.start button.play { min-block-size: 3.25rem; min-inline-size: 10rem; font-size: 1.125rem; }
/* The status line keeps its height while it is empty. */
.train-status { min-block-size: 1.5em; }
.problem, .proposal { display: grid; gap: 0.75rem; justify-items: start; padding: 1rem 1.25rem; border: 1px solid var(--accent); border-radius: var(--radius); max-inline-size: 46rem; }
.proposal { border-color: var(--edge); }

/* The settings, folded */
.fold { border-block: 1px solid var(--line); }
.fold > summary { padding-block: 0.625rem; cursor: pointer; font-size: 0.9375rem; line-height: 1.4; }
.fold > summary:hover { color: var(--accent); }
.fold-content { padding-block: 0.5rem 1.5rem; gap: 1.5rem; }
.setup-form { gap: 1.25rem; border: 0; padding: 0; margin: 0; }
.setup-form:disabled { color: var(--soft); }
/* The estimate takes the height of its two lines even before it is there. */
.estimate { min-block-size: 3em; }
.train .choice input:disabled + span { opacity: 1; border-color: var(--line); }
.train .choice input:disabled:checked + span { background: var(--soft); border-color: var(--soft); color: var(--paper); }
.train :is(input:not(.choice input), select):disabled { border-color: var(--line); color: var(--soft); opacity: 1; }
.train input[type='number'] { inline-size: 7rem; }
.train select {
  font: inherit; color: inherit; min-block-size: 2.5rem; padding: 0 0.5rem; background: var(--paper); max-inline-size: 100%;
  border: 1px solid var(--edge); border-radius: var(--radius);
}
.layers { display: grid; gap: 0.5rem; }
.layer { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; font-size: 0.875rem; }
.layer .order { inline-size: 1.5ch; color: var(--soft); }
.layer input[type='number'] { inline-size: 4.75rem; }
.layer select { padding: 0 0.25rem; }
.augment { display: flex; flex-wrap: wrap; gap: 1rem 1.75rem; align-items: end; border: 0; padding: 0; margin: 0.5rem 0 0; }

/* The pictures */
/* The sheet has the same height without pictures as with two thousand, so that nothing below moves. */
.sheet { display: grid; grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr); gap: 0.5rem; block-size: 14rem; }
.sheet-window { overflow: auto; overscroll-behavior: contain; }
.sheet-window[data-locked='false'] canvas { cursor: pointer; }
.sheet[data-empty] .sheet-window { display: none; }
.sheet-empty { display: grid; grid-row: span 3; place-items: center; padding: 1rem; border: 1px dashed var(--edge); border-radius: var(--radius); color: var(--soft); text-align: center; }
.sheet-foot { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1rem; }
.sheet-foot button { min-block-size: 2rem; }
.offers details > summary { inline-size: fit-content; cursor: pointer; }
.mosaic-place { display: grid; place-content: start; justify-items: start; grid-template-columns: minmax(0, 1fr); }
.mosaic { background: var(--paper); }
.mosaic:not(.in-color) { background: #000; }
.mark { position: absolute; z-index: 2; border: 2px solid var(--accent); box-sizing: content-box; translate: -2px -2px; pointer-events: none; }
/* Verdicts of a critic: a bar from the middle of a picture's lower edge, to the right for real. */
.verdicts > * { position: absolute; z-index: 1; pointer-events: none; }
.verdicts span { position: absolute; inset-block-end: 0; inset-inline-end: 50%; block-size: 4px; inline-size: calc(50% * var(--sure)); background: var(--chart-a); box-shadow: 0 0 0 1px var(--paper); forced-color-adjust: none; }
.verdicts [data-real='true'] span { inset-inline: 50% auto; background: var(--chart-b); }

/* The draws of the networks, and their losses beside or below */
/* The last row takes up the extra height of the losses beside it. */
.stage { display: grid; grid-template: auto auto 1fr / minmax(0, 1fr); gap: 1.25rem clamp(0.75rem, 3cqi, 2.5rem); }
.stage[data-count='2'] { grid-template-columns: repeat(2, minmax(0, 1fr)); }
/* The draws of both networks begin at the same height, even if a title takes two lines. */
.drawn { display: grid; grid-row: span 3; grid-template: subgrid / minmax(0, 1fr); row-gap: 0.25rem; }
.drawn .mosaic-place + .count { margin-block-start: 0.25rem; }
.stage[data-count='1'] .drawn { max-inline-size: 28rem; }
:is(.critic, .held-out) { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
.critic .row { align-items: center; }
.critic .row .hint { flex: 1 1 20rem; }
/* Two plots stand on one line, even if a legend takes two. */
:is(.critic, .held-out) .charts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); column-gap: 2.5rem; align-items: end; }
.beside { grid-column: 1 / -1; }
.losses, .charts { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-content: start; }
.chart { min-inline-size: 0; }
.chart .uplot { font-family: inherit; inline-size: 100%; }
.chart .u-cursor-x { border-color: var(--edge); }
.chart-legend { display: flex; flex-wrap: wrap; gap: 0 0.5rem; font-size: 0.8125rem; line-height: 1.5; font-variant-numeric: tabular-nums; }
.chart-title { flex: 1 0 auto; color: var(--soft); }
/* Keys that do not fit beside the title go below it together. */
.keys { display: flex; flex-wrap: wrap; gap: 0 0.5rem; }
.key { display: inline-flex; align-items: baseline; gap: 0.25rem; }
.key::before { content: ''; align-self: center; inline-size: 0.625rem; block-size: 3px; border-radius: 2px; background: var(--chart-a); forced-color-adjust: none; }
.key:is([data-kind='autoencoder'], [data-kind='images'])::before { background: var(--chart-b); }
.key[data-kind='other']::before { background: var(--chart-soft); }
.key[data-kind='line']::before { inline-size: 1.0625rem; block-size: 1px; background: repeating-linear-gradient(to right, var(--chart-soft) 0 5px, transparent 5px 9px); }
.key[data-line='1']::before { background: repeating-linear-gradient(to right, var(--chart-soft) 0 1.5px, transparent 1.5px 4.5px); }
.key[data-line='2']::before { background: linear-gradient(to right, var(--chart-soft) 0 9px, transparent 9px 12px, var(--chart-soft) 12px 13.5px, transparent 13.5px); }
.key b { min-inline-size: 2.5em; font-weight: 600; }
.losses > .field { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75rem; }
.losses > .field legend { float: inline-start; margin: 0; }
.losses .choice span { min-block-size: 2rem; font-size: 0.8125rem; }
.run-settings { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); gap: 0.75rem 2rem; align-items: end; }
.run-settings .check { min-block-size: 2.5rem; }
@container (max-width: 61.99rem) {
  .run-settings .check { grid-column: 1 / -1; }
}
.time-machine { display: grid; gap: 0.5rem 1.5rem; }
.time-machine .name output { font-weight: 600; }
.train-panels { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem clamp(1.5rem, 5cqi, 3rem); }
.train-panel { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-content: start; }
.block { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.375rem; }
.divergence svg { display: block; inline-size: 100%; block-size: 4.5rem; border-block-end: 1px solid var(--edge); }
.divergence .used { fill: var(--chart-a); }
.divergence .unused { fill: var(--edge); }
.divergence .count { margin-block-start: 0.25rem; }

/* The plane */
.scatter-place { display: grid; grid-template-columns: minmax(0, 1fr) 6rem; gap: 1rem; align-items: end; max-inline-size: 30rem; }
.scatter { aspect-ratio: 1; border: 1px solid var(--line); cursor: crosshair; touch-action: pan-y; }
.scatter svg { display: block; inline-size: 100%; block-size: 100%; overflow: hidden; }
.scatter g path { fill: none; stroke-width: 3.2; stroke-linecap: round; forced-color-adjust: none; }
.scatter .ring { fill: none; stroke: var(--edge); stroke-dasharray: 2 3; stroke-width: 0.8; }
.scatter .spot { stroke: var(--ink); stroke-width: 1.6; fill: none; }
.spot-seen { display: grid; gap: 0.375rem; }
.spot-seen .count { white-space: nowrap; }

/* The camera */
dialog .video { display: grid; place-items: center; overflow: hidden; aspect-ratio: 1; background: var(--tile); max-block-size: 55dvh; justify-self: start; }
dialog .video video { inline-size: 100%; block-size: 100%; object-fit: cover; }

@container (max-width: 24rem) {
  .layer { gap: 0.25rem; }
  .layer input[type='number'] { inline-size: 4rem; padding: 0 0.375rem; }
}
@container (min-width: 40rem) {
  .stage[data-count='1'] { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .stage[data-count='1'] .beside { grid-area: 1 / 2 / span 3; }
  .stage[data-count='2'] .charts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); column-gap: 2.5rem; }
  .train-panels[data-count='2'] { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .train-panels[data-count='1'] .train-panel { max-inline-size: 36rem; }
  .time-machine { grid-template-columns: minmax(0, 1fr) auto; align-items: end; }
}
@container (min-width: 48rem) {
  .before { grid-template: auto 1fr / repeat(2, minmax(0, 1fr)); column-gap: clamp(2rem, 5cqi, 3.5rem); }
  .before > .begin { grid-area: 1 / 2 / span 2; }
}
@container (min-width: 60rem) {
  .stage[data-count='2'] { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .stage[data-count='2'] .beside { grid-area: 1 / 3 / span 3; }
  .stage[data-count='2'] .charts { grid-template-columns: minmax(0, 1fr); }
}
@media (forced-colors: active) {
  .mark { border-color: Highlight; forced-color-adjust: none; }
}
`;

export const trainStyle = styleSheet(css);
