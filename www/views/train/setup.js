import { say } from '../../state/texts.js';
import { presetFor } from '../../training/page/run-config.js';
import { presets } from '../../training/page/settings.js';
import { checkbox, choice, nearest, numberField } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';
import { Layers } from './layers.js';

/**
 * @typedef {import('../../training/page/settings.js').Settings} Settings
 * @typedef {import('../../training/page/settings.js').PresetName} PresetName
 */

/** Smallest and largest side of an image, in pixels. */
const SMALLEST = 8;
const LARGEST = 128;

/** Default augmentation when it is switched on. */
const CHANGES = { flip: false, rotate: 10, shift: 0.1, zoom: 0.1 };

/**
 * The form for the run config: images, networks, loss, batch, seed. Emits on its node: `change`, and `shape` (detail: {side, channels}).
 */
export class Setup {
  #settings;
  #layers;
  #preset;
  #kind;
  #likelihood;
  #side = numberField({ label: say('Side, in pixels'), part: 'side', low: SMALLEST, high: LARGEST, value: 28 }, () =>
    this.#emitShape(),
  );
  #color;
  #held = numberField({ label: say('Held out, %'), part: 'held', low: 0, high: 50, value: 10 }, (percent) =>
    this.#change({ held: percent / 100 }),
  );
  #fields;
  #augment;
  #augmentBox = h('fieldset', { class: 'augment' });
  #form = h('fieldset', { class: 'setup-form' });
  #estimate = h('p', { class: 'estimate', part: 'estimate', role: 'status' });

  /**
   * @param {Settings} settings changed in place
   * @param {Node} startNode the choice of the start
   */
  constructor(settings, startNode) {
    this.#settings = settings;
    const named = /** @type {const} */ ([
      ['quick', say('Quick')],
      ['plane', say('Plane of two numbers')],
      ['article', say('The article’s')],
    ]);
    this.#preset = choice({ legend: say('Preset'), name: 'preset', values: named, value: 'quick' }, (name) =>
      this.#usePreset(name),
    );
    const kinds = /** @type {const} */ ([
      ['both', say('Both, side by side')],
      ['variational', say('VAE')],
      ['autoencoder', say('Plain')],
    ]);
    this.#kind = choice({ legend: say('Kind'), name: 'kind', values: kinds, value: settings.kind }, (kind) =>
      this.#change({ kind }),
    );
    const losses = /** @type {const} */ ([
      ['bernoulli', say('Bernoulli')],
      ['gaussian', say('Squared error')],
    ]);
    this.#likelihood = choice(
      { legend: say('Loss'), name: 'likelihood', values: losses, value: settings.likelihood },
      (likelihood) => this.#change({ likelihood }),
    );
    const colors = /** @type {const} */ ([
      ['1', say('Gray')],
      ['3', say('Color')],
    ]);
    this.#color = choice({ legend: say('Seen as'), name: 'channels', values: colors, value: '1' }, () =>
      this.#emitShape(),
    );
    this.#fields = {
      latent: this.#number(say('Latent numbers'), 'latent', 2, 1024),
      batch: this.#number(say('Pictures per batch'), 'batch', 1, 1024),
      seed: this.#number(say('Seed'), 'train-seed', 0, 0xffff_ffff, 'seed'),
    };
    this.#layers = new Layers((layers) => this.#change({ layers }));
    this.#augment = checkbox(
      say('Change each picture a little each time'),
      settings.augment !== null,
      'augment',
      (isOn) => this.#change({ augment: isOn ? CHANGES : null }),
    );
    this.#form.append(
      h('legend', { class: 'unseen' }, say('Settings')),
      row(this.#preset.node, startNode),
      row(this.#side.node, this.#color.node, this.#held.node),
      h('div', { class: 'field', 'data-control': 'augment' }, this.#augment.node, this.#augmentBox),
      row(this.#kind.node, this.#fields.latent.node),
      this.#layers.node,
      row(this.#likelihood.node, this.#fields.batch.node, this.#fields.seed.node),
    );
    this.node = h('div', { class: 'setup' }, this.#form, this.#estimate);
    this.#draw();
  }

  /** Takes settings from elsewhere. @param {Partial<Settings>} settings */
  set(settings) {
    Object.assign(this.#settings, settings);
    this.#draw();
  }

  /** @param {import('../../engine/types.js').ImageShape} shape */
  set shape({ width, channels }) {
    this.#side.set(width);
    this.#color.set(/** @type {'1' | '3'} */ (String(channels)));
  }

  /** @param {string} text parameters and time, or the problem with the settings */
  set estimate(text) {
    this.#estimate.textContent = text;
    this.#estimate.ariaBusy = 'false';
  }

  /** Marks the estimate as stale. It stays visible until there is a new one, so that nothing below moves. */
  forget() {
    this.#estimate.ariaBusy = 'true';
  }

  /** @param {boolean} isLocked */
  lock(isLocked) {
    this.#form.disabled = isLocked;
  }

  /** Takes a preset, but keeps seed, pace, threads and `awake`. @param {PresetName} name */
  #usePreset(name) {
    const { seed, pace, threads, awake } = this.#settings;
    this.#change({ ...presets[name](), seed, pace, threads, awake });
  }

  /** @param {Partial<Settings>} changed */
  #change(changed) {
    Object.assign(this.#settings, changed);
    this.#draw();
    this.node.dispatchEvent(new Event('change'));
  }

  #emitShape() {
    const channels = this.#color.inputs[1].checked ? 3 : 1;
    emit(this.node, 'shape', { side: this.#side.input.valueAsNumber, channels });
  }

  #draw() {
    const { kind, likelihood, layers, latent, batch, seed, augment, held } = this.#settings;
    this.#preset.set(/** @type {PresetName} */ (presetFor(this.#settings)));
    this.#kind.set(kind);
    this.#likelihood.set(likelihood);
    this.#fields.latent.set(latent);
    this.#fields.batch.set(batch);
    this.#fields.seed.set(seed);
    this.#layers.set(layers);
    this.#held.set(Math.round(100 * held));
    this.#augment.input.checked = augment !== null;
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
    return numberField({ label, part, low, high, value: this.#settings[name] }, (value) =>
      this.#change({ [name]: value }),
    );
  }

  /** @param {import('../../training/page/settings.js').Augmentation} augment */
  #augmentFields(augment) {
    /** @param {Partial<typeof augment>} changed */
    const change = (changed) => this.#change({ augment: { ...augment, ...changed } });
    /** @param {string} label @param {'rotate' | 'shift' | 'zoom'} name @param {number} high @param {number} scale */
    const field = (label, name, high, scale) => {
      const input = h('input', {
        type: 'number',
        min: 0,
        max: high,
        step: 1,
        part: `augment-${name}`,
        value: Math.round(augment[name] * scale),
      });
      input.addEventListener('change', () => {
        change({ [name]: nearest(input, augment[name] * scale) / scale });
      });
      return h('label', { class: 'field' }, h('span', { class: 'name' }, label), input);
    };
    const flip = checkbox(say('Mirror'), augment.flip, 'augment-flip', (isOn) => change({ flip: isOn }));
    return [
      h('legend', { class: 'unseen' }, say('Changes')),
      field(say('Rotate up to, degrees'), 'rotate', 180, 1),
      field(say('Shift up to, %'), 'shift', 50, 100),
      field(say('Zoom up to, %'), 'zoom', 90, 100),
      this.#number(say('Copies per epoch'), 'copies', 1, 1000, 'copies').node,
      flip.node,
    ];
  }
}

/** @param {...Node} fields */
function row(...fields) {
  return h('div', { class: 'settings' }, ...fields);
}
