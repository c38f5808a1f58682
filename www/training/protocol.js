/**
 * The training protocol: the commands that a page gives to the worker's session, and the events that come back. Only types: the session,
 * the engine, the connection and the training controller are all checked against this one table.
 */

/**
 * @typedef {import('../pkg/training/latent_lab.js').ModelConfig} ModelConfig
 * @typedef {import('../pkg/training/latent_lab.js').Augmentation} Augmentation
 * @typedef {import('../pkg/training/latent_lab.js').Losses} Losses
 * @typedef {import('../pkg/training/latent_lab.js').Card} Card
 * @typedef {typeof import('../pkg/training/latent_lab.js')} Bindings the exports of the wasm module
 *
 * @typedef {object} RunConfig what is fixed for a training run
 * @property {ModelConfig[]} configs one, two that differ only in their kind, or several that differ in their latent size
 * @property {number} seed
 * @property {number} batch
 * @property {Augmentation} augment
 * @property {Uint8Array} pixels [n, channels, height, width], of the training images; in an experiment, held-out ones follow them
 * @property {Uint8Array} [heldOut] of the held-out images on which losses are measured during the run; empty or missing without any
 * @property {number[]} [counts] how many of the first images each network of an experiment sees; those after the largest number are held
 *   out. Missing if every network sees all
 * @property {number} copies how often an epoch shows each image
 * @property {Uint8Array} [start] a model file whose weights the networks start from
 *
 * @typedef {object} RunSettings what may change between steps
 * @property {number} beta
 * @property {number} learningRate
 * @property {number} [fall] number of steps over which the learning rate falls to a tenth; 0 if it does not
 * @property {number} pace share of the time that steps may take, above 0 and up to 1
 * @property {number} [threads] workers that share a step; 0 to have them chosen
 * @property {number} [critic] step at which the run gets a critic; 0 for never
 * @property {number} [until] step after which the run pauses by itself; 0 for never
 *
 * @typedef {{step: number, states: Float32Array[], critic?: import('./critic.js').Critic}} ExactSnapshot a training state of each network,
 *   [3, parameters], its step, and the critic of the first network
 * @typedef {{step: number, states: (Float32Array | Uint16Array)[], critic?: import('./critic.js').Critic}} Snapshot may be in half
 *   precision; see halves.js
 *
 * @typedef {object} Measured
 * @property {number[]} parameters of each network
 * @property {number} perStep seconds that a step of all networks takes apart from its images
 * @property {number} perPicture seconds that each image adds to a step
 * @property {number[]} losses of each network's first step, the same on every device
 *
 * @typedef {object} Appraisal how closely held-out images are redrawn: by a network, or from principal components
 * @property {number} mse of held-out images, values 0 to 1
 * @property {number} ssim of the same
 * @property {number} ownMse of as many images that it was trained on
 * @property {Uint8ClampedArray} pictures RGBA, stacked: the first held-out images, redrawn
 *
 * @typedef {object} Preview one network's pictures of fixed images and fixed draws
 * @property {number} fixed number of images that are shown with their reconstructions
 * @property {Uint8ClampedArray} pictures RGBA, stacked: reconstructions, draws, the path from the first image to the last
 * @property {Float32Array | null} divergence KL of each latent dimension in nats, averaged over images; null without a posterior
 * @property {number} sharpness variance of the Laplacian of the draws, in percent of the training images'
 * @property {Float32Array | null} verdicts of the critic, above 0 for real: on the fixed images, then on the pictures; null without one
 * @property {boolean} isFitted the draws are from the normal distribution of the codes rather than the standard one
 * @property {Float32Array | null} codes [n, 2], latents of images; null unless the latent size is two
 *
 * @typedef {object} Creation progress of the command `create`
 * @property {'opening' | 'comparing' | 'networks'} stage
 * @property {number} done
 * @property {number} of
 */

/**
 * Every command: its arguments and its result.
 * @typedef {object} Commands
 * @property {{args: {configs: ModelConfig[]}, result: Measured}} measure parameters, speed and first losses, without a run
 * @property {{args: CreateArgs, result: void}} create makes a run that has taken no step, or continues one from a snapshot; the run
 *   before it is dropped
 * @property {{args: {settings: Partial<RunSettings>}, result: void}} set
 * @property {{args: {isWatched: boolean}, result: void}} watch whether previews are wanted
 * @property {{args: void, result: void}} run takes steps until `halt`
 * @property {{args: void, result: void}} halt takes no step after the current one
 * @property {{args: void, result: void}} step takes one step, and sends its losses and a preview
 * @property {{args: void, result: ExactSnapshot}} snapshot of the current step
 * @property {{args: {snapshot: Snapshot}, result: void}} restore goes back to a snapshot
 * @property {{args: {snapshot?: Snapshot} | void, result: Preview[]}} preview of the current networks, or of a snapshot
 * @property {{args: {snapshot?: Snapshot} | void, result: {step: number, networks: Appraisal[]}}} appraise how closely each network of an
 *   experiment redraws held-out images, at the current step or at an earlier one
 * @property {{args: void, result: void}} components starts to fit principal components to the images that each network sees; steps
 *   continue meanwhile
 * @property {{args: {latent: Float32Array}, result: Uint8ClampedArray[]}} draw decodes one latent with each network, as RGBA
 * @property {{args: SaveArgs, result: {file: Uint8Array<ArrayBuffer>, mean: Float32Array, divergence: Float32Array | null}}} save a network
 *   as a model file, the KL of each dimension if it is variational, and latents
 *   of the first `count` images
 * @property {{args: {file: Uint8Array}, result: number | null}} reference -ELBO of another network, a model file, on the held-out images;
 *   null if the run has none, or the network is not a VAE of the same images and likelihood
 * @property {{args: {ports: MessagePort[]}, result: void}} group shares the following steps with helpers, one for each port, or takes
 *   them alone; until `halt`, and on the CPU only
 * @property {{args: void, result: void}} end drops the run
 * @property {{args: void, result: void}} ping answers as soon as the worker can
 *
 * @typedef {object} CreateArgs
 * @property {RunConfig} config
 * @property {RunSettings} settings
 * @property {Snapshot} [snapshot] where the run continues
 * @property {boolean} [isWatched]
 *
 * @typedef {object} SaveArgs
 * @property {number} which index of the network
 * @property {Precision} precision
 * @property {Card} card
 * @property {number} count
 * @property {Snapshot} [snapshot] of an earlier step
 *
 * @typedef {'f32' | 'f16' | 'i8'} Precision
 */

/**
 * Every event: its detail.
 * @typedef {object} Events
 * @property {Creation} creating
 * @property {{done: number, of: number}} measuring
 * @property {{rows: Float64Array, heldOut?: Float64Array, verdicts?: Float64Array, beta: number}} losses rows of step, then
 *   reconstruction and KL of each network; the same on held-out images, where they have been measured; and for steps against a critic
 *   rows of step, its mean verdicts on images and on drawn pictures, its loss, and how sure it is
 * @property {{previews: Preview[], step: number}} preview
 * @property {ExactSnapshot} snapshot
 * @property {{most: number, threads: number}} running the run takes steps, which up to `most` workers can share; `threads` of its
 *   settings
 * @property {null} resting the run takes no steps, and needs no other worker
 * @property {null} stalled a worker that shares the steps does not answer; the run continues alone
 * @property {{workers: number, alone: number, shared: number}} shared milliseconds of a step alone and by a group of workers; `Infinity`
 *   if unknown
 * @property {Appraisal[]} components how closely held-out images are redrawn from as many components as each network's code has numbers
 * @property {null} reached the run has taken the steps that its settings ask for, and pauses
 * @property {{reason: string}} stopped the run cannot take another step
 */

/** @typedef {keyof Commands} Verb */

/**
 * A command with its verb; `run` is the id of its run, and missing for any run.
 * @template {Verb} V
 * @typedef {{run?: number, verb: V} & (void extends Commands[V]['args'] ? {args?: Commands[V]['args']} : {args: Commands[V]['args']})}
 *   CommandOf
 */

/**
 * @template {Verb} V
 * @typedef {Commands[V]['result']} Result
 */

/** @typedef {{[V in Verb]: CommandOf<V>}[Verb]} Command */

/**
 * @template {Verb} V
 * @typedef {(args: Commands[V]['args'], run?: number) => Result<V> | Promise<Result<V>>} Handler
 */

/** @typedef {{[V in Verb]: Handler<V>}} Handlers */

/** @typedef {{[T in keyof Events]: {type: T, detail: Events[T]}}[keyof Events]} SessionEvent an event before it has the id of its run */

/** @typedef {SessionEvent & {run?: number}} TrainingEvent */

/** @typedef {{lost: import('../failure.js').Failure & {device?: string}}} Loss the worker is gone; `device` unless it was the CPU's */

export {};
