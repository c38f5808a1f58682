/**
 * The accessible names of controls: the visible label, and the name of the figure, since several figures of a page have the
 * same controls.
 */

const CONTROLS = 'button, input, select, textarea, summary, [role="spinbutton"]';

/** Id of the element with the figure's name. */
export const FIGURE_NAME = 'figure-name';

let lastId = 0;

/**
 * Names the controls of a figure, also those that are added later.
 * @param {ShadowRoot} root
 */
export function nameControls(root) {
  const observer = new MutationObserver((records) => {
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) if (node instanceof Element) nameAll(node);
  });
  observer.observe(root, { childList: true, subtree: true });
}

/** @param {Element} node */
function nameAll(node) {
  if (node.matches(CONTROLS)) name(node);
  for (const control of node.querySelectorAll(CONTROLS)) name(control);
}

/** @param {Element} control */
function name(control) {
  if (control.hasAttribute('aria-labelledby')) return;
  const label = control.closest('label');
  // Without `for`, a label belongs to the first labelable element in it, which may be an `output`.
  if (label) label.htmlFor = idOf(control);
  control.setAttribute('aria-labelledby', [...labelsOf(control, label).map(idOf), FIGURE_NAME].join(' '));
}

/**
 * @param {Element} control
 * @param {Element | null} label
 * @returns {Element[]} elements with the visible label
 */
function labelsOf(control, label) {
  const group = control.matches('button') && control.closest('[role=group][aria-label]');
  if (group) return [control, group];
  if (!label || control.hasAttribute('aria-label')) return [control];
  const found = ['.name > span', '.name', 'input ~ span:last-child'].map((selector) => label.querySelector(selector));
  const words = found.find((each) => each !== null);
  if (!words) return [control];
  const legend =
    control.matches('[type=radio], [type=checkbox]') && control.closest('fieldset')?.querySelector(':scope > legend');
  return legend ? [words, legend] : [words];
}

/** @param {Element} element */
function idOf(element) {
  element.id ||= `named-${++lastId}`;
  return element.id;
}
