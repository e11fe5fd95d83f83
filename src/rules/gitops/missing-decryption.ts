import type { ClusterRule } from '../rule.ts';
import { exampleCluster } from './example.ts';
import { unitFaults } from './unit-faults.ts';

const ENCRYPTED = `apiVersion: v1
kind: Secret
metadata: {name: token, namespace: web}
stringData:
  token: ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]
sops:
  mac: ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]
  version: 3.9.0
`;

/** A file encrypted with SOPS, applied by a Kustomization that has no `spec.decryption`. */
export const missingDecryption: ClusterRule = {
  id: 'gitops/missing-decryption',
  area: 'gitops',
  title: 'Encrypted file that nothing decrypts',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'Flux refuses a Kustomization that applies an object encrypted with SOPS when its `spec.decryption` does not say how to decrypt it.',
    allows: [
      'Encrypted objects below a Kustomization with `spec.decryption`, which a parent may have patched in.',
    ],
    fix: 'Add `spec.decryption` with `provider: sops` and the Secret that holds the key, or let the parent Kustomization patch it in.',
    exception: 'None: Flux refuses the whole Kustomization.',
    limits: 'Whether the key in the cluster fits is not known from the repository.',
    bad: { ...exampleCluster('./apps'), 'apps/token.yaml': ENCRYPTED },
    good: {
      ...exampleCluster('./apps', '  decryption: {provider: sops, secretRef: {name: sops-age}}\n'),
      'apps/token.yaml': ENCRYPTED,
    },
    links: ['https://fluxcd.io/flux/guides/mozilla-sops/'],
  },
  evaluate: (cluster) => ({
    faults: unitFaults(cluster, missingDecryption.id, ['missing-decryption'], 'denied'),
    unknowns: [],
  }),
};
