/** Code for after the first picture, a single file when it is published. */

export { Announcer } from '../views/parts/announcer.js';
export { FigureDevice } from './device.js';
