import { describe, expect, it } from 'vitest';

import { type ChangeOrigin, type Facts, NO_FACTS } from '../../../src/model/evidence.ts';
import { verifyingPolicy } from '../../../src/rules/image-policy/signed-example.ts';
import {
  automation,
  AUTOMATION_ORIGIN,
  markedDeployment,
} from '../../../src/rules/image-policy/updates/examples.ts';
import { line, reviewed } from './reviewed.ts';

const AUTOMATION = { 'clusters/production/automation.yaml': automation() };
const WEB = 'clusters/production/web.yaml';
const BEFORE = { ...AUTOMATION, [WEB]: markedDeployment('1.4.2') };

/** Those that compare what a change does. */
const ABOUT = /tampered-update|disallowed-version|large-step|-repository/;

function judged(
  after: Readonly<Record<string, string>>,
  facts: Facts = AUTOMATION_ORIGIN,
  before: Readonly<Record<string, string>> = BEFORE,
) {
  const review = reviewed(after, { before, facts });
  return review.findings.filter(({ rule }) => ABOUT.test(rule));
}

function from(origin: Partial<ChangeOrigin>): Facts {
  return { ...NO_FACTS, origin: { state: 'known', value: { commits: [], ...origin } } };
}

function by(name: string, email: string, message = 'chore: update images') {
  return { id: 'ab'.repeat(20), author: { name, email }, message };
}

describe('an update by image automation', () => {
  it('passes with nothing but marked values', () => {
    const review = reviewed(
      { ...BEFORE, [WEB]: markedDeployment('1.4.3') },
      { before: BEFORE, facts: AUTOMATION_ORIGIN },
    );
    expect(review.findings.filter(({ change }) => change === 'introduced').map(line)).toEqual([
      'advice uncovered-image clusters/production/web.yaml:18',
    ]);
    expect(review.verdicts.find(({ area }) => area === 'image-policy')?.conclusion).toBe('success');
  });

  it.each([
    ['another field', (text: string) => text.replace('replicas: 1', 'replicas: 3'), 7],
    [
      'a new line',
      (text: string) =>
        text.replace('      containers:', '      hostNetwork: true\n      containers:'),
      16,
    ],
    ['a line taken away', (text: string) => text.replace('  replicas: 1\n', ''), 6],
    ['a changed marker', (text: string) => text.replace(':podinfo"', ':other"'), 18],
    ['a key that moves', (text: string) => text.replace('image: ', 'imagE: '), 18],
    ['text behind the value', (text: string) => text.replace('1.4.3 #', '1.4.3 evil #'), 18],
    ['another comment', (text: string) => text.replace('kind: D', '# see\nkind: D'), 2],
  ])('is tampered with by %s', (_, tamper, at) => {
    const after = { ...BEFORE, [WEB]: tamper(markedDeployment('1.4.3')) };
    expect(judged(after).map(line)).toContain(`risk tampered-update ${WEB}:${at}`);
  });

  it('fails the check, and says which line', () => {
    const after = {
      ...BEFORE,
      [WEB]: markedDeployment('1.4.3').replace('replicas: 1', 'replicas: 0'),
      'clusters/production/more.yaml': 'a: 1\n',
      'README.md': 'hello\n',
    };
    const review = reviewed(after, { before: BEFORE, facts: AUTOMATION_ORIGIN });
    expect(
      review.findings
        .filter(({ rule }) => rule === 'image-policy/tampered-update')
        .map(({ message }) => message),
    ).toEqual([
      'This is an update by ImageUpdateAutomation "web", which also has file README.md, that is new: that is no update of an image.',
      'This is an update by ImageUpdateAutomation "web", which also has file clusters/production/more.yaml, that is new: that is no update of an image.',
      'This is an update by ImageUpdateAutomation "web", which changes the line "replicas: 1" to "replicas: 0": that is no update of an image.',
    ]);
    expect(review.verdicts.find(({ area }) => area === 'image-policy')?.conclusion).toBe('failure');
  });

  it('tells lines without a marker, and commits of somebody else', () => {
    const plain = 'kind: X\nspec:\n  version: 1.2.3\n';
    const before = { ...BEFORE, 'apps/x.yaml': plain };
    const after = { ...before, 'apps/x.yaml': plain.replace('1.2.3', '1.2.4') };
    const origin = from({
      branch: 'image-updates',
      commits: [by('Eve', 'eve@evil.example'), by('bot', 'FluxCDBot@acme.example')],
    });
    expect(judged(after, origin, before).map(({ message }) => message)).toEqual([
      'This is an update by ImageUpdateAutomation "web", which changes "1.2.3" to "1.2.4": the line has no marker.',
      'Commit ababababab by Eve <eve@evil.example> is on the branch of ImageUpdateAutomation "web", and has not its author and message.',
    ]);
  });

  it.each<[string, Partial<ChangeOrigin>, boolean]>([
    ['its branch', { branch: 'image-updates' }, true],
    ['author and message', { commits: [by('x', 'fluxcdbot@acme.example')] }, true],
    [
      'its author with another message',
      { commits: [by('x', 'fluxcdbot@acme.example', 'hi')] },
      false,
    ],
    ['another branch', { branch: 'image-updates-2' }, false],
    ['the branch that it reads', { branch: 'main' }, false],
    ['Renovate’s login', { opener: 'renovate[bot]' }, true],
    ['Renovate’s branch', { branch: 'renovate/podinfo-6.x' }, true],
    ['Dependabot', { opener: 'dependabot[bot]' }, true],
    ['an app of its own', { opener: 'acme-renovate[bot]' }, true],
    ['somebody whose name holds it', { opener: 'renovated' }, false],
  ])('is recognised by %s', (_, origin, expected) => {
    const after = { ...BEFORE, [WEB]: BEFORE[WEB].replace('replicas: 1', 'replicas: 2') };
    const found = judged(after, from(origin)).map(({ rule }) => rule);
    expect(found.includes('image-policy/tampered-update')).toBe(expected);
  });

  it('takes the automation from the base branch', () => {
    const evil = automation().replace('branch: image-updates', 'branch: other');
    const after = {
      [WEB]: BEFORE[WEB].replace('replicas: 1', 'replicas: 2'),
      'clusters/production/automation.yaml': evil,
    };
    expect(judged(after).map(line)).toEqual([
      'risk tampered-update clusters/production/automation.yaml:29',
      `risk tampered-update ${WEB}:7`,
    ]);
  });

  it('says unknown where nobody tells who proposes it', () => {
    const after = {
      ...BEFORE,
      [WEB]: markedDeployment('1.4.3').replace('replicas: 1', 'replicas: 2'),
    };
    const { unknowns } = reviewed(after, { before: BEFORE });
    expect(unknowns.map(({ reason }) => reason)).toContain(
      'Whether this is an update by image automation is not known, as nobody told who proposes it: what else it changes was not judged as such.',
    );
  });

  it('tells no more lines than a person reads', () => {
    const many = Array.from({ length: 500 }, (_, at) => `k${at}: v`).join('\n');
    const found = judged({ ...BEFORE, [WEB]: `${BEFORE[WEB]}---\n${many}\n` });
    expect(found).toHaveLength(41);
    expect(found.at(-1)?.message).toBe(
      'This is an update by ImageUpdateAutomation "web", and 461 more lines of it are no update.',
    );
  });
});

describe('an update by another bot', () => {
  const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
spec:
  chart:
    spec:
      chart: podinfo
      version: 15.2.0
  values:
    replicas: 1
    address: 10.0.0.1
    image:
      repository: ghcr.io/acme/web
      tag: v1.2.3@sha256:${'a'.repeat(64)} # v1.2.3
    url: https://example.com/releases/v1.2.3/x.tgz
    host: https://1.2.3/a
`;
  const PATH = 'apps/release.yaml';
  const BOT = from({ opener: 'renovate[bot]' });

  it.each<[string, string, string[]]>([
    ['version: 15.2.0', 'version: 15.2.1', []],
    ['version: 15.2.0', 'version: 16.0.0', ['advice large-step apps/release.yaml:9']],
    ['version: 15.2.0', 'version: 15.1.0', ['risk large-step apps/release.yaml:9']],
    ['v1.2.3@sha256:a', 'v1.2.4@sha256:b', []],
    ['# v1.2.3', '# v1.2.4', []],
    ['# v1.2.3', '# hello', ['risk tampered-update apps/release.yaml:15']],
    ['releases/v1.2.3/', 'releases/v1.2.4/', []],
    ['replicas: 1', 'replicas: 2', ['risk tampered-update apps/release.yaml:11']],
    ['10.0.0.1', '10.0.0.2', ['risk tampered-update apps/release.yaml:12']],
    ['https://1.2.3/a', 'https://6.6.6/a', ['risk tampered-update apps/release.yaml:17']],
    ['example.com', 'example.org', ['risk tampered-update apps/release.yaml:16']],
    [
      'helm.toolkit.fluxcd.io/v2',
      'helm.toolkit.fluxcd.io/v1',
      ['risk tampered-update apps/release.yaml:1'],
    ],
    [`@sha256:${'a'.repeat(64)}`, '', ['risk large-step apps/release.yaml:15']],
    ['version: 15.2.0', 'version: $(id)', ['risk tampered-update apps/release.yaml:9']],
  ])('judges %s to %s', (old, now, expected) => {
    const after = { [PATH]: RELEASE.replace(old, now) };
    expect(judged(after, BOT, { [PATH]: RELEASE }).map(line)).toEqual(expected);
  });

  it.each([
    ['- uses: actions/checkout@v4', '- uses: actions/checkout@v5', ['advice large-step a.yaml:1']],
    [`- uses: a/b@${'a'.repeat(40)} # v4.1.0`, `- uses: a/b@${'b'.repeat(40)} # v4.2.0`, []],
    ['value: 1.2.3', 'value: 1.2.4', []],
    ['value: 1.2.3.4', 'value: 1.2.3.5', ['risk tampered-update a.yaml:1']],
    ['- uses: a/b@v4', '- uses: x/b@v5', ['risk tampered-update a.yaml:1']],
    ['run: make', 'run: make evil', ['risk tampered-update a.yaml:1']],
  ])('judges the line %s', (old, now, expected) => {
    const found = judged({ 'a.yaml': `${now}\n` }, BOT, { 'a.yaml': `${old}\n` });
    expect(found.map(line)).toEqual(expected);
  });

  it('leaves the steps of actions in workflows alone, and nothing else of them', () => {
    const PATH = '.github/workflows/e2e.yaml';
    const of = (text: string) =>
      judged({ [PATH]: text }, BOT, { [PATH]: '- uses: actions/checkout@v4\n' }).map(line);
    expect(of('- uses: actions/checkout@v5\n')).toEqual([]);
    expect(of('- uses: evil/checkout@v5\n')).toEqual([`risk tampered-update ${PATH}:1`]);
  });

  it.each([
    ['1.x', '>= 1.8.0-rc.0', ['risk large-step a.yaml:1']],
    ['1.2.x', '1.x', ['advice large-step a.yaml:1']],
    ['>=1.0.0 <2.0.0', '>=1.1.0 <2.0.0', []],
    ['1.x', '1.2.x', []],
  ])('tells a range in a file of no cluster: %s to %s', (old, now, expected) => {
    const found = judged({ 'a.yaml': `semver: "${now}"\n` }, BOT, {
      'a.yaml': `semver: "${old}"\n`,
    });
    expect(found.map(line)).toEqual(expected);
  });

  it('leaves files alone that no cluster reads', () => {
    const files = { [PATH]: RELEASE, 'package.json': '{}' };
    const after = { ...files, 'package.json': '{"a":1}', 'go.sum': 'x' };
    expect(judged(after, BOT, files)).toEqual([]);
  });
});

describe('the policy that governs a line', () => {
  const numerical = (text: string) =>
    text.replace(
      / {2}policy:\n.*\n.*\n/,
      () =>
        "  filterTags:\n    pattern: '^main-[a-f0-9]+-(?P<ts>[0-9]+)$'\n    extract: '$ts'\n  policy:\n    numerical:\n      order: asc\n",
    );

  it.each<[string, string, (text: string) => string, string | undefined]>([
    ['1.4.2', '1.4.9', (text) => text, undefined],
    ['1.4.2', '1.5.0', (text) => text, 'has the range ">=1.4.0 <1.5.0"'],
    ['1.4.2', '1.4.3-rc.1', (text) => text, 'has the range ">=1.4.0 <1.5.0"'],
    ['1.4.2', 'main', (text) => text, 'takes versions, and "main" is none'],
    ['1.4.2', '18446744073709551616.0.0', (text) => text, 'takes versions'],
    ['main-ab-1', 'main-cd-2', numerical, undefined],
    ['main-ab-1', 'pr-cd-2', numerical, 'takes only tags that match "^main-'],
  ])('from %s to %s', (old, now, change, expected) => {
    const policy = { 'clusters/production/automation.yaml': change(automation()) };
    const found = judged({ ...policy, [WEB]: markedDeployment(now) }, from({}), {
      ...policy,
      [WEB]: markedDeployment(old),
    }).filter(({ rule }) => rule === 'image-policy/disallowed-version');
    expect(found.map(({ message }) => message)).toEqual(
      expected === undefined ? [] : [expect.stringContaining(expected)],
    );
  });

  it('asks for the image of its repository', () => {
    const after = { ...AUTOMATION, [WEB]: markedDeployment('1.4.3', 'ghcr.io/acrne/web') };
    expect(judged(after).map(line)).toEqual([
      `risk disallowed-version ${WEB}:18`,
      `risk look-alike-repository ${WEB}:18`,
    ]);
  });

  it('does not take a policy that the change brings', () => {
    const policy = { 'clusters/production/automation.yaml': automation('>=1.0.0 <3.0.0') };
    const after = { ...policy, [WEB]: markedDeployment('2.0.0') };
    expect(judged(after, from({})).map(line)).toContain(`risk disallowed-version ${WEB}:18`);
  });
});

describe('image repositories', () => {
  const image = (name: string) => `kind: Pod\nspec:\n  containers:\n    - image: ${name}:1.0.0\n`;
  const known = {
    'apps/a.yaml': image('ghcr.io/stefanprodan/podinfo'),
    'apps/b.yaml': image('nginx'),
    'apps/c.yaml': image('ghcr.io/acme/app-1'),
  };

  it.each([
    ['ghcr.io/stefanprodan/podinfo', undefined],
    ['docker.io/library/nginx', undefined],
    ['quay.io/other/thing', 'advice new-repository'],
    ['ghcr.io/acme/app-2', 'advice new-repository'],
    ['ghcr.io/acme/api', 'advice new-repository'],
    ['ghcr.io/stefanprodan/podinf0', 'risk look-alike-repository'],
    ['ghcr.io/stefanprodam/podinfo', 'risk look-alike-repository'],
    ['ghcr.io/stefanpordan/podinfo', 'risk look-alike-repository'],
    ['quay.io/stefanprodan/podinfo', 'risk look-alike-repository'],
    ['ghcr.io/stefan-prodan/podinfo', 'risk look-alike-repository'],
    ['ghcr.io/stefanprodan/podinfo-x', 'advice new-repository'],
    ['ghcr.io/ѕtefanprodan/podinfo', 'risk look-alike-repository'],
  ])('%s is told as %s', (name, expected) => {
    const after = { ...known, 'apps/new.yaml': image(name) };
    expect(
      judged(after, from({}), known).map((finding) => line(finding).replace(/ \S+$/, '')),
    ).toEqual(expected === undefined ? [] : [expected]);
  });

  it('reads values of charts, with the registry beside', () => {
    const values = (registry: string) =>
      `image:\n  registry: ${registry}\n  repository: acme/web\n  tag: 1.0.0\n`;
    const before = { 'a.yaml': values('ghcr.io') };
    const added = judged({ ...before, 'b.yaml': values('quay.io') }, from({}), before);
    expect(added.map(line)).toEqual(['risk look-alike-repository b.yaml:3']);
  });

  const REGISTRY = 'image:\n  registry: ghcr.io\n';
  it.each<[string, string, string, string[]]>([
    ['moved', REGISTRY, 'image:\n  registry: quay.io\n', ['risk look-alike-repository a.yaml:2']],
    ['taken away', REGISTRY, 'image:\n', ['risk look-alike-repository a.yaml:1']],
    ['brought', 'image:\n', REGISTRY, ['risk look-alike-repository a.yaml:2']],
    ['the same in quotes', REGISTRY, 'image:\n  registry: "ghcr.io"\n', []],
    [
      'of another map',
      'a:\n  registry: ghcr.io\nimage:\n',
      'a:\n  registry: quay.io\nimage:\n',
      [],
    ],
  ])('sees a registry that is %s beside a repository that stays', (_, old, now, expected) => {
    const rest = '  pullPolicy: Always\n  repository: acme/web\n  tag: 1.0.0\n';
    const found = judged({ 'a.yaml': now + rest }, from({}), { 'a.yaml': old + rest });
    expect(found.map(line)).toEqual(expected);
  });

  it('is bounded on hostile names', () => {
    const hostile = Array.from({ length: 3000 }, (_, at) => `image: ${'a'.repeat(250)}${at}:1\n`);
    const after = { ...known, 'x.yaml': hostile.join('') };
    expect(judged(after, from({}), known).length).toBeGreaterThan(0);
  });
});

it('asks for the signature of the image that an update brings', () => {
  const policy = { 'clusters/production/guard.yaml': verifyingPolicy() };
  const before = { ...BEFORE, ...policy };
  const { unknowns } = reviewed(
    { ...before, [WEB]: markedDeployment('1.4.3') },
    { before, facts: AUTOMATION_ORIGIN },
  );
  expect(unknowns.map(({ reason }) => reason)).toEqual([
    'Whether image ghcr.io/acme/web:1.4.3 is signed is not known. Its registry was not asked.',
  ]);
});

it('puts every update into a table, with safe links', () => {
  const after = { ...BEFORE, [WEB]: markedDeployment('1.4.3') };
  const { sections } = reviewed(after, { before: BEFORE, facts: AUTOMATION_ORIGIN });
  expect(sections?.map(({ title, blocks }) => [title, ...blocks])).toEqual([
    [
      'Image updates',
      {
        kind: 'text',
        text: 'This is an update by ImageUpdateAutomation "web". Whether its commits are signed as the source demands is told by the check Fluxgate / commit signatures.',
      },
      {
        kind: 'table',
        head: ['What', 'From', 'To', 'Step', 'Chosen by', 'Changes'],
        rows: [
          [
            { text: 'ghcr.io/acme/web' },
            { text: 'ghcr.io/acme/web:1.4.2' },
            { text: 'ghcr.io/acme/web:1.4.3' },
            { text: 'patch' },
            { text: 'ImagePolicy podinfo, >=1.4.0 <1.5.0' },
            {
              text: 'acme/web',
              links: [
                { text: 'changelog', url: 'https://github.com/acme/web/releases' },
                { text: 'advisories', url: 'https://github.com/acme/web/security/advisories' },
              ],
            },
          ],
        ],
      },
    ],
  ]);
});
