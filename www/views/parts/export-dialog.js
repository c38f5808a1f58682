import { negative } from '../../pixels.js';
import { retell, say, sayNumber } from '../../state/texts.js';
import { button, checkbox, choice, hold, nearest, numberField, slider } from './controls.js';
import { h } from './dom.js';
import { emit } from './events.js';
import { openModal } from './modal.js';
import { canRecord, record } from './recorder.js';
import { ask } from './request.js';

/**
 * @typedef {object} Frames
 * @property {Uint8ClampedArray} rgba stacked
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Subject an animation that can be exported
 * @property {string} name of the file, without its ending
 * @property {number} most largest number of frames
 * @property {number} count suggested number of frames
 * @property {boolean} isInk true for white strokes on black, which can be inverted to ink on paper
 * @property {(count: number) => Promise<Frames>} frames renders `count` frames, evenly spaced
 */

/** @type {Record<string, [ending: string, type: string]>} */
const files = {
  gif: ['gif', 'image/gif'],
  apng: ['png', 'image/apng'],
  strip: ['png', 'image/png'],
  webm: ['webm', 'video/webm'],
};

/** Exports an animation as a file. */
export class ExportDialog {
  /** @type {Subject | null} */
  #subject = null;
  /** @type {'gif' | 'apng' | 'strip' | 'webm'} */
  #format = 'gif';
  #count = numberField({ label: say('Frames'), part: 'export-frames', low: 2, high: 300, value: 2 });
  #scale = slider({
    label: say('Size'),
    part: 'export-scale',
    min: 1,
    max: 10,
    step: 1,
    value: 4,
    format: (scale) => `${scale}\u00d7`,
  });
  #rate = slider({
    label: say('Speed'),
    part: 'export-rate',
    min: 1,
    max: 30,
    step: 1,
    value: 12,
    format: (rate) => say('{rate} frames per second', { rate }),
  });
  #ink = checkbox(say('Ink on paper'), false, 'export-ink', () => {});
  #text = h('p', { class: 'help', part: 'export-text', role: 'status' });
  #make = button(say('Make the file'), 'export-make', () => this.#run());

  constructor() {
    const formats = /** @type {['gif' | 'apng' | 'strip' | 'webm', string][]} */ ([
      ['gif', 'GIF'],
      ['apng', 'APNG'],
      ['strip', say('PNG strip')],
      ...(canRecord() ? [['webm', 'WebM']] : []),
    ]);
    const format = choice({ legend: say('Format'), name: 'format', values: formats, value: this.#format }, (chosen) => {
      this.#format = chosen;
      this.#rate.input.disabled = chosen === 'strip';
    });
    this.#make.classList.add('primary');
    this.node = h(
      'dialog',
      { class: 'plain export', part: 'export-dialog', 'aria-labelledby': 'export-title' },
      h('h2', { id: 'export-title' }, say('Export')),
      format.node,
      this.#count.node,
      this.#scale.node,
      this.#rate.node,
      this.#ink.node,
      this.#text,
      h(
        'div',
        { class: 'row' },
        this.#make,
        button(say('Close'), 'export-close', () => this.node.close()),
      ),
    );
  }

  /**
   * @param {Subject} subject
   * @param {HTMLElement} [place] in the figure, for the first opening
   */
  open(subject, place) {
    if (!openModal(this.node, place)) return;
    this.#subject = subject;
    this.#count.input.max = String(subject.most);
    this.#count.set(Math.min(subject.count, subject.most));
    this.#ink.node.hidden = !subject.isInk;
    this.#ink.input.checked = subject.isInk && !matchMedia('(prefers-color-scheme: dark)').matches;
    this.#text.textContent = say('The file is made on this machine.');
  }

  async #run() {
    const subject = this.#subject;
    if (!subject) return;
    hold(this.#make, true);
    this.#text.textContent = say('Drawing the frames…');
    try {
      const count = nearest(this.#count.input, 2);
      const { rgba, width, height } = await subject.frames(count);
      const frames =
        this.#ink.input.checked && subject.isInk
          ? negative(rgba)
          : new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.byteLength);
      this.#text.textContent = say('Making the file…');
      const bytes = await this.#encode({
        frames,
        width,
        height,
        scale: this.#scale.input.valueAsNumber,
        rate: this.#rate.input.valueAsNumber,
      });
      this.#offer(bytes, subject.name);
    } catch (error) {
      this.#text.textContent = say('That did not work: {why}.', { why: retell(error) });
    }
    hold(this.#make, false);
  }

  /** @param {{frames: Uint8Array, width: number, height: number, scale: number, rate: number}} clip */
  async #encode(clip) {
    if (this.#format === 'webm') return record(clip);
    const { value, problem } = await ask(this.node, 'animate', { ...clip, format: this.#format });
    if (!value) throw new Error(problem);
    return new Blob([value], { type: files[this.#format][1] });
  }

  /**
   * @param {Blob} file
   * @param {string} name
   */
  #offer(file, name) {
    const address = URL.createObjectURL(file);
    const whole = `${name}.${files[this.#format][0]}`;
    h('a', { href: address, download: whole }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    this.#text.textContent = `${whole}, ${sayNumber(Math.round(file.size / 1000))} kB.`;
    emit(this.node, 'exported', file);
  }
}
