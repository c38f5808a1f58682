/**
 * The requests of a training figure to the training controller: methods of the controller by name.
 * Types only; the figure, its element and the controller are checked against it.
 */

/** @typedef {import('./controller.js').TrainingController} TrainingController */

/**
 * @typedef {'adopt' | 'appraise' | 'augment' | 'begin' | 'branch' | 'bytes' | 'components' | 'draw' | 'drawApart' | 'drawPictures'
 *   | 'measure' | 'open' | 'pause' | 'preview' | 'readStart' | 'recover' | 'refresh' | 'reset' | 'run' | 'save' | 'set' | 'step'
 *   | 'toggleCritic' | 'use' | 'watch'} ControllerVerb
 */

/** @typedef {{command: ControllerVerb, args?: unknown}} ControllerRequest */

/**
 * An answer has a value, or a problem in words; neither if the request was superseded.
 * @template T
 * @typedef {{value?: T, problem?: string}} Answer
 */

/**
 * @template {ControllerVerb} C
 * @typedef {Answer<Awaited<ReturnType<TrainingController[C]>>>} AnswerTo
 */

/** @typedef {<C extends ControllerVerb>(command: C, ...args: Parameters<TrainingController[C]>) => Promise<AnswerTo<C>>} Request */

export {};
