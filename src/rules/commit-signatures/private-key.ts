import { isUsualKeyFile, usualKeyFilesOf } from '../../flux/key-files.ts';
import { type FieldPath, placeOf } from '../../model/field-path.ts';
import type { Fault } from '../../model/finding.ts';
import { beginsWithSecretKey, privateKeyAt } from '../../model/private-key.ts';
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
 * Applies to manifests, decoded Secrets and files with the names of key files. Keys in keyrings and
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
      'Public keys, and private ones in encrypted Secrets (SOPS, Sealed Secrets) or outside the repository.',
      'Beginnings of keys without key material, as documentation has them.',
    ],
    fix: 'Take the key out of use everywhere and make a new one. Keep its private part outside, or in a Secret that is encrypted before it is committed.',
    exception:
      'A key made for tests that nothing trusts: a waiver that says so, for the file that holds it.',
    limits:
      'Files with other names than key files usually have are not read, nor more than 200 of them, nor is the history: a scanner of secrets looks at every file of every commit.',
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
    const places = [...placesInManifests(repository), ...placesInKeyFiles(repository)];
    const faults = places.filter((place) => !told.has(toKey(place))).map(faultAt);
    return { faults, unknowns: [] };
  },
};

/** Manifests are told by line, key files as a whole. */
function toKey({ path, line }: Place): string {
  return isUsualKeyFile(path) ? path : `${path}:${line}`;
}

function placesInManifests({ files, tree }: Repository): Place[] {
  return files.flatMap(({ path, resources }) => {
    const content = tree.read(path);
    const isSuspect = content.state === 'text' && privateKeyAt(content.text) !== undefined;
    return resources.flatMap((resource) =>
      isSuspect || resource.kind === 'Secret' ? placesIn(resource) : [],
    );
  });
}

function placesIn({ kind, root }: Resource): Place[] {
  const data = kind === 'Secret' ? root.map('data') : undefined;
  const decoded = data ? encodedKeys(data).map((name) => placeOf(root, ['data', name])) : [];
  return [...decoded, ...pathsToKeys(root, []).map((path) => placeOf(root, path))];
}

/** Entries of a Secret's `data` that decode to a private key. */
function encodedKeys({ entries }: LocatedMap): string[] {
  return entries.flatMap(({ key, value }) => {
    if (value.kind !== 'scalar' || typeof value.value !== 'string') return [];
    const bytes = Buffer.from(value.value, 'base64');
    return privateKeyAt(bytes.toString('latin1')) === undefined ? [] : key;
  });
}

function pathsToKeys(node: Located, path: FieldPath): FieldPath[] {
  if (node.kind === 'map') {
    return node.entries.flatMap(({ key, value }) => pathsToKeys(value, [...path, key]));
  }
  if (node.kind === 'list') {
    return node.items.flatMap((item, at) => pathsToKeys(item, [...path, at]));
  }
  const isKey = typeof node.value === 'string' && privateKeyAt(node.value) !== undefined;
  return isKey ? [path] : [];
}

function placesInKeyFiles({ tree }: Repository): Place[] {
  return usualKeyFilesOf(tree).flatMap((path) => {
    const content = tree.read(path);
    if (content.state === 'binary') {
      const isKey = BINARY_KEY_FILE.test(path) && beginsWithSecretKey(content.bytes);
      return isKey ? { path, line: 1, endLine: 1 } : [];
    }
    const start = content.state === 'text' ? privateKeyAt(content.text) : undefined;
    if (content.state !== 'text' || start === undefined) return [];
    return toPlace({ source: new SourceText(path, content.text), start, end: start + 1 });
  });
}

function faultAt(place: Place): Fault {
  return {
    rule: privateKey.id,
    effect: 'denied',
    subject: { apiVersion: '', kind: 'File', name: place.path, field: `line ${place.line}` },
    message: `${place.path} holds a private key: whoever reads this repository can use it in its owner's name.`,
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
