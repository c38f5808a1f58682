/** Addresses that a lesson names, relative to the lesson's own. No other script of the page of lessons builds addresses. */

import { isElsewhere, isLocal } from './rules.js';

/** The page of lessons, without its parameters: the address of a dropped lesson. */
export function pageAddress() {
  return location.origin + location.pathname;
}

/**
 * The address of a file on this site; null if it is on another site.
 * @param {string} path from the lesson
 * @param {string} base address of the lesson
 */
export function addressOf(path, base) {
  if (!isLocal(path)) return null;
  const { origin, href } = new URL(path, base);
  return origin === location.origin ? href : null;
}

/**
 * The address that a link leads to. A link to another lesson leads to the page with that lesson; the card of a model is not one.
 * @param {string} address
 * @param {string} base address of the lesson
 */
export function linkOf(address, base) {
  if (isElsewhere(address)) return parsed(address);
  const target = addressOf(address, base);
  if (!target || !/\.md$/.test(target)) return target;
  const page = pageAddress();
  const folder = page.slice(0, page.lastIndexOf('/') + 1);
  const path = target.startsWith(folder) ? target.slice(folder.length) : target.slice(location.origin.length);
  if (path.startsWith('models/')) return target;
  return `${page}?${new URLSearchParams({ src: path })}`;
}

/** An address as the browser parses it; null if its host is invalid. @param {string} address */
function parsed(address) {
  try {
    return new URL(address).href;
  } catch {
    return null;
  }
}
