import { say } from '../../texts.js';
import { checkbox, choice, nearest, numberField, passFocus } from '../parts/controls.js';
import { h } from '../parts/dom.js';

/** @typedef {import('../../training/settings.js').Settings} Settings */

const FEWEST = 3;
const MOST = 5;

/** What is fixed once a run has begun: the networks, the loss, the batch, the seed. Emits `change` on its node. */
export class Setup {
  #settings;
  #layers = h('div', { class: 'layers', part: 'layers' });
  #fewer = h('button', { type: 'button', part: 'fewer-layers' }, say('One layer less'));
  #more = h('button', { type: 'button', part: 'more-layers' }, say('One layer more'));
  #kind;
  #likelihood;
  #fields;
  #augment;
  #augmentBox = h('fieldset', { class: 'augment' });
  #form = h('fieldset', { class: 'setup-form' });
  #estimate = h('p', { class: 'estimate', part: 'estimate', role: 'status' });

  /** @param {Settings} settings changed in place */
  constructor(settings) {
    this.#settings = settings;
    this.#kind = choice(
      {
        legend: say('Kind'),
        name: 'kind',
        values: /** @type {const} */ ([
          ['both', say('Both, side by side')],
          ['variational', say('VAE')],
          ['autoencoder', say('Plain')],
        ]),
        value: settings.kind,
      },
      (kind) => this.#change({ kind }),
    );
    this.#likelihood = choice(
      {
        legend: say('Loss'),
        name: 'likelihood',
        values: /** @type {const} */ ([
          ['bernoulli', say('Bernoulli')],
          ['gaussian', say('Squared error')],
        ]),
        value: settings.likelihood,
      },
      (likelihood) => this.#change({ likelihood }),
    );
    this.#fields = {
      latent: this.#number(say('Latent numbers'), 'latent', 2, 1024),
      batch: this.#number(say('Pictures in a batch'), 'batch', 1, 1024),
      seed: this.#number(say('Seed'), 'train-seed', 0, 0xffff_ffff, 'seed'),
    };
    this.#augment = checkbox(say('Change each picture a little, anew each time'), settings.augment !== null, 'augment', (isOn) =>
      this.#change({ augment: isOn ? { flip: false, rotate: 10, shift: 0.1, zoom: 0.1 } : null }),
    );
    this.#fewer.addEventListener('click', () => this.#change({ layers: this.#settings.layers.slice(0, -1) }));
    this.#more.addEventListener('click', () => {
      const { layers } = this.#settings;
      this.#change({ layers: [...layers, { ...layers[layers.length - 1], stride: 1 }] });
    });
    this.#form.append(
      h('legend', { class: 'unseen' }, say('Network')),
      h('div', { class: 'settings' }, this.#kind.node, this.#likelihood.node),
      h('div', { class: 'settings' }, ...Object.values(this.#fields).map(({ node }) => node)),
      h('div', { class: 'field', 'data-control': 'layers' }, h('span', { class: 'name' }, say('Layers of the encoder; the decoder mirrors them')), this.#layers, h('div', { class: 'row' }, this.#more, this.#fewer)),
      h('div', { class: 'field', 'data-control': 'augment' }, this.#augment.node, this.#augmentBox),
    );
    this.node = h('div', { class: 'setup' }, this.#form, this.#estimate);
    this.#draw();
  }

  /** @param {Settings} settings of a run that was there already */
  set(settings) {
    Object.assign(this.#settings, settings);
    this.#draw();
  }

  /** @param {string} text parameters and time, or what is wrong with the settings */
  set estimate(text) {
    this.#estimate.textContent = text;
    this.#estimate.ariaBusy = 'false';
  }

  /** The estimate is of other settings. It stays until there is another, so that nothing below moves. */
  forget() {
    this.#estimate.ariaBusy = 'true';
  }

  /** @param {boolean} isLocked */
  lock(isLocked) {
    this.#form.disabled = isLocked;
  }

  /** @param {Partial<Settings>} changed */
  #change(changed) {
    Object.assign(this.#settings, changed);
    this.#draw();
    this.node.dispatchEvent(new Event('change'));
  }

  #draw() {
    const { kind, likelihood, layers, latent, batch, seed, augment } = this.#settings;
    this.#kind.set(kind);
    this.#likelihood.set(likelihood);
    this.#fields.latent.set(latent);
    this.#fields.batch.set(batch);
    this.#fields.seed.set(seed);
    passFocus(this.#form, layers.length >= MOST ? this.#fewer : this.#more, () => {
      this.#fewer.disabled = layers.length <= FEWEST;
      this.#more.disabled = layers.length >= MOST;
    });
    this.#augment.input.checked = augment !== null;
    this.#layers.replaceChildren(...layers.map((layer, i) => this.#layer(layer, i)));
    this.#augmentBox.hidden = augment === null;
    this.#augmentBox.replaceChildren(...(augment ? this.#augmentFields(augment) : []));
  }

  /**
   * @param {string} label
   * @param {string} part
   * @param {number} low
   * @param {number} high
   * @param {'latent' | 'batch' | 'seed' | 'copies'} [name]
   */
  #number(label, part, low, high, name = /** @type {'latent' | 'batch'} */ (part)) {
    return numberField({ label, part, low, high, value: this.#settings[name] }, (value) => this.#change({ [name]: value }));
  }

  /**
   * @param {Settings['layers'][number]} layer
   * @param {number} index
   */
  #layer(layer, index) {
    /** @param {Partial<Settings['layers'][number]>} changed */
    const change = (changed) => {
      this.#change({ layers: this.#settings.layers.map((each, i) => (i === index ? { ...each, ...changed } : each)) });
    };
    const name = say('Layer {number}', { number: index + 1 });
    const words = { kernel: say('kernel'), stride: say('stride') };
    const filters = h('input', { type: 'number', min: 1, max: 512, step: 1, value: layer.filters, part: `filters-${index}`, 'aria-label': `${name}, ${say('filters')}` });
    filters.addEventListener('change', () => {
      change({ filters: nearest(filters, layer.filters) });
      this.#refocus(`filters-${index}`);
    });
    /** @param {'kernel' | 'stride'} which @param {number[]} values */
    const select = (which, values) => {
      const options = values.map((value) => h('option', { value, selected: value === layer[which] }, `${words[which]} ${value}`));
      const node = h('select', { part: `${which}-${index}`, 'aria-label': `${name}, ${words[which]}` }, ...options);
      node.addEventListener('change', () => {
        change({ [which]: Number(node.value) });
        this.#refocus(`${which}-${index}`);
      });
      return node;
    };
    return h('div', { class: 'layer' }, h('span', { class: 'order' }, String(index + 1)), filters, h('span', {}, say('filters')), select('kernel', [3, 5]), select('stride', [1, 2]));
  }

  /** The fields are made anew with each change; the reader stays where they were. @param {string} part */
  #refocus(part) {
    /** @type {HTMLElement | null} */ (this.#layers.querySelector(`[part=${part}]`))?.focus();
  }

  /** @param {import('../../training/settings.js').Augmentation} augment */
  #augmentFields(augment) {
    /** @param {Partial<typeof augment>} changed */
    const change = (changed) => this.#change({ augment: { ...augment, ...changed } });
    /** @param {string} label @param {'rotate' | 'shift' | 'zoom'} name @param {number} high @param {number} scale */
    const field = (label, name, high, scale) => {
      const input = h('input', { type: 'number', min: 0, max: high, step: 1, part: `augment-${name}`, value: Math.round(augment[name] * scale) });
      input.addEventListener('change', () => {
        change({ [name]: nearest(input, augment[name] * scale) / scale });
      });
      return h('label', { class: 'field' }, h('span', { class: 'name' }, label), input);
    };
    const flip = checkbox(say('Mirror'), augment.flip, 'augment-flip', (isOn) => change({ flip: isOn }));
    return [
      h('legend', { class: 'unseen' }, say('Changes')),
      field(say('Turn up to, degrees'), 'rotate', 180, 1),
      field(say('Shift up to, %'), 'shift', 50, 100),
      field(say('Zoom up to, %'), 'zoom', 90, 100),
      this.#number(say('Times in an epoch'), 'copies', 1, 1000, 'copies').node,
      flip.node,
    ];
  }
}
