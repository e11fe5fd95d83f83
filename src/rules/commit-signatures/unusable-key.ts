import type { KeyringEntryRecord, PgpKeyRecord, SshKeyRecord } from '../../model/commit.ts';
import type { Fault } from '../../model/finding.ts';
import type { Repository, RepositoryRule, RuleContext } from '../rule.ts';
import { exampleOf } from './examples.ts';
import {
  type Automation,
  automationsOf,
  isAutomationKey,
  openSigningKeys,
  type OpenSigningKey,
} from './automations.ts';
import { type GitHubKeys, githubKeys, isUsable } from './github-keys.ts';
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
/** Much more than the year that is usual for keys which nobody holds in hand. */
const LONG_DAYS = 550;

/**
 * A key in a keyring that Flux does not use, will soon not use, or that must not be there.
 *
 * Applies to keyrings whose content is known, and to Secrets that automations sign with. Allowed: one armor block of public keys an entry,
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
      'The private key that an `ImageUpdateAutomation` signs with belongs into an encrypted Secret: in plain text it is denied.',
      'Keys that expire within 60 days are a risk; a key without expiry is advice.',
      'A key of an automation should expire within about a year: longer is a risk. SSH keys never expire in Flux.',
      'A key of an automation with which no automation here signs, and that signed none of the last heads, is advice: take it out.',
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
    const faults = openKeyFaults(repository);
    for (const source of sources) {
      const judging: Judging = {
        now: context.now / 1000,
        mayBeGitHubs: context.settings.commitSignatures.webFlowKey !== 'never',
        github: githubKeys(context),
        bots: automationsOf(source),
        flux: source.cluster.settings.flux,
        signers: signersOf(source, context),
      };
      for (const entry of rings[source.keyring] ?? []) {
        for (const [effect, message, field] of faultsOf(entry, judging)) {
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

/** Each Secret once, however many automations sign with it. */
function openKeyFaults({ clusters }: Repository): Fault[] {
  const faults = clusters.flatMap(openSigningKeys).map(ofOpenKey);
  return [...new Map(faults.map((fault) => [JSON.stringify(fault.subject), fault])).values()];
}

function ofOpenKey({ automation, secret, entry }: OpenSigningKey): Fault {
  const { apiVersion, kind, plainName: name } = secret.resource;
  const { namespace } = secret;
  const who = `${automation.namespace ?? ''}/${automation.resource.name}`;
  return {
    rule: unusableKey.id,
    effect: 'denied',
    subject: {
      ...{ apiVersion, kind, name, field: `${entry.name}.private` },
      ...(namespace !== undefined && { namespace }),
    },
    message: `Secret ${name} holds the private key that ImageUpdateAutomation ${who} signs with, in plain text: whoever reads this repository can sign in its name.`,
    primary: entry.place,
    related: [],
    remedy: { summary: `${OUT_OF_USE} Commit it only encrypted.`, fields: [], edits: [] },
  };
}

interface Judging {
  /** Seconds since 1970. */
  readonly now: number;
  readonly mayBeGitHubs: boolean;
  readonly github: GitHubKeys;
  /** Automations that commit to what the source follows. */
  readonly bots: readonly Automation[];
  readonly flux: string | undefined;
  /** Fingerprints of keys that signed a commit which is known here; absent where none is. */
  readonly signers: ReadonlySet<string> | undefined;
}

function signersOf(
  { keyring }: VerifyingSource,
  context: RuleContext,
): ReadonlySet<string> | undefined {
  const { baseHeads = [], change = [] } = knownCommits(context) ?? {};
  if (baseHeads.length === 0) return undefined;
  const keys = [...baseHeads, ...change].flatMap(({ verdicts }) => {
    const verdict = verdicts[keyring];
    return verdict?.state === 'known' && verdict.value.accepted ? [verdict.value.key] : [];
  });
  return new Set(keys.map(({ fingerprint }) => fingerprint));
}

type Said = readonly [effect: Fault['effect'], message: string, field: string];

function faultsOf(entry: KeyringEntryRecord, judging: Judging): Said[] {
  const { name, kind, error, ignoredBlocks, holdsPrivateKey, badLine } = entry;
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
    const message =
      kind === 'openpgp' && name.endsWith('.sshpub')
        ? `Flux ${judging.flux ?? 'before 2.9'} reads entry ${name} as a PGP keyring, and one such entry can fail all the others by chance: SSH keys need Flux 2.9.`
        : `Flux cannot use entry ${name}${line}: ${error}.`;
    said.push(['risk', message, 'error']);
  }
  if (ignoredBlocks > 0) {
    const message = `Entry ${name} holds ${ignoredBlocks + 1} armor blocks, and Flux reads only the first one: give each its own entry.`;
    said.push(['risk', message, 'blocks']);
  }
  for (const key of entry.keys) {
    const fault =
      key.kind === 'ssh' ? faultOfSsh(key, entry, judging) : faultOfPgp(key, entry, judging);
    if (fault) said.push([...fault, key.fingerprint]);
    if (isUnused(key, entry, judging)) {
      const message = `Key ${key.fingerprint} in entry ${entry.name} is an automation's, and no automation signs with it: take it out of the keyring.`;
      said.push(['advice', message, `${key.fingerprint}.unused`]);
    }
  }
  return said;
}

/** A robot's key with which none of this source's automations can sign, and that signed nothing. */
function isUnused(
  key: PgpKeyRecord | SshKeyRecord,
  { name }: KeyringEntryRecord,
  { bots, signers, github }: Judging,
): boolean {
  if (signers === undefined || signers.has(key.fingerprint)) return false;
  if (key.kind === 'openpgp' && github.isGitHubs(key)) return false;
  const type = key.kind === 'ssh' ? 'ssh' : 'gpg';
  const names = key.kind === 'ssh' ? [key.comment, name] : [...key.userIds, name];
  return isAutomationKey(names, bots) && !bots.some(({ signing }) => signing?.type === type);
}

type KeyFault = readonly [effect: Fault['effect'], message: string] | undefined;

function faultOfSsh(
  { fingerprint, comment }: SshKeyRecord,
  { name }: KeyringEntryRecord,
  { bots }: Judging,
): KeyFault {
  if (!isAutomationKey([comment, name], bots)) return undefined;
  const message = `Key ${fingerprint} in entry ${name} is an automation's and never expires, as no SSH key does in Flux: replace it once a year.`;
  return ['advice', message];
}

function faultOfPgp(key: PgpKeyRecord, entry: KeyringEntryRecord, judging: Judging): KeyFault {
  const { now, github, mayBeGitHubs, bots } = judging;
  const { fingerprint: id, expires, revoked, userIds } = key;
  const named = `Key ${id} in entry ${entry.name}`;
  const isGitHubs = github.isGitHubs(key);
  if (!mayBeGitHubs && isGitHubs && isUsable(key, now * 1000)) {
    const message = `${named} is GitHub's own: with it, whoever may merge on GitHub can deploy, and commitSignatures.webFlowKey says never.`;
    return ['risk', message];
  }
  if (isBesideItsSuccessor(key, entry)) return undefined;
  if (revoked) return ['risk', `${named} is revoked: Flux refuses it.`];
  const isBots = !isGitHubs && isAutomationKey([...userIds, entry.name], bots);
  if (expires === undefined) {
    if (isGitHubs) return undefined;
    return isBots
      ? ['risk', `${named} is an automation's and never expires: nobody notices when it is stolen.`]
      : ['advice', `${named} never expires.`];
  }
  const day = toDay(expires);
  if (expires <= now) {
    return ['risk', `${named} expired on ${day}: Flux refuses also what it signed before.`];
  }
  if (expires <= now + SOON_DAYS * DAY) {
    const message = `${named} expires on ${day}: from then on Flux refuses also what it signed before.`;
    return ['risk', message];
  }
  return isBots && expires > now + LONG_DAYS * DAY
    ? ['risk', `${named} is an automation's and valid until ${day}: a year is long enough.`]
    : undefined;
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
    ...(field === 'private' && { remedy: { summary: COMPROMISED, fields: [], edits: [] } }),
  };
}

const OUT_OF_USE =
  'Take the key out of use everywhere, since it stays in the history, and make a new one.';
const COMPROMISED = `${OUT_OF_USE} Put only its public part here: gpg --export --armor.`;
