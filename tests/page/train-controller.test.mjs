// The page's side of training runs, with a fake worker: which events are used, and how runs survive the loss of the worker.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

globalThis.document = Object.assign(new EventTarget(), { hidden: false });
globalThis.addEventListener = () => {};
globalThis.removeEventListener = () => {};
// A controller that keeps watching its worker must not keep the tests from ending.
const { setInterval: original } = globalThis;
globalThis.setInterval = (...args) => original(...args).unref();

const { Failure } = await import('../../www/failure.js');
const { TrainingController } = await import('../../www/training/page/controller.js');
const { defaults } = await import('../../www/training/page/settings.js');

/** A fake worker with one run at a time. It is lost at a command for which `crash` returns true. */
class FakeEngine {
  /** @type {import('../../www/training/protocol.js').Command[]} */
  commands = [];
  /** @type {Set<(event: object) => void>} */
  listeners = new Set();
  step = 0;
  /** The critic in the snapshots that it returns. */
  critic = undefined;
  crash = () => false;

  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(event) {
    for (const listener of [...this.listeners]) listener(event);
  }

  lose(failure) {
    this.run = undefined;
    this.tell({ lost: failure });
  }

  async train({ run, verb, args }) {
    this.commands.push({ run, verb, args });
    await null;
    if (this.crash(verb)) {
      const failure = new Failure('crash', 'made up');
      this.lose(failure);
      throw failure;
    }
    if (verb === 'create') {
      this.run = run;
      this.step = args.snapshot?.step ?? 0;
    } else if (run !== this.run) throw new Error(`a command to run ${run}, the worker has ${this.run}`);
    if (verb === 'restore') this.step = args.snapshot.step;
    if (verb === 'snapshot') {
      return { step: this.step, states: [new Float32Array(3)], ...(this.critic && { critic: this.critic }) };
    }
    if (verb === 'preview') return [];
  }

  /** Reports that the run has taken a number of steps. */
  steps(count, run = this.run) {
    const rows = Array.from({ length: count }, (_, i) => [this.step + i + 1, 10, 1]).flat();
    this.step += count;
    this.tell({ run, type: 'losses', detail: { rows: Float64Array.from(rows), beta: 1 } });
  }

  snapshot() {
    this.tell({ run: this.run, type: 'snapshot', detail: { step: this.step, states: [new Float32Array(3)] } });
  }
}

let engine;
beforeEach(() => (engine = new FakeEngine()));

/** A figure's controller, and the last status that it reported. */
async function begun(name) {
  const said = {};
  const controller = new TrainingController(engine, (status) => Object.assign(said, status), name);
  await controller.begin({
    settings: { ...defaults(), kind: 'variational' },
    data: { shape: { channels: 1, height: 8, width: 8 }, pixels: new Uint8Array(64), labels: null, name, isInk: true },
  });
  return { controller, said };
}

const verbs = () => engine.commands.map(({ verb }) => verb);

test('each controller gets only the events of its own run, and none of an ended run', async () => {
  const first = await begun('first');
  await first.controller.run();
  const stale = engine.run;
  engine.steps(3);
  assert.equal(first.said.step, 3);
  const second = await begun('second');
  assert.equal(first.said.phase, 'paused');
  await second.controller.run();
  engine.steps(2);
  engine.steps(1, stale);
  assert.deepEqual(second.said.curve[0], [1, 2]);
  assert.equal(second.said.phase, 'running');
  assert.deepEqual(first.said.curve[0], [1, 2, 3, 3]);
  await first.controller.run();
  assert.equal(second.said.phase, 'paused');
  assert.equal(engine.commands.filter(({ verb }) => verb === 'create').at(-1).args.snapshot.step, 3);
  engine.steps(1, stale);
  assert.equal(first.said.curve[0].length, 4, 'an event from before the run was created again is ignored');
});

test('a run that loses its worker continues from its last snapshot, and its curve is cut there', async () => {
  const { controller, said } = await begun('lost');
  await controller.run();
  engine.steps(5);
  engine.snapshot();
  engine.steps(4);
  engine.lose(new Failure('crash', 'unreachable'));
  assert.deepEqual(said.curve[0], [1, 2, 3, 4, 5]);
  assert.equal(said.problem, 'The worker was lost (unreachable). The run continues from step 5.');
  await settled();
  assert.equal(said.phase, 'running');
  assert.deepEqual(verbs().slice(-2), ['create', 'run']);
  assert.equal(engine.commands.at(-2).args.snapshot.step, 5);
});

test('the message about a lost GPU calls it a GPU', async () => {
  const { controller, said } = await begun('gpu');
  await controller.run();
  engine.steps(2);
  engine.lose(Object.assign(new Failure('crash', 'it did not answer'), { device: 'WebGPU' }));
  assert.equal(said.problem, 'The GPU failed (it did not answer). The run continues from step 0 on the CPU.');
  await settled();
  assert.equal(said.phase, 'running');
});

test('after several losses of the worker in a row, the run pauses until the reader continues it', async () => {
  const { controller, said } = await begun('hopeless');
  await controller.run();
  engine.steps(2);
  engine.snapshot();
  for (let i = 0; i < 4; i++) {
    assert.equal(said.phase, 'running', `after ${i}`);
    engine.lose(new Failure('crash', 'unreachable'));
    await settled();
  }
  assert.equal(said.phase, 'paused');
  assert.equal(said.problem, 'The worker was lost (unreachable). The run is kept at step 2; “Continue” tries again.');
  await controller.run();
  assert.equal(said.phase, 'running');
  assert.equal(said.problem, undefined);
});

test('losses of the worker with progress between them are not added up', async () => {
  const { controller, said } = await begun('now and then');
  await controller.run();
  for (let i = 0; i < 10; i++) {
    engine.steps(2);
    engine.snapshot();
    engine.lose(new Failure('crash', 'unreachable'));
    await settled();
    assert.equal(said.phase, 'running');
  }
});

test('a run survives a worker that is lost while the run is created or during a command', async () => {
  for (const lost of ['create', 'snapshot', 'run', 'halt', 'step']) {
    engine = new FakeEngine();
    let crashes = 1;
    engine.crash = (verb) => verb === lost && crashes-- > 0;
    const { controller, said } = await begun(lost);
    await controller.step();
    await controller.run();
    await controller.pause();
    await settled();
    assert.equal(crashes < 1, true, lost);
    assert.equal(said.phase, 'paused', lost);
    await controller.run();
    assert.equal(said.phase, 'running', lost);
  }
});

test('a worker that cannot be started is reported, and the run waits', async () => {
  const { controller, said } = await begun('blocked');
  await controller.run();
  engine.lose(new Failure('worker', 'it gave no sign of life'));
  await settled();
  assert.equal(said.phase, 'paused');
  assert.match(said.problem, /it gave no sign of life.*“Continue” tries again/);
});

test('removing a figure does not disturb the run of another', async () => {
  const first = await begun('leaves');
  const second = await begun('stays');
  await second.controller.run();
  await first.controller.disconnect();
  await first.controller.reconnect();
  await first.controller.watch({ isNear: true });
  await first.controller
    .draw({ latent: new Float32Array(2) })
    .then(assert.fail, (error) => assert.equal(error.name, 'AbortError'));
  engine.steps(1);
  assert.deepEqual([second.said.phase, second.said.step], ['running', 1]);
});

/** Waits until work that the controller started by itself has finished. */
function settled() {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

test('adding or removing a critic creates the run again from its last step, and a running run keeps running', async () => {
  const { controller, said } = await begun('critic');
  await controller.run();
  engine.steps(7);
  await controller.toggleCritic();
  const created = () => engine.commands.filter(({ verb }) => verb === 'create').at(-1).args.snapshot;
  assert.deepEqual([created().step, created().critic.steps], [7, [7]]);
  assert.equal(said.phase, 'running');
  engine.steps(2);
  engine.critic = { steps: [7], states: [new Float32Array(3)], rest: new Float32Array(1) };
  await controller.pause();
  assert.deepEqual(said.critic, [7]);
  await controller.toggleCritic();
  assert.deepEqual([created().step, created().critic], [9, { steps: [7, 9] }], 'the states of the critic are omitted');
  assert.equal(said.phase, 'paused');
});

test('if a critic cannot be created, the run is unchanged', async () => {
  const { controller, said } = await begun('no critic');
  await controller.run();
  engine.steps(3);
  const { train } = FakeEngine.prototype;
  engine.train = async function (command) {
    if (command.args?.snapshot?.critic) throw new Error('no memory');
    return train.call(this, command);
  };
  await assert.rejects(controller.toggleCritic(), /no memory/);
  await controller.step();
  assert.deepEqual(said.critic, []);
  assert.equal(engine.commands.filter(({ verb }) => verb === 'create').at(-1).args.snapshot.step, 3);
});
