// Visits of the figure `microscope`, and functions that operate and read it.

import { overlaps, stamped } from '../../../www/views/microscope/transposed.js';
import { plain } from '../../../www/views/microscope/words.js';
import { figureAddress } from './browser.mjs';
import { visits } from './visits.mjs';

/** Called once, at the top of a file; the functions are about the figure that was visited last. */
export function microscopeVisits() {
  const visit = visits();
  let figure;
  const part = (name) => figure.part(name);
  const cell = async (name, index) => (await part(name)).$(`[data-index="${index}"]`);

  return {
    visit,

    /** On the page that the tests share, unless there are options. @param {Parameters<typeof visit>[0]} [options] */
    async microscope(options) {
      const seen = options
        ? await visit({ from: figureAddress('microscope'), ...options })
        : await visit.shared('microscope');
      figure = await seen.figure('microscope').ready();
      return { seen, figure };
    },

    cell,

    /** Texts of a grid's cells, row by row. */
    cells: async (name) => (await part(name)).$$eval('.cell', (all) => all.map((node) => node.textContent)),

    /** The middle of a cell of the input. */
    async middle(index) {
      const { x, y, width, height } = await (await cell('input', index)).boundingBox();
      return [x + width / 2, y + height / 2];
    },

    reading: async () => (await part('reading')).evaluate((node) => node.textContent.replaceAll('\u00a0', ' ')),
    formula: async () => (await part('formula')).evaluate((node) => node.getAttribute('aria-label')),
    steps: async () => (await part('steps')).evaluate((input) => [input.valueAsNumber, Number(input.max)]),
    choose: async (name) => (await part(name)).evaluate((input) => input.click()),
    pick: async (name, value) => (await part(name)).select(value),

    async goTo(step) {
      await (
        await part('steps')
      ).evaluate((input, to) => {
        input.value = to;
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }, step);
    },

    lensText: async () => (await part('lens-text')).evaluate((node) => node.innerText.replaceAll('\u00a0', ' ')),

    /** Colors of the map under the lens: the distance of each pixel from the color of zero, toward red or toward blue. */
    lens: async () =>
      (await part('lens')).evaluate((canvas) => {
        const rgba = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i] - rgba[4 * i + 2]);
      }),
  };
}

/** Values as cells show them. */
export const all = (values) => [...values].map(plain);

/** Texts of the canvas: places that no stamp has reached are empty. */
export function shown(geometry, input, kernel, step) {
  const reached = overlaps(geometry, step);
  return [...stamped(geometry, input, kernel, step)].map((value, at) => (reached[at] > 0 ? plain(value) : ''));
}
