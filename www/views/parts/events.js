/** Events between the parts of a figure. Each class documents which events its node emits, and their `detail`. */

/**
 * @param {EventTarget} node
 * @param {string} name
 * @param {unknown} [detail]
 * @param {boolean} [bubbles] true for events that are meant for the element
 */
export function emit(node, name, detail, bubbles = false) {
  node.dispatchEvent(new CustomEvent(name, { detail, bubbles }));
}

/**
 * @template D
 * @param {EventTarget} node
 * @param {string} name
 * @param {(detail: D) => void} then declares the type that the emitting class documents
 */
export function on(node, name, then) {
  node.addEventListener(name, (event) => then(/** @type {CustomEvent<D>} */ (event).detail));
}
