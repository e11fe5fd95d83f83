import type { FieldPath } from '../../model/field-path.ts';
import { Unknown } from '../../model/located.ts';
import type { UnknownField } from './decoding/decode.ts';
import { fixedContainer, fixedSpec } from './fixed-shape.ts';

/** A field that may be absent; null is absent too, wherever Kubernetes decodes it. */
export type Maybe<T> = T | null | undefined;

/**
 * A pod, or the pod template of a workload, as the checks see it: the plain JSON values of the
 * manifest, their types proven by `decode`. Only fields that a check or a default reads are named.
 *
 * Where `unknowns` is not empty, values of class Unknown may stand anywhere; evaluation replaces
 * them before a check sees them.
 */
export interface Pod {
  readonly places: PodPlaces;
  readonly template: PodTemplate | undefined;
  readonly annotations: Maybe<Annotations>;
  readonly spec: PodSpec;
  /** All containers in the order of texts: init containers, containers, ephemeral containers. */
  readonly containers: readonly PodContainer[];
  readonly volumes: readonly PodVolume[];
  /** With paths in the template: `metadata` or `spec`, and on. */
  readonly unknowns: readonly UnknownField[];
  /** The annotations of the manifest, where the API server adds others to them. */
  readonly writtenAnnotations: Maybe<Annotations>;
}

/** Where the halves of a pod stand in its object: most templates have both side by side. */
export interface PodPlaces {
  readonly metadata: FieldPath;
  readonly spec: FieldPath;
}

/** The places of a whole template. */
export function templateAt(path: FieldPath): PodPlaces {
  return { metadata: [...path, 'metadata'], spec: [...path, 'spec'] };
}

/** The path in the object of a path in the template. */
export function inObject({ places }: Pick<Pod, 'places'>, [half, ...rest]: FieldPath): FieldPath {
  return [...(half === 'metadata' ? places.metadata : places.spec), ...rest];
}

export type Annotations = Readonly<Record<string, string | null>>;

export interface PodContainer {
  readonly list: ContainerList;
  /** In its list, from 0. */
  readonly index: number;
  readonly name: string;
  readonly value: Container;
}

export const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;
export type ContainerList = (typeof CONTAINER_LISTS)[number];

export interface PodVolume {
  /** In `spec.volumes`, from 0. */
  readonly index: number;
  readonly name: string;
  readonly value: Volume;
}

export interface PodSpec {
  readonly hostNetwork?: Maybe<boolean>;
  readonly hostPID?: Maybe<boolean>;
  readonly hostIPC?: Maybe<boolean>;
  readonly hostUsers?: Maybe<boolean>;
  readonly os?: Maybe<{ readonly name?: Maybe<string> }>;
  readonly runtimeClassName?: Maybe<string>;
  readonly securityContext?: Maybe<SecurityContext>;
  readonly initContainers?: Maybe<readonly Maybe<Container>[]>;
  readonly containers?: Maybe<readonly Maybe<Container>[]>;
  readonly ephemeralContainers?: Maybe<readonly Maybe<Container>[]>;
  readonly volumes?: Maybe<readonly Maybe<Volume>[]>;
}

/** What pods and containers can both set. */
export interface SharedSecurityContext {
  readonly appArmorProfile?: Maybe<Profile>;
  readonly runAsNonRoot?: Maybe<boolean>;
  readonly runAsUser?: Maybe<number | bigint>;
  readonly seccompProfile?: Maybe<Profile>;
  readonly seLinuxOptions?: Maybe<SeLinuxOptions>;
  readonly windowsOptions?: Maybe<{ readonly hostProcess?: Maybe<boolean> }>;
}

/** Of a pod or of a container: no check reads from one what only the other has. */
export interface SecurityContext extends SharedSecurityContext {
  readonly allowPrivilegeEscalation?: Maybe<boolean>;
  readonly capabilities?: Maybe<Capabilities>;
  readonly privileged?: Maybe<boolean>;
  readonly procMount?: Maybe<string>;
  readonly sysctls?: Maybe<readonly Maybe<{ readonly name?: Maybe<string> }>[]>;
}

export interface Profile {
  readonly type?: Maybe<string>;
  readonly localhostProfile?: Maybe<string>;
}

export interface SeLinuxOptions {
  readonly type?: Maybe<string>;
  readonly user?: Maybe<string>;
  readonly role?: Maybe<string>;
}

export interface Capabilities {
  readonly add?: Maybe<readonly Maybe<string>[]>;
  readonly drop?: Maybe<readonly Maybe<string>[]>;
}

export interface Container {
  readonly image?: Maybe<string>;
  readonly name?: Maybe<string>;
  readonly securityContext?: Maybe<SecurityContext>;
  readonly ports?: Maybe<readonly Maybe<ContainerPort>[]>;
  readonly livenessProbe?: Maybe<Handler>;
  readonly readinessProbe?: Maybe<Handler>;
  readonly startupProbe?: Maybe<Handler>;
  readonly lifecycle?: Maybe<{
    readonly postStart?: Maybe<Handler>;
    readonly preStop?: Maybe<Handler>;
  }>;
}

export interface ContainerPort {
  readonly hostPort?: Maybe<number>;
  readonly containerPort?: Maybe<number>;
}

/** What a probe or a lifecycle hook does. */
export interface Handler {
  readonly httpGet?: Maybe<{ readonly host?: Maybe<string> }>;
  readonly tcpSocket?: Maybe<{ readonly host?: Maybe<string> }>;
}

/** A name and, of all volume sources, the one that is set. */
export type Volume = { readonly name?: Maybe<string> } & Readonly<Record<string, unknown>>;

/** A pod as written: what holds its metadata and spec. */
export interface PodTemplate {
  readonly metadata?: Maybe<{ readonly annotations?: Maybe<Annotations> }>;
  readonly spec?: Maybe<PodSpec>;
}

const NO_SPEC: PodSpec = {};
const NO_CONTAINER: Container = {};
const NO_VOLUME: Volume = {};
const NONE: never[] = [];

/**
 * The view of a template that checks work on. The template's types must have been proven by
 * `decode`; where values of class Unknown stand, they are as good as absent.
 *
 * @param unknowns with paths in the template
 */
export function toPod(
  places: PodPlaces,
  template: Maybe<PodTemplate>,
  unknowns: readonly UnknownField[] = NONE,
): Pod {
  const isKnown = unknowns.length === 0;
  const annotations = known(known(template?.metadata)?.annotations);
  const written = known(template?.spec) ?? NO_SPEC;
  const spec = isKnown ? fixedSpec(written) : written;
  return {
    places,
    template: template ?? undefined,
    annotations,
    spec,
    containers: containersOf(spec, isKnown),
    volumes: volumesOf(spec),
    unknowns,
    writtenAnnotations: annotations,
  };
}

function containersOf(spec: PodSpec, isKnown: boolean): readonly PodContainer[] {
  const containers: PodContainer[] = [];
  addContainers(containers, 'initContainers', spec.initContainers, isKnown);
  addContainers(containers, 'containers', spec.containers, isKnown);
  addContainers(containers, 'ephemeralContainers', spec.ephemeralContainers, isKnown);
  return containers;
}

function addContainers(
  containers: PodContainer[],
  list: ContainerList,
  items: PodSpec[ContainerList],
  isKnown: boolean,
): void {
  if (!Array.isArray(items)) return;
  for (let index = 0; index < items.length; index += 1) {
    const written = known(items[index] as Maybe<Container>) ?? NO_CONTAINER;
    const value = isKnown ? fixedContainer(written) : written;
    containers.push({ list, index, name: nameOf(value), value });
  }
}

function volumesOf({ volumes: items }: PodSpec): readonly PodVolume[] {
  if (!Array.isArray(items)) return NONE;
  const volumes: PodVolume[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const value = known(items[index] as Maybe<Volume>) ?? NO_VOLUME;
    volumes.push({ index, name: nameOf(value), value });
  }
  return volumes;
}

/** Of an unknown name what is written: it stands in texts only. */
function nameOf(value: { readonly name?: Maybe<string | Unknown> }): string {
  const { name } = value;
  return typeof name === 'string' ? name : name instanceof Unknown ? name.text : '';
}

function known<T extends object>(value: Maybe<T>): Exclude<T, Unknown> | undefined {
  return value === null || value instanceof Unknown ? undefined : (value as Exclude<T, Unknown>);
}
