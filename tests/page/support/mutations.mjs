// Mutated lessons: seeded, so that a failure can be reproduced; and content of a lesson that must never get through.

/** Characters and pieces with a meaning somewhere. */
export const PIECES = [
  ...['`', '```', '~~~', '---', '\n', '\r\n', '\t', '    ', '> ', '- ', '1. ', '# ', '|', '|-|', '[', '](', ')', '!['],
  ...[
    '<',
    '</',
    '<!--',
    '<script>',
    '<img src=x onerror=alert(1)>',
    'javascript:',
    'data:',
    'https://x',
    '//x',
    '&#0;',
  ],
  ...[
    '\\',
    '*',
    '__',
    ':',
    '=',
    '/',
    '\0',
    '\ufffd',
    '\u202e',
    'é',
    '🐈',
    'teacher',
    'figure',
    'question',
    'onclick: ',
  ],
  ...['model: https://elsewhere.example/a.safetensors', '\u2028', '%00', 'xlink:href', '__proto__', 'constructor: a'],
];

/** Numbers below a limit, the same for the same seed. @param {number} seed */
export function draws(seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ most) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) % Math.max(1, most);
  };
}

/**
 * Changes a text at a few places: cuts, repeats, inserts, and copies from another one.
 * @param {string} text
 * @param {string} other
 * @param {(most: number) => number} below
 */
export function mutated(text, other, below) {
  for (let i = below(6); i >= 0; i--) {
    const at = below(text.length + 1);
    const end = Math.min(text.length, at + below(40));
    const piece = PIECES[below(PIECES.length)];
    const from = below(other.length);
    const changed = [
      '',
      text.slice(at, end).repeat(1 + below(30)),
      piece + text.slice(at, end),
      piece.repeat(1 + below(20)),
      String.fromCharCode(below(0x300)),
      other.slice(from, from + below(200)),
    ];
    text = text.slice(0, at) + changed[below(changed.length)] + text.slice(end);
  }
  return text;
}
