/**
 * Answers questions about the networks of a run, as they train or at an earlier snapshot: what they draw, how closely they redraw
 * held-out images, their model files. The session passes commands to it. It must not change the run.
 */

import { appraise, appraiseComponents } from './appraisal.js';
import { referenceOf } from './held-out.js';
import { previewsOf } from './previews.js';
import { save } from './save.js';

/**
 * @typedef {import('../protocol.js').Bindings} Bindings
 * @typedef {import('../protocol.js').RunConfig} RunConfig
 * @typedef {import('../protocol.js').SaveArgs} SaveArgs
 * @typedef {import('../protocol.js').SessionEvent} SessionEvent
 * @typedef {{snapshot?: import('../protocol.js').Snapshot}} At the current step without a snapshot
 *
 * @typedef {object} Services of the session
 * @property {import('./pacer.js').Pacer} pacer lets other requests in
 * @property {<T>(work: () => Promise<T>) => Promise<T>} exclusive does work while the networks take no step
 * @property {(event: SessionEvent) => void} emit
 */

export class Answers {
  #bindings;
  #run;
  #services;
  /** The run whose images components are being fitted to. @type {RunConfig | null} */
  #fitted = null;

  /**
   * @param {Bindings} bindings
   * @param {import('./run.js').Run} run
   * @param {Services} services
   */
  constructor(bindings, run, services) {
    this.#bindings = bindings;
    this.#run = run;
    this.#services = services;
  }

  /** @param {At | void} args */
  preview(args) {
    return this.#services.exclusive(() => this.previews(args?.snapshot));
  }

  /** Previews of all networks, for the session, which ensures that they take no step meanwhile. @param {At['snapshot']} [snapshot] */
  async previews(snapshot) {
    const { networks, criticSteps } = await this.#run.at(snapshot);
    return previewsOf(this.#bindings, networks, this.#run.need(), criticSteps, this.#services.pacer);
  }

  /**
   * How closely each network of an experiment redraws held-out images.
   * @param {At | void} args
   */
  appraise(args) {
    const { exclusive, pacer } = this.#services;
    return exclusive(async () => {
      const config = this.#run.need();
      const { networks, step } = await this.#run.at(args?.snapshot);
      const all = [];
      for (const [i, network] of networks.entries()) {
        all.push(await network.with((model) => appraise(this.#bindings, model, { config, network: i }, pacer)));
      }
      return { step, networks: all };
    });
  }

  /** Starts to fit principal components, unless that is in progress; an event has the result. */
  components() {
    const { emit, pacer } = this.#services;
    const config = this.#run.need();
    if (this.#fitted === config) return;
    this.#fitted = config;
    const isStale = () => this.#run.config !== config;
    appraiseComponents(this.#bindings, config, pacer, isStale).then((detail) => {
      this.#fitted = null;
      if (detail) emit({ type: 'components', detail });
    });
  }

  /**
   * Decodes one latent with each network. The second network may already be a step ahead of the first.
   * @param {{latent: Float32Array}} args
   * @returns {Promise<Uint8ClampedArray[]>} RGBA
   */
  draw({ latent }) {
    return Promise.all(
      this.#run.networks.map((network) => network.with(async (model) => (await model.decodeImages(latent)).data)),
    );
  }

  /**
   * A network as a model file, and latents of training images beside it.
   * @param {SaveArgs} args
   */
  save({ snapshot, ...args }) {
    const { exclusive, pacer } = this.#services;
    return exclusive(async () => {
      const config = this.#run.need();
      const { networks, criticSteps } = await this.#run.at(snapshot);
      const isFitted = args.which === 0 && criticSteps.length > 0;
      return save(this.#bindings, networks[args.which], config, { ...args, isFitted }, pacer);
    });
  }

  /** -ELBO of another network on the run's held-out images. @param {{file: Uint8Array}} args */
  reference({ file }) {
    const { exclusive, pacer } = this.#services;
    return exclusive(() => referenceOf(this.#bindings, file, this.#run.need(), pacer));
  }
}
