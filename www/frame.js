/** What is around a figure's view: controls that are left out, the poster, the place for words. */

import { h } from './views/parts/dom.js';

/** What holds only controls, and goes when none of them is left. */
const BOXES = ['.settings', '.row', '.end', '.stepper', '.ends-row', '.journey-controls', '.dials'];

/** Dialogs and failures keep theirs: who has opened one needs them. */
const FREE = 'dialog *, .failure *';

/**
 * Rules that leave controls out. Each control has its name in `data-control`.
 * @param {string} controls `all`, `none`, names of those that stay, or names with a minus of those that go
 * @returns {string} CSS
 */
export function controlRules(controls) {
  if (controls === 'all') return '';
  const names = controls === 'none' ? [] : controls.split(/[\s,]+/).filter((name) => /^-?[a-z0-9-]+$/.test(name));
  const gone = names.filter((name) => name.startsWith('-')).map((name) => named(name.slice(1)));
  if (gone.length > 0) return `:is(${gone}):not(${FREE}) { display: none !important; }`;
  const kept = names.map(named);
  const left = kept.length > 0 ? `:not(:has(${kept}))` : '';
  return [
    `[data-control]:not(${[FREE, ...kept]}) { display: none !important; }`,
    `:is(${BOXES})${left}:not(${FREE}) { display: none !important; }`,
  ].join('\n');
}

/** @param {string} name */
function named(name) {
  return `[data-control='${name}']`;
}

/**
 * A picture in the figure's place until it has its own.
 * @param {Element} host
 * @param {string} address
 * @returns {HTMLElement | null} null where the host wants none
 */
export function posterOf(host, address) {
  const isGiven = [...host.children].some((child) => child.slot === 'poster');
  if (!address && !isGiven) return null;
  const picture = address ? [h('img', { loading: 'lazy', decoding: 'async', alt: '', part: 'poster-picture', src: address })] : [];
  return h('div', { class: 'poster', part: 'poster' }, h('slot', { name: 'poster' }, ...picture));
}

/** Whether the reader wants no more to be fetched than they ask for. */
export function savesData() {
  return /** @type {any} */ (navigator).connection?.saveData === true || matchMedia('(prefers-reduced-data: reduce)').matches;
}
