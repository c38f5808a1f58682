/**
 * Types of a training run on the page: its images, and its status as the figure receives it. Used by the training controller and the
 * views of `train`. Only types: no code is loaded.
 */

/**
 * @typedef {object} DataSet
 * @property {import('../../engine/types.js').ImageShape} shape
 * @property {Uint8Array} pixels [n, channels, height, width]
 * @property {Uint8Array | null} labels [n]; null if they are unknown
 * @property {string} name description of the images, for the card of a model
 * @property {boolean} isInk white strokes on black, which are shown as ink on paper
 * @property {import('../input/published.js').Dataset | null} [dataset] dataset of all images, in its own size
 * @property {import('./reference.js').Reference} [reference] missing unless a network of this page decoded the images
 * @property {number} [heldOut] how many of the images, the last ones, are held out (input/held-out.js); missing in earlier versions
 *
 * @typedef {'empty' | 'paused' | 'running' | 'stopped'} Phase
 *
 * @typedef {object} RunStatus
 * @property {Phase} phase
 * @property {boolean} isWaiting the run continues once the figure is on screen again
 * @property {number} step
 * @property {number[][]} curve steps, then reconstruction and KL of each network
 * @property {number[][]} heldOut the same on held-out images, at the steps after which they were measured
 * @property {number[][]} verdicts steps against a critic, then its mean verdicts on images and on drawn pictures, its loss, and how sure
 *   it is
 * @property {number[]} critic steps at which a critic was added, removed and so on
 * @property {number[]} snapshots steps that the run can go back to
 * @property {{steps: number, seconds: number}} rate of the last seconds
 * @property {string} [problem] why the run has stopped, or what happened to its worker
 * @property {string} [unsaved] why a reload would lose the run, which continues regardless
 * @property {string} [creation] progress of a run that is being created
 * @property {import('../protocol.js').Preview[]} [previews] of the networks at the current step
 * @property {import('../protocol.js').Appraisal[]} [components] how closely principal components redraw held-out images
 */

export {};
