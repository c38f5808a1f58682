// The page of lessons: how it displays lessons, answers questions, keeps progress and prints.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { address, eventually, violations } from './support/browser.mjs';
import { CLASS, LEAST, lesson, lessons, MAP, NORM, PLACE, says, textOf } from './support/lessons.mjs';

const { visit, open, own, pageOf, server } = lessons();

/** Presses the button of a question, and waits for the network's answer. */
async function answered(page, question = 'form.question') {
  await page.evaluate((selector) => document.querySelector(selector).requestSubmit(), question);
  await says(page, `${question} .verdict`, /\S/);
  return textOf(page, `${question} .verdict`);
}

/** Confirms the initial value of a slider as the guess. */
async function guessMiddle(page) {
  await page.focus('.number-guess input');
  await page.keyboard.press('Space');
}

/** In the page: drops a file on it. */
function dropIn(name, text) {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: 'text/markdown' }));
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
}

/** Axe adds style to the page, which the policy blocks. The browser's messages about that are not faults of the page. */
async function assertAxeFindsNothing({ page, complaints }) {
  assert.deepEqual(complaints, []);
  assert.deepEqual(await violations(page), []);
  complaints.length = 0;
}

test('the answers that the lesson on the critic tells are those of its networks', async () => {
  const { page } = await visit({ from: new URL('lesson.html', address).href });
  const asked = [
    'detail cats 4:5 / detail cats-blurred 4:5',
    'distance cats 4:5 8:9',
    'distance cats 4:5 cats-blurred/4:5',
  ];
  const [detail, apart, distance] = await page.evaluate(async (texts) => {
    const { answerTo } = await import('./page/lesson/answers.js');
    const { readMeasures } = await import('./page/lesson/measures.js');
    const values = [];
    for (const text of texts) {
      const answer = readMeasures(text, (kind) => {
        throw new Error(kind);
      });
      values.push((await answerTo({ kind: 'number', answer })).value);
    }
    return values;
  }, asked);
  const told = async (/** @type {string} */ name) =>
    (await readFile(new URL(`../../www/lessons/${name}`, import.meta.url), 'utf8')).replace(/\s+/g, ' ');
  const english = await told('critic.md');
  assert.ok(english.includes(`two cats above are ${apart.toFixed(0)} apart`), `${apart}`);
  assert.ok(english.includes(`in order: ${detail.toFixed(0)} times;`), `${detail}`);
  assert.ok(english.includes(`the two cats; ${distance.toFixed(1)}.`), `${distance}`);
  const german = await told('critic.de.md');
  assert.ok(german.includes(`Katzen oben sind ${apart.toFixed(0)} voneinander`));
  assert.ok(german.includes(`der Reihe nach: ${detail.toFixed(0)}-mal;`));
  assert.ok(german.includes(`die beiden Katzen; ${distance.toFixed(1).replace('.', ',')}.`));
});

test('without the address of a lesson the page lists the lessons, and axe finds nothing', async () => {
  const seen = await visit({ from: new URL('lesson.html', address).href });
  const { page } = seen;
  await says(page, 'h1', /^Lessons$/);
  const shown = await page.evaluate(
    () => [...document.querySelectorAll('.lessons a')].filter((a) => a.checkVisibility()).length,
  );
  assert.equal(shown, 3);
  assert.deepEqual(await waysOf(page), ['Latent Lab ', 'Lessons lesson.html', 'Deutsch lesson.html?lang=de']);
  await assertAxeFindsNothing(seen);
});

test('a lesson becomes text, figures and questions, and axe finds nothing', async () => {
  const text =
    '## One\n\nSome *text* with [a link](next.md), [another](https://example.org/) and `code`.\n\n| a |\n|--:|\n| 1 |\n';
  const seen = await own(lesson(text, MAP, NORM, CLASS, PLACE, '````teacher\nKeep calm.\n````'), { width: 390 });
  const { page } = seen;
  await says(page, 'h1', /^A small lesson$/);
  assert.equal(await page.title(), 'A small lesson · Latent Lab');
  assert.equal(await textOf(page, '.facts'), '5 minutes');
  assert.equal(await textOf(page, 'section em'), 'text');
  const links = await page.evaluate(() =>
    [...document.querySelectorAll('section a')].map(({ href, rel }) => [href, rel]),
  );
  assert.deepEqual(links, [
    [pageOf('?src=lessons%2Fnext.md'), 'noopener noreferrer'],
    ['https://example.org/', 'noopener noreferrer'],
  ]);
  await eventually(async () =>
    assert.equal(await page.evaluate(() => document.querySelector('latent-lab').status), 'ready'),
  );
  const state = await page.evaluate(() => document.querySelector('latent-lab').state);
  assert.deepEqual([state.figure, state.model, state.x], ['map', 'map', 0.5]);
  assert.equal(await textOf(page, '.problems'), null);
  assert.equal(await textOf(page, '.teacher summary'), 'For the teacher');
  await assertAxeFindsNothing(seen);
});

test('a guessed number is compared with the network’s answer, and both are drawn', async () => {
  const { page } = await own(lesson(NORM));
  await says(page, 'h1', /small/);
  // The slider's initial value is not a guess until the reader confirms it.
  await page.focus('.number-guess input');
  await page.keyboard.press('Enter');
  await says(page, '.reply', /^Make a guess first\.$/);
  assert.equal(await textOf(page, '.number-guess output'), 'none yet');
  await page.keyboard.press('Space');
  assert.equal(await textOf(page, '.number-guess output'), '5.0');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await says(page, '.verdict', /^Not this time\. Your guess: 0\.0\. The network’s answer: 5\.$/);
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.part.value), 'again'));
  const places = await page.evaluate(() =>
    ['guess', 'answer'].map((name) => document.querySelector(`.scale .${name}`).style.insetInlineStart),
  );
  assert.deepEqual(places, ['0%', '50%']);
  await page.evaluate(() => document.querySelector('[part=again]').click());
  assert.equal(await textOf(page, '.reply'), '');
  await page.evaluate(() => {
    const input = document.querySelector('.number-guess input');
    input.value = '5.5';
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  assert.match(await answered(page), /^Close enough\. Your guess: 5\.5/);
});

test('a choice is judged by the class or by a measure of each option, and only after a guess', async () => {
  const { page } = await own(lesson(CLASS, LEAST));
  await says(page, 'h1', /small/);
  const [first, second] = ['.text:nth-of-type(1) form', '.text:nth-of-type(2) form'];
  await page.evaluate((selector) => document.querySelector(selector).requestSubmit(), first);
  await says(page, `${first} .reply`, /^Make a guess first\.$/);
  await page.click(`${first} label:nth-child(2) input`);
  assert.equal(await answered(page, first), 'Not this time. The network’s answer: a one.');
  assert.equal(await textOf(page, `${first} label:nth-child(1) .mark`), 'the network’s answer');
  assert.equal(await textOf(page, `${first} label:nth-child(2) .mark`), 'your guess');
  await page.click(`${second} label:nth-child(1) input`);
  assert.equal(await answered(page, second), 'Right. The network’s answer: near.');
  assert.equal(await textOf(page, `${second} label:nth-child(1) .mark`), '1 · the network’s answer · your guess');
  const widths = await page.evaluate(() =>
    [...document.querySelectorAll('.bar')].slice(2).map(({ style }) => style.inlineSize),
  );
  assert.deepEqual(widths, ['50%', '100%']);
  assert.match(await textOf(page, `${second} .reply`), /One is less than two\.$/);
  // The answer stays until the reader tries again.
  const isOpen = () =>
    page.evaluate((selector) => document.querySelector(selector).matches(':enabled'), `${second} input`);
  assert.equal(await isOpen(), false);
  await page.evaluate((selector) => document.querySelector(selector).click(), `${second} [part=again]`);
  assert.equal(await isOpen(), true);
});

test('a point is placed with keys or pointer, and the network’s point is the code of the picture', async () => {
  const { page } = await own(lesson(PLACE));
  await says(page, 'h1', /small/);
  await page.evaluate(() => document.querySelector('form').requestSubmit());
  await says(page, '.reply', /^Make a guess first\.$/);
  await page.focus('.plane input');
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight');
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
  const told = await answered(page);
  const [x, y] = await page.evaluate(async () => {
    const reading = Object.assign(document.createElement('latent-lab'), { figure: 'map', loading: 'eager' });
    document.body.append(reading);
    await reading.whenReady();
    const { mean } = await reading.encode(document.querySelector('.drawn canvas'));
    reading.remove();
    return [...mean];
  });
  const written = (value) => value.toFixed(2).replace('-', '−');
  assert.ok(told.includes(`(${written(x)}, ${written(y)})`), `${told} ${x} ${y}`);
  const away = Number(/point is ([\d.]+) away/.exec(told)[1]);
  assert.ok(Math.abs(away - Math.hypot(x - 0.5, y + 0.2)) < 0.01, `${away}`);
  assert.equal(await page.evaluate(() => document.querySelectorAll('.reply canvas').length), 2);
  const box = await (await page.$('.plane')).boundingBox();
  await page.evaluate(() => document.querySelector('[part=again]').click());
  await page.mouse.click(box.x + box.width * 0.75, box.y + box.height * 0.25);
  const place = await page.evaluate(() => document.querySelector('.plane .guess').style.insetInlineStart);
  assert.ok(Math.abs(parseFloat(place) - 75) < 0.5, place);
});

test('a dropped file replaces the lesson, and the address names no lesson', async () => {
  const { page } = await own(lesson('First.'));
  await says(page, 'main', /First/);
  await page.evaluate(dropIn, 'mine.md', lesson('Second.', '', '![a picture](icon.svg)').replace('A small', 'My'));
  await says(page, 'h1', /^My lesson$/);
  assert.equal(new URL(page.url()).search, '');
  assert.ok(!(await textOf(page, 'main')).includes('First'));
  const picture = await page.evaluate(() => document.querySelector('main img').src);
  assert.equal(picture, new URL('icon.svg', server().address).href);
  await page.evaluate(dropIn, 'notes.png', 'no lesson');
  await page.evaluate(dropIn, 'other.txt', 'No fields.');
  await says(page, '.problems', /Line 1: a lesson begins with a line of ---/);
});

test('progress is stored on the device only if the reader asks for it', async () => {
  const { page } = await own(lesson(NORM, CLASS));
  await says(page, '.tools', /0 of 2 questions answered/);
  await guessMiddle(page);
  await answered(page);
  await says(page, '.tools', /1 of 2 questions answered/);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await page.reload();
  await says(page, '.tools', /0 of 2 questions answered/);
  await page.evaluate(() => {
    const input = document.querySelector('.number-guess input');
    input.value = '7';
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await answered(page);
  await page.click('[part=keep]');
  assert.equal(await page.evaluate(() => localStorage.length), 1);
  await page.reload();
  await says(page, '.verdict', /Your guess: 7\.0\. The network’s answer: 5\./);
  await says(page, '.tools', /1 of 2 questions answered/);
  await page.click('[part=keep]');
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test('the lesson is shown even if the browser cannot store progress or has an invalid entry', async () => {
  const before = () => {
    Storage.prototype.setItem = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
    Storage.prototype.getItem = () => '{"__proto__": 1, "a": [';
  };
  const { page } = await own(lesson(NORM), { before });
  await says(page, '.tools', /0 of 1 question answered/);
  await page.click('[part=keep]');
  await says(page, '.tools', /This browser does not let this page store anything\./);
  await guessMiddle(page);
  assert.match(await answered(page), /The network’s answer: 5/);
});

test('a German lesson is displayed on a page in German', async () => {
  const question = NORM.replace('within: 1', 'within: 1\nunit: -mal');
  const { page } = await own(lesson(question, '# Falsch').replace('minutes: 5', 'minutes: 5\nlang: de'));
  await says(page, '.facts', /^5 Minuten$/);
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  assert.equal(await textOf(page, 'button[type=submit]'), 'Mit dem Netz vergleichen');
  await says(page, '.problems', /Zeile \d+: der Titel ist die einzige Überschrift/);
  await guessMiddle(page);
  assert.match(await answered(page), /^Nahe genug\. Deine Schätzung: 5,0-mal\. Die Antwort des Netzes: 5-mal\.$/);
  assert.deepEqual(await waysOf(page), ['Latent Lab de.html', 'Lektionen lesson.html?lang=de']);
});

/** The links above the title, each with its address on the site. */
const waysOf = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('header .name a')].map(
      (link) => `${link.textContent} ${decodeURIComponent(link.href.slice(new URL('./', location.href).href.length))}`,
    ),
  );

test('the list and each lesson link to the other language, and the parameter `lang` chooses one', async () => {
  const at = (query) => new URL(`lesson.html${query}`, address).href;
  const seen = await visit({ from: at('?lang=de-AT') });
  const { page } = seen;
  await says(page, 'h1', /^Lektionen$/);
  const titles = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.lessons a')].filter((a) => a.checkVisibility()).map((a) => a.textContent),
    );
  assert.deepEqual(await titles(), ['Der Engpass', 'Der Preis eines Codes', 'Warum ein Kritiker Bilder schärft']);
  assert.deepEqual(await waysOf(page), ['Latent Lab de.html', 'Lektionen lesson.html?lang=de', 'English lesson.html']);
  await assertAxeFindsNothing(seen);

  await page.click('.lessons [href*=critic]');
  await says(page, 'h1', /^Warum ein Kritiker Bilder schärft$/);
  assert.deepEqual(await waysOf(page), [
    'Latent Lab de.html',
    'Lektionen lesson.html?lang=de',
    'English lesson.html?src=lessons/critic.md',
  ]);
  const links = await page.evaluate(() => [...document.querySelectorAll('section a')].map((link) => link.href));
  assert.ok(
    links.includes(at('?src=lessons%2Fprice-of-a-code.de.md')) && links.includes(at('').replace('lesson', 'de')),
  );
  // The card of a model is not a lesson.
  assert.ok(links.includes(at('').replace('lesson.html', 'models/cats.md')));
  await page.click('.language');
  await says(page, 'h1', /^Why a critic sharpens$/);
  assert.deepEqual(await waysOf(page), [
    'Latent Lab ',
    'Lessons lesson.html',
    'Deutsch lesson.html?src=lessons/critic.de.md',
  ]);

  await page.goto(at('?src=lessons/bottleneck.md&lang=de'));
  await says(page, 'h1', /^Der Engpass$/);
  await page.goto(at('?lang=en&src=lessons/bottleneck.de.md'));
  await says(page, 'h1', /^The bottleneck$/);
  // A lesson that exists in only one language, and a language that the site does not have.
  await page.goto(at('?src=models/cats.md&lang=de'));
  await says(page, 'h1', /^models\/cats\.md$/);
  await page.goto(at('?src=lessons/bottleneck.md&lang=fr'));
  await says(page, 'h1', /^The bottleneck$/);
});

test('a printed lesson has room to write, but no answers and no closed notes for the teacher', async () => {
  const { page } = await own(lesson(NORM, LEAST, '````teacher\nKeep calm.\n````'));
  await says(page, 'h1', /small/);
  await guessMiddle(page);
  await answered(page);
  await page.emulateMediaType('print');
  const visible = (selector) => page.evaluate((all) => document.querySelector(all).checkVisibility(), selector);
  for (const selector of ['.reply', '.scale', '.tools', '.teacher', 'button[type=submit]', '.mark']) {
    assert.equal(await visible(selector), false, selector);
  }
  for (const selector of ['.on-paper', 'legend', '.choices label']) {
    assert.equal(await visible(selector), true, selector);
  }
  await page.evaluate(() => (document.querySelector('.teacher').open = true));
  assert.equal(await visible('.teacher'), true);
});

test('the print button waits until all figures and questions have their pictures, even those far below', async () => {
  const shown = LEAST.replace('ask:', 'show: digits/3:2\nask:');
  const { page } = await own(lesson(...Array.from({ length: 60 }, () => 'Text.\n'), MAP, shown), {
    before: () => {
      globalThis.print = () => {
        const pictures = document.querySelectorAll('form.question canvas').length;
        globalThis.printed = [document.querySelector('latent-lab').status, pictures];
      };
    },
  });
  await says(page, 'h1', /small/);
  assert.equal(await page.evaluate(() => document.querySelector('latent-lab').status), 'idle');
  assert.equal((await page.$$('form.question canvas')).length, 0);
  await page.click('[part=print]');
  await eventually(async () => assert.deepEqual(await page.evaluate(() => globalThis.printed), ['ready', 1]));
});

test('a copy of the page without the Markdown library says so', async () => {
  const missing = { status: 404, body: '' };
  const files = { 'lessons/own.md': lesson('Text.'), 'vendor/markdown-it/markdown-it.js': missing };
  const { page, complaints } = await open(files);
  await says(page, '[role=alert]', /^this copy of the page comes without the Markdown reader$/);
  complaints.length = 0;
});

for (const name of ['bottleneck', 'price-of-a-code', 'critic', 'bottleneck.de']) {
  test(`the lesson ${name} works: every figure is drawn, every question is answered, and axe finds nothing`, async () => {
    const seen = await visit({ from: new URL(`lesson.html?src=lessons/${name}.md`, address).href });
    const { page } = seen;
    await eventually(async () => assert.ok((await page.$$('form.question')).length >= 4));
    for (const figure of await page.$$('latent-lab')) {
      await figure.scrollIntoView();
      await eventually(async () => assert.equal(await figure.evaluate(({ status }) => status), 'ready'));
    }
    for (const form of await page.$$('form.question')) {
      await form.scrollIntoView();
      await form.evaluate((node) => {
        node.querySelector('input[type=radio]')?.click();
        node.querySelector('.number-guess input')?.dispatchEvent(new PointerEvent('pointerup'));
        node
          .querySelector('.plane input')
          ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', cancelable: true }));
        node.requestSubmit();
      });
      await eventually(async () =>
        assert.match(await form.evaluate((node) => node.querySelector('.verdict')?.textContent ?? ''), /network|Netz/),
      );
      // A number lies within the range of the slider, and exactly one choice is right.
      const place = await form.evaluate(
        (node) => node.querySelector('.scale .answer')?.style.insetInlineStart ?? '50%',
      );
      assert.ok(parseFloat(place) > 0 && parseFloat(place) <= 100, place);
      const right = await form.evaluate((node) => [
        node.querySelectorAll('.right').length,
        node.querySelectorAll('[type=radio]').length,
      ]);
      assert.ok(right[0] === 1 || right[1] === 0, `${right}`);
    }
    await assertAxeFindsNothing(seen);
  });
}
