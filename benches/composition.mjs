/** The composition of a module: bytes of code by crate, read from the names that the linker leaves in it. */

import { readFileSync } from 'node:fs';

/** Numbers of the sections that matter here. */
const [CUSTOM, IMPORT, CODE, DATA] = [0, 2, 10, 11];
const FUNCTION_NAMES = 1;

/** @typedef {{name: string, bytes: number}} Share */

/**
 * Code by crate, largest first, then the constant data. A function that was made for a type of another crate counts for the
 * crate that wrote it.
 * @param {string} file a module as linked, before wasm-opt strips its names
 * @returns {Share[]}
 */
export function composition(file) {
  const { sizes, names, imported, data } = read(readFileSync(file));
  /** @type {Map<string, number>} */
  const shares = new Map();
  sizes.forEach((bytes, index) => {
    const name = names.get(index + imported) ?? '';
    // Notes for wasm-bindgen, which removes them.
    if (name.startsWith('__wbindgen_describe')) return;
    const crate = crateOf(name);
    shares.set(crate, (shares.get(crate) ?? 0) + bytes);
  });
  shares.set('(constant data)', data);
  return [...shares].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/**
 * The crate in a mangled name: the first path's root, `Cs` + hash + `_` + length + name.
 * @param {string} mangled
 */
function crateOf(mangled) {
  const found = /Cs[0-9a-zA-Z]*_(\d+)(.*)/.exec(mangled);
  return found ? found[2].replace(/^_/, '').slice(0, Number(found[1])) : '(others)';
}

/** @param {Buffer} bytes of a module */
function read(bytes) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const text = () => {
    const length = number();
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  /** @type {number[]} */
  const sizes = [];
  /** @type {Map<number, string>} */
  const names = new Map();
  let [imported, data] = [0, 0];
  while (at < bytes.length) {
    const section = bytes[at++];
    const length = number();
    const end = at + length;
    if (section === IMPORT) imported = importedFunctions(number, text, () => bytes[at++]);
    else if (section === CODE) {
      for (let left = number(); left > 0; left--) {
        const size = number();
        sizes.push(size);
        at += size;
      }
    } else if (section === DATA) data = length;
    else if (section === CUSTOM && text() === 'name') {
      while (at < end) {
        const kind = bytes[at++];
        const length = number();
        const next = at + length;
        if (kind === FUNCTION_NAMES) for (let left = number(); left > 0; left--) names.set(number(), text());
        at = next;
      }
    }
    at = end;
  }
  return { sizes, names, imported, data };
}

/**
 * @param {() => number} number
 * @param {() => string} text
 * @param {() => number} byte
 */
function importedFunctions(number, text, byte) {
  let functions = 0;
  for (let left = number(); left > 0; left--) {
    text();
    text();
    const kind = byte();
    if (kind !== 0) throw new Error('the module imports more than functions');
    number();
    functions += 1;
  }
  return functions;
}
