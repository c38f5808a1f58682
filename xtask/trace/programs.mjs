// Notes programs that are started, other than those that read no file but what they are given, and threads.

import childProcess from 'node:child_process';
import fs from 'node:fs';
import { basename, resolve } from 'node:path';
import workerThreads from 'node:worker_threads';

import { noteRead, noteUntraceable } from './log.mjs';

/** Paths of programs that read nothing of the workspace but their arguments: browsers, mostly. */
const harmless = (process.env.LATENT_LAB_PROGRAMS ?? '').split(':').filter(Boolean);

/** Starts the program that its arguments name. */
const WRAPPER = 'xvfb-run';

const { existsSync } = fs;

/** From here on, what tests start is noted. */
export function tracePrograms() {
  /** @type {any} */
  const { prototype } = childProcess.ChildProcess;
  const { spawn } = prototype;
  // Below all functions that do not wait for the program.
  prototype.spawn = function (/** @type {{file: string, args?: string[], cwd?: string | URL}} */ options) {
    noteProgram(options.file, options.args?.slice(1) ?? [], options.cwd ?? '.');
    return spawn.call(this, options);
  };
  /** @type {any} */
  const owner = childProcess;
  for (const name of ['execFileSync', 'execSync', 'spawnSync']) {
    owner[name] = new Proxy(owner[name], {
      apply(original, self, args) {
        noteUntraceable(`started ${args[0]}`);
        return Reflect.apply(original, self, args);
      },
    });
  }
  workerThreads.Worker = new Proxy(workerThreads.Worker, {
    construct(original, args, target) {
      noteUntraceable('started a thread');
      return Reflect.construct(original, args, target);
    },
  });
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {string | URL} cwd
 */
function noteProgram(file, args, cwd) {
  const program = basename(file) === WRAPPER ? args.find((arg) => !arg.startsWith('-')) : file;
  const isHarmless = [file, program].every((each) => harmless.some((path) => path === each || basename(path) === each));
  if (!isHarmless || args.some((arg) => arg.includes('file:'))) return noteUntraceable(`started ${program ?? file}`);
  for (const arg of args) {
    const path = resolve(String(cwd), arg);
    if (existsSync(path)) noteRead(path);
  }
}
