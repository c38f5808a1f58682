/**
 * What outlives the page: the training run of each figure, in the browser's own database. A visitor can have it all forgotten; where the
 * browser gives no database, as in some private windows, the run lives as long as the page.
 */

import { say } from '../../state/texts.js';

const NAME = 'latent-lab';
const STORE = 'run';

/** A database that has not been opened by then is told to be another tab's, in milliseconds. */
const PATIENCE = 5_000;

/** @type {Promise<IDBDatabase> | undefined} */
let opening;

/** The database. Another tab that wants to change or delete it gets it at once, and the next request opens it again. */
function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    const held = () => reject(new Error(say('another tab holds the database')));
    // Behind a change that waits for other tabs, a request waits without a word.
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

/** It is open, perhaps too late for who has asked. @param {IDBDatabase} database */
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
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore, fail: (error: unknown) => void) => IDBRequest | void} work
 * @returns {Promise<any>} what the request found, once everything is written
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
    transaction.onabort = () => reject(transaction.error ?? new Error(say('the browser gave up writing')));
    transaction.onerror = () => reject(transaction.error);
  });
}

/**
 * Writes entries of a run, all or none. If another tab has written another run under its name since, the whole run is written,
 * so that the database always holds one run.
 * @param {{key: string, owner: string}} of where it is noted whose run it is, and who that is
 * @param {Record<string, unknown>} entries
 * @param {() => Record<string, unknown>} whole every entry of the run
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
