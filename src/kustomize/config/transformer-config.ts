import { type Gvk, isSelected } from '../resource-id.ts';
import { DEFAULT_FIELD_SPECS } from './default-field-specs.ts';

/** A field of the objects of a kind (any, where the parts of the kind are empty). */
export interface FieldSpec extends Gvk {
  /** Names separated by `/` (`\/` for a slash in a name); lists are entered without a step. */
  readonly path: string;
  /** Whether a missing field is made. */
  readonly create: boolean;
}

/** Fields that hold the name of an object of a kind. */
export interface NameReference extends Gvk {
  readonly referrers: readonly FieldSpec[];
}

export const FIELD_SPEC_SECTIONS = [
  ...(['namePrefix', 'nameSuffix', 'namespace', 'commonLabels', 'labels'] as const),
  ...(['templateLabels', 'commonAnnotations', 'varReference', 'images', 'replicas'] as const),
] as const;

export type FieldSpecSection = (typeof FIELD_SPEC_SECTIONS)[number];

/** Which fields the transformers touch: kustomize's defaults and what `configurations` add. */
export type TransformerConfig = Readonly<Record<FieldSpecSection, readonly FieldSpec[]>> & {
  readonly nameReference: readonly NameReference[];
};

/** Two configurations name the same field, and only one of them would make it where it is missing. */
export class ConfigConflict {
  readonly spec: FieldSpec;

  constructor(spec: FieldSpec) {
    this.spec = spec;
  }
}

export const EMPTY_CONFIG: TransformerConfig = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  commonAnnotations: [],
  varReference: [],
  images: [],
  replicas: [],
  nameReference: [],
};

let defaults: TransformerConfig | undefined;

/** What kustomize touches without being told. Merging it with itself gives the same object. */
export function defaultConfig(): TransformerConfig {
  if (defaults === undefined) {
    const merged = mergeConfigs(EMPTY_CONFIG, readDefaults(DEFAULT_FIELD_SPECS));
    if (merged instanceof ConfigConflict) throw new TypeError('The default field specs conflict.');
    defaults = merged;
  }
  return defaults;
}

/*
 * The table of defaults, one field a line; `-` stands for any:
 *
 *     SECTION PATH GROUP VERSION KIND [create]
 *     nameReference GROUP VERSION KIND PATH GROUP VERSION KIND   (target first)
 */
function readDefaults(text: string): TransformerConfig {
  const config: Record<FieldSpecSection, FieldSpec[]> & { nameReference: NameReference[] } =
    structuredClone(EMPTY_CONFIG) as never;
  for (const line of text.split('\n')) {
    const [section = '', ...words] = line.split(' ');
    if (section === 'nameReference') {
      config.nameReference.push({ ...readGvk(words), referrers: [readSpec(words.slice(3))] });
    } else if (section !== '') {
      config[section as FieldSpecSection].push(readSpec(words));
    }
  }
  return config;
}

function readSpec([path = '', ...words]: readonly string[]): FieldSpec {
  return { path, ...readGvk(words), create: words[3] === 'create' };
}

function readGvk(words: readonly string[]): Gvk {
  const [group = '', version = '', kind = ''] = words.map((word) => (word === '-' ? '' : word));
  return { group, version, kind };
}

const merges = new WeakMap<
  TransformerConfig,
  WeakMap<TransformerConfig, TransformerConfig | ConfigConflict>
>();

/** In the order in which kustomize merges them: a spec of any kind comes after those of one. */
export function sortConfig(config: TransformerConfig): TransformerConfig {
  const sections = FIELD_SPEC_SECTIONS.map((section) => [
    section,
    config[section].toSorted(compareGvk),
  ]);
  return {
    ...config,
    ...(Object.fromEntries(sections) as Partial<TransformerConfig>),
    nameReference: config.nameReference.toSorted(compareGvk),
  };
}

/**
 * A configuration with what another one adds. Every base of an overlay brings the defaults along,
 * so merges are remembered. Nothing is a base, too: a spec for one kind makes the one for all kinds
 * that follows it on the same path count as present.
 */
export function mergeConfigs(
  base: TransformerConfig,
  added: TransformerConfig,
): TransformerConfig | ConfigConflict {
  if (added === EMPTY_CONFIG) return base;
  if (added === defaults && (base === added || base === EMPTY_CONFIG)) return added;
  const ofBase = merges.get(base) ?? new WeakMap<TransformerConfig, TransformerConfig>();
  merges.set(base, ofBase);
  const known = ofBase.get(added);
  if (known) return known;
  const merged = mergeNew(base, added);
  ofBase.set(added, merged);
  return merged;
}

function mergeNew(
  base: TransformerConfig,
  added: TransformerConfig,
): TransformerConfig | ConfigConflict {
  const merged: Partial<Record<FieldSpecSection, readonly FieldSpec[]>> = {};
  for (const section of FIELD_SPEC_SECTIONS) {
    const specs = mergeFieldSpecs(base[section], added[section]);
    if (specs instanceof ConfigConflict) return specs;
    merged[section] = specs;
  }
  const nameReference = mergeReferences(base.nameReference, added.nameReference);
  if (nameReference instanceof ConfigConflict) return nameReference;
  return sortConfig({ ...EMPTY_CONFIG, ...merged, nameReference });
}

/** Adds the specs that are not there yet. */
export function mergeFieldSpecs(
  base: readonly FieldSpec[],
  added: readonly FieldSpec[],
): readonly FieldSpec[] | ConfigConflict {
  if (added.length === 0) return base;
  const merged = [...base];
  const byPath = new Map<string, FieldSpec[]>();
  for (const spec of base) byPath.set(spec.path, [...(byPath.get(spec.path) ?? []), spec]);
  for (const spec of added) {
    const samePath = byPath.get(spec.path) ?? [];
    const known = samePath.find((candidate) => isSelected(candidate, spec));
    if (known === undefined) {
      merged.push(spec);
      byPath.set(spec.path, [...samePath, spec]);
    } else if (known.create !== spec.create) {
      return new ConfigConflict(spec);
    }
  }
  return merged;
}

function mergeReferences(
  base: readonly NameReference[],
  added: readonly NameReference[],
): readonly NameReference[] | ConfigConflict {
  const merged = new Map(base.map((reference) => [keyOf(reference), reference]));
  for (const reference of added) {
    const known = merged.get(keyOf(reference));
    const referrers = mergeFieldSpecs(known?.referrers ?? [], reference.referrers);
    if (referrers instanceof ConfigConflict) return referrers;
    merged.set(keyOf(reference), { ...reference, referrers });
  }
  return [...merged.values()];
}

function keyOf({ group, version, kind }: Gvk): string {
  return `${group}\0${version}\0${kind}`;
}

/** Kinds that kustomize puts first and last, wherever it sorts kinds. */
export const ORDER_FIRST = [
  ...['Namespace', 'ResourceQuota', 'StorageClass', 'CustomResourceDefinition', 'ServiceAccount'],
  ...['PodSecurityPolicy', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ConfigMap'],
  ...['Secret', 'Endpoints', 'Service', 'LimitRange', 'PriorityClass', 'PersistentVolume'],
  ...['PersistentVolumeClaim', 'Deployment', 'StatefulSet', 'CronJob', 'PodDisruptionBudget'],
];
export const ORDER_LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

const RANKS = new Map<string, number>([
  ...ORDER_FIRST.map((kind, index): [string, number] => [kind, index - ORDER_FIRST.length]),
  ...ORDER_LAST.map((kind, index): [string, number] => [kind, index + 1]),
]);

function compareGvk(a: Gvk, b: Gvk): number {
  const rank = (RANKS.get(a.kind) ?? 0) - (RANKS.get(b.kind) ?? 0);
  if (rank !== 0) return rank;
  const [textA, textB] = [sortText(a), sortText(b)];
  return textA < textB ? -1 : Number(textA > textB);
}

function sortText({ group, version, kind }: Gvk): string {
  return `${group || '~G'}_${version || '~V'}_${kind || '~K'}`;
}
