/**
 * The site's own lessons, as the page lists them: one list for each language. `lessons/NAME.md` is in English, and
 * `lessons/NAME.LANGUAGE.md` is the same lesson in another language.
 */

import { h } from '../../views/parts/dom.js';
import { addressOf, pageAddress } from './addresses.js';

export class Shipped {
  /** @type {Map<string, HTMLElement>} by language */
  #lists;

  /** @param {Iterable<HTMLElement>} lists */
  constructor(lists) {
    this.#lists = new Map([...lists].map((list) => [list.lang, list]));
  }

  /** @param {string} language */
  list(language) {
    return this.#lists.get(language);
  }

  /** The address of the article in a language, or in English. @param {string} language */
  article(language) {
    return this.list(language)?.dataset.article ?? './';
  }

  /** The address of the list in a language. @param {string} language */
  page(language) {
    return language !== 'en' && this.list(language) ? `lesson.html?lang=${language}` : 'lesson.html';
  }

  /**
   * The same lesson in a language; null if the site does not have it.
   * @param {string} lesson address
   * @param {string} language
   */
  translated(lesson, language) {
    const link = this.#linkTo(lesson, language);
    return link ? addressIn(link) : null;
  }

  /**
   * Links to a lesson, or to the list of lessons, in the other languages.
   * @param {string} language of what is shown
   * @param {string} [lesson] address
   */
  others(language, lesson) {
    const others = [...this.#lists.keys()].filter((other) => other !== language);
    return others.flatMap((other) => {
      const href = lesson === undefined ? this.page(other) : this.#linkTo(lesson, other)?.href;
      return href ? [linkIn(other, href)] : [];
    });
  }

  /**
   * The link to the same lesson in the list of a language.
   * @param {string} lesson address
   * @param {string} language
   */
  #linkTo(lesson, language) {
    const links = [...(this.list(language)?.querySelectorAll('a') ?? [])];
    return links.find((link) => this.#nameOf(addressIn(link)) === this.#nameOf(lesson));
  }

  /** The address of a lesson without its language. @param {string} address */
  #nameOf(address) {
    const [, start, language] = /^(.*)\.([^./]+)\.md$/.exec(address) ?? [];
    return language && this.#lists.has(language) ? `${start}.md` : address;
  }
}

/** The address of the lesson that a link in a list leads to. @param {HTMLAnchorElement} link */
function addressIn({ search }) {
  return addressOf(new URLSearchParams(search).get('src') ?? '', pageAddress()) ?? '';
}

/** @param {string} language @param {string} href */
function linkIn(language, href) {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language);
  return h('a', { class: 'language', href, hreflang: language, lang: language }, name ?? language);
}
