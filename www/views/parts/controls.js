import { say, sayNumber } from '../../state/texts.js';
import { h, svg } from './dom.js';

/**
 * Makes a slider with its name and its formatted value.
 * @param {object} options
 * @param {string} options.label
 * @param {number} options.min
 * @param {number} options.max
 * @param {number} options.step
 * @param {number} options.value
 * @param {(value: number) => string} options.format
 * @param {string} options.part
 */
export function slider({ label, min, max, step, value, format, part }) {
  const input = h('input', { type: 'range', min, max, step, part });
  const output = h('output', { dir: 'auto', 'aria-hidden': 'true' });
  const node = h(
    'label',
    { class: 'field', 'data-control': part },
    h('span', { class: 'name' }, label, ' ', output),
    input,
  );
  /** @param {number} next */
  const set = (next) => {
    input.value = String(next);
    show();
  };
  const show = () => {
    output.value = format(input.valueAsNumber);
    input.setAttribute('aria-valuetext', output.value);
    paintTrack(input);
  };
  input.addEventListener('input', show);
  set(value);
  return { node, input, set };
}

/**
 * Gives the style the share of a slider's track before the thumb.
 * @param {HTMLInputElement} input
 */
export function paintTrack(input) {
  const share = (input.valueAsNumber - Number(input.min)) / (Number(input.max) - Number(input.min));
  input.style.setProperty('--share', share.toFixed(4));
}

/**
 * Makes a choice of one value, as radio buttons in a row.
 * @template {string} T
 * @param {object} options
 * @param {string} options.legend
 * @param {string} options.name unique in its figure
 * @param {readonly (readonly [T, string])[]} options.values value and label
 * @param {T} options.value
 * @param {(value: T) => void} onChange
 */
export function choice({ legend, name, values, value }, onChange) {
  const inputs = values.map(([each]) => h('input', { type: 'radio', name, value: each, part: `${name}-${each}` }));
  const labels = values.map(([, label], i) => h('label', {}, inputs[i], h('span', {}, label)));
  const row = h('div', { class: 'choice' }, ...labels);
  const node = h('fieldset', { class: 'field', 'data-control': name }, h('legend', { class: 'name' }, legend), row);
  /** @param {T} next */
  const set = (next) => {
    for (const input of inputs) input.checked = input.value === next;
  };
  row.addEventListener('change', (event) => {
    onChange(/** @type {T} */ (/** @type {HTMLInputElement} */ (event.target).value));
  });
  set(value);
  return { node, inputs, set };
}

/**
 * @param {string} label
 * @param {string} part
 * @param {() => void} onClick
 */
export function button(label, part, onClick) {
  const node = h('button', { type: 'button', part, 'data-control': part }, label);
  node.addEventListener('click', () => {
    if (!isHeld(node)) onClick();
  });
  return node;
}

/**
 * Disables a button for a while, without losing the focus as `disabled` would.
 * @param {HTMLButtonElement} node made here
 * @param {boolean} held
 */
export function hold(node, held) {
  if (held) node.setAttribute('aria-disabled', 'true');
  else node.removeAttribute('aria-disabled');
}

/** @param {HTMLButtonElement} node */
function isHeld(node) {
  return node.getAttribute('aria-disabled') === 'true';
}

/**
 * Makes a change that may disable or hide the focused control; if it does, `next` gets the focus.
 * @param {HTMLElement} node what changes
 * @param {HTMLElement} next
 * @param {() => void} change
 */
export function passFocus(node, next, change) {
  const { activeElement: focused } = /** @type {Document | ShadowRoot} */ (node.getRootNode());
  change();
  if (focused && node.contains(focused) && (focused.matches(':disabled') || focused.closest('[hidden]'))) {
    next.focus({ preventScroll: true });
  }
}

/**
 * Makes a field for a whole number. A number out of range becomes the nearest one inside, and the range is shown; an invalid one is
 * reverted.
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.part
 * @param {number} options.low
 * @param {number} options.high
 * @param {number} options.value
 * @param {(value: number) => void} [onChange]
 */
export function numberField({ label, part, low, high, value }, onChange) {
  const input = h('input', { type: 'number', min: low, max: high, step: 1, part, inputmode: 'numeric' });
  const range = h('output', { class: 'range' });
  const node = h(
    'label',
    { class: 'field', 'data-control': part },
    h('span', { class: 'name' }, h('span', {}, label), range),
    input,
  );
  /** @param {number} next */
  const set = (next) => {
    value = next;
    input.value = String(next);
  };
  input.addEventListener('change', () => {
    const kept = nearest(input, value);
    range.value =
      kept === input.valueAsNumber
        ? ''
        : say('{low} to {high}', { low: sayNumber(low), high: sayNumber(Number(input.max)) });
    set(kept);
    onChange?.(kept);
  });
  set(value);
  return { node, input, set };
}

/**
 * The typed number as a whole number within the input's range.
 * @param {HTMLInputElement} input
 * @param {number} fallback if the input is empty or invalid
 */
export function nearest(input, fallback) {
  const typed = Math.trunc(input.valueAsNumber);
  return Number.isNaN(typed) ? fallback : Math.min(Number(input.max), Math.max(Number(input.min), typed));
}

/**
 * @param {string} label
 * @param {boolean} checked
 * @param {string} part
 * @param {(checked: boolean) => void} onChange
 */
export function checkbox(label, checked, part, onChange) {
  const input = h('input', { type: 'checkbox', part });
  input.checked = checked;
  input.addEventListener('change', () => onChange(input.checked));
  return { node: h('label', { class: 'check', 'data-control': part }, input, h('span', {}, label)), input };
}

/**
 * Makes one button for play and pause.
 * @param {() => void} onClick
 */
export function playButton(onClick) {
  const shape = svg('path', {});
  const icon = svg('svg', { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' }, shape);
  const word = h('span', {});
  const node = h('button', { type: 'button', class: 'play', part: 'play', 'data-control': 'play' }, icon, word);
  node.addEventListener('click', () => {
    if (!isHeld(node)) onClick();
  });
  /** @param {boolean} isPlaying */
  const set = (isPlaying) => {
    shape.setAttribute('d', isPlaying ? 'M3 2h3.5v12H3zM9.5 2H13v12H9.5z' : 'M3.5 1.5v13l10.5-6.5z');
    word.textContent = isPlaying ? say('Pause') : say('Play');
  };
  set(false);
  return {
    node,
    set,
    /** Replaces the label "Play" or "Pause". @param {string} text */
    set word(text) {
      word.textContent = text;
    },
  };
}
