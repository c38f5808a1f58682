// Opens the article's folded tables and formulas while the page is printed, where the browser cannot do so by style.css: that needs
// `::details-content`, which Firefox has since version 143. Loaded by index.html alone.

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
