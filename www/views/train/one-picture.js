/** The lesson of one picture: a drawing of a cat, and settings that learn it, in all of its positions, within seconds. */

import * as photo from './photo.js';

/** Side of the drawing, in its own units. */
const SIDE = 64;

/** @type {import('../../engine/types.js').ImageShape} */
export const shape = { channels: 3, height: photo.SIDE, width: photo.SIDE };

export const { settings } = photo;

/** @typedef {[number, number]} Point */

const teal = '#1d6b73';
const fur = '#e8913c';
const dark = '#3a2417';
const light = '#fdf3e3';

/** Shapes from back to front. @type {[color: string, points: Point[]][]} */
const shapes = [
  [
    fur,
    [
      [14, 30],
      [13, 9],
      [29, 20],
    ],
  ],
  [
    fur,
    [
      [50, 30],
      [51, 9],
      [35, 20],
    ],
  ],
  [
    light,
    [
      [17, 23],
      [16.5, 14],
      [23.5, 19],
    ],
  ],
  [
    light,
    [
      [47, 23],
      [47.5, 14],
      [40.5, 19],
    ],
  ],
];

/** Discs: color, center, radii. @type {[color: string, center: Point, radii: Point][]} */
const discs = [
  [fur, [32, 36], [21, 18]],
  [light, [27.5, 43.5], [6, 5.5]],
  [light, [36.5, 43.5], [6, 5.5]],
  [light, [23, 33], [5, 5.5]],
  [light, [41, 33], [5, 5.5]],
  [dark, [23.5, 33], [2.5, 4.5]],
  [dark, [40.5, 33], [2.5, 4.5]],
  [dark, [32, 39.5], [2.8, 2]],
];

/** Stripes of the forehead. @type {Point[][]} */
const strokes = [
  [
    [32, 19],
    [32, 26],
  ],
  [
    [26.5, 20.5],
    [27.5, 25.5],
  ],
  [
    [37.5, 20.5],
    [36.5, 25.5],
  ],
];

/** @returns {Promise<File>} the drawing */
export function picture() {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  draw(context);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(new File([blob], 'cat.png', { type: 'image/png' }));
      else reject(new Error('the browser did not draw the picture'));
    });
  });
}

/** @param {CanvasRenderingContext2D} context */
function draw(context) {
  context.fillStyle = teal;
  context.fillRect(0, 0, SIDE, SIDE);
  for (const [color, points] of shapes) {
    context.fillStyle = color;
    context.fill(pathOf(points));
  }
  for (const [color, [x, y], [wide, high]] of discs) {
    context.fillStyle = color;
    context.beginPath();
    context.ellipse(x, y, wide, high, 0, 0, 2 * Math.PI);
    context.fill();
  }
  Object.assign(context, { strokeStyle: dark, lineWidth: 2.5, lineCap: 'round' });
  for (const points of strokes) context.stroke(pathOf(points));
}

/** @param {Point[]} points */
function pathOf(points) {
  const path = new Path2D();
  for (const [x, y] of points) path.lineTo(x, y);
  return path;
}
