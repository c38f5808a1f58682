/** Chromium, and workers in it that answer one request after the other. */
/** A browser with a profile of its own that ends with it. @param {...string} more flags */
export declare function launch(...more: string[]): Promise<import("puppeteer-core").Browser>;
/**
 * A page of the site's origin with nothing on it but what is given.
 * @param {import('puppeteer-core').Browser | import('puppeteer-core').BrowserContext} browser
 * @param {string} address of the site
 * @param {{body?: string, before?: () => void}} [content] `before` runs in the page before its own scripts
 */
export declare function emptyPage(browser: import('puppeteer-core').Browser | import('puppeteer-core').BrowserContext, address: string, { body, before }?: {
    body?: string;
    before?: () => void;
}): Promise<import("puppeteer-core").Page>;
/**
 * Starts a script of this folder as a worker in a page; the answer asks it: `await ask('time', {...})`.
 * @param {import('puppeteer-core').Page} page
 * @param {string} [name]
 */
export declare function startWorker(page: import('puppeteer-core').Page, name?: string): Promise<(action: string, args: object) => Promise<any>>;
