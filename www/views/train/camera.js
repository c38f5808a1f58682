import { say, sayCount } from '../../state/texts.js';
import { Camera } from '../parts/camera.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { openModal } from '../parts/modal.js';

/** Milliseconds between two pictures of a series. */
const BETWEEN = 400;

/** A dialog that takes pictures with the camera, with the visitor's permission. The camera is off once it is closed. */
export class CameraDialog {
  #camera = new Camera();
  #text = h('p', { class: 'help', role: 'status' });
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #series;
  #taken = 0;
  #onPicture;
  #again = button(say('Ten in a row'), 'shoot-series', () => this.#shootSeries());

  /** @param {(picture: File) => void} onPicture */
  constructor(onPicture) {
    this.#onPicture = onPicture;
    const shoot = button(say('Take a picture'), 'shoot', () => this.#shoot());
    shoot.classList.add('primary');
    this.node = h(
      'dialog',
      { part: 'camera-dialog', 'aria-labelledby': 'camera-title', class: 'plain' },
      h('h2', { id: 'camera-title' }, say('Camera')),
      h('div', { class: 'video' }, this.#camera.node),
      this.#text,
      h(
        'div',
        { class: 'row' },
        shoot,
        this.#again,
        button(say('Done'), 'camera-done', () => this.node.close()),
      ),
    );
    this.node.addEventListener('close', () => this.#stop());
  }

  async open() {
    if (!openModal(this.node)) return;
    this.#taken = 0;
    this.#text.textContent = say(
      'The browser asks whether this page may use the camera. Pictures stay on this machine.',
    );
    const problem = await this.#camera.start();
    if (problem !== null) this.#text.textContent = problem || say('Only the square in the middle is used.');
  }

  #shootSeries() {
    clearInterval(this.#series);
    let left = 10;
    this.#series = setInterval(() => {
      this.#shoot();
      if (--left === 0) clearInterval(this.#series);
    }, BETWEEN);
  }

  async #shoot() {
    const canvas = this.#camera.shoot();
    if (!canvas) return;
    const picture = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve));
    if (!picture) return;
    this.#taken += 1;
    this.#text.textContent = sayCount(this.#taken, 'One picture taken.', '{count} pictures taken.');
    this.#onPicture(new File([picture], `camera ${this.#taken}`, { type: picture.type }));
  }

  #stop() {
    clearInterval(this.#series);
    this.#camera.stop();
  }
}
