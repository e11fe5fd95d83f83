import { describe, expect, it } from 'vitest';

import {
  armor,
  commitWith,
  DAY,
  forgeKey,
  forgeSshKey,
  MADE,
  NOW,
  PAYLOAD,
  primary,
  publicKeys,
  signedBy,
  signedBySsh,
  userId,
  usualKey,
} from '../../signatures/forge.ts';
import {
  type Files,
  fixture,
  KEYRING,
  lines,
  repository,
  reviewed,
  secret,
  SOURCE,
  source,
  verify,
  ways,
  type World,
} from './reviewed.ts';

const ANN = forgeKey('ann');
const BEN = forgeKey('ben');
const EVE = forgeKey('eve');
const SSH = forgeSshKey('bot');
const PRIVATE = armor('PGP PRIVATE KEY BLOCK', usualKey(ANN));
const README = { 'README.md': 'Words.\n' };
const SQUASH = { methods: ['squash' as const] };
const WEB_FLOW = { 'github.asc': fixture('web-flow.asc') };
const ANN_KEY = { 'ann.asc': keyUntil(ANN, 300), ...WEB_FLOW };
const BEN_KEY = { 'ben.asc': keyUntil(BEN, 300), ...WEB_FLOW };

/** A key that expires so many days from now. */
function keyUntil(key: typeof ANN, days: number): string {
  const keyLifetime = Math.floor(NOW.getTime() / 1000) + days * DAY - MADE;
  return publicKeys(primary(key), userId(key, 'Ann <ann@example.org>', { keyLifetime }));
}

const SYNC = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {path: ./clusters/production, sourceRef: {kind: GitRepository, name: fleet}}
`;

const APPS = SYNC.replace('name: flux-system', 'name: apps').replace('clusters/production', 'apps');

/** What a cluster of Flux 2.8 has beside its sources. */
const FLUX_28 = `${SYNC}---
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec: {distribution: {version: 2.8.x, registry: ghcr.io/fluxcd}}
`;

/** A key with a name, that expires so many days from now, or never. */
function keyOf(key: typeof ANN, name: string, days?: number): string {
  const keyLifetime = Math.floor(NOW.getTime() / 1000) + (days ?? 0) * DAY - MADE;
  const options = days === undefined ? {} : { keyLifetime };
  return publicKeys(primary(key), userId(key, name, options));
}

describe('unverified-commit', () => {
  const OTHER = signedBy(ANN).toString('latin1').replace('something', 'otherwise');
  it.each([
    ['signed by a known key', signedBy(ANN), []],
    ['not signed', PAYLOAD, ['advice unverified-commit unsigned']],
    ['signed by a stranger', signedBy(EVE), ['advice unverified-commit unknown-key']],
    [
      'whose signature is of another commit',
      Buffer.from(OTHER, 'latin1'),
      ['risk unverified-commit bad-signature'],
    ],
    [
      'signed by SSH, where the keyring has none',
      signedBySsh(SSH),
      ['advice unverified-commit no-keys-of-this-kind'],
    ],
    [
      'signed by x509',
      commitWith('-----BEGIN SIGNED MESSAGE-----\nabc\n-----END SIGNED MESSAGE-----'),
      ['advice unverified-commit unsupported-kind'],
    ],
  ])('says of a commit %s', async (_name, commit, expected) => {
    const review = await reviewed(repository(ANN_KEY), README, {
      change: [commit],
      merging: SQUASH,
    });
    expect(lines(review)).toEqual(expected);
  });

  it('says that a long change was cut', async () => {
    const review = await reviewed(repository(ANN_KEY), README, {
      change: [signedBy(ANN)],
      cut: 'it has 1200 commits',
      merging: SQUASH,
    });
    expect(review.unknowns.map(({ reason }) => reason)).toEqual([
      'Not all commits of this change were judged: it has 1200 commits.',
    ]);
  });
});

describe('a change that switches verification on', () => {
  const TITLE = 'This switches verification on: flux-system/fleet in clusters';
  const OFF = { [SOURCE]: source('') };
  async function switchedOn(keys: Readonly<Record<string, string>>, world: World) {
    const review = await reviewed(OFF, repository(keys), world);
    const all = review.sections ?? [];
    expect(all.map(({ title }) => title)).not.toContain('Flux does not verify signatures here');
    return { review, section: all.find(({ title }) => title === TITLE) };
  }

  it('is denied where Flux will refuse its own merge', async () => {
    const merging = { methods: ['rebase' as const] };
    const { review } = await switchedOn(
      { 'ann.asc': keyUntil(ANN, 300) },
      { change: [signedBy(ANN)], merging },
    );
    expect(lines(review)).toEqual(['denied refused-merge spec.verify']);
    expect(review.findings[0]?.message).toBe(
      'This change switches verification on. However this is merged, Flux will refuse the new head of the branch for flux-system/fleet and keep the old revision: the new head is not signed.',
    );
  });

  it('passes where its merge is accepted, and tells the keys and how ready the branch is', async () => {
    const world = { change: [PAYLOAD], heads: [signedBy(ANN), PAYLOAD], merging: SQUASH };
    const { review, section } = await switchedOn(ANN_KEY, world);
    expect(lines(review)).toEqual([]);
    expect(ways(review)).toEqual(['Squash and merge: accepted']);
    const text = JSON.stringify(section);
    expect(text).toContain('Of the last 2 heads of the branch it would have accepted 1.');
    expect(text).toContain(ANN.fingerprint);
  });

  it('is unknown where its keyring cannot be read', async () => {
    const review = await reviewed(OFF, { [SOURCE]: source(verify()) }, { change: [PAYLOAD] });
    expect(lines(review)).toEqual([]);
    expect(review.unknowns.map(({ reason }) => reason)).toEqual([
      'Secret flux-system/keyring, which holds the public keys, is not in this repository: commit the public keys as files and name them under commitSignatures.keys in .github/fluxgate.yaml.',
    ]);
    expect(review.sections?.map(({ title }) => title)).toContain(TITLE);
  });
});

describe('changed-trust', () => {
  const BASE = repository(ANN_KEY);
  it.each<[string, Files, readonly string[]]>([
    ['nothing', README, []],
    ['verification off', { [SOURCE]: source('') }, ['risk changed-trust spec.verify']],
    [
      'another branch',
      { [SOURCE]: source(verify(), 'branch: other') },
      ['risk changed-trust spec.verify'],
    ],
    [
      'another address',
      { [SOURCE]: source(verify()).replace('acme', 'evil') },
      ['risk changed-trust spec.verify'],
    ],
    [
      'a new key',
      { [KEYRING]: secret({ ...ANN_KEY, ...BEN_KEY }) },
      [`advice changed-trust keys[${BEN.fingerprint}]`],
    ],
    [
      'another Secret',
      {
        [SOURCE]: source(verify('HEAD', 'other')),
        'clusters/production/other.yaml': secret(ANN_KEY, 'other'),
      },
      ['risk changed-trust spec.verify.secretRef.name'],
    ],
  ])('is told of %s', async (_name, after, expected) => {
    const review = await reviewed(BASE, after, { change: [signedBy(ANN)], merging: SQUASH });
    expect(lines(review)).toEqual(expected);
  });

  it.each<[string, string, string, string[]]>([
    [
      'a key list',
      'keys: [keys/*.asc]',
      'keys: [keys/*.asc, mine/*.asc]',
      ['commitSignatures.keys'],
    ],
    [
      "GitHub's key",
      'webFlowKey: never',
      'webFlowKey: trusted-if-listed',
      ['commitSignatures.webFlowKey'],
    ],
    ['nothing of that', 'failOn: risk', 'failOn: denied', []],
    ['a broken file', 'keys: [a]', 'keys: [', ['commitSignatures.keys']],
  ])('is told of our own settings: %s', async (_name, before, after, expected) => {
    const path = '.github/fluxgate.yaml';
    const config = (text: string) => `version: 1\ncommitSignatures:\n  ${text}\n`;
    const review = await reviewed({ ...BASE, [path]: config(before) }, { [path]: config(after) });
    expect(lines(review)).toEqual(expected.map((setting) => `advice changed-trust ${setting}`));
    const titles = review.sections?.map(({ title }) => title) ?? [];
    expect(titles.includes('This changes whom Fluxgate trusts')).toBe(expected.length > 0);
  });

  it('is told of a keyring made anew, with what comes and what goes', async () => {
    const review = await reviewed(BASE, { [KEYRING]: secret({ 'ben.asc': keyUntil(BEN, 300) }) });
    expect(lines(review)).toEqual([
      'risk changed-trust keys',
      `advice changed-trust keys[${BEN.fingerprint}]`,
    ]);
    const [section] = (review.sections ?? []).filter(({ title }) => title.includes('Flux trusts'));
    const table = section?.blocks.find((block) => block.kind === 'table');
    const rows = table?.rows.map((row) => row.map(({ text }) => text).join(' | ')) ?? [];
    expect(rows.slice(0, 2)).toEqual([
      `added | ${BEN.fingerprint} | Ann <ann@example.org> | 2027-09-17 | ben.asc | `,
      `taken out | ${ANN.fingerprint} | Ann <ann@example.org> | 2027-09-17 | ann.asc | none`,
    ]);
  });

  it.each([
    ['', 'b'],
    [', with a number beyond those of JSON', '9007199254740993'],
  ])('does not know what an encrypted keyring becomes%s', async (_, mac) => {
    const hidden = (text: string) =>
      secret({ 'a.asc': 'x' }).replace('\ndata:', `\nsops: {mac: ${text}}\ndata:`);
    const files = { [SOURCE]: source(verify()), [KEYRING]: hidden('a') };
    const { unknowns } = await reviewed(files, { [KEYRING]: hidden(mac) });
    expect(unknowns.map(({ reason }) => reason)).toContain(
      'Secret keyring, which holds the public keys, changes and cannot be read here: which keys come and go is not known.',
    );
  });

  it('takes no source for gone whose unit Flux refuses', async () => {
    const broken = { 'clusters/production/broken.yaml': 'kind: [' };
    expect(lines(await reviewed(BASE, broken)).join()).not.toContain('changed-trust');
    const review = await reviewed(BASE, { [SOURCE]: source(verify(), 'branch: dev') });
    expect(lines(review).join()).toContain('changed-trust');
  });

  it.each([
    [
      'a source beside it',
      { 'clusters/production/twin.yaml': source('').replace('name: fleet', 'name: twin') },
      ['risk changed-trust spec'],
    ],
    [
      'a source beside it that verifies',
      { 'clusters/production/twin.yaml': source(verify()).replace('name: fleet', 'name: twin') },
      [],
    ],
    [
      'a Kustomization that moves to such a source',
      { 'clusters/production/apps.yaml': APPS.replace('name: fleet', 'name: other') },
      ['risk changed-trust spec.sourceRef'],
    ],
    [
      'one that moves to signed artifacts',
      {
        'clusters/production/apps.yaml': APPS.replace(
          'GitRepository, name: fleet',
          'OCIRepository, name: signed',
        ),
      },
      [],
    ],
  ])('is told of what goes around verification: %s', async (_, after, expected) => {
    const base = {
      ...BASE,
      'clusters/production/apps.yaml': APPS,
      'clusters/production/other.yaml': source('').replace('name: fleet', 'name: other'),
      'clusters/production/oci.yaml':
        'apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: signed, namespace: flux-system}\nspec: {url: oci://ghcr.io/acme/fleet, verify: {provider: cosign}}\n',
    };
    const found = lines(await reviewed(base, after));
    expect(found.filter((line) => line.includes('changed-trust'))).toEqual(expected);
  });

  it('is told of a mode that verifies less', async () => {
    const tagged = source(verify('TagAndHEAD'), 'tag: v1');
    const review = await reviewed(
      { ...BASE, [SOURCE]: tagged },
      { [SOURCE]: tagged.replace('TagAndHEAD', 'HEAD') },
    );
    expect(lines(review)).toContain('risk changed-trust spec.verify.mode');
  });
});

describe('evicted-key', () => {
  const BOTH = repository({ ...ANN_KEY, ...BEN_KEY });
  it.each([
    ['a key that signs every head', [signedBy(ANN)], ['denied evicted-key spec.verify.secretRef']],
    [
      'a key that signs an older head',
      [signedBy(BEN), signedBy(ANN)],
      ['risk evicted-key spec.verify.secretRef'],
    ],
    [
      'a key that signs the newest head',
      [signedBy(ANN), signedBy(BEN)],
      ['denied evicted-key spec.verify.secretRef'],
    ],
    ['a key that signs nothing', [signedBy(BEN)], []],
    ['a key where nothing was signed', [PAYLOAD], []],
  ])('is told of %s', async (_name, heads, expected) => {
    const review = await reviewed(BOTH, { [KEYRING]: secret(BEN_KEY) }, { heads });
    expect(lines(review).filter((line) => line.includes('evicted'))).toEqual(expected);
    const area = review.verdicts.find(({ area }) => area === 'commit-signatures');
    if (expected.length > 0) expect(area?.conclusion).toBe('failure');
  });
});

describe('unusable-key', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['a good key', ANN_KEY, []],
    [
      'a second armor block',
      { 'team.asc': `${keyUntil(ANN, 300)}\n${keyUntil(BEN, 300)}` },
      ['risk unusable-key keys[team.asc].blocks'],
    ],
    [
      'a key without expiry',
      { 'ann.asc': publicKeys(usualKey(ANN)) },
      [`advice unusable-key keys[ann.asc].${ANN.fingerprint}`],
    ],
    [
      'a key that expires soon',
      { 'ann.asc': keyUntil(ANN, 59) },
      [`risk unusable-key keys[ann.asc].${ANN.fingerprint}`],
    ],
    ['a key that expires later', { 'ann.asc': keyUntil(ANN, 61) }, []],
    [
      'an expired key',
      { 'ann.asc': keyUntil(ANN, -1) },
      [`risk unusable-key keys[ann.asc].${ANN.fingerprint}`],
    ],
    [
      'one bad line beside a good one',
      { 'bot.sshpub': `${SSH.line}\nssh-ed25519 garbage\n` },
      ['risk unusable-key keys[bot.sshpub].error'],
    ],
    ['garbage', { 'ann.asc': 'no key at all' }, ['risk unusable-key keys[ann.asc].error']],
    [
      "a bot's key without expiry",
      { 'robot.asc': keyOf(ANN, 'Image Bot <images@example.org>') },
      [`risk unusable-key keys[robot.asc].${ANN.fingerprint}`],
    ],
    [
      "a bot's key for two years",
      { 'robot.asc': keyOf(ANN, 'fleet[bot] <x@example.org>', 730) },
      [`risk unusable-key keys[robot.asc].${ANN.fingerprint}`],
    ],
    ["a bot's key for a year", { 'robot.asc': keyOf(ANN, 'Image Bot <x@example.org>', 366) }, []],
    ["a person's key for ten years", { 'ann.asc': keyOf(ANN, 'Ann <a@example.org>', 3650) }, []],
    ['a person called Abbot', { 'ann.asc': keyOf(ANN, 'Abbot <a@example.org>', 3650) }, []],
    [
      "a bot's SSH key",
      { 'bot.sshpub': `${SSH.line} \n` },
      [expect.stringContaining('advice unusable-key keys[bot.sshpub].SHA256:') as string],
    ],
  ])('is told of %s', async (_name, keys, expected) => {
    const review = await reviewed(repository(keys), README);
    expect(lines(review)).toEqual(expected);
  });

  it.each([
    ['PGP and SSH keys with Flux 2.8', { ...ANN_KEY, 'ops.sshpub': `${SSH.line}\n` }, true],
    ['PGP keys with Flux 2.8', ANN_KEY, false],
  ])('is told of %s', async (_name, keys, expected) => {
    const files = { ...repository(keys), 'clusters/production/flux.yaml': FLUX_28 };
    const review = await reviewed(files, README);
    const messages = review.findings.map(({ message }) => message);
    expect(messages).toEqual(
      expected
        ? [
            'Flux 2.8 reads entry ops.sshpub as a PGP keyring, and one such entry can fail all the others by chance: SSH keys need Flux 2.9.',
          ]
        : [],
    );
  });

  it.each([
    ["a bot's key with which nobody signs", [signedBy(ANN)], true],
    ["a bot's key that signed a head", [signedBy(ANN), signedBy(BEN)], false],
    ["a bot's key, where no head is known", [], false],
  ])('is told of %s', async (_name, heads, expected) => {
    const keys = { ...ANN_KEY, 'robot.asc': keyOf(BEN, 'Image Bot <x@example.org>', 300) };
    const review = await reviewed(repository(keys), README, { heads });
    const unused = `advice unusable-key keys[robot.asc].${BEN.fingerprint}.unused`;
    expect(lines(review)).toEqual(expected ? [unused] : []);
  });

  it('denies a private key and never quotes it', async () => {
    const review = await reviewed(
      { [SOURCE]: source(verify()) },
      {
        [KEYRING]: secret({ 'ann.asc': PRIVATE }),
      },
    );
    expect(lines(review)).toContain('denied unusable-key keys[ann.asc].private');
    const text = JSON.stringify(review);
    const [, , body = ''] = PRIVATE.split('\n');
    expect(text).not.toContain(body);
    expect(text).not.toContain(Buffer.from(PRIVATE).toString('base64').slice(40, 80));
  });
});

/** A FluxInstance whose sync verifies. */
function instance(name: string, ref: string): string {
  return `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.9.x, registry: ghcr.io/fluxcd}
  sync: {name: ${name}, kind: GitRepository, url: 'https://github.com/acme/fleet', ref: ${ref}, path: clusters/production}
  kustomize:
    patches:
      - target: {kind: GitRepository}
        patch: "[{op: add, path: /spec/verify, value: {mode: HEAD, secretRef: {name: keyring}}}]"
`;
}

describe('unsigned-automation', () => {
  const BOT = 'clusters/production/bot.yaml';
  const KEY = '      signingKey: {secretRef: {name: bot}}\n';
  const SSH_KEY = '      signingKey: {type: ssh, secretRef: {name: bot}}\n';
  function automation(more = '', push = ''): string {
    return `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata: {name: images, namespace: flux-system}
spec:
  sourceRef: {kind: GitRepository, name: fleet}
  git:
    checkout: {ref: {branch: main}}
${push}    commit:
      author: {email: bot@example.org}
${more}`;
  }
  const BOT_SECRET = 'clusters/production/bot-secret.yaml';
  const DENIED = ['denied unsigned-automation spec.git.commit.signingKey'];
  it.each<[string, Files, readonly string[]]>([
    ['no key', { [BOT]: automation() }, DENIED],
    ['a side branch', { [BOT]: automation('', '    push: {branch: images}\n') }, []],
    [
      'the same branch named again',
      { [BOT]: automation('', '    push: {branch: main}\n') },
      DENIED,
    ],
    ['a key without a Secret', { [BOT]: automation('      signingKey: {}\n') }, DENIED],
    [
      'a Secret with git.asc',
      { [BOT]: automation(KEY), [BOT_SECRET]: secret({ 'git.asc': 'ENC[x]' }, 'bot') },
      [],
    ],
    [
      'a Secret with identity, where the key is said to be PGP',
      { [BOT]: automation(KEY), [BOT_SECRET]: secret({ identity: 'ENC[x]' }, 'bot') },
      DENIED,
    ],
    [
      'an SSH key, where the keyring has none',
      { [BOT]: automation(SSH_KEY), [BOT_SECRET]: secret({ identity: 'ENC[x]' }, 'bot') },
      DENIED,
    ],
    [
      'an SSH key, where the keyring has one',
      {
        [BOT]: automation(SSH_KEY),
        [BOT_SECRET]: secret({ identity: 'ENC[x]' }, 'bot'),
        [KEYRING]: secret({ 'team.sshpub': `${SSH.line}\n` }),
      },
      [],
    ],
    [
      'an SSH key for Flux 2.8',
      {
        [BOT]: automation(SSH_KEY),
        [BOT_SECRET]: secret({ identity: 'ENC[x]' }, 'bot'),
        [KEYRING]: secret({ 'team.sshpub': `${SSH.line}\n` }),
        'clusters/production/flux.yaml': FLUX_28,
      },
      DENIED,
    ],
    [
      'a source that verifies nothing, beside one of the branch that does',
      {
        [BOT]: automation().replace('name: fleet', 'name: plain'),
        'clusters/production/plain.yaml': source('')
          .replace('name: fleet', 'name: plain')
          .replace('https://github.com/', 'ssh://git@github.com/'),
      },
      DENIED,
    ],
    [
      'a source of another repository, beside one that verifies',
      {
        [BOT]: automation().replace('name: fleet', 'name: plain'),
        'clusters/production/plain.yaml': source('')
          .replace('name: fleet', 'name: plain')
          .replace('acme/fleet', 'acme/other'),
      },
      [],
    ],
    [
      'a Secret in another namespace',
      {
        [BOT]: automation(KEY),
        [BOT_SECRET]: secret({ 'git.asc': 'ENC[x]' }, 'bot').replace('flux-system', 'images'),
      },
      DENIED,
    ],
    [
      'a Secret with another entry',
      { [BOT]: automation(KEY), [BOT_SECRET]: secret({ 'key.asc': 'ENC[x]' }, 'bot') },
      DENIED,
    ],
    ['a source that verifies nothing', { [BOT]: automation(), [SOURCE]: source('') }, []],
    [
      'the source that a FluxInstance syncs from',
      { [BOT]: automation(), [SOURCE]: instance('fleet', 'refs/heads/main') },
      DENIED,
    ],
    [
      'a FluxInstance whose sync has the name of its namespace',
      {
        [BOT]: automation().replace('name: fleet', 'name: flux-system'),
        [SOURCE]: instance('flux-system', 'refs/heads/main').replace(
          'name: flux-system, kind',
          'kind',
        ),
      },
      DENIED,
    ],
    [
      'a FluxInstance, with a key of a kind that the keyring holds',
      {
        [BOT]: automation(KEY),
        [BOT_SECRET]: secret({ 'git.asc': 'ENC[x]' }, 'bot'),
        [SOURCE]: instance('fleet', 'refs/heads/main'),
      },
      [],
    ],
    [
      'a FluxInstance, with a key of a kind that the keyring does not hold',
      {
        [BOT]: automation(SSH_KEY),
        [BOT_SECRET]: secret({ identity: 'ENC[x]' }, 'bot'),
        [SOURCE]: instance('fleet', 'refs/heads/main'),
      },
      DENIED,
    ],
    [
      'a FluxInstance whose sync bears another name',
      { [BOT]: automation(), [SOURCE]: instance('other', 'refs/heads/main') },
      [],
    ],
    [
      'a FluxInstance that follows another branch',
      { [BOT]: automation(), [SOURCE]: instance('fleet', 'refs/heads/staging') },
      [],
    ],
    [
      'a source that names its branch as a reference',
      { [BOT]: automation(), [SOURCE]: source(verify(), 'name: refs/heads/main') },
      DENIED,
    ],
    [
      'a source that follows a tag',
      {
        [BOT]: automation().replace('    checkout: {ref: {branch: main}}\n', ''),
        [SOURCE]: source(verify(), 'tag: v1'),
      },
      [],
    ],
  ])('judges %s', async (_name, files, expected) => {
    const review = await reviewed(README, { ...repository(ANN_KEY), ...files });
    expect(lines(review).filter((line) => line.includes('automation'))).toEqual(expected);
  });

  it.each([
    [
      'in plain text',
      secret({ 'git.asc': PRIVATE }, 'bot'),
      ['denied unusable-key git.asc.private'],
    ],
    [
      'that SOPS left in plain text',
      secret({ 'git.asc': PRIVATE }, 'bot').replace('\ndata:', '\nsops: {mac: a}\ndata:'),
      ['denied private-key line 6'],
    ],
    [
      'encrypted',
      secret({ 'git.asc': 'x' }, 'bot')
        .replace(/git\.asc: .*/, 'git.asc: ENC[AES256_GCM,data:eA==,type:str]')
        .replace('\ndata:', '\nsops: {mac: a}\ndata:'),
      [],
    ],
    ['that is none', secret({ 'git.asc': 'ENC[x]' }, 'bot'), []],
  ])('denies a signing key %s, and never quotes it', async (_name, bot, expected) => {
    const files = { [BOT]: automation(KEY), [BOT_SECRET]: bot };
    const review = await reviewed(repository(ANN_KEY), files);
    expect(lines(review)).toEqual(expected);
    expect(review.findings.map(({ primary }) => primary.path)).toEqual(
      expected.map(() => BOT_SECRET),
    );
    expect(JSON.stringify(review)).not.toContain(PRIVATE.split('\n')[2]);
    expect(JSON.stringify(review)).not.toContain(
      Buffer.from(PRIVATE).toString('base64').slice(40, 80),
    );
  });

  it('denies an open signing key also where no source verifies', async () => {
    const files = { [BOT]: automation(KEY), [BOT_SECRET]: secret({ 'git.asc': PRIVATE }, 'bot') };
    const review = await reviewed({ [SOURCE]: source('') }, files);
    expect(lines(review)).toEqual(['denied unusable-key git.asc.private']);
  });

  it('looks at what the automation signed last', async () => {
    const files = { [BOT]: automation(KEY), [BOT_SECRET]: secret({ 'git.asc': 'ENC[x]' }, 'bot') };
    const heads = [signedBy(EVE)];
    const author = /^author .*<(.*)>/m.exec(PAYLOAD.toString())?.[1] ?? '';
    const bot = files[BOT].replace('bot@example.org', author);
    const all = { ...repository(ANN_KEY), ...files, [BOT]: bot };
    const review = await reviewed(repository(ANN_KEY), all, { heads });
    expect(review.findings.map(({ message }) => message).join('\n')).toContain(
      'with a key that is not in the keyring, but GitRepository fleet verifies the branch',
    );
  });

  it('is told to be fine where it pushes to a side branch', async () => {
    const files = {
      ...repository({ ...ANN_KEY }),
      [BOT]: automation('', '    push: {branch: images}\n'),
    };
    const { sections } = await reviewed(files, README, { change: [PAYLOAD], merging: SQUASH });
    expect(JSON.stringify(sections)).toContain(
      'The automation flux-system/images does not sign, and pushes to the side branch images. That is fine: a pull request from there, merged by Squash and merge, gives a head that Flux accepts.',
    );
  });

  it('does not know what an absent Secret holds', async () => {
    const review = await reviewed(README, { ...repository(ANN_KEY), [BOT]: automation(KEY) });
    expect(review.unknowns.map(({ reason }) => reason)).toContain(
      'The Secret that ImageUpdateAutomation flux-system/images signs with is not in this repository: whether it holds git.asc or identity cannot be told.',
    );
  });
});

it("finds fault with GitHub's key where the configuration says never", async () => {
  const settings = { webFlowKey: 'never' };
  const review = await reviewed(repository(WEB_FLOW), README, { settings });
  expect(lines(review)).toEqual([
    'risk unusable-key keys[github.asc].968479A1AFF927E37D1A566BB5690EEEBB952194',
  ]);
});

describe('a source that verifies tags and follows a branch', () => {
  const HEAD = { ...repository(ANN_KEY) };
  const at = (mode: string, ref?: string) => ({ [SOURCE]: source(verify(mode), ref) });
  const DENIED = 'denied refused-merge spec.verify.mode';
  it.each([
    ['is told where the change sets the mode', HEAD, at('Tag'), true],
    ['also where it asks for both', HEAD, at('TagAndHEAD'), true],
    [
      'also where the change makes it follow',
      { ...HEAD, ...at('Tag', 'tag: v1') },
      at('Tag'),
      true,
    ],
    ['as it was before', { ...HEAD, ...at('TagAndHEAD') }, README, true],
    ['not where it follows a tag', HEAD, at('Tag', 'tag: v1'), false],
    ['not where the mode is HEAD', HEAD, README, false],
  ])('%s', async (_, before, after, isTold) => {
    const review = await reviewed(before, after, { change: [signedBy(ANN)] });
    expect(lines(review).filter((line) => line === DENIED)).toEqual(isTold ? [DENIED] : []);
  });

  it('is told of a change that also switches verification on', async () => {
    const review = await reviewed({ ...HEAD, [SOURCE]: source('') }, at('Tag'), {
      change: [signedBy(ANN)],
    });
    expect(lines(review).filter((line) => line === DENIED)).toEqual([DENIED]);
  });
});

it.each(['tag: v1', 'semver: ">=1"'])('says what is decided after the merge: %s', async (ref) => {
  const files = { ...repository(ANN_KEY), [SOURCE]: source(verify('Tag'), ref) };
  const { sections = [] } = await reviewed(files, README, { change: [PAYLOAD] });
  expect(sections.map(({ title }) => title)).toContain(
    'Not decided by this merge: flux-system/fleet in clusters',
  );
});

it.each([
  [{}, '1 were not signed, 1 were signed by GitHub, and 2 by other keys.'],
  [
    { keys: ['keys/*.asc'] },
    '1 were not signed, 1 were signed by GitHub, 1 by keys that commitSignatures.keys names, and 1 by other keys.',
  ],
])('tells once how ready the branch is, with %j', async (settings, words) => {
  const github = Buffer.from(fixture('github-merge.txt'));
  const files = { [SOURCE]: source(''), 'keys/ann.asc': keyUntil(ANN, 300) };
  const { sections = [], findings } = await reviewed(files, README, {
    heads: [PAYLOAD, github, signedBy(ANN), signedBy(EVE)],
    settings,
  });
  expect(JSON.stringify(sections)).toContain(`Of the last 4 heads of the branch ${words}`);
  expect(findings).toEqual([]);
});

it.each([
  [
    'generated from a key file',
    'secretGenerator:\n  - name: keyring\n    namespace: flux-system\n    files: [ann.asc]\n',
  ],
  [
    'generated, with another name for the entry',
    'secretGenerator:\n  - name: keyring\n    namespace: flux-system\n    files: [team.asc=ann.asc]\n',
  ],
])('reads a keyring that is %s', async (_name, generator) => {
  const files = {
    [SOURCE]: source(verify()),
    'clusters/production/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [source.yaml, sync.yaml]
${generator}`,
    'clusters/production/sync.yaml': SYNC,
    'clusters/production/ann.asc': keyUntil(ANN, 300),
  };
  const review = await reviewed(files, README, { change: [signedBy(ANN)], merging: SQUASH });
  expect(JSON.stringify(review.sections)).toContain(`accepted, key ${ANN.id}`);
});
