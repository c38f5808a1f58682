/** All problems that a lesson can have. `latent-lab lesson check` reports the same ones: tests/fixtures/lessons.json tests both. */

/** @typedef {{line: number, text: string}} Problem a line from 1, and what is wrong there, in English */

/** @typedef {(line: number, kind: keyof typeof texts, values?: Record<string, string | number>) => void} Report */

export const texts = {
  size: 'the lesson is larger than {most} bytes',
  unreadable: 'a character here cannot be read: a lesson is text in UTF-8',
  start: 'a lesson begins with a line of ---, its fields, and another line of ---',
  end: 'the fields have no end: a line of --- is missing',
  line: 'expected a field: a name, a colon and a value',
  unknown: 'there is no field {name} here',
  twice: 'the field {name} occurs twice',
  missing: 'the field {name} is missing',
  empty: 'the field {name} has no value',
  long: 'the value of {name} is longer than {most} characters',
  language: '{value} is not a language, such as en or de',
  number: 'the value of {name} is not a number from {low} to {high}',
  whole: 'the value of {name} is not a whole number from {low} to {high}',
  word: 'the value of {name} is not one of {words}',
  value: '{value} is not a value of {name}',
  heading: 'the title is the only heading of the first level: headings begin with ## to ####',
  deep: 'lists and quotations are nested more than {most} deep here',
  html: 'HTML is shown as text',
  link: 'a link must lead to https, http or a file on this site, not to {address}',
  fragment: 'a link cannot lead to a place in a page: {address}',
  picture: 'a picture must be a file on this site, not {address}',
  alt: 'the picture {address} has no description',
  inside: 'the block {name} belongs at the left margin, outside lists, quotations and notes for the teacher',
  open: 'the block {name} has no end: a line of {fence} is missing',
  info: 'nothing may follow the name of the block {name}',
  many: 'a lesson has at most {most} blocks of the kind {name}',
  model: 'there is no network {name}',
  modelAddress: 'a network must be a shipped one or a file on this site, not {address}',
  latent: 'the network {model} has codes of {latent} numbers, not {count}',
  labels: 'the network {model} has no labels, so there is no class',
  plane: 'the network {model} has no plane: its codes are {latent} numbers',
  measure: 'there is no measure named {name}',
  pictures: '{name} needs a network followed by pictures: {count}',
  code: '{value} is not a picture, such as 3:2, 3:2-8:4@0.5, (0.5,-1) or random:7',
  home: '{value} needs the name of its network and a slash before the picture, as in digits/3:2',
  answer: 'a question of the kind {kind} cannot have the answer {name}',
  choices: 'a question has {low} to {high} choices',
  measured: 'the choice has no measure after an equals sign',
  digit: 'the choice stands for no class: a digit is missing',
  other: 'the field {name} is not for questions of the kind {kind}',
  order: 'low is not less than high',
};

/** Collects the problems of one lesson. */
export class Problems {
  /** @type {Problem[]} */
  #all = [];

  /** @type {Report} */
  report = (line, kind, values = {}) => {
    const text = texts[kind].replace(/\{(\w+)\}/g, (_, name) =>
      // A list of valid words is shown in full; a value from the lesson may be of any length.
      name === 'words' ? String(values[name]) : shortened(String(values[name])),
    );
    this.#all.push({ line, text });
  };

  /** Sorted by line, each once. */
  get sorted() {
    const known = new Set();
    const order = (/** @type {Problem} */ a, /** @type {Problem} */ b) => a.line - b.line || (a.text < b.text ? -1 : 1);
    return this.#all.sort(order).filter(({ line, text }) => {
      const key = `${line} ${text}`;
      return !known.has(key) && known.add(key);
    });
  }
}

/** Longest value in a message, in characters. */
const LONGEST = 80;

/** @param {string} text */
function shortened(text) {
  const letters = [...text];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join('')}…` : text;
}
