/**
 * Shows the page of a figure in a frame, and passes its values both ways. This is what notebooks load: it follows anywidget's contract of
 * `render({ model, el })`. The frame has no origin and may not reach the notebook; both sides send each other messages, which
 * www/page/notebook.js describes.
 */

/** Height of the frame until the page has told its own. */
const START_HEIGHT = '360px';

/** The name of an attribute, from its name in Python. */
const attributeOf = (name) => name.replace(/_$/, '').replaceAll('_', '-');

/** The text of the page: bytes as front ends deliver them, or base64, compressed with gzip. */
async function textOf(page) {
  const bytes = typeof page === 'string' ? Uint8Array.from(atob(page), (letter) => letter.charCodeAt(0)) : page;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

/** `dark` if the notebook has light text, whatever the reader's system prefers: front ends have themes of their own. */
function themeAround(element) {
  const context = document.createElement('canvas').getContext('2d');
  context.fillStyle = getComputedStyle(element).color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return red + green + blue > 384 ? 'dark' : 'light';
}

function makeFrame() {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts allow-downloads');
  frame.title = 'A figure of Latent Lab';
  frame.style.cssText = `display: block; width: 100%; height: ${START_HEIGHT}; border: 0`;
  return frame;
}

function render({ model, el }) {
  const frame = makeFrame();
  const names = model.get('_names');
  /** Values that the page has sent: what comes back from the kernel is no change. */
  const known = new Map();
  const send = (attributes) => frame.contentWindow?.postMessage({ type: 'latent-lab:set', attributes }, '*');

  const applyTheme = () => {
    const theme = [model.get('theme')].find((given) => ['light', 'dark'].includes(given)) ?? themeAround(el);
    // A frame is transparent only where its scheme is that of the page in it.
    frame.style.colorScheme = theme;
    send({ theme });
  };

  const takeChange = (attributes) => {
    for (const name of names.filter((name) => attributeOf(name) in attributes)) {
      const value = attributes[attributeOf(name)];
      known.set(name, value);
      model.set(name, value);
    }
    model.save_changes();
  };

  const hear = ({ data, source }) => {
    if (source !== frame.contentWindow) return;
    if (data?.type === 'latent-lab:ready') {
      // Values may be newer than the page, which is as old as the figure.
      send(Object.fromEntries(names.map((name) => [attributeOf(name), model.get(name)])));
      applyTheme();
    }
    if (data?.type === 'latent-lab:height' && data.height > 0) frame.style.height = `${Math.ceil(data.height)}px`;
    if (data?.type === 'latent-lab:change') takeChange(data.attributes);
  };

  const listeners = names.map((name) => [
    `change:${name}`,
    () => {
      const value = model.get(name);
      if (known.get(name) === value) return;
      known.delete(name);
      if (name === 'theme') applyTheme();
      else send({ [attributeOf(name)]: value });
    },
  ]);

  addEventListener('message', hear);
  for (const [event, listener] of listeners) model.on(event, listener);
  const themes = new MutationObserver(applyTheme);
  for (const node of [document.documentElement, document.body]) themes.observe(node, { attributes: true });
  el.append(frame);
  applyTheme();
  textOf(model.get('_page')).then((text) => (frame.srcdoc = text));

  return () => {
    removeEventListener('message', hear);
    for (const [event, listener] of listeners) model.off(event, listener);
    themes.disconnect();
    frame.remove();
  };
}

export default { render };
