// Layout of the results in the article: the rows of each sheet of pictures, the columns of each table, the lines of each chart.

import { written } from './sources.mjs';

/** @typedef {import('./sources.mjs').Result} Result */

/**
 * @typedef {object} Column
 * @property {string} head
 * @property {(row: Result) => number | string | undefined} of
 * @property {number} [digits] of its numbers
 *
 * @typedef {object} Chart lines over numbers that double
 * @property {string} title of the vertical axis
 * @property {string} across
 * @property {number} digits of the marks at the side
 * @property {(result: Result) => {name: string, points: [number, number][]}[]} lines
 *
 * @typedef {object} Sheet a sheet of pictures
 * @property {number} columns pictures in a row
 * @property {(result: Result) => (string | null)[]} rows labels of the rows of the file; null: not shown
 * @property {(result: Result) => number[][]} [groups] rows in the order of the page, with space between groups
 *
 * @typedef {object} Shown
 * @property {Sheet} [sheet]
 * @property {(result: Result) => string} caption of the table: what was measured on how many pictures
 * @property {(result: Result) => Result[]} rows
 * @property {Column[]} table
 * @property {boolean} [folded] long tables are opened on demand
 * @property {Chart} [chart]
 */

/** @param {string} head @param {string} key @param {number} [digits] @returns {Column} */
const number = (head, key, digits) => ({ head, of: (row) => row[key], digits });

const quality = [number('Squared error', 'mse', 4), number('PSNR, dB', 'psnr', 1), number('SSIM', 'ssim', 2)];

const kinds = {
  real: 'real pictures',
  reconstructed: 'its reconstructions of them',
  random: 'random codes',
  fitted: 'aimed at its own codes',
  correlated: 'aimed, with correlations',
};
const networks = { vae: 'VAE', plain: 'plain autoencoder', pixels: 'cross-fade' };
const paths = { lerp: 'line', slerp: 'arc', geodesic: 'through pictures' };
const models = {
  digits: 'digits, VAE',
  'digits-plain': 'digits, plain autoencoder',
  map: 'digits, VAE with two numbers',
  fashion: 'clothes, VAE',
};
const cats = { components: 'principal components', 'cats-blurred': 'blurred', cats: 'sharp' };
const sets = {
  originals: 'photographs',
  components: 'redrawn by principal components',
  reconstructions: 'redrawn by the network',
  middles: 'halfway between two of them',
  random: 'from random codes',
};

/** @param {Record<string, string>} names @param {string} name */
const named = (names, name) => names[name] ?? name;

/** @param {number} count */
const counted = (count) => written(count, 0);

/** Number of held-out pictures that a result's networks were measured on. @param {Result} result */
const heldOut = ({ rows }) => counted(rows[0].test_images);

/** True for a network that was whitened after training. @param {Result} row */
const isWhitened = ({ command }) => command?.includes('latent-lab whiten') === true;

/** @param {Result} row */
const networkOf = (row) => `${named(networks, row.label)}${isWhitened(row) ? ', whitened' : ''}`;

/** Pictures of random codes. @param {string} of what the pictures are @returns {Shown} */
const random = (of) => ({
  sheet: {
    columns: 8,
    rows: ({ rows }) =>
      rows
        .filter((/** @type {Result} */ { kind }) => kind !== 'reconstructed')
        .map((/** @type {Result} */ row) => randomRow(of, row)),
  },
  caption: ({ pictures }) => `How far ${counted(pictures)} pictures are from as many real ${of}`,
  rows: ({ rows }) => rows,
  table: [
    { head: 'Network', of: (row) => (row.label ? networkOf(row) : undefined) },
    { head: 'Pictures', of: ({ kind }) => named(kinds, kind) },
    number('Fréchet distance', 'frechet', 2),
    number('Clear to a classifier', 'clear', 2),
  ],
  folded: true,
});

/**
 * Label of a row of the sheet, or null: a whitened network has no rows for aimed codes, since aiming changes nothing.
 * @param {string} of
 * @param {Result} row
 */
function randomRow(of, row) {
  if (row.kind === 'real') return `real ${of}`;
  return isWhitened(row) && row.kind !== 'random' ? null : `${networkOf(row)}, ${named(kinds, row.kind)}`;
}

/** Where pictures that are compared by their prior are from. @param {Result} row */
function sourceOf({ kind, components }) {
  if (kind === 'real') return 'real digits';
  if (kind === 'reconstructed') return 'test digits, redrawn';
  if (kind === 'normal') return 'from a standard normal';
  return components === 1 ? 'from one fitted normal' : `from a mixture of ${components}`;
}

/** @param {Result} row */
const priorRow = (row) => (row.kind === 'real' ? 'real digits' : `${networkOf(row)}, ${sourceOf(row)}`);

/** The network that draws a path, by its kind or by its training. @param {string} of @param {Result} row */
const subject = (of, { label, training_images: images, steps }) =>
  of === 'cats' && label !== 'pixels' ? `${counted(images)} cats, ${counted(steps)} steps` : named(networks, label);

/**
 * Paths between pictures, grouped by their ends. Each group begins with the cross-fade, whose ends are the photographs.
 * @param {string} of what the pictures are
 * @param {string[]} [order] labels of the rows that the sheet shows, with their paths; default: all
 * @returns {Shown}
 */
const between = (of, order) => ({
  sheet: {
    columns: 11,
    rows: ({ rows }) =>
      drawn(rows).flatMap((/** @type {Result} */ row) => {
        const text = row.label === 'pixels' ? 'cross-fade' : `${subject(of, row)}, ${named(paths, row.way)}`;
        return [text, text];
      }),
    groups: ({ rows }) => {
      const names = drawn(rows).map((/** @type {Result} */ { label, way }) => `${label} ${way}`);
      const places = order?.map((name) => names.indexOf(name)) ?? [...names.keys()];
      return [0, 1].map((pair) => places.map((place) => 2 * place + pair));
    },
  },
  caption: ({ pairs }) => `What lies between ${counted(pairs)} pairs of ${of}`,
  rows: ({ rows }) => rows,
  table: [
    { head: 'Network', of: (row) => subject(of, row) },
    { head: 'Path', of: ({ label, way }) => (label === 'pixels' ? undefined : named(paths, way)) },
    number('Squared error of the ends', 'mse_of_ends', 4),
    number('Unevenness of the steps', 'unevenness', 2),
    number('Largest step, relative to the mean', 'largest_step', 2),
    number('Clear frames', 'clear', 2),
    number('Fréchet distance of the ends', 'frechet_of_ends', 1),
    number('of the middles', 'frechet_of_middles', 1),
  ],
  folded: true,
});

/** @type {Record<string, Shown>} by the name of the sheet */
export const shown = {
  'few-cats': {
    sheet: { columns: 8, rows: () => ['Gray cats', 'redrawn', 'The same in color', 'redrawn'] },
    caption: (result) => `How closely ${heldOut(result)} held-out cats are redrawn`,
    rows: ({ rows }) => rows,
    table: [{ head: 'Cats', of: ({ label }) => label }, number('Parameters', 'parameters', 0), ...quality],
    folded: true,
  },
  'cat-sizes': {
    sheet: {
      columns: 8,
      rows: ({ rows }) => [
        'Cats',
        ...rows.map((/** @type {Result} */ { latent }) => `redrawn from ${counted(latent)}`),
      ],
    },
    caption: (result) => `One network, codes of five sizes: ${heldOut(result)} held-out cats`,
    rows: ({ rows }) => rows,
    table: [number('Numbers in the code', 'latent', 0), ...quality],
    folded: true,
    chart: {
      title: 'Squared error on unseen cats',
      across: 'numbers in the code',
      digits: 4,
      lines: ({ rows }) => [
        { name: 'autoencoder', points: rows.map((/** @type {Result} */ row) => [row.latent, row.mse]) },
      ],
    },
  },
  'digit-sizes': {
    sheet: {
      columns: 8,
      rows: ({ rows }) => [
        'Digits',
        ...rows.map((/** @type {Result} */ { latent }) => `redrawn from ${counted(latent)}`),
      ],
    },
    caption: (result) => `Codes and as many principal components: ${heldOut(result)} test digits`,
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
    folded: true,
    chart: {
      title: 'Squared error on unseen digits',
      across: 'numbers in the code',
      digits: 2,
      lines: ({ rows, principal_components: components }) => [
        { name: 'autoencoder', points: rows.map((/** @type {Result} */ row) => [row.latent, row.mse]) },
        {
          name: 'principal components',
          points: components.map((/** @type {Result} */ row) => [row.components, row.mse]),
        },
      ],
    },
  },
  architectures: {
    sheet: { columns: 8, rows: ({ rows }) => ['Cats', ...rows.map((/** @type {Result} */ { label }) => words(label))] },
    caption: (result) =>
      `Four networks from three starts, two of them trained longer: ${heldOut(result)} held-out cats`,
    rows: ({ rows }) => rows,
    table: [
      { head: 'Network', of: ({ label }) => words(label) },
      number('Parameters', 'parameters', 0),
      number('Epochs', 'epochs', 0),
      number('Squared error, mean', 'mse', 4),
      number('lowest', 'mse_lowest', 4),
      number('highest', 'mse_highest', 4),
      number('SSIM', 'ssim', 2),
    ],
    folded: true,
  },
  priors: {
    sheet: {
      columns: 8,
      rows: ({ rows }) => rows.filter((/** @type {Result} */ { kind }) => kind !== 'reconstructed').map(priorRow),
    },
    caption: ({ pictures }) => `How far ${counted(pictures)} pictures from each prior are from as many real digits`,
    rows: ({ rows }) => rows,
    table: [
      { head: 'Network', of: (row) => (row.label ? networkOf(row) : undefined) },
      { head: 'Pictures', of: (row) => sourceOf(row) },
      number('Fréchet distance', 'frechet', 2),
      number('Clear to a classifier', 'clear', 2),
      number('Nearest training digit, squared error', 'nearest', 4),
    ],
    folded: true,
  },
  price: {
    caption: ({ digits }) => `What a picture costs in nats, on average over ${heldOut(digits)} test pictures`,
    rows: ({ digits, fashion }) =>
      [digits, fashion].flatMap(({ rows, target_entropy: floor }) =>
        rows.map((/** @type {Result} */ row) => ({ ...row, floor })),
      ),
    table: [
      { head: 'Network', of: ({ label }) => named(models, label) },
      number('Floor', 'floor', 1),
      number('Unexplained', 'reconstruction_above_entropy', 1),
      number('Code (KL)', 'kl', 1),
      number('Both', 'total_above_entropy', 1),
    ],
  },
  'cat-detail': {
    sheet: { columns: 8, rows: ({ rows }) => rows.map((/** @type {Result} */ { label }) => named(sets, label)) },
    caption: ({ test_images: count }) =>
      `Detail of ${counted(count)} held-out cats, as a percentage of that in the photographs`,
    rows: ({ rows }) => rows,
    table: [
      { head: 'Cats', of: ({ label }) => named(sets, label) },
      number('Squared error', 'mse', 4),
      number('Gradient', 'gradient', 0),
      number('Variance of the Laplacian', 'laplacian_variance', 1),
    ],
  },
  'sharp-cats': {
    sheet: {
      columns: 8,
      rows: ({ rows }) => [
        'photographs',
        ...['redrawn', 'halfway between two', 'from random codes', 'halfway, through pictures'].flatMap((set) =>
          networksOf(rows).map((/** @type {Result} */ { label }) => `${set}, ${named(cats, label)}`),
        ),
      ],
      // Of the last set only the sharp ones, below those on the arc: what the path changes is their eyes.
      groups: ({ rows }) => {
        const count = networksOf(rows).length;
        const places = [...Array(3 * count + 1).keys()];
        return [places.toSpliced(2 * count + 1, 0, 4 * count)];
      },
    },
    caption: ({ test_images: count }) => `How sharp and how real ${counted(count)} held-out cats look`,
    rows: ({ rows }) => rows,
    folded: true,
    table: [
      { head: 'Cats', of: ({ label }) => named(cats, label) },
      number('Squared error', 'mse', 4),
      { head: 'Variance of the Laplacian in percent, redrawn', of: laplacian('reconstructions'), digits: 1 },
      { head: 'halfway', of: laplacian('middles'), digits: 1 },
      { head: 'random', of: laplacian('random'), digits: 1 },
      { head: 'Share told from photographs, redrawn', of: (row) => row.told_apart?.reconstructions, digits: 2 },
      { head: 'random', of: (row) => row.told_apart?.random, digits: 2 },
    ],
  },
  'random-latents-digits': random('digits'),
  'random-latents-cats': random('cats'),
  'interpolation-digits': between('digits', [
    'pixels lerp',
    'vae lerp',
    'vae slerp',
    'vae geodesic',
    'plain lerp',
    'plain slerp',
  ]),
  'interpolation-cats': between('cats', ['pixels lerp', 'few slerp', 'few-longer slerp', 'many lerp', 'many slerp']),
};

/** Paths that the sheet has: no lines of networks without a prior, which have no geodesic either. @param {Result[]} rows */
function drawn(rows) {
  const hasPrior = (/** @type {string} */ label) => rows.some((row) => row.label === label && row.way === 'geodesic');
  return rows.filter(({ label, way }) => label === 'pixels' || way !== 'lerp' || hasPrior(label));
}

/** Rows that are networks. @param {Result[]} rows */
function networksOf(rows) {
  return rows.filter(({ label }) => label !== 'components');
}

/** Sharpness of a set of pictures. @param {string} set @returns {(row: Result) => number | undefined} */
function laplacian(set) {
  return (row) => row.sharpness_percent[set]?.laplacian_variance;
}

/** A label of the results in words. @param {string} label */
function words(label) {
  const text = label
    .replace('kernel-5', 'kernels of five')
    .replace('mixed', 'kernels of both sizes')
    .replaceAll('-', ' ')
    .replace(/ longer$/, ', three times as long');
  return text.replace(' kernels', ', kernels');
}
