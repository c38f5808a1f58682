/** The worker's code for training runs, as one script: worker.js loads it by its address with the first command. */

export { Helper } from './helper.js';
export { Session } from './session.js';
