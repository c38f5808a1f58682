// docs/embedding.md agrees with the code: its tables are compared with it, and the declared types compile.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { attributeNames, attributes } from '../../www/state/attributes.js';
import { FRAME_SCRIPT } from '../../www/views/embed/ways.js';
import { KINDS } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

const text = await readFile(new URL('../../docs/embedding.md', import.meta.url), 'utf8');

/** Cells of the table under a heading, without its header row: [row][column]. */
function table(heading) {
  const section = text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`));
  assert.ok(section, heading);
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const code = (cell) => /^`(.*?)`/.exec(cell)?.[1] ?? null;

test('the table lists every attribute, in order, with its default', () => {
  const rows = table('Attributes');
  assert.deepEqual(
    rows.map(([name]) => code(name)),
    attributeNames,
  );
  for (const [name, fallback] of rows) {
    const { shown, fallback: real } = attributes[code(name)];
    const value = String(shown(real));
    // The defaults of these attributes depend on the figure, so the table has none.
    if (['model', 'compare', 'input', 'weights', 'example'].includes(code(name))) assert.equal(value, '', name);
    else assert.equal({ none: '', off: 'false' }[fallback] ?? code(fallback), value, name);
  }
});

test('every example is a valid value other than the default', () => {
  for (const [name, , example] of table('Attributes')) {
    const { read, shown, fallback } = attributes[code(name)];
    const value = read(code(example));
    assert.notEqual(value, undefined, name);
    assert.notDeepEqual(shown(value), shown(fallback), name);
    if (typeof value === 'number') assert.equal(value, Number(code(example)), name);
  }
});

test('the table of controls lists every control', async () => {
  const seen = await visit();
  const rows = table('Names of controls').filter(([figure]) => figure !== 'all');
  assert.deepEqual(rows.map(([figure]) => code(figure)).sort(), [...KINDS].sort());
  for (const [figure, names] of rows) {
    const shown = await seen.figure(code(figure)).ready();
    const found = await shown.evaluate((element) => [
      ...new Set(
        [...element.shadowRoot.querySelectorAll('figure [data-control]:not(dialog *)')].map(
          (node) => node.dataset.control,
        ),
      ),
    ]);
    assert.deepEqual([...names.matchAll(/`(.*?)`/g)].map(([, name]) => name).sort(), found.sort(), figure);
  }
});

test('the script for frames in the document equals the one in the dialog', () => {
  const lines = (all) =>
    all
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line && !line.includes('script>'));
  const given = lines(FRAME_SCRIPT);
  const whole = lines(text);
  const start = whole.indexOf(given[0]);
  assert.deepEqual(whole.slice(start, start + given.length), given);
});

test('the declared types match the code, and a host’s code compiles with them', async () => {
  const tsc = new URL('../../node_modules/typescript/bin/tsc', import.meta.url).pathname;
  const project = new URL('../types/tsconfig.json', import.meta.url).pathname;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [tsc, '--noEmit', '--project', project]).catch(
    (error) => error,
  );
  assert.equal(stdout + stderr, '');
});
