import { history } from '../model/field-path.ts';
import type { LocatedScalar } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import { type Place, type Site, type SourceText, toPlace } from '../model/source.ts';
import { printObject, type PrintedLine } from './print/print.ts';
import { textOf } from './scalar.ts';

/** A line of rendered YAML, and the line of the repository that it comes from. */
export interface BlamedLine {
  readonly text: string;
  readonly place: Place;
  /** What wrote the value there: `patch`, `images`, …; absent for a value as it was read. */
  readonly by?: string;
  /** Places that the value had before, newest first, with what replaced each. */
  readonly before: readonly { readonly place: Place; readonly replacedBy: string }[];
}

/** The lines of a rendered object, each with its place. */
export function blame({ root }: Pick<Resource, 'root'>): BlamedLine[] {
  return printObject(root).map((line): BlamedLine => {
    const { text, node } = line;
    const by = node.trace?.by;
    return {
      text,
      place: toPlace(siteOfLine(line)),
      ...(by !== undefined && { by }),
      before: node.trace ? history(node) : [],
    };
  });
}

/** What a line shows: a value, a line of a longer text, or the key that opens what follows. */
function siteOfLine({ text, node, entry, textLine }: PrintedLine): Site {
  const opens = node.kind !== 'scalar' || /[|][0-9]?[-+]?$/.test(text);
  if (opens && entry?.value === node && entry.keyEnd > entry.keyStart) {
    return { source: node.source, start: entry.keyStart, end: entry.keyEnd };
  }
  if (node.kind === 'scalar') return siteOfTextLine(node, textLine);
  return { source: node.source, start: node.start, end: node.start };
}

/** A line of a text: its own one where it is written line by line, else where the text starts. */
function siteOfTextLine(scalar: LocatedScalar, textLine: number): Site {
  const { source, start, end } = scalar;
  if (textLine === 0) return { source, start, end };
  const at = source.lineStart(source.position(start).line + textLine);
  const isSame = at < end && lineAt(source, at).trim() === linesOf(scalar)[textLine]?.trim();
  return isSame ? { source, start: at, end: at } : { source, start, end };
}

const lines = new WeakMap<LocatedScalar, readonly string[]>();

function linesOf(scalar: LocatedScalar): readonly string[] {
  let known = lines.get(scalar);
  if (known === undefined) {
    known = textOf(scalar).split('\n');
    lines.set(scalar, known);
  }
  return known;
}

function lineAt({ text }: SourceText, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end);
}
