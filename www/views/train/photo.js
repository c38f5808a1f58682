/** Settings for photographs: a single one, augmented so that its code describes its movement, or several. */

import { presets } from '../../training/page/settings.js';

/** Side of the image that the network sees, in pixels. */
export const SIDE = 32;

/**
 * Average difference between a pixel's channels, of 255, above which a picture has color: JPEG files of gray pictures are not quite
 * gray.
 */
const GRAY = 6;

/** Augmentation of several photographs, so slight that a picture stays recognizable. */
export const CHANGES = { flip: false, rotate: 5, shift: 0.05, zoom: 0.05 };

/**
 * Settings for one photograph, with a latent of four numbers: sideways, up, rotation and zoom.
 * @returns {import('../../training/page/settings.js').Settings}
 */
export const settings = () => ({
  ...presets.article(),
  kind: 'variational',
  latent: 4,
  beta: 8,
  layers: [16, 32, 64].map((filters) => ({ filters, kernel: 3, stride: 2 })),
  batch: 32,
  learningRate: 0.003,
  augment: { flip: false, rotate: 15, shift: 0.12, zoom: 0.1 },
  copies: 320,
});

/**
 * @param {Uint8Array} pixels [n, 3, height, width]
 * @param {import('../../engine/types.js').ImageShape} shape
 */
export function isGray(pixels, { height, width }) {
  const plane = height * width;
  let apart = 0;
  for (let at = 0; at < pixels.length; at += 3 * plane) {
    for (let i = at; i < at + plane; i++) {
      const [red, green, blue] = [pixels[i], pixels[i + plane], pixels[i + 2 * plane]];
      apart += Math.max(red, green, blue) - Math.min(red, green, blue);
    }
  }
  return apart <= (GRAY * pixels.length) / 3;
}
