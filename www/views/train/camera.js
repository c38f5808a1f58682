import { say, sayCount } from '../../state/texts.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { openModal } from '../parts/modal.js';

/** Milliseconds between two pictures of a series. */
const BETWEEN = 400;

/** A dialog that takes pictures with the camera, after the browser has asked the visitor. The camera is off once it is closed. */
export class CameraDialog {
  #video = h('video', {
    autoplay: true,
    playsinline: true,
    muted: true,
    part: 'video',
    'aria-label': say('Camera view'),
  });
  #text = h('p', { class: 'help', role: 'status' });
  /** @type {MediaStream | null} */
  #stream = null;
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
      h('div', { class: 'video' }, this.#video),
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
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    } catch (error) {
      const why =
        error instanceof DOMException && error.name === 'NotAllowedError'
          ? say('permission was denied')
          : say('no camera was found');
      this.#text.textContent = say('The camera cannot be used: {why}.', { why });
      return;
    }
    if (!this.node.open) return this.#stop();
    this.#video.srcObject = this.#stream;
    this.#text.textContent = say('Only the square in the middle is used.');
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
    const { videoWidth, videoHeight } = this.#video;
    if (!this.#stream || videoWidth === 0) return;
    // An element and not an OffscreenCanvas, since readers can only allow a page to read from elements.
    const canvas = h('canvas', { width: videoWidth, height: videoHeight });
    canvas.getContext('2d')?.drawImage(this.#video, 0, 0);
    const picture = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve));
    if (!picture) return;
    this.#taken += 1;
    this.#text.textContent = sayCount(this.#taken, 'One picture taken.', '{count} pictures taken.');
    this.#onPicture(new File([picture], `camera ${this.#taken}`, { type: picture.type }));
  }

  #stop() {
    clearInterval(this.#series);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }
}
