import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Stage } from '../end-to-end/stage.ts';
import { createSigner, type Signer } from '../github/git/signing.ts';
import { show } from './show.ts';

const DIRECTORY = new URL('../../fixtures/repositories/signed', import.meta.url).pathname;
const SOURCE = 'clusters/production/flux-system.yaml';
const KEYRING = 'clusters/production/keyring.yaml';
const SETTINGS = 'clusters/production/settings.yaml';
export const NAME = 'acme/signed';
const AT = { owner: 'acme', repo: 'signed' };

/** A pull request about signatures. */
export interface SignedScenario {
  readonly name: string;
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly signer?: Signer;
}

/**
 * A repository of which Flux takes only signed commits, and a pull request of each kind. Keys are
 * made here and die with the process.
 *
 * @returns the numbers of the pull requests, in the order of their scenarios
 */
export async function openSigned({ github, ada }: Stage): Promise<Map<string, number>> {
  const made = new Date(Date.now() - 86_400_000);
  const [adasKey, bensKey, strangersKey] = await Promise.all([
    createSigner(made, { name: 'Ada', email: 'ada@example.org', days: 365 }),
    createSigner(made, { name: 'Ben', email: 'ben@example.org', days: 365 }),
    createSigner(made, { name: 'Eve', email: 'eve@example.org', days: 365 }),
  ]);
  const read = (path: string) => readFileSync(join(DIRECTORY, path), 'utf8');
  const githubsKey = { 'github.asc': github.webFlowKey ?? '' };
  await github.createRepository({
    ...{ owner: 'acme', name: 'signed', directory: DIRECTORY },
    files: {
      [SOURCE]: read(SOURCE).replace('https://github.com', github.htmlUrl),
      [KEYRING]: keyring({ ...githubsKey, 'ada.asc': adasKey.publicKey }),
    },
  });
  await ada.repos.update({ ...AT, allow_rebase_merge: false });
  const settings = read(SETTINGS);
  const greet = (word: string) => ({ [SETTINGS]: settings.replace('hello', word) });
  const onMain = { branch: 'main', files: greet('good morning'), message: 'Greet', by: 'ada' };
  await github.push(NAME, { ...onMain, signer: adasKey });
  const scenarios: readonly SignedScenario[] = [
    { name: 'trusted', title: 'Greet, signed by Ada', files: greet('hi'), signer: adasKey },
    { name: 'stranger', title: 'Greet, signed by Eve', files: greet('hey'), signer: strangersKey },
    { name: 'unsigned', title: 'Greet without a signature', files: greet('ahoy') },
    {
      name: 'robot',
      title: 'Let a robot update images',
      files: { 'clusters/production/images.yaml': AUTOMATION },
      signer: adasKey,
    },
    {
      name: 'evict',
      title: "Put Ben's key in place of Ada's",
      files: { [KEYRING]: keyring({ ...githubsKey, 'ben.asc': bensKey.publicKey }) },
      signer: adasKey,
    },
  ];
  const numbers = new Map<string, number>();
  for (const { name, title, files, signer } of scenarios) {
    const push = { branch: name, files, message: title, by: 'ada', ...(signer && { signer }) };
    await github.push(NAME, push);
    const { data } = await ada.pulls.create({ ...AT, title, head: name, base: 'main' });
    numbers.set(name, data.number);
  }
  return numbers;
}

/** Opens the pull requests and shows what is said of them. */
export async function playSigned(stage: Stage): Promise<boolean> {
  console.log(`\nOpening pull requests in ${NAME}, whose commits Flux verifies…`);
  const numbers = await openSigned(stage);
  await stage.idle(NAME);
  const { ada, github, app } = stage;
  let isComplete = true;
  for (const number of numbers.values()) {
    const shown = await show({ octokit: ada, ...AT, number, appId: app.id, github });
    console.log(shown.text);
    isComplete &&= shown.isComplete;
  }
  return isComplete;
}

const AUTOMATION = `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata:
  name: images
  namespace: flux-system
spec:
  interval: 30m
  sourceRef:
    kind: GitRepository
    name: flux-system
  git:
    checkout:
      ref:
        branch: main
    commit:
      author:
        name: Image bot
        email: images@example.org
    push:
      branch: main
  update:
    strategy: Setters
    path: ./clusters/production
`;

function keyring(entries: Readonly<Record<string, string>>): string {
  const lines = Object.entries(entries).map(([name, key]) => {
    const indented = key.replaceAll('\r\n', '\n').trimEnd().replaceAll('\n', '\n    ');
    return `  ${name}: |\n    ${indented}\n`;
  });
  return `apiVersion: v1
kind: Secret
metadata:
  name: keyring
  namespace: flux-system
stringData:
${lines.join('')}`;
}
