import type { Cluster } from '../../src/flux/cluster.ts';
import { type ResolvedRepository, resolveRepository } from '../../src/flux/repository.ts';
import type { ClusterSettings } from '../../src/model/cluster-settings.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';

/** A repository of literal files, resolved. */
export function resolved(
  files: Readonly<Record<string, string>>,
  settings: readonly ClusterSettings[] = [],
): ResolvedRepository {
  return resolveRepository(memoryTree(files), { settings });
}

/** What a cluster holds, one line each, as literal tests compare it. */
export function outline({ name, units, objects }: Cluster): string[] {
  return [
    name,
    ...units.flatMap((unit) => [
      `  ${unit.title} <- ${unit.path}`,
      ...(unit.problems ?? []).map(
        ({ code, place }) => `    ! ${code} ${place.path}:${place.line}`,
      ),
      ...unit.gaps.map(({ reason }) => `    ? ${reason}`),
      ...objects
        .filter((object) => object.unit === unit)
        .map(
          ({ resource, namespace }) =>
            `    ${resource.kind} ${namespace === undefined ? '' : `${namespace}/`}${resource.name}`,
        ),
    ]),
  ];
}

/** A Flux Kustomization; `more` are further lines of its spec, indented by two. */
export function kustomization(name: string, path: string, more = ''): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: ${name}, namespace: flux-system}
spec:
  interval: 10m
  path: ${path}
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
${more}`;
}

export function configMap(name: string, data = 'a: b'): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: apps}\ndata: {${data}}\n`;
}
