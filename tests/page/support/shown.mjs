// In the page of any browser engine: functions for `run` of support/browsers.mjs, which operate one figure or read what it shows.

/** Moves the slider; returns the large pictures, their measurements, and the curves. */
export async function pathsAt(t) {
  const { shadowRoot } = document.querySelector('latent-lab');
  const slider = shadowRoot.querySelector('[part=t]');
  slider.value = String(t * Number(slider.max));
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  const pictures = [...shadowRoot.querySelectorAll('.paths-now canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, 28, 28);
    return [...data].filter((_, at) => at % 4 === 0);
  });
  return {
    pictures,
    readings: [...shadowRoot.querySelectorAll('.reading-now')].map((node) => node.textContent),
    lines: [...shadowRoot.querySelectorAll('.chart-line .series')].map((line) => line.getAttribute('d')),
    isComplete: 'complete' in shadowRoot.querySelector('figure').dataset,
  };
}

export async function moveNumber() {
  const slider = document.querySelector('latent-lab').shadowRoot.querySelector('[part=number-1]');
  slider.value = '3';
  slider.dispatchEvent(new Event('input', { bubbles: true }));
}

/** The picture, the last one of the first number's strip, and what was moved. */
export async function traversal() {
  const figure = document.querySelector('latent-lab');
  const gray = (part, left) => {
    const context = figure.shadowRoot.querySelector(`[part=${part}]`).getContext('2d', { willReadFrequently: true });
    return [...context.getImageData(left, 0, 28, 28).data].filter((_, at) => at % 4 === 0);
  };
  return { picture: gray('picture', 0), last: gray('strip-1', 6 * 30), moved: figure.state.moved };
}

/** The number, the examples, and the gray values of the picture. */
export async function directionOf() {
  const element = document.querySelector('latent-lab');
  const text = (part) => element.shadowRoot.querySelector(`[part=${part}]`).textContent;
  const canvas = element.shadowRoot.querySelector('canvas[part=picture]');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return {
    ...{ share: text('share'), finding: text('finding'), plus: element.state.plus },
    picture: [...data].filter((_, i) => i % 4 === 0),
  };
}

/** A click on the first stored picture. */
export async function addExample() {
  document.querySelector('latent-lab').shadowRoot.querySelector('[role=option]').click();
}

export async function aim(spot) {
  const sliders = document.querySelector('latent-lab').shadowRoot.querySelectorAll('.plot input');
  [spot.x, spot.y].forEach((value, i) => {
    sliders[i].value = String(value);
    sliders[i].dispatchEvent(new Event('input', { bubbles: true }));
  });
}

export async function bothPictures() {
  const { shadowRoot } = document.querySelector('latent-lab');
  return ['target', 'picture'].map((part) => {
    const context = shadowRoot.querySelector(`[part=${part}]`).getContext('2d', { willReadFrequently: true });
    return [...context.getImageData(0, 0, 28, 28).data].filter((_, at) => at % 4 === 0);
  });
}

export async function tryPlace() {
  document.querySelector('latent-lab').shadowRoot.querySelector('[part=try]').click();
}

export async function saidOf() {
  return document.querySelector('latent-lab').shadowRoot.querySelector('[part=said]').textContent;
}

/** Rings, pictures and their source, as the lens of the map shows them around the cursor. */
export async function nearPictures() {
  const root = document.querySelector('latent-lab[figure=map]').shadowRoot;
  return {
    rings: root.querySelectorAll('[part=near-codes] .ring').length,
    pictures: [...root.querySelectorAll('[part=near] canvas')].map((canvas) => canvas.toDataURL()),
    source: root.querySelector('[part=near-source]')?.textContent ?? '',
  };
}

/** The last step by hand, and what is painted of the decoder. */
export async function microscope() {
  const root = document.querySelector('latent-lab[figure=microscope]').shadowRoot;
  const steps = root.querySelector('[part=steps]');
  steps.value = steps.max;
  steps.dispatchEvent(new Event('input'));
  const side = [4, 7, 14, 28];
  const maps = side.map((side, layer) => {
    const canvas = root.querySelector(`[part=maps-${layer}]`);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const pixels = Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 4)]).filter(
      ([, , , alpha]) => alpha === 255,
    );
    return { pixels: pixels.length, colors: new Set(pixels.map(String)).size };
  });
  return {
    reading: root.querySelector('[part=reading]').textContent,
    sums: [...root.querySelectorAll('[part=canvas] .cell')].map((cell) => cell.textContent),
    maps,
    lens: root.querySelector('[part=lens-text]').textContent,
  };
}

/** The strip of a figure: the side of each canvas, and how many of its pixels are not gray. */
export async function stripColors(selector) {
  const canvases = document.querySelector(selector).shadowRoot.querySelectorAll('[part=strip] canvas');
  return Array.from(canvases, (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colored = data.filter((red, i) => i % 4 === 0 && Math.abs(red - data[i + 2]) > 8).length;
    return { side: canvas.width, colored };
  });
}

export async function stripPixels() {
  const canvases = document.querySelector('latent-lab').shadowRoot.querySelectorAll('[part=strip] canvas');
  return Array.from(canvases, (canvas) =>
    [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].filter((_, i) => i % 4 === 0),
  );
}

/** Takes the first choice of a lesson's question and asks the network; true if the question is there. */
export async function chooseIn(name) {
  const input = document.querySelector(`[name=${name}]`);
  input?.click();
  input?.form.requestSubmit();
  return input !== null;
}

/** The reply of a lesson's question, below its choices. */
export async function repliesIn(name) {
  return document.querySelector(`[name=${name}]`).form.querySelector('.reply').textContent;
}
