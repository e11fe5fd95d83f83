import { entryNames, secretOf } from '../../flux/verification-keys.ts';
import type { ClusterObject } from '../../flux/cluster.ts';
import { placeOf, valueAt } from '../../model/field-path.ts';
import { groupOf } from '../../model/resource.ts';
import type { ObjectRule } from '../rule.ts';
import { exampleOf } from './examples.ts';

/**
 * An image automation that commits without a signature to a branch that Flux verifies.
 *
 * Applies to ImageUpdateAutomations whose source has `spec.verify`. Allowed: a signing key whose
 * Secret stands in the automation's namespace and holds `git.asc` or `identity`; or a push to
 * another branch than the one that is verified.
 */
export const unsignedAutomation: ObjectRule = {
  id: 'commit-signatures/unsigned-automation',
  area: 'commit-signatures',
  title: 'Automation that does not sign',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      "Flux's own image automation commits without a signature unless it is given a key. On a branch whose source verifies commits, Flux then refuses the commits of its own bot, and nothing that comes after them is deployed.",
    allows: [
      '`spec.git.commit.signingKey` with a Secret in the same namespace that holds `git.asc` (PGP) or `identity` (SSH, from Flux 2.9 on).',
      'No key where the automation pushes to a side branch, whose pull request is merged in a way that gives an accepted head.',
    ],
    fix: 'Make a key for the automation, put its private part into an encrypted Secret, name that Secret in `spec.git.commit.signingKey.secretRef`, and add the public part to the keyring first.',
    exception: 'None: Flux refuses an unsigned head whoever made it.',
    ...exampleOf('unsigned-automation'),
    links: ['https://fluxcd.io/flux/components/image/imageupdateautomations/#signing-key'],
  },
  evaluate(object, cluster) {
    const { root, kind, apiVersion, plainName: name } = object.resource;
    const isAutomation =
      kind === 'ImageUpdateAutomation' && groupOf(apiVersion) === 'image.toolkit.fluxcd.io';
    if (!isAutomation) return { faults: [], unknowns: [] };
    const source = cluster.objects.find((candidate) => isSourceOf(candidate, object));
    if (!source || !valueAt(source.resource.root, ['spec', 'verify'])) {
      return { faults: [], unknowns: [] };
    }
    const problem = problemOf(object, source, (namespace, secret) =>
      secretOf(cluster, namespace, secret),
    );
    const { namespace } = object;
    if (problem === 'absent') {
      const place = placeOf(root, ['spec', 'git', 'commit', 'signingKey']);
      const reason = `The Secret that ImageUpdateAutomation ${namespace ?? ''}/${name} signs with is not in this repository: whether it holds git.asc or identity cannot be told.`;
      const unknown = { rule: unsignedAutomation.id, reason, place, cause: 'environment' as const };
      return { faults: [], unknowns: [unknown] };
    }
    if (problem === undefined) return { faults: [], unknowns: [] };
    const fault = {
      rule: unsignedAutomation.id,
      effect: 'denied' as const,
      subject: {
        apiVersion,
        kind,
        name,
        field: 'spec.git.commit.signingKey',
        ...(namespace !== undefined && { namespace }),
      },
      message: `The automation ${problem}, but ${source.resource.kind} ${source.resource.name} verifies the branch that it pushes to: Flux will refuse its commits.`,
      primary: placeOf(root, ['spec', 'git', 'commit', 'signingKey']),
      related: [],
    };
    return { faults: [fault], unknowns: [] };
  },
};

function isSourceOf(candidate: ClusterObject, automation: ClusterObject): boolean {
  const reference = automation.resource.root.map('spec')?.map('sourceRef');
  return (
    candidate.resource.kind === 'GitRepository' &&
    candidate.resource.name === reference?.text('name') &&
    candidate.namespace === (reference.text('namespace') ?? automation.namespace)
  );
}

/** What is wrong, as the middle of a sentence; `absent` where its Secret is; undefined when all is fine. */
function problemOf(
  { resource, namespace }: ClusterObject,
  source: ClusterObject,
  secretNamed: (namespace: string | undefined, name: string) => ClusterObject | undefined,
): string | undefined {
  const git = resource.root.map('spec')?.map('git');
  const followed = source.resource.root.map('spec')?.map('ref')?.text('branch') ?? 'master';
  const checkedOut = git?.map('checkout')?.map('ref')?.text('branch') ?? followed;
  const pushed = git?.map('push')?.text('branch') ?? checkedOut;
  if (pushed !== followed) return undefined;
  const key = git?.map('commit')?.map('signingKey');
  if (key === undefined) return 'has no signing key';
  const name = key.map('secretRef')?.text('name');
  if (name === undefined) return 'names no Secret for its signing key';
  const secret = secretNamed(namespace, name);
  if (secret === undefined) return 'absent';
  const names = entryNames(secret);
  return names.some((entry) => entry === 'git.asc' || entry === 'identity')
    ? undefined
    : `signs with Secret ${name}, which holds neither git.asc nor identity`;
}
