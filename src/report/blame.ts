import type { Place } from '../model/source.ts';
import { toVisible } from './escape.ts';
import type { Colours } from './pretty.ts';

/** A line of rendered YAML and where it comes from. */
export interface AnnotatedLine {
  readonly text: string;
  readonly place: Place;
  readonly by?: string;
}

/** Longer paths are cut at their start: the end tells files apart. */
const MAX_WIDTH = 60;

/**
 * Objects with `file:line` before every line, aligned, and behind it what wrote the value where it
 * was not simply read.
 */
export function renderBlame(
  objects: readonly (readonly AnnotatedLine[])[],
  colours: Colours,
): string {
  const all = objects.flat();
  const width = Math.min(
    MAX_WIDTH,
    longest(all, ({ place }) => toLabel(place)),
  );
  const byWidth = longest(all, ({ by = '' }) => by);
  const lines: string[] = [];
  for (const [at, object] of objects.entries()) {
    if (at > 0) lines.push(`${' '.repeat(width + byWidth + 2)}│ ---`);
    for (const { text, place, by = '' } of object) {
      const label = cut(toLabel(place), width).padEnd(width);
      const margin = `${colours.dim(label)} ${colours.cyan(by.padEnd(byWidth))}`;
      const shown = toVisible(text, Infinity);
      lines.push(`${margin} │ ${by === '' ? shown : colours.bold(shown)}`.trimEnd());
    }
  }
  return lines.join('\n');
}

/** Not by the arguments of a call: a text of some megabytes has more lines than a call can take. */
function longest(lines: readonly AnnotatedLine[], toText: (line: AnnotatedLine) => string): number {
  return lines.reduce((most, line) => Math.max(most, toText(line).length), 0);
}

function toLabel({ path, line }: Place): string {
  return `${toVisible(path)}:${line}`;
}

function cut(label: string, width: number): string {
  return label.length <= width ? label : `…${label.slice(label.length - width + 1)}`;
}
