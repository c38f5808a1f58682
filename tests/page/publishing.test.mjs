// The output of `xtask/vite` for a small page that shows each rule.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BUILD = fileURLToPath(new URL('../../xtask/vite/build.mjs', import.meta.url));

/** More than a minifier removes, and than a file may have that comes with the first ones. */
const LONG = `console.log(${JSON.stringify('later '.repeat(1_000))});`;

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==',
  'base64',
);

const PAGE = {
  'index.html': `<!doctype html><html lang="en"><head><title>Start</title><link rel="icon" href="icon.svg" />
    <link rel="manifest" href="site.webmanifest" /><link rel="stylesheet" href="style.css" />
    <script type="module" src="latent-lab.js"></script></head>
    <body><latent-lab model="shown"></latent-lab><a href="models/shown.md">card</a><a href="other.html">other</a>
    <img src="a.png" alt="" /><img src="a.png" alt="again" />
    <picture><source srcset="dark.svg" media="(prefers-color-scheme: dark)" /><img src="icon.svg" alt="light" /></picture></body></html>\n`,
  'other.html': `<!doctype html><title>Other</title><script src="classic.js" defer></script>
    <script type="module" src="latent-lab.js"></script>\n`,
  'style.css': 'p { color: red }',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" />',
  'site.webmanifest': '{"icons": [{"src": "icon.svg"}]}',
  'dark.svg': '<svg xmlns="http://www.w3.org/2000/svg"><!-- dark --></svg>',
  'classic.js': 'var old = 1;',
  'a.png': PICTURE,
  'latent-lab.js': `import { E } from './element.js'; customElements.define('latent-lab', E); export { E };`,
  'element.js': `import { addresses } from './assets.js'; export class E extends HTMLElement { later() { return import('./later.js'); } }
    E.addresses = addresses; E.site = new URL('./latent-lab.js', import.meta.url);`,
  'later.js': `import { addresses } from './assets.js'; ${LONG} export const later = addresses.length;`,
  'assets.js': `export const addresses = [new URL('./engine/worker.js', import.meta.url), new URL('./pkg/cpu/latent_lab.js', import.meta.url),
    new URL('./pkg/webgpu/latent_lab.js', import.meta.url), new URL('./training/worker/training.js', import.meta.url), new URL('./models/shown.safetensors', import.meta.url),
    new URL('./models/hidden.safetensors', import.meta.url)];`,
  'engine/worker.js': `import { part } from './part.js'; self.postMessage(part); import('./later-part.js');`,
  'engine/part.js': `/*! a license */ export const part = 'part';`,
  'engine/later-part.js': `self.postMessage('later part');`,
  'training/worker/training.js': `export { Session } from './session.js';`,
  'training/worker/session.js': `export class Session { name = 'session'; }`,
  'page/offline.js': `navigator.serviceWorker.register(new URL('../service-worker.js', import.meta.url));`,
  'service-worker.js': `const release = { version: '', files: {} };`,
  'pkg/cpu/latent_lab.js': '// a comment\nexport default function init() { return 1; }',
  'models/shown.safetensors': 'shown',
  'models/hidden.safetensors': 'hidden',
  'models/shown.md': 'a card',
};

let home;
beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'latent-lab-publishing-'))));
afterEach(() => rm(home, { recursive: true }));

/** Writes a page, builds it, and returns what was made by path. */
async function built(page, ...options) {
  const [source, out] = [join(home, 'source'), join(home, 'out')];
  await Promise.all([source, out].map((folder) => rm(folder, { recursive: true, force: true })));
  for (const [path, content] of Object.entries(page)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), content);
  }
  await mkdir(out);
  await promisify(execFile)('node', [BUILD, source, out, ...options]);
  const paths = (await readdir(out, { recursive: true })).filter((path) => path.includes('.')).sort();
  const contents = await Promise.all(paths.map((path) => readFile(join(out, path), 'utf8')));
  return new Map(paths.map((path, i) => [path.replace(/^site\//, ''), contents[i]]));
}

/** The one file with a hash in its name that was made of another: its path and its text. */
function hashed(files, name) {
  const [start, end] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.'))];
  const found = [...files].filter(([path]) => path.startsWith(`assets/${start}.`) && path.endsWith(end));
  assert.equal(found.length, 1, `${name} is in ${[...files.keys()]}`);
  assert.match(found[0][0].slice(`assets/${start}`.length), /^\.[0-9a-f]{16}\.[a-z]+$/);
  return found[0];
}

test('files that a page loads are named by their content, and files that others link to keep their names', async () => {
  const files = await built(PAGE);
  const [core, script] = hashed(files, 'core.js');
  const page = files.get('index.html');
  assert.ok(page.includes(`href="./${core}"`) && page.includes('rel="modulepreload"'), page);
  assert.ok(page.includes('href="models/shown.md"') && page.includes('href="other.html"'), page);
  assert.match(page, /<link +rel="manifest" href="site.webmanifest"/);
  assert.match(files.get('other.html'), /<script +src="classic.js"/);
  for (const path of ['classic.js', 'icon.svg', 'site.webmanifest', 'models/shown.md']) {
    assert.equal(files.get(path), PAGE[path]);
  }
  // An address that code gives away must be one that lasts.
  assert.match(script, /new URL\("\.\.\/latent-lab\.js",import\.meta\.url\)/);
  for (const path of [
    'worker.js',
    'training.js',
    'pkg/cpu/latent_lab.js',
    'models/shown.safetensors',
    'later.js',
    'index.css',
    'a.png',
  ]) {
    hashed(files, path);
  }
  const [entry] = hashed(files, 'latent-lab.js');
  assert.equal(files.get('latent-lab.js'), `import "./${core}";\nexport * from "./${entry}";\n`);
});

test('a module that is not there has no address, and the worker is one script, as is its code for training', async () => {
  const files = await built(PAGE);
  assert.match(hashed(files, 'core.js')[1], /,null,/);
  const [, worker] = hashed(files, 'worker.js');
  assert.doesNotMatch(worker, /import/);
  for (const part of ['"part"', '"later part"', 'a license']) assert.ok(worker.includes(part), part);
  const [, training] = hashed(files, 'training.js');
  assert.doesNotMatch(training, /import|from/);
  assert.match(training, /"session"/);
  assert.doesNotMatch(hashed(files, 'pkg/cpu/latent_lab.js')[1], /comment/);
});

test('a change renames the files that depend on it and no others', async () => {
  const before = await built(PAGE);
  const renamed = async (path, content) => {
    const after = await built({ ...PAGE, [path]: content });
    const names = ['latent-lab.js', 'core.js', 'later.js', 'worker.js', 'index.css', 'models/shown.safetensors'];
    return names.filter((name) => hashed(before, name)[0] !== hashed(after, name)[0]);
  };
  assert.deepEqual(await renamed('models/shown.md', 'another card'), []);
  assert.deepEqual(await renamed('style.css', 'p { color: blue }'), ['index.css']);
  assert.deepEqual(await renamed('engine/part.js', 'export const part = 2;'), [
    'latent-lab.js',
    'core.js',
    'later.js',
    'worker.js',
  ]);
});

test('the start page alone registers the service worker, whose list has what that page shows', async () => {
  const files = await built(PAGE);
  assert.ok(files.get('index.html').includes(hashed(files, 'index.js')[0]));
  assert.doesNotMatch(files.get('other.html'), /assets\/index\./);
  const list = files.get('service-worker.js');
  for (const path of ['core.js', 'worker.js', 'models/shown.safetensors']) {
    assert.ok(list.includes(hashed(files, path)[0]), path);
  }
  assert.ok(list.includes('"index.html": "sha256-'), list);
  assert.ok(!list.includes(hashed(files, 'models/hidden.safetensors')[0]), list);
});

test('a name that leads nowhere ends the build with an error that says where it stands', async () => {
  const broken = {
    'index.html': '<!doctype html><title>A</title><script type="module" src="gone.js"></script>',
    'element.js': `import './gone.js'; export class E {}`,
    'assets.js': `export const addresses = [new URL('./gone.json', import.meta.url)];`,
    'later.js': `import 'uplot-gone';`,
  };
  for (const [path, content] of Object.entries(broken)) {
    await assert.rejects(built({ ...PAGE, [path]: content }), /gone/, path);
  }
});

test('one file holds the page: its documents are downloads, each picture is in it once, and nothing is beside it', async () => {
  const everything = { ...PAGE, 'pkg/webgpu/latent_lab.js': 'export default 1;' };
  const page = (await built(everything, '--single-file')).get('latent-lab.html');
  assert.match(page, /<html data-single-file/);
  assert.equal(page.split(PICTURE.toString('base64')).length, 2);
  assert.match(page, /<img data-repeats="0" alt="again"/);
  assert.match(
    page,
    new RegExp(`<a href="data:text/plain;base64,${Buffer.from('a card').toString('base64')}" download>card`),
  );
  assert.match(page, /<a>other/);
  assert.doesNotMatch(page, /<source/);
  const addresses = [...page.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, address]) => address);
  assert.deepEqual(
    addresses.filter((address) => !address.startsWith('data:')),
    [],
  );
  assert.match(page, /\("pkg\/cpu\/latent_lab\.js"\),null,/);
});
