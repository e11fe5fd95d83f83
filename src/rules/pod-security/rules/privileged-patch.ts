import { subjectOf } from '../../gitops/unit-faults.ts';
import type { Unit } from '../../../flux/cluster.ts';
import type { Fault } from '../../../model/finding.ts';
import type { ClusterRule } from '../../rule.ts';
import { askedByPatch } from '../helm/patches.ts';

const EXAMPLE = (value: string) => ({
  'apps/kustomization.yaml': `resources:
  - https://github.com/acme/base//web?ref=v1.2.3
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec: {template: {spec: {hostNetwork: ${value}}}}
`,
});

/**
 * A patch that plainly asks for privilege, for objects that are not here: of a remote base, or of
 * another repository. What comes of it is not known; what it asks for is.
 */
export const privilegedPatch: ClusterRule = {
  id: 'pod-security/privileged-patch',
  area: 'pod-security',
  title: 'Patch that asks for privilege',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'A patch of a remote base gives pods privilege, and no object in the repository shows it: the base is not fetched, so its pods are not judged.',
    allows: [
      'In patches of objects that are here: what their namespace allows. The patched object is judged.',
      'In patches of objects that are not, of a kustomization or of `spec.patches` of a Flux Kustomization: no `privileged: true`, `allowPrivilegeEscalation: true`, added capabilities or `runAsUser: 0` in a security context, no `hostNetwork`, `hostPID` or `hostIPC` that is true, and no hostPath volume.',
    ],
    fix: 'Leave the field out of the patch, or give the workload only what it needs.',
    exception:
      'Agents that must reach the node: ask for a waiver for the Kustomization whose patch it is.',
    limits:
      'Whether the patch reaches an object is not known, nor what else the base holds: it is told as not evaluated beside this.',
    bad: EXAMPLE('true'),
    good: EXAMPLE('false'),
    links: ['https://fluxcd.io/flux/components/kustomize/kustomizations/#patches'],
  },
  evaluate: ({ units }) => ({ faults: units.flatMap(faultsOf), unknowns: [] }),
};

function faultsOf(unit: Unit): Fault[] {
  return (unit.unmatched ?? []).flatMap((patch, index) =>
    askedByPatch(patch).map(({ field, what, place }): Fault => ({
      rule: privilegedPatch.id,
      effect: 'risk',
      subject: subjectOf(unit, `patches[${index}] ${field}`),
      message: `A patch of ${unit.title} asks for ${what} (base not rendered).`,
      primary: place,
      related: [],
    })),
  );
}
