import { valueAt } from '../../model/field-path.ts';
import { groupOf } from '../../model/resource.ts';
import type { ObjectRule } from '../rule.ts';
import { ociRepository } from './examples.ts';
import { faultAt, nameOf, remedy } from './fault.ts';

const TAG = '  ref:\n    tag: 6.5.4\n';

/** Keyless verification that names nobody, or names somebody loosely. */
export const keylessWithoutIdentity: ObjectRule = {
  id: 'image-policy/keyless-without-identity',
  area: 'image-policy',
  title: 'Keyless verification without an identity',
  since: '0.1',
  lapsesWith: ['image-policy/removed-verification'],
  on: 'object',
  docs: {
    protects:
      'Anybody can get a keyless signature from Sigstore. Without an identity, Flux takes a legacy signature of anybody, and refuses every bundle of cosign 3. The patterns are not anchored: `github.com/acme/` also matches `github.com/acme/../evil` or a longer host.',
    allows: [
      'Looks at `spec.verify` of OCIRepository with provider cosign and without `secretRef`.',
      'Allowed: exactly one entry of `matchOIDCIdentity`, whose issuer and subject begin with `^` and end with `$`. Flux 2.8 and later read bundles, and refuse them with more than one entry; earlier versions know none, and take several entries.',
    ],
    fix: 'Name issuer and subject of the workflow that signs, anchored at both ends.',
    exception: 'None that is safe; take `verify` off honestly where anybody may sign.',
    bad: { 'apps/source.yaml': ociRepository(`${TAG}  verify:\n    provider: cosign\n`) },
    good: {
      'apps/source.yaml': ociRepository(
        `${TAG}  verify:\n    provider: cosign\n    matchOIDCIdentity:\n      - issuer: ^https://token\\.actions\\.githubusercontent\\.com$\n        subject: ^https://github\\.com/stefanprodan/podinfo/.*$\n`,
      ),
    },
    links: ['https://fluxcd.io/flux/components/source/ocirepositories/#keyless-verification'],
  },
  evaluate(object, cluster) {
    const { apiVersion, kind, root } = object.resource;
    const verify = valueAt(root, ['spec', 'verify']);
    const isSource = kind === 'OCIRepository' && groupOf(apiVersion) === 'source.toolkit.fluxcd.io';
    if (!isSource || verify?.kind !== 'map' || verify.get('secretRef') !== undefined) {
      return { faults: [], unknowns: [] };
    }
    if ((verify.text('provider') ?? 'cosign') !== 'cosign') return { faults: [], unknowns: [] };
    const list = verify.list('matchOIDCIdentity')?.items ?? [];
    const what = judge(
      list.map((item) => [
        item.kind === 'map' ? item.text('issuer') : undefined,
        item.kind === 'map' ? item.text('subject') : undefined,
      ]),
      readsBundles(cluster.settings.flux),
    );
    if (what === undefined) return { faults: [], unknowns: [] };
    const path = ['spec', 'verify', ...(list.length > 0 ? ['matchOIDCIdentity'] : [])];
    const fault = faultAt(object, path, {
      rule: keylessWithoutIdentity.id,
      effect: 'risk',
      message: `${nameOf(object)} ${what}.`,
      remedy: remedy('Name one issuer and subject, anchored with "^" and "$".', object),
    });
    return { faults: [fault], unknowns: [] };
  },
};

/** Flux 2.8 is the first that reads bundles; the newest where nothing is known. */
function readsBundles(flux = '2.8'): boolean {
  const [major = 2, minor = 8] = flux.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 8);
}

function judge(
  identities: readonly (string | undefined)[][],
  withBundles: boolean,
): string | undefined {
  if (identities.length === 0) {
    if (!withBundles) return 'verifies keyless without an identity: a signature of anybody passes';
    return 'verifies keyless without an identity: a signature of anybody passes, and bundles of cosign 3 never do';
  }
  if (identities.length > 1 && withBundles) {
    return 'names more than one identity, and Flux then refuses every bundle of cosign 3';
  }
  const isLoose = identities.flat().some((text) => !text?.startsWith('^') || !text.endsWith('$'));
  return isLoose
    ? 'names an identity by patterns that are not anchored, so that longer names match, too'
    : undefined;
}
