/** How the figure that trains looks, beside the style of all figures. Fetched with it. */

const css = /* css */ `
.train { --chart-a: var(--accent); --chart-b: light-dark(#2463a6, #7fb2ee); --chart-line: light-dark(#e6e4de, #2d2b28); --chart-soft: var(--soft); gap: 2.5rem; }
.train [hidden] { display: none; }
.before { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2.5rem clamp(2rem, 5cqi, 3.5rem); }
.aside > summary { inline-size: fit-content; padding-block: 0.25rem; color: var(--soft); cursor: pointer; }
.aside > summary:hover { color: var(--ink); }
.aside > .before { margin-block-start: 1rem; }
.train-part { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-content: start; padding-block-start: 1rem; border-block-start: 1px solid var(--line); }
.train h3, .train h4 { margin: 0; font-size: 1.0625rem; line-height: 1.3; font-weight: 600; }
.train h4 { font-size: 0.9375rem; display: flex; align-items: center; gap: 0.5rem; }
.train h4::before { content: ''; inline-size: 1.25rem; block-size: 3px; border-radius: 2px; background: var(--chart-a); forced-color-adjust: none; }
.train h4[data-kind='autoencoder']::before { background: var(--chart-b); }
.train[data-dragging] { outline: 2px dashed var(--accent); outline-offset: 0.75rem; border-radius: var(--radius); }
.hint, .count, .sources-status, .estimate, .train-status { color: var(--soft); font-size: 0.875rem; line-height: 1.5; max-inline-size: 46rem; }
.sources-status:empty, .hint:empty, .train-status:empty { display: none; }
/* Its two lines have their room before the measurement that they tell of. */
.estimate { min-block-size: 3em; }
.sources-status, .estimate, .train-status { color: var(--ink); }
.sources, .offers, .setup, .setup-form, .lesson, .results, .keep { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
.results { gap: 2rem; }
.results[hidden] { display: none; }
.setup-form { gap: 1.25rem; border: 0; padding: 0; margin: 0; }
.setup-form:disabled { color: var(--soft); }
.train .choice input:disabled + span { opacity: 1; border-color: var(--line); }
.train .choice input:disabled:checked + span { background: var(--soft); border-color: var(--soft); color: var(--paper); }
.train :is(input:not(.choice input), select):disabled { border-color: var(--line); color: var(--soft); opacity: 1; }
.train input[type='number'] { inline-size: 7rem; }
.train select {
  font: inherit; color: inherit; min-block-size: 2.5rem; padding: 0 0.5rem; background: var(--paper);
  border: 1px solid var(--edge); border-radius: var(--radius);
}
.train .choice { flex-wrap: wrap; row-gap: 2px; }

/* What goes in */
.sheet { display: grid; gap: 0.5rem; }
.sheet-window { max-block-size: 14rem; overflow: auto; overscroll-behavior: contain; }
.sheet-window[data-locked='false'] canvas { cursor: pointer; }
.sheet-foot { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1rem; }
.mosaic-place { display: grid; justify-items: start; }
.mosaic { background: var(--paper); }
.mosaic:not(.in-color) { background: #000; }
.mark { position: absolute; z-index: 2; border: 2px solid var(--accent); box-sizing: content-box; translate: -2px -2px; pointer-events: none; }

/* Layers */
.layers { display: grid; gap: 0.5rem; }
.layer { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; font-size: 0.875rem; }
.layer .order { inline-size: 1.5ch; color: var(--soft); }
.layer input[type='number'] { inline-size: 4.75rem; }
.layer select { padding: 0 0.25rem; }
.augment { display: flex; flex-wrap: wrap; gap: 1rem 1.75rem; align-items: end; border: 0; padding: 0; margin: 0.5rem 0 0; }

/* How it goes */
.dials { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 0.75rem 2rem; align-items: end; }
.dials .check { min-block-size: 2.5rem; }
.problem { display: grid; gap: 0.75rem; justify-items: start; padding: 1rem 1.25rem; border: 1px solid var(--accent); border-radius: var(--radius); max-inline-size: 46rem; }
.problem[hidden] { display: none; }
.losses { display: grid; gap: 0.75rem; }
.losses-foot { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: end; gap: 0.75rem 2rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.5rem 2.5rem; }
.chart { min-inline-size: 0; }
.chart .uplot, .chart .u-legend { font-family: inherit; inline-size: 100%; }
.chart .u-legend { color: var(--ink); font-size: 0.8125rem; font-variant-numeric: tabular-nums; text-align: start; margin: 0.25rem 0 0; min-block-size: 1.75rem; }
.chart .u-legend th, .chart .u-legend td { padding: 2px 6px 2px 0; }
.chart .u-legend .u-marker { block-size: 3px; inline-size: 1rem; border-radius: 2px; }
.chart .u-cursor-x, .chart .u-cursor-y { border-color: var(--edge); }
.time-machine { display: grid; gap: 0.5rem; }
.time-machine .name output { font-weight: 600; }
.train-panels { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem clamp(1.5rem, 5cqi, 3rem); }
.train-panel { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-content: start; }
.block { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.375rem; }
.block[hidden] { display: none; }
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
@container (min-width: 56rem) {
  .before { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
}
@container (min-width: 40rem) {
  .train-panels[data-count='2'] { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .train-panels[data-count='1'] .train-panel { max-inline-size: 36rem; }
}
@media (forced-colors: active) {
  .mark { border-color: Highlight; forced-color-adjust: none; }
}
`;

export const trainStyle = new CSSStyleSheet();
trainStyle.replaceSync(css);
