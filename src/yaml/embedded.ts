import type { LocatedScalar } from '../model/located.ts';
import { type Site, SourceText } from '../model/source.ts';
import { scalarStyle } from './style.ts';

/**
 * The text inside a scalar (an inline patch, a values file in a ConfigMap) as a source of its own.
 * In a literal block its lines are lines of the outer file, so each place maps to the character;
 * in a folded or quoted scalar every place is the whole scalar.
 *
 * @throws TypeError when the scalar is no text
 */
export function embeddedSource(scalar: LocatedScalar): SourceText {
  if (typeof scalar.value !== 'string') throw new TypeError('Only a text can hold a text.');
  const text = scalar.value;
  if (scalarStyle(scalar) !== 'literal')
    return new SourceText(scalar.source.path, text, () => scalar);
  const firstLine = scalar.source.position(scalar.start).line;
  const inner: SourceText = new SourceText(scalar.source.path, text, (offset) =>
    toOuter(inner, offset, scalar, firstLine),
  );
  return inner;
}

function toOuter(inner: SourceText, offset: number, outer: LocatedScalar, firstLine: number): Site {
  const { line, column } = inner.position(offset);
  const innerLine = lineAt(inner, line);
  const outerLine = lineAt(outer.source, firstLine + line - 1);
  const indent = Math.max(0, outerLine.length - innerLine.length);
  const start = outer.source.lineStart(firstLine + line - 1) + indent + column - 1;
  return { source: outer.source, start, end: start + 1 };
}

function lineAt(source: SourceText, line: number): string {
  const start = source.lineStart(line);
  const end = source.text.indexOf('\n', start);
  return source.text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}
