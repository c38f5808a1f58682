/**
 * Stores the training run of each figure in the browser's database (IndexedDB), for later visits. The record of a run calls it. Visitors
 * can have everything deleted; without a database, as in some private windows, a run lives as long as the page.
 */

import { say } from '../../state/texts.js';

const NAME = 'latent-lab';
const STORE = 'run';

/** Milliseconds after which a database that does not open is reported as held by another tab. */
const PATIENCE = 5_000;

/** @type {Promise<IDBDatabase> | undefined} */
let opening;

/** Opens the database. It closes when another tab wants to change or delete it, and the next request opens it again. */
function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    const held = () => reject(new Error(say('another tab holds the database')));
    // A request behind another tab's change waits without any event.
    const timer = setTimeout(held, PATIENCE);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => {
      clearTimeout(timer);
      keep(request.result);
      resolve(request.result);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error);
    };
    request.onblocked = held;
  });
  opening.catch(() => (opening = undefined));
  return opening;
}

/** Keeps an open database for further requests, even if the first one has given up. @param {IDBDatabase} database */
function keep(database) {
  opening = Promise.resolve(database);
  const forget = () => {
    database.close();
    opening = undefined;
  };
  database.onversionchange = forget;
  database.onclose = forget;
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore, fail: (error: unknown) => void) => IDBRequest<T> | void} work
 * @returns {Promise<T | undefined>} result of the request, after everything is written
 */
async function transact(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const fail = (/** @type {unknown} */ error) => {
      reject(error);
      transaction.abort();
    };
    const request = work(transaction.objectStore(STORE), fail);
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error ?? new Error(say('the browser canceled the write')));
    transaction.onerror = () => reject(transaction.error);
  });
}

/**
 * Writes entries of a run, all or none. If another tab has stored another run under the same name since, the whole run is written, so
 * that the database never mixes two runs.
 * @param {{key: string, owner: string}} of key of the entry with the run's owner, and the owner
 * @param {Record<string, unknown>} entries
 * @param {() => Record<string, unknown>} whole all entries of the run
 */
export function write({ key, owner }, entries, whole) {
  return transact('readwrite', (store, fail) => {
    const asked = store.get(key);
    asked.onsuccess = () => {
      const isOurs = asked.result === owner;
      try {
        for (const [name, value] of Object.entries(isOurs ? entries : whole())) store.put(value, name);
        if (!isOurs) store.put(owner, key);
      } catch (error) {
        fail(error);
      }
    };
  });
}

/** @param {string} key @returns {Promise<unknown>} undefined if there is no such entry */
export async function read(key) {
  return (await exists()) ? transact('readonly', (store) => store.get(key)) : undefined;
}

/** Deletes entries. @param {string[]} keys */
export async function forget(keys) {
  if (!(await exists())) return;
  await transact('readwrite', (store) => {
    for (const key of keys) store.delete(key);
  });
}

/** True if the database exists. Reading must not create it: nothing is stored for a visitor who has not trained anything. */
async function exists() {
  // A sandboxed page has none, and in Chromium asking for it causes an error that cannot be caught.
  if (globalThis.origin === 'null') return false;
  if (opening || !indexedDB.databases) return true;
  return (await indexedDB.databases()).some(({ name }) => name === NAME);
}
