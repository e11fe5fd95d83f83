import { matchesWildcard } from '../../../model/wildcard.ts';
import type { Alternative, Filter } from '../matching/filter.ts';
import type { ImageVerifier } from '../verifiers/verifier.ts';
import type { WorkloadImage } from '../workload-images.ts';
import type { PolicyException } from './exception.ts';
import { namesVerifier } from './exemptions.ts';

/** A verifier that knows of the exceptions that name it. */
export function withExceptions(
  verifier: ImageVerifier,
  exceptions: readonly PolicyException[],
): ImageVerifier {
  const naming = exceptions.filter((each) => namesVerifier(each, verifier));
  if (naming.length === 0) return verifier;
  const exempts: ImageVerifier['exempts'] = (image) => {
    const found = naming.find(({ alternatives }) => mayHold(alternatives, image));
    return found && `PolicyException "${found.object.resource.plainName}" may let it run`;
  };
  return { ...verifier, exempts };
}

/** As far as kind and namespace tell: names, labels and users are those of pods to come. */
function mayHold(alternatives: readonly Alternative[] | undefined, image: WorkloadImage): boolean {
  if (alternatives === undefined) return true;
  return alternatives.some((filters) => filters.every((filter) => mayMatch(filter, image)));
}

function mayMatch({ choices }: Filter, { object: { namespace, resource } }: WorkloadImage) {
  const { kinds, namespaces } = choices;
  const isKind = (kind: string) => ['Pod', resource.kind].some((one) => matchesWildcard(kind, one));
  return (
    (kinds.length === 0 || kinds.some(isKind)) &&
    (namespaces.length === 0 || namespaces.some((each) => matchesWildcard(each, namespace ?? '')))
  );
}
