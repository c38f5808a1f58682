import { styleSheet } from './dom.js';

/** Style of all dialogs and of the pad, besides that of all figures. Fetched with the first dialog. */

const css = /* css */ `
dialog {
  inline-size: min(36rem, calc(100vw - 2rem)); max-block-size: calc(100dvh - 2rem); padding: 1.5rem; overflow: auto;
  background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: calc(var(--radius) * 2);
}
dialog::backdrop { background: rgb(0 0 0 / 45%); }
dialog[open] { display: grid; grid-template-columns: minmax(0, 1fr) 7rem; gap: 1rem 1.5rem; }
dialog h2, dialog .row, dialog > .help { grid-column: 1 / -1; }
dialog h2 { font-size: 1.25rem; line-height: 1.3; }
dialog > .help:empty { display: none; }
dialog .help { margin-block-start: 0.625rem; color: var(--soft); font-size: 0.8125rem; }
.pad { touch-action: none; cursor: crosshair; border: 1px solid var(--line); aspect-ratio: 1; }
.pad canvas { image-rendering: auto; }
.pad .pen {
  position: absolute; z-index: 2; inline-size: 20px; block-size: 20px; translate: -50% -50%; display: none;
  border: 2px solid var(--accent); border-radius: 50%; pointer-events: none;
}
.pad:focus-visible .pen { display: block; }
.pad .pen.down { background: var(--accent); }
.pad-shown { display: grid; gap: 1rem; align-content: start; }
.pad-shown figcaption { margin-block-start: 0.25rem; color: var(--soft); font-size: 0.8125rem; }
dialog.plain[open] { grid-template-columns: minmax(0, 1fr); }
@container (max-width: 30rem) {
  dialog[open] { grid-template-columns: minmax(0, 1fr); }
  .pad-shown { grid-template-columns: 1fr 1fr; }
}

/* The dialog that embeds */
dialog.embed textarea {
  inline-size: 100%; padding: 0.625rem; resize: vertical; background: transparent; color: inherit;
  border: 1px solid var(--edge); border-radius: var(--radius);
  font: 0.8125rem/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; direction: ltr;
}
dialog.embed input[type='text'] {
  inline-size: 100%; min-block-size: 2.5rem; padding: 0 0.625rem; background: transparent; color: inherit; font: inherit;
  border: 1px solid var(--edge); border-radius: var(--radius);
}
dialog.embed .choice { flex-wrap: wrap; }
@media (forced-colors: active) {
  .pad .pen { border-color: Highlight; outline-color: Canvas; forced-color-adjust: none; }
}
`;

export const dialogStyle = styleSheet(css);
