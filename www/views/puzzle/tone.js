/**
 * Two notes for a try: how close the previous one was, and how close this one is; higher is closer. Silent until the reader turns it on.
 */

/** Pitch of a far try in hertz, octaves from there to the target, and the distance in nats that counts as far. */
const LOW = 220;
const OCTAVES = 2;
const FAR = 200;

/** Seconds of a note, and its loudness. */
const LENGTH = 0.25;
const LOUDNESS = 0.15;

/** @param {number} nats @returns {number} in hertz */
export function pitchOf(nats) {
  return LOW * 2 ** (OCTAVES * (1 - Math.sqrt(Math.min(1, nats / FAR))));
}

export class Tone {
  /** @type {AudioContext | null} */
  #context = null;

  /** @param {boolean} isOn true only after an action of the reader, since browsers demand one */
  turn(isOn) {
    if (!isOn) return this.destroy();
    this.#context ??= new AudioContext();
  }

  /** @param {number[]} distances in nats, one for each note */
  play(distances) {
    const context = this.#context;
    if (!context) return;
    distances.forEach((nats, i) => {
      const start = context.currentTime + i * LENGTH;
      const volume = new GainNode(context, { gain: 0 });
      // Without the ramps a note would click.
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(LOUDNESS, start + LENGTH / 10);
      volume.gain.linearRampToValueAtTime(0, start + LENGTH);
      const note = new OscillatorNode(context, { type: 'triangle', frequency: pitchOf(nats) });
      note.connect(volume).connect(context.destination);
      note.start(start);
      note.stop(start + LENGTH);
    });
  }

  destroy() {
    this.#context?.close().catch(() => {});
    this.#context = null;
  }
}
