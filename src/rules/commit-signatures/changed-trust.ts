import type { Fault, UnknownFact } from '../../model/finding.ts';
import { placeOf } from '../../model/field-path.ts';
import type { WatchingSource } from '../../flux/watching.ts';
import type { RepositoryChangeRule } from '../rule.ts';
import { isHeldBack, type Moved, movedFromVerified, unverifiedTwins } from './bypasses.ts';
import { exampleOf } from './examples.ts';
import {
  endOf,
  isHiddenKeyringChanged,
  type KeyringChange,
  keyringChange,
  ownerOf,
  type SettingChange,
  settingChanges,
} from './trust-changes.ts';
import { needsOf, placeOfSource, subjectOf, trustOf, type VerifyingSource } from './trust.ts';

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
  loosens: true,
  on: 'repository-change',
  docs: {
    protects:
      'Whoever may change `spec.verify`, the keyring or the address of a source decides who may deploy. Such a change deserves its own look, also where it is made in passing.',
    allows: [
      'A new key is told with its fingerprint, owner and expiry, as advice: compare the fingerprint with its owner by another channel.',
      'Verification that is removed or loosened, or a source that leaves this repository or branch, is a risk.',
      'So is a second source for the branch that does not verify, and a Kustomization that is moved from a source that verifies to one that does not.',
      'So is a keyring that is made anew instead of added to.',
      'A change of the keys that `.github/fluxgate.yaml` names is told as advice.',
    ],
    fix: 'Make changes of trust in a pull request of their own, reviewed by those who answer for the keyring.',
    exception:
      'A planned move of the repository or the end of a source is legitimate: waive it with the reason.',
    ...exampleOf('changed-trust'),
    links: ['https://fluxcd.io/flux/components/source/gitrepositories/#verification'],
  },
  needs: needsOf,
  evaluate(change, context) {
    const earlier = trustOf(change.before, context);
    const after = trustOf(change.after, context);
    const unknowns: UnknownFact[] = [];
    const faults = earlier.verifying.flatMap((source) => {
      const now = after.verifying.find(({ id }) => id === source.id);
      if (now === undefined) {
        // Flux refuses what applies it, and leaves the source as it is.
        if (isHeldBack(change, source)) return [];
        const isWatching = after.watching.some(({ id }) => id === source.id);
        return [toFault(source, isWatching ? NOT_VERIFYING : NOT_WATCHING, 'risk', 'spec.verify')];
      }
      const keys = keyringChange(source, now, context);
      if (keys === undefined && isHiddenKeyringChanged(change, source, now)) {
        unknowns.push({
          rule: changedTrust.id,
          reason: `Secret ${now.verify.secret}, which holds the public keys, changes and cannot be read here: which keys come and go is not known.`,
          place: placeOfSource(now),
          cause: 'environment',
        });
      }
      return [...loosened(source, now), ...(keys ? ofKeys(now, keys) : [])];
    });
    faults.push(
      ...unverifiedTwins(earlier, after).map((source) => toFault(source, TWIN, 'risk', 'spec')),
      ...movedFromVerified(change, earlier).map(ofMoved),
      ...settingChanges(change).map(ofSetting),
    );
    return { faults, unknowns };
  },
};

function ofKeys(now: VerifyingSource, { added, removed, isReplaced }: KeyringChange): Fault[] {
  const faults = added.map(({ key }) => {
    const end = endOf(key);
    const words = end === 'never' ? 'it does not expire' : `it expires on ${end}`;
    const message = `This change lets a new key deploy: ${key.fingerprint} (${key.algorithm}) of ${ownerOf(key)}; ${words}.`;
    return toFault(now, message, 'advice', `keys[${key.fingerprint}]`);
  });
  if (!isReplaced) return faults;
  const message = `This change makes the keyring anew instead of adding to it: none of the ${removed.length} keys of before stays, and nobody who signs today is accepted any more.`;
  return [...faults, toFault(now, message, 'risk', 'keys')];
}

function ofMoved({ object: { resource, namespace }, from, to }: Moved): Fault {
  const { apiVersion, kind, plainName: name, root } = resource;
  const field = 'spec.sourceRef';
  return {
    rule: changedTrust.id,
    effect: 'risk',
    subject: { apiVersion, kind, name, field, ...(namespace !== undefined && { namespace }) },
    message: `${kind} "${name}" was applied from ${from}, which verifies commits; after this change it is applied from ${to}, which does not.`,
    primary: placeOf(root, ['spec', 'sourceRef', 'name']),
    related: [],
  };
}

function ofSetting({ setting, before, after, place }: SettingChange): Fault {
  return {
    rule: changedTrust.id,
    effect: 'advice',
    subject: { apiVersion: '', kind: 'Configuration', name: place.path, field: setting },
    message: `This change makes Fluxgate judge signatures by other keys: ${setting} was ${before} and becomes ${after}.`,
    primary: place,
    related: [],
  };
}

const NOT_VERIFYING =
  'This change switches verification off: Flux will deploy whatever is pushed to the branch.';
const NOT_WATCHING =
  'A source that verified this branch no longer watches it: what it deploys then is not verified here.';

const TWIN =
  'This source watches the same branch as one that verifies, and verifies nothing: what is applied from it is not held to any signature.';

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
  source: WatchingSource & Pick<Partial<VerifyingSource>, 'keys'>,
  message: string,
  effect: Fault['effect'],
  field: string,
): Fault {
  const [entry] = source.keys?.state === 'known' ? source.keys.value : [];
  return {
    rule: changedTrust.id,
    effect,
    subject: subjectOf(source, field),
    message,
    primary: field.startsWith('keys') && entry ? entry.place : placeOfSource(source),
    related: [],
  };
}
