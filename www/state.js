/**
 * The attributes of `<latent-lab>` as checked values. A value that is missing or makes no sense falls back.
 *
 * @typedef {object} Endpoint one stored test image: the nth of its digit
 * @property {number} digit
 * @property {number} nth from 0
 *
 * @typedef {object} FigureState
 * @property {'morph' | 'samples' | 'map' | 'train' | 'microscope'} figure
 * @property {'auto' | 'webgpu' | 'cpu'} engine what computes; `auto` takes the faster one
 * @property {string} model a shipped model's name or an address
 * @property {string} compare the model that `samples` shows beside it; empty for none
 * @property {number} seed
 * @property {Endpoint} from
 * @property {Endpoint} to
 * @property {number} t where on the way, 0 to 1
 * @property {'lerp' | 'slerp'} path
 * @property {'bounce' | 'restart'} loop what happens at the end of the way
 * @property {boolean} autoplay
 * @property {number} speed crossings in three seconds
 * @property {number} temperature what random latents are multiplied by
 * @property {boolean} fit whether random latents are moved and stretched to where a model's own codes lie
 * @property {'both' | 'model' | 'compare'} show
 * @property {number} x the cursor of `map`, in latent units
 * @property {number} y
 * @property {number} extent the plane of `map` reaches this far from the origin
 * @property {'transposed' | 'overlap' | 'convolution'} way what `microscope` looks at by hand
 * @property {string} input its 4 by 4 input: the name of a preset, or numbers row by row
 * @property {string} weights of its kernel: the name of a preset, or numbers row by row
 * @property {number} kernel side of its kernel
 * @property {number} stride
 * @property {number} padding
 * @property {number} outputPadding less than the stride
 * @property {number} step how many of the 16 steps are done
 * @property {'' | 'one-picture'} lesson what `train` is prepared for
 */

/** @typedef {Pick<Element, 'getAttribute' | 'hasAttribute'>} Attributes */

/** Every attribute that changes what is shown. */
export const attributeNames = [
  ...['figure', 'engine', 'model', 'compare', 'seed', 'from', 'to', 't', 'path', 'loop', 'autoplay'],
  ...['speed', 'temperature', 'fit', 'show', 'x', 'y', 'extent'],
  ...['way', 'input', 'weights', 'kernel', 'stride', 'padding', 'output-padding', 'step', 'lesson'],
];

/**
 * The engine can also be asked for in the page's address (`?engine=cpu`), which is the reader's and so comes first.
 * @param {Attributes} element
 * @returns {FigureState}
 */
export function readState(element) {
  /** @param {string} name */
  const text = (name) => element.getAttribute(name)?.trim() ?? '';
  const figure = oneOf(text('figure'), /** @type {const} */ (['morph', 'samples', 'map', 'train', 'microscope']));
  const address = new URLSearchParams(globalThis.location?.search).get('engine') ?? '';
  return {
    figure,
    engine: oneOf(address || text('engine'), /** @type {const} */ (['auto', 'webgpu', 'cpu'])),
    model: text('model') || (figure === 'map' ? 'map' : 'digits'),
    // Only of the digits there are two networks that differ in their kind alone.
    compare: text('compare') || (['', 'digits'].includes(text('model')) ? 'digits-plain' : ''),
    seed: whole(text('seed'), 1, 0, 0xffff_ffff),
    from: endpoint(text('from'), 3),
    to: endpoint(text('to'), 8),
    t: number(text('t'), 0, 0, 1),
    path: oneOf(text('path'), /** @type {const} */ (['slerp', 'lerp'])),
    loop: oneOf(text('loop'), /** @type {const} */ (['bounce', 'restart'])),
    autoplay: element.hasAttribute('autoplay'),
    speed: number(text('speed'), 1, 0.25, 3),
    temperature: number(text('temperature'), 1, 0, 3),
    fit: element.hasAttribute('fit'),
    show: oneOf(text('show'), /** @type {const} */ (['both', 'model', 'compare'])),
    x: number(text('x'), 0, -10, 10),
    y: number(text('y'), 0, -10, 10),
    extent: number(text('extent'), 3, 0.5, 10),
    way: oneOf(text('way'), /** @type {const} */ (['transposed', 'overlap', 'convolution'])),
    // Which presets there are the figure knows; what it does not know falls back there.
    input: text('input'),
    weights: text('weights'),
    kernel: whole(text('kernel'), 3, 3, 5),
    stride: whole(text('stride'), 2, 1, 2),
    padding: whole(text('padding'), 1, 0, 2),
    outputPadding: whole(text('output-padding'), 0, 0, 1),
    step: whole(text('step'), 7, 0, 16),
    lesson: oneOf(text('lesson'), /** @type {const} */ (['', 'one-picture'])),
  };
}

/**
 * @template {string} T
 * @param {string} text
 * @param {readonly T[]} choices the first is the fallback
 */
function oneOf(text, choices) {
  return choices.find((choice) => choice === text) ?? choices[0];
}

/**
 * @param {string} text
 * @param {number} fallback
 * @param {number} low
 * @param {number} high
 */
function number(text, fallback, low, high) {
  const value = text === '' ? NaN : Number(text);
  return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : fallback;
}

/**
 * @param {string} text
 * @param {number} fallback
 * @param {number} low
 * @param {number} high
 */
function whole(text, fallback, low, high) {
  return Math.trunc(number(text, fallback, low, high));
}

/**
 * "7" is the first stored 7, "7:4" the fifth.
 * @param {string} text
 * @param {number} fallback
 * @returns {Endpoint}
 */
function endpoint(text, fallback) {
  const match = /^(\d)(?::(\d{1,4}))?$/.exec(text);
  return match ? { digit: Number(match[1]), nth: Number(match[2] ?? 0) } : { digit: fallback, nth: 0 };
}
