// The preload of `cargo xtask test` (xtask/trace/): it lists the files that a test file reads, and names whatever it cannot trace.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const preload = fileURLToPath(new URL('../../xtask/trace/preload.mjs', import.meta.url));

/** The reason in Node.js before 18.19. */
const NO_HOOKS = 'ran in a Node.js without module hooks';
const hasHooks = 'register' in module;

/** The folder of the traced scripts. */
let home = '';

before(async () => (home = await realpath(await mkdtemp(join(tmpdir(), 'latent-lab-trace-')))));
after(() => rm(home, { recursive: true, force: true }));

/**
 * Runs a script and returns what the preload lists.
 * @param {string} script
 * @param {Record<string, string>} [files] beside it, by name
 * @param {string[]} [options] for node, before the preload
 * @returns {Promise<{read: string[], untraceable: string[]}>} names in the script's folder, without the script; reasons
 */
async function traced(script, files = {}, options = []) {
  const list = join(home, 'list');
  for (const [name, text] of Object.entries({ list: '', 'main.mjs': script, ...files })) {
    await writeFile(join(home, name), text);
  }
  const env = { ...process.env, LATENT_LAB_INPUTS: list, LATENT_LAB_PROGRAMS: '/bin/cat:/usr/bin/xvfb-run' };
  await run(process.execPath, [...options, '--import', preload, join(home, 'main.mjs')], { env, cwd: home });
  const entries = (await readFile(list, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.ok(entries.some(({ tracing }) => tracing));
  const names = entries.flatMap(({ read }) => (read?.startsWith(`${home}/`) ? [read.slice(home.length + 1)] : []));
  const read = [...new Set(names)].filter((name) => !['main.mjs', 'package.json'].includes(name)).sort();
  const reasons = entries.flatMap(({ untraceable }) => untraceable ?? []);
  if (!hasHooks) assert.equal(reasons.shift(), NO_HOOKS);
  return { read, untraceable: reasons };
}

test('static, dynamic, indirect and missing imports are listed, or the reason why they cannot be', async () => {
  const script = `
    import './static.mjs';
    await import('./dynamic.mjs?again');
    await import('./missing.mjs').catch(() => {});
    await import('data:text/javascript,');`;
  const files = { 'static.mjs': `import './deep.mjs';`, 'deep.mjs': '', 'dynamic.mjs': '' };
  const all = ['deep.mjs', 'dynamic.mjs', 'missing.mjs', 'static.mjs'];
  assert.deepEqual(await traced(script, files), { read: hasHooks ? all : [], untraceable: [] });
  const old = `data:text/javascript,import module from 'node:module'; delete module.register; delete module.registerHooks`;
  if (hasHooks) assert.deepEqual((await traced(script, files, ['--import', old])).untraceable, [NO_HOOKS]);
});

test('required scripts are listed with their own requirements, and missing ones with every name that they could have', async () => {
  const script = `
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    require('./script');
    require('fs');
    try { require('./missing.cjs'); } catch {}`;
  const files = { 'script.js': `require('./data.json');`, 'data.json': '1' };
  assert.deepEqual(await traced(script, files), {
    read: ['data.json', 'missing.cjs', 'script', 'script.js', 'script.json', 'script.node'],
    untraceable: [],
  });
});

test('files and folders are listed, whichever function reads them', async () => {
  const script = `
    import fs, { existsSync, readFileSync } from 'node:fs';
    import { open, readdir, readFile, stat } from 'node:fs/promises';
    readFileSync('a');
    await readFile(new URL('b', import.meta.url), 'utf8');
    await new Promise((resolve) => fs.readFile(Buffer.from('c'), resolve));
    await (await open('d')).close();
    await new Promise((resolve) => fs.createReadStream('e').on('close', resolve).resume());
    await fs.promises.access('f');
    existsSync('g');
    await stat('h').catch(() => {});
    await readdir('.');`;
  const files = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, name]));
  const { read, untraceable } = await traced(script, files);
  assert.deepEqual(read, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  assert.deepEqual(untraceable, []);
  assert.match(await readFile(join(home, 'list'), 'utf8'), new RegExp(`"read":"${home}"`));
});

test('a folder that is read recursively is listed with its subfolders', async () => {
  const script = `
    import { mkdir, readdir } from 'node:fs/promises';
    await mkdir('one/two', { recursive: true });
    await readdir('one', { recursive: true });`;
  assert.deepEqual(await traced(script), { read: ['one', 'one/two'], untraceable: [] });
});

test('programs and threads that could read any file are named as untraceable', async () => {
  const start = (/** @type {string} */ call) =>
    traced(`
      import childProcess from 'node:child_process';
      import { promisify } from 'node:util';
      import { Worker } from 'node:worker_threads';
      await ${call};`);
  const cases = {
    "promisify(childProcess.execFile)('true')": 'started true',
    "promisify(childProcess.exec)('true')": 'started /bin/sh',
    "childProcess.execFileSync('true')": 'started true',
    "childProcess.spawnSync('true')": 'started true',
    "new Promise((resolve) => childProcess.spawn('true').on('close', resolve))": 'started true',
    "new Promise((resolve) => childProcess.fork('main.mjs', { execPath: '/bin/true' }).on('close', resolve))":
      'started /bin/true',
    "new Promise((resolve) => new Worker('', { eval: true }).on('exit', resolve))": 'started a thread',
    "promisify(childProcess.execFile)('/usr/bin/xvfb-run', ['-a', 'true']).catch(() => {})": 'started true',
    "promisify(childProcess.execFile)('cat', ['file:///etc/hosts']).catch(() => {})": 'started cat',
  };
  for (const [call, reason] of Object.entries(cases)) {
    assert.deepEqual((await start(call)).untraceable, [reason], call);
  }
});

test('a program that reads only its arguments is traceable, and the arguments are listed', async () => {
  const script = `
    import { execFile } from 'node:child_process';
    import { promisify } from 'node:util';
    await promisify(execFile)('cat', ['a', '--', 'b']);`;
  assert.deepEqual(await traced(script, { a: '', b: '' }), { read: ['a', 'b'], untraceable: [] });
});

test('no test uploads files through a browser, since those could not be traced', async () => {
  const own = new URL('./', import.meta.url);
  const files = (await readdir(own, { recursive: true })).filter((file) => file.endsWith('.mjs'));
  assert.ok(files.length > 80, `${files.length} files`);
  const upload = new RegExp(['upload', 'File|File', 'Chooser|set', 'FileInputFiles'].join(''));
  for (const file of files) assert.doesNotMatch(await readFile(new URL(file, own), 'utf8'), upload, file);
});
