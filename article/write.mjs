// Writes the numbers of the committed results and cards into the article's page:
//
//     node article/write.mjs

import { readFileSync, writeFileSync } from 'node:fs';

import { filled } from './render.mjs';

const page = new URL('../www/index.html', import.meta.url);
writeFileSync(page, filled(readFileSync(page, 'utf8')));
