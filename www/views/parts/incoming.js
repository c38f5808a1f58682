/**
 * Files that are dropped on a figure or pasted. A pasted file goes to one figure of the page: to the one with the focus, or else to one
 * near the screen that takes files without it. It goes to none while the reader is typing.
 *
 * @typedef {object} Options
 * @property {(files: File[], target: string) => void} onFiles
 * @property {boolean} [needsFocus] true if pasted files are taken only with the focus in the figure
 * @property {() => boolean} [accepts] false if files are left to the page
 * @property {(event: MouseEvent | null) => string} [targetOf] the part of the figure that gets the files; null for the focused part
 */

/** @type {Set<Incoming>} */
const all = new Set();

export class Incoming {
  #options;
  /** @type {HTMLElement | null} */
  #node = null;
  #end = new AbortController();
  isNear = false;
  /** True while there is a run, whose pictures are fixed: pasted files are left to the page. */
  isLocked = false;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    if (all.size === 0) document.addEventListener('paste', paste);
    all.add(this);
  }

  /** @param {HTMLElement} figure that files are dropped on */
  catch(figure) {
    const { signal } = this.#end;
    this.#node = figure;
    figure.addEventListener('dragover', (event) => this.#drag(event), { signal });
    figure.addEventListener('dragleave', (event) => this.#leave(event), { signal });
    figure.addEventListener('drop', (event) => this.#drop(event), { signal });
  }

  destroy() {
    this.#end.abort();
    all.delete(this);
    if (all.size === 0) document.removeEventListener('paste', paste);
  }

  get hasFocus() {
    const root = /** @type {Document | ShadowRoot | undefined} */ (this.#node?.getRootNode());
    return this.#node?.contains(root?.activeElement ?? null) ?? false;
  }

  /** True if this figure takes pasted files without having the focus. */
  get isOpen() {
    return !this.#options.needsFocus && this.isNear && this.accepts;
  }

  get accepts() {
    return !this.isLocked && this.#options.accepts?.() !== false;
  }

  /** Takes pasted files. @param {File[]} files */
  take(files) {
    this.#options.onFiles(files, this.#targetOf(null));
  }

  /** @param {MouseEvent | null} event */
  #targetOf(event) {
    return this.#options.targetOf?.(event) ?? '';
  }

  /** @param {DragEvent} event */
  #drag(event) {
    if (this.#options.accepts?.() === false || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (this.#node) this.#node.dataset.dragging = this.#targetOf(event);
  }

  /** @param {DragEvent} event */
  #leave(event) {
    if (!this.#node?.contains(/** @type {Node | null} */ (event.relatedTarget))) this.#clear();
  }

  /** @param {DragEvent} event */
  async #drop(event) {
    this.#clear();
    if (this.#options.accepts?.() === false || !event.dataTransfer) return;
    event.preventDefault();
    const target = this.#targetOf(event);
    this.#options.onFiles(await droppedFiles(event.dataTransfer), target);
  }

  #clear() {
    delete this.#node?.dataset.dragging;
  }
}

/** @param {ClipboardEvent} event */
function paste(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length === 0 || event.defaultPrevented || isWriting()) return;
  const takers = [...all];
  const focused = takers.find(({ hasFocus }) => hasFocus);
  const taker = focused ?? takers.find(({ isOpen }) => isOpen);
  if (!taker?.accepts) return;
  event.preventDefault();
  taker.take(files);
}

/** True if the focus is in a field for text. */
function isWriting() {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  if (!(focused instanceof HTMLElement)) return false;
  return focused.isContentEditable || focused.matches(`textarea, input:not(${WITHOUT_TEXT})`);
}

/** Types of inputs that take no pasted text. */
const WITHOUT_TEXT = ['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit']
  .map((type) => `[type=${type}]`)
  .join(', ');

/**
 * Collects all files of a drop, including those in folders.
 * @param {DataTransfer} transfer
 * @returns {Promise<File[]>}
 */
async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  // Entries are only for folders: WebKit reads no entry of a file that is not on a disk.
  if (entries.every((entry) => !entry?.isDirectory)) return inOrder([...transfer.files]);
  /** @type {File[]} */
  const files = [];
  const waiting = entries.filter((entry) => entry !== null);
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
    if (entry.isFile) files.push(await fileOf(/** @type {FileSystemFileEntry} */ (entry)));
    else waiting.push(...(await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry))));
  }
  return inOrder(files);
}

/** Sorts files by name. @param {File[]} files */
function inOrder(files) {
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
