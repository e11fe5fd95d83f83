import {
  type Located,
  LocatedScalar,
  rewritten,
  type ScalarValue,
  Unknown,
  type Written,
} from '../model/located.ts';
import type { Site } from '../model/source.ts';
import { refold } from '../yaml/folded.ts';
import { NOT_FINITE, resolvePlain } from '../yaml/scalar.ts';
import { type ScalarStyle, scalarStyle } from '../yaml/style.ts';

/** Who writes a value, and the place of the entry that asks for it. */
export interface Writer extends Site {
  /** One word: `namespace`, `images`, `patch`, … */
  readonly by: string;
}

/** The text of a scalar as it is written; empty for anything else. */
export function textOf(node: Located | undefined): string {
  if (node?.kind !== 'scalar') return '';
  if (node.raw !== undefined) return node.raw;
  return node.value instanceof Unknown ? node.value.text : String(node.value);
}

export function isMissingOrNull(node: Located | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

/** Missing, null, or a map or list without content. */
export function isNilOrEmpty(node: Located | undefined): boolean {
  if (node === undefined) return true;
  if (node.kind === 'map') return node.entries.length === 0;
  if (node.kind === 'list') return node.items.length === 0;
  return node.value === null;
}

/** A value at the writer's place, over what stood there. */
export function write(value: ScalarValue, writer: Writer, before?: Written): LocatedScalar {
  return rewritten(value, writer, writer.by, before);
}

/**
 * A text that takes the style of the scalar it replaces, as kustomize writes names and images:
 * over a plain scalar `123` becomes a number, over a quoted one it stays a text.
 */
export function writeInStyle(text: string, writer: Writer, before: LocatedScalar): LocatedScalar {
  const plain = resolvePlain(text, 'go-yaml-v3');
  if (plain === text || plain === NOT_FINITE || styleOf(before) !== 'plain') {
    return write(text, writer, before);
  }
  const trace = { by: writer.by, before };
  return new LocatedScalar(plain, writer, trace, String(plain) === text ? undefined : text);
}

/**
 * A value as it comes out when it is printed in the style of the scalar it replaces, which is what
 * kustomize does and reads again: a number over a quoted text becomes a text.
 */
export function takeStyle(value: LocatedScalar, over: LocatedScalar): LocatedScalar {
  const isText = typeof value.value === 'string';
  const written = textOf(value);
  if (value.value === null || (isText && value.raw === undefined && !written.includes('\n'))) {
    return value;
  }
  const style = styleOf(over);
  if (style === 'plain' && !(isText && written.includes('\n'))) return value;
  const text = style === 'folded' ? refold(written) : written;
  if (text === value.value) return value;
  return new LocatedScalar(text, value, value.trace, text === written ? undefined : written);
}

/** The style that a scalar is printed in: the one of the scalar that first stood there. */
function styleOf(scalar: LocatedScalar): ScalarStyle {
  let first: Written = scalar;
  while (first.trace?.before) first = first.trace.before;
  if (first.trace === undefined) return scalarStyle(first);
  // Made by a transformer: quoted where a reader of YAML 1.1 would not see a text.
  if (typeof scalar.value !== 'string') return 'plain';
  if (scalar.value.includes('\n')) return 'literal';
  return resolvePlain(scalar.value, 'go-yaml-v2') === scalar.value ? 'plain' : 'double-quoted';
}
