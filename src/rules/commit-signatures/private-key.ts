import type { Cluster } from '../../flux/cluster.ts';
import { isUsualKeyFile, usualKeyFilesOf } from '../../flux/key-files.ts';
import type { FileTree } from '../../model/file-tree.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { manifestsAt } from '../../flux/loose.ts';
import { factsOf } from '../../flux/file-facts.ts';
import { type FieldPath, placeOf } from '../../model/field-path.ts';
import type { Fault } from '../../model/finding.ts';
import { beginsWithSecretKey, findPrivateKey, type FoundKey } from '../../model/private-key.ts';
import type { Located, LocatedMap } from '../../model/located.ts';
import type { Resource } from '../../model/resource.ts';
import { type Place, SourceText, toPlace } from '../../model/source.ts';
import type { Repository, RepositoryRule } from '../rule.ts';
import { openSigningKeys } from './automations.ts';
import { exampleOf } from './examples.ts';
import { trustOf } from './trust.ts';

const BINARY_KEY_FILE = /\.(?:asc|gpg|pgp)$/;

/**
 * A private key that everybody who reads the repository can use.
 *
 * Applies to YAML and JSON, decoded Secrets, what overlays make from files, and files with the names
 * of key files. Keys in keyrings and
 * those that automations sign with are told by `commit-signatures/unusable-key`.
 */
export const privateKey: RepositoryRule = {
  id: 'commit-signatures/private-key',
  area: 'commit-signatures',
  title: 'Private key in the repository',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'Whoever reads a private key can sign, log in or decrypt in the name of its owner. A repository is read by more people and programs than one thinks, and its history keeps what a later commit removes.',
    allows: [
      'Public keys and certificates, and private ones in encrypted Secrets (SOPS, Sealed Secrets) or outside the repository.',
      'Beginnings of keys without key material, as documentation has them.',
      'Found are PEM (PKCS #1 and #8, SEC 1, OpenSSH), PGP, PuTTY and age, also in base64 as in a kubeconfig; a key that a passphrase protects is a private key, too.',
    ],
    fix: 'Take the key out of use everywhere and make a new one. Keep its private part outside, or in a Secret that is encrypted before it is committed.',
    exception:
      'A key made for tests that nothing trusts: a waiver that says so, for the file that holds it.',
    limits:
      'Beside YAML, JSON and what overlays make from files, only files with names that key files usually have are read, and not more than 200 of them; the history is not: a scanner of secrets looks at every file of every commit.',
    ...exampleOf('private-key'),
    links: ['https://fluxcd.io/flux/guides/mozilla-sops/'],
  },
  evaluate(repository, context) {
    const told = new Set(
      [
        ...repository.clusters.flatMap(openSigningKeys).map(({ entry }) => entry.place),
        ...trustOf(repository, context).verifying.flatMap(({ keys }) =>
          keys.state === 'known' ? keys.value.map(({ place }) => place) : [],
        ),
      ].map(toKey),
    );
    const found = new Map<string, FoundAt>();
    const all = [
      ...factsOf(repository.tree, keysInFile),
      ...repository.clusters.flatMap(keysInCluster),
      ...keysInOtherFiles(repository),
    ];
    for (const key of all) {
      const at = toKey(key.place);
      if (!told.has(at) && !found.has(at)) found.set(at, key);
    }
    return { faults: [...found.values()].map(toFault), unknowns: [] };
  },
};

interface FoundAt {
  readonly place: Place;
  readonly isProtected: boolean;
}

/** Manifests are told by line, key files as a whole. */
function toKey({ path, line }: Place): string {
  return isUsualKeyFile(path) ? path : `${path}:${line}`;
}

function keysInFile(tree: FileTree, path: string): FoundAt[] {
  const [file] = manifestsAt(tree, path);
  if (file === undefined) return [];
  const content = tree.read(path);
  const inText = content.state === 'text' ? findPrivateKey(content.text) : undefined;
  const inObjects = file.resources.flatMap((resource) =>
    inText !== undefined || resource.kind === 'Secret' ? keysIn(resource) : [],
  );
  if (inObjects.length > 0 || inText === undefined || content.state !== 'text') return inObjects;
  // Values of a chart, a comment, a template, JSON that is no object of Kubernetes.
  return inSource(new SourceText(path, content.text), inText);
}

/** In the objects of a cluster, looked at once for a cluster that stays. */
function keysInCluster(cluster: Cluster): readonly FoundAt[] {
  const known = inCluster.get(cluster);
  if (known !== undefined) return known;
  const found: FoundAt[] = [];
  for (const { resource } of objectsOfKind(cluster, 'Secret', 'ConfigMap')) {
    found.push(...keysInGenerated(resource));
  }
  inCluster.set(cluster, found);
  return found;
}

const inCluster = new WeakMap<Cluster, readonly FoundAt[]>();

/** Of an object that an overlay makes from files, whatever they are called. */
function keysInGenerated(resource: Resource): readonly FoundAt[] {
  const { root } = resource;
  const known = inGenerated.get(root);
  if (known !== undefined) return known;
  const found = keysIn(resource);
  inGenerated.set(root, found);
  return found;
}

/** By object, which clusters and sides of a change share. */
const inGenerated = new WeakMap<LocatedMap, readonly FoundAt[]>();

function keysIn({ kind, root }: Resource): FoundAt[] {
  const data = kind === 'Secret' ? root.map('data') : undefined;
  return [...(data ? encodedKeys(data) : []), ...writtenKeys(root, [])].map(
    ({ path, isProtected }) => ({ place: placeOf(root, path), isProtected }),
  );
}

interface KeyPath extends Pick<FoundKey, 'isProtected'> {
  readonly path: FieldPath;
}

/** Entries of a Secret's `data` that decode to a private key. */
function encodedKeys({ entries }: LocatedMap): KeyPath[] {
  return entries.flatMap(({ key, value }) => {
    if (value.kind !== 'scalar' || typeof value.value !== 'string') return [];
    const found = findPrivateKey(Buffer.from(value.value, 'base64').toString('latin1'));
    return found === undefined ? [] : { ...found, path: ['data', key] };
  });
}

function writtenKeys(node: Located, path: FieldPath): KeyPath[] {
  if (node.kind === 'map') {
    return node.entries.flatMap(({ key, value }) => writtenKeys(value, [...path, key]));
  }
  if (node.kind === 'list') {
    return node.items.flatMap((item, at) => writtenKeys(item, [...path, at]));
  }
  const found = typeof node.value === 'string' ? findPrivateKey(node.value) : undefined;
  return found === undefined ? [] : [{ ...found, path }];
}

/** Files with the names of key files, and JSON, in which clouds hand out keys of accounts. */
function keysInOtherFiles({ tree }: Repository): FoundAt[] {
  return [...usualKeyFilesOf(tree), ...factsOf(tree, jsonAt)].flatMap((path) => {
    const content = tree.read(path);
    if (content.state === 'binary') {
      const isKey = BINARY_KEY_FILE.test(path) && beginsWithSecretKey(content.bytes);
      return isKey ? { place: { path, line: 1, endLine: 1 }, isProtected: false } : [];
    }
    const found = content.state === 'text' ? findPrivateKey(content.text) : undefined;
    if (content.state !== 'text' || found === undefined) return [];
    return inSource(new SourceText(path, content.text), found);
  });
}

function jsonAt(_: FileTree, path: string): string[] {
  return path.endsWith('.json') ? [path] : [];
}

function inSource(source: SourceText, { start, isProtected }: FoundKey): FoundAt[] {
  return [{ place: toPlace({ source, start, end: start + 1 }), isProtected }];
}

function toFault({ place, isProtected }: FoundAt): Fault {
  const use = isProtected ? 'and finds its passphrase can use it' : 'can use it';
  return {
    rule: privateKey.id,
    effect: 'denied',
    subject: { apiVersion: '', kind: 'File', name: place.path, field: `line ${place.line}` },
    message: `${place.path} holds a private key: whoever reads this repository ${use} in its owner's name.`,
    primary: place,
    related: [],
    remedy: {
      summary:
        'Take the key out of use everywhere, since it stays in the history, and make a new one. Commit it only encrypted.',
      fields: [],
      edits: [],
    },
  };
}
