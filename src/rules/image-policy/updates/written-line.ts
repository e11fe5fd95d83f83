/** A line of YAML that gives one value, taken apart: `  - image: "a:1" # why`. */
export interface WrittenLine {
  /** Everything before the value: indentation, dashes, key. */
  readonly head: string;
  /** The key; absent for a bare item of a list. */
  readonly key?: string;
  /** The column at which the key, or the item's value, begins. */
  readonly indent: number;
  /** Without quotes. */
  readonly value: string;
  /** The quotes, or nothing. */
  readonly quote: string;
  /** From the space before `#` on; empty without a comment. */
  readonly comment: string;
}

/** Longer lines are no value that an update writes. */
const LONGEST = 2000;

const HEAD = /^([ \t]*(?:- +)*)(?:(["']?)([\w$.-]{1,100})\2:[ \t]+)?/;

/** A value without spaces, or between quotes that are not inside it. */
const VALUE = /^(?:"([^"\\]*)"|'([^']*)'|([^\s#"'[\]{},&*!|>%@`][^\s]*))([ \t]+#.*|[ \t]*)$/;

/** @returns undefined for a line that gives no single plain or quoted value */
export function readLine(line: string): WrittenLine | undefined {
  if (line.length > LONGEST) return undefined;
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  const [head = '', lead = '', , key] = HEAD.exec(text) ?? [];
  if (key === undefined && !lead.includes('-')) return undefined;
  const [, double, single, plain, comment = ''] = VALUE.exec(text.slice(head.length)) ?? [];
  const value = double ?? single ?? plain;
  if (value === undefined) return undefined;
  return {
    head,
    ...(key !== undefined && { key }),
    indent: lead.length,
    value,
    quote: double !== undefined ? '"' : single !== undefined ? "'" : '',
    comment: comment.trimEnd(),
  };
}

/** How far around a line its neighbours are looked for. */
const FARTHEST = 60;

/**
 * Values beside a line: of the keys at its own indentation, and of those one level out, which are
 * under `outer`. Lines are looked at and no document is parsed, so that templates can be read too.
 */
export function neighboursOf(
  lines: readonly string[],
  index: number,
): { readonly own: ReadonlyMap<string, string>; readonly outer: ReadonlyMap<string, string> } {
  const [own, outer] = [new Map<string, string>(), new Map<string, string>()];
  const here = readLine(lines[index] ?? '');
  if (here === undefined) return { own, outer };
  for (const step of [-1, 1]) {
    let outside: number | undefined;
    let left = false;
    for (let at = index; Math.abs(at - index) <= FARTHEST; at += step) {
      const text = lines[at];
      if (text === undefined || text.startsWith('---')) break;
      const indent = keyColumn(text);
      if (indent === undefined) continue;
      const isItem = /^[ \t]*- /.test(text);
      const read = readLine(text);
      if (indent < here.indent) {
        left = true;
        outside ??= indent;
        if (indent < outside) break;
        if (indent === outside && read?.key !== undefined && !outer.has(read.key)) {
          outer.set(read.key, read.value);
        }
      } else if (indent === here.indent && !left) {
        // The item of a list that begins below is another object.
        if (step === 1 && at !== index && isItem) {
          left = true;
          continue;
        }
        if (read?.key !== undefined && !own.has(read.key)) own.set(read.key, read.value);
        if (step === -1 && isItem) left = true;
      }
    }
  }
  return { own, outer };
}

function keyColumn(text: string): number | undefined {
  const trimmed = text.trimStart();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  return /^[ \t]*(?:- +)*/.exec(text)?.[0].length;
}

/** The dotted path of a line by its indentation, such as `spec.chart.spec.version`. */
export function dottedPathOf(lines: readonly string[], index: number): string {
  const keys: string[] = [];
  let limit = Infinity;
  for (let at = index; at >= 0 && at > index - 2000 && limit > 0; at -= 1) {
    const text = lines[at] ?? '';
    if (text.startsWith('---')) break;
    const column = keyColumn(text);
    if (column === undefined || column >= limit) continue;
    const key = /^[ \t]*(?:- +)*["']?([\w$./-]{1,100}?)["']?:(?:[ \t]|\r?$)/.exec(text)?.[1];
    if (key !== undefined) keys.unshift(key);
    limit = /^[ \t]*- /.test(text) ? text.length - text.trimStart().length + 0.5 : column;
  }
  return keys.join('.');
}
