/** Opens the dialog that exports a view's animation; its code is loaded on demand. */
export class Exporter {
  #view;
  /** @type {import('./export-dialog.js').ExportDialog | null} */
  #dialog = null;

  /** @param {Pick<import('./view.js').View, 'film' | 'node' | 'loadOptional'>} view */
  constructor(view) {
    this.#view = view;
  }

  open() {
    const { film, node } = this.#view;
    if (!film) return;
    this.#view.loadOptional(import('./export-dialog.js'), ({ ExportDialog }) => {
      this.#dialog ??= new ExportDialog();
      this.#dialog.open(film, node);
    });
  }
}
