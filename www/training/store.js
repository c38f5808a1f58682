/**
 * What outlives the page: the training run of each figure, in the browser's own database. A visitor can have it all forgotten; where the
 * browser gives no database, as in some private windows, the run lives as long as the page.
 */

const NAME = 'latent-lab';
const STORE = 'run';

/** @type {Promise<IDBDatabase> | undefined} */
let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('another tab holds the database'));
  });
  opening.catch(() => (opening = undefined));
  return opening;
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest | void} work
 * @returns {Promise<any>} what the request found, once everything is written
 */
async function transact(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error ?? new Error('the browser gave up writing'));
    transaction.onerror = () => reject(transaction.error);
  });
}

/**
 * All or nothing.
 * @param {Record<string, unknown>} entries
 */
export function write(entries) {
  return transact('readwrite', (store) => {
    for (const [key, value] of Object.entries(entries)) store.put(value, key);
  });
}

/** @param {string} key */
export async function read(key) {
  return (await exists()) ? transact('readonly', (store) => store.get(key)) : undefined;
}

/** These go for good. @param {string[]} keys */
export async function forget(keys) {
  if (!(await exists())) return;
  await transact('readwrite', (store) => {
    for (const key of keys) store.delete(key);
  });
}

/** Looking must not leave a database behind: a visitor who has not trained anything keeps nothing. */
async function exists() {
  // A sandboxed page has none; asked there, Chromium fails twice, once where nobody can hear it.
  if (globalThis.origin === 'null') return false;
  if (opening || !indexedDB.databases) return true;
  return (await indexedDB.databases()).some(({ name }) => name === NAME);
}
