import { retell, say, written } from '../../state/texts.js';
import { h } from '../parts/dom.js';

/**
 * @typedef {import('../../training/page/requests.js').Request} Request
 * @typedef {import('../../training/protocol.js').Precision} Precision
 */

/** Saves networks as files and shows them in other figures. Reports to the reader in a line of text. */
export class Networks {
  #request;
  #tell;

  /**
   * @param {Request} request
   * @param {(text: string) => void} tell
   */
  constructor(request, tell) {
    this.#request = request;
    this.#tell = tell;
  }

  /**
   * Saves a network of the run as a file.
   * @param {{which: number, precision: Precision, index?: number}} args `index` of a snapshot; without it, the current step
   */
  async save(args) {
    const { value, problem } = await this.#request('save', args);
    if (!value) return this.#tell(problem ?? '');
    const { file, name } = value;
    const address = URL.createObjectURL(new Blob([file], { type: 'application/octet-stream' }));
    h('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    this.#tell(
      say('{file}, {size} MB. It opens in Python with the safetensors package.', {
        file: name,
        size: written((file.length / 1e6).toFixed(2)),
      }),
    );
  }

  /**
   * Shows a network of the run in the other figures.
   * @param {{which: number, index?: number}} args as for `save`
   */
  async use(args) {
    const { value, problem } = await this.#request('use', args);
    this.#tell(value ? used(say('Your network'), value) : (problem ?? ''));
  }

  /**
   * Shows dropped model files in the other figures.
   * @param {import('../../training/input/dropped.js').DroppedModel[]} models
   * @param {import('../../training/page/adopt.js').Pictures} pictures whose latents stand in for stored ones
   * @param {import('../../training/input/images.js').Refusal[]} refused other files of the same drop
   * @returns {Promise<boolean>} true if the first one could be read
   */
  async adopt(models, pictures, refused) {
    const [{ file }] = models;
    this.#tell(say('Reading {file}…', { file: models.map(({ file }) => file.name).join(', ') }));
    const { value, problem } = await this.#request('adopt', { models, pictures });
    const answer = value ?? { used: [], refused: [{ name: file.name, why: problem ?? '' }] };
    const taken = answer.used.map(({ name, figures }) => used(name, figures));
    const left = [...refused, ...answer.refused].map(({ name, why }) => `${name}: ${retell(why)}.`);
    this.#tell([...taken, ...left].join(' '));
    return !answer.refused.some(({ name }) => name === file.name);
  }
}

/** Names of the other figures for the reader. @returns {Record<string, string>} */
const titles = () => ({
  morph: say('the path between two pictures'),
  samples: say('the random codes'),
  map: say('the plane'),
  traversal: say('the latent traversal'),
  paths: say('the compared paths'),
  posterior: say('the posterior'),
  microscope: say('the microscope'),
  direction: say('the attribute vectors'),
});

/**
 * @param {string} name
 * @param {string[]} figures
 */
function used(name, figures) {
  return figures.length > 0
    ? say('{name} is now in: {figures}.', { name, figures: figures.map((figure) => titles()[figure]).join(', ') })
    : say('{name} is ready, but no other figure on this page can show it.', { name });
}
