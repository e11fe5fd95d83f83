import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { objectNamed } from '../../../flux/object-named.ts';
import { secretOf } from '../../../flux/verification-keys.ts';
import type { LocatedMap } from '../../../model/located.ts';

/** Public keys, or why they are not known: `its key is …`, inside a sentence. */
export type Keys = { readonly pems: readonly string[] } | { readonly reason: string };

const PEM = /-----BEGIN (?:RSA )?PUBLIC KEY-----[^-]*-----END (?:RSA )?PUBLIC KEY-----/g;

/** The keys of a text, each of its own. */
export function keysIn(text: string | undefined): string[] {
  return text?.match(PEM) ?? [];
}

/** Keys of a Secret's entries, from its plain manifest on the base branch. */
export function keysOfSecret(
  cluster: Cluster,
  at: { readonly namespace: string | undefined; readonly name: string },
  isKey: (entry: string) => boolean,
): Keys {
  const where = `Secret ${at.namespace ?? ''}/${at.name}`;
  const secret = secretOf(cluster, at.namespace, at.name);
  if (secret === undefined)
    return { reason: `its key is in ${where}, which is not in the repository` };
  const texts = entriesOf(secret, isKey);
  if (texts === undefined) return { reason: `its key is in ${where}, which is encrypted` };
  return toKeys(texts, where);
}

/** A key of a ConfigMap, from its manifest on the base branch. */
export function keysOfConfigMap(
  cluster: Cluster,
  at: { readonly namespace: string | undefined; readonly name: string },
  entry: string,
): Keys {
  const where = `ConfigMap ${at.namespace ?? ''}/${at.name}`;
  const found = objectNamed(cluster, { group: '', kind: 'ConfigMap', ...at });
  if (found === undefined)
    return { reason: `its key is in ${where}, which is not in the repository` };
  const text = found.resource.root.map('data')?.text(entry);
  return toKeys(text === undefined ? [] : [text], where);
}

function toKeys(texts: readonly string[], where: string): Keys {
  const pems = texts.flatMap(keysIn);
  return pems.length > 0 ? { pems } : { reason: `${where} holds no public key for it` };
}

/** Undefined where the values cannot be read. */
function entriesOf(
  { resource: { root } }: ClusterObject,
  isKey: (entry: string) => boolean,
): string[] | undefined {
  if (root.get('sops') !== undefined) return undefined;
  const texts: string[] = [];
  for (const [field, decode] of [
    ['data', (text: string) => Buffer.from(text, 'base64').toString()],
    ['stringData', (text: string) => text],
  ] as const) {
    for (const [name, value] of textEntries(root.map(field))) {
      if (value.startsWith('ENC[')) return undefined;
      if (isKey(name)) texts.push(decode(value));
    }
  }
  return texts;
}

function textEntries(map: LocatedMap | undefined): [string, string][] {
  return (map?.entries ?? []).flatMap(({ key, value }): [string, string][] =>
    value.kind === 'scalar' && typeof value.value === 'string' ? [[key, value.value]] : [],
  );
}
