// Opens the article's folded tables and formulas for print in browsers without `::details-content` (Firefox before version 143).
// The others do it by style.css. Loaded only by the pages of the article.

/** @type {HTMLDetailsElement[]} */
let opened = [];

if (!CSS.supports('selector(::details-content)')) {
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details')].filter((details) => !details.open);
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
    opened = [];
  });
}
