// Without a document: importing the package on a server has no effects. Also, hosts written in TypeScript and JSX can use the element.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { complaintsOfTypes } from './support/tsc.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Scripts of pages and workers, which are not imported. */
const SCRIPTS = [
  'page/embed.js',
  'page/from-file.js',
  'page/live-address.js',
  'page/lesson.js',
  'page/notebook.js',
  'page/offline.js',
  'page/language.js',
  'page/unfold.js',
  'service-worker.js',
  'engine/worker.js',
];

test('importing the element without a document has no effects and does not fail', async () => {
  const script = `
    const before = Object.keys(globalThis).length;
    const { LatentLabElement } = await import(process.argv[1] + 'www/latent-lab.js');
    const { LatentLabElement: same } = await import(process.argv[1] + 'www/element.js');
    if (LatentLabElement !== same || !LatentLabElement.observedAttributes.includes('figure')) throw new Error('not the class');
    if (Object.keys(globalThis).length !== before) throw new Error('something was left behind');`;
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script, root]);
  assert.equal(stdout + stderr, '');
});

test('importing any other module without a document has no effects and does not fail', async () => {
  const all = await readdir(join(root, 'www'), { recursive: true });
  const modules = all.filter(
    (file) => file.endsWith('.js') && !/^(vendor|variants)\b/.test(file) && !SCRIPTS.includes(file),
  );
  assert.ok(modules.length > 80, `${modules.length} modules`);
  const script = `for (const file of process.argv.slice(2)) await import(process.argv[1] + 'www/' + file).catch((error) => console.log(file + ': ' + error.message));`;
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script, root, ...modules]);
  assert.equal(stdout + stderr, '');
});

/** Declarations like those of each framework on which the element's types are built. */
const frameworks = {
  'react-18': `
    export = React; export as namespace React;
    declare namespace React {
      interface RefObject<T> { readonly current: T | null }
      type LegacyRef<T> = ((instance: T | null) => void) | RefObject<T> | string | null;
      interface ClassAttributes<T> { key?: string | number | null; ref?: LegacyRef<T> }
      interface HTMLAttributes<T> { className?: string; id?: string; style?: object; slot?: string; children?: unknown; onClick?: (event: { currentTarget: T }) => void }
      type DetailedHTMLProps<E extends HTMLAttributes<T>, T> = ClassAttributes<T> & E;
      namespace JSX { interface Element extends GlobalElement {} interface IntrinsicElements extends GlobalElements {} interface ElementChildrenAttribute { children: {} } }
    }
    declare global { namespace JSX { interface Element { type: unknown } interface IntrinsicElements { p: React.DetailedHTMLProps<React.HTMLAttributes<HTMLParagraphElement>, HTMLParagraphElement> } } }
    interface GlobalElement extends JSX.Element {}
    interface GlobalElements extends JSX.IntrinsicElements {}`,
  'react-19': `
    export = React; export as namespace React;
    declare namespace React {
      interface RefObject<T> { current: T }
      type Ref<T> = ((instance: T | null) => void) | RefObject<T | null> | null;
      interface ClassAttributes<T> { key?: string | number | null; ref?: Ref<T> }
      interface HTMLAttributes<T> { className?: string; id?: string; style?: object; slot?: string; children?: unknown; onClick?: (event: { currentTarget: T }) => void }
      type DetailedHTMLProps<E extends HTMLAttributes<T>, T> = ClassAttributes<T> & E;
      namespace JSX { interface Element { type: unknown } interface IntrinsicElements { p: DetailedHTMLProps<HTMLAttributes<HTMLParagraphElement>, HTMLParagraphElement> } interface ElementChildrenAttribute { children: {} } }
    }`,
  preact: `
    import { JSXInternal } from './jsx';
    export import JSX = JSXInternal;
    export type RefObject<T> = { current: T | null };
    export type Ref<T> = RefObject<T> | ((instance: T | null) => void) | null;`,
};
const runtimes = {
  'react-18': `import * as React from './'; export namespace JSX { interface Element extends React.JSX.Element {} interface IntrinsicElements extends React.JSX.IntrinsicElements {} interface ElementChildrenAttribute extends React.JSX.ElementChildrenAttribute {} } export function jsx(): JSX.Element; export const jsxs: typeof jsx;`,
  preact: `import { JSXInternal } from './jsx'; export import JSX = JSXInternal; export function jsx(): JSX.Element; export const jsxs: typeof jsx;`,
};
runtimes['react-19'] = runtimes['react-18'];
const preactJsx = `
  import { Ref } from './';
  export namespace JSXInternal {
    interface Element { type: unknown }
    interface ElementChildrenAttribute { children: any }
    interface IntrinsicElements { p: HTMLAttributes<HTMLParagraphElement>; div: HTMLAttributes<HTMLDivElement> }
    interface HTMLAttributes<T> { ref?: Ref<T>; class?: string; className?: string; id?: string; style?: object; slot?: string; children?: unknown }
  }`;

let home;
before(async () => (home = await mkdtemp(join(tmpdir(), 'latent-lab-types-'))));
after(() => rm(home, { recursive: true, force: true }));

/** A project with the declarations of the package and of a framework. */
async function project(framework) {
  const folder = join(home, framework);
  const name = framework.split('-')[0];
  const [library, own] = [join(folder, 'node_modules', name), join(folder, 'node_modules/latent-lab')];
  for (const each of [library, own]) await mkdir(each, { recursive: true });
  await writeFile(join(library, 'package.json'), JSON.stringify({ name, version: '0.0.0', types: './index.d.ts' }));
  await writeFile(join(library, 'index.d.ts'), frameworks[framework]);
  await writeFile(join(library, 'jsx-runtime.d.ts'), runtimes[framework]);
  if (framework === 'preact') await writeFile(join(library, 'jsx.d.ts'), preactJsx);
  await cp(join(root, 'pkg/package.json'), join(own, 'package.json'));
  for (const file of await readdir(join(root, 'www'))) {
    if (file.endsWith('.d.ts')) await cp(join(root, 'www', file), join(own, file));
  }
  return { folder, name };
}

for (const framework of Object.keys(frameworks)) {
  test(`in JSX of ${framework} the element has exactly its attributes, children and reference`, async () => {
    const { folder, name } = await project(framework);
    await writeFile(
      join(folder, 'user.tsx'),
      `import { LatentLabElement } from 'latent-lab/${name}';
      const ref: { current: LatentLabElement | null } = { current: null };
      export const figure = <latent-lab ref={ref} figure="morph" t={0.5} seed="7" autoplay output-padding={1} id="one"><p slot="caption">Words</p></latent-lab>;
      // @ts-expect-error there is no such figure
      export const pie = <latent-lab figure="pie" />;
      // @ts-expect-error there is no such attribute
      export const misspelt = <latent-lab figur="morph" />;
      // @ts-expect-error the reference is to the element
      export const other = <latent-lab ref={{ current: new Date() }} />;`,
    );
    assert.equal(await complaintsOfTypes('user.tsx', folder, ['--jsx', 'react-jsx', '--jsxImportSource', name]), '');
  });
}
