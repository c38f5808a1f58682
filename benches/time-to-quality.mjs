/**
 * How long a visitor waits for a good network: seconds until a VAE with two latent numbers, trained on 2,000 digits by the page's engine,
 * has at most 165 nats of -ELBO on 500 digits that it has not seen.
 *
 *     node benches/time-to-quality.mjs ADDRESS [--seeds 1] [--recipes steps,cosine] [--workers 1,2] [--curves]
 *
 * ADDRESS is where the site is served, as `cargo xtask demo` prints it. All runs are in one browser, one after the other. `--curves` prints
 * every measurement.
 */

import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { patience } from './bars.mjs';
import { emptyPage, launch } from './chromium.mjs';
import { mnist, plane, RECIPE } from './training.mjs';

/**
 * @typedef {object} Recipe
 * @property {number} batch
 * @property {number} learningRate the highest
 * @property {import('../www/training/protocol.js').Augmentation} augment
 * @property {number} [fall] the setting of a run: over so many steps it falls to a tenth
 * @property {number} [over] so many steps in which the bench itself lets it fall in steps
 * @property {number} until the run ends after so many
 *
 * @typedef {{seconds: number, step: number, nats: number}} Point
 * @typedef {{recipe: string, workers: number, seed: number, reached: Point | null, last: Point, curve: Point[]}} Run
 */

/** The network: a variational one, as its type has it. */
const config = /** @type {import('../www/engine/types.js').ModelConfig} */ (plane);

/** In nats. */
const AIM = 165;

/** Steps over which the learning rate of `cosine` falls. */
const FALL = 1_000;

const NONE = { flip: false, rotate: 0, shift: 0, zoom: 0 };

/** @type {Record<string, Recipe>} */
const RECIPES = {
  // That of `training.mjs`: there the learning rate falls within half a minute, in which one worker takes about so many steps.
  steps: { ...RECIPE, over: 3_800, until: 2_200 },
  // The learning rate that the preset `plane` had before it fell.
  constant: { batch: 16, learningRate: 0.004, augment: NONE, until: 2_000 },
  cosine: { batch: 16, learningRate: 0.016, augment: NONE, fall: FALL, until: FALL },
};

/**
 * @param {{address: string, seeds: number[], recipes: string[], workers: number[]}} options
 * @returns {Promise<Run[]>}
 */
export async function timeToQuality({ address, seeds, recipes, workers }) {
  const browser = await launch();
  try {
    const page = await emptyPage(browser, address);
    const digits = mnist();
    if (!digits) throw new Error('MNIST is not in $LATENT_LAB_DATA');
    const data = await page.evaluateHandle((data) => data, digits);
    const runs = [];
    for (const seed of seeds) {
      for (const recipe of recipes) {
        for (const count of workers) {
          const task = { config, recipe: RECIPES[recipe], workers: count, seed };
          const curve = await page.evaluate(learn, task, data);
          const reached = curve.find(({ nats }) => nats <= AIM) ?? null;
          runs.push({ recipe, workers: count, seed, reached, last: curve[curve.length - 1], curve });
        }
      }
    }
    return runs;
  } finally {
    await browser.close();
  }
}

/**
 * In the page: -ELBO of a run's snapshots. They are measured after the run, which has both processors to itself until then.
 * @param {{config: import('../www/engine/types.js').ModelConfig, recipe: Recipe, workers: number, seed: number}} task
 * @param {{pixels: number[], heldOut: number[]}} data
 * @returns {Promise<Point[]>}
 */
async function learn({ config, recipe, workers, seed }, { pixels, heldOut }) {
  const from = (/** @type {string} */ path) => import(path);
  const [{ Engine }, { Meter }, { Network }, { Pacer }, glue] = await Promise.all([
    from('/engine/engine.js'),
    from('/training/worker/held-out.js'),
    from('/training/worker/network.js'),
    from('/training/worker/pacer.js'),
    from('/pkg/training-relaxed/latent_lab.js'),
  ]);
  await glue.default({ module_or_path: '/pkg/training-relaxed/latent_lab_bg.wasm' });

  const { batch, augment, fall, over, until } = recipe;
  const rateAt = (/** @type {number} */ step) => {
    const done = over ? Math.min(1, step / over) : 0;
    return recipe.learningRate * (done < 0.5 ? 1 : done < 0.75 ? 0.4 : done < 0.9 ? 0.12 : 0.03);
  };
  const engine = new Engine();
  engine.acquire();
  let shared = 1;
  engine.pool.watch((/** @type {number} */ now) => (shared = Math.max(shared, now)));
  const run = 1;
  /** @type {{seconds: number, step: number, state: Float32Array}[]} */
  const snapshots = [];
  const plan = { configs: [config], seed, batch, augment, pixels: Uint8Array.from(pixels), copies: 1 };
  const settings = { beta: 1, learningRate: rateAt(0), fall, pace: 1, threads: workers, until };
  await engine.train({ verb: 'create', run, args: { config: plan, settings } });
  const start = performance.now();
  const stopped = await new Promise((resolve) => {
    let rate = settings.learningRate;
    engine.listen((/** @type {any} */ { type, detail }) => {
      if (type === 'stopped') resolve(detail.reason);
      if (type === 'reached') resolve('');
      if (type === 'snapshot') {
        snapshots.push({ seconds: (performance.now() - start) / 1000, step: detail.step, state: detail.states[0] });
      }
      if (type !== 'losses') return;
      const wanted = rateAt(detail.rows[detail.rows.length - 3]);
      if (wanted !== rate) engine.train({ verb: 'set', run, args: { settings: { learningRate: wanted } } });
      rate = wanted;
    });
    engine.train({ verb: 'run', run });
  });
  await engine.train({ verb: 'end', run });
  engine.pool.stop();
  engine.release();
  if (stopped) throw new Error(stopped);
  if (workers !== shared) throw new Error(`${shared} workers in place of ${workers}`);

  const viewer = await glue.Trainer.create(config, { seed, batch });
  const [meter, network, pacer] = [new Meter(glue), new Network(viewer), new Pacer()];
  const held = { configs: [config], seed: 7, heldOut: Uint8Array.from(heldOut) };
  const curve = [];
  for (const { seconds, step, state } of snapshots.filter((each, i) => each.step > (snapshots[i - 1]?.step ?? 0))) {
    await viewer.restore(state, step);
    const [, reconstruction, kl] = await meter.measure(step, [network], held, pacer);
    curve.push({ seconds, step, nats: reconstruction + kl });
  }
  viewer.free();
  return curve;
}

/** @param {Run[]} runs */
function print(runs) {
  console.log(
    `| learning rate | workers | seed | steps to ${AIM} nats | seconds to ${AIM} nats | steps | seconds | nats |`,
  );
  console.log('| --- | --: | --: | --: | --: | --: | --: | --: |');
  for (const { recipe, workers, seed, reached, last } of runs) {
    const [steps, seconds] = reached ? [reached.step, reached.seconds.toFixed(1)] : ['–', '–'];
    const end = `${last.step} | ${last.seconds.toFixed(1)} | ${last.nats.toFixed(1)}`;
    console.log(`| ${recipe} | ${workers} | ${seed} | ${steps} | ${seconds} | ${end} |`);
  }
  for (const { recipe, workers, seed, reached } of runs) {
    const before = runs.find((run) => run.recipe === 'steps' && run.workers === 1 && run.seed === seed)?.reached;
    if (recipe !== 'cosine' || workers !== 2 || !before || !reached) continue;
    const { name, value, bar, unit, met } = patience(reached.seconds, before.seconds);
    console.log(`${name}: ${value.toFixed(2)} ${unit} (bar ${bar}, ${met ? 'met' : 'NOT MET'}; seed ${seed})`);
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const list = (/** @type {string} */ text) => text.split(',');
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '1' },
      recipes: { type: 'string', default: 'steps,cosine' },
      workers: { type: 'string', default: '1,2' },
      curves: { type: 'boolean', default: false },
    },
  });
  const runs = await timeToQuality({
    address: positionals[0],
    seeds: list(values.seeds).map(Number),
    recipes: list(values.recipes),
    workers: list(values.workers).map(Number),
  });
  print(runs);
  if (values.curves) {
    for (const { recipe, workers, curve } of runs) {
      console.log(
        recipe,
        workers,
        curve.map(({ seconds, step, nats }) => `${seconds.toFixed(1)} s ${step}: ${nats.toFixed(1)}`).join(', '),
      );
    }
  }
}
