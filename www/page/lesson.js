/**
 * The page of lessons. `?src=` names a file on this site; without it, the page lists the site's own lessons. `lang=` chooses the
 * language of the list, and of a lesson that the site has in several. A file can be dropped or chosen at any time; it is read here and
 * goes nowhere.
 */

import '../latent-lab.js';
import { learn, retell, say, spoken } from '../state/texts.js';
import { button } from '../views/parts/controls.js';
import { h } from '../views/parts/dom.js';
import { addressOf, pageAddress } from './lesson/addresses.js';
import { problemsOf, siteName, titleOf, Tools } from './lesson/head.js';
import { printAll } from './lesson/paper.js';
import { nameOf, Progress } from './lesson/progress.js';
import { markdown, readLesson } from './lesson/read.js';
import { Sheet } from './lesson/sheet.js';
import { Shipped } from './lesson/shipped.js';
import { fetchLesson, lessonAmong, readFile } from './lesson/source.js';

const parameters = new URLSearchParams(location.search);
const main = /** @type {HTMLElement} */ (document.querySelector('main'));
const [header, footer] = ['header', 'footer'].map((name) => /** @type {HTMLElement} */ (document.querySelector(name)));
const shipped = new Shipped(/** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.lessons')));

/** The lesson that was requested last: a slower, earlier one is not shown. */
let wanted = 0;

start();
listen();

async function start() {
  const language = parameters.get('lang') ?? '';
  if (/^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(language)) document.documentElement.lang = language;
  const src = parameters.get('src');
  if (src === null) return showList();
  const named = addressOf(src, pageAddress());
  if (named === null) return fail(new Error('a lesson must be a file on this site'));
  const address = shipped.translated(named, languageOf(language)) ?? named;
  await open(() => fetchLesson(address), { name: src, base: address });
}

/** The language without its region. @param {string} code */
function languageOf(code) {
  return code.toLowerCase().split('-')[0];
}

/** The list of the site's lessons. */
async function showList() {
  // All figures of a page have one language: a lesson that is dropped here later may have another.
  if (document.documentElement.lang !== 'en') await learn(document.documentElement);
  document.documentElement.lang = spoken();
  document.title = `${say('Lessons')} · Latent Lab`;
  const list = /** @type {HTMLElement} */ (shipped.list(spoken()) ?? shipped.list('en'));
  list.hidden = false;
  header.replaceChildren(
    siteName(shipped, shipped.others(list.lang)),
    h('h1', {}, say('Lessons')),
    h('p', { class: 'lede' }, say('Text, live figures, and questions that you answer before the network does.')),
  );
  main.replaceChildren(h('section', { class: 'sheet' }, h('div', { class: 'text' }, list)));
  footer.replaceChildren(...chooser());
}

/** Controls to open a file of the reader's. */
function chooser() {
  const input = h('input', { type: 'file', accept: '.md,.markdown,.txt,text/markdown', hidden: true });
  input.addEventListener('change', () => openFiles(input.files ?? []));
  const choose = button(say('Open a lesson file'), 'open', () => input.click());
  const text = say('You can also drop a file on this page. It is read here and goes nowhere.');
  return [h('div', { class: 'text tools' }, choose, input, h('p', { class: 'note' }, text))];
}

function listen() {
  addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    // Figures take pictures dropped on them.
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    openFiles(event.dataTransfer.files);
  });
}

/** @param {Iterable<File>} files */
function openFiles(files) {
  const file = lessonAmong(files);
  if (!file) return;
  // The page's address says what it shows, and a dropped file has none.
  history.replaceState(null, '', location.pathname);
  open(() => readFile(file), { name: file.name, base: pageAddress() });
}

/**
 * @param {() => Promise<string>} fetchText
 * @param {{name: string, base: string}} source
 */
async function open(fetchText, source) {
  const number = ++wanted;
  try {
    const [library, text] = await Promise.all([loadLibrary(), fetchText()]);
    if (number === wanted) await show(readLesson(text, library), text, source);
  } catch (error) {
    if (number === wanted) fail(error);
  }
}

async function loadLibrary() {
  const module = await import('../vendor/markdown-it/markdown-it.js').catch(() => {
    throw new Error('this copy of the page comes without the Markdown reader');
  });
  return markdown(module.default);
}

/**
 * @param {import('./lesson/read.js').Lesson} lesson
 * @param {string} text
 * @param {{name: string, base: string}} source
 */
async function show(lesson, text, { name, base }) {
  document.documentElement.lang = lesson.meta.lang;
  await learn(document.documentElement);
  const progress = new Progress(base === pageAddress() ? nameOf(text) : base);
  const sheet = new Sheet(lesson.parts, base, progress, () => tools.show());
  const tools = new Tools(progress, sheet.questions.length, () => printAll(main, sheet.questions));
  document.title = `${lesson.meta.title || name} · Latent Lab`;
  const others = shipped.others(languageOf(lesson.meta.lang), base);
  header.replaceChildren(siteName(shipped, others), ...titleOf(lesson, name), tools.node, ...problemsOf(lesson));
  main.replaceChildren(...sheet.nodes);
  footer.replaceChildren(...chooser());
  scrollTo(0, 0);
  header.querySelector('h1')?.focus({ preventScroll: true });
}

/** @param {unknown} error */
async function fail(error) {
  await learn(document.documentElement);
  header.replaceChildren(siteName(shipped), h('h1', {}, say('This lesson cannot be shown')));
  main.replaceChildren(h('p', { class: 'sheet', role: 'alert' }, retell(error)));
  footer.replaceChildren(...chooser());
}
