// Runs in the page: a training run whose steps several workers share, through the page's engine.

/**
 * Takes steps with each number of workers in turn, with interruptions where requested.
 * @param {{stages: {threads: number, loss?: 'crash' | 'silence', reload?: boolean}[], steps: number, pace?: number}} task each stage
 *   takes at least `steps` steps with its number of workers; `loss` of a helper in its middle; with `reload` a new engine continues
 *   from the last snapshot
 * @returns {Promise<{losses: number[][], workers: number[]}>} reconstruction and KL of both networks at each step; how many workers
 *   shared the steps of each stage
 */
export async function shareInBrowser({ stages, steps, pace = 0.1 }) {
  const { Engine } = await import('/engine/engine.js');
  const made = [];
  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(...args) {
      super(...args);
      made.push(this);
    }
  };
  const until = async (condition, what) => {
    for (const end = Date.now() + 60_000; !condition(); await new Promise((resolve) => setTimeout(resolve, 5))) {
      if (Date.now() > end) throw new Error(`timed out waiting for ${what}`);
    }
  };
  const image = { channels: 1, height: 12, width: 12 };
  const layers = [8, 16].map((filters) => ({ filters, kernel: 3, stride: 2 }));
  const both = ['variational', 'autoencoder'];
  const pixels = Uint8Array.from({ length: 140 * 144 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  const augment = { flip: true, rotate: 5, shift: 0, zoom: 0 };
  const configs = both.map((kind) => ({ image, layers, latent: 3, kind, likelihood: 'bernoulli' }));
  const config = { configs, seed: 5, batch: 66, augment, pixels, copies: 1 };
  const losses = [];
  const workers = [];
  let engine = null;
  let snapshot;
  let run = 0;
  const open = async (threads) => {
    engine = new Engine();
    engine.acquire();
    engine.listen((event) => {
      if (event.type !== 'losses') return;
      const { rows } = event.detail;
      for (let i = 0; i < rows.length; i += 5) losses[rows[i] - 1] = [...rows.slice(i + 1, i + 5)];
    });
    const settings = { beta: 1, learningRate: 0.01, pace, threads };
    run += 1;
    await engine.train({ verb: 'create', run, args: { config, settings, snapshot, isWatched: false } });
  };
  try {
    for (const { threads, loss, reload } of stages) {
      if (engine && reload) {
        engine.release();
        engine = null;
      }
      if (!engine) await open(threads);
      else await engine.train({ verb: 'set', run, args: { settings: { threads } } });
      const known = made.length;
      await engine.train({ verb: 'run', run });
      await until(() => engine.pool.workers === threads, `${threads} workers`);
      workers.push(engine.pool.workers);
      let goal = losses.length + steps;
      await until(() => losses.length >= goal, `step ${goal}`);
      if (loss) {
        const helper = made.slice(known).at(-1) ?? made.at(-1);
        helper.terminate();
        if (loss === 'crash') helper.dispatchEvent(new MessageEvent('message', { data: { crash: 'a test' } }));
        goal = losses.length + steps;
        await until(() => losses.length >= goal, `step ${goal} after the loss`);
        await until(() => engine.pool.workers === threads, `${threads} workers again`);
      }
      await engine.train({ verb: 'halt', run });
      snapshot = await engine.train({ verb: 'snapshot', run });
    }
    engine.release();
  } finally {
    globalThis.Worker = Original;
  }
  return { losses, workers };
}
