// Keeps the address of the article at the figure that the reader changed last, so that a copied address shows what the reader sees. It
// adds no entries to the history. Loaded only by index.html.

/** Time without a change before the address is written, in milliseconds: browsers allow about three writes per second. */
const REST = 500;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {import('../element/element.js').LatentLabElement} figure */
async function write(figure) {
  const [{ hashOf }, { fingerprint }] = await Promise.all([
    import('../state/address.js'),
    import('../element/fingerprint.js'),
  ]);
  const hash = hashOf(figure, await fingerprint(figure.state).catch(() => ''));
  if (hash && figure.isConnected) history.replaceState(history.state, '', hash);
}

// Events of figures do not bubble.
document.addEventListener(
  'change',
  ({ target }) => {
    if (!(target instanceof HTMLElement) || target.localName !== 'latent-lab') return;
    clearTimeout(timer);
    const figure = /** @type {import('../element/element.js').LatentLabElement} */ (target);
    timer = setTimeout(() => void write(figure).catch(() => {}), REST);
  },
  true,
);
