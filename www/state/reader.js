/** Preferences of the reader's browser. Every part of the page that loads more, or moves by itself, checks them here. */

/** @returns {boolean} true if the reader wants as little data as possible, by a setting of the browser or of the system */
export function savesData() {
  const { connection } = /** @type {{connection?: {saveData?: boolean}}} */ (navigator);
  return connection?.saveData === true || matchMedia('(prefers-reduced-data: reduce)').matches;
}

/** Charge at which machines begin to save power by themselves. */
const LOW_CHARGE = 0.2;

/** @returns {Promise<boolean>} true if the machine runs on a nearly empty battery; most browsers do not tell */
export async function savesPower() {
  const { getBattery } = /** @type {{getBattery?: () => Promise<{charging: boolean, level: number}>}} */ (navigator);
  try {
    const battery = await getBattery?.call(navigator);
    return battery !== undefined && !battery.charging && battery.level <= LOW_CHARGE;
  } catch {
    return false;
  }
}

/** The reader's wish for less motion. It can change while the page is open. */
export class MotionPreference {
  #query = matchMedia('(prefers-reduced-motion: reduce)');
  #onChange;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#query.addEventListener('change', onChange);
  }

  /** True if nothing should move by itself. */
  get isReduced() {
    return this.#query.matches;
  }

  destroy() {
    this.#query.removeEventListener('change', this.#onChange);
  }
}
