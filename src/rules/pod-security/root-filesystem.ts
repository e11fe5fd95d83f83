import type { ClusterObject } from '../../flux/cluster.ts';
import { type FieldPath, valueAt } from '../../model/field-path.ts';
import { type LocatedMap, Unknown } from '../../model/located.ts';
import type { RuleSettings } from '../../model/rule-settings.ts';
import { workloadOf } from './judged-workload.ts';
import type { Pod } from './pod.ts';

/** A container with its fields as they are written; ephemeral ones cannot be changed in Git. */
export interface WrittenContainer {
  readonly name: string;
  readonly path: FieldPath;
  readonly map: LocatedMap;
}

export interface WrittenPod {
  readonly pod: Pod;
  readonly spec: LocatedMap;
  readonly containers: readonly WrittenContainer[];
}

/** The pods of an object whose containers all stand in the manifest, on Linux. */
export function writtenPods(object: ClusterObject, { podSecurity }: RuleSettings): WrittenPod[] {
  const { root } = object.resource;
  const workload = workloadOf(object, podSecurity.podTemplates);
  return (workload?.templates ?? []).flatMap(({ pod, isPartial }) => {
    const spec = valueAt(root, pod.places.spec);
    if (isPartial || spec?.kind !== 'map' || pod.spec.os?.name === 'windows') return [];
    const containers = pod.containers.flatMap(({ list, index, name }) => {
      const path = [...pod.places.spec, list, index];
      const map = valueAt(root, path);
      return map?.kind === 'map' && list !== 'ephemeralContainers' ? { name, path, map } : [];
    });
    return { pod, spec, containers };
  });
}

/** `undefined` where the value comes from outside. */
export function hasReadOnlyRoot({ map }: WrittenContainer): boolean | undefined {
  const value = map.map('securityContext')?.get('readOnlyRootFilesystem');
  if (value?.kind === 'scalar' && value.value instanceof Unknown) return undefined;
  return value?.kind === 'scalar' && value.value === true;
}

/** Sources that are read-only whatever the mount says. */
const READ_ONLY = ['configMap', 'secret', 'projected', 'downwardAPI', 'image'];

/** Whether a volume is mounted that the container may write to; so are those that are not known. */
export function hasWritableMount({ map }: WrittenContainer, spec: LocatedMap): boolean {
  const mounts = map.get('volumeMounts');
  if (mounts === undefined) return false;
  if (mounts.kind !== 'list') return !(mounts.kind === 'scalar' && mounts.value === null);
  return mounts.items.some((mount) => {
    if (mount.kind !== 'map') return true;
    const readOnly = mount.get('readOnly');
    if (readOnly?.kind === 'scalar' && readOnly.value === true) return false;
    const name = mount.text('name');
    const volume = spec
      .list('volumes')
      ?.items.find((item) => item.kind === 'map' && item.text('name') === name);
    return volume?.kind !== 'map' || !READ_ONLY.some((source) => volume.get(source) !== undefined);
  });
}

/** `container "a"`, `containers "a", "b"`, at most some of them. */
export function containerNames(containers: readonly WrittenContainer[], most = 5): string {
  const names = containers.slice(0, most).map(({ name }) => `"${name}"`);
  const rest = containers.length - names.length;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `container${containers.length === 1 ? '' : 's'} ${names.join(', ')}${more}`;
}
