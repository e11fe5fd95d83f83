import type { Pod, Volume } from '../pod.ts';
import { plural, quoteAll } from '../text.ts';
import type { Check, Offence, Refusal, Violation } from './check.ts';
import { HOST_PATH_CANNOT_FIX } from './host-path-volumes.ts';
import { placeOf, sortedValues } from './offences.ts';
import { findInVolumes, NO_SOURCE, volumeNames } from './volumes.ts';

/**
 * Volumes come from types that cannot reach past the pod's own rights.
 *
 * Fields: `spec.volumes[*]`
 * Allowed: the types below. A volume without a source is refused as `unknown`; one of several
 * sources, which the API server refuses anyway, passes when any of them is allowed.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const restrictedVolumes: Check = {
  id: 'restrictedVolumes',
  control: 'volume-types',
  level: 'restricted',
  revisions: [
    {
      since: 0,
      allowed: new Set([
        'configMap',
        'csi',
        'downwardAPI',
        'emptyDir',
        'ephemeral',
        'image',
        'persistentVolumeClaim',
        'projected',
        'secret',
      ]),
      find: restrictedVolumes_1_0,
      overrides: ['hostPathVolumes'],
    },
  ],
  word,
  explain,
};

/** By their place in the order in which texts name the type of a volume that has several. */
const REFUSED_TYPES: ReadonlyMap<string, number> = new Map(
  [
    'hostPath',
    'gcePersistentDisk',
    'awsElasticBlockStore',
    'gitRepo',
    'nfs',
    'iscsi',
    'glusterfs',
    'rbd',
    'flexVolume',
    'cinder',
    'cephfs',
    'flocker',
    'fc',
    'azureFile',
    'vsphereVolume',
    'quobyte',
    'azureDisk',
    'photonPersistentDisk',
    'portworxVolume',
    'scaleIO',
    'storageos',
  ].map((type, place) => [type, place]),
);

function restrictedVolumes_1_0(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return findInVolumes(pod, refusedSource, allowed);
}

function refusedSource(volume: Volume, allowed: ReadonlySet<string>): string | undefined {
  let refused = NO_SOURCE;
  let first = Infinity;
  // A volume has two fields or three: walking them beats asking for thirty that are not there.
  for (const field in volume) {
    if (!volume[field]) continue;
    if (allowed.has(field)) return undefined;
    const place = REFUSED_TYPES.get(field) ?? Infinity;
    if (place < first) [refused, first] = [field, place];
  }
  return refused;
}

function word(offences: readonly Offence[], pod: Pod): Refusal {
  const count = offences.length;
  const names = quoteAll(volumeNames(offences, pod));
  const volumes = `${plural(count, 'volume', 'volumes')} ${names} ${plural(count, 'uses', 'use')}`;
  const types = sortedValues(offences);
  const noun = plural(types.length, 'type', 'types');
  return {
    reason: 'restricted volume types',
    detail: `${volumes} restricted volume ${noun} ${quoteAll(types)}`,
  };
}

function explain(
  offences: readonly Offence[],
  pod: Pod,
  allowed: ReadonlySet<string>,
): Violation[] {
  const names = volumeNames(offences, pod);
  return offences.map((offence, index) => explainVolume(offence, pod, allowed, names[index] ?? ''));
}

function explainVolume(
  offence: Offence,
  pod: Pod,
  allowed: ReadonlySet<string>,
  name: string,
): Violation {
  const { path } = placeOf(offence, pod);
  if (offence.value === NO_SOURCE) {
    const volume = path.slice(0, -1);
    return {
      path: volume,
      message: `Volume "${name}" has no source; give it one of ${[...allowed].join(', ')}.`,
      // What the API server makes of it.
      fix: [{ path: [...volume, 'emptyDir'], set: {} }],
    };
  }
  return {
    path,
    message: `Volume "${name}" is of type ${offence.value}; allowed are ${[...allowed].join(', ')}.`,
    cannotFix:
      offence.value === 'hostPath'
        ? HOST_PATH_CANNOT_FIX
        : 'The storage has to be claimed through a persistentVolumeClaim or a CSI driver, which must exist in the cluster.',
  };
}
