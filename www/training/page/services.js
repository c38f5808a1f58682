/**
 * Requests of a training figure that are not about its run: images, networks, and measurements before the start. The training
 * controller extends it.
 */

import { adopt } from './adopt.js';
import { configsOf } from './settings.js';
import { readStart } from './start.js';
import { drawApart } from '../input/apart.js';
import { drawPictures } from '../input/sources.js';

export class Services {
  /** @param {import('../../engine/engine.js').Engine} engine */
  constructor(engine) {
    this.engine = engine;
  }

  /** Images that a shipped model decodes, for readers without a dataset. @param {{model: string}} args */
  drawPictures({ model }) {
    return drawPictures(this.engine, model);
  }

  /** The same for an experiment, with pictures to hold out. @param {import('../input/apart.js').Wanted} args */
  drawApart(args) {
    return drawApart(this.engine, args);
  }

  /** @param {Parameters<import('../../engine/engine.js').Engine['bytes']>[0]} args */
  bytes(args) {
    return this.engine.bytes(args);
  }

  /** @param {Parameters<import('../../engine/engine.js').Engine['augment']>[0]} args */
  augment(args) {
    return this.engine.augment(args);
  }

  /** @param {{settings: import('./settings.js').Settings, shape: import('../../engine/types.js').ImageShape}} args */
  measure({ settings, shape }) {
    return this.engine.train({ verb: 'measure', args: { configs: configsOf(settings, shape) } });
  }

  /**
   * Reads a network from which a run can start, and the settings that such a run must have.
   * @param {Parameters<typeof readStart>[1]} source a shipped model by its name, or a model file
   */
  readStart(source) {
    return readStart(this.engine, source);
  }

  /**
   * Shows the reader's model files in the other figures of the page.
   * @param {{models: import('../input/dropped.js').DroppedModel[], pictures: import('./adopt.js').Pictures}} args
   */
  adopt({ models, pictures }) {
    return adopt(this.engine, models, pictures);
  }
}
