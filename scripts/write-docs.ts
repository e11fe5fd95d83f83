/**
 * Writes the pages that have another source: one page per rule in docs/rules/, and their index.
 *
 *     npm run docs
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { generatedPages } from './generated-pages.ts';

const DOCS = new URL('../docs/', import.meta.url).pathname;

rmSync(join(DOCS, 'rules'), { recursive: true, force: true });
for (const [path, text] of generatedPages()) {
  mkdirSync(dirname(join(DOCS, path)), { recursive: true });
  writeFileSync(join(DOCS, path), text);
}
