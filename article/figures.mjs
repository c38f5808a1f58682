// Which results the article shows, and how: the rows of each sheet of pictures, the columns of each table, the lines of each chart.

/** @typedef {import('./sources.mjs').Result} Result */

/**
 * @typedef {object} Column
 * @property {string} head
 * @property {(row: Result) => number | string | undefined} of
 * @property {number} [digits] of its numbers
 *
 * @typedef {object} Chart lines over numbers that double
 * @property {string} title of what goes up
 * @property {string} across
 * @property {number} digits of the marks at the side
 * @property {(result: Result) => {name: string, points: [number, number][]}[]} lines
 *
 * @typedef {object} Shown
 * @property {number} columns pictures in a row of the sheet
 * @property {(result: Result) => string[]} pictures what each row of the sheet is
 * @property {string} caption what the table says
 * @property {(result: Result) => Result[]} rows
 * @property {Column[]} table
 * @property {Chart} [chart]
 */

/** @param {string} head @param {string} key @param {number} [digits] @returns {Column} */
const number = (head, key, digits) => ({ head, of: (row) => row[key], digits });

const quality = [number('Squared error', 'mse', 4), number('PSNR, dB', 'psnr', 1), number('SSIM', 'ssim', 2)];

const kinds = {
  real: 'pictures that are real',
  reconstructed: 'its reconstructions of them',
  random: 'random codes',
  fitted: 'random codes, aimed at its own',
  correlated: 'aimed, with correlations',
};
const networks = { vae: 'VAE', plain: 'plain autoencoder', many: 'thousands of cats', few: 'few cats', pixels: 'cross-fade' };
const ways = { lerp: 'line', slerp: 'arc' };

/** @param {Record<string, string>} names @param {string} name */
const named = (names, name) => names[name] ?? name;

/** What networks make of random codes. @param {string} of what the pictures are @returns {Shown} */
const random = (of) => ({
  columns: 8,
  pictures: ({ rows }) =>
    rows
      .filter(({ kind }) => kind !== 'reconstructed')
      .map(({ label, kind }) => (kind === 'real' ? of : `${named(networks, label)}, ${named(kinds, kind)}`)),
  caption: `How far each set of pictures is from ${of}`,
  rows: ({ rows }) => rows,
  table: [
    { head: 'Network', of: ({ label }) => (label ? named(networks, label) : undefined) },
    { head: 'Pictures', of: ({ kind }) => named(kinds, kind) },
    number('Fréchet distance', 'frechet', 2),
    number('Clear to a classifier', 'clear', 2),
  ],
});

/** Ways between pictures. @param {string} of what the pictures are @returns {Shown} */
const between = (of) => ({
  columns: 11,
  pictures: ({ rows }) =>
    rows.flatMap(({ label, way }) => [label === 'pixels' ? 'cross-fade' : `${named(networks, label)}, ${named(ways, way)}`, '']),
  caption: `What lies between two ${of}`,
  rows: ({ rows }) => rows,
  table: [
    { head: 'Network', of: ({ label }) => named(networks, label) },
    { head: 'Way', of: ({ label, way }) => (label === 'pixels' ? undefined : named(ways, way)) },
    number('Unevenness of the steps', 'unevenness', 2),
    number('Clear frames', 'clear', 2),
    number('Fréchet distance of the ends', 'frechet_of_ends', 1),
    number('of the middles', 'frechet_of_middles', 1),
  ],
});

/** @type {Record<string, Shown>} by the name of the sheet */
export const shown = {
  'few-cats': {
    columns: 8,
    pictures: () => ['Gray cats', 'redrawn', 'The same in color', 'redrawn'],
    caption: 'How close the pictures come back',
    rows: ({ rows }) => rows,
    table: [{ head: 'Cats', of: ({ label }) => label }, number('Parameters', 'parameters', 0), ...quality],
  },
  'cat-sizes': {
    columns: 8,
    pictures: ({ rows }) => ['Cats', ...rows.map((/** @type {Result} */ { latent }) => `redrawn from ${latent}`)],
    caption: 'The same network with codes of five sizes',
    rows: ({ rows }) => rows,
    table: [number('Numbers in the code', 'latent', 0), ...quality],
    chart: {
      title: 'Squared error of cats it never saw',
      across: 'numbers in the code',
      digits: 4,
      lines: ({ rows }) => [{ name: 'autoencoder', points: rows.map((/** @type {Result} */ row) => [row.latent, row.mse]) }],
    },
  },
  'digit-sizes': {
    columns: 8,
    pictures: ({ rows }) => ['Digits', ...rows.map((/** @type {Result} */ { latent }) => `redrawn from ${latent}`)],
    caption: 'Codes of digits, and as many principal components',
    rows: ({ rows, principal_components: components }) =>
      rows.map((/** @type {Result} */ row) => ({
        ...row,
        linear: components.find((/** @type {Result} */ each) => each.components === row.latent)?.mse,
      })),
    table: [
      number('Numbers in the code', 'latent', 0),
      number('Autoencoder, squared error', 'mse', 4),
      number('Principal components, squared error', 'linear', 4),
    ],
    chart: {
      title: 'Squared error of digits it never saw',
      across: 'numbers in the code',
      digits: 2,
      lines: ({ rows, principal_components: components }) => [
        { name: 'autoencoder', points: rows.map((/** @type {Result} */ row) => [row.latent, row.mse]) },
        { name: 'principal components', points: components.map((/** @type {Result} */ row) => [row.components, row.mse]) },
      ],
    },
  },
  architectures: {
    columns: 8,
    pictures: ({ rows }) => ['Cats', ...rows.map((/** @type {Result} */ { label }) => words(label))],
    caption: 'Four networks with codes of 128 numbers, and one of them trained longer',
    rows: ({ rows }) => rows,
    table: [
      { head: 'Network', of: ({ label }) => words(label) },
      number('Parameters', 'parameters', 0),
      number('Epochs', 'epochs', 0),
      ...quality,
    ],
  },
  'random-latents-digits': random('real digits'),
  'random-latents-cats': random('real cats'),
  'interpolation-digits': between('digits'),
  'interpolation-cats': between('cats'),
};

/** A label of the results in words. @param {string} label */
function words(label) {
  const text = label.replace('kernel-5', 'kernels of five').replace('mixed', 'kernels of both kinds').replaceAll('-', ' ').replace(/ longer$/, ', three times as long');
  return text.replace(' kernels', ', kernels');
}
