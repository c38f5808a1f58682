/**
 * Corrects pointer events for the chart library in scaled pages. The library mistakes distances on the screen for distances in the chart,
 * so it gets events with the positions they would have without the scale.
 *
 * @typedef {{rect: DOMRect, over: HTMLElement}} Plot the parts of a chart that are used: its place on the screen, and the layer over its
 *   lines
 * @typedef {(plot: Plot, target: EventTarget, handle: (event: MouseEvent) => void, onlyTarget?: boolean) => (event: MouseEvent) => void}
 *   Bind
 */

/** @type {Bind} */
function bind(plot, target, handle, onlyTarget = true) {
  return (event) => {
    if (event.button !== 0 || (onlyTarget && event.target !== target)) return;
    handle(unscaled(event, plot.rect, plot.over.offsetWidth));
  };
}

/** For the option `cursor.bind` of a chart. @type {Record<string, Bind>} */
export const bindings = { mousedown: bind, mousemove: bind, mouseup: bind };

/**
 * @param {MouseEvent} event
 * @param {DOMRect} rect on the screen
 * @param {number} width in the layout
 */
function unscaled(event, { left, top, width: wide }, width) {
  const scale = wide / width;
  if (!(Math.abs(scale - 1) > 1e-3)) return event;
  const { type, movementX, movementY, clientX, clientY } = event;
  return new MouseEvent(type, {
    movementX,
    movementY,
    clientX: left + (clientX - left) / scale,
    clientY: top + (clientY - top) / scale,
  });
}
