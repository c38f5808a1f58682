/**
 * The accessible names of controls: the words that stand at a control, and the figure that it belongs to, since several figures of a
 * page have the same controls.
 */

const CONTROLS = 'button, input, select, textarea, summary, [role="spinbutton"]';

/** Id of the element that says which figure it is. */
export const FIGURE_NAME = 'figure-name';

let lastId = 0;

/**
 * Names the controls of a figure, now and whenever there are others.
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
  // A label belongs to the first element in it that can have one, and an `output` is one: it has to say which control it means.
  if (label) label.htmlFor = idOf(control);
  control.setAttribute('aria-labelledby', [...wordsAt(control, label).map(idOf), FIGURE_NAME].join(' '));
}

/**
 * @param {Element} control
 * @param {Element | null} label
 * @returns {Element[]} what holds the words
 */
function wordsAt(control, label) {
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
