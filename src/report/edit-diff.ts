import type { TextEdit } from '../model/finding.ts';
import { codeBlock, toVisible } from './escape.ts';
import { count } from './words.ts';

/** A fix longer than this is for the editor, not for a page. */
const MAX_LINES = 40;
/** The same in characters. */
const MAX_LENGTH = 6000;

/** The edits of a fix as a diff; empty where there are none to show. */
export function renderEdits(edits: readonly TextEdit[]): string {
  const lines: string[] = [];
  let path: string | undefined;
  for (const edit of edits) {
    if (edit.path !== path) lines.push(`# ${toVisible(edit.path)}`);
    path = edit.path;
    lines.push(`@@ line ${edit.line} @@`, ...diffOf(edit));
  }
  if (lines.length === 0) return '';
  const kept = lines.slice(0, countFitting(lines));
  const more = lines.length - kept.length;
  if (more <= 0) return codeBlock(lines.join('\n'), 'diff');
  if (!kept.some((line) => /^[ +-]/.test(line))) {
    return 'The lines of this fix are too long for a page: `fluxgate review` prints them.';
  }
  return `${codeBlock(kept.join('\n'), 'diff')}\n\nand ${count(more, 'more line')} of this fix: \`fluxgate review\` prints it whole.`;
}

/** How many lines there is room for. */
function countFitting(lines: readonly string[]): number {
  let left = MAX_LENGTH;
  const last = lines.findIndex((line, at) => at === MAX_LINES || (left -= line.length + 1) < 0);
  return last === -1 ? lines.length : last;
}

/** Lines that stay are context; without the old text there are only new lines. */
function diffOf({ was = [], lines }: TextEdit): string[] {
  let head = 0;
  while (head < was.length && was[head] === lines[head]) head += 1;
  let tail = 0;
  while (
    tail < was.length - head &&
    tail < lines.length - head &&
    was[was.length - 1 - tail] === lines[lines.length - 1 - tail]
  ) {
    tail += 1;
  }
  return [
    ...was.slice(0, head).map((line) => ` ${line}`),
    ...was.slice(head, was.length - tail).map((line) => `-${line}`),
    ...lines.slice(head, lines.length - tail).map((line) => `+${line}`),
    ...was.slice(was.length - tail).map((line) => ` ${line}`),
  ];
}
