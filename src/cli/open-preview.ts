import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { structuredPatch } from 'diff';

import type { ChangedFile } from '../model/report.ts';
import type { Review } from '../model/review.ts';
import { renderPreview } from '../preview/page.ts';
import type { ReviewSides } from '../review/load.ts';
import { reportWithSuggestions } from '../review/report.ts';
import type { SettledOptions } from '../review/settings.ts';
import type { Output } from './output.ts';

/** Files of a difference that a page shows; more than that nobody looks through. */
const MAX_FILES = 300;
/** A file with more changed lines is shown by its name. */
const MAX_EDITS = 2000;

/** Writes the review as GitHub would show it to a file of its own, and opens it on a terminal. */
export async function openPreview(
  title: string,
  review: Review,
  sides: ReviewSides,
  options: SettledOptions,
  output: Output,
): Promise<void> {
  const files = await changedFiles(sides);
  const trees = {
    ...(sides.before && { before: sides.before.tree }),
    after: sides.after.tree,
    head: sides.head.tree,
  };
  const clock = () => performance.now();
  const report = reportWithSuggestions(review, trees, options, files, clock);
  const file = join(await mkdtemp(join(tmpdir(), 'fluxgate-')), 'review.html');
  await writeFile(file, renderPreview({ title, files, report }), { mode: 0o600 });
  const url = pathToFileURL(file).href;
  output.remark(`The review as GitHub would show it: ${url}`);
  if (!output.isTerminal) return;
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  // A machine without a browser has the address on its terminal.
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

async function changedFiles({ before, after }: ReviewSides): Promise<ChangedFile[]> {
  if (before === undefined) return [];
  const paths = new Set([...before.tree.list(), ...after.tree.list()].map(({ path }) => path));
  const changed = [...paths]
    .filter((path) => before.tree.entry(path)?.id !== after.tree.entry(path)?.id)
    .sort()
    .slice(0, MAX_FILES);
  await before.load(changed);
  await after.load(changed);
  return changed.map((path) => {
    const [old, fresh] = [before, after].map(({ tree }) => tree.read(path));
    if (isOpaque(old) || isOpaque(fresh)) return { path };
    const texts = [old, fresh].map((side) => (side?.state === 'text' ? side.text : ''));
    const patch = structuredPatch(path, path, texts[0] ?? '', texts[1] ?? '', '', '', {
      context: 3,
      maxEditLength: MAX_EDITS,
    });
    const hunks = patch?.hunks.map(
      ({ oldStart, oldLines, newStart, newLines, lines }) =>
        `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n${lines.join('\n')}`,
    );
    return { path, ...(hunks && hunks.length > 0 && { patch: hunks.join('\n') }) };
  });
}

function isOpaque(side: { readonly state: string } | undefined): boolean {
  return side?.state !== 'text' && side?.state !== 'missing';
}
