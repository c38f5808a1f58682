/**
 * Keeps the site for the time without a network. Only the site's own pages load this, in the copy that `cargo xtask dist`
 * makes; the script that others include does not.
 */

const worker = new URL('../service-worker.js', import.meta.url);

/** Whoever asks for little data has not asked for the whole site. */
function savesData() {
  const { connection } = /** @type {{connection?: {saveData?: boolean}}} */ (navigator);
  return connection?.saveData === true;
}

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
