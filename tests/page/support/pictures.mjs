// Synthetic pictures, as files.

import { deflateSync } from 'node:zlib';

/**
 * A PNG.
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => [red: number, green: number, blue: number]} colorAt
 * @param {[number, number]} [claim] the size that its header claims
 */
export function png(width, height, colorAt, claim = [width, height]) {
  const header = Buffer.alloc(13);
  claim.forEach((side, i) => header.writeUInt32BE(side, 4 * i));
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0, at = 0; y < height; y++) {
    at += 1;
    for (let x = 0; x < width; x++, at += 3) rows.set(colorAt(x, y), at);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** @param {string} kind @param {Buffer} data */
function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const framed = Buffer.alloc(8 + body.length);
  framed.writeUInt32BE(data.length);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}

/** The checksum of a PNG's chunk (its specification, annex D). */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A picture twice as wide as high, with four colors in its quarters and two more at its sides. */
export const wide = () =>
  png(200, 100, (x, y) => {
    if (x < 50) return [0, 0, 0];
    if (x >= 150) return [255, 255, 255];
    if (y < 50) return x < 100 ? [220, 30, 30] : [30, 200, 30];
    return x < 100 ? [30, 30, 220] : [220, 220, 30];
  });

/** A dark seven on light paper that is lit from the left, off the middle, as colors of a photograph. */
export function sevenAt(x, y) {
  const isStroke = (y > 60 && y < 72 && x > 150 && x < 210) || Math.abs(x - 204 + (y - 66) * 0.4) < 7;
  if (isStroke && y > 60 && y < 160) return [40, 40, 60];
  const paper = Math.round(235 - 0.2 * x);
  return [paper, paper - 4, paper - 12];
}

/** The photograph of a seven. */
export const paper = () => png(320, 240, sevenAt);
