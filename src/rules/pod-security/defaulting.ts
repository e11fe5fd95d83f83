import type { FieldPath } from '../../model/field-path.ts';
import { Unknown } from '../../model/located.ts';
import { APP_ARMOR_ANNOTATION, COPIED_FROM_ANNOTATION } from './checks/app-armor-profile.ts';
import { onWindows } from './checks/relaxations.ts';
import { goType } from './decoding/go-types.ts';
import {
  type Container,
  CONTAINER_LISTS,
  type ContainerList,
  type ContainerPort,
  type Maybe,
  type Pod,
  type PodSpec,
  type PodTemplate,
  type Profile,
  toPod,
  type Volume,
} from './pod.ts';

/**
 * What is filled in before the checks run:
 * - `none`: nothing, as for a caller of the admission library
 * - `volumes`: a volume without a source becomes an emptyDir
 * - `server`: also what an API server does to a Pod before admission
 */
export type Defaulting = 'none' | 'volumes' | 'server';

export interface Server {
  /** API servers fill in more for a Pod that is created than for the template of a workload. */
  readonly object: 'pod' | 'template';
  /** The server's minor version; undefined for the newest. */
  readonly minor?: number | undefined;
}

/** The pod as admission sees it. The same pod where nothing is to be filled in. */
export function applyDefaults(pod: Pod, defaulting: Defaulting, server: Server): Pod {
  if (defaulting === 'none') return pod;
  const withVolumes = defaultVolumes(pod);
  return defaulting === 'volumes'
    ? withVolumes
    : copyAppArmor(defaultHostPorts(withVolumes, server), server);
}

function rebuilt(pod: Pod, template: PodTemplate, unknowns = pod.unknowns): Pod {
  const built = toPod(pod.places, template, unknowns);
  return { ...built, writtenAnnotations: pod.writtenAnnotations };
}

/** Every field of a volume that is a source of it. */
const VOLUME_SOURCES = Object.keys(goType('VolumeSource').fields);

/** A source of a kind that Kubernetes does not know is dropped, and counts as none. */
function defaultVolumes(pod: Pod): Pod {
  const { volumes } = pod.spec;
  if (!volumes || !pod.volumes.some(({ value }) => hasNoSource(value))) return pod;
  const filled = volumes.map((volume) => {
    const isEmpty = !(volume instanceof Unknown) && hasNoSource(volume ?? {});
    return isEmpty ? { ...volume, emptyDir: {} } : volume;
  });
  return rebuilt(pod, { ...pod.template, spec: { ...pod.spec, volumes: filled } });
}

function hasNoSource(volume: Volume): boolean {
  return !VOLUME_SOURCES.some((source) => volume[source]);
}

/** Servers before 1.28 gave host ports to templates too. */
const HOST_PORTS_FOR_TEMPLATES_UNTIL = 27;

/** On the host's network every port is a port of the host. */
function defaultHostPorts(pod: Pod, { object, minor = Infinity }: Server): Pod {
  const hostNetwork: unknown = pod.spec.hostNetwork;
  if (hostNetwork !== true && !(hostNetwork instanceof Unknown)) return pod;
  if (object === 'template' && minor > HOST_PORTS_FOR_TEMPLATES_UNTIL) return pod;
  const unknowns = [...pod.unknowns];
  const spec = mapContainers(pod, ['initContainers', 'containers'], (container, path) => {
    const given = container.ports;
    if (!given || given instanceof Unknown) return container;
    const ports = given.map((port, index) => {
      const hostPort = defaultHostPort(port, hostNetwork);
      if (hostPort instanceof Unknown) {
        unknowns.push({ path: [...path, 'ports', index, 'hostPort'], unknown: hostPort });
      }
      return hostPort === undefined ? port : { ...port, hostPort };
    });
    return { ...container, ports: ports as ContainerPort[] };
  });
  return rebuilt(pod, { ...pod.template, spec }, unknowns);
}

/** What the server puts in; undefined where it puts nothing. */
function defaultHostPort(port: Maybe<ContainerPort>, hostNetwork: unknown): unknown {
  if (!port || port instanceof Unknown) return undefined;
  const { hostPort, containerPort } = port;
  if (hostPort || !containerPort) return undefined;
  return hostNetwork instanceof Unknown ? hostNetwork : containerPort;
}

/** The spec with other containers; what is no known container stays as it is. */
function mapContainers(
  { spec }: Pod,
  lists: readonly ContainerList[],
  change: (container: Container, path: FieldPath) => Container,
): PodSpec {
  const changed: Partial<Record<ContainerList, Maybe<Container>[]>> = {};
  for (const list of lists) {
    const containers = spec[list];
    if (!Array.isArray(containers)) continue;
    changed[list] = containers.map((container: Maybe<Container>, index: number) =>
      container instanceof Unknown ? container : change(container ?? {}, ['spec', list, index]),
    );
  }
  return { ...spec, ...changed };
}

/** The release whose servers know the AppArmor fields, and read the annotation into them. */
const APP_ARMOR_FIELDS_SINCE = 30;
/** Until this one, servers also wrote the annotation for a field, for older nodes. */
const APP_ARMOR_ANNOTATIONS_UNTIL = 33;

/**
 * Servers keep the AppArmor annotations and fields of a new Pod's containers alike. Only what is
 * refused matters here: `unconfined`, which a live server therefore reports twice.
 */
function copyAppArmor(pod: Pod, { object, minor = Infinity }: Server): Pod {
  if (object === 'template' || minor < APP_ARMOR_FIELDS_SINCE || onWindows(pod)) return pod;
  if (!pod.annotations && minor > APP_ARMOR_ANNOTATIONS_UNTIL) return pod;
  const fromPod = isUnconfined(pod.spec.securityContext?.appArmorProfile);
  const annotations: Record<string, string | null> = { ...pod.annotations };
  let changes = 0;
  const spec = mapContainers(pod, CONTAINER_LISTS, (container) => {
    const key = APP_ARMOR_ANNOTATION + (container.name ?? '');
    const profile = container.securityContext?.appArmorProfile;
    if (!Object.hasOwn(annotations, key)) {
      if (minor <= APP_ARMOR_ANNOTATIONS_UNTIL && (profile ? isUnconfined(profile) : fromPod)) {
        annotations[key] = 'unconfined';
        changes += 1;
      }
      return container;
    }
    if (annotations[key] !== 'unconfined' || profile || fromPod) return container;
    if (container.securityContext instanceof Unknown) return container;
    changes += 1;
    const appArmorProfile = COPIED_FROM_ANNOTATION;
    return { ...container, securityContext: { ...container.securityContext, appArmorProfile } };
  });
  if (changes === 0) return pod;
  const metadata = { ...pod.template?.metadata, annotations };
  return rebuilt(pod, { ...pod.template, metadata, spec });
}

function isUnconfined(profile: Maybe<Profile>): boolean {
  return profile?.type === 'Unconfined' && (profile.localhostProfile ?? undefined) === undefined;
}
