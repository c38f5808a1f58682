import { styleSheet } from '../parts/dom.js';

/** Style of the marks of `samples`, besides that of all figures. Fetched with them. */

const css = /* css */ `
.tile.odd::after {
  content: '\\2260'; position: absolute; inset-block-start: 0; inset-inline-end: 0; z-index: 2; display: grid; place-items: center;
  inline-size: min(1.25rem, 45%); aspect-ratio: 1; font-size: 0.875rem; line-height: 1; font-weight: 700;
  background: var(--accent); color: var(--on-accent); pointer-events: none;
}
@media (forced-colors: active) {
  .tile.odd::after { background: Highlight; color: HighlightText; forced-color-adjust: none; }
}
@media print {
  .tile.odd::after { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

export const checkStyle = styleSheet(css);
