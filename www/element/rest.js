/** Code for the time after the first picture, one file when it is published. */

export { Announcer } from '../views/parts/announcer.js';
export { FigureDevice } from './device.js';
