import { isOn } from '../../training/critic.js';
import { retell, say, sayNumber } from '../../state/texts.js';
import { button, hold } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { criticCharts } from './chart-specs.js';
import { Charts } from './charts.js';

/** @typedef {import('../../training/page/types.js').RunStatus} RunStatus */

/** Step from which a critic is offered: earlier, the network draws nothing that it could make sharp. */
const TRAINED = 100;

/** Above this, the critic has been sure of nearly everything for hundreds of steps, as in the core. */
const WON = 0.97;

/** Adds a critic to a run or removes it, and shows its verdicts. */
export class CriticControl {
  #request;
  #button = button(say('Add a critic'), 'critic', () => this.#toggle());
  #about = h('p', { class: 'hint' });
  #note = h('p', { class: 'problem', part: 'critic-note', role: 'status', hidden: true });
  #charts = new Charts({ part: 'verdicts', hasScale: false });
  #isBusy = false;

  /** @param {import('../../training/page/requests.js').Request} request */
  constructor(request) {
    this.#request = request;
    this.#charts.node.hidden = true;
    this.width = this.#charts.width;
    this.node = h(
      'section',
      { class: 'critic', hidden: true, 'aria-label': say('Critic') },
      h('div', { class: 'row', 'data-control': 'critic' }, this.#button, this.#about),
      this.#note,
      this.#charts.node,
    );
  }

  /** A run begins. */
  begin() {
    this.node.hidden = true;
    this.#tell('');
    return this.#charts.begin(criticCharts());
  }

  /** @param {RunStatus} status */
  show({ phase, step, critic, verdicts }) {
    const hasCritic = isOn({ steps: critic });
    this.node.hidden = step < TRAINED && critic.length === 0;
    this.#button.textContent = hasCritic ? say('Remove the critic') : say('Add a critic');
    this.#button.disabled = phase === 'stopped';
    this.#about.textContent = about(critic);
    this.#charts.node.hidden = verdicts[0].length === 0;
    if (verdicts[0].length > 0) this.#charts.show(verdicts);
    const sureness = verdicts[4].at(-1) ?? 0;
    this.#tell(
      hasCritic && sureness > WON
        ? say(
            'The critic has won: it recognizes every drawn picture beyond doubt, so its verdicts no longer say what would be better. Remove it, or go back to an earlier step.',
          )
        : '',
    );
  }

  destroy() {
    this.#charts.destroy();
  }

  async #toggle() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    hold(this.#button, true);
    const { problem } = await this.#request('toggleCritic');
    this.#isBusy = false;
    hold(this.#button, false);
    if (problem) this.#tell(retell(problem));
  }

  /** @param {string} text empty to hide the note */
  #tell(text) {
    if (this.#note.textContent !== text) this.#note.textContent = text;
    this.#note.hidden = !text;
  }
}

/** @param {number[]} steps at which a critic was added, removed and so on */
function about(steps) {
  const last = steps.at(-1);
  if (last === undefined) {
    return say(
      'A second network learns to tell the training pictures from drawn ones, and the first learns to pass: what it draws becomes sharp.',
    );
  }
  const step = sayNumber(last);
  return isOn({ steps })
    ? say(
        'Added at step {step}. While it is there, one processor takes all steps, not the GPU; beta and the learning rate have no effect.',
        { step },
      )
    : say('Removed at step {step}. Now only the losses above count, and the pictures become soft again.', { step });
}
