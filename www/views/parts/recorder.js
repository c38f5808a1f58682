/** Records frames as a video, in browsers with MediaRecorder. Recording takes as long as the video. */

const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'];

/** @returns {string | undefined} */
function supportedType() {
  if (typeof MediaRecorder !== 'function' || !('captureStream' in HTMLCanvasElement.prototype)) return undefined;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type));
}

export function canRecord() {
  return supportedType() !== undefined;
}

/**
 * @param {{frames: Uint8Array, width: number, height: number, scale: number, rate: number}} clip
 * @returns {Promise<Blob>}
 */
export async function record({ frames, width, height, scale, rate }) {
  const canvas = document.createElement('canvas');
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.imageSmoothingEnabled = false;
  const stream = canvas.captureStream(rate);
  const recorder = new MediaRecorder(stream, { mimeType: supportedType(), videoBitsPerSecond: 4_000_000 });
  /** @type {Blob[]} */
  const parts = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const stopped = new Promise((resolve, reject) => {
    recorder.addEventListener('stop', resolve);
    recorder.addEventListener('error', () => reject(new Error('the browser stopped recording')));
  });
  recorder.start();
  const size = width * height * 4;
  const start = performance.now();
  for (let at = 0, shown = 1; at < frames.length; at += size, shown++) {
    const image = new ImageData(new Uint8ClampedArray(frames.slice(at, at + size)), width, height);
    context.drawImage(await createImageBitmap(image), 0, 0, canvas.width, canvas.height);
    // Waits until the frame's end by the clock: fixed delays would add to the time for drawing.
    await new Promise((resolve) => setTimeout(resolve, start + (1000 * shown) / rate - performance.now()));
  }
  recorder.stop();
  await stopped;
  for (const track of stream.getTracks()) track.stop();
  return new Blob(parts, { type: 'video/webm' });
}
