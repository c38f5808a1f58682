import { say } from '../../state/texts.js';
import { h } from './dom.js';

/** The picture of the reader's camera. It is on from `start` to `stop`, unless the reader or the browser refuses. */
export class Camera {
  node = h('video', {
    autoplay: true,
    playsinline: true,
    muted: true,
    part: 'video',
    'aria-label': say('Camera view'),
  });
  /** @type {MediaStream | null} */
  #stream = null;
  /** Number of the last start. A camera that the browser grants for an earlier one is turned off. */
  #last = 0;

  get isOn() {
    return this.#stream !== null;
  }

  /**
   * Asks for the camera.
   * @returns {Promise<string | null>} why it cannot be used; empty if it is on, null if it was stopped meanwhile
   */
  async start() {
    this.stop();
    const number = this.#last;
    /** @type {MediaStream} */
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    } catch (error) {
      return number === this.#last ? say('The camera cannot be used: {why}.', { why: reasonOf(error) }) : null;
    }
    if (number !== this.#last) {
      turnOff(stream);
      return null;
    }
    this.#stream = stream;
    this.node.srcObject = stream;
    return '';
  }

  /**
   * The camera's current picture; null before the first.
   * @returns {HTMLCanvasElement | null} an element and not an OffscreenCanvas, since readers can only allow a page to read from elements
   */
  shoot() {
    const { videoWidth: width, videoHeight: height } = this.node;
    if (!this.#stream || width === 0) return null;
    const canvas = h('canvas', { width, height });
    canvas.getContext('2d')?.drawImage(this.node, 0, 0);
    return canvas;
  }

  stop() {
    this.#last += 1;
    if (this.#stream) turnOff(this.#stream);
    this.#stream = null;
    this.node.srcObject = null;
  }
}

/** @param {MediaStream} stream */
function turnOff(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {unknown} error */
function reasonOf(error) {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return say('permission was denied');
  if (name === 'NotReadableError') return say('another program uses it');
  return say('no camera was found');
}
