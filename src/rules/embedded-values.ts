import { decodeBase64 } from '../flux/sops.ts';
import { type Located, type LocatedMap, LocatedScalar } from '../model/located.ts';
import { SourceText } from '../model/source.ts';
import { embeddedSource } from '../yaml/embedded.ts';
import { parseYaml } from '../yaml/parse.ts';

/** A value of a ConfigMap or Secret, as text. */
export function textIn(root: LocatedMap, key: string): LocatedScalar | undefined {
  const plain = root.map('stringData')?.get(key) ?? root.map('data')?.get(key);
  if (plain?.kind !== 'scalar' || typeof plain.value !== 'string') return undefined;
  const isEncoded = root.text('kind') === 'Secret' && root.map('stringData')?.get(key) !== plain;
  if (!isEncoded) return plain;
  const text = decodeBase64(plain.value);
  return text === undefined ? undefined : new LocatedScalar(text, plain, plain.trace);
}

/** The documents of a text in a value. */
export function embedded(text: LocatedScalar): readonly Located[] {
  if (typeof text.value !== 'string') return [];
  const { source, start, end, value } = text;
  // A generated ConfigMap has the very text of a file.
  const isFile = source.text.slice(start, end) === value;
  const inner = isFile
    ? new SourceText(source.path, value, (offset) => {
        return { source, start: start + offset, end: start + offset + 1 };
      })
    : embeddedSource(text);
  return parseYaml(inner, 'kustomize').documents;
}
