/**
 * Makes an HTML element with attributes and children. Attributes that are `false` or `undefined` are left out.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | undefined>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/**
 * Makes an SVG element.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | undefined>} [attributes]
 * @param {...Node} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/**
 * Makes a style sheet for a figure's root; null on servers, which may import the package but have no style sheets.
 * @param {string} css
 * @returns {CSSStyleSheet}
 */
export function styleSheet(css) {
  const sheet = /** @type {CSSStyleSheet} */ (globalThis.CSSStyleSheet ? new CSSStyleSheet() : null);
  sheet?.replaceSync(css);
  return sheet;
}

/**
 * Adds a style sheet to the root of a figure, once. The figure may have left the page while the sheet was fetched.
 * @param {Node} node in the figure
 * @param {CSSStyleSheet} sheet
 * @param {number} [place] among the root's sheets; the last one if it is missing
 */
export function adopt(node, sheet, place = Infinity) {
  const root = node.getRootNode();
  if (!(root instanceof ShadowRoot) || root.adoptedStyleSheets.includes(sheet)) return;
  const sheets = [...root.adoptedStyleSheets];
  sheets.splice(place, 0, sheet);
  root.adoptedStyleSheets = sheets;
}

/**
 * @param {Element} element
 * @param {Record<string, string | number | boolean | undefined>} attributes
 */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
}
