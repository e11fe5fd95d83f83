export type Side = 'LEFT' | 'RIGHT';

export interface PatchLine {
  readonly kind: 'context' | 'added' | 'removed';
  /** Line of the file before the change, from 1; undefined for an added line. */
  readonly left: number | undefined;
  /** Line of the file after the change, from 1; undefined for a removed line. */
  readonly right: number | undefined;
  /** Lines down from the first `@@` of the file, which is 0: GitHub's old way to say a place. */
  readonly position: number;
  /** With its first character, as the patch shows it. */
  readonly text: string;
}

export interface Hunk {
  readonly header: string;
  readonly lines: readonly PatchLine[];
}

/** The hunks of one file's patch as the API gives it (from the first `@@`). */
export function parseHunks(patch: string): Hunk[] {
  const hunks: { header: string; lines: PatchLine[] }[] = [];
  let left = 0;
  let right = 0;
  for (const [position, text] of patch.split('\n').entries()) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      left = Number(header[1]);
      right = Number(header[2]);
      hunks.push({ header: text, lines: [] });
      continue;
    }
    const mark = text.slice(0, 1);
    if (mark === '\\') continue;
    const kind = mark === '+' ? 'added' : mark === '-' ? 'removed' : 'context';
    hunks.at(-1)?.lines.push({
      kind,
      left: kind === 'added' ? undefined : left++,
      right: kind === 'removed' ? undefined : right++,
      position,
      text,
    });
  }
  return hunks;
}

export interface FoundLine {
  readonly hunk: Hunk;
  readonly line: PatchLine;
}

/**
 * A line of the diff by its number on one side. An unchanged line can be named from either side;
 * GitHub accepts both.
 */
export function findLine(
  hunks: readonly Hunk[],
  side: Side,
  number: number,
): FoundLine | undefined {
  for (const hunk of hunks) {
    for (const line of hunk.lines) {
      if ((side === 'LEFT' ? line.left : line.right) === number) return { hunk, line };
    }
  }
  return undefined;
}

export function findPosition(hunks: readonly Hunk[], position: number): FoundLine | undefined {
  for (const hunk of hunks) {
    const line = hunk.lines.find((candidate) => candidate.position === position);
    if (line !== undefined) return { hunk, line };
  }
  return undefined;
}

/** What a comment shows above itself: the hunk down to its line. */
export function hunkDownTo({ hunk, line }: FoundLine): string {
  const lines = hunk.lines.slice(0, hunk.lines.indexOf(line) + 1).map(({ text }) => text);
  return [hunk.header, ...lines].join('\n');
}
