/**
 * Keeps the site for the time without a network. Only the site's own pages load this, in the copy that `cargo xtask dist`
 * makes; the script that others include does not.
 */

import { savesData } from '../state/reader.js';

const worker = new URL('../service-worker.js', import.meta.url);

async function register() {
  if (!('serviceWorker' in navigator) || savesData()) return;
  try {
    await navigator.serviceWorker.register(worker, { updateViaCache: 'none' });
  } catch {
    // As in a private window: the page is what it is, but for the time without a network.
  }
}

// The page's own pictures come first.
if (document.readyState === 'complete') register();
else addEventListener('load', register, { once: true });
