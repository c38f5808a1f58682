/** The dialog of the page that is open, or was last. @type {HTMLDialogElement | null} */
let last = null;

/**
 * Opens a dialog, unless it or another one is open: a button may be pressed twice before the code of its dialog has come, and the
 * figure may have gone by then.
 * @param {HTMLDialogElement} dialog
 * @param {ParentNode & Node | null} [place] where it is put if it is not there yet
 * @returns {boolean} whether it has been opened
 */
export function openModal(dialog, place = dialog.parentNode) {
  if (dialog.open || (last?.open && last.isConnected) || !place?.isConnected) return false;
  // A dialog that is put elsewhere while it is open is not modal any more.
  if (dialog.parentNode !== place) place.append(dialog);
  dialog.showModal();
  last = dialog;
  return true;
}
