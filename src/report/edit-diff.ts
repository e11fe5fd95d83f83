import type { TextEdit } from '../model/finding.ts';
import { codeBlock, toVisible } from './escape.ts';

/** A fix longer than this is for the editor, not for a page. */
const MAX_LINES = 40;

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
  const more = lines.length - MAX_LINES;
  if (more <= 0) return codeBlock(lines.join('\n'), 'diff');
  return `${codeBlock(lines.slice(0, MAX_LINES).join('\n'), 'diff')}\n\nand ${more} more lines of this fix: \`fluxgate review\` prints it whole.`;
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
