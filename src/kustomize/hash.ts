import { createHash } from 'node:crypto';

import type { LocatedMap } from '../model/located.ts';
import { type BuildContext, markIncomplete } from './context.ts';
import { type Draft, storePreviousId, withRoot } from './draft.ts';
import { replaceField } from './fields.ts';
import { isMissingOrNull, textOf, writeInStyle } from './scalar.ts';
import { goJson, goJsonText } from './text/go-json.ts';
import { passThroughJson, settleEmptyValues } from './settle.ts';
import { writerAt } from './transform.ts';

/** Letters in place of digits and vowels, so that no word can come out. */
const SUBSTITUTES: Record<string, string> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

const LENGTH = 10;

const HASHED_BY_CONTENT: ReadonlySet<string> = new Set(['ConfigMap', 'Secret']);

/** Appends the hash of their content to the names of generated objects that want it. */
export function hashNames(context: BuildContext, drafts: readonly Draft[]): readonly Draft[] {
  return drafts.map((draft) => {
    const metadata = draft.root.map('metadata');
    const name = metadata?.get('name');
    if (!draft.notes.needsHash || !metadata || name?.kind !== 'scalar') return draft;
    const kind = textOf(draft.root.get('kind'));
    if (!HASHED_BY_CONTENT.has(kind)) {
      const reason = `The hash in the name of ${kind}/${textOf(name)} is not known: of objects that are neither ConfigMap nor Secret, kustomize hashes how they lie in its memory.`;
      markIncomplete(context, 'layout', reason, name);
    }
    const hashed = `${textOf(name)}-${contentHash(draft.root)}`;
    const writer = writerAt(name, 'hash');
    const renamed = replaceField(metadata, 'name', writeInStyle(hashed, writer, name));
    const root = replaceField(draft.root, 'metadata', renamed);
    return withRoot(storePreviousId(draft), root, context.schemas);
  });
}

/** The hash of a ConfigMap's or Secret's content (api `hasher`). The name is not part of it. */
export function contentHash(root: LocatedMap): string {
  const digest = createHash('sha256').update(encode(root)).digest('hex');
  return digest.slice(0, LENGTH).replace(/[013ae]/g, (letter) => SUBSTITUTES[letter] ?? letter);
}

function encode(root: LocatedMap): string {
  const kind = textOf(root.get('kind'));
  const fields: Record<string, string> = { kind: goJsonText(kind), name: '""' };
  if (kind === 'ConfigMap') {
    fields.data = encodeField(root, 'data');
    if (root.map('binaryData')) fields.binaryData = encodeField(root, 'binaryData');
  } else if (kind === 'Secret') {
    fields.type = encodeField(root, 'type');
    fields.data = encodeField(root, 'data');
    if (root.map('stringData')) fields.stringData = encodeField(root, 'stringData');
  } else {
    return goJson(root);
  }
  const sorted = Object.keys(fields).sort();
  return `{${sorted.map((key) => `"${key}":${fields[key] ?? ''}`).join(',')}}`;
}

/** A missing field counts as an empty text. */
function encodeField(root: LocatedMap, field: string): string {
  const value = root.get(field);
  if (value === undefined) return '""';
  if (value.kind === 'scalar') return goJsonText(isMissingOrNull(value) ? '' : textOf(value));
  return goJson(passThroughJson(settleEmptyValues(value)));
}
