import type { FieldPath } from '../../model/field-path.ts';
import type { Offence, Revision } from './checks/check.ts';
import type { UnknownField } from './decoding/decode.ts';
import type { CheckResult } from './evaluate.ts';
import { inObject, type Pod } from './pod.ts';
import { probeOf } from './probe.ts';
import type { SelectedCheck } from './registry.ts';

/**
 * Judging a pod some of whose values are not known. A check that never reads them says what it
 * says. Of the others, a refusal stands only where no value could lift it, and a pass only where
 * none could take it away: an author must not turn a refusal into a shrug by a variable in the
 * container next door.
 */

/** The result of one check; undefined when it passes for certain. */
export function judgeWithUnknowns(pod: Pod, selected: SelectedCheck): CheckResult | undefined {
  const { check, revision } = selected;
  const { offences, read } = find(pod, revision);
  const probed = probeOf(pod).pod;
  if (offences.length === 0) {
    // Nothing was read, or only what could let the pod off, which it does not need.
    const isCertain = read.every(isRelaxation);
    return isCertain ? undefined : { verdict: 'inconclusive', check, unknowns: shown(pod, read) };
  }
  if (read.every(isName)) {
    return { verdict: 'forbidden', check, revision, offences, pod: probed };
  }
  const certain = read.some(isRelaxation) ? [] : certainOffences(pod, revision, offences, read);
  return certain.length === 0
    ? { verdict: 'inconclusive', check, unknowns: shown(pod, read) }
    : {
        verdict: 'forbidden',
        check,
        revision,
        offences: certain,
        pod: probed,
        unknowns: shown(pod, read),
      };
}

function find(
  pod: Pod,
  revision: Revision,
  judged = probeOf(pod).pod,
): { offences: readonly Offence[]; read: UnknownField[] } {
  const { read } = probeOf(pod);
  read.clear();
  const offences = revision.find(judged, revision.allowed);
  return { offences, read: [...read] };
}

/**
 * A value that is written and refused stays so, whatever the unknown ones are; but another source
 * may save a volume. A value that is missing may be one of the unknown ones, unless it is missed
 * without the containers and volumes that hold those too: having more never lifts an offence.
 */
function certainOffences(
  pod: Pod,
  revision: Revision,
  offences: readonly Offence[],
  read: readonly UnknownField[],
): readonly Offence[] {
  const leftOut = new Set(read.map((field) => itemOf(field.path)));
  const probed = probeOf(pod).pod;
  const rest = find(pod, revision, {
    ...probed,
    containers: probed.containers.filter(({ list, index }) => !leftOut.has(`${list}/${index}`)),
    volumes: probed.volumes.filter(({ index }) => !leftOut.has(`volumes/${index}`)),
  });
  const isRestKnown = rest.read.every(isName);
  return isRestKnown && rest.offences.length > 0
    ? rest.offences
    : offences.filter(({ missing, field }) => {
        const isSavedMaybe = field[1] === 'volumes' && leftOut.has(itemOf(field));
        return !missing && !isSavedMaybe;
      });
}

/** With paths in the object, for whoever reads the result. */
function shown(pod: Pod, fields: readonly UnknownField[]): UnknownField[] {
  return fields.map((field) => ({ ...field, path: inObject(pod, field.path) }));
}

/** `containers/0` for a path into the first container; a list that is unknown itself is item 0. */
function itemOf([, list = '', index = 0]: FieldPath): string {
  return `${list}/${index}`;
}

/** A value that can only let the pod off: whose user namespace, which operating system. */
function isRelaxation({ path: [spec, name] }: UnknownField): boolean {
  return spec === 'spec' && (name === 'hostUsers' || name === 'os');
}

/** The name of a container or volume: it decides no refusal, only how one is worded. */
function isName({ path }: UnknownField): boolean {
  return path.length === 4 && path[0] === 'spec' && path[3] === 'name';
}
