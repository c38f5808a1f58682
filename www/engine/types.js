/**
 * Types of the engine's requests and results: configs of networks, stored latents, options. Scripts of all floors use them. Only types:
 * no code is loaded.
 */

/**
 * @typedef {{channels: number, height: number, width: number}} ImageShape
 * @typedef {object} ModelConfig
 * @property {ImageShape} image
 * @property {number} latent
 * @property {'variational' | 'autoencoder'} kind
 * @property {'bernoulli' | 'gaussian'} likelihood
 * @property {{filters: number, kernel: number, stride: number}[]} layers
 *
 * @typedef {object} ModelInfo
 * @property {ModelConfig} config
 * @property {object} card
 * @property {number} components of the prior that was fitted to the model's codes; 0 without one
 *
 * @typedef {object} StoredLatents
 * @property {number} latent
 * @property {Float32Array} mean [n, latent]
 * @property {Uint8Array | null} labels [n], 0 to 9; null if the pictures have no labels
 * @property {'pictures' | 'draws'} [own] latents of the visitor's pictures, or random draws; undefined for shipped test images
 * @property {Float32Array | null} [divergence] KL of each dimension over these pictures in nats, [latent], if known
 * @property {Uint8Array} [originals] the visitor's pictures, [n, channels, height, width], if known
 *
 * @typedef {object} Options
 * @property {string} [slot] a new request replaces a waiting one of the same slot
 * @property {AbortSignal} [signal]
 * @property {boolean} [once] not tried again after a crash, for requests that need state of the lost worker
 * @property {'auto' | 'webgpu' | 'cpu'} [device] that may compute; without it, requests are for the CPU and commands for any device
 * @property {boolean} [onlyGpu] fails rather than falling back to the CPU, to test the GPU
 * @property {(action: string, milliseconds: number, device: import('./engine-worker.js').Device) => void} [done] gets the time that work
 *   on a model took
 *
 * @typedef {object} Results of the worker's actions, by name
 * @property {ModelInfo} load
 * @property {ModelInfo} inspect
 * @property {StoredLatents} latents
 * @property {{mean: Float32Array, logVar: Float32Array | undefined}} encode
 * @property {Uint8ClampedArray} decode
 * @property {Float32Array} values
 * @property {Float32Array} maps
 * @property {Float32Array} interpolate
 * @property {Float32Array} geodesic
 * @property {Float32Array} draws
 * @property {Float32Array} fittedDraws
 * @property {Float32Array} prior
 * @property {Float32Array} grid
 * @property {Uint8Array} augment
 * @property {Uint8Array} bytes
 * @property {Uint8Array<ArrayBuffer>} animate
 */

export {};
