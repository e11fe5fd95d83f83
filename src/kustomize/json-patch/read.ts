import type { LocatedList } from '../../model/located.ts';
import type { SourceText } from '../../model/source.ts';
import { parseYaml } from '../../yaml/parse.ts';
import { countNodes } from '../manifests.ts';

/** A JSON patch: a list of maps, whatever they hold. */
export interface JsonPatch {
  readonly operations: LocatedList;
  /** Whether the text is JSON, which keeps numbers as they are written. */
  readonly isJson: boolean;
  /** Nodes of the operations. */
  readonly size: number;
}

const known = new WeakMap<SourceText, JsonPatch | 'none'>();

/**
 * Reads a text as a JSON patch (RFC 6902), in JSON where it starts with `[`, else in YAML.
 *
 * @returns undefined when it is none: not readable, or no list of maps
 */
export function readJsonPatch(source: SourceText): JsonPatch | undefined {
  let patch = known.get(source);
  if (patch === undefined) {
    patch = read(source) ?? 'none';
    known.set(source, patch);
  }
  return patch === 'none' ? undefined : patch;
}

function read(source: SourceText): JsonPatch | undefined {
  const isJson = source.text.startsWith('[');
  if (isJson && !isValidJson(source.text)) return undefined;
  const [document] = parseYaml(source, 'kubernetes').documents;
  if (document?.kind !== 'list') return undefined;
  const isPatch = document.items.every(
    (item) => item.kind === 'map' || (item.kind === 'scalar' && item.value === null),
  );
  return isPatch ? { operations: document, isJson, size: countNodes(document) } : undefined;
}

function isValidJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
