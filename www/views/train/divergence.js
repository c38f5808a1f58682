import { say, sayCount, sayNumber, written } from '../../state/texts.js';
import { h, svg } from '../parts/dom.js';

/** KL in nats below which a dimension counts as unused. */
const UNUSED = 0.02;

/** Smallest range of the axis, in nats, so that the noise of a network without used dimensions stays low. */
const AXIS = 0.1;

/** Height of the drawing, and of the smallest visible bar, in its own units. */
const HEIGHT = 100;
const LEAST = 2;

/** KL of each latent dimension, as bars; unused dimensions are gray. */
export class Divergence {
  #used = svg('path', { class: 'used' });
  #unused = svg('path', { class: 'unused' });
  #text = h('p', { class: 'count', part: 'divergence-text' });
  #svg = svg('svg', { part: 'divergence', role: 'img', preserveAspectRatio: 'none' }, this.#used, this.#unused);

  constructor() {
    this.node = h(
      'div',
      { class: 'divergence' },
      h('p', { class: 'name' }, say('KL of each latent number')),
      this.#svg,
      this.#text,
    );
  }

  /** @param {Float32Array} values nats, [latent]; after an explosion they may be NaN or infinite */
  show(values) {
    const known = values.filter(Number.isFinite);
    const top = Math.max(AXIS, ...known);
    const bars = { used: '', unused: '' };
    values.forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      const tall = Math.max(LEAST, (value / top) * HEIGHT);
      bars[value >= UNUSED ? 'used' : 'unused'] += `M${i + 0.12} ${HEIGHT}v${-tall}h0.76v${tall}z`;
    });
    this.#svg.setAttribute('viewBox', `0 0 ${values.length} ${HEIGHT}`);
    this.#used.setAttribute('d', bars.used);
    this.#unused.setAttribute('d', bars.unused);
    const text = inWords(values, known);
    this.#text.textContent = text;
    this.#svg.setAttribute('aria-label', `${say('KL of each latent number')}: ${text}`);
  }
}

/**
 * @param {Float32Array} values
 * @param {Float32Array} known the finite ones
 */
function inWords(values, known) {
  const missing = values.length - known.length;
  if (missing > 0) {
    return sayCount(
      missing,
      'The KL of one number is no longer finite.',
      'The KL of {count} numbers is no longer finite.',
    );
  }
  const used = known.filter((value) => value >= UNUSED).length;
  const most = Math.max(0, ...known);
  const about = {
    used: sayNumber(used),
    count: sayNumber(values.length),
    most: written((most < UNUSED ? UNUSED : most).toFixed(2)),
  };
  return most < UNUSED
    ? say('{used} of {count} in use, each below {most} nats', about)
    : say('{used} of {count} in use, up to {most} nats', about);
}
