import type { Located, LocatedList, LocatedMap, LocatedScalar } from '../../model/located.ts';
import { resolvePlain } from '../../yaml/scalar.ts';
import { isFlow, scalarStyle, type ScalarStyle } from '../../yaml/style.ts';
import { textOf } from '../scalar.ts';
import { escapeDouble, styleOfText } from './scalar-text.ts';

const INDENT = 2;

/**
 * A value printed in the styles it was written in, keys in their order: what kyaml makes of a YAML
 * text that it changed one value of.
 *
 * @returns undefined for what is not printed here: folded texts, and keys that need quotes
 */
export function printInStyle(node: Located): string | undefined {
  return isFlowStyle(node) || node.kind === 'scalar' ? printFlow(node) : printBlock(node, 0);
}

function isFlowStyle(node: Located): boolean {
  return node.kind !== 'scalar' && (isEmpty(node) || (node.trace === undefined && isFlow(node)));
}

function isEmpty(node: LocatedMap | LocatedList): boolean {
  return node.kind === 'map' ? node.entries.length === 0 : node.items.length === 0;
}

/** The lines of a block, the first one without its indentation. */
function printBlock(node: LocatedMap | LocatedList, indent: number): string | undefined {
  const lines: string[] = [];
  if (node.kind === 'list') {
    for (const item of node.items) {
      const printed = printValue(item, indent + INDENT);
      if (printed === undefined) return undefined;
      lines.push(`- ${printed}`);
    }
  } else {
    for (const { key, value } of node.entries) {
      if (styleOfText(key, true) !== 'plain') return undefined;
      const printed = printField(value, indent);
      if (printed === undefined) return undefined;
      lines.push(`${key}:${printed}`);
    }
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}

function printField(value: Located, indent: number): string | undefined {
  if (value.kind === 'scalar' || isFlowStyle(value)) {
    const printed = printValue(value, indent + INDENT);
    return printed === '' ? '' : printed && ` ${printed}`;
  }
  const inner = value.kind === 'map' ? indent + INDENT : indent;
  const printed = printBlock(value, inner);
  return printed && `\n${' '.repeat(inner)}${printed}`;
}

function printValue(value: Located, indent: number): string | undefined {
  if (value.kind !== 'scalar')
    return isFlowStyle(value) ? printFlow(value) : printBlock(value, indent);
  return printScalar(value, indent);
}

function printFlow(node: Located): string | undefined {
  if (node.kind === 'scalar') return printScalar(node, undefined);
  const parts =
    node.kind === 'list'
      ? node.items.map(printFlow)
      : node.entries.map(({ key, value }) => {
          const printed = printFlow(value);
          return printed === undefined ? undefined : `${key}: ${printed}`;
        });
  if (parts.includes(undefined)) return undefined;
  return node.kind === 'list' ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

/** @param indent of the lines of a block text; undefined inside braces and brackets */
function printScalar(scalar: LocatedScalar, indent: number | undefined): string | undefined {
  const text = textOf(scalar);
  const style = originalStyle(scalar);
  if (style === 'folded') return undefined;
  if (text.includes('\n')) return indent === undefined ? undefined : printLiteral(text, indent);
  if (style === 'double-quoted') return `"${escapeDouble(text).join('')}"`;
  if (style === 'single-quoted') return `'${text.replaceAll("'", "''")}'`;
  if (style === 'literal') return indent === undefined ? undefined : printLiteral(text, indent);
  if (typeof scalar.value !== 'string') return text;
  if (resolvePlain(text, 'go-yaml-v3') !== text) return `"${escapeDouble(text).join('')}"`;
  const isFlowSafe = indent !== undefined || !/[,[\]{}?:]/.test(text);
  return styleOfText(text, false) === 'plain' && isFlowSafe
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}

function originalStyle(scalar: LocatedScalar): ScalarStyle {
  let first: { trace: LocatedScalar['trace'] } & Parameters<typeof scalarStyle>[0] = scalar;
  while (first.trace?.before) first = first.trace.before;
  return first.trace === undefined ? scalarStyle(first) : 'plain';
}

function printLiteral(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? String(INDENT) : '';
  const chomping = !text.endsWith('\n') ? '-' : text.endsWith('\n\n') ? '+' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  const padded = lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return `|${hint}${chomping}\n${padded.join('\n')}`;
}
