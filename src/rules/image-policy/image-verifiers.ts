import type { Cluster } from '../../flux/cluster.ts';
import { lastOfEachName } from '../../flux/object-named.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { groupOf } from '../../model/resource.ts';
import { exceptionsOf } from './exceptions/exemptions.ts';
import { withExceptions } from './exceptions/exempts.ts';
import { clusterImagePolicyOf } from './verifiers/cluster-image-policy.ts';
import { verifyImagesOf } from './verifiers/kyverno.ts';
import { validatingPolicyOf } from './verifiers/validating-policy.ts';
import type { ImageVerifier } from './verifiers/verifier.ts';

const KINDS = [
  ...['ClusterPolicy', 'Policy', 'ImageValidatingPolicy', 'NamespacedImageValidatingPolicy'],
  'ClusterImagePolicy',
];

/** The policies of a cluster that verify images, with the exceptions from them. */
export function imageVerifiersOf(cluster: Cluster): ImageVerifier[] {
  const verifiers = verifiersIn(cluster);
  const exceptions = verifiers.length === 0 ? [] : exceptionsOf(cluster);
  return exceptions.length === 0
    ? verifiers
    : verifiers.map((each) => withExceptions(each, exceptions));
}

function verifiersIn(cluster: Cluster): ImageVerifier[] {
  return lastOfEachName(objectsOfKind(cluster, ...KINDS)).flatMap((object) => {
    const { apiVersion, kind } = object.resource;
    switch (`${groupOf(apiVersion)} ${kind}`) {
      case 'kyverno.io ClusterPolicy':
      case 'kyverno.io Policy':
        return verifyImagesOf(object, cluster);
      case 'policies.kyverno.io ImageValidatingPolicy':
      case 'policies.kyverno.io NamespacedImageValidatingPolicy':
        return validatingPolicyOf(object);
      case 'policy.sigstore.dev ClusterImagePolicy':
        return clusterImagePolicyOf(object, cluster);
      default:
        return [];
    }
  });
}
