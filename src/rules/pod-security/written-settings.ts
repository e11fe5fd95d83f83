import { type Environment, environmentOf, ENVIRONMENTS } from '../../model/cluster-settings.ts';
import { CONFIG_PATH } from '../../model/config-path.ts';
import { type FieldPath, placeOf, valueAt } from '../../model/field-path.ts';
import type { FileTree } from '../../model/file-tree.ts';
import { type Located, type LocatedMap, toPlain } from '../../model/located.ts';
import { type Place, SourceText } from '../../model/source.ts';
import { toRepositoryPath } from '../../model/written-path.ts';
import { parseYaml } from '../../yaml/parse.ts';
import {
  type LocatedConfiguration,
  locateConfiguration,
  readConfigurationFile,
} from './configuration-file.ts';
import { type Mode, MODES } from './namespace-policy.ts';
import {
  type PodSecurityConfiguration,
  readPodSecurityConfiguration,
} from './pod-security-configuration.ts';
import { itemHasComment } from './written-reason.ts';

/**
 * What the settings in a tree say of a cluster. Attacker-controlled: what a change writes there is
 * told, with its line, and never counts before it is merged.
 */
export interface WrittenCluster {
  readonly name: string;
  readonly environment: Environment | undefined;
  readonly kubernetes: string | undefined;
  /** The admission configuration that it names, and where. */
  readonly file: { readonly path: string; readonly place: Place } | undefined;
  /** Where its defaults and exemptions stand: there, or in the settings themselves. */
  readonly admission: LocatedConfiguration | undefined;
  /** The place of a field of it, or of what is nearest. */
  readonly placeOf: (path: FieldPath) => Place;
}

const known = new WeakMap<FileTree, readonly WrittenCluster[]>();

export function writtenClusters(tree: FileTree): readonly WrittenCluster[] {
  const done = known.get(tree) ?? read(tree);
  // Of a file that is not loaded yet nothing is known: it is read again when it is there.
  const isLoaded = [CONFIG_PATH, ...done.flatMap(({ file }) => file?.path ?? [])].every(
    (path) => tree.read(path).state !== 'not-loaded',
  );
  if (isLoaded) known.set(tree, done);
  return done;
}

function read(tree: FileTree): WrittenCluster[] {
  const content = tree.read(CONFIG_PATH);
  if (content.state !== 'text') return [];
  const [root] = parseYaml(new SourceText(CONFIG_PATH, content.text), 'kustomize').documents;
  const clusters = root?.kind === 'map' ? root.map('clusters') : undefined;
  if (root === undefined || clusters === undefined) return [];
  return clusters.entries.flatMap(({ key, value }) =>
    value.kind === 'map' ? toCluster(tree, root, key, value) : [],
  );
}

function toCluster(tree: FileTree, root: Located, name: string, entry: LocatedMap): WrittenCluster {
  const at = ['clusters', name];
  const named = entry.map('podSecurity')?.text('configuration');
  const path = named === undefined ? undefined : toRepositoryPath(named);
  const written = entry.text('environment');
  const inSettings = entry.map('podSecurity') && { root, at: [...at, 'podSecurity'] };
  const placed = (field: FieldPath) => placeOf(root, [...at, ...field]);
  return {
    name,
    environment: ENVIRONMENTS.find((one) => one === written) ?? environmentOf(name),
    kubernetes: entry.text('kubernetes'),
    file:
      path === undefined ? undefined : { path, place: placed(['podSecurity', 'configuration']) },
    admission: path === undefined ? inSettings : locateConfiguration(tree, path),
    placeOf: placed,
  };
}

/**
 * Defaults and exemptions that a cluster would have by these settings; undefined where they cannot
 * be used.
 */
export function admissionOf(
  tree: FileTree,
  { file, admission }: Pick<WrittenCluster, 'file' | 'admission'>,
): PodSecurityConfiguration | undefined {
  if (file !== undefined) return readConfigurationFile(tree, file.path).configuration;
  if (admission === undefined) return readPodSecurityConfiguration(undefined).configuration;
  const node = valueAt(admission.root, admission.at);
  const fields = node?.kind === 'map' ? (toPlain(node) as Record<string, unknown>) : {};
  return readPodSecurityConfiguration({
    ...fields,
    apiVersion: 'pod-security.admission.config.k8s.io/v1',
    kind: 'PodSecurityConfiguration',
  }).configuration;
}

/** Where the defaults of a cluster stand, those that are written. */
export function defaultPlaces({
  admission,
}: Pick<WrittenCluster, 'admission'>): Partial<Record<Mode, Place>> | undefined {
  if (admission === undefined) return undefined;
  const { root, at } = admission;
  return Object.fromEntries(
    MODES.flatMap((mode) => {
      const path = [...at, 'defaults', mode];
      return valueAt(root, path) === undefined ? [] : [[mode, placeOf(root, path)] as const];
    }),
  );
}

/** What can be exempt, and the kind of object that it names. */
export const EXEMPT_KINDS = {
  namespaces: { kind: 'Namespace', noun: 'namespace' },
  usernames: { kind: 'User', noun: 'user' },
  runtimeClasses: { kind: 'RuntimeClass', noun: 'runtime class' },
} as const;

export interface WrittenExemption {
  readonly list: keyof typeof EXEMPT_KINDS;
  readonly name: string;
  readonly place: Place;
  /** Whether a comment on its line or above it says why. */
  readonly hasReason: boolean;
}

/** The exemptions of a configuration, in the order of the file. */
export function exemptionsIn({ root, at }: LocatedConfiguration): WrittenExemption[] {
  const found: WrittenExemption[] = [];
  for (const list of Object.keys(EXEMPT_KINDS) as (keyof typeof EXEMPT_KINDS)[]) {
    const path = [...at, 'exemptions', list];
    const node = valueAt(root, path);
    if (node?.kind !== 'list') continue;
    for (const [index, item] of node.items.entries()) {
      if (item.kind !== 'scalar' || typeof item.value !== 'string' || item.value === '') continue;
      const place = placeOf(root, [...path, index]);
      const hasReason = itemHasComment(root, path, item);
      found.push({ list, name: item.value, place, hasReason });
    }
  }
  return found;
}
