import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { generatedPages } from '../scripts/generated-pages.ts';

const DOCS = new URL('../docs/', import.meta.url).pathname;

it('holds the pages that npm run docs writes, and no others', () => {
  const pages = generatedPages();
  const present = readdirSync(join(DOCS, 'rules'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `rules/${file}`);
  const written = [...pages.keys()].filter((path) => path.startsWith('rules/'));
  expect(present.sort()).toEqual(written.sort());
  for (const [path, text] of pages) expect(readFileSync(join(DOCS, path), 'utf8')).toBe(text);
});
