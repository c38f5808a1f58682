/**
 * Chooses the device that a training run computes on. Both devices take the first steps of the run's networks; the run goes
 * to WebGPU if the losses agree and WebGPU is asked for or faster. If WebGPU fails, the training controller gets the event
 * that its worker was lost, and continues from the last snapshot on the CPU.
 *
 * @typedef {import('../../training/protocol.js').Command} Command
 * @typedef {import('../../training/protocol.js').CommandOf<'create'>} CreateCommand
 * @typedef {import('../../training/protocol.js').Creation} Creation
 * @typedef {import('../../training/protocol.js').Measured} Measured
 * @typedef {import('../../training/protocol.js').CreateArgs} CreateArgs
 * @typedef {import('../../training/protocol.js').TrainingEvent} TrainingEvent
 * @typedef {import('../../training/protocol.js').Verb} Verb
 * @typedef {import('../engine-worker.js').Work} Work
 */

import { Failure } from '../../failure.js';
import { pageGpu } from './gpu.js';

/**
 * @template {Verb} V
 * @typedef {import('../../training/protocol.js').CommandOf<V>} CommandOf
 */

/** Largest relative difference of losses that rounding explains: a different order of sums, and a GPU's own exponentials. */
const TOLERANCE = 1e-3;

export class TrainingPlace {
  /** One for the page, since the worker has one run at a time. Each figure is notified of changes. */
  static #shared = /** @type {TrainingPlace | null} */ (null);
  static #figures = /** @type {Set<(device: 'CPU' | 'WebGPU') => void>} */ (new Set());

  /**
   * @param {import('../engine.js').Engine} engine
   * @param {'auto' | 'webgpu' | 'cpu'} choice of the page's first figure that trains
   * @param {(device: 'CPU' | 'WebGPU') => void} tell gets the device of the run
   * @returns {() => void} leaves the place
   */
  static join(engine, choice, tell) {
    TrainingPlace.#figures.add(tell);
    TrainingPlace.#shared ??= new TrainingPlace(engine, choice, (device) =>
      TrainingPlace.#figures.forEach((each) => each(device)),
    );
    return () => {
      TrainingPlace.#figures.delete(tell);
      if (TrainingPlace.#figures.size > 0) return;
      TrainingPlace.#shared?.destroy();
      TrainingPlace.#shared = null;
    };
  }

  /** Changes the device of the page's next runs. @param {'auto' | 'webgpu' | 'cpu'} choice */
  static choose(choice) {
    if (TrainingPlace.#shared) TrainingPlace.#shared.#choice = choice;
  }

  #engine;
  #choice;
  #tell;
  #unsubscribe;
  #told = '';
  #isOnGpu = false;
  /** Id of the run that is being created. @type {number | undefined} */
  #creating;
  /**
   * Comparisons by network configs; null if the GPU could not be used.
   * @type {Map<string, Promise<{cpu: Measured, gpu: Measured} | null>>}
   */
  #compared = new Map();
  /** @type {Map<string, {cpu: Measured, gpu: Measured}>} finished comparisons with equal losses */
  #known = new Map();

  /**
   * @param {import('../engine.js').Engine} engine
   * @param {'auto' | 'webgpu' | 'cpu'} choice
   * @param {(device: 'CPU' | 'WebGPU') => void} tell gets the device of the run
   */
  constructor(engine, choice, tell) {
    this.#engine = engine;
    this.#choice = choice;
    this.#tell = tell;
    this.#unsubscribe = [
      pageGpu.watch(() => this.#checkGpu()),
      pageGpu.listen((event) => this.#receive(event)),
      engine.router.add(this),
    ];
  }

  destroy() {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  /**
   * Decides for the router where a command goes. A run stays where it was created.
   * @param {Work} work
   * @returns {boolean | Promise<boolean>}
   */
  takes({ action, args }) {
    if (action !== 'train') return false;
    const command = /** @type {Command} */ (args);
    if (command.verb === 'create') return this.#takesRun(command);
    return command.verb !== 'measure' && this.#isOnGpu;
  }

  /** @param {CreateCommand} command */
  async #takesRun(command) {
    this.#creating = command.run;
    const goes = await this.#prefersGpu(command.args);
    if (!goes) this.#tellDevice('CPU');
    return goes;
  }

  /**
   * Runs a command on the GPU.
   * @param {Work} work
   * @returns {Promise<unknown>}
   */
  async run(work) {
    const isCreation = /** @type {Command} */ (work.args).verb === 'create';
    try {
      const value = await pageGpu.run(work);
      if (isCreation) this.#isOnGpu = true;
      return value;
    } finally {
      // If the GPU is lost before the run exists there, the controller gets no event: the router has the CPU create the run.
      if (isCreation) this.#tellDevice(this.#isOnGpu ? 'WebGPU' : 'CPU');
    }
  }

  /**
   * After the CPU was measured for a caller, compares the GPU with it, if the GPU is ready.
   * @param {Work} work
   * @param {unknown} value
   */
  cpuHasRun({ action, args }, value) {
    if (action !== 'train') return;
    const command = /** @type {Command} */ (args);
    if (command.verb !== 'measure' || this.#choice !== 'auto' || !pageGpu.isReady || pageGpu.isSoftware) return;
    const { configs } = command.args;
    this.#compare(JSON.stringify(configs), configs, /** @type {Measured} */ (value));
  }

  /**
   * True if a new run goes to the GPU. Ends the previous run on the other device. A run with a critic is for the CPU.
   * @param {CreateArgs} args
   */
  async #prefersGpu({ config: { configs, batch }, settings, snapshot }) {
    const was = this.#isOnGpu;
    this.#isOnGpu = false;
    const key = JSON.stringify(configs);
    const hasCritic = Boolean(settings.critic || snapshot?.critic);
    if (this.#choice === 'webgpu' && !hasCritic) {
      if (!pageGpu.isReady) this.#announceProgress('opening');
      await this.#compare(key, configs, await this.#trainCpu({ verb: 'measure', args: { configs } }));
    }
    const times = pageGpu.isReady && !hasCritic ? this.#known.get(key) : undefined;
    const step = (/** @type {Measured} */ { perStep, perPicture }) => perStep + batch * perPicture;
    // Several workers will share the CPU's steps; only one was measured.
    const gain = await this.#engine.pool.gain(batch);
    const goes = times !== undefined && (this.#choice === 'webgpu' || step(times.gpu) < step(times.cpu) / gain);
    if (goes && !was) await this.#trainCpu({ verb: 'end' });
    if (!goes && was && pageGpu.isReady) await pageGpu.train({ verb: 'end' }).catch(() => {});
    return goes;
  }

  /**
   * @template {Verb} V
   * @param {CommandOf<V>} command
   */
  #trainCpu(command) {
    return this.#engine.train(command, undefined, 'cpu');
  }

  /**
   * @param {string} key
   * @param {import('../types.js').ModelConfig[]} configs
   * @param {Measured} cpu
   */
  async #compare(key, configs, cpu) {
    if (!(await pageGpu.open())) return;
    let comparison = this.#compared.get(key);
    if (!comparison) {
      comparison = pageGpu.train({ verb: 'measure', args: { configs } }).then(
        (gpu) => ({ cpu, gpu }),
        () => null,
      );
      this.#compared.set(key, comparison);
    }
    const times = await comparison;
    if (!times) return void this.#compared.delete(key);
    const differences = times.cpu.losses.map((loss, i) => Math.abs(times.gpu.losses[i] - loss) / Math.abs(loss));
    // Not `>`: a NaN difference means that the results cannot be compared.
    if (!differences.every((share) => share <= TOLERANCE)) {
      pageGpu.fail(new Failure('request', 'its losses differ from those of the CPU'), true);
      return;
    }
    this.#known.set(key, times);
  }

  /**
   * @param {Creation['stage']} stage
   * @param {{done: number, of: number}} [progress]
   */
  #announceProgress(stage, { done, of } = { done: 0, of: 1 }) {
    this.#engine.announce({ run: this.#creating, type: 'creating', detail: { stage, done, of } });
  }

  /** @param {TrainingEvent} event of the GPU's worker */
  #receive(event) {
    if (event.type === 'measuring') return this.#announceProgress('comparing', event.detail);
    if (event.type === 'creating') return this.#engine.announce(event);
    if (!this.#isOnGpu) return;
    // The CPU continues from the last snapshot, and stops too if the cause is not the GPU.
    if (event.type === 'stopped') pageGpu.fail(new Failure('crash', event.detail.reason));
    else this.#engine.announce(event);
  }

  /** @param {'CPU' | 'WebGPU'} device */
  #tellDevice(device) {
    if (this.#told !== device) this.#tell(device);
    this.#told = device;
  }

  /** Goes back to the CPU if the GPU has failed. */
  #checkGpu() {
    if (!this.#isOnGpu || pageGpu.isReady) return;
    this.#isOnGpu = false;
    this.#tellDevice('CPU');
    this.#engine.announce({ lost: Object.assign(new Failure('crash', pageGpu.reason ?? ''), { device: 'WebGPU' }) });
  }
}
