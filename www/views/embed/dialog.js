import { parametersOf } from '../../state/address.js';
import { siteAddress } from '../../assets.js';
import { LONGEST_CAPTION } from '../../state/attributes.js';
import { writeState } from '../../state/state.js';
import { retell, say, spoken } from '../../state/texts.js';
import { button, choice } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { openModal } from '../parts/modal.js';
import { isOfThisPage, portable } from './portable.js';
import { asFrame, asLink, asPackage, asPicture, asScript } from './ways.js';

/** @typedef {'link' | 'script' | 'package' | 'frame' | 'picture'} Way */

const texts = { link: asLink, script: asScript, package: asPackage, frame: asFrame, picture: asPicture };

/**
 * @typedef {object} Unlinked parts that a link does not contain
 * @property {string[]} names of pictures that it shows in place of the reader's
 * @property {boolean} hasDrawing true if it contains the code of a drawing, without the drawing
 * @property {boolean} hasOwnExamples true if it leaves out examples, which are the reader's pictures
 */

/** Time after which a file's object URL is revoked, in milliseconds. */
const LIFETIME = 60_000;

/** Offers text to copy for each way to embed the figure in its current state. */
export class EmbedDialog {
  #site;
  #toBlob;
  #fingerprint;
  /** @type {Way} */
  #way = 'link';
  /** @type {import('./ways.js').Subject | null} */
  #subject = null;
  /** Makes the subject again, with another caption. */
  #withCaption = (/** @type {string} */ _caption) => {};
  #title = h('h2', { id: 'embed-title' });
  #caption = h('input', { type: 'text', maxlength: LONGEST_CAPTION, part: 'embed-caption', autocomplete: 'off' });
  #about = h('p', { class: 'help' });
  #text = h('textarea', {
    part: 'embed-text',
    readonly: true,
    rows: 6,
    spellcheck: 'false',
    'aria-label': say('Text to copy'),
  });
  #private = h('p', { class: 'help', part: 'embed-private' });
  #status = h('p', { class: 'help', part: 'embed-status', role: 'status' });
  #save = button(say('Save the picture'), 'embed-save', () => this.#savePicture());

  /**
   * @param {string | null} site
   * @param {object} services
   * @param {(type: string) => Promise<Blob>} services.toBlob the figure as a picture
   * @param {(state: import('../../state/state.js').FigureState) => Promise<string>} services.fingerprint of the figure's files
   */
  constructor(site, { toBlob, fingerprint }) {
    this.#site = site ?? siteAddress();
    this.#toBlob = toBlob;
    this.#fingerprint = fingerprint;
    const ways = /** @type {[Way, string][]} */ ([
      ['link', say('Link')],
      ['script', say('Script')],
      ['package', say('Package')],
      ['frame', say('Frame')],
      ['picture', say('Picture')],
    ]);
    const way = choice({ legend: say('As'), name: 'embed-as', values: ways, value: this.#way }, (chosen) => {
      this.#way = chosen;
      this.#show();
    });
    const copy = button(say('Copy'), 'embed-copy', () => this.#copy());
    copy.classList.add('primary');
    this.node = h(
      'dialog',
      { class: 'plain embed', part: 'embed-dialog', lang: spoken(), 'aria-labelledby': 'embed-title' },
      this.#title,
      way.node,
      h('label', { class: 'field' }, h('span', { class: 'name' }, say('Caption, such as a question')), this.#caption),
      this.#about,
      this.#text,
      this.#private,
      this.#status,
      h(
        'div',
        { class: 'row' },
        copy,
        this.#save,
        button(say('Close'), 'embed-close', () => this.node.close()),
      ),
    );
    this.#caption.addEventListener('input', () => this.#withCaption(this.#caption.value.trim()));
    this.node.addEventListener('close', () => this.node.remove());
  }

  /**
   * @param {ShadowRoot} place
   * @param {import('../../state/state.js').FigureState} state
   * @param {{width: number, height: number}} size of the figure
   * @param {Unlinked} unlinked
   * @param {string} figure its name among those of the page
   */
  async open(place, state, { width, height }, unlinked, figure) {
    this.#title.textContent = say('Embed: {figure}', { figure });
    this.#caption.value = state.caption;
    if (!openModal(this.node, place)) return;
    const isOwn = isOfThisPage(state);
    // A network that exists only on this page has no file to hash.
    const hash = isOwn ? '' : await this.#fingerprint(state).catch(() => '');
    const name = state.label || say('A figure of Latent Lab: {figure}', { figure: state.figure });
    this.#withCaption = (caption) => {
      const captioned = portable({ ...state, caption });
      const [attributes, parameters] = [writeState(captioned), parametersOf(captioned, hash)];
      this.#subject = { site: this.#site, attributes, parameters, name, width, height };
      this.#show();
    };
    if (isOwn) {
      this.#status.textContent = say(
        'This figure shows a network that exists on this page only. Save it and put it on a server; otherwise the link cannot find it.',
      );
    }
    this.#private.textContent = [noteOf(unlinked.names), drawingNote(unlinked), exampleNote(unlinked)]
      .filter(Boolean)
      .join(' ');
    this.#withCaption(state.caption);
  }

  #show() {
    if (!this.#subject) return;
    this.#about.textContent = this.#advice();
    this.#text.value = texts[this.#way](this.#subject);
    this.#save.hidden = this.#way !== 'picture';
  }

  #advice() {
    switch (this.#way) {
      case 'link':
        return say('Opens this figure alone, as it is now. It says so if the model has changed since.');
      case 'script':
        return say('For pages that allow scripts. Two lines; the figure takes the page’s colors and direction.');
      case 'package':
        return say('For projects with a bundler.');
      case 'frame':
        return say(
          'For pages that allow frames. The script keeps the frame as high as its figure; without it, the height is fixed.',
        );
      case 'picture':
        return say(
          'For mail and feeds: a picture with a link to the live figure. Save the picture and put it where the text refers to it.',
        );
    }
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#text.value);
      this.#status.textContent = say('Copied.');
    } catch {
      this.#text.select();
      this.#status.textContent = say(
        'The browser does not let this page copy. The text is selected, so you can copy it.',
      );
    }
  }

  async #savePicture() {
    try {
      const address = URL.createObjectURL(await this.#toBlob('image/png'));
      h('a', { href: address, download: 'latent-lab.png' }).click();
      setTimeout(() => URL.revokeObjectURL(address), LIFETIME);
      this.#status.textContent = 'latent-lab.png';
    } catch (error) {
      this.#status.textContent = say('That did not work: {why}.', { why: retell(error) });
    }
  }
}

/**
 * Names the parts that a link does not contain.
 * @param {string[]} names of pictures that it shows in place of the reader's
 */
function noteOf(names) {
  if (names.length === 0) return '';
  const shown = names.join(say(' and '));
  return names.length === 1
    ? say('Your picture is not in the link, which shows {shown} in its place. Exports and saved pictures contain it.', {
        shown,
      })
    : say(
        'Your pictures are not in the link, which shows {shown} in their place. Exports and saved pictures contain them.',
        { shown },
      );
}

/** @param {Unlinked} unlinked */
function drawingNote({ hasDrawing }) {
  return hasDrawing
    ? say('For a drawing, the link carries its code: it shows the redrawing, but not the drawing itself.')
    : '';
}

/** @param {Unlinked} unlinked */
function exampleNote({ hasOwnExamples }) {
  return hasOwnExamples
    ? say('Your pictures among the examples are not in the link, so its direction is different.')
    : '';
}
