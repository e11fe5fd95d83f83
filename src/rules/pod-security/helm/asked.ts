import type { ClusterObject } from '../../../flux/cluster.ts';
import { specOf } from '../../../flux/kinds.ts';
import { PATCH_FIELDS, postRenderersOf } from '../../../flux/post-renderers.ts';
import { placeOf, toDotted } from '../../../model/field-path.ts';
import type { LocatedMap } from '../../../model/located.ts';
import type { Place } from '../../../model/source.ts';
import { embedded, textIn } from '../../embedded-values.ts';
import { askedByPatch } from './patches.ts';
import { type Privilege, privilegesAt, privilegesIn } from './privileges.ts';

/** Privilege that a HelmRelease asks for. */
export interface Asked {
  /** Where in the release, dotted; with the field inside of what it names. */
  readonly field: string;
  readonly what: string;
  readonly place: Place;
  /** What kind of words ask for it: `Helm values`, `a post renderer`. */
  readonly where: string;
}

/** The object of a kind and name in the namespace of a release. */
export type FindBeside = (kind: string, name: string) => ClusterObject | undefined;

/** What the values of a release ask for, wherever they stand, and what is done to what it renders. */
export function askedBy({ resource }: ClusterObject, find: FindBeside): Asked[] {
  const spec = specOf(resource);
  if (spec === undefined) return [];
  const { root } = resource;
  const here = (where: string) => (privilege: Privilege) => ({
    ...{ field: toDotted(privilege.path, root), what: privilege.what, where },
    place: placeOf(root, privilege.path),
  });
  const values = spec.get('values');
  return [
    ...(values ? privilegesIn(values, ['spec', 'values']).map(here('Helm values')) : []),
    ...valuesFrom(spec, root, find),
    ...postRenderers(root),
  ];
}

function valuesFrom(spec: LocatedMap, root: LocatedMap, find: FindBeside): Asked[] {
  return itemsOf(spec, 'valuesFrom').flatMap((item, index) => {
    const [kind, name] = [item.text('kind'), item.text('name')];
    const object = kind && name ? find(kind, name) : undefined;
    if (name === undefined || object === undefined) return [];
    const key = item.text('valuesKey') ?? 'values.yaml';
    const text = textIn(object.resource.root, key);
    if (text === undefined) return [];
    // A generated name has a hash of the values: every change of them would be another finding.
    const { plainName } = object.resource;
    const field = toDotted(['spec', 'valuesFrom', index], root).replaceAll(name, () => plainName);
    const where = `Helm values of ${kind} ${plainName}`;
    const target = item.text('targetPath');
    if (target !== undefined) {
      const steps = target.split(/\.|\[|\]/).filter((step) => step !== '');
      return privilegesAt(steps, text, []).map(({ what }) => {
        return { field: `${field} ${target}`, what, where, place: placeOf(text, []) };
      });
    }
    return embedded(text).flatMap((node) => {
      return privilegesIn(node, []).map(({ path, what }) => {
        return {
          ...{ field: `${field} ${toDotted(path, node)}`, what, where },
          place: placeOf(node, path),
        };
      });
    });
  });
}

function postRenderers(root: LocatedMap): Asked[] {
  return postRenderersOf(root).flatMap((renderer) =>
    PATCH_FIELDS.flatMap((field) =>
      (renderer.kustomize.list(field)?.items ?? []).flatMap((item, index) => {
        const path = [...renderer.path, field, index];
        const patch =
          item.kind === 'map' && field !== 'patchesStrategicMerge' ? item.get('patch') : item;
        if (patch === undefined) return [];
        return askedByPatch(patch).map(({ field: inner, what, place }) => ({
          field: `${toDotted(path, root)} ${inner}`,
          ...{ what, where: 'a post renderer', place },
        }));
      }),
    ),
  );
}

function itemsOf(map: LocatedMap, field: string): LocatedMap[] {
  return (map.list(field)?.items ?? []).flatMap((item) => (item.kind === 'map' ? item : []));
}
