// Loaded by `cargo xtask test` before a test file of the page (`node --import`): records everything that the file reads, as far as node can
// see it. The page's server records what browsers read.

import { syncBuiltinESMExports } from 'node:module';

import { traceFiles } from './files.mjs';
import { noteStart } from './log.mjs';
import { traceModules } from './modules.mjs';
import { tracePrograms } from './programs.mjs';

traceFiles();
tracePrograms();
// Named imports of what was wrapped get the wrappers too.
syncBuiltinESMExports();
traceModules();
noteStart();
