/**
 * Two people and one morph: the first sends the code of a drawing in a link, the second draws the other end. Morph fetches this once an end
 * is a drawing. The panel knows neither the figure's state nor its link.
 */

import { negative } from '../../pixels.js';
import { retell, say } from '../../state/texts.js';
import { button, hold } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { demand } from '../parts/request.js';

/**
 * The action to offer: `send` a drawing, `answer` someone else's, or `keep` the morph between both.
 * @typedef {'send' | 'answer' | 'keep'} Phase
 *
 * @typedef {object} Actions
 * @property {() => void} draw the last picture
 * @property {(isAnswered: boolean) => Promise<'sent' | 'copied' | {link: string}>} send the figure's link, for someone to answer, or with
 *   both drawings; returns the link if the browser could neither send nor copy it
 * @property {() => Promise<Blob>} save the morph as a GIF
 */

/** Frames of the morph on the way there, frames in a second, and pixels on the side of each decoded pixel. */
const FRAMES = 33;
const RATE = 16;
const SCALE = 8;

/** Time after which a file's object URL is revoked, in milliseconds. */
const LIFETIME = 60_000;

export class TwoPeople {
  #actions;
  #about = h('p', { part: 'two-about' });
  #buttons = h('div', { class: 'row' });
  #link = h('input', { type: 'text', readonly: true, part: 'two-link', 'aria-label': say('Link'), hidden: true });
  #status = h('p', { class: 'help', part: 'two-status', role: 'status' });
  /** @type {Phase | null} */
  #phase = null;

  /** @param {Actions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.nodes = [this.#about, this.#buttons, this.#link, this.#status];
  }

  /**
   * @param {Phase} phase
   * @param {number} count numbers of the drawing's code
   */
  show(phase, count) {
    if (phase === this.#phase) return;
    this.#phase = phase;
    const { about, buttons } = this.#contents(phase, count);
    buttons[0].classList.add('primary');
    this.#about.textContent = about;
    this.#buttons.replaceChildren(...buttons);
    this.#status.textContent = '';
    this.#link.hidden = true;
  }

  /**
   * @param {Phase} phase
   * @param {number} count
   */
  #contents(phase, count) {
    switch (phase) {
      case 'send':
        return {
          about: say(
            'To the network, your drawing is {count} numbers. They fit in a link: send it to somebody, who draws the other end.',
            {
              count,
            },
          ),
          buttons: [this.#button(say('Send the drawing'), 'two-send', () => this.#send(false))],
        };
      case 'answer':
        return {
          about: say(
            'Somebody has drawn the first digit for you. Draw the last one, and see what lies between the two.',
          ),
          buttons: [button(say('Draw yours'), 'two-draw', () => this.#actions.draw())],
        };
      case 'keep':
        return {
          about: say('Two drawings and what lies between them, to keep and to send.'),
          buttons: [
            this.#button(say('Save as a GIF'), 'two-save', () => this.#save()),
            this.#button(say('Send both'), 'two-send', () => this.#send(true)),
          ],
        };
    }
  }

  /**
   * A button that waits for its work, and reports a failure to the reader.
   * @param {string} label
   * @param {string} part
   * @param {() => Promise<void>} work
   */
  #button(label, part, work) {
    const node = button(label, part, async () => {
      hold(node, true);
      await work().catch((error) => {
        this.#status.textContent = say('That did not work: {why}.', { why: retell(error) });
      });
      hold(node, false);
    });
    return node;
  }

  /** @param {boolean} isAnswered */
  async #send(isAnswered) {
    const done = await this.#actions.send(isAnswered);
    if (done === 'sent') this.#status.textContent = '';
    else if (done === 'copied') this.#status.textContent = say('The link is copied. Paste it into a message.');
    else {
      this.#status.textContent = say(
        'The browser does not let this page copy. The link is selected, so you can copy it.',
      );
      this.#link.hidden = false;
      this.#link.value = done.link;
      this.#link.select();
    }
  }

  async #save() {
    const address = URL.createObjectURL(await this.#actions.save());
    h('a', { href: address, download: 'two-drawings.gif' }).click();
    setTimeout(() => URL.revokeObjectURL(address), LIFETIME);
    this.#status.textContent = 'two-drawings.gif';
  }
}

/**
 * A view's animation there and back as a GIF, ink on paper if the reader's screen is light.
 * @param {import('../parts/view.js').View} view
 */
export async function gifOf({ film, node }) {
  if (!film) throw new Error('this figure has no animation to export');
  const { rgba, width, height } = await film.frames(FRAMES);
  const isInk = film.isInk && !matchMedia('(prefers-color-scheme: dark)').matches;
  const frames = thereAndBack(isInk ? negative(rgba) : new Uint8Array(rgba), width * height * 4);
  const { value, problem } = await demand(node, 'animate', {
    format: 'gif',
    frames,
    width,
    height,
    scale: SCALE,
    rate: RATE,
  });
  if (!value) throw new Error(problem);
  return new Blob([value], { type: 'image/gif' });
}

/**
 * The frames, then those between the ends again, backward.
 * @param {Uint8Array} frames
 * @param {number} size bytes of a frame
 */
function thereAndBack(frames, size) {
  const count = frames.length / size;
  const all = new Uint8Array((2 * count - 2) * size);
  all.set(frames);
  for (let i = 1; i < count - 1; i++) {
    all.set(frames.subarray((count - 1 - i) * size, (count - i) * size), (count + i - 1) * size);
  }
  return all;
}
