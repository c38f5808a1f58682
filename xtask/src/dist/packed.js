/**
 * The files of a page that is one file: compressed in the page itself, each handed out as an address of its own. These are
 * `data:` and not `blob:`, which a worker of a page from a file may not read in every browser.
 */

const files = await unpack();

/**
 * The address of a file.
 * @param {string} path
 */
export function packed(path) {
  return new URL(files.get(path));
}

/** Reads the list of paths, types and lengths, and the files after it. */
async function unpack() {
  const element = /** @type {HTMLElement} */ (document.getElementById('packed-files'));
  const letters = atob(/** @type {string} */ (element.textContent));
  element.remove();
  const stream = new Blob([Uint8Array.from(letters, (letter) => letter.charCodeAt(0))]).stream();
  const bytes = await new Response(stream.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  const listLength = new DataView(bytes).getUint32(0, true);
  const list = JSON.parse(new TextDecoder().decode(bytes.slice(4, 4 + listLength)));
  let at = 4 + listLength;
  const entries = list.map(async ([path, type, length]) => {
    const file = new Blob([bytes.slice(at, (at += length))], { type });
    return [path, await addressOf(file)];
  });
  return new Map(await Promise.all(entries));
}

/**
 * @param {Blob} file
 * @returns {Promise<string>}
 */
function addressOf(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(/** @type {string} */ (reader.result)));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
