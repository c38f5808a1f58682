// Leads from the article to its page in another language: at once if the address has `lang`, or by the link in the header. The rest of
// the address stays. Loaded only by the pages of the article.

const parameters = new URLSearchParams(location.search);
const wanted = parameters.get('lang')?.toLowerCase().split('-')[0];
parameters.delete('lang');
const search = String(parameters);

/** The rest of the address, with a hash that may have changed. */
const rest = () => (search && `?${search}`) + location.hash;

for (const { hreflang, href } of document.querySelectorAll('link')) {
  const isWanted = hreflang && hreflang === wanted && wanted !== document.documentElement.lang;
  if (isWanted) location.replace(href + rest());
}

const choice = /** @type {HTMLAnchorElement} */ (document.querySelector('.language'));
if (choice) {
  const { href } = choice;
  // Not on an event of the address: figures change it without one.
  choice.onpointerdown = choice.onclick = () => {
    choice.href = href + rest();
  };
}
