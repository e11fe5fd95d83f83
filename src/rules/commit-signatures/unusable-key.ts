import type { KeyringEntryRecord, PgpKeyRecord } from '../../model/commit.ts';
import type { Fault } from '../../model/finding.ts';
import type { RepositoryRule } from '../rule.ts';
import { exampleOf } from './examples.ts';
import { isGitHubsKey, isUsable } from './merge-outcomes.ts';
import {
  knownCommits,
  needsOf,
  placeOfSource,
  subjectOf,
  trustOf,
  type VerifyingSource,
} from './trust.ts';

const DAY = 86_400;
/** Time enough to rotate a key without haste. */
const SOON_DAYS = 60;

/**
 * A key in a keyring that Flux does not use, will soon not use, or that must not be there.
 *
 * Applies to keyrings whose content is known. Allowed: one armor block of public keys an entry,
 * each valid for more than 60 days.
 */
export const unusableKey: RepositoryRule = {
  id: 'commit-signatures/unusable-key',
  area: 'commit-signatures',
  title: 'Key that Flux does not use',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'Flux passes over keys without a word: the second armor block of an entry, a key that expired, a whole SSH entry with one bad line. Who signs with such a key finds out when nothing is deployed any more. A private key in a keyring lets everybody who reads the repository sign in its name.',
    allows: [
      'An entry `NAME.asc` with one armor block; several keys in one block (`gpg --export --armor A B`) are read.',
      'An entry `NAME.sshpub` with lines of `authorized_keys`, from Flux 2.9 on.',
      'Keys that expire within 60 days are a risk; a key without expiry is advice.',
    ],
    fix: 'Give each key an entry of its own. To renew a key, extend it or make a new one with an ephemeral keyring (`umask 077; export GNUPGHOME=$(mktemp -d)`), in a hardware token or a throw-away container, and export only the public part: `gpg --export --armor`.',
    exception:
      'None for private keys: one that was committed is compromised, replace it. A key without expiry can be right for people who renew by other means.',
    ...exampleOf('unusable-key'),
    links: ['https://fluxcd.io/flux/components/source/gitrepositories/#verification'],
  },
  needs: needsOf,
  evaluate(repository, context) {
    const rings = knownCommits(context)?.keyrings ?? {};
    const sources = trustOf(repository, context).verifying.filter(({ keyring }) => rings[keyring]);
    const seen = new Set<string>();
    const faults: Fault[] = [];
    for (const source of sources) {
      for (const entry of rings[source.keyring] ?? []) {
        const said = faultsOf(
          entry,
          context.now / 1000,
          context.settings.commitSignatures.webFlowKey,
        );
        for (const [effect, message, field] of said) {
          const fault = toFault(source, entry, effect, message, field);
          const key = JSON.stringify(fault.subject);
          if (!seen.has(key)) faults.push(fault);
          seen.add(key);
        }
      }
    }
    return { faults, unknowns: [] };
  },
};

type Said = readonly [effect: Fault['effect'], message: string, field: string];

function faultsOf(
  entry: KeyringEntryRecord,
  now: number,
  webFlowKey: 'trusted-if-listed' | 'never',
): Said[] {
  const { name, error, ignoredBlocks, holdsPrivateKey, badLine } = entry;
  const said: Said[] = [];
  if (holdsPrivateKey) {
    said.push([
      'denied',
      `Entry ${name} holds a private key: whoever reads this repository can sign in its name.`,
      'private',
    ]);
  }
  if (error !== undefined) {
    const line = badLine === undefined ? '' : ` (line ${badLine})`;
    said.push(['risk', `Flux cannot use entry ${name}${line}: ${error}.`, 'error']);
  }
  if (ignoredBlocks > 0) {
    const message = `Entry ${name} holds ${ignoredBlocks + 1} armor blocks, and Flux reads only the first one: give each its own entry.`;
    said.push(['risk', message, 'blocks']);
  }
  for (const key of entry.keys) {
    if (key.kind === 'ssh') continue;
    const id = key.fingerprint;
    if (webFlowKey === 'never' && isGitHubsKey(key) && isUsable(key, now * 1000)) {
      const message = `Key ${id} in entry ${name} is GitHub's own: with it, whoever may merge on GitHub can deploy, and commitSignatures.webFlowKey says never.`;
      said.push(['risk', message, id]);
      continue;
    }
    if (isBesideItsSuccessor(key, entry)) continue;
    if (key.revoked) {
      said.push(['risk', `Key ${id} in entry ${name} is revoked: Flux refuses it.`, id]);
    } else if (key.expires === undefined) {
      if (key.webFlow === undefined) {
        said.push(['advice', `Key ${id} in entry ${name} never expires.`, id]);
      }
    } else if (key.expires <= now) {
      said.push([
        'risk',
        `Key ${id} in entry ${name} expired on ${toDay(key.expires)}: Flux refuses also what it signed before.`,
        id,
      ]);
    } else if (key.expires <= now + SOON_DAYS * DAY) {
      said.push([
        'risk',
        `Key ${id} in entry ${name} expires on ${toDay(key.expires)}: from then on Flux refuses also what it signed before.`,
        id,
      ]);
    }
  }
  return said;
}

/** GitHub publishes its expired key in one block with the current one: nobody can part them. */
function isBesideItsSuccessor({ webFlow }: PgpKeyRecord, { keys }: KeyringEntryRecord): boolean {
  const hasCurrent = keys.some((key) => key.kind === 'openpgp' && key.webFlow === 'current');
  return webFlow === 'retired' && hasCurrent;
}

function toDay(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

function toFault(
  source: VerifyingSource,
  { name }: KeyringEntryRecord,
  effect: Fault['effect'],
  message: string,
  field: string,
): Fault {
  const entries = source.keys.state === 'known' ? source.keys.value : [];
  return {
    rule: unusableKey.id,
    effect,
    subject: subjectOf(source, `keys[${name}].${field}`),
    message,
    primary: entries.find((entry) => entry.name === name)?.place ?? placeOfSource(source),
    related: [],
  };
}
