/** Style of all figures: one sheet for all of them on a page, without effect on the page itself. */

import { styleSheet } from './dom.js';

const css = /* css */ `
:host {
  --paper: var(--latent-lab-paper, light-dark(#ffffff, #141413));
  --tile: light-dark(#f4f3ef, #000000);
  --ink: var(--latent-lab-ink, light-dark(#1c1b19, #eceae4));
  --soft: var(--latent-lab-soft, light-dark(#605e58, #a8a59c));
  --line: var(--latent-lab-line, light-dark(#dcdad3, #393733));
  --edge: light-dark(#8b8880, #7d7a72);
  --accent: var(--latent-lab-accent, light-dark(#c0341a, #ff8a6b));
  --on-accent: light-dark(#ffffff, #1c1b19);
  --radius: var(--latent-lab-radius, 5px);
  display: block;
  position: relative;
  container-type: inline-size;
  color: var(--ink);
  font: 400 0.9375rem/1.5 var(--latent-lab-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif);
  font-variant-numeric: tabular-nums;
  text-align: start;
}
:host([hidden]) { display: none; }
:host([theme='light']) { color-scheme: light; }
:host([theme='dark']) { color-scheme: dark; }
:host(:is([theme='light'], [theme='dark'])) { padding: 1rem; background: var(--paper); border-radius: var(--radius); }
@supports not (color: light-dark(#000, #fff)) {
  :host {
    --paper: var(--latent-lab-paper, #ffffff);
    --tile: #f4f3ef;
    --ink: var(--latent-lab-ink, #1c1b19);
    --soft: var(--latent-lab-soft, #605e58);
    --line: var(--latent-lab-line, #dcdad3);
    --edge: #8b8880;
    --accent: var(--latent-lab-accent, #c0341a);
    --on-accent: #ffffff;
  }
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
/* Texts in the other writing direction keep their own order, and the page's alignment. */
[dir='auto'] { text-align: match-parent; }
figure, fieldset, p, h2, figcaption { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
/* File names and messages of other programs may be long words. */
p, figcaption, dd { overflow-wrap: anywhere; }
figure:focus { outline: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: var(--radius); }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

/*
 * Pictures are white on black, like the data. In light schemes a blended layer inverts them to ink
 * on paper; several tiles share one layer, since each costs a rendering pass.
 */
.picture { position: relative; isolation: isolate; overflow: hidden; background: #000; forced-color-adjust: none; }
.picture canvas { display: block; inline-size: 100%; block-size: var(--tall, auto); image-rendering: pixelated; }
.picture::after {
  content: ''; position: absolute; inset: 0; z-index: 1; background: var(--tile); mix-blend-mode: difference; pointer-events: none;
}
.picture.in-color { background: transparent; }
.picture.in-color::after { content: none; }
.tiles.in-color { background: none; }
.tile { position: relative; }
.tile.twin::before { content: ''; position: absolute; inset: -2px; z-index: 2; border: 2px solid var(--accent); pointer-events: none; }
.frame { display: grid; place-items: start; }
.tiles { display: grid; grid-template-columns: repeat(var(--columns), var(--side)); justify-content: space-between; row-gap: clamp(3px, 0.6cqi, 6px); }

/* Controls */
button, input { font: inherit; color: inherit; }
button {
  display: inline-flex; align-items: center; justify-content: center; gap: 0.5em;
  min-block-size: 2.5rem; padding: 0.25rem 0.875rem; cursor: pointer; white-space: nowrap;
  background: transparent; border: 1px solid var(--edge); border-radius: var(--radius);
}
button:hover { border-color: var(--ink); }
button:is(:disabled, [aria-disabled='true']) { cursor: default; color: var(--soft); border-color: var(--line); }
button.primary, button.play { background: var(--accent); color: var(--on-accent); border-color: var(--accent); font-weight: 600; }
button.primary:hover, button.play:hover { border-color: var(--ink); }
button.primary:is(:disabled, [aria-disabled='true']) { background: transparent; color: var(--soft); border-color: var(--line); }
button.play { min-inline-size: 6.5rem; }
button svg { fill: currentColor; flex: none; }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.field { display: grid; gap: 0.375rem; align-content: start; }
.name { display: flex; justify-content: space-between; gap: 1ch; color: var(--soft); font-size: 0.8125rem; line-height: 1.4; }
.name output { color: var(--ink); }
legend.name { padding: 0; margin-block-end: 0.375rem; }
.choice { display: flex; flex-wrap: wrap; row-gap: 4px; }
.choice label { position: relative; cursor: pointer; }
.choice input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; inline-size: 100%; block-size: 100%; }
.choice span {
  display: grid; place-items: center; min-block-size: 2.5rem; padding: 0 0.75rem; white-space: nowrap;
  border: 1px solid var(--edge); margin-inline-start: -1px;
}
.choice label:first-child span { margin-inline-start: 0; border-start-start-radius: var(--radius); border-end-start-radius: var(--radius); }
.choice label:last-child span { border-start-end-radius: var(--radius); border-end-end-radius: var(--radius); }
.choice input:checked + span { background: var(--ink); border-color: var(--ink); color: var(--paper); }
.choice input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 2px; position: relative; z-index: 1; }
.choice input:disabled + span { color: var(--soft); opacity: 0.5; }
.name .status { inline-size: 0; white-space: nowrap; font-style: italic; }
.check { display: inline-flex; align-items: center; gap: 0.5rem; min-block-size: 1.5rem; cursor: pointer; }
.settings .check { min-block-size: 2.5rem; }
.check input { inline-size: 1.125rem; block-size: 1.125rem; margin: 0; accent-color: var(--ink); }
input[type='number'] {
  inline-size: 8rem; block-size: 2.5rem; padding: 0 0.625rem; background: transparent;
  border: 1px solid var(--edge); border-radius: var(--radius);
}

/* Sliders: the track is filled up to the thumb. */
input[type='range']:not(.unseen) {
  --thumb: 1.125rem;
  appearance: none; inline-size: 100%; min-inline-size: 8rem; block-size: 2.5rem; margin: 0; background: transparent; cursor: pointer;
}
input[type='range']::-webkit-slider-runnable-track {
  block-size: 4px; border-radius: 2px;
  background: linear-gradient(var(--accent) 0 0) 0 / calc(var(--share, 0) * 100%) 100% no-repeat var(--line);
}
input[type='range']:dir(rtl)::-webkit-slider-runnable-track { background-position: 100%; }
input[type='range']::-moz-range-track { block-size: 4px; border-radius: 2px; background: var(--line); }
input[type='range']::-moz-range-progress { block-size: 4px; border-radius: 2px; background: var(--accent); }
input[type='range']::-webkit-slider-thumb {
  appearance: none; inline-size: var(--thumb); block-size: var(--thumb); margin-block-start: calc(2px - var(--thumb) / 2);
  background: var(--accent); border: 2px solid var(--paper); border-radius: 50%; box-shadow: 0 0 0 1px var(--accent);
}
input[type='range']::-moz-range-thumb {
  inline-size: var(--thumb); block-size: var(--thumb); box-sizing: border-box;
  background: var(--accent); border: 2px solid var(--paper); border-radius: 50%; box-shadow: 0 0 0 1px var(--accent);
}

/* Every figure */
.ownership { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1.5rem; margin-block-end: 1.5rem; padding-inline-start: 0.875rem; border-inline-start: 3px solid var(--accent); }
.ownership p { margin: 0; font-weight: 600; }
.two { margin-block: 1rem 1.5rem; padding-inline-start: 0.875rem; border-inline-start: 3px solid var(--accent); }
.two > * { margin-block: 0 0.5rem; }
.two:empty { min-block-size: 5.5rem; }
[part='figure'] { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
figcaption[part='caption'] { max-inline-size: 44rem; color: var(--soft); }
.settings { display: flex; flex-wrap: wrap; align-items: end; gap: 1rem 1.75rem; }
.settings > .field { flex: 0 0 auto; max-inline-size: 100%; }
.settings > [hidden], .row > [hidden] { display: none; }

/* morph */
.strip .tiles { grid-template-columns: repeat(11, var(--side)); min-block-size: var(--kept); align-items: center; }
.strip canvas { cursor: pointer; }
.strip input[type='range'] {
  --thumb: 1.5rem;
  display: block; inline-size: auto; margin-inline: calc((var(--side, 2rem) - var(--thumb)) / 2);
  inline-size: calc(100% - var(--side, 2rem) + var(--thumb));
}
.code { display: flex; flex-direction: column; gap: 0.25rem; }
.code svg { flex: 1; inline-size: 100%; min-block-size: 11rem; block-size: 11rem; overflow: visible; }
.code .track { stroke: var(--line); }
.code .zero { stroke: var(--edge); stroke-dasharray: 1 3; }
.code .span { stroke: var(--soft); stroke-width: 1.5; }
.code .end { fill: var(--soft); }
.code .now { fill: var(--accent); stroke: var(--paper); stroke-width: 1.5; }
.code .scale { display: flex; justify-content: space-between; color: var(--soft); font-size: 0.75rem; }
.end { display: grid; gap: 0.625rem; align-content: start; }
.end .row > button { flex: 1 1 auto; padding-inline: 0.5rem; }
.end-place { display: grid; gap: 0.375rem; }
/* Small pictures to choose from; their digits are shown until they are painted. */
.thumbs { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 3px; overflow: visible; }
.thumbs label { position: relative; display: grid; aspect-ratio: 1; cursor: pointer; }
.thumbs label > * { grid-area: 1 / 1; }
.thumbs input { position: absolute; inset: 0; z-index: 3; inline-size: 100%; block-size: 100%; margin: 0; opacity: 0; cursor: pointer; }
.thumbs span { z-index: 2; place-self: center; }
.thumbs[data-painted] span { clip-path: inset(50%); }
.thumbs label::before { content: ''; position: absolute; inset: 0; z-index: 2; border: 1px solid transparent; }
.thumbs label:hover::before { border-color: var(--edge); }
.thumbs label:has(:checked)::before { inset: -2px; border: 2px solid var(--accent); }
.thumbs label:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 2px; z-index: 3; }
.thumbs label:has(:disabled) { opacity: 0.4; cursor: default; }
.thumbs.in-color canvas { image-rendering: auto; }
/* The test image beside its reconstruction */
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 5rem)); gap: 0.75rem; }
.pair canvas { display: block; inline-size: 100%; image-rendering: pixelated; }
.pair p { margin-block-start: 0.25rem; color: var(--soft); font-size: 0.8125rem; }
/* Narrower, as on a phone with text twice as large, words have to break. */
@container (min-width: 21rem) {
  .pair p { overflow-wrap: normal; white-space: nowrap; }
}
/* Narrow: From and To beside each other. Wide: the code beside the picture, the caption between From and To; where the host leaves them out,
   the caption is in their place. */
.morph { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
.morph > * { grid-column: 1 / -1; }
.morph > .end { grid-column: auto; }
@container (min-width: 40rem) {
  .morph { grid-template-columns: repeat(12, minmax(0, 1fr)); column-gap: 1.5rem; }
  .morph > .frame { grid-area: 1 / 1 / auto / span 4; }
  .morph > .code { grid-area: 1 / 5 / auto / -1; }
  .code { padding-inline-start: 1.5rem; }
  .code svg { block-size: auto; }
  .morph > .end { grid-column: span 4; }
  .morph[data-without='from to code'] > figcaption { grid-area: 1 / 5 / auto / -1; align-self: end; }
}
@container (min-width: 56rem) {
  .morph > .end { grid-column: span 3; }
  .morph > [part='from'] { grid-area: 4 / 1 / auto / span 3; }
  .morph > [part='to'] { grid-area: 4 / 10 / auto / -1; }
  .morph:not([data-without^='from to']) > figcaption { grid-area: 4 / 4 / auto / span 6; padding-inline: 1.5rem; align-self: center; }
  .morph[data-without^='from']:not([data-without^='from to']) > figcaption { grid-column-start: 1; padding-inline-start: 0; }
  .morph:not([data-without^='from to']):has(> .two:not([hidden])) > :is(.end, figcaption) { grid-row: 5; }
}
/* Room for what arrives after the first picture. */
.lens-room { min-block-size: 24rem; }
.strip .lens-room { margin-block-start: 0.75rem; min-block-size: 27.5rem; }
@container (min-width: 40rem) {
  .strip .lens-room { min-block-size: 22.5rem; }
}
@container (min-width: 56rem) {
  .lens-room { min-block-size: 16.5rem; }
  .strip .lens-room { min-block-size: 20rem; }
}

/* A figure with a picture dragged over it */
[data-dragging] [data-end] { outline: 2px dashed transparent; outline-offset: 0.5rem; border-radius: var(--radius); }
[data-dragging='from'] [data-end='from'], [data-dragging='to'] [data-end='to'] { outline-color: var(--accent); }

/* samples */
.panels { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem clamp(1rem, 4cqi, 3rem); }
.panel { display: grid; grid-row: span 2; grid-template: subgrid / minmax(0, 1fr); }
.panel-title { font-weight: 600; align-self: end; }
.panel:has(.check-count) { grid-row: span 3; }
.check-count { font-weight: 600; min-block-size: 4.5em; }
@container (min-width: 40rem) {
  .check-count { min-block-size: 3em; }
}
@container (min-width: 56rem) {
  .check-count { min-block-size: 1.5em; }
}
[data-show='model'] .compare, [data-show='compare'] .model { display: none; }
[data-show='both'] .panels { grid-template-columns: repeat(2, minmax(0, 1fr)); }

/* map */
.map .columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem 3rem; }
.plot { position: relative; overflow: clip; overflow-clip-margin: 16px; cursor: crosshair; touch-action: pan-y; }
.plot:focus-within { touch-action: none; }
.plot:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 3px; }
.plot .picture { aspect-ratio: 1; }
.plot .unseen { inset: 50% auto auto 50%; }
.plot.no-grid .picture { visibility: hidden; }
.codes { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; overflow: hidden; }
.codes g[hidden] { display: none; }
.codes circle { r: 2.5px; stroke: var(--tile); stroke-width: 1; }
/* As large as the plot, so that its place in percent is a translation, which needs no repaint. */
.cursor { position: absolute; inset: 0; pointer-events: none; will-change: translate; }
.cursor::before {
  content: ''; position: absolute; inset: -14px auto auto -14px; inline-size: 28px; block-size: 28px;
  border: 2px solid var(--accent); outline: 2px solid var(--paper); border-radius: 3px;
}
.side { display: grid; gap: 1.5rem; align-content: start; }
.reading { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1rem; align-items: end; }
.coordinates { font-size: 1.25rem; line-height: 1.3; }
.neighbors { color: var(--soft); }
.boxes { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 0.5rem; margin-block-end: 0.625rem; }
.boxes label { display: flex; align-items: center; gap: 0.375rem; min-block-size: 1.75rem; cursor: pointer; }
.boxes .only { grid-column: 1 / -1; }
.boxes input { margin: 0; inline-size: 1rem; block-size: 1rem; accent-color: var(--ink); }
.swatch { inline-size: 0.75rem; block-size: 0.75rem; border-radius: 50%; forced-color-adjust: none; }
@container (min-width: 30rem) {
  .codes circle { r: 3.5px; }
}
@container (min-width: 40rem) and (max-width: 51.99rem) {
  .side { grid-template-columns: repeat(2, minmax(0, 1fr)); column-gap: 3rem; }
}
@container (min-width: 52rem) {
  .map .columns { grid-template-columns: minmax(0, 35.25rem) minmax(0, 1fr); }
  .reading { grid-template-columns: minmax(0, 1fr); }
  .reading .frame { max-inline-size: 17.5rem; }
}

/* Reserved space for parts that are fetched later: their height at any width of the range, so that nothing below moves. */
:is(.train, .direction):not([data-painted]) > *, :is(.microscope, .traversal, .posterior, .puzzle, .paths) > figcaption:first-child { visibility: hidden; }
.train:not([data-painted]) { max-block-size: var(--reserved); overflow: hidden; }
.train, .microscope, .traversal, .posterior, .puzzle, .direction, .paths { min-block-size: var(--reserved); align-content: start; }
.train { --reserved: 33rem; }
.train.lesson { --reserved: 24.5rem; }
.train.experiment { --reserved: 16rem; }
.microscope { --reserved: 147.5rem; }
.direction { --reserved: 93.75rem; }
@container (max-width: 65.99rem) { .microscope { --reserved: 146.25rem; } }
@container (max-width: 61.99rem) { .train.lesson { --reserved: 23.75rem; } }
@container (max-width: 57.99rem) {
  .train { --reserved: 37.25rem; }
  .microscope { --reserved: 154.5rem; }
}
@container (max-width: 55.99rem) { .direction { --reserved: 88rem; } }
@container (max-width: 47.99rem) {
  .train { --reserved: 42.75rem; }
  .train.experiment { --reserved: 18.5rem; }
}
@container (max-width: 39.99rem) {
  .microscope { --reserved: 223.25rem; }
  .direction { --reserved: 122rem; }
}
@container (max-width: 33.99rem) { .train { --reserved: 45.5rem; } }
@container (max-width: 31.99rem) { .microscope { --reserved: 238.25rem; } }
@container (max-width: 29.99rem) {
  .train.lesson { --reserved: 26rem; }
  .train.experiment { --reserved: 21.25rem; }
  .microscope { --reserved: 267.25rem; }
}
@container (max-width: 27.99rem) { .train { --reserved: 51rem; } }
@container (max-width: 25.99rem) { .microscope { --reserved: 213rem; } }
@container (max-width: 22.99rem) {
  .train { --reserved: 52.5rem; }
  .train.lesson { --reserved: 28.75rem; }
  .train.experiment { --reserved: 24rem; }
  .direction { --reserved: 124rem; }
}
@container (max-width: 19.99rem) {
  .train { --reserved: 56.5rem; }
  .train.experiment { --reserved: 27rem; }
  .direction { --reserved: 128.5rem; }
}
@container (max-width: 17.99rem) {
  .train { --reserved: 64rem; }
  .train.lesson { --reserved: 34.25rem; }
  .train.experiment { --reserved: 31rem; }
}
.traversal { --reserved: calc(84.6rem + 114.3cqi); }
.posterior { --reserved: calc(50.1rem + 44.5cqi); }
.puzzle { --reserved: calc(39.1rem + 100cqi); }
.paths { --reserved: 114.2rem; }
@container (min-width: 30rem) { .paths { --reserved: calc(84.7rem + 30.6cqi); } }
@container (min-width: 40rem) {
  .puzzle { --reserved: 47.2rem; }
  .traversal { --reserved: calc(60.3rem + 28.6cqi); }
  .posterior { --reserved: calc(43.4rem + 44.5cqi); }
  .paths { --reserved: calc(53.3rem + 79.7cqi); }
}
@container (min-width: 52rem) {
  .traversal { --reserved: max(45.1rem, 22.5rem + 28.6cqi); }
  .posterior { --reserved: calc(19.6rem + 45.9cqi); }
  .puzzle { --reserved: 40.8rem; }
  .paths { --reserved: max(62rem, 30.4rem + 57.4cqi); }
}
@container (min-width: 64rem) { .puzzle { --reserved: 39.4rem; } }

/* For readers who save data there is no picture yet, and the controls around it are inert. */
[part='figure'][inert] > :not(figcaption) { opacity: 0.3; }

/* Over the first picture's place, and only after a delay. */
.loading { position: absolute; inset: 3rem auto auto 1rem; z-index: 3; color: var(--soft); animation: appear 0s 0.7s both; }
/* A button appears without delay. */
.loading:has(button) { animation: none; }
@keyframes appear { from { visibility: hidden; } }

/* Over the whole figure, until it has a picture */
.poster { position: absolute; inset: 0; z-index: 2; display: grid; place-items: center; overflow: hidden; background: var(--paper); }
.poster img, .poster ::slotted(*) { max-inline-size: 100%; max-block-size: 100%; object-fit: contain; }

.question { margin-block-end: 0.75rem; font-weight: 600; text-wrap: balance; overflow-wrap: anywhere; }
.notice { margin-block-start: 0.75rem; padding: 0.5rem 0.75rem; border-inline-start: 3px solid var(--accent); }
.foot { display: flex; flex-wrap: wrap; align-items: start; justify-content: space-between; gap: 0 1rem; margin-block-start: 0.75rem; }
.foot > button { min-block-size: 1.75rem; padding: 0.125rem 0.625rem; color: var(--soft); font-size: 0.8125rem; }
.foot > button:hover { color: var(--ink); }

/* The device: an unobtrusive line, with reserved space */
.device { flex: 1; min-block-size: 1.75rem; color: var(--soft); font-size: 0.8125rem; }
.device summary { inline-size: fit-content; padding-block: 0.25rem; cursor: pointer; }
.device summary:hover { color: var(--ink); }
.device dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 1rem; margin: 0.25rem 0 0.75rem; }
.device dd { margin: 0; color: var(--ink); }
.device fieldset { margin-block: 0.25rem 0.75rem; }
.device button { min-block-size: 1.75rem; padding: 0.125rem 0.625rem; }

/* The failure panel */
.failure {
  display: grid; gap: 0.75rem; align-content: center; justify-items: start; min-block-size: 16rem; padding: 2rem;
  border: 1px solid var(--line); border-radius: var(--radius);
}
.failure > *, .failure slot > * { max-inline-size: 40rem; }
.failure slot { display: contents; }
.failure .title { font-size: 1.25rem; line-height: 1.3; font-weight: 600; }
.failure .detail { color: var(--soft); font: 0.8125rem/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere; }

@media (forced-colors: active) {
  .choice input:checked + span { background: Highlight; color: HighlightText; border-color: Highlight; forced-color-adjust: none; }
  button.primary, button.play { border-width: 2px; }
  input[type='range']::-webkit-slider-runnable-track { background: CanvasText; forced-color-adjust: none; }
  input[type='range']::-webkit-slider-thumb { background: Highlight; border-color: Canvas; forced-color-adjust: none; }
  input[type='range']::-moz-range-track { background: CanvasText; forced-color-adjust: none; }
  input[type='range']::-moz-range-thumb { background: Highlight; forced-color-adjust: none; }
  .thumbs label:has(:checked)::before { border-color: Highlight; forced-color-adjust: none; }
  .code .track, .code .span, .code .zero { stroke: CanvasText; }
  .code .end { fill: CanvasText; }
  .code .now { fill: Highlight; stroke: Canvas; }
  .cursor::before { border-color: Highlight; outline-color: Canvas; forced-color-adjust: none; }
}

/* For print; see element/print.js. */
.still { display: none; }

/* Print: pictures and texts without controls. Sizes in screen pixels are replaced. */
@media print {
  :host, :host([theme]) {
    --paper: #ffffff;
    --tile: #ffffff;
    --ink: #000000;
    --soft: #444444;
    --line: #bbbbbb;
    --edge: #777777;
    color-scheme: light;
    padding: 0;
    background: none;
  }
  /* Browsers may print no backgrounds, so a filter inverts pictures here. */
  .picture, .picture::after { background: none; }
  .picture::after { content: none; }
  .picture:not(.in-color) canvas { filter: invert(1); }
  .swatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  [data-control]:not([data-control='code'], [data-control='classes']), .settings, .end, .foot, .loading, .notice, .ownership, .row, dialog { display: none !important; }
  [part='figure'] { min-block-size: 0 !important; }
  [part='figure']:is(:not([data-painted]), [data-paper]) > :not(figcaption) { display: none !important; }
  [part='figure'] > figcaption { visibility: visible !important; }
  .still { display: block; margin-block-end: 1rem; }
  .still img, .still canvas { display: block; max-inline-size: 100%; }
  .poster { position: static; display: block; background: none; }
  .frame, .frame .picture, .plot, .still { max-inline-size: 100%; break-inside: avoid; }
  .frame { display: block; min-block-size: 0 !important; }
  .tiles { grid-template-columns: repeat(var(--columns), minmax(0, 1fr)) !important; gap: 2px !important; min-block-size: 0 !important; }
  .strip, .panel, .code, figcaption { break-inside: avoid; }
  .plot { overflow: hidden; }
  .boxes label:not(:has(:checked)), .boxes input { display: none; }
}
`;

export const figureStyle = styleSheet(css);
