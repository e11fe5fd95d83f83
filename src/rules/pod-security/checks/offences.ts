import type { FieldPath } from '../../../model/field-path.ts';
import {
  inObject,
  type Pod,
  type PodContainer,
  type SecurityContext,
  type SharedSecurityContext,
} from '../pod.ts';
import { quoteAll, sortedBytewise } from '../text.ts';
import type { Offence } from './check.ts';

const NONE: readonly Offence[] = [];

/** The fields of a pod's security context, and of a container's. */
export interface ContextField {
  readonly ofPod: FieldPath;
  readonly ofContainer: FieldPath;
}

export function contextField(...field: FieldPath): ContextField {
  return {
    ofPod: ['spec', 'securityContext', ...field],
    ofContainer: ['securityContext', ...field],
  };
}

/** A refused value; null where a required one is missing; undefined for what passes. */
export type Refused = string | null | undefined;

/** The containers whose security context does not pass. */
export function findInContainers(
  { containers }: Pod,
  { ofContainer: field }: ContextField,
  refusedValue: (context: SecurityContext | undefined, allowed: ReadonlySet<string>) => Refused,
  allowed: ReadonlySet<string>,
): readonly Offence[] {
  let offences: Offence[] | undefined;
  for (const container of containers) {
    const refused = refusedValue(container.value.securityContext ?? undefined, allowed);
    if (refused !== undefined) (offences ??= []).push(toOffence(container, field, refused));
  }
  return offences ?? NONE;
}

/** The same for a field that pods have too. The pod comes first, and is judged by itself. */
export function findInContexts(
  pod: Pod,
  { ofPod, ofContainer }: ContextField,
  refusedValue: (context: SharedSecurityContext, allowed: ReadonlySet<string>) => Refused,
  allowed: ReadonlySet<string>,
): readonly Offence[] {
  let offences: Offence[] | undefined;
  const context = pod.spec.securityContext;
  const refused = context ? refusedValue(context, allowed) : undefined;
  if (refused !== undefined) offences = [toOffence(undefined, ofPod, refused)];
  for (const container of pod.containers) {
    const own = container.value.securityContext;
    const ownRefused = own ? refusedValue(own, allowed) : undefined;
    if (ownRefused !== undefined) {
      (offences ??= []).push(toOffence(container, ofContainer, ownRefused));
    }
  }
  return offences ?? NONE;
}

function toOffence(
  container: PodContainer | undefined,
  field: FieldPath,
  refused: string | null,
): Offence {
  return { container, field, value: refused ?? '', missing: refused === null };
}

/** Where an offence stands in the object. */
export function pathOf({ container, field }: Offence, pod: Pod): FieldPath {
  return container
    ? inObject(pod, ['spec', container.list, container.index, ...field])
    : inObject(pod, field);
}

/** The containers of offences, each once. */
export function containersOf(offences: readonly Offence[]): PodContainer[] {
  const containers: PodContainer[] = [];
  for (const { container } of offences) {
    // All offences of a container stand together.
    if (container && container !== containers.at(-1)) containers.push(container);
  }
  return containers;
}

/** `container "a"` or `containers "a", "b"`, as every text of admission names them. */
export function containersText(offences: readonly Offence[]): string {
  const names = containersOf(offences).map(({ name }) => name);
  return `${names.length === 1 ? 'container' : 'containers'} ${quoteAll(names)}`;
}

/** `pod`, the containers, or both: `pod and containers "a", "b"`. */
export function holdersText(offences: readonly Offence[]): string {
  const containers = offences.filter(({ container }) => container !== undefined);
  if (containers.length === offences.length) return containersText(containers);
  return containers.length === 0 ? 'pod' : `pod and ${containersText(containers)}`;
}

/** `"a", "b"`: the refused values, sorted, each once. */
export function valuesText(offences: readonly Offence[]): string {
  return quoteAll(sortedValues(offences));
}

export function sortedValues(offences: readonly Offence[]): readonly string[] {
  return sortedBytewise(offences.map(({ value }) => value));
}

/** `Container "a"` or `The pod`: begins a sentence for people. */
export function holderName({ container }: Offence): string {
  return container ? `Container "${container.name}"` : 'The pod';
}

/** Where a violation stands, with the name of its container. */
export function placeOf(offence: Offence, pod: Pod): { path: FieldPath; container?: string } {
  const path = pathOf(offence, pod);
  return offence.container ? { path, container: offence.container.name } : { path };
}
