import { type Facts, keyOfRequest } from '../../model/evidence.ts';
import type { Attestor, AttestorVerdict } from '../../model/image.ts';
import { deploymentOf } from '../example-deployment.ts';

/** A policy and two images that the documentation of several rules shows. */

const KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwr
kBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==
-----END PUBLIC KEY-----`;

export const EXAMPLE_IMAGES = {
  signed: 'ghcr.io/acme/web:1.0.0',
  unsigned: 'ghcr.io/acme/web:1.0.1',
} as const;

/** @param key one public key in PEM */
export function verifyingPolicy(images = 'ghcr.io/acme/*', key = KEY): string {
  return `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: signed-images
spec:
  rules:
    - name: acme
      match:
        any:
          - resources:
              kinds: [Pod]
      verifyImages:
        - imageReferences: ['${images}']
          failureAction: Enforce
          attestors:
            - entries:
                - keys:
                    rekor:
                      ignoreTlog: true
                    publicKeys: |-
${key.replace(/^/gm, '                      ')}
`;
}

/** An exception for the pods of one namespace. */
export function policyException(policy: string, namespace = 'shop'): string {
  return `apiVersion: kyverno.io/v2
kind: PolicyException
metadata:
  name: legacy
  namespace: kyverno
spec:
  exceptions:
    - policyName: ${policy}
      ruleNames: ['*']
  match:
    any:
      - resources:
          kinds: [Pod]
          namespaces: ['${namespace}']
`;
}

export function deployment(image: string): string {
  return deploymentOf(`containers:\n  - name: web\n    image: ${image}`);
}

function answer(reference: string, verdict: AttestorVerdict): Facts['images'] {
  const attestors: Attestor[] = [
    { kind: 'key', key: KEY, needsLog: false, needsTime: true, forms: ['legacy'] },
  ];
  const request = { kind: 'image', reference, attestors } as const;
  const value = { digest: `sha256:${'0'.repeat(64)}`, signatures: 0, verdicts: [verdict] };
  return new Map([[keyOfRequest(request), { state: 'known', value }]]);
}

export const EXAMPLE_FACTS: Facts = {
  images: new Map([
    ...answer(EXAMPLE_IMAGES.signed, { state: 'signed' }),
    ...answer(EXAMPLE_IMAGES.unsigned, { state: 'unsigned', reason: 'it has no signature' }),
  ]),
};
