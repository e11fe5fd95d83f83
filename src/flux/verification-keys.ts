import type { FileTree } from '../model/file-tree.ts';
import { objectNamed } from './object-named.ts';
import { objectsOfKind } from './objects-of-kind.ts';
import type { Known } from '../model/evidence.ts';
import { placeOf } from '../model/field-path.ts';
import type { LocatedMap } from '../model/located.ts';
import type { Place } from '../model/source.ts';
import type { Cluster, ClusterObject } from './cluster.ts';
import { keyFilesOf } from './key-files.ts';

/** An entry of a keyring, as far as the repository tells. */
export interface KeyEntry {
  readonly name: string;
  /** Base64. */
  readonly content: string;
  readonly place: Place;
}

/** The Secret of a name in a namespace; undefined when the repository does not hold it. */
export function secretOf(
  cluster: Cluster,
  namespace: string | undefined,
  name: string,
): ClusterObject | undefined {
  return (
    objectNamed(cluster, { group: '', kind: 'Secret', namespace, name }) ??
    objectsOfKind(cluster, 'Secret').findLast(
      ({ resource, namespace: own }) =>
        resource.apiVersion === 'v1' && own === namespace && resource.plainName === name,
    )
  );
}

/** Names of a Secret's entries: readable also where the values are encrypted. */
export function entryNames({ resource }: ClusterObject): string[] {
  return mapsOf(resource.root).flatMap((map) => map.entries.map(({ key }) => key));
}

/**
 * The keys that a Secret holds: from its plain manifest, else from the key files that the
 * configuration names; else unknown, with what to do.
 */
export function verificationKeys(
  cluster: Cluster,
  tree: FileTree,
  at: { readonly namespace: string | undefined; readonly secret: string },
  keyGlobs: readonly string[],
): Known<readonly KeyEntry[]> {
  const found = secretOf(cluster, at.namespace, at.secret);
  const plain = found && plainEntries(found);
  if (plain !== undefined) return { state: 'known', value: plain };
  const files = configuredKeys(tree, keyGlobs);
  if (files.length > 0) return { state: 'known', value: files };
  const name = `${at.namespace ?? ''}/${at.secret}`;
  const why =
    found === undefined
      ? `Secret ${name}, which holds the public keys, is not in this repository`
      : `Secret ${name} is encrypted, so the public keys in it cannot be read`;
  const advice = 'commit the public keys as files and name them under commitSignatures.keys';
  return { state: 'unknown', reason: `${why}: ${advice} in .github/fluxgate.yaml.` };
}

/** The key files that the configuration names, as entries of a keyring. */
export function configuredKeys(tree: FileTree, keyGlobs: readonly string[]): KeyEntry[] {
  return keyFilesOf(tree, keyGlobs).flatMap((path) => readFile(tree, path));
}

function mapsOf(root: LocatedMap): LocatedMap[] {
  return ['data', 'stringData'].flatMap((field) => root.map(field) ?? []);
}

/** Entries of a Secret as they are written; undefined where its values cannot be read. */
export function plainEntries({ resource }: ClusterObject): KeyEntry[] | undefined {
  const { root } = resource;
  if (root.get('sops') !== undefined) return undefined;
  const entries = new Map<string, KeyEntry>();
  for (const field of ['data', 'stringData']) {
    for (const { key: name, value } of root.map(field)?.entries ?? []) {
      if (value.kind !== 'scalar' || typeof value.value !== 'string') return undefined;
      if (value.value.startsWith('ENC[')) return undefined;
      const content =
        field === 'data'
          ? value.value.replace(/\s/g, '')
          : Buffer.from(value.value).toString('base64');
      entries.set(name, { name, content, place: placeOf(root, [field, name]) });
    }
  }
  return [...entries.values()];
}

function readFile(tree: FileTree, path: string): KeyEntry[] {
  const content = tree.read(path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const place = { path, line: 1, endLine: 1 };
  if (content.state === 'text') {
    return [{ name, content: Buffer.from(content.text).toString('base64'), place }];
  }
  if (content.state !== 'binary') return [];
  return [{ name, content: Buffer.from(content.bytes).toString('base64'), place }];
}
