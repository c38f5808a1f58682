import { Frames } from '../parts/film.js';
import { crossFade, frameAt, FRAMES } from './frames.js';
import { DIRECT, PATHS } from './paths.js';

/** Black columns between two pictures. */
const GAP = 2;

/**
 * All paths beside each other as an animation for export.
 * @param {import('../parts/view.js').View} view
 * @param {import('../parts/ends.js').Ends} ends
 * @param {import('../parts/pictures.js').ImageShape} image
 * @returns {import('../parts/export-dialog.js').Subject}
 */
export function filmOf(view, ends, { channels, width, height }) {
  const size = { width: PATHS.length * (width + GAP) - GAP, height };
  const { model } = view.state;
  const between = { from: ends.code('from'), to: ends.code('to'), frames: FRAMES };
  return {
    ...{ name: 'paths', most: FRAMES, count: FRAMES, isInk: channels === 1 },
    frames: async (count) => {
      const [line, arc] = await Promise.all(DIRECT.map((path) => view.demand('interpolate', { path, ...between })));
      const { value } = await view.demand('geodesic', { model, ...between });
      // Without a geodesic, its place stays empty.
      const decoded = await Promise.all([line, arc, value].map((codes) => codes && decode(view, model, codes, count)));
      const bytes = width * height * 4;
      const [first] = /** @type {Uint8ClampedArray[]} */ (decoded);
      const fade = crossFade(first.subarray(0, bytes), first.subarray((count - 1) * bytes), count);
      const all = new Frames(count, size);
      [fade, ...decoded].forEach((rgba, i) => {
        for (let frame = 0; rgba && frame < count; frame++) {
          const picture = rgba.subarray(frame * bytes, (frame + 1) * bytes);
          all.lay(frame, picture, { width, height }, { left: i * (width + GAP), top: 0 });
        }
      });
      return { rgba: all.rgba, ...size };
    },
  };
}

/**
 * Decodes `count` frames of a path.
 * @param {import('../parts/view.js').View} view
 * @param {string} model
 * @param {Float32Array} codes [FRAMES, latent]
 * @param {number} count
 */
function decode(view, model, codes, count) {
  const latent = codes.length / FRAMES;
  const latents = new Float32Array(count * latent);
  for (let i = 0; i < count; i++) {
    const frame = frameAt(i / (count - 1));
    latents.set(codes.subarray(frame * latent, (frame + 1) * latent), i * latent);
  }
  return view.demand('decode', { model, latents });
}
