import { retell, say, sayCount } from '../../state/texts.js';
import { button, hold } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { inNats } from './hints.js';
import { FOUND, squareOf } from './nats.js';
import { TRIES } from './record.js';

/** @typedef {import('./hints.js').Try} Try */

/**
 * @typedef {object} Actions
 * @property {() => Promise<'sent' | 'copied' | {link: string}>} send the result with the figure's link; returns the text if the browser
 *   could neither send nor copy it
 * @property {() => Promise<Blob>} save the target beside the closest try
 * @property {() => string} name of the file
 */

/** Time after which a file's object URL is revoked, in milliseconds. */
const LIFETIME = 60_000;

/** The closest of some tries. @param {Try[]} tries at least one */
export function closest(tries) {
  return tries.reduce((best, each) => (each.nats < best.nats ? each : best));
}

/** @param {Try[]} tries */
export function isFound(tries) {
  return tries.some(({ nats }) => nats <= FOUND);
}

/** @param {Try[]} tries */
export function isOver(tries) {
  return tries.length >= TRIES || isFound(tries);
}

/** The result for the reader. @param {Try[]} tries */
export function resultOf(tries) {
  const best = closest(tries);
  const nats = inNats(best.nats);
  return best.nats <= FOUND
    ? sayCount(tries.length, 'Found on the first try, {nats} nats away.', 'Found in {count} tries, {nats} nats away.', {
        nats,
      })
    : say('Not found; the closest was {nats} nats away. The ring shows where it was.', { nats });
}

/**
 * The result for others: it says how close each try was, but not where.
 * @param {Try[]} tries
 * @param {string} day as text
 */
export function messageOf(tries, day) {
  const best = closest(tries);
  const values = { day, count: tries.length, tries: TRIES, nats: inNats(best.nats) };
  const text =
    best.nats <= FOUND
      ? say('Find this latent, {day}: found in {count} of {tries} tries', values)
      : say('Find this latent, {day}: {nats} nats away after {tries} tries', values);
  return `${text}\n${tries.map(({ nats }) => squareOf(nats)).join('')}`;
}

/** Sends and saves a result. The panel knows neither the figure's state nor its link. */
export class Result {
  #actions;
  #text = h('textarea', { rows: 3, readonly: true, part: 'result-text', 'aria-label': say('Result'), hidden: true });
  #status = h('p', { class: 'help', part: 'result-status', role: 'status' });
  share = button(say('Share the result'), 'share', () => this.#work(this.share, () => this.#send()));
  #picture = button(say('Save the picture'), 'save-picture', () => this.#work(this.#picture, () => this.#save()));

  /** @param {Actions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.share.classList.add('primary');
    this.buttons = [this.share, this.#picture];
    this.nodes = [this.#text, this.#status];
  }

  clear() {
    this.#text.hidden = true;
    this.#status.textContent = '';
  }

  /**
   * @param {HTMLButtonElement} node that waits for the work
   * @param {() => Promise<void>} work whose failure is reported to the reader
   */
  async #work(node, work) {
    hold(node, true);
    await work().catch((error) => {
      this.#status.textContent = say('That did not work: {why}.', { why: retell(error) });
    });
    hold(node, false);
  }

  async #send() {
    const done = await this.#actions.send();
    if (done === 'sent') this.#status.textContent = '';
    else if (done === 'copied') this.#status.textContent = say('The result is copied. Paste it into a message.');
    else {
      this.#status.textContent = say(
        'The browser does not let this page copy. The text is selected, so you can copy it.',
      );
      this.#text.hidden = false;
      this.#text.value = done.link;
      this.#text.select();
    }
  }

  async #save() {
    const address = URL.createObjectURL(await this.#actions.save());
    const name = this.#actions.name();
    h('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), LIFETIME);
    this.#status.textContent = name;
  }
}
