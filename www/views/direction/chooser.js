import { say } from '../../state/texts.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { on } from '../parts/events.js';
import { heading } from '../parts/heading.js';
import { countOf, DIGITS } from '../parts/stored.js';
import { PictureSheet } from './sheet.js';

/**
 * @typedef {import('./words.js').Target} Target
 * @typedef {import('./chosen.js').Id} Id
 */

/** Most pictures to offer at once. */
const AT_ONCE = 100;

/** The stored pictures to choose from, part by part, and the group or slot to choose them for. */
export class Chooser {
  #target = h('select', { part: 'target' });
  #group = h('select', { part: 'set' });
  #groupField = h(
    'label',
    { class: 'field', 'data-control': 'set' },
    h('span', { class: 'name' }, say('Shown')),
    this.#group,
  );
  #sheet = new PictureSheet();
  #status = h('p', { class: 'hint status', role: 'status' });
  /** Indices of the stored pictures in each part. @type {number[][]} */
  #parts = [];
  /** Ids and names of the offered pictures, joined into one text. */
  #key = '';

  /**
   * @param {object} on_
   * @param {(target: Target, id: Id) => void} on_.toggle
   * @param {() => void} on_.show another part or another target is shown
   * @param {(id: Id | null) => void} on_.drag
   * @param {(target: Target) => void} on_.own
   */
  constructor({ toggle, show, drag, own }) {
    const field = h(
      'label',
      { class: 'field', 'data-control': 'target' },
      h('span', { class: 'name' }, say('For')),
      this.#target,
    );
    const owned = button(say('Your picture'), 'own', () => own(this.target));
    const section = h(
      'section',
      { class: 'choosing', 'aria-label': say('Choose pictures') },
      heading(3, {}, say('Choose pictures')),
      h('div', { class: 'chooser-row' }, field, this.#groupField, owned),
      this.#sheet.node,
    );
    // Pictures can be taken without the controls of the section too, so what is said of that is outside it.
    this.node = h('div', { class: 'chooser' }, section, this.#status);
    for (const select of [this.#target, this.#group]) select.addEventListener('change', show);
    on(this.#sheet.node, 'toggle', (/** @type {Id} */ id) => toggle(this.target, id));
    on(this.#sheet.node, 'drag', drag);
  }

  /** The group or slot to choose pictures for. @returns {Target} */
  get target() {
    return /** @type {Target} */ (this.#target.value || 'plus');
  }

  /** Leads the reader to the pictures for a target. @param {Target} target */
  choose(target) {
    this.#target.value = target;
    this.#target.dispatchEvent(new Event('change'));
    this.#sheet.focus();
  }

  /** @param {Record<Target, string>} names */
  set targets(names) {
    const { value } = this.#target;
    this.#target.replaceChildren(
      ...Object.entries(names).map(([target, name]) => h('option', { value: target }, name)),
    );
    this.#target.value = value || 'plus';
  }

  /** Offers the stored pictures. @param {import('../parts/stored.js').StoredLatents} stored */
  offer(stored) {
    const { parts, names } = partsOf(stored);
    this.#parts = parts;
    this.#group.replaceChildren(...names.map((name, i) => h('option', { value: i }, name)));
    this.#groupField.hidden = parts.length < 2;
  }

  /**
   * Shows the part that is chosen, after the reader's own pictures.
   * @param {readonly Id[]} own
   * @param {(id: Id) => string} nameOf
   */
  show(own, nameOf) {
    const ids = [...own, ...(this.#parts[Number(this.#group.value)] ?? [])];
    const offers = ids.map((id) => ({ id, name: nameOf(id) }));
    const key = JSON.stringify(offers);
    // The same pictures keep the focus.
    if (key !== this.#key) this.#sheet.offer(offers);
    this.#key = key;
  }

  /** @param {ReadonlySet<Id>} chosen */
  mark(chosen) {
    this.#sheet.label = this.#target.selectedOptions[0]?.text ?? '';
    this.#sheet.mark(chosen);
  }

  /** @param {Parameters<PictureSheet['paint']>} given */
  paint(...given) {
    this.#sheet.paint(...given);
  }

  /** @param {string} text */
  report(text) {
    this.#status.textContent = text;
  }
}

/**
 * Parts of the stored pictures: one for each label, each no longer than a sheet.
 * @param {import('../parts/stored.js').StoredLatents} stored
 */
function partsOf(stored) {
  const all = Array.from({ length: countOf(stored) }, (_, i) => i);
  const { labels } = stored;
  const groups = labels ? DIGITS.map((_, digit) => all.filter((i) => labels[i] === digit)) : [all];
  /** @type {number[][]} */
  const parts = [];
  /** @type {string[]} */
  const names = [];
  groups.forEach((group, digit) => {
    for (let first = 0; first < group.length; first += AT_ONCE) {
      parts.push(group.slice(first, first + AT_ONCE));
      const range = { digit, first: first + 1, last: Math.min(group.length, first + AT_ONCE) };
      if (!labels) names.push(say('Pictures {first} to {last}', range));
      else names.push(group.length > AT_ONCE ? say('{digit}: {first} to {last}', range) : String(digit));
    }
  });
  return { parts, names };
}
