import { type LocatedMap, LocatedScalar } from '../../model/located.ts';
import { type Site, SourceText } from '../../model/source.ts';
import { type BuildContext, fail } from '../context.ts';
import { loadFile, type LoadedFile, sourceOf } from '../files.ts';
import { baseName } from '../paths.ts';
import { textOf } from '../scalar.ts';
import { textsOf } from '../kustomization/texts.ts';

/** One key of a generated ConfigMap or Secret. */
export interface KeyValue {
  readonly key: string;
  readonly content: Uint8Array | string;
  /** Where the value comes from. */
  readonly site: Site;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function toBytes(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? encoder.encode(content) : content;
}

/** The text of a content; undefined when it is no valid UTF-8. */
export function toText(content: Uint8Array | string): string | undefined {
  if (typeof content === 'string') return content;
  try {
    return decoder.decode(content);
  } catch {
    return undefined;
  }
}

/**
 * The keys and values of a generator: from `envs`, then `literals`, then `files` (api `kv`).
 *
 * @returns undefined when something cannot be had or is wrong, which was reported
 */
export function loadKeyValues(
  context: BuildContext,
  entry: LocatedMap,
  directory: string,
): readonly KeyValue[] | undefined {
  const loaded: { pairs: readonly KeyValue[] | undefined; giver?: Site }[] = [
    ...envEntries(entry).map((path) => ({ pairs: fromEnvFile(context, path, directory) })),
    ...textsOf(entry, 'literals').map((giver) => ({ pairs: fromLiteral(context, giver), giver })),
    ...textsOf(entry, 'files').map((giver) => ({
      pairs: fromFile(context, giver, directory),
      giver,
    })),
  ];
  const pairs: KeyValue[] = [];
  const seen = new Set<string>();
  let isComplete = true;
  for (const { pairs: some, giver } of loaded) {
    if (some === undefined) isComplete = false;
    for (const pair of some ?? []) {
      if (seen.has(pair.key)) {
        const message = `The key ${JSON.stringify(pair.key)} is given twice.`;
        fail(context, 'bad-generator', message, giver ?? pair.site);
        isComplete = false;
      }
      seen.add(pair.key);
      pairs.push(pair);
    }
  }
  return isComplete ? pairs : undefined;
}

/** `env` is the old way to name one file more. */
function envEntries(entry: LocatedMap): LocatedScalar[] {
  const single = entry.get('env');
  const isNamed = single instanceof LocatedScalar && textOf(single) !== '';
  return [...textsOf(entry, 'envs'), ...(isNamed ? [single] : [])];
}

function fromLiteral(context: BuildContext, literal: LocatedScalar): KeyValue[] | undefined {
  const text = textOf(literal);
  const equals = text.indexOf('=');
  if (equals <= 0) {
    const message = `A literal has the form key=value, not ${JSON.stringify(text.slice(0, 60))}.`;
    fail(context, 'bad-generator', message, literal);
    return undefined;
  }
  const content = removeQuotes(text.slice(equals + 1));
  return [{ key: text.slice(0, equals), content, site: literal }];
}

function removeQuotes(text: string): string {
  const isQuoted = text.length >= 2 && text.at(0) === text.at(-1) && /^["']/.test(text);
  return isQuoted ? text.slice(1, -1) : text;
}

function fromFile(
  context: BuildContext,
  entry: LocatedScalar,
  directory: string,
): KeyValue[] | undefined {
  const text = textOf(entry);
  const parts = text.split('=');
  const [first = '', second] = parts;
  if (parts.length > 2 || first === '' || second === '') {
    const message = `A file has the form path or key=path, not ${JSON.stringify(text)}.`;
    fail(context, 'bad-generator', message, entry);
    return undefined;
  }
  const file = loadFile(context, directory, entry, second ?? first);
  if (file === undefined) return undefined;
  const key = second === undefined ? baseName(first) : first;
  return [{ key, content: file.text ?? file.bytes ?? '', site: siteOfFile(context, file) }];
}

function siteOfFile(context: BuildContext, file: LoadedFile): Site {
  const source =
    file.text === undefined
      ? new SourceText(file.path, '')
      : sourceOf(context, file.path, file.id, file.text);
  return { source, start: 0, end: source.text.length };
}

/** Longer lines end the reading of an env file without a word, as Go's scanner does. */
const MAX_LINE_BYTES = 64 * 1024;

function fromEnvFile(
  context: BuildContext,
  entry: LocatedScalar,
  directory: string,
): KeyValue[] | undefined {
  const file = loadFile(context, directory, entry);
  if (file === undefined) return undefined;
  const text = file.text ?? toText(file.bytes ?? '');
  if (text === undefined) {
    fail(context, 'bad-generator', `${file.path} is no text in UTF-8.`, entry);
    return undefined;
  }
  return readEnvLines(sourceOf(context, file.path, file.id, text));
}

function readEnvLines(source: SourceText): KeyValue[] {
  const pairs: KeyValue[] = [];
  let start = 0;
  for (const rawLine of source.text.split('\n')) {
    const next = start + rawLine.length + 1;
    if (rawLine.length >= MAX_LINE_BYTES) break;
    const line = rawLine.replace(/\r$/, '');
    const trimmed = (start === 0 ? line.replace(/^\ufeff/, '') : line).trimStart();
    const offset = start + line.length - trimmed.length;
    if (trimmed !== '' && !trimmed.startsWith('#')) {
      const equals = trimmed.indexOf('=');
      const key = equals === -1 ? trimmed : trimmed.slice(0, equals);
      const content = equals === -1 ? '' : trimmed.slice(equals + 1);
      const valueStart = offset + (equals === -1 ? trimmed.length : equals + 1);
      const site = { source, start: valueStart, end: valueStart + content.length };
      if (key !== '') pairs.push({ key, content, site });
    }
    start = next;
  }
  return pairs;
}
