import { retell, say } from '../../state/texts.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';

/** Says what went wrong with a run, and offers a way back. */
export class Problem {
  node = h('div', { class: 'problem', part: 'problem', role: 'alert', hidden: true });
  #onRecover;
  #shown = '';

  /** @param {() => void} onRecover called when the reader wants to go back and take smaller steps */
  constructor(onRecover) {
    this.#onRecover = onRecover;
  }

  /**
   * @param {string | undefined} problem
   * @param {boolean} isStopped the run cannot continue as it is
   */
  show(problem, isStopped) {
    this.node.hidden = !problem;
    const content = `${isStopped} ${problem}`;
    if (!problem || this.#shown === content) return;
    this.#shown = content;
    this.node.replaceChildren(
      h('p', {}, isStopped ? say('The run has stopped: {why}.', { why: retell(problem) }) : retell(problem)),
    );
    if (!isStopped) return;
    const advice = say(
      'Usually the learning rate is the cause: a step was so long that it overshot. The run can continue from the last good step with a third of the rate.',
    );
    this.node.append(h('p', {}, advice), button(say('Go back and take smaller steps'), 'recover', this.#onRecover));
  }
}
