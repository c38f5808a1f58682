/**
 * Texts for embedding a figure. Pure functions: docs/embedding.md and the pages in variants/ are tested against them.
 *
 * @typedef {object} Subject
 * @property {string} site address of the site, ending with a slash
 * @property {[string, string][]} attributes of the figure's current state
 * @property {URLSearchParams} parameters the same state, for an address
 * @property {string} name of the figure
 * @property {number} width of the figure, in CSS pixels
 * @property {number} height
 */

/** Script for a host's page that keeps frames as high as their figures; see docs/embedding.md. */
export const FRAME_SCRIPT = `<script>
  addEventListener('message', ({ data, source }) => {
    if (data?.type !== 'latent-lab:height' || !(data.height > 0)) return;
    for (const frame of document.querySelectorAll('iframe')) {
      if (frame.contentWindow === source) frame.style.height = \`\${Math.ceil(data.height)}px\`;
    }
  });
</script>`;

/** @param {Subject} subject */
export function asLink({ site, parameters }) {
  return `${site}embed.html?${parameters}`;
}

/** @param {Subject} subject */
export function asScript({ site, attributes }) {
  return `<script type="module" src="${escaped(`${site}latent-lab.js`)}"></script>\n${asElement(attributes)}`;
}

/** @param {Subject} subject */
export function asPackage({ attributes }) {
  return `npm install latent-lab\n\nimport 'latent-lab';\n\n${asElement(attributes)}`;
}

/** @param {Subject} subject */
export function asFrame(subject) {
  const size = `width="100%" height="${Math.ceil(subject.height) + 32}"`;
  return `<iframe src="${escaped(asLink(subject))}" title="${escaped(subject.name)}" ${size} style="border: 0" loading="lazy"></iframe>\n${FRAME_SCRIPT}`;
}

/** @param {Subject} subject */
export function asPicture(subject) {
  return `<a href="${escaped(asLink(subject))}"><img src="latent-lab.png" alt="${escaped(subject.name)}" style="max-width: 100%"></a>`;
}

/** @param {[string, string][]} attributes */
export function asElement(attributes) {
  const written = attributes
    .map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${escaped(value)}"`))
    .join('');
  return `<latent-lab${written}></latent-lab>`;
}

/** @param {string} text for an attribute in double quotes */
function escaped(text) {
  return text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
