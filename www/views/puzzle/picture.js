import { assertReadable } from '../../training/input/canvas-check.js';

/** Side of each decoded pixel, in pixels, and the gap between the two pictures. */
const SCALE = 8;
const GAP = 16;

const TYPE = 'image/png';

/**
 * Two pictures side by side as a file, ink on paper if the reader's screen is light.
 * @param {HTMLCanvasElement[]} canvases of the same size
 * @param {boolean} isInk
 * @returns {Promise<Blob>}
 */
export function pictureOf(canvases, isInk) {
  assertReadable();
  const [width, height] = [canvases[0].width * SCALE, canvases[0].height * SCALE];
  const whole = document.createElement('canvas');
  whole.width = canvases.length * (width + GAP) - GAP;
  whole.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (whole.getContext('2d'));
  context.imageSmoothingEnabled = false;
  canvases.forEach((canvas, i) => context.drawImage(canvas, i * (width + GAP), 0, width, height));
  if (isInk) {
    context.globalCompositeOperation = 'difference';
    context.fillStyle = '#fff';
    canvases.forEach((_, i) => context.fillRect(i * (width + GAP), 0, width, height));
  }
  return new Promise((resolve, reject) => {
    whole.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(`this browser cannot write ${TYPE}`))), TYPE);
  });
}
