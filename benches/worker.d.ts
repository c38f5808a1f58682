/**
 * What is timed in the browser: a module worker, as on the page, with one build of the wasm module and the tiny modules of
 * the limits beside it. It is started from a blob by `chromium.mjs`, and answers one request after the other.
 */
export {};
