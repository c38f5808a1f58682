/**
 * The error of the round trip that 95 in 100 held-out pictures of each shipped model have at most, once they are redrawn: `round_trip_95`
 * of `latent-lab eval www/models/NAME.safetensors --data DATA --samples 0 --json`, with `mnist`, `fashion-mnist`, `cats/images` or
 * `emoji/images` as DATA. A drawn picture with a larger error comes back worse than nearly all that are drawn from the code of a real
 * one.
 * @type {Record<string, number>}
 */
export const thresholds = {
  digits: 0.00219,
  'digits-plain': 0.00174,
  map: 0.0154,
  cats: 0.00169,
  'cats-blurred': 0.000888,
  fashion: 0.00139,
  emoji: 0.00932,
};
