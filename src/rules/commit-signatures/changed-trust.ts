import type { Fault } from '../../model/finding.ts';
import type { RepositoryChangeRule } from '../rule.ts';
import { exampleOf } from './examples.ts';
import {
  knownCommits,
  needsOf,
  placeOfSource,
  subjectOf,
  trustOf,
  type VerifyingSource,
} from './trust.ts';

/**
 * A change of what Flux trusts: verification loosened or switched off, keys added.
 *
 * Applies to sources of the base branch that watch this repository. Allowed: verification that
 * stays as strict as it was.
 */
export const changedTrust: RepositoryChangeRule = {
  id: 'commit-signatures/changed-trust',
  area: 'commit-signatures',
  title: 'Change of what Flux trusts',
  since: '0.1',
  on: 'repository-change',
  docs: {
    protects:
      'Whoever may change `spec.verify`, the keyring or the address of a source decides who may deploy. Such a change deserves its own look, also where it is made in passing.',
    allows: [
      'A new key is told with its fingerprint, owner and expiry, as advice: compare the fingerprint with its owner by another channel.',
      'Verification that is removed or loosened, or a source that leaves this repository or branch, is a risk.',
    ],
    fix: 'Make changes of trust in a pull request of their own, reviewed by those who answer for the keyring.',
    exception:
      'A planned move of the repository or the end of a source is legitimate: waive it with the reason.',
    ...exampleOf('changed-trust'),
    links: ['https://fluxcd.io/flux/components/source/gitrepositories/#verification'],
  },
  needs: needsOf,
  evaluate(change, context) {
    const before = trustOf(change.before, context).verifying;
    const after = trustOf(change.after, context);
    const faults = before.flatMap((source) => {
      const now = after.verifying.find(({ id }) => id === source.id);
      if (now !== undefined) return [...loosened(source, now), ...added(source, now)];
      const isWatching = after.watching.some(({ id }) => id === source.id);
      return [toFault(source, isWatching ? NOT_VERIFYING : NOT_WATCHING, 'risk', 'spec.verify')];
    });
    return { faults, unknowns: [] };

    function added(source: VerifyingSource, now: VerifyingSource): Fault[] {
      const rings = knownCommits(context)?.keyrings;
      const keysOf = (ring: string) => rings?.[ring]?.flatMap(({ keys }) => keys) ?? [];
      const known = new Set(keysOf(source.keyring).map(({ fingerprint }) => fingerprint));
      if (known.size === 0) return [];
      return keysOf(now.keyring)
        .filter(({ fingerprint }) => !known.has(fingerprint))
        .map((key) => {
          const owner = key.kind === 'openpgp' ? key.userIds.join(', ') : key.comment;
          const end =
            key.kind === 'openpgp' && key.expires !== undefined
              ? `it expires on ${new Date(key.expires * 1000).toISOString().slice(0, 10)}`
              : 'it does not expire';
          const message = `This change lets a new key deploy: ${key.fingerprint} (${key.algorithm}) of ${owner || 'nobody named'}; ${end}.`;
          return toFault(now, message, 'advice', `keys[${key.fingerprint}]`);
        });
    }
  },
};

const NOT_VERIFYING =
  'This change switches verification off: Flux will deploy whatever is pushed to the branch.';
const NOT_WATCHING =
  'A source that verified this branch no longer watches it: what it deploys then is not verified here.';

function loosened(source: VerifyingSource, now: VerifyingSource): Fault[] {
  const faults: Fault[] = [];
  if (source.verify.mode === 'TagAndHEAD' && now.verify.mode !== 'TagAndHEAD') {
    const message = `This change verifies less: the mode was TagAndHEAD and becomes ${now.verify.mode}.`;
    faults.push(toFault(now, message, 'risk', 'spec.verify.mode'));
  }
  if (source.verify.secret !== now.verify.secret) {
    const message = `This change makes Flux verify with other keys: those of Secret ${now.verify.secret} instead of ${source.verify.secret}.`;
    faults.push(toFault(now, message, 'risk', 'spec.verify.secretRef.name'));
  }
  return faults;
}

function toFault(
  source: VerifyingSource,
  message: string,
  effect: Fault['effect'],
  field: string,
): Fault {
  const [entry] = source.keys.state === 'known' ? source.keys.value : [];
  return {
    rule: changedTrust.id,
    effect,
    subject: subjectOf(source, field),
    message,
    primary: field.startsWith('keys') && entry ? entry.place : placeOfSource(source),
    related: [],
  };
}
