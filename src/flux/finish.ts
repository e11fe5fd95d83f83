import { type Located, LocatedMap, LocatedScalar, Unknown } from '../model/located.ts';
import { type Resource, toResource } from '../model/resource.ts';
import { toPlace } from '../model/source.ts';
import { placeOf } from '../model/field-path.ts';
import type { Gap, UnitProblem } from './cluster.ts';
import { inputOfValue } from './gap-inputs.ts';
import { asApplied } from './held-back.ts';
import { specOf } from './kinds.ts';
import { itemsOf } from './list-items.ts';
import { decrypted, isEncrypted, withoutEncryptedFiles } from './sops.ts';
import type { Substituted } from './substitution/substitute.ts';

export interface Finished {
  readonly resources: readonly Resource[];
  readonly problems: readonly UnitProblem[];
  readonly gaps: readonly Gap[];
}

/** What Flux does to each object after the build. */
export interface FinishOptions {
  readonly kustomization: Resource | undefined;
  readonly substitute: (object: LocatedMap) => Substituted;
}

/**
 * Decryption, substitution and common metadata (kustomize-controller, after the build). Objects
 * that none of these changes come out as themselves.
 */
export function finish(built: readonly Resource[], options: FinishOptions): Finished {
  const { kustomization } = options;
  const spec = kustomization && specOf(kustomization);
  const canDecrypt = spec?.map('decryption') !== undefined;
  const metadata = spec?.map('commonMetadata');
  const applied = (root: LocatedMap) => (kustomization ? asApplied(root) : root);
  const resources: Resource[] = [];
  const problems: UnitProblem[] = [];
  const gaps: Gap[] = [];
  for (const resource of built) {
    if (kustomization && isEncrypted(resource.root) && !canDecrypt) {
      problems.push(undecryptable(resource));
      continue;
    }
    const readable = decrypt(resource);
    const answer = options.substitute(readable.root);
    if ('error' in answer) {
      const place = toPlace(answer.site ?? resource.root);
      const message = `${describe(resource)}: ${answer.error}.`;
      problems.push({ code: 'failed-substitution', message, place, field: describe(resource) });
    } else if ('unknown' in answer) {
      const reason = `${describe(resource)} is not known: ${answer.unknown.reason}.`;
      const input = inputOfValue(resource.root);
      const only = onlyOf(resource);
      gaps.push({ reason, place: toPlace(resource.root), cause: 'content', input, ...only });
    } else {
      const items = itemsOf(answer.object);
      if (items === undefined) {
        const root = metadata ? withCommonMetadata(answer.object, metadata) : answer.object;
        const named = renamed(readable, applied(root));
        if (named) resources.push(named);
        else gaps.push(unreadable(resource));
      } else if (items instanceof Unknown) {
        const reason = `The items of ${describe(resource)} are not known: ${items.reason}.`;
        const place = placeOf(resource.root, ['items']);
        gaps.push({ reason, place, cause: 'content', input: inputOfValue(resource.root) });
      } else {
        for (const item of items) {
          const root = item.kind === 'map' && metadata ? withCommonMetadata(item, metadata) : item;
          const made = root.kind === 'map' ? toResource(applied(root)) : undefined;
          if (made) resources.push(made);
          else problems.push(noObject(resource, item));
        }
      }
    }
  }
  return problems.length > 0 ? { resources: [], problems, gaps } : { resources, problems, gaps };
}

/** What an object that is not known is at least, where no variable may make it another thing. */
function onlyOf({ apiVersion, kind, root }: Resource): Pick<Gap, 'only'> {
  const isFixed = ![apiVersion, kind].some((text) => text.includes('$'));
  return isFixed && root.entry('items') === undefined ? { only: { apiVersion, kind } } : {};
}

function decrypt(resource: Resource): Resource {
  if (isEncrypted(resource.root)) return { ...resource, root: decrypted(resource.root) };
  if (resource.kind !== 'Secret' && resource.kind !== 'ConfigMap') return resource;
  const root = withoutEncryptedFiles(resource.root);
  return root === resource.root ? resource : { ...resource, root };
}

function undecryptable(resource: Resource): UnitProblem {
  return {
    code: 'missing-decryption',
    message: `${describe(resource)} is encrypted with SOPS, and the Kustomization that applies it has no spec.decryption.`,
    place: placeOf(resource.root, ['sops']),
    field: describe(resource),
  };
}

function unreadable(resource: Resource): Gap {
  const reason = `${describe(resource)} is no object that can be recognised after substitution.`;
  const input = inputOfValue(resource.root);
  return { reason, place: toPlace(resource.root), cause: 'content', input };
}

/** Flux reads what has items as a list, and fails on the first that is no object. */
function noObject(resource: Resource, item: Located): UnitProblem {
  const message = `${describe(resource)} has items, so that each of them is applied in its place, and this one has no kind or no apiVersion.`;
  return { code: 'failed-build', message, place: toPlace(item), field: describe(resource) };
}

/** An object for people: `Deployment apps/web`. */
export function describe({ kind, namespace, name }: Resource): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** The resource of a changed root; undefined where it can no longer be told what it is. */
function renamed(resource: Resource, root: LocatedMap): Resource | undefined {
  if (root === resource.root) return resource;
  const hasGeneratedName = resource.plainName !== resource.name;
  return toResource(root, hasGeneratedName ? resource.plainName : undefined);
}

/** Labels and annotations of `spec.commonMetadata` over those of the object, not of its pods. */
function withCommonMetadata(root: LocatedMap, common: LocatedMap): LocatedMap {
  let metadata = root.map('metadata');
  for (const field of ['labels', 'annotations']) {
    const added = common.map(field)?.entries ?? [];
    if (metadata === undefined || added.length === 0) continue;
    let target = metadata.map(field) ?? new LocatedMap([], metadata);
    for (const { key, value, keyStart, keyEnd } of added) {
      target = target.with(key, tracedTo(value, target.get(key)), { start: keyStart, end: keyEnd });
    }
    metadata = metadata.with(field, target);
  }
  return metadata && metadata !== root.map('metadata') ? root.with('metadata', metadata) : root;
}

function tracedTo(value: Located, before: Located | undefined): Located {
  if (value.kind !== 'scalar') return value;
  return new LocatedScalar(value.value, value, { by: 'commonMetadata', before }, value.raw);
}
