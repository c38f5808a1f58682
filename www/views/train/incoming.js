/** Takes files that are dropped on a figure, or pasted while it is on the screen. */
export class Incoming {
  #onFiles;
  isNear = false;
  /** True while there is a run, whose pictures stay: pasted files are left to the page. */
  isLocked = false;

  /** @param {(files: File[]) => void} onFiles */
  constructor(onFiles) {
    this.#onFiles = onFiles;
    document.addEventListener('paste', this.#paste);
  }

  /** @param {HTMLElement} figure */
  catch(figure) {
    figure.addEventListener('dragover', (event) => {
      event.preventDefault();
      figure.dataset.dragging = '';
    });
    figure.addEventListener('dragleave', () => delete figure.dataset.dragging);
    figure.addEventListener('drop', async (event) => {
      event.preventDefault();
      delete figure.dataset.dragging;
      if (event.dataTransfer) this.#onFiles(await droppedFiles(event.dataTransfer));
    });
  }

  destroy() {
    document.removeEventListener('paste', this.#paste);
  }

  /** @param {ClipboardEvent} event */
  #paste = (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || !this.isNear || this.isLocked) return;
    event.preventDefault();
    this.#onFiles(files);
  };
}

/**
 * Collects all files of a drop, including those in folders.
 * @param {DataTransfer} transfer
 * @returns {Promise<File[]>}
 */
async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => entry === null)) return [...transfer.files];
  /** @type {File[]} */
  const files = [];
  const waiting = entries.filter((entry) => entry !== null);
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
    if (entry.isFile) files.push(await fileOf(/** @type {FileSystemFileEntry} */ (entry)));
    else waiting.push(...(await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry))));
  }
  return files.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
function fileOf(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** @param {FileSystemDirectoryEntry} folder @returns {Promise<FileSystemEntry[]>} */
async function childrenOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
