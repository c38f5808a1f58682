/** How many workers can share a step, as the core cuts a batch into shards (src/cpu/shards.rs). */

/** Most workers: a batch has no more shards. */
export const MOST_WORKERS = 8;

/** Fewest images of a worker's share. */
const FEWEST_IN_SHARD = 8;

/** Most workers that can share a step. @param {number} batch its images */
export function mostWorkers(batch) {
  return Math.min(MOST_WORKERS, Math.floor(batch / FEWEST_IN_SHARD));
}
