/**
 * Reads the attribute `controls`, which says which controls the host offers.
 *
 * @typedef {object} Offer
 * @property {string[] | null} kept names of those that stay; null if all except `gone` stay
 * @property {string[]} gone names of those that are hidden
 */

/**
 * @param {string} controls `all`, `none`, names of those that stay, or names, each with a minus, of those that are hidden
 * @returns {Offer}
 */
export function offerOf(controls) {
  if (controls === 'all') return { kept: null, gone: [] };
  const names = controls === 'none' ? [] : controls.split(/[\s,]+/).filter((name) => /^-?[a-z0-9-]+$/.test(name));
  const gone = names.filter((name) => name.startsWith('-')).map((name) => name.slice(1));
  return gone.length > 0 ? { kept: null, gone } : { kept: names, gone };
}

/**
 * True if at least one of some controls is offered.
 * @param {string} controls
 * @param {...string} names
 */
export function isOffered(controls, ...names) {
  const { kept, gone } = offerOf(controls);
  return names.some((name) => (kept ? kept.includes(name) : !gone.includes(name)));
}
