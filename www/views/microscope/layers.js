import { say, sayCount } from '../../state/texts.js';
import { mirrored } from './transposed.js';
import { plain, size } from './words.js';

/**
 * The feature maps of one layer.
 *
 * @typedef {{channels: number, height: number, width: number, values: Float32Array}} FeatureMaps [channels, height, width]
 */

/** Quantile of a layer's values that gets the full color, so that a few strong values do not make the rest pale. */
const TYPICAL = 0.995;

/**
 * The decoder's layers in words.
 * @param {import('../../engine/types.js').ModelConfig} config
 * @returns {{name: string, short: string, about: string}[]}
 */
export function layersOf(config) {
  const { layers, latent } = config;
  const shapes = shapesOf(config);
  const [{ channels, height, width }] = shapes;
  const first = {
    name: say('Linear layer'),
    short: say('Linear layer'),
    about: say('{latent} numbers become {maps} maps of {size}.', { latent, maps: channels, size: size(height, width) }),
  };
  const rest = [...layers].reverse().map(({ kernel, stride }, i) => {
    const [from, to] = [shapes[i], shapes[i + 1]];
    const isLast = i === layers.length - 1;
    const { padding, outputPadding } = mirrored(kernel, stride, to.height);
    const maps = sayCount(to.channels, 'One map', '{count} maps');
    return {
      name: say('Transposed convolution {number}', { number: i + 1 }),
      short: isLast ? say('Logits') : say('Transposed convolution {number}', { number: i + 1 }),
      about: say(
        'Kernel {kernel}, stride {stride}, padding {padding}, output padding {outputPadding}: a side of {from} becomes {to}. {maps} of {size}{logits}.',
        {
          ...{ kernel, stride, padding, outputPadding, from: from.height, to: to.height, maps },
          size: size(to.height, to.width),
          logits: isLast ? say(', the logits') : '',
        },
      ),
    };
  });
  return [first, ...rest];
}

/**
 * The shapes of the decoder's feature maps, in the order of the data.
 * @param {import('../../engine/types.js').ModelConfig} config
 */
export function shapesOf({ image, layers }) {
  const shapes = [{ ...image }];
  for (const { filters, stride } of layers) {
    const { height, width } = shapes[0];
    shapes.unshift({ channels: filters, height: Math.ceil(height / stride), width: Math.ceil(width / stride) });
  }
  return shapes;
}

/**
 * Splits the engine's answer for one latent into layers.
 * @param {import('../../engine/types.js').ModelConfig} config
 * @param {Float32Array} values
 * @returns {FeatureMaps[]}
 */
export function mapsOf(config, values) {
  let end = 0;
  return shapesOf(config).map((shape) => {
    const start = end;
    end += shape.channels * shape.height * shape.width;
    return { ...shape, values: values.subarray(start, end) };
  });
}

/**
 * The size of a value that gets the full color in one layer.
 * @param {Float32Array[]} samples
 */
export function typicalLimit(samples) {
  const sizes = Float32Array.from(samples.flatMap((values) => Array.from(values, Math.abs))).sort();
  return sizes[Math.floor(TYPICAL * (sizes.length - 1))] || 1;
}

/**
 * The map with the largest sum of absolute values.
 * @param {FeatureMaps} maps
 */
export function strongest(maps) {
  const sums = Array.from({ length: maps.channels }, (_, map) =>
    mapOf(maps, map).reduce((sum, value) => sum + Math.abs(value), 0),
  );
  return sums.indexOf(Math.max(...sums));
}

/**
 * Values of one map.
 * @param {FeatureMaps} maps
 * @param {number} map
 */
export function mapOf({ height, width, values }, map) {
  return values.subarray(map * height * width, (map + 1) * height * width);
}

/**
 * @param {FeatureMaps} maps
 * @param {number} map
 */
export function describe(maps, map) {
  const values = mapOf(maps, map);
  const { channels, height, width } = maps;
  return {
    title: channels === 1 ? say('The only map') : say('Map {number} of {count}', { number: map + 1, count: channels }),
    about: say('{size}, values from {low} to {high}', {
      size: size(height, width),
      low: plain(Math.min(...values)),
      high: plain(Math.max(...values)),
    }),
  };
}
