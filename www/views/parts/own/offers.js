import { say } from '../../../state/texts.js';
import { Camera } from '../camera.js';
import { button } from '../controls.js';
import { h } from '../dom.js';
import { emit } from '../events.js';
import { Pad } from '../pad.js';

/**
 * The sources of a picture: a file, the camera, the pad. Emits on its node: `files` (detail: an array of files), `shot` (detail: a
 * canvas), `drawing` (detail: the pad), `open` when the camera or the pad takes the place of the picture, and `problem` (detail: why
 * the camera cannot be used).
 */
export class Offers {
  #input = h('input', { type: 'file', accept: 'image/*', hidden: true, part: 'own-file-input' });
  #camera = new Camera();
  #pad = new Pad();
  #usePad = primary(button(say('Use this drawing'), 'own-pad-use', () => emit(this.node, 'drawing', this.#pad)));
  #shoot = primary(button(say('Take a picture'), 'own-shoot', () => this.#take()));
  /** The first offer, for the focus. */
  first = button(say('Choose a file'), 'own-file', () => this.#input.click());
  #cameraPlace = h('div', { class: 'own-stage', hidden: true });
  #padPlace = h('div', { class: 'own-stage', hidden: true });

  constructor() {
    this.#input.addEventListener('change', () => {
      const files = [...(this.#input.files ?? [])];
      this.#input.value = '';
      if (files.length > 0) emit(this.node, 'files', files);
    });
    this.#cameraPlace.append(
      h('div', { class: 'video own-video' }, this.#camera.node),
      h('div', { class: 'row' }, this.#shoot),
    );
    this.#padPlace.append(
      this.#pad.node,
      h(
        'div',
        { class: 'row' },
        this.#usePad,
        button(say('Undo'), 'own-pad-undo', () => this.#pad.undo()),
        button(say('Clear'), 'own-pad-clear', () => this.#pad.clear()),
      ),
    );
    this.#pad.node.addEventListener('ink', () => (this.#usePad.disabled = this.#pad.picture(8) === null));
    const ways = [
      this.first,
      button(say('Camera'), 'own-camera', () => this.#openCamera()),
      button(say('Draw'), 'own-draw', () => this.#openPad()),
    ];
    this.node = h(
      'div',
      { class: 'own-offers' },
      h('div', { class: 'row' }, ...ways, this.#input),
      this.#cameraPlace,
      this.#padPlace,
    );
  }

  /** Closes camera and pad. */
  close() {
    this.#camera.stop();
    this.#cameraPlace.hidden = this.#padPlace.hidden = true;
  }

  async #openCamera() {
    this.close();
    emit(this.node, 'open');
    this.#cameraPlace.hidden = false;
    this.#shoot.disabled = true;
    const problem = await this.#camera.start();
    if (problem === null) return;
    this.#shoot.disabled = problem !== '';
    if (problem === '') return this.#shoot.focus();
    this.close();
    emit(this.node, 'problem', problem);
  }

  #openPad() {
    this.close();
    emit(this.node, 'open');
    this.#padPlace.hidden = false;
    this.#pad.clear();
    this.#pad.surface.focus();
  }

  #take() {
    const picture = this.#camera.shoot();
    if (picture) emit(this.node, 'shot', picture);
  }
}

/** @param {HTMLButtonElement} node */
function primary(node) {
  node.classList.add('primary');
  return node;
}
