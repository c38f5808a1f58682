// The npm package, installed from its tarball, works with a bundler, in the bundler's development server, and without one. Its types
// match the element.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build, createServer as createVite } from 'vite';

import { KINDS, openChromium, visit } from './support/browser.mjs';
import { assertGoldenStrip, tarball } from './support/dist.mjs';
import { freePort } from './support/webkit.mjs';
import { complaintsOfTypes } from './support/tsc.mjs';

const run = promisify(execFile);
const example = fileURLToPath(new URL('../../examples/vite/', import.meta.url));

let browser;
let home;
let installed;
before(async () => {
  browser = await openChromium();
  home = await mkdtemp(join(tmpdir(), 'latent-lab-vite-'));
  await cp(example, home, { recursive: true, filter: (path) => !/node_modules|dist$/.test(path) });
  const file = fileURLToPath(await tarball());
  // Only the package is installed: it has no dependencies, and Vite is the workspace's. If Vite were listed, npm would look it up.
  const description = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  await writeFile(join(home, 'package.json'), JSON.stringify({ ...description, devDependencies: {} }));
  const arguments_ = ['install', '--offline', '--no-package-lock', '--no-audit', '--no-fund', file];
  await run('npm', arguments_, { cwd: home });
  installed = join(home, 'node_modules/latent-lab');
});
after(async () => {
  await browser?.close();
  await rm(home, { recursive: true, force: true });
});

/** Serves the files of a folder, and records missing ones. */
async function serve(folder) {
  const types = {
    html: 'text/html',
    js: 'text/javascript',
    css: 'text/css',
    json: 'application/json',
    wasm: 'application/wasm',
  };
  const missing = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    const body = await readFile(join(folder, path)).catch(() => null);
    if (!body) missing.push(path);
    const type = types[path.split('.').pop()] ?? 'application/octet-stream';
    response.writeHead(body ? 200 : 404, { 'Content-Type': type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => (server.closeAllConnections(), server.close());
  return { address: `http://127.0.0.1:${server.address().port}/`, missing, close };
}

/** Opens a page with the example's figure, whose pictures must be the golden ones, and adds all other figures, which must become ready. */
async function assertWorks(address) {
  const seen = await visit(browser, { from: address });
  await assertGoldenStrip(seen.figure('morph'));
  const others = KINDS.filter((kind) => kind !== 'morph');
  await seen.page.evaluate((names) => {
    for (const name of names) {
      const figure = document.createElement('latent-lab');
      figure.setAttribute('figure', name);
      document.body.append(figure);
    }
  }, others);
  for (const name of others) await seen.figure(name).ready();
  assert.deepEqual(seen.complaints, []);
  await seen.close();
}

test('the example built by Vite shows the golden pictures', async () => {
  const warnings = [];
  const customLogger = {
    ...Object.fromEntries(['info', 'clearScreen'].map((name) => [name, () => {}])),
    ...Object.fromEntries(['warn', 'warnOnce', 'error'].map((name) => [name, (message) => warnings.push(message)])),
    hasErrorLogged: () => false,
    hasWarned: false,
  };
  await build({ root: home, customLogger });
  assert.deepEqual(warnings, []);
  const server = await serve(join(home, 'dist'));
  await assertWorks(server.address);
  assert.deepEqual(server.missing, []);
  server.close();
});

test('Vite’s development server shows the golden pictures', async () => {
  // The server writes its port into its pages, so the port must be known beforehand.
  const port = await freePort();
  const server = await createVite({ root: home, logLevel: 'silent', server: { port, host: '127.0.0.1' } });
  await server.listen();
  await assertWorks(`http://127.0.0.1:${port}/`);
  await server.close();
});

test('the package served without a bundler shows the golden pictures', async () => {
  const page = (await readFile(join(home, 'index.html'), 'utf8')).replace('/main.js', './latent-lab/latent-lab.js');
  const folder = join(home, 'node_modules');
  await writeFile(join(folder, 'index.html'), page);
  const server = await serve(folder);
  await assertWorks(server.address);
  assert.deepEqual(server.missing, []);
  server.close();
});

test('importing the package on a server has no effects, in Node.js and through Vite', async () => {
  const script = `for (const name of ['latent-lab', 'latent-lab/element.js', 'latent-lab/react', 'latent-lab/preact']) await import(name);`;
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: home });
  assert.equal(stdout + stderr, '');
  const server = await createVite({
    root: home,
    logLevel: 'silent',
    server: { middlewareMode: true },
    appType: 'custom',
  });
  const { LatentLabElement } = await server.ssrLoadModule('latent-lab');
  assert.ok(LatentLabElement.observedAttributes.includes('figure'));
  await server.close();
});

test('the package contains exactly its declared files, and its types match the element', async () => {
  const { files, exports } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const always = ['package.json', 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE'];
  for (const name of await readdir(installed)) {
    const named =
      files.includes(name) ||
      files.includes(name.replace(/^[^.]*(?=\.)/, '*')) ||
      files.includes(`*.${name.split('.').slice(1).join('.')}`);
    assert.ok(named || always.includes(name), `${name} is among the files of package.json`);
  }
  const folders = files.filter((name) => !name.includes('.'));
  assert.ok(folders.length > 5);
  for (const name of folders) assert.ok((await readdir(join(installed, name))).length > 0, name);
  for (const { types, default: script } of [exports['.'], exports['./element.js']]) {
    for (const file of [types, script]) await readFile(join(installed, file));
  }
  const user = `import { LatentLabElement } from 'latent-lab/element.js';
    import { LatentLabElement as Same } from 'latent-lab';
    const figure: LatentLabElement = new Same();
    const status: 'idle' | 'loading' | 'ready' | 'error' = figure.status;
    // @ts-expect-error it is read-only
    figure.status = status;
    // @ts-expect-error there is no such property
    figure.statsu;`;
  await writeFile(join(home, 'user.ts'), user);
  assert.equal(await complaintsOfTypes('user.ts', home), '');
});
