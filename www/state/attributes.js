/**
 * The attributes of `<latent-lab>`: how text is read as a checked value, and how a value is written. State, properties and
 * addresses are made from this list, and docs/embedding.md is tested against it.
 *
 * @typedef {object} Endpoint a stored picture: the nth one of its digit
 * @property {number} digit
 * @property {number} nth from 0
 *
 * @typedef {{from: number[] | null, to: number[] | null}} Codes codes in place of stored pictures; null to keep the stored one
 */

/**
 * @template T
 * @typedef {object} Kind
 * @property {T} fallback in place of a missing or invalid value
 * @property {(text: string) => T | undefined} read undefined if the text is invalid; a number out of range becomes its limit
 * @property {(value: T) => string} write gives the text that `read` takes
 * @property {(value: T) => unknown} shown gives the value of the element's property
 * @property {readonly string[]} [choices] all words that are valid
 * @property {{low: number, high: number, isWhole: boolean}} [range]
 */

/** Limits of input from outside: the largest latent size, many more and longer names than a figure's controls have, and three lines. */
const LONGEST_CODE = 1024;
const MOST_NAMES = 120;
const LONGEST_NAME = 40;
/** Also the limit of the field in which a reader writes a caption. */
export const LONGEST_CAPTION = 300;

export const attributes = {
  figure: oneOf(
    'morph',
    'paths',
    'samples',
    'map',
    'puzzle',
    'traversal',
    'posterior',
    'microscope',
    'direction',
    'train',
  ),
  model: text(),
  compare: text(),
  engine: oneOf('auto', 'webgpu', 'cpu'),
  threads: number(0, 0, 8, true),
  seed: number(1, 0, 0xffff_ffff, true),
  // The first stored 3 looks like an 8, and the first 8 is unclear.
  from: endpoint(3, 2),
  to: endpoint(8, 4),
  z: codes(),
  t: number(0, 0, 1),
  path: oneOf('slerp', 'lerp', 'geodesic'),
  invite: flag(),
  autoplay: flag(),
  loop: oneOf('bounce', 'restart'),
  speed: number(1, 0.25, 3),
  temperature: number(1, 0, 3),
  prior: oneOf('normal', 'gaussian', 'mixture'),
  fit: flag(),
  check: flag(),
  show: oneOf('both', 'model', 'compare'),
  x: number(0, -10, 10),
  y: number(0, -10, 10),
  extent: number(3, 0.5, 10),
  classes: text('0123456789', /^(none|\d{1,10})$/),
  grid: oneOf('shown', 'hidden'),
  lens: oneOf('none', 'density', 'error'),
  day: day(),
  // The figure parses it, since it depends on the model.
  moved: text(),
  way: oneOf('transposed', 'overlap', 'convolution'),
  // The figure knows its presets, and falls back there.
  input: text(),
  weights: text(),
  kernel: number(3, 3, 5, true),
  stride: number(2, 1, 2, true),
  padding: number(1, 0, 2, true),
  'output-padding': number(0, 0, 1, true),
  step: number(7, 0, 16, true),
  // The figure knows its examples, and falls back there.
  example: text('', /^[a-z]{0,40}$/),
  plus: places(64),
  minus: places(64),
  amount: number(0, -1.5, 1.5),
  analogy: places(3, 3),
  lesson: oneOf('free', 'one-picture', 'sizes', 'few-and-many'),
  // Settings of a training run as text. The figure, which is fetched later, parses it.
  plan: text(),
  controls: names('all'),
  loading: oneOf('lazy', 'eager'),
  poster: text(),
  label: text(),
  caption: text('', new RegExp(`^[^]{0,${LONGEST_CAPTION}}$`)),
  theme: oneOf('auto', 'light', 'dark'),
  hash: text('', /^[0-9a-f.]{0,80}$/),
};

/** @typedef {keyof typeof attributes} AttributeName */

/** Every attribute. */
export const attributeNames = /** @type {AttributeName[]} */ (Object.keys(attributes));

/** Name of the property that mirrors an attribute. @param {string} attribute */
export function propertyOf(attribute) {
  return attribute.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

/**
 * Gives a class of elements a property for each attribute. Reading it gives the attribute's checked value; writing it sets the
 * attribute, or removes it if the value is null, undefined or false.
 * @param {object} prototype of an element's class
 */
export function mirrorAttributes(prototype) {
  for (const name of attributeNames) {
    const { fallback, read, shown } = /** @type {Kind<unknown>} */ (attributes[name]);
    Object.defineProperty(prototype, propertyOf(name), {
      configurable: true,
      enumerable: true,
      /** @this {Element} */
      get() {
        const given = this.getAttribute(name);
        return shown((given === null ? undefined : read(given.trim())) ?? fallback);
      },
      /** @this {Element} @param {unknown} value */
      set(value) {
        if (value === null || value === undefined || value === false) this.removeAttribute(name);
        else this.setAttribute(name, value === true ? '' : Array.from([value].flat()).join(','));
      },
    });
  }
}

/**
 * One of several words. The first is the fallback.
 * @template {string} T
 * @param {T} first
 * @param {T[]} others
 * @returns {Kind<T>}
 */
function oneOf(first, ...others) {
  const choices = [first, ...others];
  return {
    choices,
    fallback: first,
    read: (given) => choices.find((choice) => choice === given),
    write: (value) => value,
    shown: (value) => value,
  };
}

/**
 * @param {string} fallback
 * @param {RegExp} [pattern]
 * @returns {Kind<string>}
 */
function text(fallback = '', pattern = /^/) {
  return {
    fallback,
    read: (given) => (given === '' ? fallback : pattern.test(given) ? given : undefined),
    write: (value) => value,
    shown: (value) => value,
  };
}

/**
 * Words separated by spaces or commas. They are checked one by one: a single pattern takes exponential time if the last word is wrong.
 * @param {string} fallback
 * @returns {Kind<string>}
 */
function names(fallback) {
  return {
    fallback,
    read(given) {
      if (given === '') return fallback;
      const words = given.split(/[\s,]+/, MOST_NAMES + 1).filter(Boolean);
      const isValid =
        words.length > 0 &&
        words.length <= MOST_NAMES &&
        words.every((word) => word.length <= LONGEST_NAME && /^[a-z0-9-]+$/.test(word));
      return isValid ? given : undefined;
    },
    write: (value) => value,
    shown: (value) => value,
  };
}

/** A date, as in 2026-11-29. @returns {Kind<string>} */
function day() {
  const { fallback, write, shown } = text();
  // A date that the calendar lacks becomes another date, or invalid, which JSON writes as null.
  const isDay = (/** @type {string} */ given) =>
    given.length === 10 && JSON.stringify(new Date(given)).startsWith(`"${given}T`);
  return { fallback, write, shown, read: (given) => (given === '' || isDay(given) ? given : undefined) };
}

/** @returns {Kind<boolean>} true if the attribute is present, with any text */
function flag() {
  return { fallback: false, read: () => true, write: () => '', shown: (value) => value };
}

/**
 * @param {number} fallback
 * @param {number} low
 * @param {number} high
 * @param {boolean} [isWhole]
 * @returns {Kind<number>}
 */
function number(fallback, low, high, isWhole = false) {
  return {
    range: { low, high, isWhole },
    fallback,
    read(given) {
      const value = given === '' ? NaN : Number(given);
      if (!Number.isFinite(value)) return undefined;
      const within = Math.min(high, Math.max(low, value));
      return isWhole ? Math.trunc(within) : within;
    },
    write: String,
    shown: (value) => value,
  };
}

/**
 * "7" is the first stored 7, "7:4" the fifth.
 * @param {number} digit
 * @param {number} nth
 * @returns {Kind<Endpoint>}
 */
function endpoint(digit, nth) {
  const write = (/** @type {Endpoint} */ { digit, nth }) => (nth === 0 ? String(digit) : `${digit}:${nth}`);
  return {
    fallback: { digit, nth },
    read(given) {
      const match = /^(\d)(?::(\d{1,4}))?$/.exec(given);
      return match ? { digit: Number(match[1]), nth: Number(match[2] ?? 0) } : undefined;
    },
    write,
    shown: write,
  };
}

/**
 * Indices of stored pictures; `none` for no picture.
 * @param {number} most
 * @param {number} [least]
 * @returns {Kind<number[] | null>} null for those of the example
 */
function places(most, least = 0) {
  const write = (/** @type {number[] | null} */ given) => (given?.length === 0 ? 'none' : (given ?? []).join(','));
  return {
    fallback: null,
    read(given) {
      const words = given === 'none' ? [] : given.split(/[\s,]+/, most + 1);
      const isValid = words.length >= least && words.length <= most && words.every((word) => /^\d{1,5}$/.test(word));
      return isValid ? words.map(Number) : undefined;
    },
    write,
    shown: write,
  };
}

/**
 * Codes in place of `from` and, after a semicolon, of `to`. Each is a list of numbers.
 * @returns {Kind<Codes>}
 */
function codes() {
  const fallback = { from: null, to: null };
  const write = (/** @type {Codes} */ { from, to }) => [written(from), ...(to ? [written(to)] : [])].join(';');
  return {
    fallback,
    read(given) {
      const parts = given.split(';').map((part) =>
        part.trim() === ''
          ? null
          : part
              .trim()
              .split(/[\s,]+/)
              .map((value) => Math.fround(Number(value))),
      );
      const isValid = parts.length <= 2 && parts.every((part) => part === null || isCode(part));
      return isValid ? { from: parts[0], to: parts[1] ?? null } : undefined;
    },
    write,
    shown: write,
  };
}

/** @param {number[]} code */
function isCode(code) {
  return code.length <= LONGEST_CODE && code.every((value) => Number.isFinite(Math.fround(value)));
}

/**
 * Writes each number with the fewest digits that give the same 32-bit float when read.
 * @param {ArrayLike<number> | null} code
 */
function written(code) {
  return Array.from(code ?? [], (value) => {
    const precise = [6, 7, 8, 9].find(
      (digits) => Math.fround(Number(value.toPrecision(digits))) === Math.fround(value),
    );
    return String(Number(value.toPrecision(precise ?? 9)));
  }).join(',');
}
