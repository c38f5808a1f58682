import { adopt } from './dom.js';
import { dialogStyle } from './dialog-style.js';

/** The dialog that was opened last on this page. @type {HTMLDialogElement | null} */
let last = null;

/**
 * Opens a dialog, unless it or another one is open, or the figure has gone: a button may be pressed twice before the code of its dialog
 * has arrived.
 * @param {HTMLDialogElement} dialog
 * @param {ParentNode & Node | null} [place] parent of the dialog
 * @returns {boolean} true if it has been opened
 */
export function openModal(dialog, place = dialog.parentNode) {
  if (dialog.open || (last?.open && last.isConnected) || !place?.isConnected) return false;
  // Moved only before it is opened: a dialog that is moved while open is no longer modal.
  if (dialog.parentNode !== place) place.append(dialog);
  // After the style of all figures, and before styles that may change it.
  adopt(dialog, dialogStyle, 1);
  dialog.showModal();
  last = dialog;
  return true;
}
