import { Failure } from '../../failure.js';
import { pageGpu } from './gpu.js';

/**
 * Decides where a training run computes. Both devices take the first steps of the run's networks; if WebGPU has the same losses, and was
 * asked for or is faster, the run goes there. When it fails, the training controller is told that its worker was lost, and continues
 * from its last snapshot on the CPU.
 *
 * @typedef {import('../../training/protocol.js').Command} Command
 * @typedef {import('../../training/protocol.js').CommandOf<'create'>} CreateCommand
 * @typedef {import('../../training/protocol.js').Creation} Creation
 * @typedef {import('../../training/protocol.js').Measured} Measured
 * @typedef {import('../../training/protocol.js').RunConfig} RunConfig
 * @typedef {import('../../training/protocol.js').TrainingEvent} TrainingEvent
 * @typedef {import('../../training/protocol.js').Verb} Verb
 */

/**
 * @template {Verb} V
 * @typedef {import('../../training/protocol.js').CommandOf<V>} CommandOf
 */

/**
 * @template {Verb} V
 * @typedef {import('../../training/protocol.js').Result<V>} Result
 */

/** @typedef {<V extends Verb>(command: CommandOf<V>) => Promise<Result<V>>} Here gives a command to the CPU's worker */
/** @typedef {<V extends Verb>(command: CommandOf<V>, here: Here) => Promise<Result<V>>} Trainer */

/** Losses may differ by this share: sums in another order, and a GPU's own exponentials. More is not rounding. */
const TOLERANCE = 1e-3;

export class TrainingPlace {
  /** The worker has one run at a time, whichever figure it is of: so there is one place for the page, and each figure hears of it. */
  static #shared = /** @type {TrainingPlace | null} */ (null);
  static #figures = /** @type {Set<(device: 'CPU' | 'WebGPU') => void>} */ (new Set());

  /**
   * @param {import('../engine.js').Engine} engine
   * @param {'auto' | 'webgpu' | 'cpu'} choice of the page's first figure that trains
   * @param {(device: 'CPU' | 'WebGPU') => void} tell where the run is now
   * @returns {() => void} leaves it
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

  #engine;
  #choice;
  #tell;
  #deafen;
  #said = '';
  #isOnGpu = false;
  /** The run that is being made. @type {number | undefined} */
  #creating;
  /**
   * What both took for the same networks, by config; null where the GPU is not to be had. @type {Map<string, Promise<{cpu: Measured, gpu:
   * Measured} | null>>}
   */
  #compared = new Map();
  /** @type {Map<string, {cpu: Measured, gpu: Measured}>} comparisons that are over */
  #known = new Map();

  /**
   * @param {import('../engine.js').Engine} engine
   * @param {'auto' | 'webgpu' | 'cpu'} choice
   * @param {(device: 'CPU' | 'WebGPU') => void} tell where the run is now
   */
  constructor(engine, choice, tell) {
    this.#engine = engine;
    this.#choice = choice;
    this.#tell = tell;
    this.#deafen = [pageGpu.watch(() => this.#look()), pageGpu.listen((event) => this.#hear(event))];
    engine.trainer = /** @type {Trainer} */ ((command, here) => this.#train(/** @type {Command} */ (command), here));
  }

  destroy() {
    for (const deafen of this.#deafen) deafen();
    this.#engine.trainer = null;
  }

  /**
   * @param {Command} command
   * @param {Here} here
   * @returns {Promise<unknown>}
   */
  async #train(command, here) {
    if (command.verb === 'measure') return this.#measure(command.args, here);
    if (command.verb === 'create') return this.#create(command, here);
    return this.#isOnGpu ? pageGpu.train(command) : here(command);
  }

  /**
   * @param {CreateCommand} command
   * @param {Here} here
   */
  async #create(command, here) {
    this.#creating = command.run;
    if (await this.#isBetter(command.args.config, here)) {
      // Until it is there, nobody need hear that it was lost.
      const created = await pageGpu.train(command).then(
        () => true,
        () => false,
      );
      this.#isOnGpu = created;
    }
    this.#say(this.#isOnGpu ? 'WebGPU' : 'CPU');
    if (!this.#isOnGpu) return here(command);
  }

  /**
   * Whether a new run goes to the GPU. The run before goes away.
   * @param {RunConfig} config
   * @param {Here} here
   */
  async #isBetter({ configs, batch }, here) {
    const was = this.#isOnGpu;
    this.#isOnGpu = false;
    const key = JSON.stringify(configs);
    if (this.#choice === 'webgpu') {
      if (!pageGpu.ready) this.#tellCreation('opening');
      await this.#compare(key, configs, await here({ verb: 'measure', args: { configs } }));
    }
    const times = pageGpu.ready ? this.#known.get(key) : undefined;
    const step = (/** @type {Measured} */ { perStep, perPicture }) => perStep + batch * perPicture;
    const goes = times !== undefined && (this.#choice === 'webgpu' || step(times.gpu) < step(times.cpu));
    if (goes && !was) await here({ verb: 'end' });
    if (!goes && was && pageGpu.ready) await pageGpu.train({ verb: 'end' }).catch(() => {});
    return goes;
  }

  /**
   * What the CPU takes, at once; what the GPU takes is found out meanwhile.
   * @param {{configs: import('../engine.js').ModelConfig[]}} args
   * @param {Here} here
   */
  async #measure({ configs }, here) {
    const cpu = await here({ verb: 'measure', args: { configs } });
    const isWorthwhile = this.#choice === 'auto' && pageGpu.ready && !pageGpu.software;
    if (isWorthwhile) this.#compare(JSON.stringify(configs), configs, cpu);
    return cpu;
  }

  /**
   * @param {string} key
   * @param {import('../engine.js').ModelConfig[]} configs
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
    const apart = times.cpu.losses.map((loss, i) => Math.abs(times.gpu.losses[i] - loss) / Math.abs(loss));
    // Not `>`: a difference that is no number is none to be trusted.
    if (!apart.every((share) => share <= TOLERANCE)) {
      pageGpu.fail(new Failure('request', 'it comes to other losses than the CPU'), true);
      return;
    }
    this.#known.set(key, times);
  }

  /**
   * @param {Creation['stage']} stage
   * @param {{done: number, of: number}} [progress]
   */
  #tellCreation(stage, { done, of } = { done: 0, of: 1 }) {
    this.#engine.announce({ run: this.#creating, type: 'creating', detail: { stage, done, of } });
  }

  /** @param {TrainingEvent} event of the GPU's worker */
  #hear(event) {
    if (event.type === 'measuring') return this.#tellCreation('comparing', event.detail);
    if (event.type === 'creating') return this.#engine.announce(event);
    if (!this.#isOnGpu) return;
    // The CPU continues from the last snapshot, and stops too if the cause is not the GPU.
    if (event.type === 'stopped') pageGpu.fail(new Failure('crash', event.detail.reason));
    else this.#engine.announce(event);
  }

  /** @param {'CPU' | 'WebGPU'} device */
  #say(device) {
    if (this.#said !== device) this.#tell(device);
    this.#said = device;
  }

  /** The GPU's state has changed. */
  #look() {
    if (!this.#isOnGpu || pageGpu.ready) return;
    this.#isOnGpu = false;
    this.#say('CPU');
    this.#engine.announce({ lost: Object.assign(new Failure('crash', pageGpu.why ?? ''), { device: 'WebGPU' }) });
  }
}
