// The output of `xtask/vite` for a small page that exercises each rule.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BUILD = fileURLToPath(new URL('../../xtask/vite/build.mjs', import.meta.url));

/** Code that a minifier cannot remove, and that is too long to be bundled with the initial files. */
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

/** Writes a page, builds it, and returns the built files by path. */
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

/** The path and text of the built file with a hash in its name that comes from the given one. */
function hashed(files, name) {
  const [start, end] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.'))];
  const found = [...files].filter(([path]) => path.startsWith(`assets/${start}.`) && path.endsWith(end));
  assert.equal(found.length, 1, `${name} is in ${[...files.keys()]}`);
  assert.match(found[0][0].slice(`assets/${start}`.length), /^\.[0-9a-f]{16}\.[a-z]+$/);
  return found[0];
}

test('files that a page loads have a hash in their names, and files that are linked to keep their names', async () => {
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
  // An address that the page gives to readers must stay valid.
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

test('small modules that are fetched later are bundled into one file, which is not loaded initially', async () => {
  const files = await built({
    ...PAGE,
    'element.js': `${PAGE['element.js']} export const lens = () => import('./lens.js'); export const rest = () => import('./element/rest.js');`,
    'lens.js': `import { said } from './words.js'; export const lens = 'a lens' + said;`,
    'later.js': `import { said } from './words.js'; ${PAGE['later.js']} console.log(said);`,
    'words.js': `export const said = 'shared words';`,
    'element/rest.js': `import { told } from '../teller.js'; export const rest = told; ${LONG}`,
    'teller.js': `export const told = 'told at rest';`,
  });
  const [shared, small] = hashed(files, 'shared.js');
  for (const text of ['a lens', 'shared words']) assert.ok(small.includes(text), text);
  assert.match(hashed(files, 'rest.js')[1], /told at rest/);
  assert.doesNotMatch(hashed(files, 'core.js')[1], /a lens|shared words|told at rest/);
  assert.ok(!files.get('index.html').includes(shared) && !files.get('latent-lab.js').includes(shared));
});

test('a page that initially needs one late module does not load the other late ones', async () => {
  const files = await built({
    ...PAGE,
    'element.js': `${PAGE['element.js']} export const lens = () => import('./lens.js'); export const link = () => import('./link.js');`,
    'lens.js': `export const lens = 'a lens';`,
    'link.js': `export const link = 'a link';`,
    'other.html': `<!doctype html><title>Other</title><script type="module" src="other.js"></script>`,
    'other.js': `import './latent-lab.js'; import { link } from './link.js'; console.log(link);`,
  });
  assert.match(hashed(files, 'core.js')[1], /a link/);
  assert.ok(!files.get('other.html').includes(hashed(files, 'shared.js')[0]));
});

test('style sheets in scripts are minified, and modules are imported without a helper', async () => {
  const style = '/* css */ `\n  /* gone */\n  p {\n    color: red;\n  }\n\n  a { color: blue; }\n`';
  const files = await built({
    ...PAGE,
    'assets.js': `${PAGE['assets.js']} export const style = ${style};
    export const made = /* css */ \`p { top: \${addresses.length}px; }\`; console.log(style, made);`,
  });
  const [, core] = hashed(files, 'core.js');
  assert.ok(core.includes('`p{color:red}a{color:#00f}`') || core.includes('"p{color:red}a{color:#00f}"'), core);
  assert.ok(core.includes('p { top: $'), 'a style sheet that code composes is unchanged');
  assert.match(core, /[^(>]import\("\.\/later\.[0-9a-f]+\.js"\)|=>import\("\.\/later\.[0-9a-f]+\.js"\)/);
  assert.doesNotMatch(core, /vite:|modulepreload/);
});

test('pages lose indentation but keep visible white space', async () => {
  const body = '<body>\n    <p>one\n      two</p>\n    <pre>\n  kept\n    </pre>\n    <p>three</p>';
  const page = (await built({ ...PAGE, 'index.html': PAGE['index.html'].replace('<body>', body) })).get('index.html');
  assert.ok(page.includes('<p>one\ntwo</p>\n<pre>\n  kept\n    </pre>\n<p>three</p>'), page);
});

test('a missing module has no address, and the worker and its code for training are one script each', async () => {
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

test('only the start page registers the service worker, whose list contains the files of that page', async () => {
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

test('the article in another language also registers the service worker, and the languages still link to each other', async () => {
  const links = `<link rel="alternate" href="./" hreflang="en" /><link rel="alternate" href="de.html" hreflang="de" />
    <a class="language" href="de.html">Deutsch</a></head>`;
  const english = PAGE['index.html'].replace('</head>', links);
  const files = await built(
    { ...PAGE, 'index.html': english, 'de.html': english.replace('lang="en"', 'lang="de"') },
    '--single-file',
  );
  const registers = [...files].filter(
    ([path, text]) => path.endsWith('.js') && text.includes('serviceWorker.register'),
  );
  assert.equal(registers.length, 1);
  for (const path of ['index.html', 'de.html']) {
    const page = files.get(path);
    assert.ok(page.includes(registers[0][0]), path);
    for (const address of ['./', 'de.html']) assert.match(page, new RegExp(`<link +rel="alternate" href="${address}"`));
    assert.ok(files.get('service-worker.js').includes(`"${path}": "sha256-`));
  }
  assert.doesNotMatch(files.get('latent-lab.html'), /alternate|Deutsch/, 'the single file has one language');
});

test('a reference to a missing file stops the build with an error that names the file', async () => {
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

test('the single file contains the whole page: documents are downloads, and each picture is stored once', async () => {
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
