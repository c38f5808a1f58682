/** @param {number[]} milliseconds what disturbs a measurement only makes it longer, so the best is nearest the truth */
export const best = (milliseconds) => Math.min(...milliseconds);

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
