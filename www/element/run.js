import { pageEngine } from '../engine/engine.js';
import { Failure } from '../failure.js';
import { readState } from '../state/state.js';
import { answered } from './requests.js';

/**
 * @typedef {import('../training/page/controller.js').TrainingController} TrainingController
 * @typedef {import('../training/page/types.js').RunStatus} RunStatus
 * @typedef {import('../training/page/requests.js').ControllerRequest} ControllerRequest
 */

/** A figure's training run. Its controller is fetched with the first request, and stays when the view is rebuilt. */
export class FigureRun {
  #element;
  #onStatus;
  /** @type {Promise<TrainingController> | null} */
  #controller = null;
  /** The name that the run is stored under. */
  #name = '';

  /**
   * @param {HTMLElement} element
   * @param {(status: RunStatus) => void} onStatus
   */
  constructor(element, onStatus) {
    this.#element = element;
    this.#onStatus = onStatus;
  }

  /**
   * Sends a request to the training controller. A failure of the request does not end the figure.
   * @param {ControllerRequest} request
   * @throws {Failure} if the controller's code cannot be fetched
   */
  async send({ command, args }) {
    this.#controller ??= this.#open();
    const controller = await this.#controller;
    // The type of a request pairs each command with its arguments; TypeScript loses the pairing here.
    const method = /** @type {(args: unknown) => unknown} */ (controller[command]);
    return answered(() => method.call(controller, args));
  }

  /** The figure is back in the document. */
  reconnect() {
    this.#controller?.then((controller) => controller.reconnect()).catch(() => {});
  }

  /** The figure has left the document. The run is kept, since the figure may return. */
  disconnect() {
    this.#controller?.then((controller) => controller.disconnect()).catch(() => {});
  }

  /**
   * Drops the controller if the figure no longer trains, or has another run. The run stays in the database.
   * @param {import('../state/state.js').FigureState['figure']} figure
   */
  dropOther(figure) {
    if (figure === 'train' && this.#name === nameOf(this.#element)) return;
    this.disconnect();
    this.#controller = null;
  }

  async #open() {
    this.#name = nameOf(this.#element);
    try {
      const { TrainingController } = await import('../training/page/controller.js');
      return new TrainingController(pageEngine, this.#onStatus, this.#name);
    } catch (error) {
      this.#controller = null;
      throw Failure.from(error, 'unreachable');
    }
  }
}

/**
 * Name under which a figure's training run is stored: different figures and prepared links have
 * different runs. It follows from the attributes alone, so that later changes by the reader do not
 * start another run.
 * @param {Element} element
 */
function nameOf(element) {
  const { lesson, plan } = readState(element);
  return [...(lesson === 'free' ? [] : [lesson]), plan].filter(Boolean).join(' ');
}
