/** Sends the link of a figure: by the system's own dialog where fingers point, and else by the clipboard. Fetched with the first link. */

import { siteAddress } from '../assets.js';
import { parametersOf } from '../state/address.js';
import { isOfThisPage, portable } from '../views/embed/portable.js';
import { fingerprint } from './fingerprint.js';

/**
 * @param {import('../state/state.js').FigureState} state that the link shows
 * @param {string | null} site
 * @returns {Promise<'sent' | 'copied' | {link: string}>} the link, if it could neither be sent nor copied
 */
export async function send(state, site) {
  const shown = portable(state);
  const hash = isOfThisPage(state) ? '' : await fingerprint(state).catch(() => '');
  const link = `${site ?? siteAddress()}embed.html?${parametersOf(shown, hash)}`;
  if ('share' in navigator && matchMedia('(pointer: coarse)').matches) {
    try {
      await navigator.share({ url: link });
      return 'sent';
    } catch (error) {
      // The reader has closed the system's dialog.
      if (error instanceof DOMException && error.name === 'AbortError') return 'sent';
    }
  }
  try {
    await navigator.clipboard.writeText(link);
    return 'copied';
  } catch {
    return { link };
  }
}
