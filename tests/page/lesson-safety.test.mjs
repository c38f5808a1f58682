// Hostile lessons on the page of lessons: none runs a script, contacts another host or adds a forbidden element.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { eventually } from './support/browser.mjs';
import { LessonHost } from './support/lesson-host.mjs';
import { block, CLASS, LEAST, lesson, lessons, MAP, NORM, PLACE, says } from './support/lessons.mjs';
import { draws, mutated, PIECES } from './support/mutations.mjs';

const { open, own, pageOf } = lessons();

/** Attacks that a lesson from an unknown source could try. */
const HOSTILE = [
  '<script>globalThis.hacked = 1</script>',
  '<img src=x onerror="globalThis.hacked = 1">',
  '<iframe srcdoc="<script>parent.hacked = 1</script>"></iframe>',
  '<svg onload="globalThis.hacked = 1"></svg>',
  '<link rel="stylesheet" href="http://elsewhere.example/a.css">',
  '<meta http-equiv="refresh" content="0;url=http://elsewhere.example/">',
  '<base href="http://elsewhere.example/">',
  '<form action="http://elsewhere.example/"><button>Go</button></form>',
  '[one](javascript:globalThis.hacked=1) [two](  JAVASCRIPT:globalThis.hacked=1 ) [three](data:text/html,<script>1</script>)',
  '[four](java&#x09;script:globalThis.hacked=1) [five](\\\\elsewhere.example/x) [six](vbscript:1) [seven](blob:x)',
  '![one](http://elsewhere.example/a.png) ![two](//elsewhere.example/b.png) ![three](data:image/svg+xml,<svg/onload=alert(1)>)',
  '![four](/\\elsewhere.example/c.png) <http://elsewhere.example/ok>',
  block('figure', 'figure: morph', 'model: http://elsewhere.example/a.safetensors', 'onload: globalThis.hacked = 1'),
  block('figure', 'figure: morph', 'poster: http://elsewhere.example/a.png', 'label: <img src=x onerror=hacked=1>'),
  block(
    'question',
    'kind: number',
    'ask: <script>globalThis.hacked = 1</script>',
    'low: 0',
    'high: 1',
    'answer: norm map (0,1)',
  ),
  block('html', '<script>globalThis.hacked = 1</script>'),
];

/** Elements that the part of the page made from a lesson may contain. */
const ELEMENTS =
  'a article blockquote br button canvas code details div em fieldset figcaption figure form h2 h3 h4 hr img input label latent-lab legend li line ol output p pre section span strong summary svg table tbody td th tr ul'.split(
    ' ',
  );

/** In the page: elements and addresses in `main` that a lesson must not add. */
function forbidden(root, elements) {
  const found = [];
  for (const node of root.querySelectorAll('*')) {
    if (!elements.includes(node.localName)) found.push(node.localName);
    for (const { name, value } of node.attributes) {
      if (/^on|^srcdoc$/i.test(name) || (name === 'style' && /url/i.test(value))) found.push(`${name}=${value}`);
    }
    if (node.localName === 'a' && node.protocol && !/^https?:$/.test(node.protocol)) found.push(node.href);
    if (node.localName === 'img' && new URL(node.src).origin !== location.origin) found.push(node.src);
    const model = node.localName === 'latent-lab' ? (node.getAttribute('model') ?? '') : '';
    if (new URL(model, location.href).origin !== location.origin) found.push(model);
  }
  return found;
}

test('a lesson runs no script and contacts no other host, whatever it contains', async () => {
  const { page, requests } = await own(lesson(...HOSTILE.map((each) => `${each}\n`)));
  await says(page, '.problems summary', /problems/);
  await eventually(async () =>
    assert.equal(await page.evaluate(() => document.querySelectorAll('latent-lab').length), 2),
  );
  for (const figure of await page.$$('latent-lab')) {
    // The figure stays near until it has begun to load: one that is only scrolled past does not load.
    await figure.scrollIntoView();
    await eventually(async () => assert.equal(await figure.evaluate(({ status }) => status), 'ready'));
  }
  for (const question of await page.$$('form.question')) await question.scrollIntoView();
  assert.equal(await page.evaluate(() => globalThis.hacked ?? null), null);
  assert.deepEqual(
    await page.evaluate(`(${forbidden})(document.querySelector('main'), ${JSON.stringify(ELEMENTS)})`),
    [],
  );
  assert.deepEqual(
    requests.filter((url) => url.includes('elsewhere')),
    [],
  );
  const lines = await page.evaluate(() =>
    [...document.querySelectorAll('.problems li')].map(({ textContent }) => textContent),
  );
  assert.ok(lines.length >= 20 && lines.every((line) => /^Line \d+: /.test(line)), `${lines.join('\n')}`);
});

test('the page’s policy blocks other hosts even if every other check fails', async () => {
  const { page, complaints } = await own(lesson('Text.'));
  await says(page, 'h1', /small/);
  const refused = await page.evaluate(() => {
    globalThis.policies = new Set();
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      globalThis.policies.add(effectiveDirective),
    );
    const image = document.createElement('img');
    image.src = 'http://elsewhere.example/a.png';
    document.body.append(image);
    fetch('http://elsewhere.example/').catch(() => {});
    const button = document.createElement('button');
    const isRefused = (work) => {
      try {
        work();
        return false;
      } catch {
        return true;
      }
    };
    return [
      isRefused(() => (button.innerHTML = '<b>x</b>')),
      isRefused(() => button.setAttribute('onclick', 'globalThis.hacked = 1')),
    ];
  });
  assert.deepEqual(refused, [true, true]);
  await eventually(async () =>
    assert.deepEqual(await page.evaluate(() => [...globalThis.policies].sort()), [
      'connect-src',
      'img-src',
      'require-trusted-types-for',
    ]),
  );
  complaints.length = 0;
});

test('none of 1,000 mutated lessons adds a forbidden element or address', async () => {
  const { page } = await own(lesson('Text.'));
  await says(page, 'h1', /small/);
  const texts = [
    ...['bottleneck', 'price-of-a-code', 'critic'].map((name) =>
      readFileSync(new URL(`../../www/lessons/${name}.md`, import.meta.url), 'utf8'),
    ),
    lesson(...HOSTILE),
    lesson(NORM, CLASS, LEAST, PLACE, MAP),
  ];
  await page.evaluate(`globalThis.drawAll = (() => {
    const PIECES = ${JSON.stringify(PIECES)};
    const draws = ${draws};
    const mutated = ${mutated};
    const forbidden = ${forbidden};
    return ${drawAll};
  })()`);
  for (let seed = 1; seed <= 10; seed++) {
    assert.deepEqual(
      await page.evaluate((...args) => globalThis.drawAll(...args), texts, ELEMENTS, seed),
      [],
      `${seed}`,
    );
  }
  assert.equal(await page.evaluate(() => globalThis.hacked ?? null), null);
});

/** In the page: parses and renders 100 mutated lessons without displaying them. */
async function drawAll(texts, elements, seed) {
  const { readLesson, markdown } = await import('./page/lesson/read.js');
  const { Sheet } = await import('./page/lesson/sheet.js');
  const { Progress } = await import('./page/lesson/progress.js');
  const library = markdown((await import('./vendor/markdown-it/markdown-it.js')).default);
  const below = draws(seed);
  const wrong = [];
  for (let i = 0; i < 100; i++) {
    const text = mutated(texts[i % texts.length], texts[below(texts.length)], below);
    const place = document.createElement('div');
    const { parts } = readLesson(text, library);
    place.append(...new Sheet(parts, location.href, new Progress('fuzz'), () => {}).nodes);
    wrong.push(...forbidden(place, elements));
  }
  return wrong;
}

test('a lesson from another site, behind a redirect, too large or missing is refused, and the page says why', async (t) => {
  const large = lesson('a'.repeat(70_000));
  const elsewhere = await LessonHost.start();
  t.after(() => elsewhere.stop());
  elsewhere.files = { 'a.md': lesson('From elsewhere.') };
  const away = { status: 302, headers: { location: `${elsewhere.address}a.md` } };
  const { page, complaints } = await open({ 'large.md': large, 'away.md': away }, { src: 'large.md' });
  await says(page, '.problems', /Line 1: the lesson is larger than 65536 bytes/);
  for (const src of [
    `${elsewhere.address}a.md`,
    elsewhere.address.replace('http:', ''),
    'data:text/plain,a',
    'javascript:1',
    '',
  ]) {
    await page.goto(pageOf(`?src=${encodeURIComponent(src)}`));
    await says(page, '[role=alert]', /^a lesson must be a file on this site$/);
  }
  await page.goto(pageOf('?src=away.md'));
  await says(page, '[role=alert]', /leads to another one/);
  await page.goto(pageOf('?src=none.md'));
  await says(page, '[role=alert]', /status 404/);
  assert.deepEqual(elsewhere.asked, []);
  complaints.length = 0;
});
