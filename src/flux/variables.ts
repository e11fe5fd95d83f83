import { type Located, type LocatedMap, Unknown } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import { heldBack, whyUnknown } from './held-back.ts';
import { keyOf, specOf } from './kinds.ts';
import { decodeBase64, isEncrypted } from './sops.ts';
import type { Variable, Variables } from './substitution/variables.ts';
import { cleanValue } from './substitution/variables.ts';

/** Finds a ConfigMap or Secret of the cluster; undefined when no unit applies one. */
export type FindObject = (kind: string, namespace: string, name: string) => Resource | undefined;

export interface PostBuild {
  readonly variables: Variables;
  /** `substituteStrategy: Always`. */
  readonly isAlways: boolean;
}

const NONE: PostBuild = { variables: { named: new Map() }, isAlways: false };

interface Reference {
  readonly kind: string;
  readonly name: string;
  readonly node: LocatedMap;
}

/** The ConfigMaps and Secrets that a Kustomization takes variables from, in their order. */
export function substituteFromOf(kustomization: Resource): Reference[] {
  const list = specOf(kustomization)?.map('postBuild')?.list('substituteFrom');
  return (list?.items ?? []).flatMap((node) => {
    if (node.kind !== 'map') return [];
    return [{ kind: node.text('kind') ?? '', name: node.text('name') ?? '', node }];
  });
}

/** The variables of a Kustomization: of its sources in their order, inline values above them. */
export function postBuildOf(kustomization: Resource, findObject: FindObject): PostBuild {
  const postBuild = specOf(kustomization)?.map('postBuild');
  if (postBuild === undefined) return NONE;
  const named = new Map<string, Variable>();
  let others: Variables['others'];
  const [namespace = ''] = keyOf(kustomization).split('/');
  for (const { kind, name, node } of substituteFromOf(kustomization)) {
    const object = findObject(kind, namespace, name);
    const described = `${kind} ${namespace}/${name}`;
    const held = object && heldBack(object.root);
    if (object === undefined || held !== undefined) {
      const why = held ? `where ${whyUnknown(held)}` : 'which is not in the repository';
      others = { unknown: `may come from ${described}, ${why}`, site: node };
      // What stands in it may replace what came before.
      for (const known of named.keys()) named.set(known, others);
      continue;
    }
    for (const [key, variable] of valuesOf(object, described)) named.set(key, variable);
  }
  for (const { key, value } of postBuild.map('substitute')?.entries ?? []) {
    named.set(key, toVariable(value, 'is not known'));
  }
  const isAlways = postBuild.text('substituteStrategy') === 'Always';
  return { variables: { named, ...(others && { others }) }, isAlways };
}

function* valuesOf({ root, kind }: Resource, described: string): Generator<[string, Variable]> {
  const isSecret = kind === 'Secret';
  const unknown = isEncrypted(root)
    ? `comes from ${described}, which is encrypted`
    : `comes from ${described}, where its value is not known`;
  for (const { key, value } of root.map('data')?.entries ?? []) {
    yield [key, isSecret ? decoded(value, unknown) : toVariable(value, unknown)];
  }
  for (const { key, value } of (isSecret && root.map('stringData')?.entries) || []) {
    yield [key, toVariable(value, unknown)];
  }
}

function decoded(node: Located, unknown: string): Variable {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return toVariable(node, unknown);
  const text = node.value.startsWith('ENC[') ? undefined : decodeBase64(node.value);
  return text === undefined ? { unknown, site: node } : { value: cleanValue(text), site: node };
}

/** Flux reads the values as texts; a number or boolean is written as it stands. */
function toVariable(node: Located, unknown: string): Variable {
  if (node.kind !== 'scalar' || node.value instanceof Unknown) return { unknown, site: node };
  const text = node.value === null ? '' : (node.raw ?? String(node.value));
  if (text.startsWith('ENC[')) return { unknown, site: node };
  return { value: cleanValue(text), site: node };
}
