import { describe, expect, it } from 'vitest';

import {
  commitWith,
  forgeKey,
  forgeSshKey,
  PAYLOAD,
  publicKeys,
  revocation,
  primary,
  signedBy,
  signedBySsh,
  userId,
  usualKey,
} from '../../signatures/forge.ts';
import { Config } from '../../../src/config/schema.ts';
import { fixture, lines, repository, reviewed, SOURCE, source, verify, ways } from './reviewed.ts';

const ANN = forgeKey('ann');
const EVE = forgeKey('eve');
const SSH = forgeSshKey('bot');
const ANN_KEY = { 'ann.asc': publicKeys(usualKey(ANN)) };
const WEB_FLOW = { 'github.asc': fixture('web-flow.asc') };
const REVOKED = {
  'ann.asc': publicKeys(primary(ANN), revocation(ANN), userId(ANN, 'Ann <ann@example.org>')),
};
const SSH_KEY = { 'bot.sshpub': `${SSH.line}\n` };
const README = { 'README.md': 'Words.\n' };
const DOOR = { allowsPushes: true };

const GITHUB_ACCEPTED = [
  'Merge commit: accepted',
  'Squash and merge: accepted',
  'Rebase and merge: refused',
];
const ALL_REFUSED = GITHUB_ACCEPTED.map((way) => way.replace('accepted', 'refused'));

describe('ways into the branch', () => {
  it.each([
    ['GitHub is not in the keyring', ANN_KEY, signedBy(ANN), {}, ALL_REFUSED],
    ['GitHub is', { ...ANN_KEY, ...WEB_FLOW }, PAYLOAD, {}, GITHUB_ACCEPTED],
    [
      'people may push, and the head is signed by a known key',
      ANN_KEY,
      signedBy(ANN),
      DOOR,
      [...ALL_REFUSED, 'Merge locally and push: depends on the key', 'Fast-forward push: accepted'],
    ],
    [
      'the head is not signed',
      ANN_KEY,
      PAYLOAD,
      DOOR,
      [...ALL_REFUSED, 'Merge locally and push: depends on the key', 'Fast-forward push: refused'],
    ],
    [
      'the head is signed by a stranger',
      ANN_KEY,
      signedBy(EVE),
      DOOR,
      [...ALL_REFUSED, 'Merge locally and push: depends on the key', 'Fast-forward push: refused'],
    ],
    [
      'the key of the keyring is revoked',
      REVOKED,
      signedBy(ANN),
      DOOR,
      [...ALL_REFUSED, 'Merge locally and push: refused', 'Fast-forward push: refused'],
    ],
    [
      'an SSH key signs',
      SSH_KEY,
      signedBySsh(SSH),
      DOOR,
      [...ALL_REFUSED, 'Merge locally and push: depends on the key', 'Fast-forward push: accepted'],
    ],
    [
      'only squashes are allowed',
      WEB_FLOW,
      PAYLOAD,
      { methods: ['squash' as const] },
      ['Squash and merge: accepted'],
    ],
    [
      'a queue merges',
      WEB_FLOW,
      PAYLOAD,
      { queue: ['merge'] as const },
      ['Merge queue (merge): accepted'],
    ],
    [
      'a queue rebases',
      WEB_FLOW,
      PAYLOAD,
      { queue: ['rebase'] as const },
      ['Merge queue (rebase): refused'],
    ],
    [
      'queues merge and squash',
      WEB_FLOW,
      PAYLOAD,
      { queue: ['merge', 'squash'] as const },
      ['Merge queue (merge or squash): accepted'],
    ],
    [
      'queues squash and rebase',
      WEB_FLOW,
      PAYLOAD,
      { queue: ['squash', 'rebase'] as const },
      ['Merge queue (squash or rebase): not known'],
    ],
    [
      "queues squash and rebase without GitHub's key",
      ANN_KEY,
      PAYLOAD,
      { queue: ['squash', 'rebase'] as const },
      ['Merge queue (squash or rebase): refused'],
    ],
    ['the keyring is empty', {}, signedBy(ANN), {}, ALL_REFUSED],
  ])('where %s', async (_name, keys, head, merging, expected) => {
    expect(ways(await reviewed(repository(keys), README, { change: [head], merging }))).toEqual(
      expected,
    );
  });
});

describe('the finding', () => {
  it.each([
    [
      'denies where no way is accepted',
      ANN_KEY,
      signedBy(ANN),
      {},
      ['denied refused-merge spec.verify'],
    ],
    [
      'is silent where all ways are accepted',
      WEB_FLOW,
      PAYLOAD,
      { methods: ['squash' as const] },
      [],
    ],
    [
      'is a risk where a button is refused',
      WEB_FLOW,
      PAYLOAD,
      {},
      ['risk refused-merge spec.verify'],
    ],
    [
      'is a risk where only a push is accepted',
      ANN_KEY,
      signedBy(ANN),
      DOOR,
      ['risk refused-merge spec.verify'],
    ],
    [
      'is silent where people push what they signed',
      ANN_KEY,
      signedBy(ANN),
      { ...DOOR, methods: [] },
      [],
    ],
  ])('%s', async (_name, keys, head, merging, expected) => {
    const review = await reviewed(repository(keys), README, { change: [head], merging });
    expect(lines(review).filter((line) => line.includes('refused-merge'))).toEqual(expected);
  });

  it('says that a keyring that nobody can read is unknown, never accepted', async () => {
    const { 'clusters/production/source.yaml': only = '' } = repository({});
    const review = await reviewed({ 'clusters/production/source.yaml': only }, README, {
      change: [signedBy(ANN)],
    });
    expect(lines(review)).toEqual([]);
    expect(review.unknowns.map(({ reason }) => reason)).toContain(
      'Secret flux-system/keyring, which holds the public keys, is not in this repository: commit the public keys as files and name them under commitSignatures.keys in .github/fluxgate.yaml.',
    );
  });

  it('is unknown where GitHub does not tell what it allows and some ways are accepted', async () => {
    const review = await reviewed(repository(WEB_FLOW), README, {
      change: [PAYLOAD],
      merging: null,
    });
    expect(review.unknowns.map(({ reason }) => reason)).toEqual([
      'GitHub does not tell. Refused by Flux: Rebase and merge, Merge locally and push, Fast-forward push.',
    ]);
  });

  it('is unknown where the queue may merge in a way that is refused', async () => {
    const review = await reviewed(repository(WEB_FLOW), README, {
      change: [PAYLOAD],
      merging: { queue: ['squash', 'rebase'], methods: [], allowsPushes: false },
    });
    expect(lines(review).filter((line) => line.includes('refused-merge'))).toEqual([]);
    expect(review.unknowns.map(({ change, reason }) => `${change} ${reason}`)).toContain(
      'introduced Merge queue (squash or rebase): rulesets name different methods for the queue, and GitHub does not tell which counts; by one of them Flux refuses the new head: the new head is not signed',
    );
  });

  it('denies a source that verifies tags and follows a branch', async () => {
    const review = await reviewed(repository(ANN_KEY, 'Tag'), README, { change: [PAYLOAD] });
    expect(lines(review)).toContain('denied refused-merge spec.verify.mode');
  });

  it('judges garbage in place of a signature as a refusal', async () => {
    const head = commitWith('-----BEGIN PGP SIGNATURE-----\n\n%%%\n-----END PGP SIGNATURE-----');
    const review = await reviewed(repository(ANN_KEY), README, { change: [head], merging: DOOR });
    expect(ways(review).at(-1)).toBe('Fast-forward push: refused');
  });
});

describe('a merge group, whose head is made', () => {
  const GROUP = { isGroup: true as const, queue: ['squash'] as const };
  it.each([
    ['signed by a known key', signedBy(ANN), 'accepted', []],
    ['not signed', PAYLOAD, 'refused', ['denied refused-merge spec.verify']],
    ['signed by a stranger', signedBy(EVE), 'refused', ['denied refused-merge spec.verify']],
  ])('%s', async (_name, head, verdict, expected) => {
    // GitHub's key is trusted, and all the same only the commit itself counts.
    const review = await reviewed(repository({ ...ANN_KEY, ...WEB_FLOW }), README, {
      change: [signedBy(ANN), head],
      merging: GROUP,
    });
    expect(ways(review).map((way) => way.replace(/[0-9a-f]{10}/, 'ID'))).toEqual([
      `This merge group, commit ID: ${verdict}`,
    ]);
    expect(lines(review).filter((line) => line.includes('refused-merge'))).toEqual(expected);
  });
});

describe("another host's own key", () => {
  const HOST = 'git.acme.example';
  const HOSTS_KEY = {
    'host.asc': publicKeys(primary(EVE), userId(EVE, 'Acme <git@acme.example>')),
  };
  const NAMED = {
    'host.asc': publicKeys(primary(EVE), userId(EVE, 'GitHub Enterprise <noreply@acme.example>')),
  };
  const OTHER = { webFlowKeys: { [HOST]: [ANN.fingerprint] } };
  const known = { webFlowKeys: { [HOST]: [EVE.fingerprint] } };
  it.each([
    ['is known by its fingerprint', HOSTS_KEY, known, 'accepted'],
    ['is a stranger where nobody names it', HOSTS_KEY, {}, 'refused'],
    ['is known by its name where nobody names another', NAMED, {}, 'accepted'],
    ['is not known by its name where another is named', NAMED, OTHER, 'refused'],
    [
      'is not the one of another host',
      HOSTS_KEY,
      { webFlowKeys: { 'git.other.example': [EVE.fingerprint] } },
      'refused',
    ],
    ['is not that of github.com', WEB_FLOW, known, 'refused'],
  ])('%s', async (_name, keys, settings, verdict) => {
    const files = { ...repository(keys), [SOURCE]: source(verify(), 'branch: main', HOST) };
    const review = await reviewed(files, README, {
      change: [PAYLOAD],
      host: HOST,
      settings,
    });
    expect(ways(review)[0]).toBe(`Merge commit: ${verdict}`);
  });

  it('may be named as gpg prints it', () => {
    const spaced = EVE.fingerprint.toLowerCase().replace(/(.{4})/g, '$1 ');
    const { commitSignatures } = Config.parse({
      version: 1,
      commitSignatures: { webFlowKeys: { [HOST]: [spaced] } },
    });
    expect(commitSignatures.webFlowKeys[HOST]).toEqual([EVE.fingerprint]);
  });

  it.each([
    ['a short id', { [HOST]: ['AABBCCDD'] }],
    ['a host with a port', { 'git.acme.example:8443': [EVE.fingerprint] }],
    ['no key', { [HOST]: [] }],
  ])('is not %s', (_name, webFlowKeys) => {
    expect(Config.safeParse({ version: 1, commitSignatures: { webFlowKeys } }).success).toBe(false);
  });
});
