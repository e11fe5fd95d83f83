import { type Entry, type Located, LocatedMap, type LocatedScalar } from '../../model/located.ts';
import { type BuildContext, fail } from '../context.ts';
import { type Draft, NO_NOTES } from '../draft.ts';
import { toBehavior } from '../internal-annotations.ts';
import { isOn, textNodeOf } from '../kustomization/texts.ts';
import { countNodes } from '../manifests.ts';
import { idOf } from '../resource-id.ts';
import { write, type Writer } from '../scalar.ts';
import { writerAt } from '../transform.ts';
import { type KeyValue, loadKeyValues, toBytes, toText } from './key-values.ts';

export type GeneratorKind = 'configMapGenerator' | 'secretGenerator';

/**
 * The ConfigMap or Secret of a generator's entry.
 *
 * @param entry name, sources and options
 * @param globals `generatorOptions`, which stand behind the entry's own options
 * @param file the file that asks for it
 * @returns undefined when it cannot be made, which was reported
 */
export function generateDataObject(
  context: BuildContext,
  kind: GeneratorKind,
  entry: LocatedMap,
  globals: LocatedMap | undefined,
  directory: string,
  file: string,
): Draft | undefined {
  const writer = writerAt(entry, kind);
  const name = textNodeOf(entry, 'name');
  const pairs = loadKeyValues(context, entry, directory);
  if (name === undefined) {
    fail(context, 'bad-generator', `An entry of ${kind} needs a name.`, entry);
    return undefined;
  }
  if (pairs === undefined) return undefined;
  const options = entry.map('options');
  const isSecret = kind === 'secretGenerator';
  const fields: [string, Located | undefined][] = [
    ['apiVersion', write('v1', writer)],
    ['kind', write(isSecret ? 'Secret' : 'ConfigMap', writer)],
    ['metadata', metadataOf(entry, name, options, globals, kind)],
    ...(isSecret ? secretFields(entry, pairs, writer) : configMapFields(pairs, writer)),
    [
      'immutable',
      isOn(options, 'immutable') || isOn(globals, 'immutable') ? write(true, writer) : undefined,
    ],
  ];
  const root = toMap(fields, writer);
  const noHash = isOn(options, 'disableNameSuffixHash') || isOn(globals, 'disableNameSuffixHash');
  return {
    root,
    id: idOf(root, context.schemas),
    notes: {
      ...NO_NOTES,
      behavior: toBehavior(entry.text('behavior') ?? ''),
      needsHash: !noHash,
    },
    file,
    site: entry,
    size: countNodes(root),
  };
}

/** A map that a generator makes, of the fields that have a value. */
export function toMap(
  fields: readonly (readonly [string, Located | undefined])[],
  writer: Writer,
): LocatedMap {
  const entries = fields.flatMap(([key, value]): Entry[] =>
    value === undefined ? [] : [{ key, keyStart: value.start, keyEnd: value.start, value }],
  );
  return new LocatedMap(entries, writer, { by: writer.by, before: undefined });
}

function metadataOf(
  entry: LocatedMap,
  name: LocatedScalar,
  options: LocatedMap | undefined,
  globals: LocatedMap | undefined,
  kind: GeneratorKind,
): LocatedMap {
  const namespace = textNodeOf(entry, 'namespace');
  const ofOptions = (field: string): LocatedMap | undefined =>
    mergeTexts(options?.map(field), globals?.map(field), kind);
  return toMap(
    [
      ['name', write(name.value, writerAt(name, kind))],
      ['namespace', namespace && write(namespace.value, writerAt(namespace, kind))],
      ['labels', ofOptions('labels')],
      ['annotations', ofOptions('annotations')],
    ],
    writerAt(entry, kind),
  );
}

/** The entry's own labels stand over those of all generators. */
function mergeTexts(
  own: LocatedMap | undefined,
  globals: LocatedMap | undefined,
  kind: GeneratorKind,
): LocatedMap | undefined {
  const merged = new Map<string, Located>();
  for (const { key, value } of [...(globals?.entries ?? []), ...(own?.entries ?? [])]) {
    if (value.kind === 'scalar') merged.set(key, write(value.value, writerAt(value, kind)));
  }
  const site = own ?? globals;
  return site && merged.size > 0 ? toMap([...merged], writerAt(site, kind)) : undefined;
}

function configMapFields(
  pairs: readonly KeyValue[],
  writer: Writer,
): [string, LocatedMap | undefined][] {
  const data: [string, Located][] = [];
  const binaryData: [string, Located][] = [];
  for (const { key, content, site } of sortByKey(pairs)) {
    const text = toText(content);
    const place = writerAt(site, writer.by);
    if (text === undefined) binaryData.push([key, write(toBase64(toBytes(content)), place)]);
    else data.push([key, write(text, place)]);
  }
  return [
    ['data', data.length > 0 ? toMap(data, writer) : undefined],
    ['binaryData', binaryData.length > 0 ? toMap(binaryData, writer) : undefined],
  ];
}

function secretFields(
  entry: LocatedMap,
  pairs: readonly KeyValue[],
  writer: Writer,
): [string, Located][] {
  const type = textNodeOf(entry, 'type');
  const data = sortByKey(pairs).map(({ key, content, site }): [string, Located] => [
    key,
    write(toBase64(toBytes(content)), writerAt(site, writer.by)),
  ]);
  return [
    ['type', type ? write(type.value, writerAt(type, writer.by)) : write('Opaque', writer)],
    ['data', toMap(data, writer)],
  ];
}

function sortByKey(pairs: readonly KeyValue[]): readonly KeyValue[] {
  return pairs.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

const LINE_LENGTH = 70;

/** Base64 in lines of 70 characters, each ended by a line feed when there are several. */
function toBase64(bytes: Uint8Array): string {
  const encoded = Buffer.from(bytes).toString('base64');
  if (encoded.length < LINE_LENGTH) return encoded;
  return encoded.replace(/.{1,70}/g, '$&\n');
}
