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
  return new URL(/** @type {string} */ (files.get(path)));
}

/** Reads the form that single-file.mjs has written. */
async function unpack() {
  const element = /** @type {HTMLElement} */ (document.getElementById('packed-files'));
  const letters = atob(/** @type {string} */ (element.textContent));
  element.remove();
  const stream = new Blob([Uint8Array.from(letters, (letter) => letter.charCodeAt(0))]).stream();
  const headers = { 'Content-Type': 'multipart/form-data; boundary=--------latent-lab-packed-file' };
  const form = await new Response(stream.pipeThrough(new DecompressionStream('gzip')), { headers }).formData();
  const entries = [...form].map(
    async ([path, file]) => /** @type {const} */ ([path, await addressOf(/** @type {File} */ (file))]),
  );
  return new Map(await Promise.all(entries));
}

/**
 * @param {File} file
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
