// In the page of any browser engine: functions for `run` of support/browsers.mjs, which operate the page's first figure.

/** Pictures of the draws, how many pixels are painted, and the seed. */
export async function posterior() {
  const { shadowRoot, state } = document.querySelector('latent-lab');
  const paint = shadowRoot.querySelector('[part=changes]');
  const { data } = paint.getContext('2d').getImageData(0, 0, paint.width, paint.height);
  return {
    draws: [...shadowRoot.querySelectorAll('[part=draws] canvas')].map((canvas) => canvas.toDataURL()),
    painted: data.filter((alpha, i) => i % 4 === 3 && alpha > 50).length,
    seed: state.seed,
  };
}

export async function textOf(part) {
  return document.querySelector('latent-lab').shadowRoot.querySelector(`[part=${part}]`)?.textContent ?? '';
}

export async function press(part) {
  document.querySelector('latent-lab').shadowRoot.querySelector(`[part=${part}]`)?.click();
}

/** Moves a slider. */
export async function give({ part, value }) {
  const slider = document.querySelector('latent-lab').shadowRoot.querySelector(`[part=${part}]`);
  slider.value = String(value * Number(slider.max));
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  slider.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Draws a stroke downward on the open pad; true if there is one. */
export async function drawByKeys() {
  const pad = document.querySelector('latent-lab').shadowRoot.querySelector('[part=pad]');
  for (const key of [' ', ...Array(14).fill('ArrowDown'), ' ']) {
    pad?.dispatchEvent(new KeyboardEvent('keydown', { key }));
  }
  return Boolean(pad);
}

/** Keeps the files that the page saves from here on. */
export async function keepFiles() {
  globalThis.kept = [];
  const create = URL.createObjectURL;
  URL.createObjectURL = (file) => {
    globalThis.kept.push(file);
    return create.call(URL, file);
  };
}

/** The first six letters of the last file. */
export async function startOfFile() {
  return new TextDecoder().decode(new Uint8Array(await globalThis.kept.at(-1).arrayBuffer()).slice(0, 6));
}

export async function where() {
  const { pathname, hash } = location;
  return { page: pathname, hash, language: document.documentElement.lang };
}
