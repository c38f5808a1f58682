/**
 * Registers the service worker, which makes the site work offline. Only the site's own start page loads it, in the copy that `cargo xtask
 * dist` makes; the script that others include does not.
 */

import { savesData } from '../state/reader.js';

const worker = new URL('../service-worker.js', import.meta.url);

async function register() {
  if (!('serviceWorker' in navigator) || savesData()) return;
  try {
    await navigator.serviceWorker.register(worker, { updateViaCache: 'none' });
  } catch {
    // Refused, as in a private window: everything except offline use works.
  }
}

// After `load`, so that the page's own pictures come first.
if (document.readyState === 'complete') register();
else addEventListener('load', register, { once: true });
