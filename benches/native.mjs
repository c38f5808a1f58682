/** The native bench, `cargo bench --bench native`, as a program that is built once and run once a round. */

import { spawnSync } from 'node:child_process';

const cargo = process.env.CARGO ?? 'cargo';

/** Builds it if needed. @returns the path of the program */
export function buildNative() {
  const flags = [
    '--package',
    'latent-lab',
    '--bench',
    'native',
    '--no-run',
    '--message-format',
    'json-render-diagnostics',
  ];
  const built = lines(cargo, ['bench', ...flags]).find(
    ({ target, executable }) => executable && target.name === 'native',
  );
  if (!built) throw new Error('cargo names no program of the native bench');
  return /** @type {string} */ (built.executable);
}

/**
 * Runs it; each line it prints is an object with a `kind`.
 * @param {string} program
 * @param {number} seconds for each row
 * @returns {any[]}
 */
export function runNative(program, seconds) {
  return lines(program, ['--seconds', String(seconds)]);
}

/** The objects that a program prints, one a line. @param {string} program @param {string[]} flags @returns {any[]} */
function lines(program, flags) {
  const { status, signal, error, stdout } = spawnSync(program, flags, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${flags[0]} failed (${signal ?? status})`);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
