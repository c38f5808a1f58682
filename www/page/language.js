// Leads from the article to its page in another language: at once if the address says `lang`, or by the link in the header. The rest of
// the address stays. Loaded by the pages of the article alone.

const own = document.documentElement.lang;

/** @param {HTMLAnchorElement | HTMLLinkElement} link to the page in another language */
function addressOf(link) {
  const address = new URL(link.href);
  const parameters = new URLSearchParams(location.search);
  parameters.delete('lang');
  address.search = String(parameters);
  address.hash = location.hash;
  return address.href;
}

const wanted = new URLSearchParams(location.search).get('lang')?.toLowerCase().split('-')[0];
for (const link of document.querySelectorAll('link')) {
  if (link.hreflang && link.hreflang === wanted && wanted !== own) location.replace(addressOf(link));
}

/** @type {HTMLAnchorElement | null} */
const choice = document.querySelector('.language');

// The address may have changed without an event by the time the link is used.
for (const event of ['pointerenter', 'focus', 'click']) {
  choice?.addEventListener(event, () => (choice.href = addressOf(choice)));
}
