import type { Cluster, Unit, UnitProblemCode } from '../../flux/cluster.ts';
import type { Effect, Fault, Subject } from '../../model/finding.ts';

/** Faults of a rule for the problems of some kinds that a cluster's units have. */
export function unitFaults(
  { units }: Cluster,
  rule: string,
  codes: readonly UnitProblemCode[],
  effect: Effect,
): Fault[] {
  return units.flatMap((unit) =>
    (unit.problems ?? [])
      .filter(({ code }) => codes.includes(code))
      .map(({ message, place, field }) => ({
        ...{ rule, effect, message },
        subject: subjectOf(unit, field),
        primary: place,
        related: [],
      })),
  );
}

/** What a finding about a whole unit is about. */
export function subjectOf({ kustomization, title, path }: Unit, field: string): Subject {
  if (kustomization === undefined) {
    const kind = title.startsWith('overlay ') ? 'Overlay' : 'Folder';
    return { apiVersion: '', kind, name: path, field };
  }
  const { apiVersion, kind, plainName: name, namespace } = kustomization;
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }), field };
}
