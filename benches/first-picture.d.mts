/** The page from a cold cache to its first decoded picture: how long that takes, and what has to be fetched for it. */
/**
 * Milliseconds from the start of the navigation until the first figure's canvas holds a picture, in a browser with a
 * fresh profile.
 * @param {string} address of the page
 */
export declare function timeToFirstPicture(address: string): Promise<number>;
/**
 * Paths that the server was asked for until the first picture, in order. A server between page and site sees them all,
 * those of workers too.
 * @param {string} address of the page
 */
export declare function pathsToFirstPicture(address: string): Promise<string[]>;
