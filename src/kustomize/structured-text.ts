import { type Located, LocatedMap, LocatedScalar, Unknown } from '../model/located.ts';
import { SourceText } from '../model/source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { FieldFault } from './fields.ts';
import { lookup } from './field-paths/lookup.ts';
import { updatePath } from './field-paths/update.ts';
import { printInStyle } from './print/keep-style.ts';
import { textOf, type Writer } from './scalar.ts';
import { goJson } from './text/go-json.ts';

/**
 * Sets a field inside a text that is itself JSON or YAML: a path that goes on where a plain value
 * stands, `data.config\.json.replicas` say (kustomize from 5.8 on).
 *
 * @returns undefined when the path leads to no such text, or to no field in it
 */
export function updateStructuredText(
  root: LocatedMap,
  path: readonly string[],
  value: Located,
  create: Located['kind'] | undefined,
  writer: Writer,
): LocatedMap | undefined {
  const found = findText(root, path);
  if (found === undefined) return undefined;
  const { holder, document, inner } = found;
  const updated = updatePath(document, inner, {
    writer,
    ...(create && { create }),
    set: (node) => (node.kind === 'scalar' ? replaceText(node, textOf(value), writer) : value),
  });
  if (updated instanceof FieldFault || updated.count === 0) return undefined;
  const text = print(updated.node, textOf(holder));
  const trace = { by: writer.by, before: holder };
  const reason = 'the text was rewritten by a replacement, in a way that is not known here';
  const written = text ?? new Unknown(reason, textOf(holder));
  const outer = path.slice(0, path.length - inner.length);
  const set = updatePath(root, outer.map(exactStep), {
    writer,
    set: (node) => (node === holder ? new LocatedScalar(written, writer, trace) : node),
  });
  return !(set instanceof FieldFault) && set.node instanceof LocatedMap ? set.node : undefined;
}

/** A list step for exactly one value, where a pattern is expected. */
function exactStep(step: string): string {
  const match = /^\[([^=]*)=(.*)\]$/.exec(step);
  if (match === null) return step;
  const [, field = '', value = ''] = match;
  return `[${field}=^["']?${value.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')}["']?$]`;
}

interface FoundText {
  readonly holder: LocatedScalar;
  /** What the text holds. */
  readonly document: Located;
  /** The rest of the path, inside the text. */
  readonly inner: readonly string[];
}

function findText(root: LocatedMap, path: readonly string[]): FoundText | undefined {
  for (let length = 1; length < path.length; length += 1) {
    const holder = lookup(root, path.slice(0, length));
    if (!(holder instanceof LocatedScalar)) continue;
    const { documents, problems } = parseYaml(new SourceText('', textOf(holder)), 'kustomize');
    if (problems.length > 0) continue;
    const [document] = documents;
    return document && { holder, document, inner: path.slice(length) };
  }
  return undefined;
}

function replaceText(node: LocatedScalar, text: string, writer: Writer): LocatedScalar {
  const trace = { by: writer.by, before: node };
  if (typeof node.value === 'string') return new LocatedScalar(text, writer, trace);
  const number = Number(text);
  const value = typeof node.value === 'number' && text !== '' ? number : text === 'true';
  return new LocatedScalar(value, writer, trace, text);
}

/** Comments, anchors, aliases, tags and several documents: not printed here. */
const UNPRINTABLE = /(?:^|\s)#|(?:^|[\s[{,])[&*!][^\s,\]}]|^(?:---|\.\.\.)/m;

function print(document: Located, original: string): string | undefined {
  const first = original.trim()[0];
  if (first === '{' || first === '[') {
    const isPretty = original.includes('\n') && original.includes('  ');
    const json = goJson(document);
    return isPretty ? indentJson(json) : json;
  }
  return UNPRINTABLE.test(original) ? undefined : printInStyle(document)?.trim();
}

/** JSON as Go's `MarshalIndent` prints it with two blanks. */
function indentJson(json: string): string {
  let depth = 0;
  const newLine = (): string => `\n${'  '.repeat(depth)}`;
  return json.replace(/"(?:[^"\\]|\\.)*"|[[{](?=[\]}])[\]}]|[[\]{},:]/g, (token) => {
    if (token === '[]' || token === '{}' || token.startsWith('"')) return token;
    if (token === ':') return ': ';
    if (token === ',') return `,${newLine()}`;
    depth += token === '[' || token === '{' ? 1 : -1;
    return token === '[' || token === '{' ? token + newLine() : newLine() + token;
  });
}
