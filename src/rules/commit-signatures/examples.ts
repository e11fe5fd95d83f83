import type { KeyringEntryRecord, Verdict } from '../../model/commit.ts';
import type { CommitFacts, Facts, JudgedCommit } from '../../model/evidence.ts';
import type { RuleDocs } from '../rule.ts';
import { keyringName } from './trust.ts';

type Files = Readonly<Record<string, string>>;
type Example = Pick<RuleDocs, 'bad' | 'good' | 'given'>;

const SOURCE = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: https://github.com/acme/fleet
  ref:
    branch: main
`;
const VERIFY = `  verify:
    mode: HEAD
    secretRef:
      name: keyring
`;

function secret(entries: Files): string {
  const lines = Object.entries(entries).map(([name, text]) => `  ${name}: ${text}\n`);
  return `apiVersion: v1
kind: Secret
metadata:
  name: keyring
  namespace: flux-system
stringData:
${lines.join('')}`;
}

const ADA = { 'ada.asc': 'public key of Ada' };
const BEN = { 'ben.asc': 'public key of Ben' };
const FILES = {
  source: 'clusters/production/source.yaml',
  keys: 'clusters/production/keyring.yaml',
};
const BASE: Files = { [FILES.source]: SOURCE + VERIFY, [FILES.keys]: secret(ADA) };

const UNSIGNED: Verdict = {
  accepted: false,
  signatureKind: 'empty',
  refusal: 'unsigned',
  error: 'unsupported signature type: empty',
  detail: 'The commit is not signed.',
};
const BY_ADA: Verdict = {
  accepted: true,
  signatureKind: 'openpgp',
  key: {
    kind: 'openpgp',
    id: 'AAAAAAAAAAAAAAAA',
    fingerprint: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    entry: 'ada.asc',
  },
  warnings: [],
};

function record(name: string, more: Partial<KeyringEntryRecord> = {}): KeyringEntryRecord {
  const none = { skipped: [], ignoredBlocks: 0, holdsPrivateKey: false };
  return { name, kind: 'openpgp', keys: [], ...none, ...more };
}

function nameOf(entries: Files): string {
  const value = Object.entries(entries).map(([name, text]) => ({
    name,
    content: Buffer.from(text).toString('base64'),
  }));
  return keyringName('GitRepository flux-system/fleet', { state: 'known', value }, undefined);
}

function commit(id: string, verdicts: Readonly<Record<string, Verdict>>): JudgedCommit {
  const person = { name: 'Ada', email: 'ada@example.org' };
  return {
    commit: { id, parents: [], author: person, committer: person, message: 'Change\n' },
    verdicts: Object.fromEntries(
      Object.entries(verdicts).map(([name, value]) => [name, { state: 'known', value }]),
    ),
    bare: { state: 'known', value: UNSIGNED },
  };
}

function facts(commits: Partial<CommitFacts>): Facts {
  return {
    identity: {
      state: 'known',
      value: { host: 'github.com', repository: 'acme/fleet', branch: 'main' },
    },
    merging: {
      state: 'known',
      value: {
        methods: ['rebase'],
        requiresSignatures: false,
        requiresLinearHistory: true,
        allowsPushes: true,
      },
    },
    commits: {
      state: 'known',
      value: { change: [], baseHeads: [], keyrings: { [nameOf(ADA)]: [] }, ...commits },
    },
    images: new Map(),
  };
}

const HEAD_ID = '1111111111111111111111111111111111111111';
const DOC = { 'README.md': 'Words.\n' };
const AUTOMATION = `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata:
  name: images
  namespace: flux-system
spec:
  interval: 30m
  sourceRef:
    kind: GitRepository
    name: fleet
  git:
    checkout:
      ref:
        branch: main
    commit:
      author:
        email: flux@example.org
`;

const AUTOMATION_FILE = 'clusters/production/automation.yaml';
const BLOCKS = { 'team.asc': 'two armor blocks' };

const EXAMPLES = {
  'refused-merge': {
    bad: DOC,
    good: DOC,
    given: {
      before: BASE,
      facts: facts({ change: [commit(HEAD_ID, { [nameOf(ADA)]: UNSIGNED })] }),
      goodFacts: {
        ...facts({ change: [commit(HEAD_ID, { [nameOf(ADA)]: BY_ADA })] }),
        merging: {
          state: 'known',
          value: {
            methods: [],
            requiresSignatures: true,
            requiresLinearHistory: true,
            allowsPushes: true,
          },
        },
      },
    },
  },
  'unverified-commit': {
    bad: DOC,
    good: DOC,
    given: {
      before: BASE,
      facts: facts({ change: [commit(HEAD_ID, { [nameOf(ADA)]: UNSIGNED })] }),
      goodFacts: facts({ change: [commit(HEAD_ID, { [nameOf(ADA)]: BY_ADA })] }),
    },
  },
  'changed-trust': {
    bad: { [FILES.source]: SOURCE },
    good: DOC,
    given: { before: BASE, facts: facts({}) },
  },
  'evicted-key': {
    bad: { [FILES.keys]: secret(BEN) },
    good: { [FILES.keys]: secret({ ...ADA, ...BEN }) },
    given: {
      before: BASE,
      facts: facts({
        baseHeads: [
          commit(HEAD_ID, {
            [nameOf(ADA)]: BY_ADA,
            [nameOf(BEN)]: UNSIGNED,
            [nameOf({ ...ADA, ...BEN })]: BY_ADA,
          }),
        ],
      }),
    },
  },
  'unusable-key': {
    bad: { [FILES.keys]: secret(BLOCKS) },
    good: { [FILES.keys]: secret(ADA) },
    given: {
      before: BASE,
      facts: facts({
        keyrings: {
          [nameOf(BLOCKS)]: [record('team.asc', { ignoredBlocks: 1 })],
          [nameOf(ADA)]: [record('ada.asc')],
        },
      }),
    },
  },
  'private-key': {
    bad: {
      'keys/deploy.pem': `-----BEGIN PRIVATE KEY-----\n${'MadeUp00'.repeat(8)}\n-----END PRIVATE KEY-----\n`,
    },
    good: { 'keys/deploy.pub': 'ssh-ed25519 AAAAmade-up deploy\n' },
  },
  'unsigned-automation': {
    bad: { ...BASE, [AUTOMATION_FILE]: AUTOMATION },
    good: {
      ...BASE,
      [AUTOMATION_FILE]: `${AUTOMATION}      signingKey:\n        secretRef:\n          name: image-bot\n`,
    },
  },
} satisfies Record<string, Example>;

/** The examples of a rule's documentation, with the facts they come with. */
export function exampleOf(rule: keyof typeof EXAMPLES): Example {
  return EXAMPLES[rule];
}
