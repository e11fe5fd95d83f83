import type { Cluster } from '../flux/cluster.ts';
import { inputOfValue } from '../flux/gap-inputs.ts';
import { type HeldObject, heldObjects, whyUnknown } from '../flux/held-back.ts';
import type { UnknownFact } from '../model/finding.ts';

/**
 * An unknown for every object that Flux does not make what the repository says, and that a rule
 * judges as it is written.
 */
export function heldUnknowns(
  cluster: Cluster,
  rule: string,
  isJudged: (held: HeldObject) => boolean,
): UnknownFact[] {
  return heldObjects(cluster)
    .filter(isJudged)
    .map(({ object: { resource, namespace }, held }): UnknownFact => {
      const { root, kind, plainName } = resource;
      const name = namespace === undefined ? plainName : `${namespace}/${plainName}`;
      const reason = `Whether ${kind} ${name} is in the cluster what stands here is not known: ${whyUnknown(held)}.`;
      const input = inputOfValue(root);
      return { rule, reason, place: held.place, cause: 'environment', input };
    });
}
