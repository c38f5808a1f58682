/** Sends the link of a figure: by the system's own dialog on touch devices, and otherwise by the clipboard. Fetched with the first link. */

import { siteAddress } from '../assets.js';
import { parametersOf } from '../state/address.js';
import { isOfThisPage, portable } from '../views/embed/portable.js';
import { fingerprint } from './fingerprint.js';

/**
 * @param {import('../state/state.js').FigureState} state that the link shows
 * @param {string | null} site
 * @param {string} [text] goes before the link
 * @returns {Promise<'sent' | 'copied' | {link: string}>} the text and the link, if they could neither be sent nor copied
 */
export async function send(state, site, text = '') {
  const shown = portable(state);
  const hash = isOfThisPage(state) ? '' : await fingerprint(state).catch(() => '');
  const link = `${site ?? siteAddress()}embed.html?${parametersOf(shown, hash)}`;
  if ('share' in navigator && matchMedia('(pointer: coarse)').matches) {
    try {
      await navigator.share({ ...(text && { text }), url: link });
      return 'sent';
    } catch (error) {
      // The reader has closed the system's dialog.
      if (error instanceof DOMException && error.name === 'AbortError') return 'sent';
    }
  }
  const whole = text ? `${text}\n${link}` : link;
  try {
    await navigator.clipboard.writeText(whole);
    return 'copied';
  } catch {
    return { link: whole };
  }
}
