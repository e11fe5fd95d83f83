import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { gitSourceOf, gitSourcesOf } from '../../flux/watching.ts';
import type { Verdict } from '../../model/commit.ts';
import { placeOf } from '../../model/field-path.ts';
import { parseRepositoryUrl } from '../../model/repository-url.ts';
import { NOTHING, type ObjectFactsRule, type RuleContext } from '../rule.ts';
import {
  type Automation,
  automationOn,
  followedBranch,
  isAutomation,
  signingSecretProblem,
} from './automations.ts';
import { exampleOf } from './examples.ts';
import { knownCommits, shortId } from './trust.ts';

/**
 * An image automation that commits without a signature to a branch that Flux verifies.
 *
 * Applies to ImageUpdateAutomations whose source has `spec.verify`. Allowed: a signing key whose
 * Secret stands in the automation's namespace and holds `git.asc` or `identity`; or a push to
 * another branch than the one that is verified.
 */
export const unsignedAutomation: ObjectFactsRule = {
  id: 'commit-signatures/unsigned-automation',
  area: 'commit-signatures',
  title: 'Automation that does not sign',
  since: '0.1',
  lapsesWith: ['commit-signatures/changed-trust'],
  on: 'object-and-facts',
  kinds: ['ImageUpdateAutomation'],
  docs: {
    protects:
      "Flux's own image automation commits without a signature unless it is given a key. On a branch whose source verifies commits, Flux then refuses the commits of its own bot, and nothing that comes after them is deployed.",
    allows: [
      '`spec.git.commit.signingKey` with a Secret in the same namespace that holds `git.asc` for a key of `type: gpg`, which is the default, or `identity` for `type: ssh` (from Flux 2.9 on).',
      'The keyring of the source must hold a key of that kind, and the automation must not have signed its last commit with a key that is not in it.',
      'Another source that verifies the same branch of the same repository counts like the own one of the automation.',
      'No key where the automation pushes to a side branch, whose pull request is merged in a way that gives an accepted head.',
    ],
    fix: 'Make a key for the automation, put its private part into an encrypted Secret, name that Secret in `spec.git.commit.signingKey.secretRef`, and add the public part to the keyring first.',
    exception: 'None: Flux refuses an unsigned head whoever made it.',
    ...exampleOf('unsigned-automation'),
    links: ['https://fluxcd.io/flux/components/image/imageupdateautomations/#signing-key'],
  },
  evaluate(object, cluster, context) {
    if (!isAutomation(object)) return NOTHING;
    const own = gitSourcesOf(cluster).find((candidate) => automationOn(object, candidate));
    const automation = own && automationOn(object, own);
    if (own === undefined || automation === undefined) return NOTHING;
    const source = verifyingSourceOf(automation, own, cluster);
    if (source === undefined) return NOTHING;
    const { root, kind, apiVersion, plainName: name } = object.resource;
    const { namespace } = object;
    const primary = placeOf(root, ['spec', 'git', 'commit', 'signingKey']);
    const found = signingSecretProblem(automation, cluster);
    if (found === 'absent') {
      const reason = `The Secret that ImageUpdateAutomation ${automation.name} signs with is not in this repository: whether it holds git.asc or identity cannot be told.`;
      const unknown = { rule: unsignedAutomation.id, reason, place: primary };
      return { faults: [], unknowns: [{ ...unknown, cause: 'environment' as const }] };
    }
    const problem = found?.problem ?? refusedKind(automation, source, cluster, context);
    if (problem === undefined) return NOTHING;
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
      primary,
      related: [],
    };
    return { faults: [fault], unknowns: [] };
  },
};

/** The source that verifies the branch that the automation pushes to: its own one or another. */
function verifyingSourceOf(
  { pushed }: Automation,
  own: ClusterObject,
  cluster: Cluster,
): ClusterObject | undefined {
  const address = addressOf(own);
  return [own, ...gitSourcesOf(cluster)].find(
    (source) =>
      pushed !== '' &&
      gitSourceOf(source)?.verifies === true &&
      addressOf(source) === address &&
      followedBranch(source) === pushed,
  );
}

function addressOf(source: ClusterObject): string {
  const url = gitSourceOf(source)?.url ?? '';
  const address = parseRepositoryUrl(url);
  return address === undefined ? url : `${address.host}/${address.path}`.toLowerCase();
}

/** Why the source takes no signature of this automation, although it signs. */
function refusedKind(
  { signing, email }: Automation,
  { resource, namespace }: ClusterObject,
  cluster: Cluster,
  context: RuleContext,
): string | undefined {
  const { flux } = cluster.settings;
  if (signing?.type === 'ssh' && flux !== undefined && !verifiesSsh(flux)) {
    return `signs with an SSH key, which Flux ${flux} does not verify`;
  }
  const commits = knownCommits(context);
  const prefix = `${resource.kind} ${namespace ?? ''}/${resource.name} `;
  const isOurs = (keyring: string) => keyring.startsWith(prefix);
  const rings = Object.entries(commits?.keyrings ?? {}).filter(([keyring]) => isOurs(keyring));
  const kind = signing?.type === 'ssh' ? 'ssh' : 'openpgp';
  const takes = ([, entries]: (typeof rings)[number]) =>
    entries.some((entry) => entry.keys.some((key) => key.kind === kind));
  if (rings.length > 0 && !rings.some(takes)) {
    const words = kind === 'ssh' ? 'an SSH' : 'a PGP';
    return `signs with ${words} key, and the keyring of the source holds none`;
  }
  // Names of authors prove nothing; here they only tell which commits to look at.
  const last = commits?.baseHeads.find(({ commit }) => commit.author.email === email);
  const verdicts = Object.entries(last?.verdicts ?? {}).flatMap(([keyring, verdict]) =>
    isOurs(keyring) && verdict.state === 'known' ? [verdict.value] : [],
  );
  const isStranger = ({ accepted, ...verdict }: Verdict) =>
    !accepted && 'refusal' in verdict && verdict.refusal === 'unknown-key';
  return last !== undefined && verdicts.length > 0 && verdicts.every(isStranger)
    ? `signed its last commit ${shortId(last.commit.id)} with a key that is not in the keyring`
    : undefined;
}

function verifiesSsh(flux: string): boolean {
  const [major = 0, minor = 0] = flux.replace(/^v/, '').split('.').map(Number);
  return major > 2 || minor >= 9;
}
